package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"gorm.io/gorm"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/vault"
)

var _ survey.Store = (*Store)(nil)

// Store is an open database.
type Store struct {
	reader // answers from committed data

	dialect   migrations.Dialect
	readPool  *sql.DB
	writePool *sql.DB      // SQLite: one connection; PostgreSQL: the same as readPool
	commits   *groupCommit // SQLite only

	// running counts transactions under way; see refuseNesting.
	running atomic.Int64
	// joined counts the connections that share the state of another; see
	// mayJoin.
	joined atomic.Int64
	closed atomic.Bool
}

// Option changes how a database is opened.
type Option func(*options)

type options struct {
	pool    int               // connections; 0: chosen by the store
	pragmas map[string]string // SQLite: in place of the store's own
	masters []vault.Master
	groups  func(int) // SQLite: told of each commit
}

// WithPoolSize sets the number of connections: all of them on PostgreSQL, the
// reading ones on SQLite.
func WithPoolSize(n int) Option { return func(o *options) { o.pool = n } }

// WithGroups has f told how many transactions shared each commit, on SQLite. It is
// called by the one writer, so it must be quick.
func WithGroups(f func(transactions int)) Option { return func(o *options) { o.groups = f } }

// WithSmallCache gives each connection to SQLite 256 kB in place of 2 MB for what
// it has read. That is as fast for a program that reads everything once, in order,
// and takes 4 MB less of it.
func WithSmallCache() Option { return withPragma("cache_size", "-256") }

func withPragma(name, value string) Option {
	return func(o *options) {
		if o.pragmas == nil {
			o.pragmas = map[string]string{}
		}
		o.pragmas[name] = value
	}
}

// Open opens a database by its DSN: postgres://… (or postgresql://…) for
// PostgreSQL, sqlite:PATH or a plain path for SQLite, whose file is made when
// it is not there. It refuses an engine that is too old, or set up so that an
// acknowledged answer could be lost. It leaves the schema alone: see Migrate
// and CheckSchema.
func Open(ctx context.Context, dsn string, opts ...Option) (*Store, error) {
	o := options{}
	for _, option := range opts {
		option(&o)
	}
	var s *Store
	var err error
	switch {
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		s, err = openPostgres(ctx, dsn, o)
	case strings.HasPrefix(dsn, "sqlite:"):
		s, err = openSQLite(ctx, strings.TrimPrefix(dsn, "sqlite:"), o)
	case strings.Contains(dsn, "://"):
		err = errors.New("the database must be given as postgres://…, sqlite:PATH or a path")
	default:
		s, err = openSQLite(ctx, dsn, o)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return s, nil
}

// newGORM puts GORM on a dialector with the project's settings: no transaction
// of its own around single writes, no statement cache of its own, no log.
func newGORM(dialector gorm.Dialector) (*gorm.DB, error) {
	return gorm.Open(dialector, &gorm.Config{
		SkipDefaultTransaction:   true,
		PrepareStmt:              false,
		DisableAutomaticPing:     true,
		DisableNestedTransaction: true,
		Logger:                   silent{},
	})
}

// MigrateSchema brings the database to the schema this program needs. What is to be
// sealed still waits then, see SealAll.
func (s *Store) MigrateSchema(ctx context.Context) error {
	return migrations.Apply(ctx, s.writePool, s.dialect)
}

// Migrate brings the database to the schema this program needs, and seals what is to
// be sealed if the store was given the keys for it.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.MigrateSchema(ctx); err != nil {
		return err
	}
	if len(s.safe.masters) == 0 {
		return nil
	}
	return s.SealAll(ctx)
}

// MigrateTo brings an empty database to an older schema, for rows of that time.
func (s *Store) MigrateTo(ctx context.Context, version int64) error {
	latest, err := migrations.Latest(s.dialect)
	if err != nil {
		return err
	}
	if version > latest {
		return &migrations.SchemaError{Have: version, Want: latest}
	}
	return migrations.ApplyTo(ctx, s.writePool, s.dialect, version)
}

// Engine is which of the engines the database is of.
func (s *Store) Engine() migrations.Dialect { return s.dialect }

// CheckSchema returns a *migrations.SchemaError, which says what to run, unless
// the database has the schema this program needs.
func (s *Store) CheckSchema(ctx context.Context) error {
	return migrations.Check(ctx, s.readPool, s.dialect)
}

// Close finishes the transactions that wait and closes the database. The store
// must not be used afterwards.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	if s.commits != nil {
		s.commits.close()
	}
	err := s.readPool.Close()
	if s.writePool != s.readPool {
		// The writer goes last: the last connection to leave a SQLite
		// database folds its log into the file.
		err = errors.Join(err, s.writePool.Close())
	}
	if err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// defaultPool is the number of connections when none was asked for: a few more
// than processors, since some wait for the disk.
func defaultPool() int { return min(max(4, 2*runtime.GOMAXPROCS(0)), 16) }
