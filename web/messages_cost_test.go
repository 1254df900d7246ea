package web

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// lateWithin is how long the late list of 500 people at 14 occasions may take, and a
// round that finds out what is due for them.
// Of several tries the quickest counts: what else the machine does is no part of it.
const lateWithin = 150 * time.Millisecond

//nolint:paralleltest // it measures time
func TestARoundAndTheLateListTakeAFixedNumberOfQueries(t *testing.T) {
	people := 500
	if testing.Short() {
		people = 100
	}
	for name, open := range map[string]func(testing.TB) *store.Store{
		"sqlite":   func(t testing.TB) *store.Store { return storetest.SQLite(t) },
		"postgres": func(t testing.TB) *store.Store { return storetest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			few := messageCosts(t, open, 40, false)
			many := messageCosts(t, open, people, true)
			if diff := cmp.Diff(many, few); diff != "" {
				t.Errorf("queries with many people (-), with few (+):\n%s", diff)
			}
			if many["round"] > 6 || many["late"] > 6 || many["why"] > 7 {
				t.Errorf("queries: %v", many)
			}
		})
	}
}

// messageCosts counts what a round, the late list and one person's page ask.
func messageCosts(t *testing.T, open func(testing.TB) *store.Store, people int, timed bool) map[string]int {
	t.Helper()
	w := busyBoard(t, open, people)
	ctx, program := t.Context(), survey.SystemActor("test")
	roster, err := w.store.Roster(ctx, w.study.ID, w.run.ID)
	w.must(err)
	w.must(w.store.InTx(ctx, func(tx survey.Tx) error {
		for _, e := range roster {
			c := survey.Contact{StudyID: w.study.ID, ParticipantID: e.ParticipantID, Email: e.Code + "@example.org"}
			if err := tx.PutContact(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}))
	w.writing(0, "ana@example.org")
	planned, err := w.cases.Outbox.Plan(ctx, program, &tray{})
	w.must(err)
	if planned == 0 {
		t.Error("nothing was due")
	}
	counts := map[string]int{}
	count := func(name string, f func(ctx context.Context) error) {
		t.Helper()
		quickest := time.Hour
		for try := 0; try < 5 || timed && try < 60 && quickest > lateWithin; try++ {
			counted, n := store.WithQueryCount(ctx)
			begun := time.Now()
			w.must(f(counted))
			quickest, counts[name] = min(quickest, time.Since(begun)), n.N()
		}
		if timed {
			t.Logf("%s for %d people at 14 occasions: %s, %d queries", name, people, quickest.Round(time.Millisecond), counts[name])
			if quickest > lateWithin {
				t.Errorf("%s takes %s, want at most %s", name, quickest, lateWithin)
			}
		}
	}
	count("round", func(ctx context.Context) error { _, err := w.cases.Outbox.Plan(ctx, program, &tray{}); return err })
	count("late", func(ctx context.Context) error {
		_, err := w.cases.Messages.Late(ctx, program, w.study, w.run.ID)
		return err
	})
	count("why", func(ctx context.Context) error {
		_, err := w.cases.Messages.Why(ctx, program, w.study, roster[1].Code)
		return err
	})
	return counts
}
