package main

import (
	"context"
	"errors"
	"fmt"

	"tidemark/survey/backup"
)

type backupVerifyCmd struct {
	placeFlag
	openFlags
	Name     string `arg:"" optional:"" default:"latest" help:"Name of the backup (default: the newest)."`
	All      bool   `help:"Every backup there is."`
	Database string `env:"TIDEMARK_DATABASE" default:"tidemark.db" placeholder:"WHERE" help:"For an archive of pg_dump: a database on a server where another may be made to restore it into. Nothing is written to this one."`
	Scratch  string `env:"TIDEMARK_BACKUP_SCRATCH" placeholder:"FOLDER" help:"Folder for what is needed on the way; not encrypted (default: the system's)."`
}

// Help is shown under the command's flags.
func (backupVerifyCmd) Help() string {
	return `Reads the backup to its end, restores it into a database that is made for it and
removed again, and compares every row with what was there when it was made. Do it with
the real key now and then, on another machine: it is the only proof that the key is the
right one.

Examples:
  tidemark backup verify --to /mnt/backups --identity-file tidemark.key
  tidemark backup verify --to /mnt/backups --identity-file tidemark.key --all`
}

// Run proves backups.
func (c backupVerifyCmd) Run(ctx context.Context, p *program) error {
	place, err := c.where()
	if err != nil {
		return err
	}
	keys, err := c.keys()
	if err != nil {
		return err
	}
	one, _, err := inPlace(ctx, place, c.Name)
	if err != nil {
		return err
	}
	list := []backup.Stored{one}
	if c.All {
		if list, err = place.List(ctx); err != nil {
			return err
		}
	}
	failed := 0
	for _, s := range list {
		m, err := c.prove(ctx, place, keys, s)
		if err != nil {
			failed++
			p.say("%s: %v\n", s.Name, err)
			continue
		}
		if _, err := fmt.Fprintf(p.stdout, "%s: proved; %d rows of %d tables as of %s\n",
			s.Name, m.Inventory.Rows(), len(m.Inventory.Tables), m.TakenAt.Format("2 January 2006 15:04 MST")); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d backups could not be proved", failed, len(list))
	}
	return nil
}

func (c backupVerifyCmd) prove(ctx context.Context, place backup.Place, keys backup.Keys, s backup.Stored) (m backup.Manifest, err error) {
	r, err := place.Get(ctx, s.Name)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	a, err := backup.Open(r, keys.Identities...)
	if err != nil {
		return m, err
	}
	return a.Manifest, a.Prove(ctx, c.Database, c.Scratch)
}
