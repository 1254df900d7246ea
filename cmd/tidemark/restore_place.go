package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tidemark/survey/backup"
	"tidemark/survey/store"
)

// file restores a SQLite database: beside the one there is, which makes way at the
// very end.
func (r *restoring) file(ctx context.Context, path string) error {
	there, rows := true, false
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		there = false
	}
	if there {
		var err error
		_, rows, err = r.held(ctx)
		switch {
		case rows && !r.Replace:
			return r.refuse()
		case err != nil:
			r.p.say("note: the database that is replaced cannot be read, so that erasures it knows are not: %v\n", err)
		}
	}
	fresh := path + ".restoring"
	for _, suffix := range []string{"", "-wal", "-shm"} { // left behind by one that was killed
		if err := os.Remove(fresh + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := r.archive.Restore(ctx, fresh, r.scratch(r.Scratch)); err != nil {
		return errors.Join(fmt.Errorf("restore %s: %w", r.name, err), removeIfThere(fresh))
	}
	again, err := r.finish(ctx, fresh)
	if err != nil {
		return errors.Join(err, removeIfThere(fresh))
	}
	aside := ""
	if there {
		if aside, err = store.PutFileAside(ctx, path, r.p.now()); err != nil {
			return errors.Join(err, removeIfThere(fresh))
		}
	}
	if err := errors.Join(os.Rename(fresh, path), syncDir(filepath.Dir(path))); err != nil {
		return err
	}
	if aside != "" && !rows { // nothing was in it
		if err := os.Remove(aside); err != nil {
			return err
		}
		aside = ""
	}
	return r.told(again, aside)
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncDir(path string) error {
	d, err := os.Open(path) //nolint:gosec // the administrator's own path
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// server restores a database of PostgreSQL.
func (r *restoring) server(ctx context.Context) error {
	tables, rows, err := r.held(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", r.database(), err)
	}
	if rows && !r.Replace {
		return r.refuse()
	}
	var aside *store.Aside
	if tables {
		if aside, err = store.PutAside(ctx, r.Database, r.p.now()); err != nil {
			return err
		}
	}
	again, err := 0, r.archive.Restore(ctx, r.Database, r.Scratch)
	if err == nil {
		again, err = r.finish(ctx, r.Database)
	}
	if err != nil {
		err = fmt.Errorf("restore %s: %w", r.name, err)
		if aside != nil {
			err = errors.Join(err, aside.Back(context.WithoutCancel(ctx)))
		}
		return err
	}
	if aside != nil && !rows { // nothing was in it
		if err := aside.Drop(ctx); err != nil {
			return err
		}
		aside = nil
	}
	if aside == nil {
		return r.told(again, "")
	}
	return r.told(again, "the schema "+aside.Schema)
}

// finish brings what was restored to this program's schema and erases again whoever
// was erased since.
func (r *restoring) finish(ctx context.Context, dsn string) (again int, err error) {
	c := r.Config
	c.ErasuresFile, c.HeadsFile = c.erasures(), c.headsFile() // beside the place it will have
	c.Database = dsn
	masters, err := c.masters(ctx, r.auth)
	if err != nil {
		return 0, err
	}
	db, err := openStore(ctx, c, masters...)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.MigrateSchema(ctx); err != nil {
		return 0, err
	}
	in := r.p.wire(db, r.auth, c)
	if err := in.checkSecret(ctx, r.secret); err != nil {
		return 0, err
	}
	if err := db.CheckVault(ctx); err != nil && !errors.Is(err, store.ErrUnsealed) {
		return 0, explainVault(err)
	}
	if err := seal(ctx, db, true); err != nil {
		return 0, err
	}
	if again, err = in.cases.Erasures.Replay(ctx, operator(), r.erased); err != nil {
		return again, err
	}
	_, err = in.cases.Audits.Seal(ctx, trailKeeper())
	return again, err
}

func (r *restoring) told(again int, aside string) error {
	m := r.archive.Manifest
	_, err := fmt.Fprintf(r.p.stdout, "restored %s into %s: as of %s, %d rows of %d tables, compared row by row\n",
		r.name, r.database(), m.TakenAt.Format("2 January 2006 15:04 MST"), m.Inventory.Rows(), len(m.Inventory.Tables))
	if err == nil {
		err = r.p.saidErased(again)
	}
	if err == nil && aside != "" {
		_, err = fmt.Fprintf(r.p.stdout, "what was there before is in %s; it holds personal data: remove it when you no longer need it, by %s at the latest\n",
			aside, r.p.now().Add(backup.PromisedDays*24*time.Hour).Format("2 January 2006"))
	}
	return err
}
