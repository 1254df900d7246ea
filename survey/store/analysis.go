package store

import (
	"context"
	"database/sql"

	"tidemark/survey"
)

// itself holds for an assessment a of a participation that stands for itself, and is
// not linked to another of the same person.
const itself = ` AND a.enrolment_id NOT IN (SELECT u.id FROM enrolment u WHERE u.study_id = ? AND u.linked_to IS NOT NULL)`

// Enrolments lists everyone in the study by participant code.
func (r reader) Enrolments(ctx context.Context, study survey.StudyID) ([]survey.Enrolment, error) {
	people, err := r.enrolments(ctx, `WHERE e.study_id = ? AND e.linked_to IS NULL ORDER BY p.code`, string(study))
	return people, wrap(err, "enrolments of study %s", study)
}

// EachScore gives the scores of a study at some waves, or at all.
func (r reader) EachScore(ctx context.Context, study survey.StudyID, waves []survey.WaveID, f func(*survey.ScoreRow) error) error {
	var row survey.ScoreRow
	var enrolment, wave, instrument string
	var value sql.NullFloat64
	targets := []any{&enrolment, &wave, &instrument, &row.Scale, &value, &row.Answered, &row.Items, &row.Rule}
	query, args := `SELECT a.enrolment_id, a.wave_id, a.instrument_id, s.scale, s.value, s.answered, s.items, s.rule
		FROM assessment a
		CROSS JOIN score s
		WHERE a.study_id = ?`+itself+`
		AND s.study_id = a.study_id AND s.assessment_id = a.id`, []any{string(study), string(study)}
	if len(waves) > 0 {
		query += ` AND a.wave_id IN ` + places(len(waves))
		args = appendIDs(args, waves)
	}
	err := r.stream(ctx, targets, func() error {
		row.EnrolmentID, row.WaveID = survey.EnrolmentID(enrolment), survey.WaveID(wave)
		row.InstrumentID = survey.InstrumentID(instrument)
		row.Value, row.Valid = value.Float64, value.Valid
		return f(&row)
	}, query, args...)
	return wrap(err, "scores of study %s", study)
}

const responseRowColumns = `a.enrolment_id, a.id, a.wave_id, a.instrument_id, a.submitted_at,
	r.item, r.value, r.text, r.missing, r.answered_at, r.source`

// EachResponse gives all stored answers of a study in the order of Enrolments.
func (r reader) EachResponse(ctx context.Context, study survey.StudyID, f func(*survey.ResponseRow) error) error {
	err := r.eachResponse(ctx, f, `SELECT `+responseRowColumns+`
		FROM participant p
		CROSS JOIN enrolment e
		CROSS JOIN assessment a
		CROSS JOIN wave w
		CROSS JOIN response r
		WHERE p.study_id = ?
		AND e.study_id = p.study_id AND e.participant_id = p.id AND e.linked_to IS NULL
		AND a.study_id = e.study_id AND a.enrolment_id = e.id
		AND w.study_id = a.study_id AND w.id = a.wave_id
		AND r.study_id = a.study_id AND r.assessment_id = a.id
		ORDER BY p.code, w.position, w.id, a.position, a.id, r.item`, string(study))
	return wrap(err, "responses of study %s", study)
}

// EachSubmitted gives the answers of submitted assessments at some waves. The
// assessments are read first: with each of their many answers then comes one
// identifier instead of four. One that is submitted while the answers are read is
// not among them.
func (r reader) EachSubmitted(ctx context.Context, study survey.StudyID, waves []survey.WaveID, f func(*survey.ResponseRow) error) error {
	if len(waves) == 0 {
		return nil
	}
	err := r.eachSubmitted(ctx, study, waves, f)
	return wrap(err, "submitted responses of study %s", study)
}

func (r reader) eachSubmitted(ctx context.Context, study survey.StudyID, waves []survey.WaveID, f func(*survey.ResponseRow) error) error {
	chosen, args := ` a.study_id = ?`+itself+` AND a.wave_id IN `+places(len(waves))+` AND a.submitted_at IS NOT NULL`,
		appendIDs([]any{string(study), string(study)}, waves)
	known := map[string]survey.ResponseRow{}
	var id, enrolment, wave, instrument string
	var submitted instant
	err := r.stream(ctx, []any{&id, &enrolment, &wave, &instrument, &submitted}, func() error {
		known[id] = survey.ResponseRow{
			EnrolmentID: survey.EnrolmentID(enrolment), AssessmentID: survey.AssessmentID(id),
			WaveID: survey.WaveID(wave), InstrumentID: survey.InstrumentID(instrument), SubmittedAt: submitted.time(),
		}
		return nil
	}, `SELECT a.id, a.enrolment_id, a.wave_id, a.instrument_id, a.submitted_at FROM assessment a WHERE`+chosen, args...)
	if err != nil {
		return err
	}
	var row survey.ResponseRow
	var item string
	var value sql.NullFloat64
	var text, missing optional
	var answered instant
	skip := true
	return r.stream(ctx, []any{&id, &item, &value, &text, &missing, &answered}, func() error {
		if string(row.AssessmentID) != id {
			var ok bool
			row, ok = known[id]
			row.AssessmentID, skip = survey.AssessmentID(id), !ok
		}
		if skip {
			return nil
		}
		row.Item, row.Value, row.Text, row.Missing = item, value.Float64, string(text), survey.MissingCode(missing)
		row.AnsweredAt = answered.time()
		return f(&row)
	}, `SELECT r.assessment_id, r.item, r.value, r.text, r.missing, r.answered_at
		FROM assessment a CROSS JOIN response r
		WHERE r.study_id = a.study_id AND r.assessment_id = a.id AND`+chosen, args...)
}

