package store_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// TestErasureKnowsEveryTableOfAPerson fails when a table with something of a person
// in it is in the schema and not in the list in erasure.go.
func TestErasureKnowsEveryTableOfAPerson(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	listed := store.PersonTables()
	for _, r := range query(t, s, `SELECT m.name, group_concat(c.name) FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.name IN ('enrolment_id', 'participant_id', 'assessment_id') GROUP BY m.name`) {
		if !slices.Contains(listed, r[0]) {
			t.Errorf("table %s has %s, and erasure.go does not say what becomes of it", r[0], r[1])
		}
	}
	for _, name := range append([]string{"participant", "enrolment"}, listed...) {
		if !slices.Contains(listed, name) {
			t.Errorf("%s is not listed", name)
		}
		if len(query(t, s, `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, name)) != 1 {
			t.Errorf("there is no table %s", name)
		}
	}
}

// TestErasedBytesAreGoneFromTheFiles looks for a person's name, address and
// identifiers in the database's file and its log.
func TestErasedBytesAreGoneFromTheFiles(t *testing.T) {
	t.Parallel()
	dsn := storetest.SQLiteDSN(t)
	path := strings.TrimPrefix(dsn, "sqlite:")
	s := storetest.Open(t, dsn)
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := s.WritePool().ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	find := func(canary string) (found []string) {
		for _, file := range []string{path, path + "-wal", path + "-shm"} {
			data, err := os.ReadFile(file)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			if bytes.Contains(data, []byte(canary)) {
				found = append(found, file)
			}
		}
		return found
	}
	exec(`CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)`)
	canary := "canary-7f3a"
	for i := range 2000 { // rows small and large, over many pages
		exec(`INSERT INTO note VALUES (?, ?)`, i, fmt.Sprintf("%s-%d-%s", canary, i%2, strings.Repeat("x", i%7*800)))
	}
	if len(find(canary+"-1")) == 0 {
		t.Fatal("the canary is not there to begin with")
	}
	exec(`DELETE FROM note WHERE id % 2 = 1`)
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if where := find(canary + "-1"); len(where) > 0 {
		t.Errorf("what was removed is still in %v", where)
	}
	if len(find(canary+"-0")) == 0 {
		t.Error("what was not removed is gone")
	}
}
