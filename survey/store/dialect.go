package store

import (
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"tidemark/migrations"
)

// What the engines do differently, besides opening and committing, is here.

// timeArgument is how an instant is given to the engine: integer milliseconds
// on SQLite, a timestamp of the same precision on PostgreSQL, nothing for the
// zero time.
func timeArgument(dialect string, t time.Time) any {
	if t.IsZero() {
		return nil
	}
	if dialect == string(migrations.Postgres) {
		return t.UTC().Truncate(time.Millisecond)
	}
	return t.UnixMilli()
}

// lockClause makes a SELECT hold its rows until the transaction ends. SQLite
// has one writer, so whoever writes holds everything already. References to the
// row by other transactions are not held up.
func lockClause(dialect string) string {
	if dialect == string(migrations.Postgres) {
		return " FOR NO KEY UPDATE"
	}
	return ""
}

// postgresDialector is the stock one without its schema changes.
type postgresDialector struct{ *postgres.Dialector }

// Migrator refuses: the schema belongs to package migrations.
func (d postgresDialector) Migrator(db *gorm.DB) gorm.Migrator { return refuseMigrations(db, d) }
