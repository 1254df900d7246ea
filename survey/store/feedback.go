package store

import (
	"context"

	"tidemark/survey"
)

// EachOwnResponse gives all stored answers of one person.
func (r reader) EachOwnResponse(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID, f func(*survey.ResponseRow) error) error {
	err := r.eachResponse(ctx, f, `SELECT `+responseRowColumns+`
		FROM assessment a
		JOIN wave w ON w.study_id = a.study_id AND w.id = a.wave_id
		JOIN response r ON r.study_id = a.study_id AND r.assessment_id = a.id
		WHERE a.study_id = ? AND a.enrolment_id = ?
		ORDER BY w.position, w.id, a.position, a.id, r.item`, string(study), string(enrolment))
	return wrap(err, "responses of %s", enrolment)
}

// SetFeedback changes when the people of a study see their own scores.
func (t *transaction) SetFeedback(ctx context.Context, study survey.StudyID, f survey.Feedback) error {
	n, err := t.change(ctx, `UPDATE study SET feedback = ? WHERE id = ?`, string(f), string(study))
	if err == nil && n == 0 {
		err = survey.ErrNotFound
	}
	return wrap(err, "set the feedback of study %s", study)
}
