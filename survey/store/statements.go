package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
)

// Compiling a statement takes SQLite longer than running it. Each connection
// therefore keeps the statements it has compiled; PostgreSQL's driver does the
// same by itself. SQLite compiles a kept statement again when the schema has
// changed.

const (
	// maxStatements bounds what one connection keeps.
	maxStatements = 64
	// maxStatementText leaves out bulk writes, whose text depends on the
	// number of rows.
	maxStatementText = 4096
)

// sqliteConn is all that the driver's connections can do and database/sql
// makes use of.
type sqliteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// sqliteStatement is the same of its statements.
type sqliteStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keepingConn is a connection that keeps its statements. Like every connection
// it is used by one goroutine at a time.
type keepingConn struct {
	sqliteConn
	kept map[string]*keptStatement
	uses int // so far
}

type keptStatement struct {
	sqliteStatement
	lastUse int
	busy    bool // rows are being read from it
}

func newKeepingConn(conn driver.Conn) (*keepingConn, error) {
	c, ok := conn.(sqliteConn)
	if !ok {
		return nil, fmt.Errorf("%T is not a connection to SQLite", conn)
	}
	return &keepingConn{sqliteConn: c, kept: make(map[string]*keptStatement, maxStatements)}, nil
}

// ExecContext runs a statement.
func (c *keepingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return s.ExecContext(ctx, args)
}

// QueryContext runs a statement that gives rows.
func (c *keepingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &keptRows{rows, s}, nil
}

// keptRows gives its statement back when it is closed.
type keptRows struct {
	driver.Rows
	statement *keptStatement
}

// Close ends the reading.
func (r *keptRows) Close() error {
	r.statement.busy = false
	return r.Rows.Close()
}

// statement is the compiled form of a query, nil for one that is not kept or is
// being read from.
func (c *keepingConn) statement(ctx context.Context, query string) (*keptStatement, error) {
	c.uses++
	if s, ok := c.kept[query]; ok {
		if s.busy {
			return nil, nil
		}
		s.lastUse = c.uses
		return s, nil
	}
	if !worthKeeping(query) {
		return nil, nil
	}
	if len(c.kept) >= maxStatements {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	statement, ok := prepared.(sqliteStatement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("%T is not a statement of SQLite", prepared), prepared.Close())
	}
	s := &keptStatement{sqliteStatement: statement, lastUse: c.uses}
	c.kept[query] = s
	return s, nil
}

// worthKeeping leaves out what runs once, and pragmas, which act when they are
// compiled.
func worthKeeping(query string) bool {
	if len(query) > maxStatementText {
		return false
	}
	switch verb, _, _ := strings.Cut(query, " "); verb {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT":
		return true
	}
	return false
}

// forget drops the statement that was not used for the longest time.
func (c *keepingConn) forget() error {
	oldest := ""
	for query, s := range c.kept {
		if !s.busy && (oldest == "" || s.lastUse < c.kept[oldest].lastUse) {
			oldest = query
		}
	}
	if oldest == "" {
		return nil
	}
	s := c.kept[oldest]
	delete(c.kept, oldest)
	return s.Close()
}

// Close drops the statements and closes the connection.
func (c *keepingConn) Close() error {
	var errs []error
	for _, s := range c.kept {
		errs = append(errs, s.Close())
	}
	clear(c.kept)
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}
