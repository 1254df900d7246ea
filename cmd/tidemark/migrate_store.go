package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tidemark/survey"
	"tidemark/survey/backup"
	"tidemark/survey/store"
)

type migrateStoreCmd struct {
	From string `required:"" placeholder:"WHERE" help:"The database that is left: a SQLite file, or postgres://user@host/name."`
	To   string `required:"" placeholder:"WHERE" help:"The database that takes its place, which must be empty."`
}

// Help is shown under the command's flags.
func (migrateStoreCmd) Help() string {
	return `Copies everything from one database into an empty one, from either engine to either,
and proves that both hold the same. Stop the server first: what is saved while it
copies is not in the copy, and the command says so and fails. The old database is
only read. The secret, the file of erasures and that of the audit trail's heads are
kept apart from the database and move by hand; the command says which.

Examples:
  tidemark migrate-store --from tidemark.db --to postgres://tidemark@localhost/tidemark
  tidemark migrate-store --from postgres://tidemark@localhost/tidemark --to tidemark.db`
}

// Run copies.
func (c migrateStoreCmd) Run(ctx context.Context, p *program) (err error) {
	from, to := Config{Database: c.From, frugal: true}, Config{Database: c.To}
	if err := errors.Join(from.Validate(), to.Validate()); err != nil {
		return usageError{err}
	}
	if err := from.present(); err != nil {
		return err
	}
	old, err := openStore(ctx, from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	if err := old.CheckSchema(ctx); err != nil {
		return fmt.Errorf("%s: %w", from.place(), err)
	}
	fresh, err := openStore(ctx, to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fresh.Close()) }()
	if err := fresh.Migrate(ctx); err != nil {
		return fmt.Errorf("%s: %w", to.place(), err)
	}
	held, err := backup.Pour(ctx, old, fresh)
	if errors.Is(err, store.ErrNotEmpty) {
		return fmt.Errorf("%s: %w; name an empty one", to.place(), err)
	}
	if err != nil {
		return err
	}
	return c.proven(ctx, p, old, fresh, held)
}

// proven compares both databases once more, from the beginning.
func (c migrateStoreCmd) proven(ctx context.Context, p *program, old, fresh *store.Store, held survey.Inventory) error {
	found, err := fresh.Inventory(ctx)
	if err != nil {
		return err
	}
	if d := held.Differences(found); len(d) > 0 {
		return fmt.Errorf("the new database is not the same: %s; do not use it", strings.Join(d, "; "))
	}
	now, err := old.Inventory(ctx)
	if err != nil {
		return err
	}
	if d := held.Differences(now); len(d) > 0 {
		return fmt.Errorf("the old database was written to while it was copied (%s); stop the server, empty the new database, and run this again", strings.Join(d, "; "))
	}
	from, to := Config{Database: c.From}, Config{Database: c.To}
	_, err = fmt.Fprintf(p.stdout, "copied %d rows of %d tables; both databases hold the same (sha256 %s)\n", held.Rows(), len(held.Tables), held.SHA256)
	for _, f := range []struct{ what, from, to, flag string }{
		{"the secret", from.secretFile(), to.secretFile(), "--secret-file"},
		{"the file of erasures", from.erasures(), to.erasures(), "--erasures-file"},
		{"the heads of the audit trail", from.headsFile(), to.headsFile(), "--audit-heads"},
	} {
		switch {
		case err != nil || f.from == "" && f.to == "":
		case f.to == "":
			_, err = fmt.Fprintf(p.stdout, "%s: serve with %s %s\n", f.what, f.flag, f.from)
		case f.from == "":
			_, err = fmt.Fprintf(p.stdout, "%s: put the one you use beside the new database as %s, or serve with %s\n", f.what, f.to, f.flag)
		default:
			_, err = fmt.Fprintf(p.stdout, "%s: copy %s to %s\n", f.what, f.from, f.to)
		}
	}
	return err
}

// secretFile is where the secret is looked for when nothing else is said; empty:
// nowhere.
func (c Config) secretFile() string {
	if path, ok := c.file(); ok {
		return path + ".secret"
	}
	return ""
}
