package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidemark/survey"
)

var errOnPurpose = errors.New("on purpose")

// openCounting opens a fresh SQLite store that counts its commits.
func openCounting(t *testing.T) (*Store, *atomic.Int32) {
	t.Helper()
	return openCountingAt(t, filepath.Join(t.TempDir(), "test.db"))
}

func openCountingAt(t *testing.T, path string) (*Store, *atomic.Int32) {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	commits := &atomic.Int32{}
	s.commits.commits = func() { commits.Add(1) }
	return s, commits
}

func line(id string) survey.AuditEvent {
	return survey.AuditEvent{
		ID: survey.AuditID(id), At: time.Unix(1, 0), ActorKind: survey.ActorSystem, Action: survey.ActionExported,
	}
}

func write(ctx context.Context, s *Store, id string) error {
	return s.InTx(ctx, func(tx survey.Tx) error { return tx.AppendAudit(ctx, line(id)) })
}

func written(t *testing.T, s *Store) int {
	t.Helper()
	events, err := s.AuditEvents(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return len(events)
}

// behind holds the writer with one transaction, queues what the others do
// behind it, and lets all go. The holder's function ends as hold says.
func behind(t *testing.T, s *Store, hold func(tx survey.Tx) error, others ...func()) (held error) {
	t.Helper()
	begun, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		held = s.InTx(t.Context(), func(tx survey.Tx) error {
			close(begun)
			<-release
			return hold(tx)
		})
	})
	<-begun
	for _, f := range others {
		wait.Go(f)
	}
	for len(s.commits.queue) < len(others) {
		time.Sleep(time.Millisecond)
	}
	close(release)
	wait.Wait()
	return held
}

func TestThoseWhoWaitShareACommit(t *testing.T) {
	t.Parallel()
	s, commits := openCounting(t)
	var others []func()
	for i := range 20 {
		others = append(others, func() {
			if err := write(t.Context(), s, fmt.Sprint("other ", i)); err != nil {
				t.Error(err)
			}
		})
	}
	err := behind(t, s, func(tx survey.Tx) error { return tx.AppendAudit(t.Context(), line("first")) }, others...)
	if err != nil {
		t.Error(err)
	}
	if n := commits.Load(); n != 1 {
		t.Errorf("%d commits for 21 transactions, want 1", n)
	}
	if n := written(t, s); n != 21 {
		t.Errorf("%d lines were written, want 21", n)
	}
}

