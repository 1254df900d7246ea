package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tidemark/survey"
	"tidemark/survey/backup"
)

// backupFlags have a server make backups.
type backupFlags struct {
	To    string        `env:"TIDEMARK_BACKUP_TO" placeholder:"PLACE" help:"Where to keep backups: a folder, or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION. Without it, the server makes none."`
	Every time.Duration `env:"TIDEMARK_BACKUP_EVERY" default:"24h" placeholder:"TIME" help:"How often to make one (default: ${default}). Of any number of servers one does."`
	Keep  string        `env:"TIDEMARK_BACKUP_KEEP" default:"7d,4w" placeholder:"RULE" help:"Which stay: the newest of each of the last so many days, weeks (w) and months (m) (default: ${default})."`
	sealFlags
}

// backupPlan is what backups are made by.
type backupPlan struct {
	maker backup.Maker
	why   survey.BackupWhy
	every time.Duration  // 0: none is planned
	keep  *backup.Policy // nil: nothing is removed
}

// plan reads the flags; nil: the server makes no backups.
func (f backupFlags) plan(p *program, in *installation, c Config) (*backupPlan, error) {
	if f.To == "" {
		return nil, nil //nolint:nilnil // none
	}
	if f.Every < 5*time.Minute {
		return nil, misuse("--backup-every %s is too often; five minutes or more, or stream what is saved: see docs/operations.md", f.Every)
	}
	policy, err := backup.ParsePolicy(f.Keep)
	if err != nil {
		return nil, usageError{err}
	}
	place, err := placeOf(f.To)
	if err != nil {
		return nil, err
	}
	m, err := f.maker(p, in, c, place)
	if err != nil {
		return nil, err
	}
	return &backupPlan{maker: m, why: survey.BackupScheduled, every: f.Every, keep: &policy}, nil
}

// backUp makes a backup, proves it, notes what became of it, and removes those that
// are not kept.
func (in *installation) backUp(ctx context.Context, plan backupPlan) (backup.Made, error) {
	var made backup.Made
	b := survey.Backup{Why: plan.why, Place: plan.maker.Place.String(), Every: plan.every}
	if plan.keep != nil {
		b.KeepDays = plan.keep.Days()
	}
	_, _, err := in.cases.Backups.Run(ctx, operator(), b, func(ctx context.Context, b *survey.Backup) (err error) {
		if made, err = plan.maker.Make(ctx); err != nil {
			return err
		}
		b.Name, b.Bytes, b.Rows, b.SHA256 = made.Name, made.Bytes, made.Inventory.Rows(), made.Inventory.SHA256
		if made.Unproved != nil {
			b.Fault = made.Unproved.Error()
		} else {
			b.ProvedAt = plan.maker.Now()
		}
		if plan.keep != nil {
			if _, err := plan.keep.Prune(ctx, plan.maker.Place, plan.maker.Now()); err != nil {
				b.Fault = "Older backups could not be removed: " + err.Error()
			}
		}
		return nil
	})
	return made, err
}

// backupsEvery is how often a server looks whether a backup is due.
const backupsEvery = 30 * time.Second

// backups makes the planned backups until it is told to stop; one under way is given
// up, and leaves nothing.
func (in *installation) backups(ctx context.Context, plan *backupPlan, log *slog.Logger) (stop func()) {
	if plan == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(backupsEvery)
		defer tick.Stop()
		for {
			in.backUpIfDue(ctx, *plan, log)
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-ended }
}

func (in *installation) backUpIfDue(ctx context.Context, plan backupPlan, log *slog.Logger) {
	due, err := in.cases.Backups.Due(ctx, operator(), plan.every)
	if err == nil && due {
		var made backup.Made
		made, err = in.backUp(ctx, plan)
		switch {
		case err != nil || made.Name == "":
		case made.Unproved != nil:
			log.Warn("made a backup that is not proved", "name", made.Name, "why", made.Unproved)
		default:
			log.Info("made a backup and proved it", "name", made.Name, "bytes", made.Bytes, "rows", made.Inventory.Rows())
		}
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, survey.ErrBackupTurn) {
		log.Error("no backup was made", "error", err)
	}
}
