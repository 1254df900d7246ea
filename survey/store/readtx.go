package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"tidemark/migrations"
	"tidemark/survey"
)

// InReadTx runs fn on one state of the database, as [survey.Store] says:
// REPEATABLE READ on PostgreSQL, and on SQLite a transaction on a connection for
// reading, which sees the log as it was at its first read. While it lasts SQLite
// cannot fold what is committed meanwhile into the file, so the log grows; it
// shrinks again afterwards.
func (s *Store) InReadTx(ctx context.Context, fn func(survey.Reader) error) (err error) {
	if s.closed.Load() {
		return ErrClosed
	}
	conn, run, err := s.beginReading(ctx)
	if err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	state := newReading(s, seat{run: run, db: onConnection(s.db, conn), conn: conn})
	defer func() { err = errors.Join(err, state.end(context.WithoutCancel(ctx))) }()
	r := reader{run: run, db: s.db, definitions: s.definitions, safe: s.safe, reading: state}
	if err := s.fix(ctx, r); err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	return fn(r)
}

// fix runs the first statement of a transaction for reading, whose state is that
// of the whole. PostgreSQL names the state, so that other connections can join.
func (s *Store) fix(ctx context.Context, r reader) error {
	if s.dialect == migrations.Postgres {
		return r.one(ctx, []any{&r.reading.snapshot}, `SELECT pg_export_snapshot()`)
	}
	var none int
	return r.one(ctx, []any{&none}, `SELECT count(*) FROM study WHERE id = ''`)
}

const beginReadingPostgres = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"

// beginReading takes a connection and begins a transaction on it. Until the
// connection is closed nobody else uses it, so what lies beneath may be spoken
// to. One that was found dead makes way for another.
func (s *Store) beginReading(ctx context.Context) (*sql.Conn, runner, error) {
	begin := "BEGIN"
	if s.dialect == migrations.Postgres {
		begin = beginReadingPostgres
	}
	for try := 1; ; try++ {
		conn, run, err := s.beginOn(ctx, begin)
		if err == nil || !errors.Is(err, driver.ErrBadConn) || try == maxStale {
			return conn, run, err
		}
	}
}

// beginOn takes a connection for reading and runs a statement on it. One on which
// that fails may be in the midst of a transaction, and is not used again.
func (s *Store) beginOn(ctx context.Context, begin string) (*sql.Conn, runner, error) {
	conn, err := s.readPool.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	var run runner
	err = conn.Raw(func(driverConn any) error {
		run = runnerOf(driverConn)
		_, err := run.exec(ctx, begin, nil)
		return err
	})
	if err == nil {
		return conn, run, nil
	}
	discard(conn)
	return nil, nil, errors.Join(err, closed(conn))
}

// discard closes the connection beneath, which ends whatever it was in.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // that is what it returns
}

// closed gives a connection back. That it is gone already is what was wanted.
func closed(conn *sql.Conn) error {
	if err := conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}
