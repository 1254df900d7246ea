package store

import (
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

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

// shareClause makes a SELECT keep its rows from being changed until the
// transaction ends, while others may keep them too.
func shareClause(dialect string) string {
	if dialect == string(migrations.Postgres) {
		return " FOR SHARE"
	}
	return ""
}

// removalClause is lockClause for rows that are to be removed: references to them
// by other transactions wait as well.
func removalClause(dialect string) string {
	if dialect == string(migrations.Postgres) {
		return " FOR UPDATE"
	}
	return ""
}

// fence ends a query within a query that finds one row by its key, and makes
// PostgreSQL find that first. With no statistics yet, as in a new study, it would
// rather begin with everybody in it; and to weigh all orders of eight tables takes
// it thirty times as long as to find the row. SQLite does so of itself.
func fence(dialect string) string {
	if dialect == string(migrations.Postgres) {
		return " OFFSET 0"
	}
	return ""
}

// brokenUnique recognises a key that is there already.
func brokenUnique(err error) bool {
	if fault, ok := errors.AsType[*sqlite.Error](err); ok {
		return fault.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || fault.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	fault, ok := errors.AsType[*pgconn.PgError](err)
	return ok && fault.Code == "23505"
}

// brokenReference recognises a key that is not there.
func brokenReference(err error) bool {
	if fault, ok := errors.AsType[*sqlite.Error](err); ok {
		// What ON DELETE RESTRICT refuses has the code of a trigger, as have refusals of our own.
		restricted := fault.Code() == sqlite3.SQLITE_CONSTRAINT_TRIGGER && strings.Contains(fault.Error(), "FOREIGN KEY constraint failed")
		return restricted || fault.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
	}
	fault, ok := errors.AsType[*pgconn.PgError](err)
	return ok && fault.Code == "23503"
}

// locked recognises that another connection holds what is asked for.
func locked(err error) bool {
	fault, ok := errors.AsType[*sqlite.Error](err)
	return ok && (fault.Code()&0xff == sqlite3.SQLITE_BUSY || fault.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// postgresDialector is the stock one without its schema changes.
type postgresDialector struct{ *postgres.Dialector }

// Migrator refuses: the schema belongs to package migrations.
func (d postgresDialector) Migrator(db *gorm.DB) gorm.Migrator { return refuseMigrations(db, d) }
