package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"modernc.org/sqlite"

	"tidemark/migrations"
)

// minSQLite is the first release without the race that could lose commits from
// the write-ahead log (versions 3.7.0 to 3.51.2; sqlite.org/wal.html).
var minSQLite = [3]int{3, 51, 3}

// requiredPragmas are asserted on every new connection, whoever set them:
// answers are on disk before they are acknowledged, and nothing refers to what
// is not there.
var requiredPragmas = map[string]string{
	"journal_mode": "wal",
	"synchronous":  "2", // FULL
	"foreign_keys": "1",
}

func openSQLite(ctx context.Context, path string, o options) (*Store, error) {
	if path == "" || strings.HasPrefix(path, ":memory:") || strings.HasPrefix(path, "file:") {
		return nil, fmt.Errorf("%q is not the path of a file", path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := makeFile(path); err != nil {
		return nil, err
	}
	// Immediate transactions, for whoever begins one by database/sql.
	writePool, err := sqlitePool(path, o, "_txlock=immediate", 1)
	if err != nil {
		return nil, err
	}
	// The writer connects first: it turns the write-ahead log on.
	if err := writePool.PingContext(ctx); err != nil {
		return nil, errors.Join(err, writePool.Close())
	}
	size := o.pool
	if size == 0 {
		size = min(defaultPool(), 8)
	}
	readPool, err := sqlitePool(path, o, "_query_only=1", size)
	if err != nil {
		return nil, errors.Join(err, writePool.Close())
	}
	s, err := newSQLite(ctx, writePool, readPool, &safe{masters: o.masters}, o.groups)
	if err != nil {
		return nil, errors.Join(err, readPool.Close(), writePool.Close())
	}
	return s, nil
}

func newSQLite(ctx context.Context, writePool, readPool *sql.DB, keys *safe, groups func(int)) (*Store, error) {
	if err := readPool.PingContext(ctx); err != nil {
		return nil, err
	}
	write, err := newGORM(sqliteDialector{writePool})
	if err != nil {
		return nil, err
	}
	read, err := newGORM(sqliteDialector{readPool})
	if err != nil {
		return nil, err
	}
	definitions := &definitionCache{}
	s := &Store{
		reader:  reader{run: pool{db: readPool}, db: read, definitions: definitions, safe: keys},
		dialect: migrations.SQLite, readPool: readPool, writePool: writePool,
	}
	s.commits = newGroupCommit(context.WithoutCancel(ctx), writePool, write, definitions, keys, groups)
	return s, nil
}

// makeFile makes an empty database that only its owner can read; SQLite gives
// its log the same permissions.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the administrator's own path
	if err != nil {
		return err
	}
	return f.Close()
}

func sqlitePool(path string, o options, extra string, size int) (*sql.DB, error) {
	pragmas := map[string]string{
		"busy_timeout": "10000", // for another process, such as a backup
		"foreign_keys": "1",
		"journal_mode": "WAL",
		"synchronous":  "FULL",
		// What is removed is overwritten, not only marked as free.
		"secure_delete": "1",
		// Triggers that guard rows also fire when REPLACE removes one.
		"recursive_triggers": "1",
	}
	maps.Copy(pragmas, o.pragmas)
	var query strings.Builder
	query.WriteString(extra + "&_dqs=0&_defensive=1")
	for _, name := range slices.Sorted(maps.Keys(pragmas)) {
		fmt.Fprintf(&query, "&_pragma=%s(%s)", name, pragmas[name])
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.String()
	base, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(sqliteConnector{base})
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return pool, nil
}

// sqliteConnector checks every connection before it is used.
type sqliteConnector struct{ driver.Connector }

// Connect opens a connection and refuses it unless it keeps what it is given.
func (c sqliteConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := assertSafe(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	keeping, err := newKeepingConn(conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return keeping, nil
}

func assertSafe(ctx context.Context, conn driver.Conn) error {
	version, err := ask(ctx, conn, "SELECT sqlite_version()")
	if err != nil {
		return err
	}
	if !atLeast(version, minSQLite) {
		return fmt.Errorf("SQLite %s can lose committed answers; %d.%d.%d or later is needed",
			version, minSQLite[0], minSQLite[1], minSQLite[2])
	}
	for _, name := range slices.Sorted(maps.Keys(requiredPragmas)) {
		value, err := ask(ctx, conn, "PRAGMA "+name)
		if err != nil {
			return err
		}
		if value != requiredPragmas[name] {
			return fmt.Errorf("SQLite runs with %s=%s, which can lose answers; it must be %s",
				name, value, requiredPragmas[name])
		}
	}
	return nil
}

// ask reads one value from a connection that no pool holds yet.
func ask(ctx context.Context, conn driver.Conn, query string) (string, error) {
	q, ok := conn.(driver.QueryerContext)
	if !ok {
		return "", fmt.Errorf("%T answers no queries", conn)
	}
	rows, err := q.QueryContext(ctx, query, nil)
	if err != nil {
		return "", fmt.Errorf("%s: %w", query, err)
	}
	values := make([]driver.Value, 1)
	if err := errors.Join(rows.Next(values), rows.Close()); err != nil {
		return "", fmt.Errorf("%s: %w", query, err)
	}
	return fmt.Sprint(values[0]), nil
}

// atLeast compares a version such as 3.51.3 with the least one.
func atLeast(version string, least [3]int) bool {
	parts := strings.SplitN(version, ".", 4)
	for i, want := range least {
		if i >= len(parts) {
			return false
		}
		have, err := strconv.Atoi(parts[i])
		if err != nil {
			return false
		}
		if have != want {
			return have > want
		}
	}
	return true
}
