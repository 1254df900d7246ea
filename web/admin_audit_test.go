package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

func TestTheAuditTrailIsFilteredPagedAndTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	boss := w.signedIn(t, "boss@example.org", administrator())
	const many = auditLines + 30
	err := w.store.InTx(t.Context(), func(tx survey.Tx) error {
		for i := range many {
			e := survey.AuditEvent{
				ID: survey.AuditID(fmt.Sprintf("%03d", i)), StudyID: w.study.ID, At: w.now().Add(-time.Hour), ActorKind: survey.ActorSystem,
				ActorID: "night shift", Action: survey.ActionExported, ObjectKind: "file", ObjectID: "object-" + fmt.Sprintf("%03d", i), Detail: "=1+" + fmt.Sprintf("%03d", i),
			}
			if i == 7 {
				e.Tell(survey.AuditText{Salt: strings.Repeat("0a", 32), Old: "2 of 5", New: "3 of 5", Reason: "It was <misread>."})
			}
			if err := tx.AppendAudit(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	filter := url.Values{"study": {w.study.Key}, "who": {"system"}, "what": {"data.exported"}, "from": {"2026-11-20"}, "to": {"2026-11-24"}}
	first := boss.get("/admin/audit?"+filter.Encode()).want(200, "Night shift exported data", "waits for its place")
	if n := strings.Count(first.text(), "Night shift exported data"); n != auditLines {
		t.Errorf("the first page has %d lines", n)
	}
	second := first.follow("Older").want(200, "This is the oldest that fits.", "from 2 of 5 to 3 of 5", "Reason: It was <misread>.")
	if n := strings.Count(second.text(), "Night shift exported data"); n != many-auditLines {
		t.Errorf("the second page has %d lines, want %d", n, many-auditLines)
	}
	for name, none := range map[string]url.Values{
		"another study":  {"study": {onInstallation}, "who": {"system"}, "what": {"data.exported"}},
		"another person": {"who": {string(survey.ActorParticipant)}, "what": {"data.exported"}},
		"another day":    {"what": {"data.exported"}, "to": {"2026-11-01"}},
		"another object": {"object": {"object-nine"}},
	} {
		if s := boss.get("/admin/audit?" + none.Encode()).want(200); !strings.Contains(s.text(), "No line fits.") {
			t.Errorf("%s: %s", name, s.text())
		}
	}
	if s := boss.get("/admin/audit?object=object-003").want(200); strings.Count(s.text(), "exported data") != 1+1 { // and the choice in the list
		t.Errorf("one object: %s", s.text())
	}
	boss.get("/admin/audit?from=2026-02-30&object=kept").want(422, "Write the day as 2026-11-30.")
	boss.get("/admin/audit?from=2026-03-02&to=2026-03-01").want(422, "The last day is before the first.")
	boss.get("/admin/audit?before=x.y").want(404)

	if _, err := w.cases.Audits.Seal(t.Context(), survey.SystemActor("test")); err != nil {
		t.Fatal(err)
	}
	boss.post("/admin/audit/check", filter).want(200, "as they were written")
	boss.get("/admin/audit?study="+onInstallation).want(200, "checked the audit trail: 0 faults")

	filter.Set("format", "jsonl")
	lines := strings.Split(strings.TrimSpace(boss.post("/admin/audit/export", filter).want(200).body), "\n")
	var line map[string]any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &line); err != nil || len(lines) != many || line["hash"] == "" || line["line"] == 0.0 {
		t.Errorf("%d lines, the last %v (%v)", len(lines), line, err)
	}
	filter.Set("format", "csv")
	rows, err := csv.NewReader(strings.NewReader(boss.post("/admin/audit/export", filter).want(200).body)).ReadAll()
	if err != nil || len(rows) != many+1 || rows[0][1] != "line" || !strings.HasPrefix(rows[1][10], "'=") {
		t.Errorf("%d rows (%v), the second %v", len(rows), err, rows[1])
	}
	boss.get("/admin/audit?what=audit.exported").want(200, "took a copy of the audit trail: by a system, action data.exported, from 2026-11-20, before 2026-11-25")
	filter.Set("format", "xml")
	boss.post("/admin/audit/export", filter).want(400)
}
