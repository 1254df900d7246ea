package store

import (
	"context"
	"database/sql"

	"tidemark/survey"
	"tidemark/survey/disclosure"
)

// Releases lists figures of groups.
func (r reader) Releases(ctx context.Context, study survey.StudyID, run survey.RunID) ([]survey.Release, error) {
	query := `SELECT run_id, figure, occasion, number, outcome, counted, value, low, high, released_at
		FROM group_release WHERE study_id = ?`
	args := []any{string(study)}
	if run != "" {
		query += ` AND run_id = ?`
		args = append(args, string(run))
	}
	releases := []survey.Release{}
	var id, figure, occasion, outcome string
	var number, counted int
	var value, low, high sql.NullFloat64
	var at instant
	err := r.each(ctx, []any{&id, &figure, &occasion, &number, &outcome, &counted, &value, &low, &high, &at}, func() error {
		releases = append(releases, survey.Release{
			StudyID: study, RunID: survey.RunID(id), Figure: survey.GroupFigure(figure), Occasion: occasion, Number: number,
			Blurred: disclosure.Figure{
				Outcome: disclosure.Outcome(outcome), People: counted,
				Value: value.Float64, Low: low.Float64, High: high.Float64,
			},
			At: at.time(),
		})
		return nil
	}, query+` ORDER BY run_id, figure, occasion, number`, args...)
	return releases, wrap(err, "figures of groups of study %s", study)
}

// EachReleaseMember gives everyone behind the figures of a study.
func (r reader) EachReleaseMember(ctx context.Context, study survey.StudyID, f func(*survey.ReleaseMember) error) error {
	var m survey.ReleaseMember
	var run, figure, enrolment string
	err := r.stream(ctx, []any{&run, &figure, &m.Occasion, &m.Number, &enrolment}, func() error {
		m.RunID, m.Figure, m.EnrolmentID = survey.RunID(run), survey.GroupFigure(figure), survey.EnrolmentID(enrolment)
		return f(&m)
	}, `SELECT run_id, figure, occasion, number, enrolment_id FROM group_release_member
		WHERE study_id = ? ORDER BY run_id, figure, occasion, number, enrolment_id`, string(study))
	return wrap(err, "people behind figures of groups of study %s", study)
}

// PutRelease keeps a figure with the people behind it.
func (t *transaction) PutRelease(ctx context.Context, r survey.Release, members []survey.EnrolmentID) (bool, error) {
	b := r.Blurred
	var value, low, high any
	if b.Outcome == disclosure.Told {
		value = b.Value
		if b.Low < b.High {
			low, high = b.Low, b.High
		}
	}
	n, err := t.change(ctx, `INSERT INTO group_release (study_id, run_id, figure, occasion, number, outcome, counted, people,
		value, low, high, released_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (study_id, run_id, figure, occasion, number) DO NOTHING`,
		string(r.StudyID), string(r.RunID), string(r.Figure), r.Occasion, r.Number, string(b.Outcome), b.People, r.People(),
		value, low, high, t.at(r.At))
	if err != nil || n == 0 {
		return false, wrap(err, "keep a figure of run %s", r.RunID)
	}
	err = insertion{
		head:    `INSERT INTO group_release_member (study_id, run_id, figure, occasion, number, enrolment_id)`,
		columns: 6,
	}.run(ctx, t, len(members), func(args []any, i int) []any {
		return append(args, string(r.StudyID), string(r.RunID), string(r.Figure), r.Occasion, r.Number, string(members[i]))
	})
	return err == nil, wrap(err, "keep who is behind a figure of run %s", r.RunID)
}
