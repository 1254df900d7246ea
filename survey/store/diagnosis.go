package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tidemark/migrations"
	"tidemark/survey"
)

// Database tells of the database itself.
func (r reader) Database(ctx context.Context) (survey.Database, error) {
	d := survey.Database{Engine: "SQLite"}
	read := r.sqliteFacts
	dialect := migrations.Dialect(r.db.Dialector.Name())
	if dialect == migrations.Postgres {
		d.Engine, read = "PostgreSQL", r.postgresFacts
	}
	var err error
	if d.Wanted, err = migrations.Latest(dialect); err != nil {
		return d, wrap(err, "the database")
	}
	schema := 0
	if err := r.one(ctx, []any{&schema}, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`); err != nil {
		return d, wrap(err, "the schema of the database")
	}
	d.Schema = int64(schema)
	return d, wrap(read(ctx, &d), "the database")
}

// sqlitePragmas are what is told of SQLite, besides what every connection is held to.
var sqlitePragmas = []string{"journal_mode", "synchronous", "foreign_keys", "secure_delete", "recursive_triggers", "busy_timeout"}

func (r reader) sqliteFacts(ctx context.Context, d *survey.Database) error {
	size := 0
	err := r.one(ctx, []any{&d.Version, &size}, `SELECT sqlite_version(), p.page_count * s.page_size FROM pragma_page_count p, pragma_page_size s`)
	if err != nil {
		return err
	}
	d.Size = int64(size)
	for _, name := range sqlitePragmas {
		value := ""
		column := name
		if name == "busy_timeout" {
			column = "timeout"
		}
		if err := r.one(ctx, []any{&value}, fmt.Sprintf(`SELECT CAST(%s AS TEXT) FROM pragma_%s`, column, name)); err != nil {
			return err
		}
		d.Settings = append(d.Settings, survey.Setting{Name: name, Value: value})
	}
	return nil
}

func (r reader) postgresFacts(ctx context.Context, d *survey.Database) error {
	size, clock := 0, instant{}
	err := r.one(ctx, []any{&d.Version, &size, &clock, &d.ReadOnly}, `SELECT current_setting('server_version'),
		pg_database_size(current_database()), clock_timestamp(),
		pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'`)
	if err != nil {
		return err
	}
	d.Size, d.Clock = int64(size), clock.time()
	var s survey.Setting
	return r.each(ctx, []any{&s.Name, &s.Value}, func() error {
		d.Settings = append(d.Settings, s)
		return nil
	}, `SELECT lower(name)::text, setting::text FROM pg_settings WHERE name IN ('synchronous_commit', 'server_encoding', 'TimeZone', 'fsync',
		'full_page_writes', 'data_checksums', 'max_connections') ORDER BY 1`)
}

// Unsound looks through the whole database.
func (r reader) Unsound(ctx context.Context) ([]string, error) {
	faults := []string{}
	text := ""
	note := func() error {
		if text != "ok" {
			faults = append(faults, text)
		}
		return nil
	}
	if r.db.Dialector.Name() == string(migrations.Postgres) {
		// Pages are checked by the server as it reads them; this is what it has found.
		err := r.stream(ctx, []any{&text}, note, `SELECT 'the index ' || c.relname || ' is not valid' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid
			UNION ALL SELECT 'the rule ' || conname || ' was never checked' FROM pg_constraint WHERE NOT convalidated
			UNION ALL SELECT 'the server found ' || checksum_failures || ' damaged pages' FROM pg_stat_database
			WHERE datname = current_database() AND checksum_failures > 0`)
		return faults, wrap(err, "look through the database")
	}
	err := r.stream(ctx, []any{&text}, note, `SELECT integrity_check FROM pragma_integrity_check LIMIT 20`)
	if err == nil {
		err = r.stream(ctx, []any{&text}, note, `SELECT DISTINCT 'a row of ' || "table" || ' refers to one of ' || parent || ' that is not there' FROM pragma_foreign_key_check LIMIT 20`)
	}
	return faults, wrap(err, "look through the database")
}

// PoolUse is how connections are used.
type PoolUse struct {
	Most, InUse int
	Waits       int64         // how often somebody waited for one
	Waited      time.Duration // for how long in all
}

// Pools are the connections of a store, by what they are for.
func (s *Store) Pools() map[string]PoolUse {
	pools := map[string]PoolUse{"read": poolUse(s.readPool)}
	if s.writePool != s.readPool {
		pools["write"] = poolUse(s.writePool)
	}
	return pools
}

func poolUse(pool *sql.DB) PoolUse {
	use := pool.Stats()
	return PoolUse{Most: use.MaxOpenConnections, InUse: use.InUse, Waits: use.WaitCount, Waited: use.WaitDuration}
}
