package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/store"
)

// Maker makes backups of one database.
type Maker struct {
	Store *store.Store
	DSN   string // of the same database
	Place Place
	Keys  Keys
	Kind  Kind // empty: that of the engine
	// Scratch is a folder with room for the database twice. What is in it while a
	// backup is made is not encrypted.
	Scratch string
	Program string // version of this program
	Now     func() time.Time
	// Erasures writes erasures as lines.
	Erasures func([]survey.Erasure) ([]byte, error)
}

// Made is a backup that was made.
type Made struct {
	Name      string
	Bytes     int64
	TakenAt   time.Time
	Inventory survey.Inventory
	// Unproved says why the backup could not be restored and compared although it was
	// made; nil: it was.
	Unproved error
}

// Make makes a backup of the state at this moment, while others write; puts it in its
// place; reads it from there, restores it into a database of its own and compares.
func (m Maker) Make(ctx context.Context) (made Made, err error) {
	if len(m.Keys.Recipients) == 0 {
		return made, errors.New("a backup needs a key: --recipient with a public key (tidemark backup key makes one), or --passphrase-file")
	}
	dir, err := scratchFolder(m.Scratch)
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	to, by, err := m.Keys.proving()
	if err != nil {
		return made, err
	}
	database, file := filepath.Join(dir, "database"), filepath.Join(dir, "backup")
	manifest, erasures, err := m.copy(ctx, database)
	if err != nil {
		return made, err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // in a folder of ours
	if err != nil {
		return made, err
	}
	err = errors.Join(write(f, to, manifest, erasures, database), f.Sync(), f.Close(), os.Remove(database))
	if err != nil {
		return made, fmt.Errorf("write the backup: %w", err)
	}
	info, err := os.Stat(file)
	if err != nil {
		return made, err
	}
	made = Made{Name: newName(manifest.TakenAt), Bytes: info.Size(), TakenAt: manifest.TakenAt, Inventory: manifest.Inventory}
	if err := m.Place.Put(ctx, made.Name, file); err != nil {
		return made, fmt.Errorf("keep the backup in %s: %w", m.Place, err)
	}
	if err := os.Remove(file); err != nil {
		return made, err
	}
	stored, err := m.Place.Get(ctx, made.Name)
	if err != nil {
		return made, fmt.Errorf("read the backup back from %s: %w", m.Place, err)
	}
	defer func() { err = errors.Join(err, stored.Close()) }()
	a, err := Open(stored, by...)
	if err == nil {
		err = a.Prove(ctx, m.DSN, m.Scratch)
	}
	if errors.Is(err, store.ErrNoScratch) || errors.Is(err, ErrTools) {
		made.Unproved = err
		return made, nil
	}
	if err != nil {
		return made, fmt.Errorf("prove the backup %s: %w", made.Name, err)
	}
	return made, nil
}

// kind is how the database is kept.
func (m Maker) kind() Kind {
	switch {
	case m.Kind != "":
		return m.Kind
	case m.Store.Engine() == migrations.Postgres:
		return KindPostgres
	}
	return KindSQLite
}

// copy writes the database as it is now into a file, and its inventory.
func (m Maker) copy(ctx context.Context, path string) (Manifest, []byte, error) {
	manifest := Manifest{Form: form, Kind: m.kind(), Program: m.Program}
	var erasures []byte
	program, err := m.tools(ctx, manifest.Kind)
	if err != nil {
		return manifest, nil, err
	}
	err = m.Store.Hold(ctx, func(still *store.Still) error {
		manifest.TakenAt = m.Now().UTC().Truncate(time.Millisecond)
		known, err := still.AllErasures(ctx)
		if err != nil {
			return err
		}
		if erasures, err = m.Erasures(known); err != nil {
			return err
		}
		if manifest.Kind == KindRows {
			return export(ctx, still, path, &manifest.Inventory)
		}
		if manifest.Inventory, err = still.Export(ctx, io.Discard); err != nil {
			return err
		}
		if manifest.Kind == KindSQLite {
			return still.CopyTo(ctx, path)
		}
		return dump(ctx, program, m.DSN, still.Snapshot, path)
	})
	if err != nil {
		return manifest, nil, fmt.Errorf("copy the database: %w", err)
	}
	return manifest, erasures, nil
}

// export writes the rows into a file.
func export(ctx context.Context, still *store.Still, path string, i *survey.Inventory) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // in a folder of ours
	if err != nil {
		return err
	}
	*i, err = still.Export(ctx, f)
	return errors.Join(err, f.Close())
}

// tools finds pg_dump before anything is begun.
func (m Maker) tools(ctx context.Context, kind Kind) (string, error) {
	engine := m.Store.Engine()
	switch {
	case kind == KindRows || kind == KindSQLite && engine == migrations.SQLite:
		return "", nil
	case kind == KindPostgres && engine == migrations.Postgres:
		server, err := m.Store.ServerMajor(ctx)
		if err != nil {
			return "", err
		}
		return tool(ctx, "pg_dump", server)
	}
	return "", fmt.Errorf("a backup of kind %s cannot be made of %s", kind, engine)
}

const scratchName = ".tidemark-backup-"

// scratchAfter is after how long a folder was left behind by a program that was
// killed.
const scratchAfter = 24 * time.Hour

// scratchFolder makes a folder that only its owner can read, and removes what was left
// behind of others.
func scratchFolder(in string) (string, error) {
	if in == "" {
		in = os.TempDir()
	}
	if entries, err := os.ReadDir(in); err == nil {
		for _, e := range entries {
			if info, err := e.Info(); err == nil && strings.HasPrefix(e.Name(), scratchName) && time.Since(info.ModTime()) > scratchAfter {
				_ = os.RemoveAll(filepath.Join(in, e.Name())) // another time, if not now
			}
		}
	}
	dir, err := os.MkdirTemp(in, scratchName)
	if err != nil {
		return "", fmt.Errorf("a folder for what is needed on the way: %w", err)
	}
	return dir, nil
}
