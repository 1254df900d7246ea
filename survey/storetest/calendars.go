package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
)

// feed is an address of a person's calendar.
func (w *world) feed(person int) survey.CalendarFeed {
	return survey.CalendarFeed{
		StudyID: w.study.ID, EnrolmentID: w.people[person].Enrolment.ID, TokenHash: newKey(),
		Choice: survey.CalendarChoice{Surveys: true}, MadeAt: noon,
	}
}

func testCalendars(t *testing.T, s survey.Store) {
	t.Run("a person has one address, found by its hash until it is made anew or ended", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		f := w.feed(0)
		put := func(f survey.CalendarFeed) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.PutCalendarFeed(ctx, f) })
		}
		put(f)
		got, err := s.CalendarFeed(t.Context(), w.study.ID, f.EnrolmentID)
		noError(t, err)
		same(t, got, f)
		_, err = s.CalendarFeed(t.Context(), w.study.ID, w.people[1].Enrolment.ID)
		wantError(t, err, survey.ErrNotFound)
		again := w.feed(0)
		again.Choice, again.MadeAt = survey.CalendarChoice{Titles: true}, noon.Add(time.Hour)
		put(again)
		_, err = s.CalendarFeedByToken(t.Context(), f.TokenHash)
		wantError(t, err, survey.ErrNotFound)
		got, err = s.CalendarFeedByToken(t.Context(), again.TokenHash)
		noError(t, err)
		same(t, got, again)
		for _, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ended, err := tx.RemoveCalendarFeed(ctx, w.study.ID, f.EnrolmentID)
				same(t, ended, want)
				return err
			})
		}
		_, err = s.CalendarFeedByToken(t.Context(), again.TokenHash)
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("staff have one for all runs and one for each", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		u := newUser(t, s)
		all := survey.StaffFeed{UserID: u.ID, TokenHash: newKey(), MadeAt: noon}
		one := survey.StaffFeed{UserID: u.ID, StudyID: w.study.ID, RunID: w.run.ID, TokenHash: newKey(), MadeAt: noon}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.PutStaffFeed(ctx, one); err != nil {
				return err
			}
			if err := tx.PutStaffFeed(ctx, survey.StaffFeed{UserID: u.ID, TokenHash: newKey(), MadeAt: noon}); err != nil {
				return err
			}
			return tx.PutStaffFeed(ctx, all)
		})
		got, err := s.StaffFeeds(t.Context(), u.ID)
		noError(t, err)
		same(t, got, []survey.StaffFeed{all, one})
		found, err := s.StaffFeedByToken(t.Context(), one.TokenHash)
		noError(t, err)
		same(t, found, one)
		for _, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ended, err := tx.RemoveStaffFeed(ctx, u.ID, "")
				same(t, ended, want)
				return err
			})
		}
		_, err = s.StaffFeedByToken(t.Context(), all.TokenHash)
		wantError(t, err, survey.ErrNotFound)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.PutStaffFeed(ctx, survey.StaffFeed{UserID: u.ID, StudyID: w.study.ID, RunID: "nobody's", TokenHash: newKey(), MadeAt: noon})
		}), survey.ErrReference)
	})
	t.Run("two addresses are never the same", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		one, two := w.feed(0), w.feed(1)
		two.TokenHash = one.TokenHash
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.PutCalendarFeed(ctx, one) })
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.PutCalendarFeed(ctx, two) }), survey.ErrDuplicate)
	})
}
