package survey_test

import (
	"errors"
	"sync"
	"testing"

	"tidemark/survey"
)

func TestAFormSentTwiceAddsPeopleOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		const once = survey.Once("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		people := []survey.Person{{Name: "Ana"}, {Name: "Bo"}} // names alone tell nobody apart
		var wait sync.WaitGroup
		results := make([]error, 6)
		for i := range results {
			wait.Go(func() {
				_, results[i] = s.cases.Runs.AddPeopleOnce(t.Context(), s.leader, s.study.ID, s.run.ID, people, "", once)
			})
		}
		wait.Wait()
		done := 0
		for _, err := range results {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, survey.ErrRepeated):
				t.Errorf("got %v, want ErrRepeated", err)
			}
		}
		roster, err := s.store.Roster(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		same(t, []int{done, len(roster)}, []int{1, 2})

		// Another sending of the same list is meant.
		_, err = s.cases.Runs.AddPeopleOnce(t.Context(), s.leader, s.study.ID, s.run.ID, people, "", once+"x")
		noError(t, err)
	})
}

func TestAFormSentTwiceStartsOneRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		n := newRun()
		n.Once = "0123456789abcdef"
		_, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n)
		noError(t, err)
		if _, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n); !errors.Is(err, survey.ErrRepeated) {
			t.Errorf("got %v, want ErrRepeated", err)
		}
		n.Once = "forged' --"
		if _, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n); !errors.Is(err, survey.ErrConflict) {
			t.Errorf("got %v, want ErrConflict", err)
		}
		runs, err := s.cases.Runs.List(t.Context(), s.leader, s.study.ID)
		noError(t, err)
		same(t, len(runs), 2)
	})
}
