package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
)

func testWebhooks(t *testing.T, s survey.Store) {
	newHook := func(t *testing.T, study survey.StudyID, kinds ...survey.HookKind) survey.Webhook {
		t.Helper()
		w := survey.Webhook{
			StudyID: study, ID: survey.WebhookID(newKey()), Address: "https://example.org/" + newKey(), Kinds: kinds, KeyID: "1", Sealed: []byte{0, 1, 255},
			MadeBy: newUser(t, s).ID, MadeAt: noon, NextAt: noon,
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateWebhook(ctx, w) })
		return w
	}
	t.Run("an event reaches the webhooks that want it, once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		wanting := newHook(t, w.study.ID, survey.HookSubmitted, survey.HookWithdrawn)
		other := newHook(t, w.study.ID, survey.HookAlert)
		got, err := s.Webhook(t.Context(), w.study.ID, wanting.ID)
		noError(t, err)
		same(t, got, wanting)
		n := survey.HookNotice{StudyID: w.study.ID, Kind: survey.HookSubmitted, Enrolment: w.people[0].Enrolment.ID, About: "a", Detail: "pre", At: noon}
		test := survey.HookNotice{StudyID: w.study.ID, Kind: survey.HookTest, At: noon, Key: "1", Only: other.ID}
		for range 2 {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.Announce(ctx, n, test) })
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.Announce(ctx, n) })
		}
		all, err := s.HookDeliveries(t.Context(), w.study.ID, wanting.ID, 9)
		noError(t, err)
		same(t, all, []survey.HookDelivery{{
			StudyID: w.study.ID, WebhookID: wanting.ID, ID: n.ID(), Kind: n.Kind, Enrolment: n.Enrolment, About: "a", Detail: "pre", CreatedAt: noon,
		}})
		told, err := s.ToldOf(t.Context(), w.study.ID, other.ID, survey.HookTest)
		noError(t, err)
		same(t, told, map[string]bool{test.ID(): true})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.ClearDeliveries(ctx, w.study.ID, wanting.ID, noon)
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.ClearDeliveries(ctx, w.study.ID, wanting.ID, noon.Add(time.Second))
		})
		all, err = s.HookDeliveries(t.Context(), w.study.ID, wanting.ID, 9)
		noError(t, err)
		same(t, len(all), 0)
	})
	t.Run("one holds a webhook, and what an earlier holder writes is refused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		hook := newHook(t, w.study.ID, survey.HookFileReady)
		due := func(at time.Time) bool {
			t.Helper()
			all, err := s.DueWebhooks(t.Context(), at, 1000)
			noError(t, err)
			for _, d := range all {
				if d.ID == hook.ID {
					return true
				}
			}
			return false
		}
		same(t, due(noon), false)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			for _, id := range []string{"b", "a"} {
				if err := tx.Announce(ctx, survey.HookNotice{StudyID: w.study.ID, Kind: survey.HookFileReady, About: id, At: noon}); err != nil {
					return err
				}
			}
			return nil
		})
		same(t, []bool{due(noon), due(noon.Add(-time.Second))}, []bool{true, false})
		take := func(w survey.Webhook, at time.Time, want bool) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				got, err := tx.TakeWebhook(ctx, w, at, at.Add(time.Minute))
				same(t, got, want)
				return err
			})
		}
		take(hook, noon, true)
		take(hook, noon, false)
		same(t, due(noon), false)
		first := hook
		first.Takes++
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			last, err := tx.NumberDeliveries(ctx, first, 9)
			same(t, last, 2)
			first.Sequence = last
			return err
		})
		waiting, err := s.WaitingDeliveries(t.Context(), w.study.ID, hook.ID, 9)
		noError(t, err)
		same(t, []int{len(waiting), waiting[0].Sequence, waiting[1].Sequence}, []int{2, 1, 2})
		take(first, noon.Add(2*time.Minute), true) // its time is over
		keep := func(w survey.Webhook, want bool) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				got, err := tx.KeepWebhook(ctx, w)
				same(t, got, want)
				return err
			})
		}
		keep(first, false)
		second := first
		second.Takes++
		second.Tries, second.FailingAt, second.NextAt = 3, noon, noon.Add(time.Hour)
		second.PausedAt, second.Pause = noon, survey.PauseFailing
		keep(second, true)
		got, err := s.Webhook(t.Context(), w.study.ID, hook.ID)
		noError(t, err)
		same(t, got, second)
		d := waiting[0]
		d.Attempts, d.TriedAt, d.Status, d.EndedAt = 1, noon, 204, noon
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.NoteDelivery(ctx, d); err != nil {
				return err
			}
			for _, want := range []bool{true, false} {
				again, err := tx.SendAgain(ctx, w.study.ID, hook.ID, d.ID)
				same(t, again, want)
				if err != nil {
					return err
				}
			}
			for _, want := range []bool{true, false} {
				on, err := tx.ResumeWebhook(ctx, w.study.ID, hook.ID, hook.MadeBy, noon)
				same(t, on, want)
				if err != nil {
					return err
				}
			}
			return nil
		})
		same(t, due(noon), true)
		for _, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ended, err := tx.EndWebhook(ctx, w.study.ID, hook.ID, noon)
				same(t, ended, want)
				return err
			})
		}
		keep(second, false)
		same(t, due(noon.Add(24*time.Hour)), false)
	})
}
