package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tidemark/survey"
)

func testLimits(t *testing.T, s survey.Store) {
	count := func(t *testing.T, c survey.AttemptCounter) (n int) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
			n, err = tx.CountAttempt(ctx, c)
			return err
		})
		return n
	}
	counts := func(t *testing.T, hashes ...string) map[string]int {
		t.Helper()
		got, err := s.Attempts(t.Context(), hashes)
		noError(t, err)
		return got
	}
	t.Run("tries are counted by their key", func(t *testing.T) {
		t.Parallel()
		a, b := survey.AttemptCounter{KeyHash: newKey(), ExpiresAt: noon}, survey.AttemptCounter{KeyHash: newKey(), ExpiresAt: noon}
		same(t, counts(t, a.KeyHash, b.KeyHash), map[string]int{})
		same(t, counts(t), map[string]int{})
		same(t, []int{count(t, a), count(t, a), count(t, b)}, []int{1, 2, 1})
		same(t, counts(t, a.KeyHash, b.KeyHash, newKey()), map[string]int{a.KeyHash: 2, b.KeyHash: 1})
	})
	t.Run("a transaction that fails has counted nothing", func(t *testing.T) {
		t.Parallel()
		c, refused := survey.AttemptCounter{KeyHash: newKey(), ExpiresAt: noon}, errors.New("refused")
		count(t, c)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			n, err := tx.CountAttempt(ctx, c)
			noError(t, err)
			same(t, n, 2)
			return refused
		}), refused)
		same(t, counts(t, c.KeyHash), map[string]int{c.KeyHash: 1})
	})
	t.Run("what is taken back does not fall below nothing", func(t *testing.T) {
		t.Parallel()
		c := survey.AttemptCounter{KeyHash: newKey(), ExpiresAt: noon}
		count(t, c)
		for range 2 {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.UncountAttempt(ctx, c.KeyHash) })
			same(t, counts(t, c.KeyHash), map[string]int{c.KeyHash: 0})
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.UncountAttempt(ctx, newKey()) })
	})
	t.Run("counters go when their window has ended", func(t *testing.T) {
		t.Parallel()
		end := noon.AddDate(-1, 0, 0) // others here count later
		over, on := survey.AttemptCounter{KeyHash: newKey(), ExpiresAt: end}, survey.AttemptCounter{KeyHash: newKey(), ExpiresAt: end.Add(time.Millisecond)}
		count(t, over)
		count(t, on)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.DeleteAttemptsBefore(ctx, end) })
		same(t, counts(t, over.KeyHash, on.KeyHash), map[string]int{on.KeyHash: 1})
	})
	t.Run("no two who count at once get the same number", func(t *testing.T) {
		t.Parallel()
		const n = 24
		c := survey.AttemptCounter{KeyHash: newKey(), ExpiresAt: noon}
		var all sync.WaitGroup
		got := make([]bool, n+1)
		var mu sync.Mutex
		for range n {
			all.Go(func() {
				k := count(t, c)
				mu.Lock()
				defer mu.Unlock()
				if k < 1 || k > n || got[k] {
					t.Errorf("%d came twice, or is not between 1 and %d", k, n)
					return
				}
				got[k] = true
			})
		}
		all.Wait()
	})
}
