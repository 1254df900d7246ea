package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/store"
)

// ErrDiffers is what a database gets that was made of a backup and is not what the
// backup says.
var ErrDiffers = errors.New("what came of the backup is not what was backed up")

// isPostgres reports whether an address is one of PostgreSQL.
func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Restore puts the database of a backup into an empty one, of either engine, and
// compares what came of it with the manifest. The database then has the schema of the
// time of the backup. Scratch is a folder for what is needed on the way. A SQLite file
// must not be there yet.
func (a *Archive) Restore(ctx context.Context, dsn, scratch string) (err error) {
	path := strings.TrimPrefix(dsn, "sqlite:")
	direct := a.Manifest.Kind == KindSQLite && !isPostgres(dsn)
	if !direct {
		dir, err := scratchFolder(scratch)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		path = filepath.Join(dir, "unpacked")
	}
	if err := a.unpack(path); err != nil {
		return err
	}
	switch a.Manifest.Kind {
	case KindSQLite:
		if !direct {
			err = a.pour(ctx, path, dsn)
		}
	case KindRows:
		err = a.load(ctx, path, dsn)
	case KindPostgres:
		err = a.restore(ctx, path, dsn)
	default:
		err = fmt.Errorf("the backup is of a kind %q that this program does not know; use a newer tidemark", a.Manifest.Kind)
	}
	if err != nil {
		return err
	}
	return a.compare(ctx, dsn)
}

func (a *Archive) unpack(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the administrator's own path
	if err != nil {
		return err
	}
	err = a.database(f)
	return errors.Join(err, f.Sync(), f.Close())
}

// on opens a database for a while.
func on(ctx context.Context, dsn string, do func(*store.Store) error) error {
	s, err := store.Open(ctx, dsn)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

func (a *Archive) pour(ctx context.Context, path, dsn string) error {
	return on(ctx, path, func(from *store.Store) error {
		return on(ctx, dsn, func(to *store.Store) error {
			if err := to.MigrateTo(ctx, a.Manifest.Inventory.Schema); err != nil {
				return err
			}
			_, err := Pour(ctx, from, to)
			return err
		})
	})
}

func (a *Archive) load(ctx context.Context, path, dsn string) error {
	return on(ctx, dsn, func(to *store.Store) (err error) {
		if err := to.MigrateTo(ctx, a.Manifest.Inventory.Schema); err != nil {
			return err
		}
		f, err := os.Open(path) //nolint:gosec // written above
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		_, err = to.Load(ctx, f)
		return err
	})
}

func (a *Archive) restore(ctx context.Context, path, dsn string) error {
	if !isPostgres(dsn) {
		return errors.New("this backup is an archive of pg_dump, which only PostgreSQL can read; restore it there and move on with tidemark migrate-store")
	}
	var server int
	err := on(ctx, dsn, func(s *store.Store) (err error) {
		server, err = s.ServerMajor(ctx)
		return err
	})
	if err != nil {
		return err
	}
	program, err := tool(ctx, "pg_restore", server)
	if err != nil {
		return err
	}
	return restore(ctx, program, dsn, path)
}

func (a *Archive) compare(ctx context.Context, dsn string) error {
	var found survey.Inventory
	err := on(ctx, dsn, func(s *store.Store) error {
		if err := s.CheckFile(ctx); err != nil {
			return err
		}
		var err error
		found, err = s.Inventory(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("read what came of the backup: %w", err)
	}
	if d := a.Manifest.Inventory.Differences(found); len(d) > 0 {
		return fmt.Errorf("%w: %s", ErrDiffers, strings.Join(d, "; "))
	}
	return nil
}

// Prove restores a backup into a database that is made for it and removed again. An
// archive of pg_dump needs a server, whose address is dsn.
func (a *Archive) Prove(ctx context.Context, dsn, scratch string) (err error) {
	dir, err := scratchFolder(scratch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	to := filepath.Join(dir, "proof.db")
	if a.Manifest.Kind == KindPostgres {
		if !isPostgres(dsn) {
			return errors.New("this backup is an archive of pg_dump; name a PostgreSQL server to prove it on with --database")
		}
		var remove func(context.Context) error
		if to, remove, err = store.ScratchDatabase(ctx, dsn); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, remove(context.WithoutCancel(ctx))) }()
	}
	if latest, err := migrations.Latest(migrations.SQLite); err != nil || a.Manifest.Inventory.Schema > latest {
		return errors.Join(err, &migrations.SchemaError{Have: a.Manifest.Inventory.Schema, Want: latest})
	}
	return a.Restore(ctx, to, dir)
}
