package survey_test

import (
	"sync"
	"testing"
	"time"

	"tidemark/survey"
)

func TestConsentIsGivenOnceHoweverOftenItIsPressed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.enrol(t, "course", 1)[0]
		text, err := s.cases.Enrolments.ConsentText(t.Context(), a, "")
		noError(t, err)
		same(t, text.Version, 1)
		var wait sync.WaitGroup
		for range 4 { // each with what it read before
			wait.Go(func() {
				if err := s.cases.Enrolments.Consent(t.Context(), a, text.Version); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		again := s.again(t, a.Participation.Enrolment.ID)
		same(t, []any{again.Participation.ConsentVersion, again.Participation.Consented()}, []any{1, true})
		noError(t, s.cases.Enrolments.Consent(t.Context(), again, text.Version))
		events, err := s.store.AuditEvents(t.Context(), s.study.ID, 100)
		noError(t, err)
		given := 0
		for _, e := range events {
			if e.Action == survey.ActionConsentGiven {
				given++
			}
		}
		same(t, given, 1)
	})
}

func TestConsentToAnotherTextIsAConflict(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.enrol(t, "course", 1)[0]
		s.unchanged(t, func() {
			for _, version := range []int{0, 2, -1} {
				wantError(t, s.cases.Enrolments.Consent(t.Context(), a, version), survey.ErrConflict)
			}
		})
		same(t, s.again(t, a.Participation.Enrolment.ID).Participation.Consented(), false)
	})
}

func TestLeavingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		s.answer(t, a, "pre", 3)
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), a))
		left := s.clock()
		s.at(left.Add(time.Hour))
		s.unchanged(t, func() {
			noError(t, s.cases.Enrolments.Withdraw(t.Context(), a))
			noError(t, s.cases.Enrolments.Withdraw(t.Context(), s.again(t, a.Participation.Enrolment.ID)))
		})
		a = s.again(t, a.Participation.Enrolment.ID)
		same(t, []any{a.Participation.Enrolment.WithdrawnAt.Equal(left), a.Participation.Consented()}, []any{true, false})
		wantError(t, s.cases.Enrolments.Consent(t.Context(), a, 1), survey.ErrWithdrawn)
		same(t, cell(t, s.board(t), a, "pre").State, survey.AssessmentSubmitted) // what was given is kept
	})
}

func TestLinksArePrintedForThoseWhoTakePart(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, 3)
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), people[1]))
		run, links, err := s.cases.Enrolments.Links(t.Context(), s.leader, s.study.ID, s.run.ID)
		noError(t, err)
		same(t, run, s.run)
		same(t, len(links), 2)
		for i, l := range links {
			_, p, err := s.cases.SignIns.ByPersonalLink(t.Context(), l.Token)
			noError(t, err)
			same(t, p.Enrolment, people[2*i].Participation.Enrolment)
		}
		again, reprinted, err := s.cases.Enrolments.Links(t.Context(), s.leader, s.study.ID, s.run.ID)
		noError(t, err)
		same(t, []any{again, reprinted}, []any{run, links})
	})
}
