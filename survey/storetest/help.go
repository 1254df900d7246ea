package storetest

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidemark/survey"
)

// user is an account that can be named.
func (w *world) user(t *testing.T) survey.UserID {
	t.Helper()
	u := survey.User{ID: newID[survey.UserID](), Email: newKey() + "@example.org", Name: "Bo", CreatedAt: noon}
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error { return tx.CreateUser(ctx, u) })
	return u.ID
}

// safety is a declaration with everything in it.
func (w *world) safety(t *testing.T) survey.Safety {
	t.Helper()
	return survey.Safety{
		StudyID: w.study.ID, Shape: survey.SafetyLinked, Responder: w.user(t), Deputy: w.user(t),
		OfficeHours: "Mo–Fr, 9 to 17", TimeZone: "Europe/Madrid", Window: 24,
		Wording: map[string]string{"en": "Somebody reads.\n\nWithin a day.", "de": "Jemand liest."},
		Resources: []survey.HelpResource{
			{Country: "ES", Language: "es", Name: "Línea", Phone: "024", Hours: "siempre"},
			{Country: "DE", Name: "Jemand", Web: "https://example.org", Message: "Wort an 1"},
		},
		Revision: 1, DeclaredAt: noon, DeclaredBy: survey.Author{Kind: survey.ActorUser, ID: "u", Name: "Ana"},
	}
}

// flagged is a flag of the n-th person's first assessment.
func (w *world) flagged(n int, item string) survey.RiskFlag {
	a := w.people[n].Assessments[0]
	return survey.RiskFlag{StudyID: w.study.ID, AssessmentID: a.ID, Item: item, EnrolmentID: a.EnrolmentID, FlaggedAt: noon}
}

func testSafety(t *testing.T, s survey.Store) {
	put := func(t *testing.T, safety survey.Safety, want bool) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			ok, err := tx.PutSafety(ctx, safety)
			same(t, ok, want)
			return err
		})
	}
	t.Run("a declaration is kept, and replaced by the next revision alone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		_, err := s.Safety(t.Context(), w.study.ID)
		wantError(t, err, survey.ErrNotFound)
		first := w.safety(t)
		put(t, first, true)
		put(t, first, false)
		got, err := s.Safety(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, first)
		next := survey.Safety{
			StudyID: w.study.ID, Shape: survey.SafetyAnonymous, TimeZone: "UTC", Wording: map[string]string{}, Revision: 2,
			DeclaredAt: noon.Add(time.Minute), DeclaredBy: survey.Author{Kind: survey.ActorSystem},
		}
		skipping := next
		skipping.Revision = 3
		put(t, skipping, false)
		put(t, next, true)
		got, err = s.Safety(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, next)
	})
	t.Run("nobody unknown is named", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		safety := w.safety(t)
		safety.Deputy = "nobody"
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.PutSafety(ctx, safety)
			return err
		}), survey.ErrReference)
	})
}

