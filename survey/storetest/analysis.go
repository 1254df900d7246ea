package storetest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// errOnPurpose is what a test's own function fails with.
var errOnPurpose = errors.New("on purpose")

// responses collects a stream.
func responses(t testing.TB, each func(func(*survey.ResponseRow) error) error) []survey.ResponseRow {
	t.Helper()
	var rows []survey.ResponseRow
	noError(t, each(func(r *survey.ResponseRow) error { rows = append(rows, *r); return nil }))
	return rows
}

// byCode are the world's people in the order of their codes.
func (w *world) byCode() []survey.Enrolment {
	var all []survey.Enrolment
	for _, p := range w.people {
		all = append(all, p.Enrolment)
	}
	slices.SortFunc(all, func(a, b survey.Enrolment) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

// answered fills every assessment with two answers and submits those before the
// course; it returns the rows in the order of EachResponse.
func (w *world) answered(t testing.TB) []survey.ResponseRow {
	t.Helper()
	var rows []survey.ResponseRow
	for i, p := range w.people {
		for n, a := range p.Assessments {
			w.save(t, i, n, survey.Response{Item: "b", Missing: survey.MissingSkipped, AnsweredAt: noon},
				survey.Response{Item: "a", Value: float64(n), AnsweredAt: noon})
			row := survey.ResponseRow{
				EnrolmentID: p.Enrolment.ID, AssessmentID: a.ID, WaveID: a.WaveID, InstrumentID: a.InstrumentID,
				Item: "a", Value: float64(n), AnsweredAt: noon,
			}
			if a.WaveID == w.pre.ID {
				w.submit(t, i, n)
				got, _, err := w.store.Assessment(t.Context(), w.study.ID, a.ID)
				noError(t, err)
				row.SubmittedAt = got.SubmittedAt
			}
			skipped := row
			skipped.Item, skipped.Value, skipped.Missing = "b", 0, survey.MissingSkipped
			rows = append(rows, row, skipped)
		}
	}
	place := map[survey.EnrolmentID]int{}
	for i, e := range w.byCode() {
		place[e.ID] = i
	}
	slices.SortStableFunc(rows, func(a, b survey.ResponseRow) int { return place[a.EnrolmentID] - place[b.EnrolmentID] })
	return rows
}

func testAnalysis(t *testing.T, s survey.Store) {
	t.Run("everyone in a study is listed by code", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 20)
		newWorld(t, s, 3)
		got, err := s.Enrolments(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, w.byCode())
	})
	t.Run("all responses come by person, wave, position and item", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 6)
		newWorld(t, s, 1).answered(t)
		want := w.answered(t)
		got := responses(t, func(f func(*survey.ResponseRow) error) error { return s.EachResponse(t.Context(), w.study.ID, f) })
		same(t, got, want)
	})
	t.Run("all assessments come by person, wave and position", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 5)
		newWorld(t, s, 1)
		w.answered(t)
		want := map[survey.AssessmentID]survey.Assessment{}
		var order []survey.AssessmentID
		for _, e := range w.byCode() {
			for _, p := range w.people {
				for _, a := range p.Assessments {
					if a.EnrolmentID == e.ID {
						var err error
						want[a.ID], _, err = s.Assessment(t.Context(), w.study.ID, a.ID)
						noError(t, err)
						order = append(order, a.ID)
					}
				}
			}
		}
		var got []survey.AssessmentID
		noError(t, s.EachAssessment(t.Context(), w.study.ID, func(a *survey.Assessment) error {
			same(t, *a, want[a.ID])
			got = append(got, a.ID)
			return nil
		}))
		same(t, got, order)
		wantError(t, s.EachAssessment(t.Context(), w.study.ID, func(*survey.Assessment) error { return errOnPurpose }), errOnPurpose)
	})
	t.Run("attendance of a study comes by person and meeting", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 4)
		second := w.newRun("2026-05-04")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, second) })
		w.enrol(t, second, 2)
		var want []survey.Attendance
		for i, e := range w.byCode() {
			notes := []survey.Attendance{{EnrolmentID: e.ID, Meeting: 1, Present: i%2 == 0}, {EnrolmentID: e.ID, Meeting: 2, Present: true}}
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.PutAttendance(ctx, w.study.ID, e.RunID, []survey.Attendance{notes[1], notes[0]})
			})
			want = append(want, notes...)
		}
		got, err := s.StudyAttendance(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, want)
	})
	t.Run("submitted responses are those of the given waves, by assessment", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 4)
		newWorld(t, s, 1).answered(t)
		all := w.answered(t)
		post := w.nth(0, w.post.ID, 2)
		w.submit(t, 0, post)
		submitted := func(waves ...survey.WaveID) []survey.ResponseRow {
			return responses(t, func(f func(*survey.ResponseRow) error) error {
				return s.EachSubmitted(t.Context(), w.study.ID, waves, f)
			})
		}
		var want []survey.ResponseRow
		for _, r := range all {
			if r.WaveID == w.pre.ID {
				want = append(want, r)
			}
		}
		key := anyOrder(func(r survey.ResponseRow) string { return string(r.AssessmentID) + r.Item })
		same(t, submitted(w.pre.ID, w.week.ID), want, key)
		same(t, len(submitted(w.pre.ID, w.week.ID, w.post.ID)), len(want)+2)
		same(t, len(submitted()), 0)
		same(t, len(submitted("nobody")), 0)
	})
	t.Run("scores come with their place in the design", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		other := newWorld(t, s, 1)
		other.score(t, 0, other.pre.ID, valid("x", 9))
		none := instrument.Score{Scale: "y", Reason: instrument.ReasonTooFewAnswered, Answered: 1, Items: 6, Rule: "r/v1"}
		w.score(t, 0, w.pre.ID, valid("x", 0), none)
		var got []survey.ScoreRow
		noError(t, s.EachScore(t.Context(), w.study.ID, nil, func(r *survey.ScoreRow) error { got = append(got, *r); return nil }))
		row := survey.ScoreRow{
			EnrolmentID: w.people[0].Enrolment.ID, WaveID: w.pre.ID, InstrumentID: w.outcome.ID,
			Scale: "x", Value: 0, Valid: true, Answered: 5, Items: 6, Rule: "person-mean/min5of6/v1",
		}
		missing := row
		missing.Scale, missing.Valid, missing.Answered, missing.Rule = "y", false, 1, "r/v1"
		same(t, got, []survey.ScoreRow{row, missing}, anyOrder(func(r survey.ScoreRow) string { return r.Scale }))
	})
	t.Run("scores of some waves come without the others", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		w.score(t, 0, w.pre.ID, valid("x", 1))
		w.score(t, 0, w.post.ID, valid("x", 2))
		at := func(waves ...survey.WaveID) []float64 {
			var got []float64
			noError(t, s.EachScore(t.Context(), w.study.ID, waves, func(r *survey.ScoreRow) error { got = append(got, r.Value); return nil }))
			slices.Sort(got)
			return got
		}
		same(t, at(), []float64{1, 2})
		same(t, at(w.pre.ID, w.post.ID), []float64{1, 2})
		same(t, at(w.post.ID), []float64{2})
		same(t, len(at("nobody")), 0)
	})
	t.Run("an error of the callback ends the stream and is returned", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		w.answered(t)
		w.score(t, 0, w.pre.ID, valid("x", 0), valid("y", 1))
		calls := 0
		row := func(*survey.ResponseRow) error { calls++; return errOnPurpose }
		wantError(t, s.EachResponse(t.Context(), w.study.ID, row), errOnPurpose)
		wantError(t, s.EachSubmitted(t.Context(), w.study.ID, []survey.WaveID{w.pre.ID}, row), errOnPurpose)
		wantError(t, s.EachScore(t.Context(), w.study.ID, nil, func(*survey.ScoreRow) error { calls++; return errOnPurpose }), errOnPurpose)
		same(t, calls, 3)
	})
	t.Run("a study without data has nothing to stream", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		row := func(*survey.ResponseRow) error { return errOnPurpose }
		noError(t, s.EachResponse(t.Context(), w.study.ID, row))
		noError(t, s.EachSubmitted(t.Context(), w.study.ID, []survey.WaveID{w.pre.ID}, row))
		noError(t, s.EachScore(t.Context(), w.study.ID, nil, func(*survey.ScoreRow) error { return errOnPurpose }))
		progress, err := s.StudyProgress(t.Context(), w.study.ID)
		noError(t, err)
		same(t, len(progress), 0)
	})
}
