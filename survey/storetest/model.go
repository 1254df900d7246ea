package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidemark/survey"
)

// sheet is what a test remembers of one assessment.
type sheet struct {
	answers   map[string]survey.Response
	started   bool
	submitted bool
}

// testModel plays random saves and submissions, some of which fail, against a
// plain map, and compares all that is read afterwards.
func testModel(t *testing.T, s survey.Store) {
	t.Run("random answers are kept as a map would keep them", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(r *rapid.T) {
			w := newWorld(t, s, 2)
			sheets := map[survey.AssessmentID]*sheet{}
			for _, p := range w.people {
				for _, a := range p.Assessments {
					sheets[a.ID] = &sheet{answers: map[string]survey.Response{}}
				}
			}
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				p := w.people[rapid.IntRange(0, 1).Draw(r, "person")]
				a := rapid.SampledFrom(p.Assessments).Draw(r, "assessment")
				w.step(t, r, a, sheets[a.ID])
			}
			w.compare(t, r, sheets)
		})
	})
}

// step does one thing to an assessment, in the store and in the model.
func (w *world) step(t *testing.T, r *rapid.T, a survey.Assessment, model *sheet) {
	given := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) survey.Response {
		answer := survey.Response{Item: rapid.StringMatching(`[a-d]`).Draw(r, "item"), AnsweredAt: noon}
		if rapid.Bool().Draw(r, "skipped") {
			answer.Missing = survey.MissingSkipped
		} else {
			answer.Value = rapid.Float64Range(-1e300, 1e300).Draw(r, "value")
		}
		return answer
	}), 0, 5).Draw(r, "answers")
	submit, fail := rapid.Bool().Draw(r, "submit"), rapid.Bool().Draw(r, "fail")
	err := do(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		mark := tx.MarkSaved
		if submit {
			mark = tx.MarkSubmitted
		}
		ok, err := mark(ctx, w.study.ID, a.EnrolmentID, a.ID, noon)
		if err != nil {
			return err
		}
		if ok == model.submitted {
			return fmt.Errorf("marking gave %v when submitted was %v", ok, model.submitted)
		}
		if !ok {
			return nil
		}
		err = tx.PutResponses(ctx, w.study.ID, a.ID, given)
		if err == nil && fail {
			err = errOnPurpose
		}
		return err
	})
	if errors.Is(err, errOnPurpose) {
		return
	}
	noError(r, err)
	if model.submitted {
		return
	}
	model.started, model.submitted = model.started || !submit, submit
	for _, answer := range given {
		model.answers[answer.Item] = answer
	}
}

// compare holds every reader to the model.
func (w *world) compare(t *testing.T, r *rapid.T, sheets map[survey.AssessmentID]*sheet) {
	r.Helper()
	progress := map[string]survey.WaveProgress{}
	rows := map[string]survey.Response{}
	for _, p := range w.people {
		due, err := w.store.Due(t.Context(), w.study.ID, p.Enrolment.ID)
		noError(r, err)
		for _, item := range due {
			a, model := item.Assessment, sheets[item.Assessment.ID]
			stored, err := w.store.Responses(t.Context(), w.study.ID, a.ID)
			noError(r, err)
			want := []survey.Response{}
			answered := 0
			for _, code := range slices.Sorted(maps.Keys(model.answers)) {
				want = append(want, model.answers[code])
				rows[string(a.ID)+code] = model.answers[code]
				if model.answers[code].Missing == survey.NotMissing {
					answered++
				}
			}
			same(r, stored, want)
			same(r, []any{item.Answered, !a.StartedAt.IsZero(), !a.SubmittedAt.IsZero()}, []any{answered, model.started, model.submitted})
			sum := survey.WaveProgress{EnrolmentID: a.EnrolmentID, WaveID: a.WaveID}
			sum = progress[progressKey(sum)]
			sum.EnrolmentID, sum.WaveID = a.EnrolmentID, a.WaveID
			sum.Sets++
			if model.started || model.submitted {
				sum.Started++
			}
			if model.submitted {
				sum.Submitted++
				if a.SubmittedAt.After(sum.LastAt) {
					sum.LastAt = a.SubmittedAt
				}
			}
			progress[progressKey(sum)] = sum
		}
	}
	got, err := w.store.Progress(t.Context(), w.study.ID, w.run.ID)
	noError(r, err)
	same(r, got, slices.Collect(maps.Values(progress)), anyOrder(progressKey))
	streamed := map[string]survey.Response{}
	noError(r, w.store.EachResponse(t.Context(), w.study.ID, func(row *survey.ResponseRow) error {
		streamed[string(row.AssessmentID)+row.Item] = survey.Response{
			Item: row.Item, Value: row.Value, Missing: row.Missing, AnsweredAt: row.AnsweredAt,
		}
		return nil
	}))
	same(r, streamed, rows)
}
