package store

import (
	"context"
	"database/sql"

	"tidemark/survey"
)

// EachReplaced gives the answers of a study that were replaced or taken back.
func (r reader) EachReplaced(ctx context.Context, study survey.StudyID, f func(*survey.ResponseRow) error) error {
	var row survey.ResponseRow
	var assessment string
	var value sql.NullFloat64
	var text, missing, source optional
	var answered instant
	err := r.stream(ctx, []any{&assessment, &row.Item, &value, &text, &missing, &answered, &source}, func() error {
		row.AssessmentID, row.Value, row.Text = survey.AssessmentID(assessment), value.Float64, string(text)
		row.Missing, row.AnsweredAt, row.Source = survey.MissingCode(missing), answered.time(), survey.Source(source)
		return f(&row)
	}, `SELECT assessment_id, item, value, text, missing, answered_at, source FROM response_history
		WHERE study_id = ? ORDER BY assessment_id, item, seq`, string(study))
	return wrap(err, "replaced responses of study %s", study)
}

// Replaced are the answers of one assessment that were replaced or taken back.
func (r reader) Replaced(ctx context.Context, study survey.StudyID, id survey.AssessmentID) ([]survey.Response, error) {
	var replaced []survey.Response
	var item string
	var value sql.NullFloat64
	var text, missing optional
	var answered instant
	err := r.each(ctx, []any{&item, &value, &text, &missing, &answered}, func() error {
		replaced = append(replaced, survey.Response{
			Item: item, Value: value.Float64, Text: string(text), Missing: survey.MissingCode(missing), AnsweredAt: answered.time(),
		})
		return nil
	}, `SELECT item, value, text, missing, answered_at FROM response_history
		WHERE study_id = ? AND assessment_id = ? ORDER BY item, seq`, string(study), string(id))
	return replaced, wrap(err, "replaced responses of assessment %s", id)
}

// EachPageVisit gives the visits of a study.
func (r reader) EachPageVisit(ctx context.Context, study survey.StudyID, f func(*survey.PageVisit) error) error {
	var v survey.PageVisit
	var assessment string
	var opened, answered, left instant
	err := r.stream(ctx, []any{&assessment, &v.Page, &opened, &answered, &left}, func() error {
		v.AssessmentID, v.OpenedAt = survey.AssessmentID(assessment), opened.time()
		v.AnsweredAt, v.LeftAt = answered.time(), left.time()
		return f(&v)
	}, `SELECT assessment_id, page, opened_at, answered_at, left_at FROM page_visit
		WHERE study_id = ? ORDER BY assessment_id, page, opened_at`, string(study))
	return wrap(err, "page visits of study %s", study)
}

// NotePageVisit notes a visit, or adds to it.
func (t *transaction) NotePageVisit(ctx context.Context, study survey.StudyID, v survey.PageVisit) error {
	err := t.soon(ctx, `INSERT INTO page_visit (study_id, assessment_id, page, opened_at, answered_at, left_at)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (study_id, assessment_id, page, opened_at) DO UPDATE SET
			answered_at = coalesce(page_visit.answered_at, excluded.answered_at),
			left_at = coalesce(excluded.left_at, page_visit.left_at)
		WHERE page_visit.answered_at IS NULL OR excluded.left_at IS NOT NULL`,
		string(study), string(v.AssessmentID), v.Page, t.at(v.OpenedAt), t.at(v.AnsweredAt), t.at(v.LeftAt))
	return wrap(err, "note a visit to page %d of assessment %s", v.Page, v.AssessmentID)
}
