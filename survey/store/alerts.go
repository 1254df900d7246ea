package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// RiskFlags are those of one assessment.
func (r reader) RiskFlags(ctx context.Context, study survey.StudyID, id survey.AssessmentID) ([]survey.RiskFlag, error) {
	flags := []survey.RiskFlag{}
	var item, enrolment string
	var at, shown, again instant
	err := r.each(ctx, []any{&item, &enrolment, &at, &shown, &again}, func() error {
		flags = append(flags, survey.RiskFlag{
			StudyID: study, AssessmentID: id, Item: item, EnrolmentID: survey.EnrolmentID(enrolment),
			FlaggedAt: at.time(), ShownAt: shown.time(), ShownAgainAt: again.time(),
		})
		return nil
	}, `SELECT item, enrolment_id, flagged_at, shown_at, shown_again_at FROM risk_flag
		WHERE study_id = ? AND assessment_id = ? ORDER BY item`, string(study), string(id))
	return flags, wrap(err, "flags of assessment %s", id)
}

const alertColumns = `a.study_id, a.id, a.assessment_id, a.item, a.opened_at, a.level, a.next_at, a.due_at,
	a.acknowledged_at, a.acknowledged_by, a.acknowledged_name, a.note`

type alertRow struct {
	StudyID, ID, AssessmentID, Item         string
	OpenedAt, NextAt, DueAt, AcknowledgedAt instant
	Level                                   int
	AcknowledgedBy                          optional
	AcknowledgedName, Note                  string
}

// targets are where alertColumns go.
func (r *alertRow) targets() []any {
	return []any{
		&r.StudyID, &r.ID, &r.AssessmentID, &r.Item, &r.OpenedAt, &r.Level, &r.NextAt, &r.DueAt,
		&r.AcknowledgedAt, &r.AcknowledgedBy, &r.AcknowledgedName, &r.Note,
	}
}

func (r *alertRow) alert() survey.Alert {
	return survey.Alert{
		StudyID: survey.StudyID(r.StudyID), ID: survey.AlertID(r.ID), AssessmentID: survey.AssessmentID(r.AssessmentID),
		Item: r.Item, OpenedAt: r.OpenedAt.time(), Level: survey.AlertLevel(r.Level), NextAt: r.NextAt.time(),
		DueAt: r.DueAt.time(), AcknowledgedAt: r.AcknowledgedAt.time(), AcknowledgedBy: survey.UserID(r.AcknowledgedBy),
		Acknowledger: r.AcknowledgedName, Note: r.Note,
	}
}

func (r reader) alerts(ctx context.Context, rest string, args ...any) ([]survey.Alert, error) {
	alerts := []survey.Alert{}
	var row alertRow
	err := r.each(ctx, row.targets(), func() error {
		alerts = append(alerts, row.alert())
		return nil
	}, `SELECT `+alertColumns+` FROM risk_alert a `+rest, args...)
	return alerts, err
}

// Alerts lists a study's alerts, open ones first.
func (r reader) Alerts(ctx context.Context, study survey.StudyID, limit int) ([]survey.Alert, error) {
	alerts, err := r.alerts(ctx, `WHERE a.study_id = ?
		ORDER BY CASE WHEN a.acknowledged_at IS NULL THEN 0 ELSE 1 END, a.opened_at DESC, a.id DESC LIMIT ?`,
		string(study), limit)
	return alerts, wrap(err, "alerts of study %s", study)
}

// Alert reads one.
func (r reader) Alert(ctx context.Context, study survey.StudyID, id survey.AlertID) (survey.Alert, error) {
	alerts, err := r.alerts(ctx, `WHERE a.study_id = ? AND a.id = ?`, string(study), string(id))
	if err == nil && len(alerts) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.Alert{}, wrap(err, "alert %s", id)
	}
	return alerts[0], nil
}

