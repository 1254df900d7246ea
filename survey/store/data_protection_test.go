package store_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"tidemark/survey"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// TestTheDocumentSaysWhatEveryTableHolds compares the table of docs/data-protection.md
// with the schema, and what it says of erasure and of time limits with the program.
func TestTheDocumentSaysWhatEveryTableHolds(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/data-protection.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string][]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$").FindAllStringSubmatch(string(text), -1) {
		if said[row[1]] != nil {
			t.Errorf("%s is there twice", row[1])
		}
		said[row[1]] = row[2:]
	}
	s := storetest.SQLite(t)
	var tables []string
	for _, row := range query(t, s, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%'`) {
		tables = append(tables, row[0])
		of := said[row[0]]
		if of == nil {
			t.Errorf("docs/data-protection.md does not say what is in the table %s; add a row for it", row[0])
			continue
		}
		erased, limit := store.Fate(row[0])
		if of[1] != erased || of[2] != limit {
			t.Errorf("docs/data-protection.md says of %s: at an erasure %q, time limit %q; the program: %q, %q", row[0], of[1], of[2], erased, limit)
		}
	}
	for name := range said {
		if !slices.Contains(tables, name) {
			t.Errorf("docs/data-protection.md tells of a table %s, which is not there", name)
		}
	}
}

// TestEveryKindHasItsTables: a kind that a study decides about is not empty, and nothing
// that proves something is in one.
func TestEveryKindHasItsTables(t *testing.T) {
	t.Parallel()
	found := map[survey.RetentionKind]int{}
	for _, name := range store.PersonTables() {
		erased, limit := store.Fate(name)
		found[survey.RetentionKind(limit)]++
		proof := erased != "goes" || slices.Contains([]string{"consent", "consent_choice", "enrolment", "participant", "audit_event"}, name)
		if proof && limit != "–" {
			t.Errorf("%s is removed with %s", name, limit)
		}
	}
	for _, k := range survey.RetentionKinds() {
		if found[k] == 0 {
			t.Errorf("no table is of kind %s", k)
		}
	}
}
