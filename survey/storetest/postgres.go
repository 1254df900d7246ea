package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tidemark/survey/store"
)

// The environment of tests that need PostgreSQL.
const (
	postgresVariable = "TIDEMARK_TEST_POSTGRES"
	requireVariable  = "REQUIRE_POSTGRES"
)

// requirePostgres is the DSN of the server for tests. Where none is named, the
// test is skipped, or fails if PostgreSQL is required.
func requirePostgres(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(postgresVariable)
	if dsn != "" {
		return dsn
	}
	message := "no PostgreSQL for tests: set " + postgresVariable +
		" to the DSN of a server whose user may create databases, as postgres://postgres@127.0.0.1:5432/postgres"
	if os.Getenv(requireVariable) == "1" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// Postgres opens a store in a database of its own, which goes when the test
// ends.
func Postgres(t testing.TB, options ...store.Option) *store.Store {
	t.Helper()
	requirePostgres(t)
	template := postgresTemplate.get(t, migratedPostgres)
	return opened(t, createDatabase(t, " TEMPLATE "+template), options...)
}

const (
	namePrefix = "tidemark_test_"
	// staleAfter is how long a test may take; a database that is older was
	// left by one that was killed.
	staleAfter = time.Hour
)

// PostgresDSN names an empty database of its own, for tests that open it
// themselves.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	return createDatabase(t, "")
}

// createDatabase makes a database that goes when the test ends, and gives its DSN.
func createDatabase(t testing.TB, like string) string {
	t.Helper()
	server := requirePostgres(t)
	name := namePrefix + strconv.FormatInt(time.Now().Unix(), 10) + "_" + strings.ToLower(rand.Text())
	dsn, err := at(server, name)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), server)
	if err != nil {
		t.Fatalf("connect to the server named by %s: %v", postgresVariable, err)
	}
	defer closeConn(t, conn)
	if _, err := conn.Exec(t.Context(), "CREATE DATABASE "+name+like); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dropDatabase(t, server, name) })
	return dsn
}

// at is the DSN of another database on the same server.
func at(server, name string) (string, error) {
	address, err := url.Parse(server)
	if err != nil || !strings.HasPrefix(address.Scheme, "postgres") {
		return "", fmt.Errorf("%s must be an address like postgres://postgres@127.0.0.1:5432/postgres", postgresVariable)
	}
	address.Path = "/" + name
	return address.String(), nil
}

func closeConn(t testing.TB, conn *pgx.Conn) {
	// The test's own context has ended when it cleans up.
	if err := conn.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}

func dropDatabase(t testing.TB, server, name string) {
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Error(err)
		return
	}
	defer closeConn(t, conn)
	if err := drop(ctx, conn, name); err != nil {
		t.Error(err)
	}
}

// drop removes a database and whoever is still connected to it.
func drop(ctx context.Context, conn *pgx.Conn, name string) error {
	_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	return err
}

// tidy removes databases that were left behind.
func tidy(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE datname LIKE $1 OR datname LIKE $2", namePrefix+"%", templatePrefix+"%")
	if err != nil {
		return fmt.Errorf("list test databases: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("list test databases: %w", err)
	}
	for _, name := range names {
		if !outlived(name) {
			continue
		}
		if err := drop(ctx, conn, name); err != nil {
			return fmt.Errorf("remove the old test database %s: %w", name, err)
		}
	}
	return nil
}
