package survey_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidemark/survey"
)

// otherSystem takes events, or does not.
type otherSystem struct {
	mu     sync.Mutex
	calls  []survey.HookCall
	status int   // 0: 204
	fault  error // with it
	meet   func(survey.HookCall)
}

func (o *otherSystem) Post(ctx context.Context, c survey.HookCall) (int, error) {
	if o.meet != nil {
		o.meet(c)
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, c)
	if o.status == 0 {
		return 204, nil
	}
	return o.status, o.fault
}

// take gives what came since, as "number kind".
func (o *otherSystem) take(t *testing.T) []string {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []string
	for _, c := range o.calls {
		var b survey.HookBody
		noError(t, json.Unmarshal(c.Body, &b))
		all = append(all, fmt.Sprint(b.Sequence, " ", b.Type))
	}
	o.calls = nil
	return all
}

func (s *stage) hook(t *testing.T, kinds ...survey.HookKind) survey.Webhook {
	t.Helper()
	_, w, err := s.cases.Webhooks.Create(t.Context(), s.researcher, s.study.ID, survey.NewWebhook{Address: "https://example.org/x", Kinds: kinds})
	noError(t, err)
	return w
}

// tell sends until nothing is left that can be sent now.
func (s *stage) post(t *testing.T, o survey.HookSender) survey.HookRound {
	t.Helper()
	var all survey.HookRound
	for range 20 {
		r, err := s.cases.Webhooks.Deliver(t.Context(), system(), o)
		noError(t, err)
		all.Sent, all.Failed, all.Paused = all.Sent+r.Sent, all.Failed+r.Failed, all.Paused+r.Paused
		if r.Sent == 0 {
			return all
		}
	}
	t.Fatal("it does not end")
	return all
}

func TestWhatHappensIsToldInOrderAndWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.watched(t)
		early := s.consenting(t, 1)[0] // before the webhook was
		w, o := s.hook(t, survey.HookKinds()...), &otherSystem{}
		person := s.consenting(t, 1)[0]
		s.answerRisk(t, person, 2)
		it := s.due(t, person, "risk", "test_risk")
		noError(t, s.cases.Assessments.Submit(ctx, person, it.Assessment.ID, nil))
		_, err := s.cases.Files.Ask(ctx, s.researcher, survey.PreparedFile{StudyID: s.study.ID, What: "long", Format: "csv"}, "")
		noError(t, err)
		_, err = s.cases.Files.Work(ctx, system(), func(_ context.Context, _ survey.PreparedFile, w io.Writer) (int, error) {
			_, err := io.WriteString(w, "a,b\n")
			return 0, err
		})
		noError(t, err)
		noError(t, s.cases.Enrolments.Withdraw(ctx, early))
		noError(t, s.cases.Enrolments.Withdraw(ctx, early)) // twice is one event
		noError(t, s.cases.Webhooks.Test(ctx, s.researcher, s.study.ID, w.ID))
		same(t, s.post(t, o).Sent, 7)
		calls := slices.Clone(o.calls)
		got := o.take(t)
		slices.Sort(got) // all happened at one instant of the clock
		for i := range got {
			got[i] = got[i][2:]
		}
		slices.Sort(got)
		same(t, got, []string{
			"alert.raised", "assessment.submitted", "consent.given", "file.ready", "participant.enrolled", "participant.withdrawn", "test",
		})
		secret, err := s.keys.OpenSecret("webhook "+string(s.study.ID)+" "+string(w.ID), w.KeyID, w.Sealed)
		noError(t, err)
		for i, c := range calls {
			var b survey.HookBody
			noError(t, json.Unmarshal(c.Body, &b))
			same(t, []any{b.Sequence, c.Secret, c.Address, b.Data.Study}, []any{i + 1, secret, w.Address, s.study.Key})
			text := string(c.Body)
			code := person.Participation.Enrolment.Code
			if about := b.Type == survey.HookSubmitted || b.Type == survey.HookEnrolled || b.Type == survey.HookConsented; about != (b.Data.Participant == code) {
				t.Errorf("%s is about %q", b.Type, b.Data.Participant)
			}
			if b.Type == survey.HookAlert && (b.Data.Alert == "" || strings.Contains(text, string(person.Participation.Enrolment.ID))) {
				t.Errorf("an alert tells %s", text)
			}
			if strings.Contains(text, "Person 0") || strings.Contains(text, "test_risk") {
				t.Errorf("too much is told: %s", text)
			}
		}

		// Whoever is erased takes along what was not sent.
		noError(t, s.cases.Webhooks.Again(ctx, s.researcher, s.study.ID, w.ID, calls[0].ID))
		noError(t, second(s.cases.Erasures.Erase(ctx, s.again(t, person.Participation.Enrolment.ID), "")))
		view, err := s.cases.Webhooks.Get(ctx, s.researcher, s.study.ID, w.ID)
		noError(t, err)
		for _, d := range view.Events {
			if d.Enrolment == person.Participation.Enrolment.ID {
				t.Errorf("there still is %+v", d)
			}
		}
		noError(t, s.cases.Webhooks.End(ctx, s.admin, s.study.ID, w.ID))
		noError(t, s.cases.Webhooks.End(ctx, s.admin, s.study.ID, w.ID)) // twice is no fault
		s.consenting(t, 1)
		same(t, s.post(t, o), survey.HookRound{})
		wantError(t, s.cases.Webhooks.Test(ctx, s.researcher, s.study.ID, w.ID), survey.ErrNotFound)
	})
}