func testAlerts(t *testing.T, s survey.Store) {
	flag := func(t *testing.T, f survey.RiskFlag, want bool) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			ok, err := tx.PutRiskFlag(ctx, f)
			same(t, ok, want)
			return err
		})
	}
	t.Run("a flag is noted once and stays as it was", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		f, other := w.flagged(0, "b"), w.flagged(0, "a")
		flag(t, f, true)
		later := f
		later.FlaggedAt = noon.Add(time.Hour)
		flag(t, later, false)
		flag(t, other, true)
		shown := func(atEnd bool, at time.Time) {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.MarkHelpShown(ctx, w.study.ID, f.AssessmentID, atEnd, at)
			})
		}
		shown(false, noon.Add(time.Second))
		shown(false, noon.Add(time.Minute))
		shown(true, noon.Add(time.Hour))
		got, err := s.RiskFlags(t.Context(), w.study.ID, f.AssessmentID)
		noError(t, err)
		f.ShownAt, f.ShownAgainAt = noon.Add(time.Second), noon.Add(time.Hour)
		other.ShownAt, other.ShownAgainAt = f.ShownAt, f.ShownAgainAt
		same(t, got, []survey.RiskFlag{other, f})
		got, err = s.RiskFlags(t.Context(), w.study.ID, w.people[1].Assessments[0].ID)
		noError(t, err)
		same(t, got, []survey.RiskFlag{})
	})
	t.Run("an alert goes up a level at a time, when it is due, until somebody takes it on", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		f := w.flagged(0, "a")
		safety := w.safety(t)
		a := survey.Alert{
			StudyID: w.study.ID, ID: newID[survey.AlertID](), AssessmentID: f.AssessmentID, Item: f.Item,
			OpenedAt: noon, NextAt: noon.Add(time.Hour), DueAt: noon.Add(2 * time.Hour),
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if _, err := tx.PutSafety(ctx, safety); err != nil {
				return err
			}
			if _, err := tx.PutRiskFlag(ctx, f); err != nil {
				return err
			}
			return tx.CreateAlert(ctx, a)
		})
		got, err := s.Alert(t.Context(), w.study.ID, a.ID)
		noError(t, err)
		same(t, got, a)
		second := a
		second.ID = newID[survey.AlertID]()
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateAlert(ctx, second) }), survey.ErrDuplicate)
		raise := func(to survey.AlertLevel, next time.Time, now time.Time, want bool) {
			t.Helper()
			up := a
			up.Level, up.NextAt = to, next
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.RaiseAlert(ctx, up, now)
				same(t, ok, want)
				return err
			})
		}
		goingUp := func(now time.Time) bool {
			t.Helper()
			list, err := s.AlertsGoingUp(t.Context(), now, 10_000)
			noError(t, err)
			for _, one := range list {
				if one.ID == a.ID {
					return true
				}
			}
			return false
		}
		same(t, goingUp(noon.Add(time.Hour-time.Millisecond)), false)
		same(t, goingUp(noon.Add(time.Hour)), true)
		raise(1, a.DueAt, noon.Add(time.Minute), false)
		raise(2, time.Time{}, noon.Add(time.Hour), false)
		raise(1, a.DueAt, noon.Add(time.Hour), true)
		raise(1, a.DueAt, noon.Add(time.Hour), false)
		same(t, goingUp(noon.Add(time.Hour)), false)
		waiting, err := s.OpenAlerts(t.Context(), safety.Deputy)
		noError(t, err)
		same(t, waiting, map[survey.StudyID]int{w.study.ID: 1})
		taken := a
		taken.AcknowledgedAt, taken.AcknowledgedBy, taken.Acknowledger, taken.Note = noon.Add(90*time.Minute), safety.Deputy, "Bo", "rang"
		acknowledge := func(want bool) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.AcknowledgeAlert(ctx, taken)
				same(t, ok, want)
				return err
			})
		}
		acknowledge(true)
		kept := taken
		step := survey.AlertStep{
			StudyID: w.study.ID, AlertID: a.ID, ID: "2", Kind: survey.StepNoted, At: noon.Add(2 * time.Hour),
			By: survey.Author{Kind: survey.ActorUser, ID: "u", Name: "Bo"}, ToName: "Ana", Note: "é",
		}
		first := step
		first.ID, first.At = "9", noon.Add(time.Hour)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.AddAlertStep(ctx, step); err != nil {
				return err
			}
			return tx.AddAlertStep(ctx, first)
		})
		steps, err := s.AlertSteps(t.Context(), w.study.ID)
		noError(t, err)
		same(t, steps, []survey.AlertStep{first, step})
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.AddAlertStep(ctx, step) }), survey.ErrDuplicate)
		taken.Note = "another"
		acknowledge(false)
		raise(2, time.Time{}, noon.Add(3*time.Hour), false)
		same(t, goingUp(noon.Add(3*time.Hour)), false)
		kept.Level, kept.NextAt = 1, a.DueAt
		all, err := s.Alerts(t.Context(), w.study.ID, 10)
		noError(t, err)
		same(t, all, []survey.Alert{kept})
		waiting, err = s.OpenAlerts(t.Context(), safety.Responder)
		noError(t, err)
		same(t, waiting, map[survey.StudyID]int{w.study.ID: 0})
		waiting, err = s.OpenAlerts(t.Context(), w.user(t))
		noError(t, err)
		same(t, waiting, map[survey.StudyID]int{})
		again := kept
		again.Level, again.Round, again.NextAt, again.DueAt = 0, 1, noon.Add(4*time.Hour), noon.Add(5*time.Hour)
		route := func(was, is survey.Alert, want bool) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.RouteAlert(ctx, was, is)
				same(t, ok, want)
				return err
			})
		}
		route(kept, again, true)
		route(kept, again, false) // somebody has done so
		again.AcknowledgedAt, again.AcknowledgedBy, again.Acknowledger, again.Note = time.Time{}, "", "", ""
		got, err = s.Alert(t.Context(), w.study.ID, a.ID)
		noError(t, err)
		same(t, got, again)
	})
}

