package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tidemark/survey"
)

// retained is the kind by which a study decides how long it keeps the rows of a table;
// empty: they go at an erasure alone.
func (t personTable) retained() survey.RetentionKind {
	switch t.name {
	case "audit_text", "response_history", "self_code_swap": // hold answers, or refer to them
		return survey.RetainAnswers
	case "unsealed_contact":
		return survey.RetainContact
	case "unsealed_note":
		return survey.RetainNotes
	}
	if t.kept != "" || t.freed != "" {
		return ""
	}
	return t.kind.Retained()
}

// ofWhom is how the rows of a table tell whose they are, within a list of people.
func (t personTable) ofWhom() string {
	own := strings.Replace(string(t.of), "?", "who.study_id", 1)
	return strings.Replace(own, "?", "who.id", 1)
}

type retentionRow struct {
	study, by, reason string
	revision          int
	held, swept       instant
}

const retentionColumns = `study_id, revision, held_at, held_by, held_reason, swept_at`

func (r *retentionRow) targets() []any {
	return []any{&r.study, &r.revision, &r.held, &r.by, &r.reason, &r.swept}
}

func (r *retentionRow) retention() survey.Retention {
	return survey.Retention{
		StudyID: survey.StudyID(r.study), Revision: r.revision, HeldAt: r.held.time(), HeldBy: survey.UserID(r.by),
		HeldReason: r.reason, SweptAt: r.swept.time(),
	}
}

// Retention is what a study has decided.
func (r reader) Retention(ctx context.Context, study survey.StudyID) (survey.Retention, error) {
	all, err := r.retentions(ctx, ` WHERE study_id = ?`, string(study))
	if err != nil || len(all) == 0 {
		return survey.Retention{StudyID: study}, wrap(err, "retention of study %s", study)
	}
	return all[0], nil
}

// Retentions are those of all studies.
func (r reader) Retentions(ctx context.Context) ([]survey.Retention, error) {
	all, err := r.retentions(ctx, ``)
	return all, wrap(err, "retention of studies")
}

func (r reader) retentions(ctx context.Context, where string, args ...any) ([]survey.Retention, error) {
	all := []survey.Retention{}
	var row retentionRow
	err := r.each(ctx, row.targets(), func() error {
		all = append(all, row.retention())
		return nil
	}, `SELECT `+retentionColumns+` FROM retention`+where+` ORDER BY study_id`, args...)
	if err != nil {
		return nil, err
	}
	rules := map[survey.StudyID]map[survey.RetentionKind]survey.RetentionRule{}
	var study, kind, anchor string
	days := 0
	err = r.each(ctx, []any{&study, &kind, &anchor, &days}, func() error {
		of := rules[survey.StudyID(study)]
		if of == nil {
			of = map[survey.RetentionKind]survey.RetentionRule{}
			rules[survey.StudyID(study)] = of
		}
		of[survey.RetentionKind(kind)] = survey.RetentionRule{Kind: survey.RetentionKind(kind), Anchor: survey.RetentionAnchor(anchor), Days: days}
		return nil
	}, `SELECT study_id, kind, anchor, days FROM retention_rule`+where, args...)
	for i := range all {
		for _, k := range survey.RetentionKinds() {
			if rule, ok := rules[all[i].StudyID][k]; ok {
				all[i].Rules = append(all[i].Rules, rule)
			}
		}
	}
	return all, err
}

// ClosedAt is when a study was closed. The trail has kept it from the beginning.
func (r reader) ClosedAt(ctx context.Context, study survey.StudyID) (time.Time, error) {
	var at instant
	err := r.one(ctx, []any{&at}, `SELECT max(e.at) FROM audit_event e JOIN study s ON s.id = e.study_id
		WHERE e.study_id = ? AND e.action = ? AND s.state = ?`, string(study), string(survey.ActionStudyClosed), string(survey.StudyClosed))
	return at.time(), wrap(err, "when study %s was closed", study)
}

// EachKept gives everyone with what is stored of them.
func (r reader) EachKept(ctx context.Context, study survey.StudyID, f func(*survey.Kept) error) error {
	parts := map[survey.RetentionKind][]string{}
	for _, t := range personTables() {
		if k := t.retained(); k != "" {
			parts[k] = append(parts[k], `(SELECT count(*) FROM `+t.name+` t WHERE `+t.ofWhom()+`)`)
		}
	}
	var k survey.Kept
	var id, run, arm string
	var crossed optional
	var enrolled, since instant
	kinds := survey.RetentionKinds()
	counts := make([]int, len(kinds))
	targets := []any{&id, &run, &arm, &enrolled, &since, &crossed}
	var columns strings.Builder
	for i, kind := range kinds {
		targets = append(targets, &counts[i])
		columns.WriteString(", " + strings.Join(parts[kind], " + "))
	}
	err := r.stream(ctx, targets, func() error {
		k = survey.Kept{
			ID: survey.EnrolmentID(id), RunID: survey.RunID(run), ArmID: survey.ArmID(arm), EnrolledAt: enrolled.time(),
			RunSince: since.time(), CrossedTo: survey.RunID(crossed), Rows: make(map[survey.RetentionKind]int, len(kinds)),
		}
		for i, kind := range kinds {
			k.Rows[kind] = counts[i]
		}
		return f(&k)
	}, `SELECT who.id, who.run_id, who.arm_id, who.enrolled_at, who.run_joined_at, x.run_id`+columns.String()+`
		FROM enrolment who LEFT JOIN crossover x ON x.study_id = who.study_id AND x.enrolment_id = who.id
		WHERE who.study_id = ? ORDER BY who.id`, string(study))
	return wrap(err, "what study %s keeps", study)
}

