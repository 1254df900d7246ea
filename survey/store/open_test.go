package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/migrations"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

func TestAnUnsafeSQLiteIsRefused(t *testing.T) {
	t.Parallel()
	for pragma, value := range map[string]string{"synchronous": "NORMAL", "journal_mode": "DELETE", "foreign_keys": "0"} {
		t.Run(pragma, func(t *testing.T) {
			t.Parallel()
			s, err := store.Open(t.Context(), storetest.SQLiteDSN(t), store.WithPragma(pragma, value))
			if err == nil {
				t.Fatalf("it was opened; closing: %v", s.Close())
			}
			if !strings.Contains(err.Error(), pragma+"=") || !strings.Contains(err.Error(), "can lose answers") {
				t.Errorf("%v does not say what is wrong", err)
			}
		})
	}
}

func TestAnUnsafePostgresIsRefused(t *testing.T) {
	t.Parallel()
	dsn := storetest.PostgresDSN(t)
	sep := "?"
	if strings.Contains(dsn, "?") {
		sep = "&"
	}
	s, err := store.Open(t.Context(), dsn+sep+"synchronous_commit=off")
	if err == nil {
		t.Fatalf("it was opened; closing: %v", s.Close())
	}
	if !strings.Contains(err.Error(), "synchronous_commit=off") {
		t.Errorf("%v does not say what is wrong", err)
	}
}

func TestEveryConnectionToSQLiteIsSafe(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t, store.WithPoolSize(4))
	for range 4 { // all of them at once
		conn, err := s.ReadPool().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
		}()
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "query_only": "1", "busy_timeout": "10000",
		} {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %s (%v), want %s", pragma, got, err, want)
			}
		}
		if _, err := conn.ExecContext(t.Context(), "DELETE FROM study"); err == nil {
			t.Error("a reading connection wrote")
		}
	}
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "query_only": "0", "recursive_triggers": "1",
	} {
		var got string
		if err := s.WritePool().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s of the writer is %s (%v), want %s", pragma, got, err, want)
		}
	}
}

func TestASmallCacheIsSmallOnEveryConnection(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t, store.WithSmallCache())
	for name, pool := range map[string]interface {
		QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	}{"reading": s.ReadPool(), "writing": s.WritePool()} {
		var kilobytes int
		if err := pool.QueryRowContext(t.Context(), "PRAGMA cache_size").Scan(&kilobytes); err != nil || kilobytes != -256 {
			t.Errorf("the %s connection has a cache of %d (%v), want -256", name, kilobytes, err)
		}
	}
}

func TestAddressesThatNameNoDatabaseAreRefused(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"", "sqlite:", ":memory:", "sqlite::memory:", "file:x.db", "mysql://localhost/x", "postgres://%zz",
		filepath.Join(t.TempDir(), "no", "such", "folder", "x.db"), t.TempDir(),
	} {
		if s, err := store.Open(t.Context(), dsn); err == nil {
			t.Errorf("%q was opened; closing: %v", dsn, s.Close())
		}
	}
}

func TestOnlyItsOwnerCanReadTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a ? 100% #odd.db")
	storetest.Open(t, path)
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v, want 0600", info.Name(), info.Mode())
		}
	}
}

func TestADatabaseThatIsNotMigratedIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := open(t)
		ctx := t.Context()
		if err := s.CheckSchema(ctx); err != nil {
			t.Errorf("a migrated database: %v", err)
		}
		if err := s.Migrate(ctx); err != nil {
			t.Errorf("migrating again: %v", err)
		}
		exec := func(statement string) {
			if _, err := s.WritePool().ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		latest, err := migrations.Latest(s.Dialect())
		if err != nil {
			t.Fatal(err)
		}
		exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, " + map[migrations.Dialect]string{
			migrations.SQLite: "1", migrations.Postgres: "true",
		}[s.Dialect()] + ")")
		wantSchemaError(ctx, t, s, 999, latest, "older than the database")
		if err := s.Migrate(ctx); err == nil {
			t.Error("a newer database was migrated")
		}
		exec("DELETE FROM goose_db_version")
		wantSchemaError(ctx, t, s, 0, latest, "run: tidemark migrate")
	})
}

func wantSchemaError(ctx context.Context, t *testing.T, s *store.Store, have, want int64, text string) {
	t.Helper()
	err := s.CheckSchema(ctx)
	fault, ok := errors.AsType[*migrations.SchemaError](err)
	if !ok || fault.Have != have || fault.Want != want || !strings.Contains(err.Error(), text) {
		t.Errorf("got %v, want have %d, want %d and %q", err, have, want, text)
	}
}
