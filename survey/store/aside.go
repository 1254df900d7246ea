package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"tidemark/migrations"
)

// ErrInUse is what a database gets that is to be put aside while somebody has it open.
var ErrInUse = errors.New("the database is in use")

// asideTime is how the time is written in the names of what was put aside.
const asideTime = "20060102t150405"

// PutFileAside gives a SQLite database another name, by which the administrator finds
// it, and returns it. ErrInUse when any program has it open: leaving the log behind
// needs the file for oneself. A file that is no database is put aside as it is.
func PutFileAside(ctx context.Context, path string, at time.Time) (string, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(1000)")
	if err != nil {
		return "", err
	}
	db.SetMaxOpenConns(1)
	var mode string
	err = errors.Join(db.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode), db.Close())
	if locked(err) {
		return "", fmt.Errorf("%w: %s; stop the server first", ErrInUse, path)
	}
	aside := path + ".before-restore-" + at.UTC().Format(asideTime)
	for _, suffix := range []string{"-wal", "-shm", ""} { // the first two only where it is no database
		if err := os.Rename(path+suffix, aside+suffix); err != nil && (suffix == "" || !errors.Is(err, os.ErrNotExist)) {
			return "", err
		}
	}
	return aside, nil
}

// Aside is what a database of PostgreSQL held before it was emptied.
type Aside struct {
	Schema string // its name
	dsn    string
}

// PutAside gives the tables of a database of PostgreSQL another schema and leaves an
// empty one. ErrInUse when a server of ours is connected.
func PutAside(ctx context.Context, dsn string, at time.Time) (*Aside, error) {
	a := &Aside{Schema: "tidemark_before_" + at.UTC().Format(asideTime), dsn: dsn}
	err := a.exec(ctx, func(conn *pgx.Conn) error {
		var others int
		err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
			AND pid <> pg_backend_pid() AND application_name = 'tidemark'`).Scan(&others)
		if err != nil {
			return err
		}
		if others > 0 {
			return fmt.Errorf("%w by %d connections of tidemark; stop all servers first", ErrInUse, others)
		}
		_, err = conn.Exec(ctx, `ALTER SCHEMA public RENAME TO `+a.Schema+`; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("put aside what is in the database: %w", err)
	}
	return a, nil
}

// Back undoes it.
func (a *Aside) Back(ctx context.Context) error {
	return a.exec(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `DROP SCHEMA public CASCADE; ALTER SCHEMA `+a.Schema+` RENAME TO public`)
		return err
	})
}

// Drop removes it for good.
func (a *Aside) Drop(ctx context.Context) error {
	return a.exec(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `DROP SCHEMA `+a.Schema+` CASCADE`)
		return err
	})
}

func (a *Aside) exec(ctx context.Context, do func(*pgx.Conn) error) (err error) {
	conn, err := pgx.Connect(ctx, a.dsn)
	if err != nil {
		return withoutAddress(err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return do(conn)
}

// HasTables reports whether there is anything in the database but what migrations note
// for themselves.
func (s *Store) HasTables(ctx context.Context) (bool, error) {
	tables, err := s.tables(ctx)
	if err != nil || len(tables) > 0 {
		return len(tables) > 0, err
	}
	version, err := migrations.Version(ctx, s.readPool, s.dialect)
	return version > 0, err
}
