package store

import (
	"context"
	"errors"
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
	a.acknowledged_at, a.acknowledged_by, a.acknowledged_name, a.note, a.round`

type alertRow struct {
	StudyID, ID, AssessmentID, Item         string
	OpenedAt, NextAt, DueAt, AcknowledgedAt instant
	Level, Round                            int
	AcknowledgedBy                          optional
	AcknowledgedName, Note                  string
}

// targets are where alertColumns go.
func (r *alertRow) targets() []any {
	return []any{
		&r.StudyID, &r.ID, &r.AssessmentID, &r.Item, &r.OpenedAt, &r.Level, &r.NextAt, &r.DueAt,
		&r.AcknowledgedAt, &r.AcknowledgedBy, &r.AcknowledgedName, &r.Note, &r.Round,
	}
}

func (r *alertRow) alert() survey.Alert {
	return survey.Alert{
		StudyID: survey.StudyID(r.StudyID), ID: survey.AlertID(r.ID), AssessmentID: survey.AssessmentID(r.AssessmentID),
		Item: r.Item, OpenedAt: r.OpenedAt.time(), Level: survey.AlertLevel(r.Level), NextAt: r.NextAt.time(),
		DueAt: r.DueAt.time(), AcknowledgedAt: r.AcknowledgedAt.time(), AcknowledgedBy: survey.UserID(r.AcknowledgedBy),
		Acknowledger: r.AcknowledgedName, Note: r.Note, Round: r.Round,
	}
}

func (r reader) alerts(ctx context.Context, rest string, args ...any) ([]survey.Alert, error) {
	alerts := []survey.Alert{}
	var notes []alertNote
	var row alertRow
	var note alertNote
	err := r.each(ctx, append(row.targets(), note.targets()...), func() error {
		note.text = row.Note
		alerts, notes = append(alerts, row.alert()), append(notes, note)
		return nil
	}, `SELECT `+alertColumns+`, e.participant_id, k.key_id, k.wrapped FROM risk_alert a`+alertPerson+rest, args...)
	for i := 0; err == nil && i < len(alerts); i++ {
		alerts[i].Note, err = r.openAlertNote(ctx, alerts[i].StudyID, &notes[i], alertLabel+string(alerts[i].ID))
	}
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
	p, err := t.alertKey(ctx, a.StudyID, a.ID)
	if errors.Is(err, survey.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, wrap(err, "acknowledge alert %s", a.ID)
	}
	n, err := t.change(ctx, `UPDATE risk_alert SET acknowledged_at = ?, acknowledged_by = ?, acknowledged_name = ?, note = ?
		WHERE study_id = ? AND id = ? AND acknowledged_at IS NULL`,
		t.at(a.AcknowledgedAt), string(a.AcknowledgedBy), a.Acknowledger, sealText(p, alertLabel+string(a.ID), a.Note), string(a.StudyID), string(a.ID))
	return n > 0, wrap(err, "acknowledge alert %s", a.ID)
}

// AlertSteps lists what was done about a study's alerts, in order.
func (r reader) AlertSteps(ctx context.Context, study survey.StudyID) ([]survey.AlertStep, error) {
	steps := []survey.AlertStep{}
	var notes []alertNote
	var alert, id, step, kind, by, name, to string
	var at instant
	var note alertNote
	err := r.each(ctx, append([]any{&alert, &id, &step, &at, &kind, &by, &name, &to, &note.text}, note.targets()...), func() error {
		notes = append(notes, note)
		steps = append(steps, survey.AlertStep{
			StudyID: study, AlertID: survey.AlertID(alert), ID: id, Kind: survey.AlertStepKind(step), At: at.time(),
			By: survey.Author{Kind: survey.ActorKind(kind), ID: by, Name: name}, ToName: to,
		})
		return nil
	}, `SELECT s.alert_id, s.id, s.step, s.at, s.by_kind, s.by_id, s.by_name, s.to_name, s.note, e.participant_id, k.key_id, k.wrapped
		FROM alert_step s JOIN risk_alert a ON a.study_id = s.study_id AND a.id = s.alert_id`+alertPerson+
		`WHERE s.study_id = ? ORDER BY s.alert_id, s.at, s.id`, string(study))
	for i := 0; err == nil && i < len(steps); i++ {
		steps[i].Note, err = r.openAlertNote(ctx, study, &notes[i], stepLabel+steps[i].ID)
	}
	return steps, wrap(err, "steps of alerts of study %s", study)
}

// AddAlertStep adds what was done about an alert.
func (t *transaction) AddAlertStep(ctx context.Context, s survey.AlertStep) error {
	p, err := t.alertKey(ctx, s.StudyID, s.AlertID)
	if errors.Is(err, survey.ErrNotFound) {
		err = survey.ErrReference
	}
	if err != nil {
		return wrap(err, "note a step of alert %s", s.AlertID)
	}
	_, err = t.change(ctx, `INSERT INTO alert_step (study_id, alert_id, id, step, at, by_kind, by_id, by_name, to_name, note)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(s.StudyID), string(s.AlertID), s.ID, string(s.Kind), t.at(s.At), string(s.By.Kind), s.By.ID, s.By.Name, s.ToName, sealText(p, stepLabel+s.ID, s.Note))
	return wrap(err, "note a step of alert %s", s.AlertID)
}

// RouteAlert opens an alert anew or takes it further, if it still is as it was.
func (t *transaction) RouteAlert(ctx context.Context, was, is survey.Alert) (bool, error) {
	held := `IS NULL`
	if !was.Open() {
		held = `IS NOT NULL`
	}
	n, err := t.change(ctx, `UPDATE risk_alert SET level = ?, next_at = ?, due_at = ?, round = ?,
		acknowledged_at = NULL, acknowledged_by = NULL, acknowledged_name = '', note = ''
		WHERE study_id = ? AND id = ? AND level = ? AND round = ? AND acknowledged_at `+held,
		int(is.Level), t.at(is.NextAt), t.at(is.DueAt), is.Round, string(was.StudyID), string(was.ID), int(was.Level), was.Round)
	return n > 0, wrap(err, "route alert %s", was.ID)
}
