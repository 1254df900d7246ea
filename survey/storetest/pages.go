package storetest

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// paged collects pages of three rows until there are no more.
func paged[K, T any](t *testing.T, keyOf func(T) K, page func(after K) ([]T, error)) []T {
	t.Helper()
	var all []T
	var after K
	for {
		rows, err := page(after)
		noError(t, err)
		if len(rows) == 0 {
			return all
		}
		if len(rows) > 3 {
			t.Fatalf("a page of 3 has %d rows", len(rows))
		}
		all, after = append(all, rows...), keyOf(rows[len(rows)-1])
	}
}

func testPages(t *testing.T, s survey.Store) {
	t.Run("pages give every row of the study once, in the order of their keys", func(t *testing.T) {
		t.Parallel()
		w, other := newWorld(t, s, 4), newWorld(t, s, 2)
		other.answered(t)
		want, study := w.answered(t), w.study.ID
		ctx := t.Context()
		people := paged(t, func(e survey.Enrolment) string { return e.Code }, func(after string) ([]survey.Enrolment, error) {
			return s.EnrolmentsAfter(ctx, study, after, 3)
		})
		same(t, people, w.byCode())
		codes := map[survey.EnrolmentID]string{}
		for _, e := range people {
			codes[e.ID] = e.Code
		}

		answers := func(f survey.PageFilter) []survey.ResponseRow {
			var rows []survey.ResponseRow
			for _, e := range paged(t, func(e survey.ResponseEntry) survey.RowKey {
				return survey.RowKey{Assessment: e.AssessmentID, Name: e.Item}
			},
				func(after survey.RowKey) ([]survey.ResponseEntry, error) {
					return s.ResponsesAfter(ctx, study, f, after, 3)
				}) {
				same(t, e.Code, codes[e.EnrolmentID])
				rows = append(rows, e.ResponseRow)
			}
			return rows
		}
		slices.SortFunc(want, func(a, b survey.ResponseRow) int {
			return cmp.Or(cmp.Compare(a.AssessmentID, b.AssessmentID), cmp.Compare(a.Item, b.Item))
		})
		same(t, answers(survey.PageFilter{}), want)
		first := people[0]
		same(t, answers(survey.PageFilter{Code: first.Code, Wave: w.pre.ID}), slices.DeleteFunc(slices.Clone(want), func(r survey.ResponseRow) bool {
			return r.EnrolmentID != first.ID || r.WaveID != w.pre.ID
		}))

		assessments := paged(t, func(a survey.AssessmentEntry) survey.AssessmentID { return a.ID },
			func(after survey.AssessmentID) ([]survey.AssessmentEntry, error) {
				return s.AssessmentsAfter(ctx, study, survey.PageFilter{}, after, 3)
			})
		var each []survey.AssessmentEntry
		noError(t, s.EachAssessment(ctx, study, func(a *survey.Assessment) error {
			each = append(each, survey.AssessmentEntry{Assessment: *a, Code: codes[a.EnrolmentID]})
			return nil
		}))
		slices.SortFunc(each, func(a, b survey.AssessmentEntry) int { return cmp.Compare(a.ID, b.ID) })
		same(t, assessments, each)

		var scored []survey.ScoreEntry
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			scored = scored[:0]
			for _, a := range assessments {
				if a.WaveID != w.pre.ID {
					continue
				}
				for _, scale := range []string{"sc_b", "sc_a"} {
					score := instrument.Score{Scale: scale, Value: 2.5, Valid: scale == "sc_a", Answered: 1, Items: 2, Rule: "mean 1"}
					if err := tx.CreateScores(ctx, study, a.ID, []instrument.Score{score}, noon); err != nil {
						return err
					}
					e := survey.ScoreEntry{Code: a.Code, AssessmentID: a.ID, ScoreRow: survey.ScoreRow{
						EnrolmentID: a.EnrolmentID, WaveID: a.WaveID, InstrumentID: a.InstrumentID, Scale: scale, Valid: score.Valid,
						Answered: 1, Items: 2, Rule: "mean 1",
					}}
					if e.Valid {
						e.Value = 2.5
					}
					scored = append(scored, e)
				}
			}
			return nil
		})
		slices.SortFunc(scored, func(a, b survey.ScoreEntry) int {
			return cmp.Or(cmp.Compare(a.AssessmentID, b.AssessmentID), cmp.Compare(a.Scale, b.Scale))
		})
		same(t, paged(t, func(e survey.ScoreEntry) survey.RowKey {
			return survey.RowKey{Assessment: e.AssessmentID, Name: e.Scale}
		},
			func(after survey.RowKey) ([]survey.ScoreEntry, error) {
				return s.ScoresAfter(ctx, study, survey.PageFilter{}, after, 3)
			}), scored)
	})
}
