package main

import (
	"context"
	"errors"
	"fmt"

	"tidemark/migrations"
)

type migrateCmd struct {
	Config
}

// Help is shown under the command's flags.
func (migrateCmd) Help() string {
	return `Makes the database if there is none and applies what is missing, in order.
Running it again changes nothing. Make a backup first when people's answers are
in it. The server refuses to run on a database of another form and says so.

Examples:
  tidemark migrate
  tidemark migrate --database /var/lib/tidemark/tidemark.db
  tidemark migrate --database postgres://tidemark@localhost/tidemark`
}

// Run brings the database to this program's schema and says from what to what.
func (c migrateCmd) Run(ctx context.Context, p *program) (err error) {
	if path, ok := c.file(); ok && path == "" {
		return misuse("--database is empty; name a file or a PostgreSQL address")
	}
	db, err := openStore(ctx, c.Config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	dialect := migrations.Postgres
	if _, ok := c.file(); ok {
		dialect = migrations.SQLite
	}
	to, err := migrations.Latest(dialect)
	if err != nil {
		return err
	}
	from := to
	if err := db.CheckSchema(ctx); err != nil {
		other, ok := errors.AsType[*migrations.SchemaError](err)
		if !ok {
			return err
		}
		from = other.Have
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	if err := c.ensureSecret(p); err != nil {
		return err
	}
	if from == to {
		_, err = fmt.Fprintf(p.stdout, "schema version %d: nothing to do (%s)\n", to, c.place())
	} else {
		_, err = fmt.Fprintf(p.stdout, "schema version %d → %d (%s)\n", from, to, c.place())
	}
	return err
}

// ensureSecret makes the secret of a new SQLite installation along with it.
func (c migrateCmd) ensureSecret(p *program) error {
	if _, ok := c.file(); !ok || c.SecretFile != "" || p.secret != "" {
		return nil
	}
	s, err := c.readSecret("")
	if err != nil {
		return err
	}
	return s.keep()
}