func TestNobodyWaitsForMoreThanAGroup(t *testing.T) {
	t.Parallel()
	s, commits := openCounting(t)
	var others []func()
	for i := range maxGroup { // with the first one more than a group
		others = append(others, func() {
			if err := write(t.Context(), s, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
	}
	if err := behind(t, s, func(survey.Tx) error { return nil }, others...); err != nil {
		t.Error(err)
	}
	if n := commits.Load(); n != 2 {
		t.Errorf("%d commits for %d transactions, want 2", n, maxGroup+1)
	}
}

func TestSomeoneAloneHasACommitToThemselves(t *testing.T) {
	t.Parallel()
	s, commits := openCounting(t)
	for i := range 3 {
		if err := write(t.Context(), s, fmt.Sprint(i)); err != nil {
			t.Error(err)
		}
	}
	if n := commits.Load(); n != 3 {
		t.Errorf("%d commits, want 3", n)
	}
}

func TestOthersOutliveAFailure(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]func(tx survey.Tx) error{
		"the first succeeds": func(tx survey.Tx) error { return tx.AppendAudit(t.Context(), line("first")) },
		"the first fails": func(tx survey.Tx) error {
			return errors.Join(tx.AppendAudit(t.Context(), line("first")), errOnPurpose)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := openCounting(t)
			var panicked any
			others := []func(){
				func() {
					if err := write(t.Context(), s, "sound"); err != nil {
						t.Error(err)
					}
				},
				func() {
					err := s.InTx(t.Context(), func(tx survey.Tx) error {
						return errors.Join(tx.AppendAudit(t.Context(), line("failing")), errOnPurpose)
					})
					if !errors.Is(err, errOnPurpose) {
						t.Errorf("got %v, want the function's own error", err)
					}
				},
				func() {
					defer func() { panicked = recover() }()
					err := s.InTx(t.Context(), func(tx survey.Tx) error {
						if err := tx.AppendAudit(t.Context(), line("panicking")); err != nil {
							t.Error(err)
						}
						panic("on purpose")
					})
					t.Errorf("InTx returned %v", err)
				},
				func() {
					if err := write(t.Context(), s, "sound too"); err != nil {
						t.Error(err)
					}
				},
			}
			held := behind(t, s, hold, others...)
			want := 3
			if held != nil {
				want = 2
			}
			if n := written(t, s); n != want {
				t.Errorf("%d lines were written, want %d", n, want)
			}
			if panicked != "on purpose" {
				t.Errorf("the caller recovered %v", panicked)
			}
		})
	}
}

func TestACommitThatFailsIsToldToAllWhoShareIt(t *testing.T) {
	t.Parallel()
	s, _ := openCounting(t)
	told := make([]error, 3)
	var others []func()
	for i := range told {
		others = append(others, func() { told[i] = write(t.Context(), s, fmt.Sprint(i)) })
	}
	held := behind(t, s, func(tx survey.Tx) error {
		db := tx.(*transaction).db
		// References are now looked at when committing.
		return errors.Join(db.Exec(`PRAGMA defer_foreign_keys = 1`).Error,
			db.Exec(`INSERT INTO staff_link (token_hash, user_id, reusable, expires_at) VALUES ('x', 'nobody', 1, 1)`).Error)
	}, others...)
	for i, err := range append(told, held) {
		if !errors.Is(err, survey.ErrReference) {
			t.Errorf("number %d was told %v, want ErrReference", i, err)
		}
	}
	if n := written(t, s); n != 0 {
		t.Errorf("%d lines were written, want none", n)
	}
	if err := write(t.Context(), s, "after"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestATransactionThatTheEngineEndsIsToldToAllWhoShareIt(t *testing.T) {
	t.Parallel()
	s, _ := openCounting(t)
	var before, after error
	err := behind(t, s, func(survey.Tx) error { return nil },
		func() { before = write(t.Context(), s, "before") },
		func() {
			err := s.InTx(t.Context(), func(tx survey.Tx) error {
				return tx.(*transaction).db.Exec(`ROLLBACK`).Error // as SQLite does when the disk is full
			})
			if err == nil {
				t.Error("the one it happened to was told nothing")
			}
		},
	)
	after = write(t.Context(), s, "after")
	if after != nil {
		t.Errorf("afterwards: %v", after)
	}
	// The two stood in the queue in either order.
	lost := err != nil
	if kept := written(t, s) == 2; kept == (before != nil) {
		t.Errorf("the one beside it was told %v, and its line is there: %v", before, kept)
	}
	if !lost {
		t.Error("the first of the group was told that it was kept")
	}
}

func TestAClosedStoreServesNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	s, _ := openCountingAt(t, path)
	var waiting error
	var closing sync.WaitGroup
	held := behind(t, s, func(tx survey.Tx) error {
		closing.Go(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return nil
	}, func() { waiting = write(t.Context(), s, "waiting") })
	closing.Wait()
	if held != nil || waiting != nil {
		t.Errorf("the transactions that had come were told %v and %v, want no error", held, waiting)
	}
	if err := write(t.Context(), s, "late"); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	again, _ := openCountingAt(t, path)
	if n := written(t, again); n != 1 {
		t.Errorf("%d lines are in the file, want the one that was waiting", n)
	}
}

func TestACallerWhoLeavesTheQueueIsNotServed(t *testing.T) {
	t.Parallel()
	s, _ := openCounting(t)
	ctx, cancel := context.WithCancel(t.Context())
	held := behind(t, s, func(survey.Tx) error { cancel(); return nil }, func() {
		err := s.InTx(ctx, func(survey.Tx) error { t.Error("it ran"); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
	})
	if held != nil {
		t.Error(held)
	}
}

func TestWhoeverIsRefusedOnAccountOfAnotherFindsWhatTheOtherWrote(t *testing.T) {
	t.Parallel()
	s, _ := openCounting(t)
	var others []func()
	for range 8 {
		others = append(others, func() {
			if err := write(t.Context(), s, "the same"); err != nil && !errors.Is(err, survey.ErrDuplicate) {
				t.Error(err)
			}
			if n := written(t, s); n != 1 {
				t.Errorf("whoever was told that the line is there finds %d", n)
			}
		})
	}
	if err := behind(t, s, func(survey.Tx) error { return nil }, others...); err != nil {
		t.Error(err)
	}
}
