package store

import (
	"context"
	"database/sql"

	"tidemark/survey"
)

// EnrolmentsAfter is a page of a study's people by their codes.
func (r reader) EnrolmentsAfter(ctx context.Context, study survey.StudyID, code string, limit int) ([]survey.Enrolment, error) {
	people, err := r.enrolments(ctx, `WHERE p.study_id = ? AND p.code > ? ORDER BY p.code LIMIT ?`, string(study), code, limit)
	return people, wrap(err, "enrolments of study %s", study)
}

// whose joins an assessment a to the code of its person.
const whose = ` JOIN enrolment e ON e.study_id = a.study_id AND e.id = a.enrolment_id
	JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id `

// narrowed is the condition of a filter, and its arguments after those given.
func narrowed(f survey.PageFilter, args []any) (string, []any) {
	condition := ``
	if f.Code != "" {
		condition, args = condition+` AND p.code = ?`, append(args, f.Code)
	}
	if f.Wave != "" {
		condition, args = condition+` AND a.wave_id = ?`, append(args, string(f.Wave))
	}
	return condition, args
}

// AssessmentsAfter is a page of assessments by their identifiers.
func (r reader) AssessmentsAfter(ctx context.Context, study survey.StudyID, f survey.PageFilter, after survey.AssessmentID, limit int) ([]survey.AssessmentEntry, error) {
	page := []survey.AssessmentEntry{}
	var id, enrolment, wave, instrument, code string
	var position int
	var started, saved, submitted instant
	condition, args := narrowed(f, []any{string(study), string(after)})
	err := r.each(ctx, []any{&id, &enrolment, &wave, &instrument, &position, &started, &saved, &submitted, &code}, func() error {
		page = append(page, survey.AssessmentEntry{Code: code, Assessment: survey.Assessment{
			ID: survey.AssessmentID(id), StudyID: study, EnrolmentID: survey.EnrolmentID(enrolment), WaveID: survey.WaveID(wave),
			InstrumentID: survey.InstrumentID(instrument), Position: position,
			StartedAt: started.time(), SavedAt: saved.time(), SubmittedAt: submitted.time(),
		}})
		return nil
	}, `SELECT a.id, a.enrolment_id, a.wave_id, a.instrument_id, a.position, a.started_at, a.saved_at, a.submitted_at, p.code
		FROM assessment a`+whose+`WHERE a.study_id = ? AND a.id > ?`+condition+` ORDER BY a.id LIMIT ?`, append(args, limit)...)
	return page, wrap(err, "assessments of study %s", study)
}

// ResponsesAfter is a page of answers by assessment and item.
func (r reader) ResponsesAfter(ctx context.Context, study survey.StudyID, f survey.PageFilter, after survey.RowKey, limit int) ([]survey.ResponseEntry, error) {
	page := []survey.ResponseEntry{}
	var enrolment, assessment, wave, instrument, item, code string
	var submitted, answered instant
	var value sql.NullFloat64
	var text, missing, source optional
	targets := []any{&enrolment, &assessment, &wave, &instrument, &submitted, &item, &value, &text, &missing, &answered, &source, &code}
	condition, args := narrowed(f, []any{string(study), string(after.Assessment), after.Name})
	err := r.each(ctx, targets, func() error {
		page = append(page, survey.ResponseEntry{Code: code, ResponseRow: survey.ResponseRow{
			EnrolmentID: survey.EnrolmentID(enrolment), AssessmentID: survey.AssessmentID(assessment), WaveID: survey.WaveID(wave),
			InstrumentID: survey.InstrumentID(instrument), SubmittedAt: submitted.time(), Item: item,
			Value: value.Float64, Text: string(text), Missing: survey.MissingCode(missing), AnsweredAt: answered.time(),
			Source: survey.Source(source),
		}})
		return nil
	}, `SELECT `+responseRowColumns+`, p.code
		FROM response r JOIN assessment a ON a.study_id = r.study_id AND a.id = r.assessment_id`+whose+`
		WHERE r.study_id = ? AND (r.assessment_id, r.item) > (?, ?)`+condition+`
		ORDER BY r.assessment_id, r.item LIMIT ?`, append(args, limit)...)
	return page, wrap(err, "responses of study %s", study)
}

// ScoresAfter is a page of scores by assessment and scale.
func (r reader) ScoresAfter(ctx context.Context, study survey.StudyID, f survey.PageFilter, after survey.RowKey, limit int) ([]survey.ScoreEntry, error) {
	page := []survey.ScoreEntry{}
	var assessment, enrolment, wave, instrument, scale, rule, code string
	var value sql.NullFloat64
	var answered, items int
	condition, args := narrowed(f, []any{string(study), string(after.Assessment), after.Name})
	err := r.each(ctx, []any{&assessment, &enrolment, &wave, &instrument, &scale, &value, &answered, &items, &rule, &code}, func() error {
		page = append(page, survey.ScoreEntry{Code: code, AssessmentID: survey.AssessmentID(assessment), ScoreRow: survey.ScoreRow{
			EnrolmentID: survey.EnrolmentID(enrolment), WaveID: survey.WaveID(wave), InstrumentID: survey.InstrumentID(instrument),
			Scale: scale, Value: value.Float64, Valid: value.Valid, Answered: answered, Items: items, Rule: rule,
		}})
		return nil
	}, `SELECT s.assessment_id, a.enrolment_id, a.wave_id, a.instrument_id, s.scale, s.value, s.answered, s.items, s.rule, p.code
		FROM score s JOIN assessment a ON a.study_id = s.study_id AND a.id = s.assessment_id`+whose+`
		WHERE s.study_id = ? AND (s.assessment_id, s.scale) > (?, ?)`+condition+`
		ORDER BY s.assessment_id, s.scale LIMIT ?`, append(args, limit)...)
	return page, wrap(err, "scores of study %s", study)
}
