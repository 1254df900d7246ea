package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"

	"tidemark/migrations"
)

// minPostgres is server_version_num of the oldest release the SQL is written
// for.
const minPostgres = 130000

func openPostgres(ctx context.Context, dsn string, o options) (*Store, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, withoutAddress(err)
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "tidemark"
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(assertSafePostgres))
	size := o.pool
	if size == 0 {
		size = postgresPool()
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	s, err := newPostgres(ctx, pool, &safe{masters: o.masters})
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return s, nil
}

// postgresPool is the number of connections when none was asked for. A commit
// waits for the server's disk and not for a processor, and those that wait
// together share the wait: with 32 writers on 2 processors, 16 connections write
// about twice as many questionnaires a second as 4, and 32 no more than 16.
func postgresPool() int { return min(max(16, 4*runtime.GOMAXPROCS(0)), 32) }

// withoutAddress is a fault of an address without the address. The driver quotes
// it and masks the password, but in one that cannot be parsed nobody knows where
// a password ends: that of u:p@ss@host was printed in half.
func withoutAddress(err error) error {
	text := err.Error()
	if i := strings.LastIndex(text, "`: "); i >= 0 {
		text = text[i+len("`: "):]
	}
	if strings.HasPrefix(text, "failed to parse as URL") {
		text = "it does not look like postgres://user@host/name; in a password, @ is written %40, : %3A, / %2F and % %25"
	}
	return errors.New("the address of the database cannot be used: " + text)
}

func newPostgres(ctx context.Context, connections *sql.DB, keys *safe) (*Store, error) {
	if err := connections.PingContext(ctx); err != nil {
		return nil, err
	}
	db, err := newGORM(postgresDialector{&postgres.Dialector{Config: &postgres.Config{
		Conn: connections, WithoutReturning: true,
	}}})
	if err != nil {
		return nil, err
	}
	return &Store{
		reader:  reader{run: pool{db: connections}, db: db, definitions: &definitionCache{}, safe: keys},
		dialect: migrations.Postgres, readPool: connections, writePool: connections,
	}, nil
}

// assertSafePostgres refuses a connection to a server that is too old, or that
// acknowledges a commit before it is written. (A server run with fsync=off breaks
// that promise too, but throws away far more than ours: it is for tests, which
// is where it is used.)
func assertSafePostgres(ctx context.Context, conn *pgx.Conn) error {
	var version int
	var name, commit string
	err := conn.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version'),
		current_setting('synchronous_commit')`).Scan(&version, &name, &commit)
	if err != nil {
		return fmt.Errorf("ask the server for its settings: %w", err)
	}
	if version < minPostgres {
		return fmt.Errorf("PostgreSQL %s is too old; 13 or later is needed", name)
	}
	if commit == "off" {
		return errors.New("PostgreSQL runs with synchronous_commit=off, which can lose answers; set it to on")
	}
	return nil
}