// KeptWaiting counts those who wait.
func (r reader) KeptWaiting(ctx context.Context, study survey.StudyID) (map[survey.RunID]int, error) {
	waiting := map[survey.RunID]int{}
	var run string
	n := 0
	err := r.each(ctx, []any{&run, &n}, func() error {
		waiting[survey.RunID(run)] = n
		return nil
	}, `SELECT run_id, count(*) FROM entry_ticket WHERE study_id = ? AND enrolment_id IS NULL GROUP BY run_id`, string(study))
	return waiting, wrap(err, "who waits in study %s", study)
}

// SetRetention writes rules.
func (t *transaction) SetRetention(ctx context.Context, study survey.StudyID, rules []survey.RetentionRule, revision int) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO retention (study_id, revision) VALUES (?, ?)
		ON CONFLICT (study_id) DO UPDATE SET revision = excluded.revision WHERE retention.revision = ?`, string(study), revision+1, revision)
	if err != nil || n == 0 {
		return false, wrap(err, "set the retention of study %s", study)
	}
	if _, err := t.change(ctx, `DELETE FROM retention_rule WHERE study_id = ?`, string(study)); err != nil {
		return false, wrap(err, "set the retention of study %s", study)
	}
	for _, r := range rules {
		_, err := t.change(ctx, `INSERT INTO retention_rule (study_id, kind, anchor, days) VALUES (?, ?, ?, ?)`,
			string(study), string(r.Kind), string(r.Anchor), r.Days)
		if err != nil {
			return false, wrap(err, "set the retention of study %s", study)
		}
	}
	return true, nil
}

// HoldRetention stops removal, or lets it go on.
func (t *transaction) HoldRetention(ctx context.Context, study survey.StudyID, at time.Time, by survey.UserID, reason string) error {
	_, err := t.change(ctx, `INSERT INTO retention (study_id, revision, held_at, held_by, held_reason) VALUES (?, 0, ?, ?, ?)
		ON CONFLICT (study_id) DO UPDATE SET held_at = excluded.held_at, held_by = excluded.held_by, held_reason = excluded.held_reason`,
		string(study), t.at(at), string(by), reason)
	return wrap(err, "hold the retention of study %s", study)
}

// LeaseRetention lets one server remove what is due.
func (t *transaction) LeaseRetention(ctx context.Context, study survey.StudyID, now, until time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE retention SET leased_to_at = ? WHERE study_id = ? AND (leased_to_at IS NULL OR leased_to_at <= ?)`,
		t.at(until), string(study), t.at(now))
	return n > 0, wrap(err, "lease the retention of study %s", study)
}

// EndRetention notes that all that was due is removed.
func (t *transaction) EndRetention(ctx context.Context, study survey.StudyID, at time.Time) error {
	_, err := t.change(ctx, `UPDATE retention SET leased_to_at = NULL, swept_at = ? WHERE study_id = ?`, t.at(at), string(study))
	return wrap(err, "end the sweep of study %s", study)
}

// RemoveKept removes what is stored of a person of one kind, table by table as an erasure
// does.
func (t *transaction) RemoveKept(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, kind survey.RetentionKind) (int, error) {
	removed := 0
	for _, table := range personTables() {
		if kind == "" || table.retained() != kind {
			continue
		}
		n, err := t.change(ctx, `DELETE FROM `+table.name+` AS t WHERE `+string(table.of), string(study), string(id))
		if err != nil {
			return removed, wrap(err, "remove %s of %s from %s", kind, id, table.name)
		}
		removed += int(n)
	}
	return removed, nil
}

// RemoveWaiting removes those who wait for a place.
func (t *transaction) RemoveWaiting(ctx context.Context, study survey.StudyID, run survey.RunID) (int, error) {
	n, err := t.change(ctx, `DELETE FROM entry_ticket WHERE study_id = ? AND run_id = ? AND enrolment_id IS NULL`, string(study), string(run))
	return int(n), wrap(err, "remove who waits")
}

// RemoveAround removes what may hold the removed and is nobody's in particular.
func (t *transaction) RemoveAround(ctx context.Context, study survey.StudyID, kind survey.RetentionKind, at time.Time) error {
	var err error
	if kind == survey.RetainContact || kind == survey.RetainAnswers {
		_, err = t.change(ctx, `DELETE FROM import_piece WHERE study_id = ?`, string(study))
	}
	if err == nil && kind == survey.RetainAnswers {
		err = t.dropFilesOfErased(ctx, study, at)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", kind, err)
	}
	return wrap(err, "remove what is around")
}
