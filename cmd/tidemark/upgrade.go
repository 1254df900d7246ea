package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/backup"
	"tidemark/survey/store"
)

// upgradeFlags say what is done before a database with something in it is changed.
type upgradeFlags struct {
	BackupTo string    `env:"TIDEMARK_BACKUP_TO" placeholder:"PLACE" help:"Make an encrypted backup there before anything is changed (default: a plain copy beside a SQLite database)."`
	NoBackup bool      `help:"Change a database that has something in it without a backup: you have made one by other means."`
	Backup   sealFlags `embed:"" prefix:"backup-"`
}

// upgrade is a change of the schema of a database that may have something in it.
type upgrade struct {
	migrateCmd

	p        *program
	db       *store.Store
	from, to int64
	before   map[string]int64 // rows in each table
	kept     string           // where the database is as it was, in words
}

// begin counts what there is, sees to it that it can be put back, and tries the
// upgrade on a copy where it can.
func (u *upgrade) begin(ctx context.Context) (err error) {
	if u.before, err = u.db.RowCounts(ctx); err != nil {
		return err
	}
	rows := int64(0)
	for _, n := range u.before {
		rows += n
	}
	if u.from == 0 || u.from >= u.to || rows == 0 {
		return nil
	}
	path, isFile := u.file()
	switch {
	case u.Before.BackupTo != "":
		err = u.backUp(ctx)
	case u.Before.NoBackup:
		u.kept = "the backup that you have made by other means"
	case isFile:
		err = u.copy(ctx, path)
	default:
		err = misuse("this database has %d rows, and its schema is to be changed from %d to %d. Make a backup first: "+
			"give --backup-to and --backup-recipient, or --no-backup if you have made one by other means", rows, u.from, u.to)
	}
	if err != nil || !isFile {
		return err
	}
	return u.rehearse(ctx, path+".rehearsal")
}

// backUp makes a proved backup. It is not noted: the database may have no table for
// that yet.
func (u *upgrade) backUp(ctx context.Context) error {
	place, err := placeOf(u.Before.BackupTo)
	if err != nil {
		return err
	}
	m, err := u.Before.Backup.maker(u.p, &installation{store: u.db}, u.Config, place)
	if err != nil {
		return err
	}
	made, err := m.Make(ctx)
	if err != nil {
		return fmt.Errorf("nothing was changed, as no backup could be made: %w", err)
	}
	u.kept = made.Name + " in " + place.String()
	proof := "proved"
	if made.Unproved != nil {
		proof = "not proved: " + made.Unproved.Error()
	}
	_, err = fmt.Fprintf(u.p.stdout, "made a backup first: %s (%s)\n", u.kept, proof)
	return err
}

// copy keeps a copy beside the database and proves it.
func (u *upgrade) copy(ctx context.Context, path string) error {
	to := fmt.Sprintf("%s.before-schema-%d-%s", path, u.to, u.p.now().UTC().Format("20060102t150405"))
	part := to + ".part"
	held, err := u.pages(ctx, part)
	if err == nil {
		err = u.same(ctx, part, held)
	}
	if err == nil {
		err = errors.Join(os.Rename(part, to), syncDir(filepath.Dir(path)))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("nothing was changed, as no copy could be made: %w", err), removeIfThere(part))
	}
	u.kept = to
	_, err = fmt.Fprintf(u.p.stdout, "made a copy first: %s; it holds personal data and is not encrypted: remove it when all is well, by %s at the latest\n",
		to, u.p.now().Add(backup.PromisedDays*24*time.Hour).Format("2 January 2006"))
	return err
}

func (u *upgrade) pages(ctx context.Context, to string) (held survey.Inventory, err error) {
	err = u.db.Hold(ctx, func(still *store.Still) error {
		if held, err = still.Export(ctx, nowhere{}); err != nil {
			return err
		}
		return still.CopyTo(ctx, to)
	})
	return held, err
}

// nowhere takes what is written for its hash alone.
type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }

func (u *upgrade) same(ctx context.Context, path string, held survey.Inventory) (err error) {
	copied, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	found, err := copied.Inventory(ctx)
	if err != nil {
		return err
	}
	if d := held.Differences(found); len(d) > 0 {
		return fmt.Errorf("the copy is not the same: %s", strings.Join(d, "; "))
	}
	return nil
}

// rehearse upgrades a copy and throws it away, so that what would lose rows, or fail,
// is found before the database is touched.
func (u *upgrade) rehearse(ctx context.Context, path string) (err error) {
	for _, suffix := range []string{"", "-wal", "-shm"} { // left behind by one that was killed
		if err := removeIfThere(path + suffix); err != nil {
			return err
		}
	}
	defer func() { err = errors.Join(err, removeIfThere(path)) }()
	if _, err := u.pages(ctx, path); err != nil {
		return err
	}
	tried, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tried.Close()) }()
	if err := tried.MigrateSchema(ctx); err != nil {
		return fmt.Errorf("nothing was changed: the upgrade failed on a copy: %w", err)
	}
	after, err := tried.RowCounts(ctx)
	if err == nil {
		if lost := fallen(u.before, after); len(lost) > 0 {
			err = fmt.Errorf("nothing was changed: the upgrade would lose rows of a copy: %s", strings.Join(lost, "; "))
		}
	}
	return err
}

// end counts again.
func (u *upgrade) end(ctx context.Context) error {
	after, err := u.db.RowCounts(ctx)
	if err != nil {
		return err
	}
	lost := fallen(u.before, after)
	if len(lost) == 0 {
		return nil
	}
	return fmt.Errorf("the upgrade has lost rows: %s. Do not serve this database; put back %s", strings.Join(lost, "; "), u.kept)
}

// fallen tells tables that have fewer rows than before. What waits to be sealed counts
// with what is; sign-ins may end.
func fallen(before, after map[string]int64) []string {
	together := func(counts map[string]int64) map[string]int64 {
		counts = maps.Clone(counts)
		for waiting, table := range map[string]string{"unsealed_contact": "contact", "unsealed_note": "person_note"} {
			counts[table] += counts[waiting]
			delete(counts, waiting)
		}
		for _, name := range []string{"sign_in", "unsealed_ticket"} {
			delete(counts, name)
		}
		return counts
	}
	before, after = together(before), together(after)
	var lost []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if after[name] < before[name] {
			lost = append(lost, fmt.Sprintf("%s had %d and has %d", name, before[name], after[name]))
		}
	}
	return lost
}
