package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// Files are the migrations, in a folder for each [Dialect].
func Files() fs.FS { return files }

// Dialect names a database engine, and the folder of its files.
type Dialect string

// The engines Tidemark runs on.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Valid reports whether d is one of the engines.
func (d Dialect) Valid() bool { return d == SQLite || d == Postgres }

// versionTable is where goose notes what it has applied.
const versionTable = "goose_db_version"

// SchemaError reports a database whose schema is not the one this program
// needs. Its text says what to do.
type SchemaError struct {
	Have int64 // version of the database; 0: empty
	Want int64 // version this program needs
}

// Error says what to run or install.
func (e *SchemaError) Error() string {
	switch {
	case e.Have == 0:
		return fmt.Sprintf("the database is empty and needs schema version %d; run: tidemark migrate", e.Want)
	case e.Have < e.Want:
		return fmt.Sprintf("the database has schema version %d and this program needs %d; run: tidemark migrate", e.Have, e.Want)
	default:
		return fmt.Sprintf("this program is older than the database: it knows schema version %d and the database has %d; "+
			"install the version of tidemark that migrated the database, or a newer one", e.Want, e.Have)
	}
}

// Latest is the schema version this program needs.
func Latest(dialect Dialect) (int64, error) {
	names, err := fs.Glob(files, string(dialect)+"/*.sql")
	if err != nil {
		return 0, fmt.Errorf("list migrations: %w", err)
	}
	var latest int64
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("migration %s: %w", name, err)
		}
		latest = max(latest, version)
	}
	if latest == 0 {
		return 0, fmt.Errorf("no migrations for the engine %q", dialect)
	}
	return latest, nil
}

// Version is the schema version of the database, 0 when it is empty. It changes
// nothing.
func Version(ctx context.Context, db *sql.DB, dialect Dialect) (int64, error) {
	find := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '" + versionTable + "'"
	if dialect == Postgres {
		find = "SELECT CASE WHEN to_regclass('" + versionTable + "') IS NULL THEN 0 ELSE 1 END"
	}
	var tables int
	if err := db.QueryRowContext(ctx, find).Scan(&tables); err != nil {
		return 0, fmt.Errorf("look for the schema version: %w", err)
	}
	if tables == 0 {
		return 0, nil
	}
	var version int64
	err := db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM "+versionTable).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("read the schema version: %w", err)
	}
	return version, nil
}

// Check returns a [SchemaError] unless the database has exactly the schema this
// program needs. It changes nothing.
func Check(ctx context.Context, db *sql.DB, dialect Dialect) error {
	want, err := Latest(dialect)
	if err != nil {
		return err
	}
	have, err := Version(ctx, db, dialect)
	if err != nil {
		return err
	}
	if have != want {
		return &SchemaError{Have: have, Want: want}
	}
	return nil
}

// Apply brings the database to the schema this program needs. Applying twice
// does nothing the second time; processes that apply at once wait for each
// other. A database newer than the program is left alone and reported as a
// [SchemaError].
func Apply(ctx context.Context, db *sql.DB, dialect Dialect) error {
	var newer *SchemaError
	if err := Check(ctx, db, dialect); errors.As(err, &newer) && newer.Have > newer.Want {
		return err
	}
	if err := ApplyTo(ctx, db, dialect, math.MaxInt64); err != nil {
		return err
	}
	return Check(ctx, db, dialect)
}

// ApplyTo applies what is missing up to a version, so that rows of an older schema
// can be put into a new database.
func ApplyTo(ctx context.Context, db *sql.DB, dialect Dialect, version int64) error {
	provider, err := newProvider(db, dialect)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	// The provider is not closed: that would close the caller's database.
	for try := 1; ; try++ {
		_, err = provider.UpTo(ctx, version)
		if err == nil {
			return nil
		}
		if dialect != SQLite || try == maxTries {
			return fmt.Errorf("migrate: %w", err)
		}
		// There are no advisory locks on SQLite: of two processes that begin
		// at once, one finds in its transaction that the other has been there.
		// Nothing of its own was kept, so it looks again at what is left to do.
		time.Sleep(10 * time.Millisecond << try)
	}
}

// maxTries bounds the attempts of processes that migrate SQLite at once.
const maxTries = 4

func newProvider(db *sql.DB, dialect Dialect) (*goose.Provider, error) {
	folder, err := fs.Sub(files, string(dialect))
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()),
	}
	gooseDialect := goose.DialectSQLite3
	if dialect == Postgres {
		gooseDialect = goose.DialectPostgres
		const everySecond, forFiveMinutes = 1, 300
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(everySecond, forFiveMinutes))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(gooseDialect, db, folder, options...)
}
