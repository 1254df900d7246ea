package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tidemark/migrations"
)

// scratchPrefix begins the names of databases that are made to prove a backup.
const scratchPrefix = "tidemark_proof_"

// scratchAfter is after how long one was left behind by a program that was killed.
const scratchAfter = 24 * time.Hour

// ErrNoScratch is what somebody gets whose role may not make databases.
var ErrNoScratch = errors.New("the role may not make a database to prove the backup in; allow it with: ALTER ROLE … CREATEDB")

// ScratchDatabase makes an empty database on the server of another one. Whoever asked
// for it removes it.
func ScratchDatabase(ctx context.Context, dsn string) (scratch string, remove func(context.Context) error, err error) {
	address, err := url.Parse(dsn)
	if err != nil {
		return "", nil, withoutAddress(err)
	}
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", nil, withoutAddress(err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if err := sweepScratch(ctx, conn); err != nil {
		return "", nil, err
	}
	name := scratchPrefix + strconv.FormatInt(time.Now().Unix(), 10) + "_" + strings.ToLower(rand.Text()[:8])
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		if fault, ok := errors.AsType[*pgconn.PgError](err); ok && fault.Code == "42501" {
			return "", nil, ErrNoScratch
		}
		return "", nil, fmt.Errorf("make a database to prove the backup in: %w", err)
	}
	address.Path = "/" + name
	return address.String(), func(ctx context.Context) error { return dropScratch(ctx, dsn, name) }, nil
}

func dropScratch(ctx context.Context, dsn, name string) (err error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return withoutAddress(err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	return err
}

// sweepScratch removes what was left behind.
func sweepScratch(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE datname LIKE $1 AND pg_get_userbyid(datdba) = current_user", scratchPrefix+"%")
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		made, _, _ := strings.Cut(strings.TrimPrefix(name, scratchPrefix), "_")
		seconds, err := strconv.ParseInt(made, 10, 64)
		if err != nil || time.Since(time.Unix(seconds, 0)) < scratchAfter {
			continue
		}
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

// ServerMajor is the version of the PostgreSQL server; 0 for SQLite.
func (s *Store) ServerMajor(ctx context.Context) (int, error) {
	if s.dialect != migrations.Postgres {
		return 0, nil
	}
	var version int
	err := s.one(ctx, []any{&version}, `SELECT current_setting('server_version_num')::int`)
	return version / 10000, err
}

// CheckFile reads a SQLite database from one end to the other, and returns what is
// wrong with it. PostgreSQL checks what it is given when it is given it.
func (s *Store) CheckFile(ctx context.Context) error {
	if s.dialect != migrations.SQLite {
		return nil
	}
	var told string
	if err := s.one(ctx, []any{&told}, `PRAGMA integrity_check(1)`); err != nil {
		return err
	}
	if told != "ok" {
		return fmt.Errorf("the file is damaged: %s", told)
	}
	return nil
}