// OpenAlerts counts what waits for a named person.
func (r reader) OpenAlerts(ctx context.Context, id survey.UserID) (map[survey.StudyID]int, error) {
	waiting := map[survey.StudyID]int{}
	var study string
	var n int
	err := r.each(ctx, []any{&study, &n}, func() error {
		waiting[survey.StudyID(study)] = n
		return nil
	}, `SELECT s.study_id, (SELECT count(*) FROM risk_alert a WHERE a.study_id = s.study_id AND a.acknowledged_at IS NULL)
		FROM safety s WHERE s.shape = 'linked' AND (s.responder_id = ? OR s.deputy_id = ?)`, string(id), string(id))
	return waiting, wrap(err, "alerts that wait for %s", id)
}

// AlertsGoingUp lists alerts whose next level is due.
func (r reader) AlertsGoingUp(ctx context.Context, now time.Time, limit int) ([]survey.Alert, error) {
	alerts, err := r.alerts(ctx, `WHERE a.acknowledged_at IS NULL AND a.next_at IS NOT NULL AND a.next_at <= ?
		ORDER BY a.next_at, a.study_id, a.id LIMIT ?`, r.at(now), limit)
	return alerts, wrap(err, "alerts that go up")
}

// PutRiskFlag notes that an answer met a rule; what was noted before stays.
func (t *transaction) PutRiskFlag(ctx context.Context, f survey.RiskFlag) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO risk_flag
		(study_id, assessment_id, item, enrolment_id, flagged_at, shown_at, shown_again_at)
		VALUES (?, ?, ?, ?, ?, NULL, NULL) ON CONFLICT (study_id, assessment_id, item) DO NOTHING`,
		string(f.StudyID), string(f.AssessmentID), f.Item, string(f.EnrolmentID), t.at(f.FlaggedAt))
	return n > 0, wrap(err, "flag an answer of assessment %s", f.AssessmentID)
}

// MarkHelpShown notes when help was first shown.
func (t *transaction) MarkHelpShown(ctx context.Context, study survey.StudyID, id survey.AssessmentID, atEnd bool, at time.Time) error {
	column := "shown_at"
	if atEnd {
		column = "shown_again_at"
	}
	err := t.soon(ctx, `UPDATE risk_flag SET `+column+` = ?
		WHERE study_id = ? AND assessment_id = ? AND `+column+` IS NULL`, t.at(at), string(study), string(id))
	return wrap(err, "note that help was shown at assessment %s", id)
}

// CreateAlert writes a new alert.
func (t *transaction) CreateAlert(ctx context.Context, a survey.Alert) error {
	err := t.soon(ctx, `INSERT INTO risk_alert (study_id, id, assessment_id, item, opened_at, level, next_at, due_at,
		acknowledged_at, acknowledged_by, acknowledged_name, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, '', '')`,
		string(a.StudyID), string(a.ID), string(a.AssessmentID), a.Item, t.at(a.OpenedAt), int(a.Level),
		t.at(a.NextAt), t.at(a.DueAt))
	return wrap(err, "create alert %s", a.ID)
}

// RaiseAlert takes an alert to its next level, whoever comes first.
func (t *transaction) RaiseAlert(ctx context.Context, a survey.Alert, now time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE risk_alert SET level = ?, next_at = ?
		WHERE study_id = ? AND id = ? AND level = ? AND acknowledged_at IS NULL AND next_at <= ?`,
		int(a.Level), t.at(a.NextAt), string(a.StudyID), string(a.ID), int(a.Level)-1, t.at(now))
	return n > 0, wrap(err, "raise alert %s", a.ID)
}

// AcknowledgeAlert notes who took an alert on.
func (t *transaction) AcknowledgeAlert(ctx context.Context, a survey.Alert) (bool, error) {
	n, err := t.change(ctx, `UPDATE risk_alert SET acknowledged_at = ?, acknowledged_by = ?, acknowledged_name = ?, note = ?
		WHERE study_id = ? AND id = ? AND acknowledged_at IS NULL`,
		t.at(a.AcknowledgedAt), string(a.AcknowledgedBy), a.Acknowledger, a.Note, string(a.StudyID), string(a.ID))
	return n > 0, wrap(err, "acknowledge alert %s", a.ID)
}