func TestWhatIsNotTakenHoldsUpTheRestAndPausesAfterADay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		w := s.hook(t, survey.HookEnrolled)
		o := &otherSystem{status: 500, fault: &survey.SendError{Reason: "status 500"}}
		s.enrol(t, "course", 1)
		s.at(s.clock().Add(time.Second))
		s.enrol(t, "course", 1)
		began := s.clock()
		same(t, s.post(t, o), survey.HookRound{Failed: 1})
		same(t, s.post(t, o), survey.HookRound{}) // not at once again
		first := o.calls[0].ID
		var waits []time.Duration
		paused := 0
		for range 40 {
			view, err := s.cases.Webhooks.Get(ctx, s.researcher, s.study.ID, w.ID)
			noError(t, err)
			if !view.PausedAt.IsZero() {
				same(t, view.Pause, survey.PauseFailing)
				break
			}
			waits = append(waits, view.NextAt.Sub(s.clock().UTC().Truncate(time.Millisecond)))
			s.at(view.NextAt)
			paused += s.post(t, o).Paused
		}
		same(t, paused, 1)
		if !slices.IsSorted(waits) || waits[0] > 10*time.Second || s.clock().Sub(began) < 24*time.Hour {
			t.Errorf("it waited %v", waits)
		}
		for _, c := range o.calls {
			if c.ID != first {
				t.Fatal("an event overtook another")
			}
		}
		b, err := s.cases.Webhooks.Book(ctx, s.admin, s.study.ID)
		noError(t, err)
		same(t, []any{b.Paused(), b.May}, []any{1, false})
		s.enrol(t, "course", 1) // is kept
		o.status = 0
		o.take(t)
		same(t, s.post(t, o), survey.HookRound{})
		noError(t, s.cases.Webhooks.Resume(ctx, s.researcher, s.study.ID, w.ID))
		wantError(t, s.cases.Webhooks.Resume(ctx, s.researcher, s.study.ID, w.ID), survey.ErrConflict)
		same(t, s.post(t, o).Sent, 3)
		same(t, o.take(t), []string{"1 participant.enrolled", "2 participant.enrolled", "3 participant.enrolled"})
		noError(t, s.cases.Webhooks.Again(ctx, s.researcher, s.study.ID, w.ID, first))
		same(t, s.post(t, o).Sent, 1)
		same(t, o.calls[0].ID, first)

		// An address that is gone is not tried again, nor one whose maker has no role.
		o.status, o.fault = 410, &survey.SendError{Reason: "gone"}
		noError(t, s.cases.Webhooks.Again(ctx, s.researcher, s.study.ID, w.ID, first))
		same(t, s.post(t, o), survey.HookRound{Failed: 1, Paused: 1})
		noError(t, s.cases.Webhooks.Resume(ctx, s.researcher, s.study.ID, w.ID))
		noError(t, s.cases.Users.Disable(ctx, s.admin, s.researcher.User.ID))
		o.take(t)
		same(t, s.post(t, o), survey.HookRound{Paused: 1})
		same(t, o.take(t), []string(nil))
	})
}

