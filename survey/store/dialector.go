package store

import (
	"database/sql"
	"errors"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"

	"tidemark/migrations"
)

// sqliteDialector speaks SQLite to GORM over the pure Go driver. The official
// one brings a C compiler's worth of driver.
type sqliteDialector struct{ pool *sql.DB }

// Name is also what timeArgument and lockClause go by.
func (sqliteDialector) Name() string { return string(migrations.SQLite) }

// Initialize tells GORM which clauses to build.
func (d sqliteDialector) Initialize(db *gorm.DB) error {
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT"},
		UpdateClauses: []string{"UPDATE", "SET", "WHERE"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE"},
	})
	db.ConnPool = d.pool
	return nil
}

// Migrator refuses: the schema belongs to package migrations.
func (d sqliteDialector) Migrator(db *gorm.DB) gorm.Migrator { return refuseMigrations(db, d) }

// DataTypeOf is asked only for schema changes, which are refused.
func (sqliteDialector) DataTypeOf(*schema.Field) string { return "" }

// DefaultValueOf stands for a column without a value in a row of several.
func (sqliteDialector) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

// BindVarTo writes a placeholder.
func (sqliteDialector) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) {
	w.WriteByte('?') //nolint:errcheck // GORM's writer is a strings.Builder, which never fails
}

// QuoteTo writes a name, in which a point separates table and column.
func (sqliteDialector) QuoteTo(w clause.Writer, name string) {
	quoted := strings.ReplaceAll(strings.ReplaceAll(name, `"`, `""`), ".", `"."`)
	w.WriteString(`"` + quoted + `"`) //nolint:errcheck // as above
}

// Explain shows a statement in GORM's log, which is silent here.
func (sqliteDialector) Explain(statement string, vars ...any) string {
	return logger.ExplainSQL(statement, nil, `'`, vars...)
}

// errMigrator is what every attempt of GORM to change the schema gets.
var errMigrator = errors.New("the schema is changed by package migrations only")

// migrationRefuser answers GORM's questions about the schema and refuses to
// change it: its table rebuilds on SQLite are known to lose rows.
type migrationRefuser struct{ migrator.Migrator }

func refuseMigrations(db *gorm.DB, dialector gorm.Dialector) gorm.Migrator {
	return migrationRefuser{migrator.Migrator{Config: migrator.Config{DB: db, Dialector: dialector}}}
}

func (migrationRefuser) AutoMigrate(...any) error                 { return errMigrator }
func (migrationRefuser) CreateTable(...any) error                 { return errMigrator }
func (migrationRefuser) DropTable(...any) error                   { return errMigrator }
func (migrationRefuser) RenameTable(any, any) error               { return errMigrator }
func (migrationRefuser) AddColumn(any, string) error              { return errMigrator }
func (migrationRefuser) DropColumn(any, string) error             { return errMigrator }
func (migrationRefuser) AlterColumn(any, string) error            { return errMigrator }
func (migrationRefuser) RenameColumn(any, string, string) error   { return errMigrator }
func (migrationRefuser) CreateView(string, gorm.ViewOption) error { return errMigrator }
func (migrationRefuser) DropView(string) error                    { return errMigrator }
func (migrationRefuser) CreateConstraint(any, string) error       { return errMigrator }
func (migrationRefuser) DropConstraint(any, string) error         { return errMigrator }
func (migrationRefuser) CreateIndex(any, string) error            { return errMigrator }
func (migrationRefuser) DropIndex(any, string) error              { return errMigrator }
func (migrationRefuser) RenameIndex(any, string, string) error    { return errMigrator }
func (migrationRefuser) MigrateColumn(any, *schema.Field, gorm.ColumnType) error {
	return errMigrator
}
func (migrationRefuser) MigrateColumnUnique(any, *schema.Field, gorm.ColumnType) error {
	return errMigrator
}
