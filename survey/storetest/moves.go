package storetest

import (
	"context"
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

func testMoves(t *testing.T, s survey.Store) {
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
}
