package storetest

import (
	"context"
	"sync"
	"testing"

	"tidemark/survey"
)

func testReading(t *testing.T, s survey.Store) {
	t.Run("all that is read in one transaction is of one moment", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		noError(t, s.InReadTx(t.Context(), func(r survey.Reader) error {
			people, err := r.Enrolments(t.Context(), w.study.ID)
			noError(t, err)
			w.enrol(t, w.run, 3) // committed, by another connection
			w.answered(t)
			again, err := r.Enrolments(t.Context(), w.study.ID)
			noError(t, err)
			same(t, again, people)
			rows := responses(t, func(f func(*survey.ResponseRow) error) error { return r.EachResponse(t.Context(), w.study.ID, f) })
			same(t, len(rows), 0)
			return nil
		}))
		people, err := s.Enrolments(t.Context(), w.study.ID)
		noError(t, err)
		same(t, len(people), 5)
	})
	t.Run("the moment is that of the beginning", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		noError(t, s.InReadTx(t.Context(), func(r survey.Reader) error {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return mark(ctx, tx, study) })
			same(t, marks(t, r, study), 0)
			same(t, marks(t, s, study), 1)
			return nil
		}))
	})
	t.Run("several goroutines can read", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 6)
		want := w.answered(t)
		noError(t, s.InReadTx(t.Context(), func(r survey.Reader) error {
			var wait sync.WaitGroup
			for range 6 {
				wait.Go(func() {
					n := 0
					err := r.EachResponse(t.Context(), w.study.ID, func(*survey.ResponseRow) error { n++; return nil })
					if err != nil || n != len(want) {
						t.Errorf("%d rows (%v), want %d", n, err, len(want))
					}
					if _, err := r.Design(t.Context(), w.study.ID); err != nil {
						t.Error(err)
					}
				})
			}
			wait.Wait()
			return nil
		}))
	})
	t.Run("several goroutines see one state while others commit", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 4)
		want := w.answered(t)
		study := newID[survey.StudyID]()
		noError(t, s.InReadTx(t.Context(), func(r survey.Reader) error {
			var wait sync.WaitGroup
			for range 6 {
				wait.Go(func() {
					for range 5 {
						// Each goroutine commits too, so that connections are
						// taken up at different times.
						if err := s.InTx(t.Context(), func(tx survey.Tx) error { return mark(t.Context(), tx, study) }); err != nil {
							t.Error(err)
						}
						if n := marks(t, r, study); n != 0 {
							t.Errorf("%d marks were seen that were made later", n)
						}
						rows := 0
						err := r.EachResponse(t.Context(), w.study.ID, func(*survey.ResponseRow) error { rows++; return nil })
						if err != nil || rows != len(want) {
							t.Errorf("%d rows (%v), want %d", rows, err, len(want))
						}
					}
				})
			}
			wait.Wait()
			same(t, marks(t, s, study), 30)
			return nil
		}))
	})
	t.Run("more readers than connections do not wait for ever", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		var wait sync.WaitGroup
		for range 40 {
			wait.Go(func() {
				err := s.InReadTx(t.Context(), func(r survey.Reader) error {
					var within sync.WaitGroup
					for range 4 {
						within.Go(func() {
							if _, err := r.StudyProgress(t.Context(), w.study.ID); err != nil {
								t.Error(err)
							}
						})
					}
					within.Wait()
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	})
	t.Run("an error is given back, and what was not found spoils nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		wantError(t, s.InReadTx(t.Context(), func(r survey.Reader) error {
			_, err := r.Study(t.Context(), newID[survey.StudyID]())
			wantError(t, err, survey.ErrNotFound)
			_, err = r.Study(t.Context(), w.study.ID)
			noError(t, err)
			return errOnPurpose
		}), errOnPurpose)
	})
	t.Run("a reader that was kept no longer works", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		var kept survey.Reader
		noError(t, s.InReadTx(t.Context(), func(r survey.Reader) error { kept = r; return nil }))
		if _, err := kept.Study(t.Context(), w.study.ID); err == nil {
			t.Error("it read")
		}
	})
	t.Run("a caller who has left is not served", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if s.InReadTx(ctx, func(survey.Reader) error { return nil }) == nil {
			t.Error("it was")
		}
	})
}
