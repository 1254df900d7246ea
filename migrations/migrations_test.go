package migrations_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/migrations"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// eachEmpty runs a test on an empty database of each engine. The store is how
// the database is opened; open gives another process's view of the same one.
func eachEmpty(t *testing.T, test func(t *testing.T, dialect migrations.Dialect, open func() *sql.DB)) {
	t.Helper()
	for dialect, dsn := range map[migrations.Dialect]func(testing.TB) string{
		migrations.SQLite: storetest.SQLiteDSN, migrations.Postgres: storetest.PostgresDSN,
	} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			address := dsn(t)
			test(t, dialect, func() *sql.DB { return pool(t, dialect, address) })
		})
	}
}

// pool opens a database as database/sql does, past the store.
func pool(t *testing.T, dialect migrations.Dialect, address string) *sql.DB {
	t.Helper()
	// The store sees to it that the file is there and both drivers are known.
	s, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	driver := "pgx"
	if dialect == migrations.SQLite {
		driver, address = "sqlite", "file:"+strings.TrimPrefix(address, "sqlite:")+"?_txlock=immediate&_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// tables counts the tables of a database.
func tables(ctx context.Context, t *testing.T, db *sql.DB, dialect migrations.Dialect) (n int) {
	t.Helper()
	query := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if dialect == migrations.Postgres {
		query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
	}
	if err := db.QueryRowContext(ctx, query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAnEmptyDatabaseIsBroughtToTheSchemaOnce(t *testing.T) {
	t.Parallel()
	eachEmpty(t, func(t *testing.T, dialect migrations.Dialect, open func() *sql.DB) {
		ctx, db := t.Context(), open()
		latest, err := migrations.Latest(dialect)
		if err != nil || latest < 1 {
			t.Fatalf("the latest version is %d (%v)", latest, err)
		}
		fault, ok := errors.AsType[*migrations.SchemaError](migrations.Check(ctx, db, dialect))
		if !ok || *fault != (migrations.SchemaError{Have: 0, Want: latest}) {
			t.Errorf("an empty database: %v", fault)
		}
		if n := tables(ctx, t, db, dialect); n != 0 {
			t.Errorf("checking made %d tables", n)
		}
		made := 0
		for range 2 {
			if err := migrations.Apply(ctx, db, dialect); err != nil {
				t.Fatal(err)
			}
			if err := migrations.Check(ctx, db, dialect); err != nil {
				t.Error(err)
			}
			version, err := migrations.Version(ctx, db, dialect)
			if err != nil || version != latest {
				t.Errorf("version %d (%v), want %d", version, err, latest)
			}
			if n := tables(ctx, t, db, dialect); made != 0 && n != made {
				t.Errorf("applying again changed %d tables into %d", made, n)
			} else {
				made = n
			}
		}
		if made < 15 {
			t.Errorf("there are only %d tables", made)
		}
	})
}

func TestProcessesThatMigrateAtOnceDoNotCollide(t *testing.T) {
	t.Parallel()
	eachEmpty(t, func(t *testing.T, dialect migrations.Dialect, open func() *sql.DB) {
		var pools []*sql.DB
		for range 4 {
			pools = append(pools, open())
		}
		var wait sync.WaitGroup
		for _, db := range pools {
			wait.Go(func() {
				if err := migrations.Apply(t.Context(), db, dialect); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if err := migrations.Check(t.Context(), pools[0], dialect); err != nil {
			t.Error(err)
		}
	})
}

func TestAMigrationThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	eachEmpty(t, func(t *testing.T, dialect migrations.Dialect, open func() *sql.DB) {
		ctx, db := t.Context(), open()
		// Stands in the way of one of the last tables.
		if _, err := db.ExecContext(ctx, "CREATE TABLE audit_event (x TEXT)"); err != nil {
			t.Fatal(err)
		}
		if err := migrations.Apply(ctx, db, dialect); err == nil {
			t.Fatal("it was applied")
		}
		if version, err := migrations.Version(ctx, db, dialect); err != nil || version != 0 {
			t.Errorf("version %d (%v), want 0", version, err)
		}
		if n := tables(ctx, t, db, dialect); n != 2 { // the one in the way and goose's own
			t.Errorf("%d tables are left, want 2", n)
		}
		if _, err := db.ExecContext(ctx, "DROP TABLE audit_event"); err != nil {
			t.Fatal(err)
		}
		if err := migrations.Apply(ctx, db, dialect); err != nil {
			t.Errorf("once nothing is in the way: %v", err)
		}
	})
}

func TestASchemaErrorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault migrations.SchemaError
		want  string
	}{
		{migrations.SchemaError{Have: 0, Want: 3}, "tidemark migrate"},
		{migrations.SchemaError{Have: 2, Want: 3}, "tidemark migrate"},
		{migrations.SchemaError{Have: 4, Want: 3}, "install"},
	} {
		if text := c.fault.Error(); !strings.Contains(text, c.want) {
			t.Errorf("%q does not say %q", text, c.want)
		}
	}
}

func TestBothEnginesHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	names := func(dialect migrations.Dialect) []string {
		names, err := fs.Glob(os.DirFS("."), string(dialect)+"/*.sql")
		if err != nil || len(names) == 0 {
			t.Fatalf("%v (%v)", names, err)
		}
		for i := range names {
			names[i] = strings.TrimPrefix(names[i], string(dialect)+"/")
		}
		slices.Sort(names)
		return names
	}
	if diff := cmp.Diff(names(migrations.SQLite), names(migrations.Postgres)); diff != "" {
		t.Errorf("SQLite (-), PostgreSQL (+):\n%s", diff)
	}
	if _, err := migrations.Latest("oracle"); err == nil || migrations.Dialect("oracle").Valid() {
		t.Error("an engine without migrations has a latest version")
	}
}
