package survey_test

import (
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

func TestAnAlertsStepsAreKeptInOrderAndToldToWhomTheyConcern(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		responder, deputy := s.watched(t)
		person := s.consenting(t, 1)[0]
		s.answerRisk(t, person, 2)
		alert := func() survey.Alert {
			t.Helper()
			all, err := s.store.Alerts(ctx, s.study.ID, 10)
			noError(t, err)
			same(t, len(all), 1)
			return all[0]
		}
		id, began := alert().ID, s.clock()
		later := func() { s.at(s.clock().Add(time.Hour)) }
		waiting := func() int {
			t.Helper()
			messages, err := s.store.DueMessages(ctx, s.clock(), 100)
			noError(t, err)
			n := 0
			for _, m := range messages {
				if m.Kind == survey.MessageAlert {
					n++
				}
			}
			return n
		}
		same(t, waiting(), 1)
		alerts := s.cases.Alerts
		wantError(t, alerts.Reopen(ctx, responder, s.study.ID, id, ""), survey.ErrConflict) // it waits
		wantFaults(t, alerts.AddNote(ctx, responder, s.study.ID, id, "  "), survey.FieldErrors{"note": "alert.note_missing"})
		wantFaults(t, alerts.HandOver(ctx, responder, s.study.ID, id, ""), survey.FieldErrors{"note": "alert.note_missing"})
		wantFaults(t, alerts.AddNote(ctx, responder, s.study.ID, id, strings.Repeat("x", 2001)), survey.FieldErrors{"note": "text.too_long"})
		later()
		noError(t, alerts.Acknowledge(ctx, responder, s.study.ID, id, "I ring."))
		wantError(t, alerts.Raise(ctx, responder, s.study.ID, id, ""), survey.ErrConflict) // somebody has it in hand
		later()
		noError(t, alerts.HandOver(ctx, responder, s.study.ID, id, "I am away."))
		if a := alert(); !a.Open() || a.Level != survey.AlertNew || !a.DueAt.Equal(s.clock().UTC().Add(12*time.Hour)) {
			t.Errorf("handed over, it is %+v", a)
		}
		same(t, waiting(), 2) // the other is written to
		later()
		noError(t, alerts.Raise(ctx, deputy, s.study.ID, id, ""))
		same(t, waiting(), 5) // and the first reminder, which is dropped when its turn comes
		later()
		noError(t, alerts.Acknowledge(ctx, deputy, s.study.ID, id, ""))
		later()
		noError(t, alerts.AddNote(ctx, responder, s.study.ID, id, "All is well."))
		later()
		noError(t, alerts.Reopen(ctx, deputy, s.study.ID, id, "Not yet."))

		b, err := alerts.Board(ctx, responder, s.study.ID)
		noError(t, err)
		var got []string
		for i, step := range b.Waiting[0].Steps {
			got = append(got, string(step.Kind)+" "+step.Note)
			if want := began.Add(time.Duration(i+1) * time.Hour); !step.At.Equal(want) {
				t.Errorf("%s at %v, want %v", step.Kind, step.At, want)
			}
		}
		same(t, got, []string{"acknowledged I ring.", "handed_over I am away.", "raised ", "acknowledged ", "noted All is well.", "reopened Not yet."})
		trail, err := s.cases.Audits.Page(ctx, s.admin, survey.AuditFilter{Study: &s.study.ID, Limit: 100})
		noError(t, err)
		for _, line := range trail.Lines {
			if strings.Contains(line.Detail, "I am away") || strings.Contains(line.ObjectID, string(person.Participation.Enrolment.ID)) && strings.HasPrefix(string(line.Action), "alert.") {
				t.Errorf("the trail tells too much: %+v", line)
			}
		}
		s.erase(t, s.again(t, person.Participation.Enrolment.ID))
		steps, err := s.store.AlertSteps(ctx, s.study.ID)
		noError(t, err)
		same(t, len(steps), 0)
	})
}

func TestAnAlertThatGoesUpByItselfSaysSoAmongItsSteps(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		responder, _ := s.watched(t)
		s.answerRisk(t, s.consenting(t, 1)[0], 2)
		s.at(s.clock().Add(13 * time.Hour))
		for range 2 {
			_, err := s.cases.Alerts.Escalate(t.Context(), survey.SystemActor("server"))
			noError(t, err)
		}
		b, err := s.cases.Alerts.Board(t.Context(), responder, s.study.ID)
		noError(t, err)
		same(t, len(b.Waiting[0].Steps), 2)
		for _, step := range b.Waiting[0].Steps {
			same(t, []any{step.Kind, step.By.Kind}, []any{survey.StepRaised, survey.ActorSystem})
		}
	})
}
