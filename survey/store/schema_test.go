package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/migrations"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// table is what both engines can say of a table, in the same words.
type table struct {
	Columns []string // name, kind and whether it may be null, in order
	Keys    []string // primary, unique and other indexes, sorted
	Refers  []string // foreign keys, sorted
	Checks  int      // besides those that make a truth value of a number
}

func TestBothEnginesHaveTheSameSchema(t *testing.T) {
	t.Parallel()
	sqlite, postgres := storetest.SQLite(t), storetest.Postgres(t)
	ours, theirs := sqliteSchema(t, sqlite), postgresSchema(t, postgres)
	if len(ours) < 15 {
		t.Fatalf("only %d tables were found", len(ours))
	}
	if diff := cmp.Diff(ours, theirs); diff != "" {
		t.Errorf("SQLite (-), PostgreSQL (+):\n%s", diff)
	}
}

func TestTextKeysSortByTheirBytesOnPostgres(t *testing.T) {
	t.Parallel()
	s := storetest.Postgres(t)
	for _, r := range query(t, s, `
		SELECT c.relname || '.' || a.attname
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
		JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
		JOIN pg_collation l ON l.oid = a.attcollation
		WHERE l.collname <> 'C' AND c.relname <> 'goose_db_version'`) {
		t.Errorf("%s would sort by the language of the database", r[0])
	}
}

