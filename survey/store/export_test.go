package store

import (
	"database/sql"

	"tidemark/migrations"
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
