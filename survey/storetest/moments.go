package storetest

import (
	"context"
	"math"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// score gives one person a score at a wave.
func (w *world) score(t testing.TB, person int, wave survey.WaveID, scores ...instrument.Score) {
	t.Helper()
	a := w.people[person].Assessments[w.nth(person, wave, 1)]
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		return tx.CreateScores(ctx, w.study.ID, a.ID, scores, noon)
	})
}

func valid(scale string, value float64) instrument.Score {
	return instrument.Score{Scale: scale, Value: value, Valid: true, Answered: 5, Items: 6, Rule: "person-mean/min5of6/v1"}
}

func testMoments(t *testing.T, s survey.Store) {
	t.Run("moments are those of the submitted scores of an arm, by wave", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 8) // the even ones are in the course
		values := []float64{1e9 + 1, 99, 1e9 + 2, 99, 1e9 + 4, 99, 1e9 + 8, 99}
		for i, v := range values {
			w.score(t, i, w.pre.ID, valid("x", v), valid("y", -5))
			w.submit(t, i, w.nth(i, w.pre.ID, 1))
		}
		w.score(t, 0, w.post.ID, valid("x", 7))
		w.submit(t, 0, w.nth(0, w.post.ID, 1))
		w.score(t, 2, w.post.ID, valid("x", 8)) // never submitted
		w.score(t, 4, w.post.ID, instrument.Score{Scale: "x", Reason: instrument.ReasonTooFewAnswered, Items: 6, Rule: "r"})
		w.submit(t, 4, w.nth(4, w.post.ID, 1))

		got, err := s.Moments(t.Context(), w.study.ID, w.run.ID, w.course.ID, "x")
		noError(t, err)
		if len(got) != 2 || got[0].WaveID != w.pre.ID || got[1].WaveID != w.post.ID {
			t.Fatalf("got %+v, want one for each of two waves, in order", got)
		}
		// Deviations of 1, 2, 4 and 8 from their mean 3.75: 28.75. Sums of
		// squares of numbers near 1e9 would have lost it.
		if m := got[0]; m.N != 4 || math.Abs(m.Mean-1e9-3.75) > 1e-6 || math.Abs(m.SumSquares-28.75) > 1e-4 {
			t.Errorf("got %+v, want n 4, mean 1e9 + 3.75, squares 28.75", m)
		}
		sent := noon.Add(time.Minute)
		same(t, got[1], survey.WaveMoments{WaveID: w.post.ID, N: 1, Mean: 7, First: sent, Last: sent})
	})
	t.Run("without an arm everyone counts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		for i := range 2 {
			w.score(t, i, w.pre.ID, valid("x", float64(i)))
			w.submit(t, i, w.nth(i, w.pre.ID, 1))
		}
		got, err := s.Moments(t.Context(), w.study.ID, w.run.ID, "", "x")
		noError(t, err)
		sent := noon.Add(time.Minute)
		same(t, got, []survey.WaveMoments{{WaveID: w.pre.ID, N: 2, Mean: 0.5, SumSquares: 0.5, First: sent, Last: sent}})
	})
	t.Run("moments know when the first and the last were sent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 3)
		for i, at := range []time.Time{noon.Add(2 * time.Hour), noon, noon.Add(time.Hour)} {
			w.score(t, i, w.pre.ID, valid("x", float64(i)))
			a := w.people[i].Assessments[w.nth(i, w.pre.ID, 1)]
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				_, err := tx.MarkSubmitted(ctx, w.study.ID, a.EnrolmentID, a.ID, at)
				return err
			})
		}
		got, err := s.Moments(t.Context(), w.study.ID, w.run.ID, "", "x")
		noError(t, err)
		if len(got) != 1 {
			t.Fatalf("got %+v, want one wave", got)
		}
		same(t, []time.Time{got[0].First, got[0].Last}, []time.Time{noon, noon.Add(2 * time.Hour)})
	})
	t.Run("the moves of a run are its own, in order", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		move := func(run survey.RunID, at time.Time, action survey.Action) survey.AuditEvent {
			e := event(w.study.ID, at)
			e.Action, e.ObjectKind, e.ObjectID = action, "run", string(run)
			return e
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.AppendAudit(ctx, move(w.run.ID, noon.Add(time.Hour), survey.ActionRunMoved),
				move(w.run.ID, noon, survey.ActionRunMoved), move(w.run.ID, noon, survey.ActionRunCreated),
				move("another", noon, survey.ActionRunMoved))
		})
		got, err := s.Moves(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []time.Time{noon, noon.Add(time.Hour)})
		got, err = s.Moves(t.Context(), w.study.ID, "another study's")
		noError(t, err)
		same(t, len(got), 0)
	})
	t.Run("nothing to summarise is an empty list", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		got, err := s.Moments(t.Context(), w.study.ID, w.run.ID, w.course.ID, "x")
		noError(t, err)
		same(t, len(got), 0)
	})
}
