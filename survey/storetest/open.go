package storetest

import (
	"path/filepath"
	"testing"

	"tidemark/survey/store"
	"tidemark/survey/vault"
)

// Opener opens a fresh, migrated store that is closed when the test ends.
type Opener func(t testing.TB, options ...store.Option) *store.Store

// Each runs a test on every engine, side by side.
func Each(t *testing.T, test func(t *testing.T, open Opener)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		requirePostgres(t)
		test(t, Postgres)
	})
}

// SQLite opens a store in a file of its own.
func SQLite(t testing.TB, options ...store.Option) *store.Store {
	t.Helper()
	return opened(t, migratedSQLite(t), options...)
}

// SQLiteDSN names an empty database of its own, for tests that open it
// themselves.
func SQLiteDSN(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
}

// Open opens a database, migrates it, and closes it when the test ends.
func Open(t testing.TB, dsn string, options ...store.Option) *store.Store {
	t.Helper()
	s := opened(t, dsn, options...)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Vault is the master key of databases in tests.
func Vault() store.Option { return store.WithVault(Master()) }

// Master is the same for all, since tests begin with copies of one database.
func Master() vault.Master { return vault.Secret([]byte("the master key of tests, 32 bytes")) }

// opened opens a database as it is.
func opened(t testing.TB, dsn string, options ...store.Option) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn, append([]store.Option{Vault()}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
