package store

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"tidemark/migrations"
	"tidemark/survey"
)

// The canonical export: every row of every table as a line of JSON, tables by name,
// rows by their primary key, columns by name. Both engines give the same bytes for
// the same content: instants are milliseconds since 1970, truth values 0 and 1, bytes
// base64, numbers with a fraction the shortest text that reads back as the same
// number. What the migrations note for themselves is left out; the version of the
// schema stands at the beginning.
//
//	{"tidemark":"rows","form":1,"schema":34}
//	{"table":"arm","columns":["control int","id text",…]}
//	[0,"0198…",…]
//	{"end":"arm","rows":1,"sha256":"…"}
//	{"tables":84}

// canonForm is the version of the form.
const canonForm = 1

// Still is one state of the database, held while it is copied. It belongs to one
// goroutine.
type Still struct {
	reader

	store *Store
	// Snapshot names the state to other connections of PostgreSQL.
	Snapshot string
	copyTo   func(path string) error // SQLite
}

// Hold runs fn on one state of the database. It blocks no writer; on SQLite the log
// grows as long as it lasts.
func (s *Store) Hold(ctx context.Context, fn func(*Still) error) (err error) {
	if s.closed.Load() {
		return ErrClosed
	}
	conn, run, err := s.beginReading(ctx)
	if err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	defer func() {
		discard(conn) // which ends the transaction
		err = errors.Join(err, closed(conn))
	}()
	still := &Still{reader: reader{run: run, db: onConnection(s.db, conn), definitions: s.definitions, safe: s.safe}, store: s}
	if s.dialect == migrations.Postgres {
		err = still.one(ctx, []any{&still.Snapshot}, `SELECT pg_export_snapshot()`)
	} else {
		var none int
		err = still.one(ctx, []any{&none}, `SELECT count(*) FROM sqlite_master WHERE name = ''`)
		still.copyTo = func(path string) error { return copyPages(conn, path) }
	}
	if err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	return fn(still)
}

// Inventory is what the database holds, found by the canonical export.
func (s *Store) Inventory(ctx context.Context) (survey.Inventory, error) {
	return s.Export(ctx, io.Discard)
}

// Export writes the canonical export of one state of the database.
func (s *Store) Export(ctx context.Context, w io.Writer) (i survey.Inventory, err error) {
	err = s.Hold(ctx, func(still *Still) error {
		i, err = still.Export(ctx, w)
		return err
	})
	return i, err
}

// Export writes the canonical export.
func (s *Still) Export(ctx context.Context, w io.Writer) (survey.Inventory, error) {
	var i survey.Inventory
	version, err := s.schemaVersion(ctx)
	if err != nil {
		return i, fmt.Errorf("export: %w", err)
	}
	tables, err := s.tables(ctx)
	if err != nil {
		return i, fmt.Errorf("export: %w", err)
	}
	c := newCanonWriter(w)
	i.Schema = version
	c.text(fmt.Sprintf(`{"tidemark":"rows","form":%d,"schema":%d}`+"\n", canonForm, version))
	for _, t := range tables {
		content, err := s.exportTable(ctx, c, t)
		if err != nil {
			return i, fmt.Errorf("export table %s: %w", t.name, err)
		}
		i.Tables = append(i.Tables, content)
	}
	c.text(fmt.Sprintf(`{"tables":%d}`+"\n", len(tables)))
	i.SHA256 = hex.EncodeToString(c.all.Sum(nil))
	return i, c.out.Flush()
}

