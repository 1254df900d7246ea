package store

import (
	"context"
	"database/sql"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

const practiceColumns = `l.enrolment_id, l.id, l.day, l.practice, l.minutes, l.formal, l.helpful, l.noted_at, l.changed_at`

type practiceRow struct {
	EnrolmentID, ID, Practice string
	Day                       day
	Minutes                   int
	Formal                    bool
	Helpful                   sql.NullInt64
	NotedAt, ChangedAt        instant
}

// targets are where practiceColumns go.
func (r *practiceRow) targets() []any {
	return []any{
		&r.EnrolmentID, &r.ID, &r.Day, &r.Practice, &r.Minutes, &r.Formal, &r.Helpful, &r.NotedAt, &r.ChangedAt,
	}
}

func (r *practiceRow) entry(study survey.StudyID) survey.PracticeEntry {
	e := survey.PracticeEntry{
		ID: survey.PracticeID(r.ID), StudyID: study, EnrolmentID: survey.EnrolmentID(r.EnrolmentID),
		Day: schedule.Date(r.Day), Practice: r.Practice, Minutes: r.Minutes, Formal: r.Formal,
		NotedAt: r.NotedAt.time(), ChangedAt: r.ChangedAt.time(),
	}
	if r.Helpful.Valid {
		v := int(r.Helpful.Int64)
		e.Helpful = &v
	}
	return e
}

// PracticeLog lists one person's entries.
func (r reader) PracticeLog(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID) ([]survey.PracticeEntry, error) {
	entries := []survey.PracticeEntry{}
	var row practiceRow
	err := r.each(ctx, row.targets(), func() error {
		entries = append(entries, row.entry(study))
		return nil
	}, `SELECT `+practiceColumns+` FROM practice_log l WHERE l.study_id = ? AND l.enrolment_id = ?
		ORDER BY l.day DESC, l.noted_at DESC, l.id DESC`, string(study), string(enrolment))
	return entries, wrap(err, "practice of %s", enrolment)
}

// EachPractice gives all entries of a study in the order of Enrolments.
func (r reader) EachPractice(ctx context.Context, study survey.StudyID, f func(*survey.PracticeEntry) error) error {
	var row practiceRow
	var e survey.PracticeEntry
	err := r.stream(ctx, row.targets(), func() error {
		e = row.entry(study)
		return f(&e)
	}, `SELECT `+practiceColumns+`
		FROM participant p
		CROSS JOIN enrolment e
		CROSS JOIN practice_log l
		WHERE p.study_id = ?
		AND e.study_id = p.study_id AND e.participant_id = p.id AND e.linked_to IS NULL
		AND l.study_id = e.study_id AND l.enrolment_id = e.id
		ORDER BY p.code, l.day, l.noted_at, l.id`, string(study))
	return wrap(err, "practice in study %s", study)
}

// CreatePractice writes an entry.
func (t *transaction) CreatePractice(ctx context.Context, e survey.PracticeEntry) error {
	_, err := t.change(ctx, `INSERT INTO practice_log (study_id, enrolment_id, id, day, practice, minutes, formal, helpful,
		noted_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(e.StudyID), string(e.EnrolmentID), string(e.ID), e.Day.String(), e.Practice, e.Minutes, e.Formal,
		nullable(e.Helpful), t.at(e.NotedAt), t.at(e.ChangedAt))
	return wrap(err, "note practice %s", e.ID)
}

// ChangePractice replaces what an entry says.
func (t *transaction) ChangePractice(ctx context.Context, e survey.PracticeEntry) error {
	err := t.changeOne(ctx, `UPDATE practice_log SET day = ?, practice = ?, minutes = ?, formal = ?, helpful = ?, changed_at = ?
		WHERE study_id = ? AND enrolment_id = ? AND id = ?`,
		e.Day.String(), e.Practice, e.Minutes, e.Formal, nullable(e.Helpful), t.at(e.ChangedAt),
		string(e.StudyID), string(e.EnrolmentID), string(e.ID))
	return wrap(err, "change practice %s", e.ID)
}

// RemovePractice removes an entry.
func (t *transaction) RemovePractice(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID, id survey.PracticeID) error {
	if matchesNothing([]any{string(id)}) {
		return nil
	}
	_, err := t.change(ctx, `DELETE FROM practice_log WHERE study_id = ? AND enrolment_id = ? AND id = ?`,
		string(study), string(enrolment), string(id))
	return wrap(err, "remove practice %s", id)
}

// nullable is a number that may be missing, as an argument of a statement.
func nullable(v *int) any {
	if v == nil {
		return nil
	}
	return *v
}