// query gives the rows of a query as text.
func query(t *testing.T, s *store.Store, statement string, args ...any) [][]string {
	t.Helper()
	rows, err := s.ReadPool().QueryContext(t.Context(), statement, args...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer func() {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(columns))
		for i, v := range values {
			row[i] = v.String
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func column(name, kind string, nullable bool) string {
	if nullable {
		kind += ", or null"
	}
	return name + " " + kind
}

// kindOf names what a column holds, as far as SQLite tells kinds apart.
func kindOf(declared string) string {
	switch strings.ToLower(declared) {
	case "integer", "bigint", "boolean", "timestamp with time zone":
		return "number"
	case "real", "double precision":
		return "float"
	case "text":
		return "text"
	case "blob", "bytea":
		return "bytes"
	}
	return declared
}

func sqliteSchema(t *testing.T, s *store.Store) map[string]table {
	t.Helper()
	all := map[string]table{}
	for _, r := range query(t, s, `SELECT name, sql FROM sqlite_master WHERE type = 'table'
		AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'`) {
		name, text := r[0], r[1]
		tab := table{Checks: strings.Count(text, "CHECK (") - strings.Count(text, "IN (0, 1)")}
		for _, c := range query(t, s, `SELECT name, type, "notnull" FROM pragma_table_info(?) ORDER BY cid`, name) {
			tab.Columns = append(tab.Columns, column(c[0], kindOf(c[1]), c[2] == "0"))
		}
		for _, i := range query(t, s, `SELECT name, "unique", origin, partial FROM pragma_index_list(?)`, name) {
			var columns []string
			for _, c := range query(t, s, `SELECT coalesce(name, 'expression') FROM pragma_index_info(?) ORDER BY seqno`, i[0]) {
				columns = append(columns, c[0])
			}
			tab.Keys = append(tab.Keys, key(i[2] == "pk", i[1] == "1", i[3] == "1", columns))
		}
		refers := map[string][2][]string{} // by number: columns here and there
		target := map[string]string{}
		for _, f := range query(t, s, `SELECT id, "table", "from", "to", on_delete, on_update FROM pragma_foreign_key_list(?) ORDER BY id, seq`, name) {
			pair := refers[f[0]]
			refers[f[0]] = [2][]string{append(pair[0], f[2]), append(pair[1], f[3])}
			target[f[0]] = fmt.Sprintf("%s, %s", f[1], strings.ToLower(f[4]))
		}
		for id, pair := range refers {
			tab.Refers = append(tab.Refers, fmt.Sprintf("%v to %v of %s", pair[0], pair[1], target[id]))
		}
		slices.Sort(tab.Keys)
		slices.Sort(tab.Refers)
		all[name] = tab
	}
	return all
}

func key(primary, unique, partial bool, columns []string) string {
	kind := "index"
	switch {
	case primary:
		kind = "primary"
	case unique:
		kind = "unique"
	}
	if partial {
		kind = "partial " + kind
	}
	return fmt.Sprintf("%s %v", kind, columns)
}

func postgresSchema(t *testing.T, s *store.Store) map[string]table {
	t.Helper()
	all := map[string]table{}
	for _, r := range query(t, s, `SELECT c.oid, c.relname,
			(SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c')
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
		WHERE c.relkind = 'r' AND c.relname <> 'goose_db_version'`) {
		oid, name := r[0], r[1]
		var tab table
		if _, err := fmt.Sscan(r[2], &tab.Checks); err != nil {
			t.Fatal(err)
		}
		for _, c := range query(t, s, `SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
			WHERE attrelid = $1::text::oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, oid) {
			tab.Columns = append(tab.Columns, column(c[0], kindOf(c[1]), c[2] == "false"))
			if instant := c[1] == "timestamp with time zone"; instant != (strings.HasSuffix(c[0], "_at") || c[0] == "at") {
				t.Errorf("%s.%s is a %s", name, c[0], c[1])
			}
		}
		for _, i := range query(t, s, `SELECT indisprimary, indisunique, indpred IS NOT NULL, (
				SELECT string_agg(coalesce(a.attname, 'expression'), ' ' ORDER BY k.place)
				FROM unnest(indkey::int[]) WITH ORDINALITY k (number, place)
				LEFT JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = k.number)
			FROM pg_index WHERE indrelid = $1::text::oid`, oid) {
			tab.Keys = append(tab.Keys, key(i[0] == "true", i[1] == "true", i[2] == "true", strings.Fields(i[3])))
		}
		for _, f := range query(t, s, `SELECT confrelid::regclass::text, confdeltype,
				(SELECT string_agg(a.attname, ' ' ORDER BY k.place) FROM unnest(conkey) WITH ORDINALITY k (number, place)
					JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.number),
				(SELECT string_agg(a.attname, ' ' ORDER BY k.place) FROM unnest(confkey) WITH ORDINALITY k (number, place)
					JOIN pg_attribute a ON a.attrelid = confrelid AND a.attnum = k.number)
			FROM pg_constraint WHERE conrelid = $1::text::oid AND contype = 'f'`, oid) {
			onDelete := map[string]string{"r": "restrict", "a": "no action", "c": "cascade", "n": "set null", "d": "set default"}[f[1]]
			tab.Refers = append(tab.Refers, fmt.Sprintf("%v to %v of %s, %s", strings.Fields(f[2]), strings.Fields(f[3]), f[0], onDelete))
		}
		slices.Sort(tab.Keys)
		slices.Sort(tab.Refers)
		all[name] = tab
	}
	return all
}

func TestPublishedConsentTextsCannotBeChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := open(t)
		now, truth := "0", "0"
		if s.Dialect() == migrations.Postgres {
			now, truth = "now()", "false"
		}
		exec := func(statement string) error {
			_, err := s.WritePool().ExecContext(t.Context(), statement)
			return err
		}
		for _, statement := range []string{
			`INSERT INTO study (id, key, title, state, simulated, language, time_zone, consent_version, trend_minimum, primary_scale, created_at)
				VALUES ('s', 's', '', 'draft', ` + truth + `, 'en', 'UTC', 1, 5, '', ` + now + `)`,
			// As it was written before there were elements and languages.
			`INSERT INTO consent_text (study_id, version, language, title, body, created_at)
				VALUES ('s', 1, 'en', 'Old', '## Why' || chr(10) || chr(10) || 'Because.', ` + now + `)`,
			`INSERT INTO consent_text_language VALUES ('s', 1, 'de', '{}', 'h', ` + now + `)`,
		} {
			if s.Dialect() != migrations.Postgres {
				statement = strings.ReplaceAll(statement, "chr(", "char(")
			}
			if err := exec(statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		statements := []string{
			`UPDATE consent_text SET body = 'x'`, `UPDATE consent_text SET wording_only = NOT wording_only`, `DELETE FROM consent_text`,
			`UPDATE consent_text_language SET content = '{"x": 1}'`, `DELETE FROM consent_text_language`,
		}
		if s.Dialect() == migrations.Postgres {
			statements = append(statements, `TRUNCATE consent_text CASCADE`, `TRUNCATE consent_text_language`)
		}
		for _, statement := range statements {
			if err := exec(statement); err == nil {
				t.Errorf("%s was allowed", statement)
			}
		}
		old, err := s.ConsentText(t.Context(), "s", 1)
		if err != nil || old.Text.Structured() || len(old.Text.Sections) != 1 || old.Text.Sections[0].Heading != "Why" || old.Text.Sections[0].Body != "Because." {
			t.Errorf("an old text is read as %+v (%v)", old, err)
		}
	})
}

func TestLockedPlansAndSealedSnapshotsCannotBeChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := open(t)
		exec := func(statement string) error {
			_, err := s.WritePool().ExecContext(t.Context(), statement)
			return err
		}
		now, truth, one := "0", "1", "x'01'"
		if s.Dialect() == migrations.Postgres {
			now, truth, one = "now()", "true", `'\x01'`
		}
		rows := func() string {
			return fmt.Sprint(query(t, s, `SELECT version, content, locked_at FROM analysis_plan ORDER BY version`),
				query(t, s, `SELECT id, name, hash, removed_reason FROM snapshot ORDER BY id`),
				query(t, s, `SELECT snapshot_id, position, length(content) FROM snapshot_chunk ORDER BY snapshot_id`))
		}
		aPlan := func(version, locked string) string {
			return `INSERT INTO analysis_plan VALUES ('s', ` + version + `, 1, '', '{}', ` + now + `, 'user', '', '', ` +
				locked + `, '', 0, 0, 0, 0)`
		}
		aSnapshot := func(id, hash, sealed string) string {
			return `INSERT INTO snapshot VALUES ('s', '` + id + `', ` + id + `, 'n', '', ` + now + `, 'user', '', '', '', '', '` +
				hash + `', 0, 0, 0, 0, 0, 0, 0, 0, 0, '', ` + sealed + `, NULL, NULL, '', '', '')`
		}
		for _, statement := range []string{
			`INSERT INTO study (id, key, title, state, simulated, language, time_zone, consent_version, trend_minimum, primary_scale, created_at)
				VALUES ('s', 's', '', 'draft', ` + truth + `, 'en', 'UTC', 0, 5, '', ` + now + `)`,
			aPlan("1", now+`, 'user', '', '', 'h'`), aPlan("2", `NULL, NULL, '', '', ''`),
			aSnapshot("1", "", "NULL"), aSnapshot("2", "", "NULL"),
			`INSERT INTO snapshot_chunk VALUES ('s', '1', 0, ` + one + `)`, `INSERT INTO snapshot_chunk VALUES ('s', '2', 0, ` + one + `)`,
			`UPDATE snapshot SET hash = 'h', sealed_at = ` + now + ` WHERE id = '1'`,
		} {
			if err := exec(statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		before := rows()
		statements := []string{
			`UPDATE analysis_plan SET content = '{"x": 1}' WHERE version = 1`,
			`UPDATE analysis_plan SET locked_at = NULL, locked_kind = NULL, hash = '' WHERE version = 1`,
			`DELETE FROM analysis_plan`,
			aPlan("3", `NULL, NULL, '', '', ''`), // a second draft
			`UPDATE snapshot SET name = 'm' WHERE id = '1'`,
			`UPDATE snapshot SET sealed_at = NULL, hash = '' WHERE id = '1'`,
			`UPDATE snapshot SET name = 'm', removed_at = ` + now + `, removed_kind = 'user' WHERE id = '1'`,
			`DELETE FROM snapshot WHERE id = '1'`,
			`INSERT INTO snapshot_chunk VALUES ('s', '1', 1, ` + one + `)`,
			`UPDATE snapshot_chunk SET position = 5`,
			`DELETE FROM snapshot_chunk WHERE snapshot_id = '1'`,
		}
		if s.Dialect() == migrations.Postgres {
			statements = append(statements, `TRUNCATE analysis_plan`, `TRUNCATE snapshot CASCADE`, `TRUNCATE snapshot_chunk`)
		} else {
			statements = append(statements, `REPLACE INTO snapshot_chunk VALUES ('s', '1', 0, x'02')`)
		}
		for _, statement := range statements {
			if err := exec(statement); err == nil {
				t.Errorf("%s was allowed", statement)
			}
		}
		if after := rows(); after != before {
			t.Errorf("got %s, want %s", after, before)
		}
		for _, statement := range []string{
			`DELETE FROM analysis_plan WHERE version = 2`,
			`DELETE FROM snapshot_chunk WHERE snapshot_id = '2'`, `DELETE FROM snapshot WHERE id = '2'`,
			`UPDATE snapshot SET removed_at = ` + now + `, removed_kind = 'user', removed_reason = 'r' WHERE id = '1'`,
			`DELETE FROM snapshot_chunk WHERE snapshot_id = '1'`,
		} {
			if err := exec(statement); err != nil {
				t.Errorf("%s: %v", statement, err)
			}
		}
		if err := exec(`UPDATE snapshot SET removed_reason = 'other' WHERE id = '1'`); err == nil {
			t.Error("a note of a removal was changed")
		}
	})
}

func TestWhatMustNotChangeCannotBeChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := open(t)
		rows := func() string {
			return fmt.Sprint(query(t, s, `SELECT id, definition FROM instrument_version ORDER BY id`),
				query(t, s, `SELECT id, detail FROM audit_event ORDER BY id`), query(t, s, `SELECT id, simulated FROM study ORDER BY id`))
		}
		exec := func(statement string) error {
			_, err := s.WritePool().ExecContext(t.Context(), statement)
			return err
		}
		now, truth := "0", "1"
		if s.Dialect() == migrations.Postgres {
			now, truth = "now()", "true"
		}
		for _, statement := range []string{
			`INSERT INTO instrument_version (id, key, version, hash, definition, created_at) VALUES ('i', 'k', '1.0.0', 'h', '{}', ` + now + `)`,
			`INSERT INTO audit_event (study_id, id, at, actor_kind, actor_id, action, object_kind, object_id, detail)
				VALUES ('', 'e', ` + now + `, 'system', '', 'a', '', '', 'first')`,
			`INSERT INTO study (id, key, title, state, simulated, language, time_zone, consent_version, trend_minimum, primary_scale, created_at)
				VALUES ('s', 's', '', 'draft', ` + truth + `, 'en', 'UTC', 0, 5, '', ` + now + `)`,
		} {
			if err := exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		before := rows()
		statements := []string{
			`UPDATE instrument_version SET definition = '{"x": 1}'`,
			`DELETE FROM instrument_version`,
			`UPDATE audit_event SET detail = 'second'`,
			`DELETE FROM audit_event WHERE id = 'e'`,
			`UPDATE study SET simulated = NOT simulated`,
		}
		if s.Dialect() == migrations.Postgres {
			statements = append(statements, `TRUNCATE audit_event`, `TRUNCATE instrument_version CASCADE`)
		} else {
			statements = append(statements,
				`INSERT OR REPLACE INTO instrument_version VALUES ('i', 'k', '1.0.0', 'h', '{"x": 1}', 0)`,
				`REPLACE INTO audit_event VALUES ('', 'e', 0, 'system', '', 'a', '', '', 'second')`)
		}
		for _, statement := range statements {
			if err := exec(statement); err == nil {
				t.Errorf("%s was allowed", statement)
			}
		}
		if err := exec(`UPDATE study SET title = 'new'`); err != nil {
			t.Errorf("the rest of a study can change: %v", err)
		}
		if after := rows(); after != before {
			t.Errorf("got %s, want %s", after, before)
		}
	})
}
