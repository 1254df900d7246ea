package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
)

func testEntry(t *testing.T, s survey.Store) {
	put := func(t *testing.T, e survey.RunEntry) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.PutRunEntry(ctx, e) })
	}
	ticket := func(w *world, email string, after time.Duration) survey.Ticket {
		return survey.Ticket{
			StudyID: w.study.ID, ID: newKey(), RunID: w.run.ID, TokenHash: newKey(), Name: "Ana", Email: email, Language: "de", AskedAt: noon.Add(after),
		}
	}
	write := func(t *testing.T, tickets ...survey.Ticket) error {
		t.Helper()
		return do(t, s, func(ctx context.Context, tx survey.Tx) error {
			for _, k := range tickets {
				if err := tx.CreateTicket(ctx, k); err != nil {
					return err
				}
			}
			return tx.Settle(ctx)
		})
	}
	t.Run("how people enrol themselves is kept, and the key of the poster stays", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		_, err := s.RunEntry(t.Context(), w.study.ID, w.run.ID)
		wantError(t, err, survey.ErrNotFound)
		e := survey.RunEntry{StudyID: w.study.ID, RunID: w.run.ID, Key: newKey(), Allowed: true, AskEmail: survey.EmailOptional}
		put(t, e)
		got, err := s.RunEntry(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, e)
		changed := survey.RunEntry{
			StudyID: w.study.ID, RunID: w.run.ID, Key: newKey(), Capacity: 12, OpensOn: w.run.StartsOn, ClosesOn: w.run.StartsOn.AddDays(3), AskEmail: survey.EmailNo,
		}
		put(t, changed)
		changed.Key = e.Key
		got, err = s.RunEntryByKey(t.Context(), e.Key)
		noError(t, err)
		same(t, got, changed)
		_, err = s.RunEntryByKey(t.Context(), newKey())
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("who waits is listed in the order in which they came", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		second, first, other := ticket(w, "b@example.org", time.Hour), ticket(w, "", 0), ticket(w, "c@example.org", 2*time.Hour)
		noError(t, write(t, second, first, other))
		got, err := s.Waiting(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []survey.Ticket{first, second, other})
		found, err := s.TicketByToken(t.Context(), second.TokenHash)
		noError(t, err)
		same(t, found, second)
		// One gets a place, one leaves.
		for _, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				admitted, err := tx.AdmitTicket(ctx, w.study.ID, second.ID, w.people[0].Enrolment.ID)
				same(t, admitted, want)
				return err
			})
		}
		second.Name, second.Email, second.EnrolmentID = "", "", w.people[0].Enrolment.ID
		found, err = s.TicketByToken(t.Context(), second.TokenHash)
		noError(t, err)
		same(t, found, second)
		for _, c := range []struct {
			id   string
			want bool
		}{{first.ID, true}, {first.ID, false}, {second.ID, false}, {newKey(), false}} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				removed, err := tx.RemoveTicket(ctx, w.study.ID, c.id)
				same(t, removed, c.want)
				return err
			})
		}
		got, err = s.Waiting(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []survey.Ticket{other})
	})
	t.Run("nobody waits twice, and a form is sent once", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 0), newWorld(t, s, 0)
		k := ticket(w, "a@example.org", 0)
		noError(t, write(t, k, ticket(w, "", 0), ticket(w, "", 0), ticket(elsewhere, "a@example.org", 0)))
		wantError(t, write(t, ticket(w, "a@example.org", time.Hour)), survey.ErrDuplicate)
		again := ticket(w, "", 0)
		again.TokenHash = k.TokenHash
		wantError(t, write(t, again), survey.ErrDuplicate)
		again = ticket(w, "", 0)
		again.RunID = elsewhere.run.ID
		wantError(t, write(t, again), survey.ErrReference)
	})
}
