package store

import (
	"context"
	"database/sql"
	"strings"

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

// ofPerson picks what was noted of a person, under this participation or one that was
// linked to it.
const ofPerson = `(enrolment_id = ? OR enrolment_id IN (SELECT u.id FROM enrolment u WHERE u.study_id = ? AND u.linked_to = ?))`

// ofPersonArgs are the arguments of a study and of ofPerson.
func ofPersonArgs(study survey.StudyID, id survey.EnrolmentID) []any {
	return []any{string(study), string(id), string(study), string(id)}
}

// PracticeLog lists one person's entries.
func (r reader) PracticeLog(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID) ([]survey.PracticeEntry, error) {
	entries := []survey.PracticeEntry{}
	var row practiceRow
	err := r.each(ctx, row.targets(), func() error {
		entries = append(entries, row.entry(study))
		return nil
	}, `SELECT `+practiceColumns+` FROM practice_log l WHERE l.study_id = ? AND `+ofPerson+`
		ORDER BY l.day DESC, l.noted_at DESC, l.id DESC`, ofPersonArgs(study, enrolment)...)
	return entries, wrap(err, "practice of %s", enrolment)
}

// EachPractice gives all entries of a study in the order of Enrolments.
func (r reader) EachPractice(ctx context.Context, study survey.StudyID, f func(*survey.PracticeEntry) error) error {
	var row practiceRow
	var e survey.PracticeEntry
	err := r.stream(ctx, row.targets(), func() error {
		e = row.entry(study)
		return f(&e)
	}, `SELECT e.id`+strings.TrimPrefix(practiceColumns, "l.enrolment_id")+`
		FROM practice_log l
		JOIN enrolment d ON d.study_id = l.study_id AND d.id = l.enrolment_id
		JOIN enrolment e ON e.study_id = d.study_id AND e.id = coalesce(d.linked_to, d.id)
		JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id
		WHERE l.study_id = ?
		ORDER BY p.code, l.day, l.noted_at, l.id`, string(study))
	return wrap(err, "practice in study %s", study)
}

// PracticeMinutes are the minutes of a run's people that may be seen.
func (r reader) PracticeMinutes(ctx context.Context, study survey.StudyID, run survey.RunID) (map[survey.EnrolmentID]int, error) {
	minutes := map[survey.EnrolmentID]int{}
	var id string
	var n int
	err := r.each(ctx, []any{&id, &n}, func() error { minutes[survey.EnrolmentID(id)] = n; return nil },
		`SELECT coalesce(e.linked_to, e.id), sum(l.minutes) FROM enrolment e
		JOIN practice_log l ON l.study_id = e.study_id AND l.enrolment_id = e.id
		WHERE e.study_id = ? AND l.seen AND e.id IN (SELECT u.id FROM enrolment u WHERE u.study_id = ? AND u.run_id = ?
			UNION ALL SELECT u.id FROM enrolment u JOIN enrolment g ON g.study_id = u.study_id AND g.id = u.linked_to
			WHERE u.study_id = ? AND u.linked_to IS NOT NULL AND g.run_id = ?)
		GROUP BY 1`, string(study), string(study), string(run), string(study), string(run))
	return minutes, wrap(err, "minutes of practice in run %s", run)
}

// CreatePractice writes an entry.
func (t *transaction) CreatePractice(ctx context.Context, e survey.PracticeEntry) error {
	_, err := t.change(ctx, `INSERT INTO practice_log (study_id, enrolment_id, id, day, practice, minutes, formal, helpful, seen,
		noted_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(e.StudyID), string(e.EnrolmentID), string(e.ID), e.Day.String(), e.Practice, e.Minutes, e.Formal,
		nullable(e.Helpful), true, t.at(e.NotedAt), t.at(e.ChangedAt)) // the page on which it is noted says that it is seen
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
