package store

import (
	"cmp"
	"context"
	"database/sql"

	"tidemark/migrations"
	"tidemark/survey"
)

// WithPragma sets a pragma of SQLite in place of the store's own.
func WithPragma(name, value string) Option { return withPragma(name, value) }

// WritePool and ReadPool let tests go past the contract.
func (s *Store) WritePool() *sql.DB { return s.writePool }

func (s *Store) ReadPool() *sql.DB { return s.readPool }

func (s *Store) Dialect() migrations.Dialect { return s.dialect }

// PersonTables are the names of the tables that an erasure knows.
func PersonTables() []string {
	var names []string
	for _, t := range personTables() {
		names = append(names, t.name)
	}
	return names
}

// SealLot is how many rows are sealed at once.
const SealLot = sealLot

// SealSomeContacts seals one lot, as a program does that is killed thereafter.
func (s *Store) SealSomeContacts(ctx context.Context) error {
	if err := s.unlock(ctx); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx survey.Tx) error {
		_, err := asTransaction(tx).sealContacts(ctx)
		return err
	})
}

// Fate says what becomes of the rows of a table at an erasure, and the kind by which they
// are kept for some time, as documents say it.
func Fate(name string) (erased, limit string) {
	for _, t := range personTables() {
		if t.name != name {
			continue
		}
		erased, limit = "goes", cmp.Or(string(t.retained()), "–")
		switch {
		case t.kept != "":
			erased = "stays"
		case t.freed != "":
			erased = "cleared"
		}
		return erased, limit
	}
	return "–", "–"
}