// schemaVersion is asked within the state; [migrations.Version] asks outside of it.
func (s *Still) schemaVersion(ctx context.Context) (int64, error) {
	find := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`
	if s.store.dialect == migrations.Postgres {
		find = `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'goose_db_version'`
	}
	var n int
	var version int64
	err := s.one(ctx, []any{&n}, find)
	if err == nil && n > 0 {
		err = s.one(ctx, []any{&version}, `SELECT CAST(coalesce(max(version_id), 0) AS bigint) FROM goose_db_version`)
	}
	return version, err
}

func (s *Still) exportTable(ctx context.Context, c *canonWriter, t canonTable) (survey.TableContent, error) {
	c.text(t.header())
	content := survey.TableContent{Name: t.name}
	cells := make([]cell, len(t.columns))
	targets := make([]any, len(t.columns))
	for i := range cells {
		cells[i].kind = t.columns[i].kind
		targets[i] = &cells[i]
	}
	c.table.Reset()
	var row []byte
	err := s.stream(ctx, targets, func() error {
		row = append(row[:0], '[')
		for i := range cells {
			if i > 0 {
				row = append(row, ',')
			}
			row = cells[i].append(row)
		}
		row = append(row, ']', '\n')
		content.Rows++
		c.table.Write(row)
		return c.line(row)
	}, t.query(s.store.dialect))
	if err != nil {
		return content, err
	}
	content.SHA256 = hex.EncodeToString(c.table.Sum(nil))
	c.text(endOf(content))
	return content, nil
}

func endOf(c survey.TableContent) string {
	return fmt.Sprintf(`{"end":%q,"rows":%d,"sha256":"%s"}`+"\n", c.Name, c.Rows, c.SHA256)
}

// canonWriter hashes what it writes.
type canonWriter struct {
	out        *bufio.Writer
	all, table hash.Hash
}

func newCanonWriter(w io.Writer) *canonWriter {
	return &canonWriter{out: bufio.NewWriterSize(w, 1<<16), all: sha256.New(), table: sha256.New()}
}

func (c *canonWriter) line(b []byte) error {
	c.all.Write(b)
	_, err := c.out.Write(b)
	return err
}

// text writes a line between tables; that it failed is told by Flush.
func (c *canonWriter) text(line string) { _ = c.line([]byte(line)) }

// canonTable is a table of the database as it is.
type canonTable struct {
	name    string
	columns []canonColumn // by name
	key     []string      // primary key, in its order; all columns where there is none
}

type canonColumn struct {
	name string
	kind canonKind
	// type of PostgreSQL: an int may be a number, an instant or a truth value.
	stored string
}

// canonKind is what a column holds, in words common to both engines.
type canonKind string

const (
	canonInt   canonKind = "int"
	canonFloat canonKind = "float"
	canonText  canonKind = "text"
	canonBytes canonKind = "bytes"
)

// canonKinds are the types that migrations use.
var canonKinds = map[string]canonKind{ //nolint:gochecknoglobals // never changed
	"integer": canonInt, "bigint": canonInt, "boolean": canonInt, "timestamp with time zone": canonInt,
	"real": canonFloat, "double precision": canonFloat, "text": canonText, "blob": canonBytes, "bytea": canonBytes,
}

func (t canonTable) header() string {
	var b strings.Builder
	b.WriteString(`{"table":` + strconv.Quote(t.name) + `,"columns":[`)
	for i, c := range t.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(c.name + " " + string(c.kind)))
	}
	b.WriteString("]}\n")
	return b.String()
}

func (t canonTable) names() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = quoted(c.name)
	}
	return names
}

// query reads the rows in their order: text by its bytes, whatever language a
// database sorts by.
func (t canonTable) query(dialect migrations.Dialect) string {
	order := make([]string, len(t.key))
	for i, k := range t.key {
		order[i] = quoted(k)
		if dialect == migrations.Postgres && slices.Contains(t.columns, canonColumn{k, canonText, "text"}) {
			order[i] += ` COLLATE "C"`
		}
		if len(t.key) == len(t.columns) { // there may be NULL
			order[i] += " NULLS FIRST"
		}
	}
	return `SELECT ` + strings.Join(t.names(), ", ") + ` FROM ` + quoted(t.name) + ` ORDER BY ` + strings.Join(order, ", ")
}

// quoted is a name that may be a word of SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
