package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidemark/survey"
)

// together runs f n times at once.
func together(n int, f func(i int)) {
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	wait.Wait()
}

func testConcurrency(t *testing.T, s survey.Store) {
	t.Run("of many submissions at once one counts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 5)
		for person := range w.people {
			a := w.people[person].Assessments[0]
			together(8, func(i int) {
				err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
					ok, err := tx.MarkSubmitted(ctx, w.study.ID, a.EnrolmentID, a.ID, noon)
					if err != nil || !ok {
						return err
					}
					if err := mark(ctx, tx, survey.StudyID(a.ID)); err != nil {
						return err
					}
					return tx.PutResponses(ctx, w.study.ID, a.ID, []survey.Response{{Item: "a", Value: float64(i), AnsweredAt: noon}})
				})
				if err != nil {
					t.Error(err)
				}
			})
			same(t, marks(t, s, survey.StudyID(a.ID)), 1)
		}
	})
	t.Run("a submission sees every save that was let through", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 10)
		for person := range w.people {
			a := w.people[person].Assessments[0]
			var saved atomic.Int32
			var seen atomic.Int32
			together(6, func(i int) {
				err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
					if i == 0 {
						ok, err := tx.MarkSubmitted(ctx, w.study.ID, a.EnrolmentID, a.ID, noon)
						if err != nil || !ok {
							return fmt.Errorf("submit: %v, %w", ok, err)
						}
						stored, err := tx.Responses(ctx, w.study.ID, a.ID)
						seen.Store(int32(len(stored)))
						return err
					}
					ok, err := tx.MarkSaved(ctx, w.study.ID, a.EnrolmentID, a.ID, noon)
					if err != nil || !ok {
						return err
					}
					saved.Add(1)
					return tx.PutResponses(ctx, w.study.ID, a.ID,
						[]survey.Response{{Item: fmt.Sprintf("i%d", i), Value: 1, AnsweredAt: noon}})
				})
				if err != nil {
					t.Error(err)
				}
			})
			if saved.Load() != seen.Load() {
				t.Errorf("%d saves were let through and the submission saw %d", saved.Load(), seen.Load())
			}
		}
	})
	t.Run("saves of the same items at once leave one row each", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		together(12, func(i int) {
			w.save(t, 0, 0, survey.Response{Item: "a", Value: float64(i), AnsweredAt: noon},
				survey.Response{Item: "b", Value: float64(i), AnsweredAt: noon})
		})
		got, err := s.Responses(t.Context(), w.study.ID, w.people[0].Assessments[0].ID)
		noError(t, err)
		if len(got) != 2 || got[0].Value != got[1].Value {
			t.Errorf("got %+v, want both items of one save", got)
		}
	})
	t.Run("a transaction that fails does not harm those beside it", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		taken := event(study, noon)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.AppendAudit(ctx, taken) })
		together(60, func(i int) {
			err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
				if err := mark(ctx, tx, study); err != nil {
					return err
				}
				switch i % 3 {
				case 0:
					return errOnPurpose
				case 1:
					return tx.AppendAudit(ctx, taken) // a broken key
				}
				return nil
			})
			want := []error{errOnPurpose, survey.ErrDuplicate, nil}[i%3]
			if want == nil && err != nil {
				t.Errorf("the sound transaction %d failed: %v", i, err)
			} else if want != nil {
				wantError(t, err, want)
			}
		})
		same(t, marks(t, s, study), 21)
	})
	t.Run("people are enrolled in a locked run one group after the other", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		together(10, func(int) {
			err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
				if err := tx.LockRun(ctx, w.study.ID, w.run.ID); err != nil {
					return err
				}
				roster, err := tx.Roster(ctx, w.study.ID, w.run.ID)
				if err != nil {
					return err
				}
				time.Sleep(time.Millisecond)
				p := w.person(w.run, w.course.ID)
				p.Participant.Code = fmt.Sprintf("P-%d", len(roster)) // taken, unless nobody came between
				return tx.Enrol(ctx, []survey.NewPerson{p})
			})
			if err != nil {
				t.Error(err)
			}
		})
		roster, err := s.Roster(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, len(roster), 10)
	})
	t.Run("a link is used by one of many at once", func(t *testing.T) {
		t.Parallel()
		l := survey.StaffLink{TokenHash: newKey(), UserID: newUser(t, s).ID, ExpiresAt: noon.Add(time.Hour)}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateStaffLink(ctx, l) })
		var used atomic.Int32
		together(8, func(int) {
			err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.UseStaffLink(ctx, l.TokenHash, noon)
				if ok {
					used.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		same(t, used.Load(), int32(1))
	})
	t.Run("someone leaves once, however often they press", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		var ended atomic.Int32
		together(8, func(int) {
			if w.withdraw(t, 0, noon) {
				ended.Add(1)
			}
		})
		same(t, ended.Load(), int32(1))
	})
	t.Run("no answer that arrives as somebody leaves is kept after they have left", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 12)
		for person := range w.people {
			a := w.people[person].Assessments[0]
			atLeaving := -1
			together(6, func(i int) {
				err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
					if i == 0 {
						time.Sleep(time.Duration(person%4) * time.Millisecond)
						ended, err := tx.Withdraw(ctx, w.study.ID, a.EnrolmentID, noon)
						if err != nil || !ended {
							return fmt.Errorf("withdraw: %v, %w", ended, err)
						}
						// Those who save now wait, or were waited for.
						time.Sleep(3 * time.Millisecond)
						stored, err := tx.Responses(ctx, w.study.ID, a.ID)
						atLeaving = len(stored)
						return err
					}
					ok, err := tx.MarkSaved(ctx, w.study.ID, a.EnrolmentID, a.ID, noon)
					if err != nil || !ok {
						return err
					}
					time.Sleep(time.Duration(i) * time.Millisecond)
					return tx.PutResponses(ctx, w.study.ID, a.ID,
						[]survey.Response{{Item: fmt.Sprintf("i%d", i), Value: 1, AnsweredAt: noon}})
				})
				if err != nil {
					t.Error(err)
				}
			})
			stored, err := s.Responses(t.Context(), w.study.ID, a.ID)
			noError(t, err)
			if len(stored) != atLeaving {
				t.Errorf("person %d: %d answers were there when they had left, %d are now", person, atLeaving, len(stored))
			}
		}
	})
	t.Run("nothing that arrives as somebody is erased is kept", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 12)
		for person := range w.people {
			a := w.people[person].Assessments[0]
			together(6, func(i int) {
				err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
					switch {
					case i == 0:
						time.Sleep(time.Duration(person%4) * time.Millisecond)
						ok, err := tx.Erase(ctx, w.erasure(person))
						if err == nil && !ok {
							err = errors.New("nobody was there")
						}
						return err
					case i%2 == 0:
						return tx.CreateConsent(ctx, w.consent(person, 1))
					}
					ok, err := tx.MarkSaved(ctx, w.study.ID, a.EnrolmentID, a.ID, noon)
					if err != nil || !ok {
						return err
					}
					time.Sleep(time.Duration(i) * time.Millisecond)
					return tx.PutResponses(ctx, w.study.ID, a.ID,
						[]survey.Response{{Item: fmt.Sprintf("i%d", i), Value: 1, AnsweredAt: noon}})
				})
				// Whoever comes after finds nobody to write for.
				if err != nil && !errors.Is(err, survey.ErrReference) && !errors.Is(err, survey.ErrDuplicate) {
					t.Errorf("%d: %v", i, err)
				}
			})
			w.nothingLeft(t, person)
		}
	})
}
