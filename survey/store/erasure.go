package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidemark/survey"
)

// reference is how the rows of a table tell whose they are.
type reference string

const (
	byEnrolment   reference = `t.study_id = ? AND t.enrolment_id = ?`
	byAssessment  reference = `t.study_id = ? AND t.assessment_id IN (SELECT a.id FROM assessment a WHERE a.study_id = t.study_id AND a.enrolment_id = ?)`
	byAlert       reference = `t.study_id = ? AND t.alert_id IN (SELECT r.id FROM risk_alert r JOIN assessment a ON a.study_id = r.study_id AND a.id = r.assessment_id WHERE r.study_id = t.study_id AND a.enrolment_id = ?)`
	byParticipant reference = `t.study_id = ? AND t.participant_id = (SELECT e.participant_id FROM enrolment e WHERE e.study_id = t.study_id AND e.id = ?)`
	theEnrolment  reference = `t.study_id = ? AND t.id = ?`
	toPerson      reference = `t.study_id = ? AND t.to_kind = 'participant' AND t.to_id = ?`
	byDecision    reference = `t.study_id = ? AND t.decision_id IN (SELECT d.id FROM self_code_decision d WHERE d.study_id = t.study_id AND ? IN (d.first_id, d.second_id))`
	theDecision   reference = `t.study_id = ? AND ? IN (t.first_id, t.second_id)`
	theTrail      reference = `t.study_id = ? AND t.actor_kind = 'participant' AND t.actor_id = ?`
)

// personTable is a table with something of a person in it.
type personTable struct {
	name string
	of   reference
	kind survey.HoldingKind // as which its rows are counted; empty: not at all
	// kept says why its rows outlive an erasure; empty: they go.
	kept string
	// freed is what is set in rows that stay, so that nothing in them says whose
	// they were; empty: nothing is.
	freed string
	// told: its rows are in a person's copy in words, so that they need not be
	// there as the database has them.
	told bool
	// secret are columns that nobody is handed: hashes and ciphers.
	secret []string
	// sealed is a column that the person's key opens; it is handed out as text.
	sealed sealedColumn
}

// sealedColumn is a column sealed under the person's key for a label and the row's id,
// and under which name it is handed out.
type sealedColumn struct{ name, as, label string }

