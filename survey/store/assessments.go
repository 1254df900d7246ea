package store

import (
	"context"
	"database/sql"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

const assessmentColumns = `a.study_id, a.id, a.enrolment_id, a.wave_id, a.instrument_id, a.position,
	a.started_at, a.saved_at, a.submitted_at, a.item_order`

type assessmentRow struct {
	StudyID, ID, EnrolmentID, WaveID, InstrumentID string
	Position                                       int
	StartedAt, SavedAt, SubmittedAt                instant
	ItemOrder                                      optional
}

// targets are where assessmentColumns go.
func (r *assessmentRow) targets() []any {
	return []any{
		&r.StudyID, &r.ID, &r.EnrolmentID, &r.WaveID, &r.InstrumentID, &r.Position,
		&r.StartedAt, &r.SavedAt, &r.SubmittedAt, &r.ItemOrder,
	}
}

func (r *assessmentRow) assessment() survey.Assessment {
	return survey.Assessment{
		ID: survey.AssessmentID(r.ID), StudyID: survey.StudyID(r.StudyID),
		EnrolmentID: survey.EnrolmentID(r.EnrolmentID), WaveID: survey.WaveID(r.WaveID),
		InstrumentID: survey.InstrumentID(r.InstrumentID), Position: r.Position,
		StartedAt: r.StartedAt.time(), SavedAt: r.SavedAt.time(), SubmittedAt: r.SubmittedAt.time(),
		ItemOrder: string(r.ItemOrder),
	}
}

// Assessment reads one with its wave.
func (r reader) Assessment(ctx context.Context, study survey.StudyID, id survey.AssessmentID) (survey.Assessment, survey.Wave, error) {
	var a assessmentRow
	var w waveRow
	err := r.one(ctx, append(a.targets(), w.targets()...), `SELECT `+assessmentColumns+`, `+waveColumns+`
		FROM assessment a JOIN wave w ON w.study_id = a.study_id AND w.id = a.wave_id
		WHERE a.study_id = ? AND a.id = ?`, string(study), string(id))
	if err != nil {
		return survey.Assessment{}, survey.Wave{}, wrap(err, "assessment %s", id)
	}
	return a.assessment(), w.wave(), nil
}

// Due lists one person's assessments with the number of items answered.
func (r reader) Due(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID) ([]survey.DueItem, error) {
	due := []survey.DueItem{}
	var a assessmentRow
	var w waveRow
	var answered int
	targets := append(append(a.targets(), w.targets()...), &answered)
	err := r.each(ctx, targets, func() error {
		due = append(due, survey.DueItem{
			Assessment: a.assessment(), Wave: w.wave(), Instrument: survey.InstrumentID(a.InstrumentID), Answered: answered,
		})
		return nil
	}, `SELECT `+assessmentColumns+`, `+waveColumns+`,
		(SELECT count(*) FROM response r WHERE r.study_id = a.study_id AND r.assessment_id = a.id AND r.missing IS NULL)
		FROM assessment a JOIN wave w ON w.study_id = a.study_id AND w.id = a.wave_id
		WHERE a.study_id = ? AND a.enrolment_id = ?
		ORDER BY w.position, w.id, a.position, a.id`, string(study), string(enrolment))
	return due, wrap(err, "what is due for %s", enrolment)
}

// Responses are the stored answers of one assessment.
func (r reader) Responses(ctx context.Context, study survey.StudyID, id survey.AssessmentID) ([]survey.Response, error) {
	responses := make([]survey.Response, 0, 16)
	var item string
	var value sql.NullFloat64
	var text, missing, language, layout, source optional
	var answered instant
	err := r.each(ctx, []any{&item, &value, &text, &missing, &answered, &language, &layout, &source}, func() error {
		responses = append(responses, survey.Response{
			Item: item, Value: value.Float64, Text: string(text), Missing: survey.MissingCode(missing),
			AnsweredAt: answered.time(), Language: string(language), Layout: string(layout), Source: survey.Source(source),
		})
		return nil
	}, `SELECT item, value, text, missing, answered_at, language, layout, source FROM response
		WHERE study_id = ? AND assessment_id = ? ORDER BY item`, string(study), string(id))
	return responses, wrap(err, "responses of assessment %s", id)
}

// stillIn holds for an assessment whose person has not left or said no. The enrolment is
// held first, see holdPart, so that of a withdrawal and a save at the very same
// time one waits for the other and sees what it has done.
const stillIn = ` AND EXISTS (SELECT 1 FROM enrolment e
	WHERE e.study_id = assessment.study_id AND e.id = assessment.enrolment_id AND e.withdrawn_at IS NULL
		AND e.declined_at IS NULL AND e.linked_to IS NULL)`

// MarkSaved notes that answers arrive. The row it changes is held until the
// transaction ends, so that a submission waits, or is waited for. All saves but the
// first leave alone when it was begun, and with it an index.
func (t *transaction) MarkSaved(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID, id survey.AssessmentID, at time.Time) (bool, error) {
	if err := t.holdPart(ctx, study, enrolment); err != nil {
		return false, wrap(err, "mark assessment %s saved", id)
	}
	n, err := t.change(ctx, `UPDATE assessment SET saved_at = ?
		WHERE study_id = ? AND id = ? AND enrolment_id = ? AND submitted_at IS NULL AND started_at IS NOT NULL`+stillIn,
		t.at(at), string(study), string(id), string(enrolment))
	if err == nil && n == 0 {
		n, err = t.change(ctx, `UPDATE assessment SET started_at = coalesce(started_at, ?), saved_at = ?
			WHERE study_id = ? AND id = ? AND enrolment_id = ? AND submitted_at IS NULL`+stillIn,
			t.at(at), t.at(at), string(study), string(id), string(enrolment))
	}
	return n > 0, wrap(err, "mark assessment %s saved", id)
}

// MarkSubmitted closes an assessment: of two at once, the second finds it closed.
func (t *transaction) MarkSubmitted(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID, id survey.AssessmentID, at time.Time) (bool, error) {
	if err := t.holdPart(ctx, study, enrolment); err != nil {
		return false, wrap(err, "mark assessment %s submitted", id)
	}
	n, err := t.change(ctx, `UPDATE assessment SET submitted_at = ?
		WHERE study_id = ? AND id = ? AND enrolment_id = ? AND submitted_at IS NULL`+stillIn,
		t.at(at), string(study), string(id), string(enrolment))
	return n > 0, wrap(err, "mark assessment %s submitted", id)
}

// KeepItemOrder writes the order of the items once.
func (t *transaction) KeepItemOrder(ctx context.Context, study survey.StudyID, id survey.AssessmentID, order string) error {
	_, err := t.change(ctx, `UPDATE assessment SET item_order = ? WHERE study_id = ? AND id = ? AND item_order IS NULL`,
		order, string(study), string(id))
	return wrap(err, "keep the order of assessment %s", id)
}

const responseHead = `INSERT INTO response (study_id, assessment_id, item, value, text, missing, answered_at, language, layout, source)`

const responseTail = ` ON CONFLICT (study_id, assessment_id, item)
	DO UPDATE SET value = excluded.value, text = excluded.text, missing = excluded.missing,
		answered_at = excluded.answered_at, language = excluded.language, layout = excluded.layout, source = excluded.source`

const responseColumns = 10

// PutResponses writes answers, replacing earlier ones of the same items.
func (t *transaction) PutResponses(ctx context.Context, study survey.StudyID, id survey.AssessmentID, responses []survey.Response) error {
	responses = lastOfEach(responses, func(r survey.Response) string { return r.Item })
	err := insertion{head: responseHead, tail: responseTail, columns: responseColumns}.run(ctx, t, len(responses), func(args []any, i int) []any {
		return t.response(args, study, id, &responses[i])
	})
	return wrap(err, "put responses of assessment %s", id)
}

// response appends the values of an answer.
func (t *transaction) response(args []any, study survey.StudyID, id survey.AssessmentID, r *survey.Response) []any {
	args = append(args, string(study), string(id), r.Item)
	switch {
	case r.Missing != survey.NotMissing:
		args = append(args, nil, nil, string(r.Missing))
	case r.Text != "":
		args = append(args, nil, r.Text, nil)
	default:
		args = append(args, r.Value, nil, nil)
	}
	return append(args, t.at(r.AnsweredAt), orNull(r.Language), orNull(r.Layout), orNull(string(r.Source)))
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// DeleteResponses takes answers back.
func (t *transaction) DeleteResponses(ctx context.Context, study survey.StudyID, id survey.AssessmentID, items []string) error {
	if len(items) == 0 {
		return nil
	}
	_, err := t.change(ctx, `DELETE FROM response WHERE study_id = ? AND assessment_id = ? AND item IN `+places(len(items)),
		appendIDs([]any{string(study), string(id)}, items)...)
	return wrap(err, "take back responses of assessment %s", id)
}

const scoreHead = `INSERT INTO score (study_id, assessment_id, scale, value, reason, answered, items, rule, scored_at)`

const scoreColumns = 9

// CreateScores writes the scores of a submitted assessment.
func (t *transaction) CreateScores(ctx context.Context, study survey.StudyID, id survey.AssessmentID, scores []instrument.Score, at time.Time) error {
	err := insertion{head: scoreHead, columns: scoreColumns}.run(ctx, t, len(scores), func(args []any, i int) []any {
		return t.score(args, study, id, &scores[i], at)
	})
	return wrap(err, "write scores of assessment %s", id)
}

// score appends the values of a score.
func (t *transaction) score(args []any, study survey.StudyID, id survey.AssessmentID, s *instrument.Score, at time.Time) []any {
	args = append(args, string(study), string(id), s.Scale)
	if s.Valid {
		args = append(args, s.Value)
	} else {
		args = append(args, nil)
	}
	return append(args, s.Reason, s.Answered, s.Items, s.Rule, t.at(at))
}
