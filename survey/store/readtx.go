package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"

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
	defer func() { err = errors.Join(err, conn.Close()) }()
	state := &reading{}
	defer func() { state.end(context.WithoutCancel(ctx), conn, run) }()
	r := reader{run: run, db: onConnection(s.db, conn), definitions: s.definitions, reading: state}
	// The state is that of the first statement.
	var one int
	if err := r.one(ctx, []any{&one}, `SELECT count(*) FROM study WHERE id = ''`); err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	return fn(r)
}

// beginReading takes a connection and begins a transaction on it. Until the
// connection is closed nobody else uses it, so what lies beneath may be spoken
// to. One that was found dead makes way for another.
func (s *Store) beginReading(ctx context.Context) (*sql.Conn, runner, error) {
	begin := "BEGIN"
	if s.dialect == migrations.Postgres {
		begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
	}
	for try := 1; ; try++ {
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
		err = errors.Join(err, conn.Close())
		if !errors.Is(err, driver.ErrBadConn) || try == maxStale {
			return nil, nil, err
		}
	}
}

// reading is what a transaction for reading adds to a reader: its goroutines
// take turns on the one connection, until it ends.
type reading struct {
	turn  sync.Mutex
	ended bool
}

// turn waits until nobody else uses the reader's connection.
func (r reader) turn() (done func(), err error) {
	if r.reading == nil {
		return func() {}, nil
	}
	r.reading.turn.Lock()
	if r.reading.ended {
		r.reading.turn.Unlock()
		return nil, errEnded
	}
	return r.reading.turn.Unlock, nil
}

// end gives the connection back. Nothing was written, so nothing is committed;
// a connection on which the transaction cannot be ended is not used again.
func (t *reading) end(ctx context.Context, conn *sql.Conn, run runner) {
	t.turn.Lock()
	defer t.turn.Unlock()
	t.ended = true
	if _, err := run.exec(ctx, "ROLLBACK", nil); err != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // closes it; nothing is lost with it
	}
}
