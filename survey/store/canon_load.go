package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"tidemark/migrations"
	"tidemark/survey"
)

// Load fills an empty database with a canonical export, of either engine, in one
// transaction: it has all of it or nothing. The database must have the schema of the
// export; ErrNotEmpty when it has rows already. The inventory is of what was read:
// compare it with what Inventory finds afterwards.
//
// Rows are written as they are. What guards rows against changes in daily use would
// refuse some of them, such as the pieces of a snapshot that is sealed, and is put
// aside within the transaction; what one table says of another is checked at its end.
func (s *Store) Load(ctx context.Context, r io.Reader) (i survey.Inventory, err error) {
	if s.closed.Load() {
		return i, ErrClosed
	}
	in := newCanonReader(r)
	if i.Schema, err = in.begin(); err != nil {
		return i, err
	}
	have, err := migrations.Version(ctx, s.readPool, s.dialect)
	if err != nil {
		return i, err
	}
	if have != i.Schema {
		return i, fmt.Errorf("the export is of schema version %d and the database has %d", i.Schema, have)
	}
	conn, err := s.writePool.Conn(ctx)
	if err != nil {
		return i, err
	}
	defer func() { err = errors.Join(err, closed(conn)) }()
	var to loading
	err = conn.Raw(func(driverConn any) error {
		if c, ok := driverConn.(*stdlib.Conn); ok {
			to = &postgresLoading{conn: c.Conn()}
			return nil
		}
		to = &sqliteLoading{}
		return nil
	})
	if err != nil {
		return i, err
	}
	if lite, ok := to.(*sqliteLoading); ok {
		lite.conn = conn
	}
	if err := s.load(ctx, to, in, &i); err != nil {
		// Whatever it is in the midst of ends with the connection.
		discard(conn)
		return i, err
	}
	i.SHA256 = hex.EncodeToString(in.all.Sum(nil))
	return i, nil
}

const emptyVault = `DELETE FROM vault_key`

func hasVault(tables []canonTable) bool {
	return slices.ContainsFunc(tables, func(t canonTable) bool { return t.name == "vault_key" })
}

// loading writes into one engine.
type loading interface {
	// begin begins a transaction and puts aside what guards the tables.
	begin(ctx context.Context, tables []canonTable) error
	// fill writes the rows of a table.
	fill(ctx context.Context, rows *canonRows) error
	// end puts everything back and commits.
	end(ctx context.Context) error
}

func (s *Store) load(ctx context.Context, to loading, in *canonReader, i *survey.Inventory) error {
	tables, err := s.tables(ctx)
	if err != nil {
		return err
	}
	counts, err := s.count(ctx, tables)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if n := counts[t.name]; n > 0 && t.name != "vault_key" {
			return fmt.Errorf("%w: table %s has %d rows", ErrNotEmpty, t.name, n)
		}
	}
	if err := to.begin(ctx, tables); err != nil {
		return fmt.Errorf("begin to fill the database: %w", err)
	}
	for {
		name, columns, more, err := in.next(len(i.Tables))
		if err != nil {
			return err
		}
		if !more {
			break
		}
		table, err := fits(tables, name, columns)
		if err != nil {
			return err
		}
		rows := &canonRows{from: in, table: table, content: survey.TableContent{Name: name}, convert: s.canonInt}
		if err := to.fill(ctx, rows); err != nil {
			return fmt.Errorf("fill table %s: %w", name, err)
		}
		i.Tables = append(i.Tables, rows.content)
	}
	if len(i.Tables) != len(tables) {
		return fmt.Errorf("the export has %d tables and the database %d", len(i.Tables), len(tables))
	}
	if err := to.end(ctx); err != nil {
		return fmt.Errorf("fill the database: %w", err)
	}
	return nil
}

// canonInt is a whole number as the engine keeps it.
func (s *Store) canonInt(c canonColumn, v int64) any {
	switch c.stored {
	case "boolean":
		return v != 0
	case "timestamp with time zone":
		return time.UnixMilli(v).UTC()
	}
	return v
}

// postgresLoading fills a database of PostgreSQL by COPY.
type postgresLoading struct {
	conn *pgx.Conn
	back []string // statements that put back what was put aside
}

const (
	foreignKeys = `SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(k.oid)
		FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE k.contype = 'f' AND n.nspname = current_schema() ORDER BY 1, 2`
)

func (l *postgresLoading) begin(ctx context.Context, tables []canonTable) error {
	statements := []string{}
	rows, err := l.conn.Query(ctx, foreignKeys)
	if err != nil {
		return err
	}
	var table, name, definition string
	_, err = pgx.ForEachRow(rows, []any{&table, &name, &definition}, func() error {
		statements = append(statements, `ALTER TABLE `+table+` DROP CONSTRAINT `+name)
		l.back = append(l.back, `ALTER TABLE `+table+` ADD CONSTRAINT `+name+` `+definition)
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range tables {
		statements = append(statements, `ALTER TABLE `+quoted(t.name)+` DISABLE TRIGGER USER`)
		l.back = append(l.back, `ALTER TABLE `+quoted(t.name)+` ENABLE TRIGGER USER`)
	}
	if hasVault(tables) {
		statements = append(statements, emptyVault)
	}
	_, err = l.conn.Exec(ctx, `BEGIN; `+strings.Join(statements, "; "))
	return err
}

func (l *postgresLoading) fill(ctx context.Context, rows *canonRows) error {
	names := make([]string, len(rows.table.columns))
	for i, c := range rows.table.columns {
		names[i] = c.name
	}
	_, err := l.conn.CopyFrom(ctx, pgx.Identifier{rows.table.name}, names, rows)
	return err
}

func (l *postgresLoading) end(ctx context.Context) error {
	_, err := l.conn.Exec(ctx, strings.Join(append(l.back, `COMMIT`, `ANALYZE`), "; "))
	return err
}

// sqliteLoading fills a file of SQLite.
type sqliteLoading struct {
	conn     *sql.Conn
	triggers []string // statements that make them again
}

func (l *sqliteLoading) exec(ctx context.Context, statement string) error {
	_, err := l.conn.ExecContext(ctx, statement)
	return err
}

func (l *sqliteLoading) begin(ctx context.Context, tables []canonTable) error {
	if err := errors.Join(l.exec(ctx, `BEGIN IMMEDIATE`), l.exec(ctx, `PRAGMA defer_foreign_keys = ON`)); err != nil {
		return err
	}
	rows, err := l.conn.QueryContext(ctx, `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name`)
	if err != nil {
		return err
	}
	var names []string
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return errors.Join(err, rows.Close())
		}
		names, l.triggers = append(names, name), append(l.triggers, text)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, name := range names {
		if err := l.exec(ctx, `DROP TRIGGER `+quoted(name)); err != nil {
			return err
		}
	}
	if hasVault(tables) {
		return l.exec(ctx, emptyVault)
	}
	return nil
}

func (l *sqliteLoading) fill(ctx context.Context, rows *canonRows) (err error) {
	insert, err := l.conn.PrepareContext(ctx, `INSERT INTO `+quoted(rows.table.name)+` (`+ //nolint:gosec // names of our own schema, quoted
		strings.Join(rows.table.names(), ", ")+`) VALUES `+places(len(rows.table.columns)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	for rows.Next() {
		values, err := rows.Values()
		if err == nil {
			_, err = insert.ExecContext(ctx, values...)
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

func (l *sqliteLoading) end(ctx context.Context) error {
	for _, statement := range append(l.triggers, `COMMIT`, `PRAGMA optimize`) {
		if err := l.exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
