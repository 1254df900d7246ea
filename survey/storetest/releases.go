package storetest

import (
	"context"
	"testing"

	"tidemark/survey"
	"tidemark/survey/disclosure"
)

// release is a figure of the world's run that is told.
func (w *world) release(figure survey.GroupFigure, occasion string, number int) survey.Release {
	return survey.Release{
		StudyID: w.study.ID, RunID: w.run.ID, Figure: figure, Occasion: occasion, Number: number,
		Blurred: disclosure.Figure{Outcome: disclosure.Told, People: 12, Value: 3.4, Low: 2.9, High: 3.9}, At: noon,
	}
}

// members are everyone behind the figures of a study.
func (w *world) members(t testing.TB) []survey.ReleaseMember {
	t.Helper()
	var all []survey.ReleaseMember
	noError(t, w.store.EachReleaseMember(t.Context(), w.study.ID, func(m *survey.ReleaseMember) error {
		all = append(all, *m)
		return nil
	}))
	return all
}

func testReleases(t *testing.T, s survey.Store) {
	put := func(t *testing.T, r survey.Release, members ...survey.EnrolmentID) (kept bool) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			var err error
			kept, err = tx.PutRelease(ctx, r, members)
			return err
		})
		return kept
	}
	t.Run("figures are read as they were kept, by run, figure, occasion and number", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		other := w.newRun("2026-09-07")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, other) })
		week := string(w.week.ID)
		second, first := w.release(survey.FigureTrend, week, 2), w.release(survey.FigureTrend, week, 1)
		first.Blurred = disclosure.Figure{Outcome: disclosure.Withheld, People: 10}
		few := w.release(survey.FigureUnwanted, string(w.post.ID), 1)
		few.Blurred = disclosure.Figure{Outcome: disclosure.Few, People: 31}
		hours := w.release(survey.FigurePractice, "3", 1)
		hours.Blurred = disclosure.Figure{Outcome: disclosure.Told, People: 10, Value: 0}
		elsewhere := w.release(survey.FigureTrend, week, 1)
		elsewhere.RunID = other.ID
		for _, r := range []survey.Release{second, few, hours, first, elsewhere} {
			same(t, put(t, r), true)
		}
		got, err := s.Releases(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []survey.Release{hours, first, second, few})
		same(t, []int{got[1].People(), got[2].People(), got[3].People()}, []int{10, 10, 30})
		all, err := s.Releases(t.Context(), w.study.ID, "")
		noError(t, err)
		same(t, len(all), 5)
		none, err := s.Releases(t.Context(), w.study.ID, "nobody's")
		noError(t, err)
		same(t, none, []survey.Release{})
	})
	t.Run("what was decided is never written over", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		r := w.release(survey.FigureChange, string(w.post.ID), 1)
		one, two := w.people[0].Enrolment.ID, w.people[1].Enrolment.ID
		same(t, put(t, r, one), true)
		again := r
		again.Blurred.Value, again.At = 1, again.At.AddDate(0, 0, 1)
		same(t, put(t, again, two), false)
		got, err := s.Releases(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []survey.Release{r})
		same(t, w.members(t), []survey.ReleaseMember{{RunID: w.run.ID, Figure: survey.FigureChange, Occasion: string(w.post.ID), Number: 1, EnrolmentID: one}})
	})
	t.Run("whoever is erased leaves the list, and the figure stays", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		r := w.release(survey.FigureTrend, string(w.week.ID), 1)
		one, two := w.people[0].Enrolment.ID, w.people[1].Enrolment.ID
		same(t, put(t, r, one, two), true)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.Erase(ctx, w.erasure(0))
			return err
		})
		got, err := s.Releases(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []survey.Release{r})
		same(t, w.members(t), []survey.ReleaseMember{{RunID: w.run.ID, Figure: survey.FigureTrend, Occasion: string(w.week.ID), Number: 1, EnrolmentID: two}})
	})
	t.Run("a figure is of a run that is there, and has people enough", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		r := w.release(survey.FigureTrend, string(w.week.ID), 1)
		r.RunID = "nobody's"
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.PutRelease(ctx, r, nil)
			return err
		}), survey.ErrReference)
		r = w.release(survey.FigureTrend, string(w.week.ID), 1)
		r.Blurred.People = 4
		if err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.PutRelease(ctx, r, nil)
			return err
		}); err == nil {
			t.Error("a figure of four people was kept")
		}
	})
}
