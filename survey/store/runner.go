package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"
)

// runner runs statements on the connections of database/sql, but past its
// interface and past GORM: the drivers bind arguments and hand out values
// themselves, at a third of the time. What is asked on every request, and what is
// asked for thousands of rows, goes this way; GORM writes and reads the rest.
//
// A statement has a ? for each argument on both engines.
type runner interface {
	// rows reads rows into targets, one after the other, and calls f after
	// each. The first error of f ends the reading and is returned.
	rows(ctx context.Context, q query, f func() error) error
	// exec runs a statement and returns the number of rows it met.
	exec(ctx context.Context, statement string, args []any) (int64, error)
	// soon runs a statement before whatever comes next. It may fail as late
	// as the commit does.
	soon(ctx context.Context, statement string, args []any) error
	// flush waits for the statements that were to run soon.
	flush(ctx context.Context) error
}

// query is a statement that gives rows.
type query struct {
	statement string
	args      []any
	targets   []any // where the columns go
	// many: there may be so many rows, or so much work to find the first,
	// that somebody who leaves should not be waited for. To listen for it
	// takes SQLite as long as finding a row by its key.
	many bool
	pace func() // called now and then while there are many rows; nil: by nobody
}

// pool runs each statement on a connection of its own.
type pool struct{ db *sql.DB }

// maxStale bounds how many connections may turn out to be dead before one is
// asked in earnest, as database/sql has it.
const maxStale = 3

// on borrows a connection.
func (p pool) on(ctx context.Context, f func(runner) error) error {
	for try := 1; ; try++ {
		conn, err := p.db.Conn(ctx)
		if err != nil {
			return err
		}
		err = conn.Raw(func(driverConn any) error { return f(runnerOf(driverConn)) })
		err = errors.Join(err, conn.Close())
		if !errors.Is(err, driver.ErrBadConn) || try == maxStale {
			return err
		}
	}
}

// runnerOf is how a connection of one of the engines is spoken to directly.
func runnerOf(driverConn any) runner {
	switch c := driverConn.(type) {
	case *keepingConn:
		return c
	case *stdlib.Conn:
		return postgresConn{c.Conn()}
	default:
		return foreignConn{fmt.Errorf("%T is not a connection of this store", driverConn)}
	}
}

func (p pool) rows(ctx context.Context, q query, f func() error) error {
	return p.on(ctx, func(r runner) error { return r.rows(ctx, q, f) })
}

func (p pool) exec(ctx context.Context, statement string, args []any) (n int64, err error) {
	err = p.on(ctx, func(r runner) error {
		n, err = r.exec(ctx, statement, args)
		return err
	})
	return n, err
}

func (p pool) soon(ctx context.Context, statement string, args []any) error {
	_, err := p.exec(ctx, statement, args)
	return err
}

func (pool) flush(context.Context) error { return nil }

// foreignConn refuses everything.
type foreignConn struct{ err error }

func (c foreignConn) rows(context.Context, query, func() error) error { return c.err }

func (c foreignConn) exec(context.Context, string, []any) (int64, error) { return 0, c.err }

func (c foreignConn) soon(context.Context, string, []any) error { return c.err }

func (c foreignConn) flush(context.Context) error { return c.err }