func testMessages(t *testing.T, s survey.Store) {
	message := func(w *world) survey.Message {
		return survey.Message{
			StudyID: w.study.ID, Key: newKey(), Kind: survey.MessageAlert, ToKind: survey.ActorUser, ToID: "responder",
			About: "x", CreatedAt: noon, NotBefore: noon.Add(time.Minute),
		}
	}
	put := func(t *testing.T, m survey.Message, want bool) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			ok, err := tx.PutMessage(ctx, m)
			same(t, ok, want)
			return err
		})
	}
	did := func(t *testing.T, want bool, write func(context.Context, survey.Tx) (bool, error)) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			ok, err := write(ctx, tx)
			same(t, ok, want)
			return err
		})
	}
	due := func(t *testing.T, w *world, now time.Time) int {
		t.Helper()
		list, err := s.DueMessages(t.Context(), now, 10_000)
		noError(t, err)
		n := 0
		for _, m := range list {
			if m.StudyID == w.study.ID {
				n++
			}
		}
		return n
	}
	t.Run("a message is kept once, leased by one, tried again and ended", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		m := message(w)
		put(t, m, true)
		put(t, m, false)
		got, err := s.Message(t.Context(), w.study.ID, m.Key)
		noError(t, err)
		same(t, got, m)
		now := m.NotBefore
		same(t, due(t, w, now.Add(-time.Millisecond)), 0)
		same(t, due(t, w, now), 1)
		lease := func(m survey.Message, now time.Time) func(context.Context, survey.Tx) (bool, error) {
			return func(ctx context.Context, tx survey.Tx) (bool, error) {
				return tx.LeaseMessage(ctx, m, now, now.Add(time.Minute))
			}
		}
		did(t, false, lease(m, now.Add(-time.Second)))
		did(t, true, lease(m, now))
		did(t, false, lease(m, now))
		same(t, due(t, w, now), 0)
		lost := m
		lost.Attempts, lost.EndedAt, lost.Outcome = 1, now, survey.OutcomeSent
		again := m
		again.Attempts = 1
		did(t, false, lease(again, now.Add(time.Minute-time.Millisecond)))
		did(t, true, lease(again, now.Add(time.Minute))) // the first was cut off
		did(t, false, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.EndMessage(ctx, lost) })
		again.Attempts, again.NotBefore, again.LastError = 2, now.Add(time.Hour), "refused"
		did(t, true, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.PostponeMessage(ctx, again) })
		same(t, due(t, w, now.Add(59*time.Minute)), 0)
		same(t, due(t, w, now.Add(time.Hour)), 1)
		did(t, true, lease(again, now.Add(time.Hour)))
		again.Attempts, again.EndedAt, again.Outcome, again.LastError = 3, now.Add(time.Hour), survey.OutcomeSent, ""
		did(t, true, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.EndMessage(ctx, again) })
		did(t, false, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.EndMessage(ctx, again) })
		same(t, due(t, w, now.Add(24*time.Hour)), 0)
		put(t, m, false)
		got, err = s.Message(t.Context(), w.study.ID, m.Key)
		noError(t, err)
		same(t, got, again)
	})
	t.Run("of many who want to send a message one does", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		m := message(w)
		put(t, m, true)
		var winners atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				err := s.InTx(t.Context(), func(tx survey.Tx) error {
					ok, err := tx.LeaseMessage(t.Context(), m, m.NotBefore, m.NotBefore.Add(time.Minute))
					if ok {
						winners.Add(1)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		same(t, int(winners.Load()), 1)
	})
	t.Run("messages are counted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		before, err := s.Outgoing(t.Context())
		noError(t, err)
		m := message(w)
		put(t, m, true)
		did(t, true, func(ctx context.Context, tx survey.Tx) (bool, error) {
			if ok, err := tx.LeaseMessage(ctx, m, m.NotBefore, m.NotBefore.Add(time.Minute)); !ok || err != nil {
				return ok, err
			}
			m.Attempts, m.EndedAt, m.Outcome, m.LastError = 1, noon.AddDate(50, 0, 0), survey.OutcomeFailed, "no "+strings.Repeat("x", 9)
			return tx.EndMessage(ctx, m)
		})
		got, err := s.Outgoing(t.Context())
		noError(t, err)
		same(t, []any{got.Failed > before.Failed, got.LastError, got.LastErrorAt}, []any{true, m.LastError, m.EndedAt})
	})
}
