package main

import (
	"context"
	"errors"
	"fmt"

	"tidemark/migrations"
	"tidemark/survey/auth"
	"tidemark/survey/store"
)

type migrateCmd struct {
	Config
	Before upgradeFlags `embed:""`
}

// Help is shown under the command's flags.
func (migrateCmd) Help() string {
	return `Makes the database if there is none and applies what is missing, in order.
Running it again changes nothing. A database that has something in it is kept first:
as a plain copy beside a SQLite file, or as an encrypted backup where --backup-to says;
PostgreSQL needs the latter, or --no-backup. A SQLite database is upgraded as a copy
before it is touched, and rows are counted before and after. Stop the server first. It
refuses to run on a database of another form and says so.

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
	s, keys, err := c.secretToMigrate(p)
	if err != nil {
		return err
	}
	masters, err := c.masters(ctx, keys)
	if err != nil {
		return err
	}
	db, err := openStore(ctx, c.Config, masters...)
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
	u := &upgrade{migrateCmd: c, p: p, db: db, from: from, to: to}
	if err := u.begin(ctx); err != nil {
		return err
	}
	if err := db.MigrateSchema(ctx); err != nil {
		return err
	}
	if err := u.end(ctx); err != nil {
		return err
	}
	if keys != nil {
		if err := p.wire(db, keys, c.Config).checkSecret(ctx, s); err != nil {
			return err
		}
	}
	if err := s.keep(); err != nil {
		return err
	}
	if err := seal(ctx, db, len(masters) > 0); err != nil {
		return err
	}
	if from == to {
		_, err = fmt.Fprintf(p.stdout, "schema version %d: nothing to do (%s)\n", to, c.place())
	} else {
		_, err = fmt.Fprintf(p.stdout, "schema version %d → %d (%s)\n", from, to, c.place())
	}
	return err
}

// secretToMigrate is the secret, fresh for a new SQLite installation; none for
// PostgreSQL where none was given, which needs it only if something is to be sealed.
func (c migrateCmd) secretToMigrate(p *program) (secret, *auth.Keys, error) {
	if _, ok := c.file(); !ok && c.SecretFile == "" && p.secret == "" {
		return secret{}, nil, nil
	}
	s, err := c.readSecret(p.secret)
	if err != nil {
		return secret{}, nil, err
	}
	keys, err := auth.New(s.hex)
	if err != nil {
		return secret{}, nil, fmt.Errorf("%s: %w", s.from, err)
	}
	return s, keys, nil
}

// seal seals what former versions stored in the open.
func seal(ctx context.Context, db *store.Store, hasKey bool) error {
	if hasKey {
		return explainVault(db.SealAll(ctx))
	}
	waiting, err := db.Unsealed(ctx)
	if err == nil && waiting {
		err = misuse("names and addresses in this database are to be sealed, for which it takes a key. Run it again\n" +
			"with --secret-file FILE, or with --vault-key-file FILE if they shall have a key of their own")
	}
	return err
}