func TestServersTogetherSendEachEventOnceAndNothingIsLostWhenOneDies(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		w, o := s.hook(t, survey.HookEnrolled), &otherSystem{}
		s.enrol(t, "course", 25)
		var group sync.WaitGroup
		for range 6 {
			group.Go(func() {
				for range 4 {
					if _, err := s.cases.Webhooks.Deliver(t.Context(), system(), o); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		s.post(t, o)
		seen := map[string]int{}
		for _, c := range o.calls {
			seen[c.ID]++
		}
		same(t, []int{len(o.calls), len(seen)}, []int{25, 25})
		o.take(t)

		// A server that dies in the middle has sent, and noted nothing.
		s.enrol(t, "course", 2)
		ctx, die := context.WithCancel(t.Context())
		o.meet = func(c survey.HookCall) {
			o.mu.Lock()
			o.calls = append(o.calls, c)
			o.mu.Unlock()
			die()
		}
		_, err := s.cases.Webhooks.Deliver(ctx, system(), o)
		noError(t, err)
		o.meet = nil
		first := o.calls[0].ID
		same(t, s.post(t, o), survey.HookRound{}) // it may still be at work
		s.at(s.clock().Add(time.Minute))
		same(t, s.post(t, o).Sent, 2)
		same(t, o.calls[1].ID, first)
		same(t, o.take(t), []string{"26 participant.enrolled", "26 participant.enrolled", "27 participant.enrolled"})
		view, err := s.cases.Webhooks.Get(t.Context(), s.researcher, s.study.ID, w.ID)
		noError(t, err)
		same(t, []int{view.Sequence, view.Events[0].Status}, []int{27, 204})
	})
}

func TestAWaveThatHasClosedIsToldOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		w, o := s.hook(t, survey.HookWaveClosed), &otherSystem{}
		announce := func() int {
			t.Helper()
			n, err := s.cases.Webhooks.Announce(t.Context(), system())
			noError(t, err)
			return n
		}
		same(t, announce(), 0)
		window := s.run.Timetable(s.design(t).Waves).General(s.design(t).Waves[0].ID)
		s.at(window.Expires.Add(-time.Second))
		same(t, announce(), 0)
		s.at(window.Expires)
		same(t, []int{announce(), announce()}, []int{1, 0})
		s.post(t, o)
		var b survey.HookBody
		noError(t, json.Unmarshal(o.calls[0].Body, &b))
		same(t, b.Data, survey.HookData{Study: s.study.Key, Run: string(s.run.ID), Wave: "pre"})
		same(t, b.Timestamp.Equal(window.Expires), true)
		noError(t, s.cases.Webhooks.End(t.Context(), s.researcher, s.study.ID, w.ID))
	})
}

func TestAWebhookNeedsAnAddressEventsAndAProof(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		make := func(address string, kinds ...survey.HookKind) error {
			_, _, err := s.cases.Webhooks.Create(t.Context(), s.researcher, s.study.ID, survey.NewWebhook{Address: address, Kinds: kinds})
			return err
		}
		for _, address := range []string{"", "example.org", "https://", "https://u:p@example.org/", "https://example.org/#x", "https://example.org/" + strings.Repeat("x", 500), "https://exa mple.org"} {
			wantFaults(t, make(address, survey.HookAlert), survey.FieldErrors{"address": "webhook.address"})
		}
		for _, address := range []string{"http://example.org", "file:///x", "ftp://example.org"} {
			if err := make(address, survey.HookAlert); err == nil {
				t.Errorf("%s was taken", address)
			}
		}
		for _, kinds := range [][]survey.HookKind{nil, {"nonsense"}, {survey.HookTest}, {survey.HookAlert, "x"}} {
			wantFaults(t, make("https://example.org/", kinds...), survey.FieldErrors{"kinds": "webhook.kinds"})
		}
		for range 10 {
			noError(t, make("https://example.org/", survey.HookAlert))
		}
		wantFaults(t, make("https://example.org/", survey.HookAlert), survey.FieldErrors{"address": "webhook.too_many"})
		asking := s.strict().Webhooks
		_, _, err := asking.Create(t.Context(), s.researcher, s.study.ID, survey.NewWebhook{Address: "https://example.org/", Kinds: survey.HookKinds()})
		wantError(t, err, survey.ErrProveAgain)
		b, err := s.cases.Webhooks.Book(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		wantError(t, asking.Resume(t.Context(), s.researcher, s.study.ID, b.Hooks[0].ID), survey.ErrProveAgain)
	})
}
