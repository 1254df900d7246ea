package survey

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Backups are the use cases of what becomes of backups of the whole installation.
// Making one is the business of package backup.
type Backups struct{ env Env }

const (
	// backupLease is after how long without a sign of life another server may begin.
	backupLease = 5 * time.Minute
	// backupSign is how often whoever makes one gives a sign of life.
	backupSign = time.Minute
	// backupAgain is how long to wait after a planned one that failed.
	backupAgain = 15 * time.Minute
	// backupNotes is for how long is known what became of them.
	backupNotes = 400 * 24 * time.Hour
	// backupsRead is how many are looked at to judge them.
	backupsRead = 50
)

// Latest says how it stands with the backups. Administrators may ask, and the program.
func (u *Backups) Latest(ctx context.Context, a Actor) (BackupStanding, error) {
	if !a.IsAdministrator() {
		return BackupStanding{}, ErrForbidden
	}
	list, err := u.env.Store.Backups(ctx, backupsRead)
	if err != nil {
		return BackupStanding{}, fmt.Errorf("backups: %w", err)
	}
	return standing(list, u.env.now()), nil
}

// MakeBackup makes a backup and says in b what came of it. It is told to stop by its
// context when the turn was lost.
type MakeBackup func(ctx context.Context, b *Backup) error

// ErrBackupTurn is what somebody gets while another makes a backup.
var ErrBackupTurn = fmt.Errorf("another server or command makes a backup right now: %w", ErrConflict)

// Due reports whether it is time for the next planned one.
func (u *Backups) Due(ctx context.Context, a Actor, every time.Duration) (bool, error) {
	if a.Kind != ActorSystem {
		return false, ErrForbidden
	}
	list, err := u.env.Store.Backups(ctx, backupsRead)
	if err != nil {
		return false, fmt.Errorf("backups: %w", err)
	}
	now := u.env.now()
	for _, b := range list {
		switch {
		case b.Made() && now.Sub(b.BegunAt) < every:
			return false, nil
		case !b.Made() && b.Why == BackupScheduled && now.Sub(b.BegunAt) < min(backupAgain, every):
			return false, nil
		}
	}
	return true, nil
}

// Run has a backup made and notes what became of it. Only the program may. Of any
// number that want to at once one does, the others get ErrBackupTurn: the turn is a
// lease in the database, with signs of life, so that a server which died is replaced.
// Of a planned one nobody hears that it was not due when its turn came; then made is
// false.
func (u *Backups) Run(ctx context.Context, a Actor, b Backup, make MakeBackup) (done Backup, made bool, err error) {
	if a.Kind != ActorSystem {
		return b, false, ErrForbidden
	}
	now := u.env.now()
	b.ID, b.BegunAt = BackupID(u.env.NewID()), now
	mine := false
	err = u.env.Store.InTx(ctx, func(tx Tx) (err error) {
		if mine, err = tx.TakeBackupTurn(ctx, b.ID, now, now.Add(backupLease)); err != nil || !mine {
			return err
		}
		return tx.DropBackupsBefore(ctx, now.Add(-backupNotes))
	})
	if err == nil && !mine {
		err = ErrBackupTurn
	}
	if err != nil {
		return b, false, fmt.Errorf("begin a backup: %w", err)
	}
	if b.Why == BackupScheduled { // another may have made it while this one asked
		if due, err := u.Due(ctx, a, b.Every); err != nil || !due {
			return b, false, errors.Join(err, u.release(ctx, b.ID))
		}
	}
	if err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.CreateBackup(ctx, b) }); err != nil {
		return b, false, errors.Join(fmt.Errorf("begin a backup: %w", err), u.release(ctx, b.ID))
	}
	failed := u.held(ctx, &b, make)
	b.EndedAt = u.env.now()
	if failed != nil {
		b.Fault = cutText(failed.Error(), 900)
	}
	ctx = context.WithoutCancel(ctx)
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.EndBackup(ctx, b); err != nil {
			return err
		}
		return tx.EndBackupTurn(ctx, b.ID)
	})
	if err != nil {
		err = fmt.Errorf("note what became of a backup: %w", err)
	}
	return b, failed == nil, errors.Join(failed, err)
}

func (u *Backups) release(ctx context.Context, id BackupID) error {
	ctx = context.WithoutCancel(ctx)
	return u.env.Store.InTx(ctx, func(tx Tx) error { return tx.EndBackupTurn(ctx, id) })
}

// held makes a backup while there are signs of life.
func (u *Backups) held(ctx context.Context, b *Backup, make MakeBackup) error {
	held, lost := context.WithCancelCause(ctx)
	ended := chanOfSigns(held, func() {
		mine, now := false, u.env.now()
		err := u.env.Store.InTx(held, func(tx Tx) (err error) {
			mine, err = tx.TakeBackupTurn(held, b.ID, now, now.Add(backupLease))
			return err
		})
		// That the database cannot be asked is told by what is being made.
		if err == nil && !mine {
			lost(ErrBackupTurn)
		}
	})
	err := make(held, b)
	if err != nil && errors.Is(context.Cause(held), ErrBackupTurn) {
		err = ErrBackupTurn
	}
	lost(nil)
	<-ended
	return err
}

// chanOfSigns gives a sign now and then until ctx ends.
func chanOfSigns(ctx context.Context, sign func()) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(backupSign)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				sign()
			case <-ctx.Done():
				return
			}
		}
	}()
	return ended
}

// cutText is a text of at most n characters.
func cutText(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n])
	}
	return text
}
