package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tidemark/migrations"
)

const (
	sqliteTables = `SELECT m.name, c.name, lower(c.type), c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version' ORDER BY m.name, c.name`
	postgresTables = `SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL),
			coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		WHERE c.relkind IN ('r', 'p') AND c.relname <> 'goose_db_version'
		ORDER BY c.relname COLLATE "C", a.attname COLLATE "C"`
)

// tables are those of the database, whatever its schema: a database that an older
// program left, or a newer one, can be told as well.
func (r reader) tables(ctx context.Context) ([]canonTable, error) {
	statement := sqliteTables
	if r.db.Dialector.Name() == string(migrations.Postgres) {
		statement = postgresTables
	}
	var all []canonTable
	var table, column, stored string
	var place int
	type part struct {
		name  string
		place int
	}
	keys := map[string][]part{}
	err := r.each(ctx, []any{&table, &column, &stored, &place}, func() error {
		kind, ok := canonKinds[stored]
		if !ok {
			return fmt.Errorf("column %s.%s has the type %q, which is not known", table, column, stored)
		}
		if len(all) == 0 || all[len(all)-1].name != table {
			all = append(all, canonTable{name: table})
		}
		t := &all[len(all)-1]
		t.columns = append(t.columns, canonColumn{column, kind, stored})
		if place > 0 {
			keys[table] = append(keys[table], part{column, place})
		}
		return nil
	}, statement)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	for i := range all {
		key := keys[all[i].name]
		slices.SortFunc(key, func(a, b part) int { return a.place - b.place })
		for _, k := range key {
			all[i].key = append(all[i].key, k.name)
		}
		if len(key) == 0 { // any two rows differ somewhere, or it does not matter
			for _, c := range all[i].columns {
				all[i].key = append(all[i].key, c.name)
			}
		}
	}
	return all, nil
}

// RowCounts counts the rows of every table.
func (s *Store) RowCounts(ctx context.Context) (map[string]int64, error) {
	tables, err := s.tables(ctx)
	if err != nil {
		return nil, err
	}
	return s.count(ctx, tables)
}

func (r reader) count(ctx context.Context, tables []canonTable) (map[string]int64, error) {
	counts := map[string]int64{}
	var n int64
	// SQLite takes no more than 500 selects in one.
	for list := range slices.Chunk(tables, 50) {
		parts := make([]string, len(list))
		for i, t := range list {
			parts[i] = `SELECT '` + t.name + `' AS name, count(*) AS n FROM ` + quoted(t.name)
		}
		var name string
		err := r.each(ctx, []any{&name, &n}, func() error {
			counts[name] = n
			return nil
		}, strings.Join(parts, " UNION ALL "))
		if err != nil {
			return nil, fmt.Errorf("count rows: %w", err)
		}
	}
	return counts, nil
}

// ErrNotEmpty is what a database gets that is to be filled and has rows already.
var ErrNotEmpty = errors.New("the database is not empty")
