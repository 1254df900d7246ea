package store_test

import (
	"slices"
	"strings"
	"testing"

	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// inTheOpen are the columns of text about people that are not sealed: codes, kinds and
// days, answers, what staff wrote as evidence, what was sealed as text, and the tables
// from which migrating takes what is to be sealed. docs/encryption.md argues for each.
func inTheOpen() map[string]string {
	return map[string]string{
		"alert_step":           "by_kind by_name note step to_name",
		"allocation_draw":      "chain kind levels reason stratum unit",
		"assessment":           "item_order",
		"audit_event":          "action actor_kind detail hash object_kind",
		"audit_text":           "new_value old_value reason salt",
		"consent":              "language",
		"consent_choice":       "choice language",
		"contact":              "channel",
		"enrolment":            "language linked_to time_zone withdrawn_for",
		"entry_ticket":         "language",
		"erasure":              "by_kind code",
		"group_release_member": "figure occasion",
		"import_change":        "after before",
		"outbox_message":       "about key kind last_error letter outcome reason sent_to to_kind",
		"participant":          "code",
		"person_note":          "author_name",
		"practice_log":         "day practice",
		"private_note":         "kind",
		"response":             "item language layout missing source text",
		"response_history":     "item language layout missing source text",
		"risk_alert":           "acknowledged_by acknowledged_name item note",
		"risk_flag":            "item",
		"score":                "reason rule scale",
		"self_code_decision":   "decided_by reason undone_by undone_why verdict",
		"self_code_swap":       "first_assessment second_assessment",
		"sign_in":              "browser kind way",
		"unsealed_contact":     "email name phone",
		"unsealed_note":        "author_name text",
		"webhook_delivery":     "about detail kind last_error",
	}
}

// TestNoTextAboutPeopleIsStoredInTheOpenUnseen fails for a new column of text in a
// table about people. Seal it, or argue for it in docs/encryption.md and name it above.
func TestNoTextAboutPeopleIsStoredInTheOpenUnseen(t *testing.T) {
	t.Parallel()
	s, open := storetest.SQLite(t), inTheOpen()
	for _, table := range append(store.PersonTables(), "entry_ticket", "planned_person") {
		known := strings.Fields(open[table])
		for _, c := range query(t, s, `SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'`, table) {
			key := c[0] == "id" || strings.HasSuffix(c[0], "_id") || strings.HasSuffix(c[0], "_hash")
			if !key && !slices.Contains(known, c[0]) {
				t.Errorf("%s.%s", table, c[0])
			}
		}
	}
}