// personTables is every table that holds something of a person, and what becomes
// of it at an erasure, in the order in which rows are removed: what refers to
// others first. A test reads the schema and fails when a table with an enrolment,
// a participant or an assessment in it is not here. Removing the enrolment itself
// is what makes an erasure whole: whatever else still refers to it, now or in a
// transaction under way, makes the database refuse.
func personTables() []personTable {
	return []personTable{
		{name: "group_release_member", of: byEnrolment, kind: survey.HoldParticipation},         // the figure stays, of nobody
		{name: "audit_text", of: byEnrolment, kind: survey.HoldTrail, secret: []string{"salt"}}, // its line keeps a hash without its salt
		{name: "score", of: byAssessment, kind: survey.HoldScores, told: true},
		{name: "alert_step", of: byAlert, kind: survey.HoldSafety, secret: []string{"by_id", "by_name", "to_name"}, sealed: sealedColumn{"note", "note", stepLabel}},
		{name: "risk_alert", of: byAssessment, kind: survey.HoldSafety, secret: []string{"acknowledged_by", "acknowledged_name"}, sealed: sealedColumn{"note", "note", alertLabel}},
		{name: "risk_flag", of: byEnrolment, kind: survey.HoldSafety},
		{name: "webhook_delivery", of: byEnrolment, kind: survey.HoldMessages},
		{name: "outbox_message", of: toPerson, kind: survey.HoldMessages},
		{name: "page_visit", of: byAssessment, kind: survey.HoldQuestionnaires},
		{name: "response", of: byAssessment, kind: survey.HoldAnswers, told: true},
		{name: "response_history", of: byAssessment}, // which the removal of a response fills
		{name: "self_code_swap", of: byDecision},
		{name: "self_code_decision", of: theDecision, kind: survey.HoldParticipation, secret: []string{"decided_by", "undone_by"}},
		{name: "import_change", of: byAssessment, kind: survey.HoldQuestionnaires},
		{name: "import_person", of: byEnrolment, kind: survey.HoldParticipation},
		{name: "assessment", of: byEnrolment, kind: survey.HoldQuestionnaires, told: true},
		{name: "attendance", of: byEnrolment, kind: survey.HoldAttendance, told: true},
		{name: "person_note", of: byEnrolment, kind: survey.HoldStaffNotes, secret: []string{"author_id"}, sealed: sealedColumn{"sealed", "text", personNoteLabel}},
		{name: "crossover_attendance", of: byEnrolment, kind: survey.HoldAttendance},
		{name: "crossover", of: byEnrolment, kind: survey.HoldParticipation},
		{name: "allocation_draw", of: byEnrolment, kind: survey.HoldParticipation, freed: `enrolment_id = NULL, reason = ''`},
		{name: "consent_choice", of: byEnrolment, kind: survey.HoldConsents},
		{name: "consent", of: byEnrolment, kind: survey.HoldConsents, told: true},
		{name: "practice_log", of: byEnrolment, kind: survey.HoldPractice, told: true},
		{name: "private_note", of: byEnrolment, kind: survey.HoldOwnWords, told: true, secret: []string{"key_id", "sealed"}},
		{name: "calendar_feed", of: byEnrolment, kind: survey.HoldSignIns, secret: []string{"token_hash"}},
		{name: "access_code", of: byEnrolment, kind: survey.HoldSignIns, secret: []string{"code_hash"}},
		{name: "participant_device", of: byEnrolment, kind: survey.HoldSignIns, secret: []string{"token_hash"}},
		{name: "sign_in", of: byEnrolment, kind: survey.HoldSignIns, secret: []string{"token_hash"}},
		{name: "self_code", of: byEnrolment, kind: survey.HoldSignIns, secret: []string{"code_hash", "key_id", "sealed"}},
		{name: "entry_ticket", of: byEnrolment, kind: survey.HoldSignIns, secret: []string{"token_hash"}},
		{name: "personal_link", of: byEnrolment, kind: survey.HoldSignIns, secret: []string{"token_hash", "code_hash"}},
		{name: "unsealed_contact", of: byParticipant},
		{name: "unsealed_note", of: byEnrolment},
		{name: "contact", of: byParticipant, kind: survey.HoldContact, told: true},
		{name: "person_key", of: byParticipant, told: true}, // under which all that was sealed is noise from here on
		{name: "enrolment", of: theEnrolment, kind: survey.HoldParticipation, told: true},
		{name: "participant", of: byParticipant, told: true}, // goes with the enrolment, see erase

		{name: "audit_event", of: theTrail, kind: survey.HoldTrail, kept: "says what was done and when, by an identifier that then stands for nobody"},
		{name: "erasure", of: byEnrolment, kept: "is what is left: that somebody was there, and was erased"},
	}
}

// Holdings counts the rows stored of a person.
func (r reader) Holdings(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) (map[survey.HoldingKind]int, error) {
	var parts []string
	var args []any
	for _, t := range personTables() {
		if t.kind != "" {
			parts = append(parts, `SELECT '`+string(t.kind)+`' AS kind, count(*) AS n FROM `+t.name+` t WHERE `+string(t.of))
			args = append(args, string(study), string(id))
		}
	}
	counts := map[survey.HoldingKind]int{}
	var kind string
	n := 0
	err := r.each(ctx, []any{&kind, &n}, func() error {
		counts[survey.HoldingKind(kind)] += n
		return nil
	}, strings.Join(parts, " UNION ALL "), args...)
	return counts, wrap(err, "what is stored of %s", id)
}

