package store_test

import (
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
