package store_test

import (
	"crypto/rand"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/storetest"
)

// Two transactions that change two rows in opposite order wait for each other;
// PostgreSQL ends one of them, and the store runs it again.
func TestADeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := storetest.Postgres(t)
	ids := []survey.UserID{"a", "b"}
	err := s.InTx(t.Context(), func(tx survey.Tx) error {
		return errors.Join(
			tx.CreateUser(t.Context(), survey.User{ID: "a", Email: "a@example.org", CreatedAt: time.Unix(1, 0)}),
			tx.CreateUser(t.Context(), survey.User{ID: "b", Email: "b@example.org", CreatedAt: time.Unix(1, 0)}))
	})
	if err != nil {
		t.Fatal(err)
	}
	var runs atomic.Int32
	var first, all sync.WaitGroup
	first.Add(2) // each holds its first row before either asks for its second
	for i := range 2 {
		all.Go(func() {
			met := sync.OnceFunc(func() { first.Done(); first.Wait() })
			err := s.InTx(t.Context(), func(tx survey.Tx) error {
				runs.Add(1)
				if err := tx.SetPassword(t.Context(), ids[i], "first"); err != nil {
					return err
				}
				met()
				return tx.SetPassword(t.Context(), ids[1-i], "second")
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := runs.Load(); n < 3 {
		t.Errorf("the functions ran %d times, want 3: there was no deadlock to try again", n)
	}
	a, errA := s.User(t.Context(), "a")
	b, errB := s.User(t.Context(), "b")
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if a.PasswordHash == b.PasswordHash {
		t.Errorf("both accounts have %q: the two transactions were mixed", a.PasswordHash)
	}
}

// Whoever joins a transaction for reading takes a connection of its own, and sees
// nothing that was committed between the beginning and then.
func TestReadsOfOneStateRunSideBySide(t *testing.T) {
	t.Parallel()
	s := storetest.Postgres(t)
	study := survey.StudyID("marked")
	mark := func(tx survey.Tx) error {
		return tx.AppendAudit(t.Context(), survey.AuditEvent{
			ID: survey.AuditID(rand.Text()), StudyID: study, At: time.Unix(1, 0),
			ActorKind: survey.ActorUser, ActorID: "u", Action: survey.ActionExported,
			ObjectKind: "study", ObjectID: string(study), Detail: "mark",
		})
	}
	if err := s.InTx(t.Context(), mark); err != nil {
		t.Fatal(err)
	}
	used := 0
	err := s.InReadTx(t.Context(), func(r survey.Reader) error {
		if err := s.InTx(t.Context(), mark); err != nil {
			return err
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 50 {
					events, err := r.AuditEvents(t.Context(), study, 10)
					if err != nil || len(events) != 1 {
						t.Errorf("%d events (%v), want 1", len(events), err)
						return
					}
				}
			})
		}
		all.Wait()
		used = s.ReadPool().Stats().InUse // they are kept to the end
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if used < 2 {
		t.Errorf("400 reads by 8 goroutines used %d connection, want several", used)
	}
	if n := s.ReadPool().Stats().InUse; n != 0 {
		t.Errorf("%d connections were kept after the end", n)
	}
}