// EachRecord gives the rows that nothing else tells a person of.
func (r reader) EachRecord(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, f func(*survey.Record) error) error {
	for _, t := range personTables() {
		if t.told {
			continue
		}
		if err := r.records(ctx, t, study, id, f); err != nil {
			return wrap(err, "rows of %s in %s", id, t.name)
		}
	}
	return nil
}

func (r reader) records(ctx context.Context, t personTable, study survey.StudyID, id survey.EnrolmentID, f func(*survey.Record) error) error {
	rows, err := rowsOf[map[string]any](ctx, r, `SELECT t.* FROM `+t.name+` t WHERE `+string(t.of), string(study), string(id))
	if err != nil {
		return err
	}
	if err := r.openRecords(ctx, t.sealed, study, id, rows); err != nil {
		return err
	}
	for _, row := range rows {
		record := survey.Record{Kind: t.kind, Table: t.name}
		for column := range row {
			if !slices.Contains(t.secret, column) {
				record.Columns = append(record.Columns, column)
			}
		}
		slices.Sort(record.Columns)
		for _, column := range record.Columns {
			record.Values = append(record.Values, plain(column, row[column]))
		}
		if err := f(&record); err != nil {
			return err
		}
	}
	return nil
}

// plain is a value as a person can read it, the same from both engines: instants
// are text in UTC.
func plain(column string, v any) any {
	switch x := v.(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339)
	case int64:
		if strings.HasSuffix(column, "_at") || column == "at" {
			return time.UnixMilli(x).UTC().Format(time.RFC3339)
		}
	case []byte:
		return fmt.Sprintf("%d bytes", len(x))
	}
	return v
}

// Erase removes every row of a person and writes what is left.
func (t *transaction) Erase(ctx context.Context, e survey.Erasure) (bool, error) {
	err := t.erase(ctx, e)
	if errors.Is(err, survey.ErrNotFound) {
		return false, nil
	}
	return err == nil, wrap(err, "erase %s", e.EnrolmentID)
}

func (t *transaction) erase(ctx context.Context, e survey.Erasure) error {
	study, id := string(e.StudyID), string(e.EnrolmentID)
	var participant string
	// From here on nothing new can refer to the enrolment.
	err := t.one(ctx, []any{&participant}, `SELECT participant_id FROM enrolment WHERE study_id = ? AND id = ?`+
		removalClause(t.db.Dialector.Name()), study, id)
	if err != nil {
		return err
	}
	for _, table := range personTables() {
		switch {
		case table.kept != "":
		case table.freed != "":
			_, err = t.change(ctx, `UPDATE `+table.name+` AS t SET `+table.freed+` WHERE `+string(table.of), study, id)
		case table.name == "participant":
			_, err = t.change(ctx, `DELETE FROM participant WHERE study_id = ? AND id = ?`, study, participant)
		default:
			_, err = t.change(ctx, `DELETE FROM `+table.name+` AS t WHERE `+string(table.of), study, id)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", table.name, err)
		}
	}
	// A file that nobody has applied yet may hold the person.
	if _, err = t.change(ctx, `DELETE FROM import_piece WHERE study_id = ?`, study); err != nil {
		return fmt.Errorf("import_piece: %w", err)
	}
	if err := t.dropFilesOfErased(ctx, e.StudyID, e.At); err != nil {
		return fmt.Errorf("prepared files: %w", err)
	}
	_, err = t.change(ctx, `INSERT INTO erasure (study_id, enrolment_id, run_id, arm_id, assigned, erased_at, by_kind,
		receipt_hash, exports, code, settled_at, linked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (study_id, enrolment_id) DO NOTHING`,
		study, id, string(e.RunID), string(e.ArmID), e.Assigned, t.at(e.At), string(e.By), e.ReceiptHash, e.Exports, e.Code, t.at(e.SettledAt), e.Linked)
	return err
}
