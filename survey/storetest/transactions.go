package storetest

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/store"
)

// mark writes something that shows whether a transaction took place.
func mark(ctx context.Context, tx survey.Tx, study survey.StudyID) error {
	return tx.AppendAudit(ctx, event(study, noon))
}

// marks counts what was marked.
func marks(t testing.TB, r survey.Reader, study survey.StudyID) int {
	t.Helper()
	events, err := r.AuditEvents(t.Context(), study, 10_000)
	noError(t, err)
	return len(events)
}

func testTransactions(t *testing.T, s survey.Store) {
	t.Run("a transaction that fails writes nothing and gives its error back", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			noError(t, mark(ctx, tx, study))
			return errOnPurpose
		}), errOnPurpose)
		same(t, marks(t, s, study), 0)
	})
	t.Run("a transaction sees its own writes and nobody else does until it ends", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			noError(t, mark(ctx, tx, study))
			same(t, marks(t, tx, study), 1)
			same(t, marks(t, s, study), 0)
			return nil
		})
		same(t, marks(t, s, study), 1)
	})
	t.Run("a panic writes nothing and reaches the caller", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		func() {
			defer func() { same(t, recover(), any("on purpose")) }()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				noError(t, mark(ctx, tx, study))
				panic("on purpose")
			})
		}()
		same(t, marks(t, s, study), 0)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return mark(ctx, tx, study) })
	})
	t.Run("a goroutine that ends within a transaction writes nothing", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
				if err := mark(ctx, tx, study); err != nil {
					return err
				}
				runtime.Goexit()
				return nil
			})
			t.Errorf("InTx returned %v", err)
		}()
		<-ended
		same(t, marks(t, s, study), 0)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return mark(ctx, tx, study) })
	})
	t.Run("a transaction within a transaction is refused", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			wantError(t, s.InTx(ctx, func(tx survey.Tx) error { return mark(ctx, tx, study) }), store.ErrNested)
			return nil
		})
		same(t, marks(t, s, study), 0)
	})
	t.Run("a statement that failed fails the transaction, even when its error is passed over", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		e := event(study, noon)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			noError(t, tx.AppendAudit(ctx, e))
			if err := tx.AppendAudit(ctx, e); err != nil { // or it is told later
				wantError(t, err, survey.ErrDuplicate)
			}
			return nil
		}), survey.ErrDuplicate)
		same(t, marks(t, s, study), 0)
	})
	t.Run("a write that failed is told when asked", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		e := event(study, noon)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			noError(t, tx.AppendAudit(ctx, e))
			noError(t, tx.Settle(ctx))
			noError(t, tx.Settle(ctx)) // nothing is left to tell
			wantError(t, errors.Join(tx.AppendAudit(ctx, e), tx.Settle(ctx)), survey.ErrDuplicate)
			return nil
		}), survey.ErrDuplicate)
		same(t, marks(t, s, study), 0)
	})
	t.Run("what is not found fails nothing", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.Study(ctx, study)
			wantError(t, err, survey.ErrNotFound)
			wantError(t, tx.SetPassword(ctx, "nobody", "x"), survey.ErrNotFound)
			return mark(ctx, tx, study)
		})
		same(t, marks(t, s, study), 1)
	})
	t.Run("a transaction that was kept no longer works", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		var kept survey.Tx
		must(t, s, func(ctx context.Context, tx survey.Tx) error { kept = tx; return mark(ctx, tx, study) })
		if mark(t.Context(), kept, study) == nil {
			t.Error("it wrote")
		}
		if _, err := kept.AuditEvents(t.Context(), study, 1); err == nil {
			t.Error("it read")
		}
		same(t, marks(t, s, study), 1)
	})
	testContexts(t, s)
}

func testContexts(t *testing.T, s survey.Store) {
	t.Run("a caller who has left is not served", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := s.InTx(ctx, func(survey.Tx) error { t.Error("it ran"); return nil })
		wantError(t, err, context.Canceled)
		if _, err := s.Studies(ctx); err == nil {
			t.Error("a read was served")
		}
	})
	t.Run("a transaction that has begun is carried to its end", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		ctx, cancel := context.WithCancel(t.Context())
		noError(t, s.InTx(ctx, func(tx survey.Tx) error {
			cancel()
			time.Sleep(10 * time.Millisecond) // for the cancellation to arrive, if it would
			return mark(ctx, tx, study)
		}))
		same(t, marks(t, s, study), 1)
	})
	t.Run("a stream ends with its caller", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 40)
		w.answered(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err := s.EachResponse(ctx, w.study.ID, func(*survey.ResponseRow) error {
			cancel()
			time.Sleep(time.Millisecond)
			return nil
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled or, when all rows had come, none", err)
		}
	})
}
