package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/backup"
	"tidemark/survey/store"
)

type restoreCmd struct {
	Config
	openFlags
	From    string `env:"TIDEMARK_BACKUP_TO" required:"" placeholder:"PLACE" help:"Where the backup is: a folder, or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION."`
	Name    string `arg:"" optional:"" default:"latest" help:"Name of the backup (default: the newest)."`
	Replace bool   `help:"Put aside what is in the database now. Without it, a database that has something is refused."`
	Scratch string `env:"TIDEMARK_BACKUP_SCRATCH" placeholder:"FOLDER" help:"Folder for what is needed on the way; not encrypted (default: beside a SQLite file, else the system's)."`
}

// Help is shown under the command's flags.
func (restoreCmd) Help() string {
	return `Puts a backup back: into a file that is not there yet, or into an empty database of
PostgreSQL. With --replace, what is there now is put aside under another name and
stays until you remove it. Stop the server first. Every row is compared with what was
backed up; then people who had their data erased since are erased again, by the file of
erasures, the database that is put aside and all newer backups in the same place; only
then the database takes its place. The installation's secret is in no backup: it must
be there as before.

Examples:
  tidemark restore --from /mnt/backups --identity-file tidemark.key
  tidemark restore --from /mnt/backups --identity-file tidemark.key --replace tidemark-20261130T020000.000Z-4f3a9c.tar.gz.age`
}

// Run restores.
func (c restoreCmd) Run(ctx context.Context, p *program) error {
	place, err := placeOf(c.From)
	if err != nil {
		return err
	}
	keys, err := c.keys()
	if err != nil {
		return err
	}
	one, newer, err := inPlace(ctx, place, c.Name)
	if err != nil {
		return err
	}
	if _, isFile := c.file(); isFile && c.SecretFile == "" && p.secret == "" {
		if _, err := os.Stat(c.secretFile()); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the installation's secret is missing: there is no %s. It is in no backup; "+
				"put it there from where you keep it, or name it with --secret-file. Without it no personal link works", c.secretFile())
		}
	}
	s, err := c.readSecret(p.secret)
	if err != nil {
		return err
	}
	r := &restoring{restoreCmd: c, p: p, place: place, keys: keys, secret: s}
	if r.auth, err = auth.New(s.hex); err != nil {
		return fmt.Errorf("%s: %w", s.from, err)
	}
	if err := r.erasures(ctx, newer); err != nil {
		return err
	}
	stored, err := place.Get(ctx, one.Name)
	if err != nil {
		return err
	}
	defer stored.Close()
	if r.archive, err = backup.Open(stored, keys.Identities...); err != nil {
		return fmt.Errorf("%s: %w", one.Name, err)
	}
	if err := r.learn(r.archive.Erasures); err != nil {
		return fmt.Errorf("%s: %w", one.Name, err)
	}
	if err := r.readable(); err != nil {
		return err
	}
	r.name = one.Name
	if path, ok := c.file(); ok {
		return r.file(ctx, path)
	}
	return r.server(ctx)
}

// restoring is a restore under way.
type restoring struct {
	restoreCmd

	p       *program
	place   backup.Place
	keys    backup.Keys
	secret  secret
	auth    *auth.Keys
	archive *backup.Archive
	name    string
	erased  []survey.Erasure // by all that is known
}

// readable refuses a backup of a newer program before anything is touched.
func (r *restoring) readable() error {
	latest, err := migrations.Latest(migrations.SQLite)
	if err == nil && r.archive.Manifest.Inventory.Schema > latest {
		err = &migrations.SchemaError{Have: r.archive.Manifest.Inventory.Schema, Want: latest}
	}
	return err
}

func (r *restoring) learn(lines []byte) error {
	all, err := readTombstones(bytes.NewReader(lines))
	r.erased = append(r.erased, all...)
	return err
}

// erasures gathers those that the backup may not know: from the file beside the
// database, and from the heads of newer backups.
func (r *restoring) erasures(ctx context.Context, newer []backup.Stored) error {
	if path := r.Config.erasures(); path != "" {
		filed, err := (&tombstones{path: path}).read()
		if err != nil {
			return err
		}
		r.erased = append(r.erased, filed...)
	}
	for _, s := range newer {
		if err := r.headOf(ctx, s); err != nil {
			// One that is damaged may be why an older one is restored.
			r.p.say("note: the erasures in %s could not be read: %v\n", s.Name, err)
		}
	}
	return nil
}

func (r *restoring) headOf(ctx context.Context, s backup.Stored) (err error) {
	f, err := r.place.Get(ctx, s.Name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	a, err := backup.Open(f, r.keys.Identities...)
	if err != nil {
		return err
	}
	return r.learn(a.Erasures)
}

// held looks whether a database has something, and takes its erasures. One that
// cannot be read has something.
func (r *restoring) held(ctx context.Context) (tables, rows bool, err error) {
	db, err := store.Open(ctx, r.Database, store.WithPoolSize(1))
	if err != nil {
		return true, true, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if tables, err = db.HasTables(ctx); err != nil || !tables {
		return tables, false, err
	}
	counts, err := db.RowCounts(ctx)
	if err != nil {
		return true, true, err
	}
	for _, n := range counts {
		rows = rows || n > 0
	}
	if db.CheckSchema(ctx) == nil {
		known, err := db.AllErasures(ctx)
		if err != nil {
			return true, rows, err
		}
		r.erased = append(r.erased, known...)
	}
	return tables, rows, nil
}

// refuse says what stands in the way.
func (r *restoring) refuse() error {
	return fmt.Errorf("%s has something in it; name another database, or give --replace to put aside what is there", r.database())
}

func (r *restoring) database() string { return r.Config.place() }