func (r reader) eachResponse(ctx context.Context, f func(*survey.ResponseRow) error, query string, args ...any) error {
	var row survey.ResponseRow
	var enrolment, assessment, wave, instrument string
	var submitted, answered instant
	var value sql.NullFloat64
	var text, missing, source optional
	targets := []any{&enrolment, &assessment, &wave, &instrument, &submitted, &row.Item, &value, &text, &missing, &answered, &source}
	return r.stream(ctx, targets, func() error {
		row.EnrolmentID, row.AssessmentID = survey.EnrolmentID(enrolment), survey.AssessmentID(assessment)
		row.WaveID, row.InstrumentID = survey.WaveID(wave), survey.InstrumentID(instrument)
		row.SubmittedAt, row.AnsweredAt = submitted.time(), answered.time()
		row.Value, row.Text, row.Missing, row.Source = value.Float64, string(text), survey.MissingCode(missing), survey.Source(source)
		return f(&row)
	}, query, args...)
}

func appendIDs[T ~string](args []any, ids []T) []any {
	for _, id := range ids {
		args = append(args, string(id))
	}
	return args
}

// StudyProgress is how far everyone in a study has come in every wave.
func (r reader) StudyProgress(ctx context.Context, study survey.StudyID) ([]survey.WaveProgress, error) {
	p, err := r.progress(ctx, `FROM assessment a WHERE a.study_id = ?`+itself+` GROUP BY a.enrolment_id, a.wave_id
		ORDER BY a.enrolment_id, a.wave_id`, string(study), string(study))
	return p, wrap(err, "progress of study %s", study)
}

// EachAssessment gives all assessments of a study in the order of Enrolments.
func (r reader) EachAssessment(ctx context.Context, study survey.StudyID, f func(*survey.Assessment) error) error {
	var a survey.Assessment
	var id, enrolment, wave, instrument string
	var started, saved, submitted instant
	targets := []any{&id, &enrolment, &wave, &instrument, &a.Position, &started, &saved, &submitted}
	err := r.stream(ctx, targets, func() error {
		a.StudyID, a.ID, a.EnrolmentID = study, survey.AssessmentID(id), survey.EnrolmentID(enrolment)
		a.WaveID, a.InstrumentID = survey.WaveID(wave), survey.InstrumentID(instrument)
		a.StartedAt, a.SavedAt, a.SubmittedAt = started.time(), saved.time(), submitted.time()
		return f(&a)
	}, `SELECT a.id, a.enrolment_id, a.wave_id, a.instrument_id, a.position, a.started_at, a.saved_at, a.submitted_at
		FROM participant p
		CROSS JOIN enrolment e
		CROSS JOIN assessment a
		CROSS JOIN wave w
		WHERE p.study_id = ?
		AND e.study_id = p.study_id AND e.participant_id = p.id AND e.linked_to IS NULL
		AND a.study_id = e.study_id AND a.enrolment_id = e.id
		AND w.study_id = a.study_id AND w.id = a.wave_id
		ORDER BY p.code, w.position, w.id, a.position, a.id`, string(study))
	return wrap(err, "assessments of study %s", study)
}

// StudyAttendance lists who was noted at which meeting; who went to another run was
// there if they were in either.
func (r reader) StudyAttendance(ctx context.Context, study survey.StudyID) ([]survey.Attendance, error) {
	notes, err := r.attendance(ctx, `SELECT t.enrolment_id, t.meeting, max(CASE WHEN t.present THEN 1 ELSE 0 END) = 1
		FROM attendance t
		JOIN enrolment e ON e.study_id = t.study_id AND e.id = t.enrolment_id
		JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id
		WHERE t.study_id = ? AND e.linked_to IS NULL GROUP BY p.code, t.enrolment_id, t.meeting ORDER BY p.code, t.meeting`, string(study))
	return notes, wrap(err, "attendance in study %s", study)
}
