package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument/drafting"
)

func newDraft(title string) (survey.Draft, survey.DraftRevision) {
	by := survey.Author{Kind: survey.ActorUser, ID: "u", Name: "Ana Ruiz"}
	d := survey.Draft{
		ID: newID[survey.DraftID](), Title: title, Revision: 1, Latest: 1, Source: "a “file”.csv",
		CreatedAt: noon, CreatedBy: by, UpdatedAt: noon,
	}
	return d, survey.DraftRevision{
		DraftID: d.ID, Number: 1, What: "begun", SavedAt: noon, SavedBy: by, Definition: drafting.New(title, "en"),
	}
}

func testDrafts(t *testing.T, s survey.Store) {
	begin := func(t *testing.T, title string) (survey.Draft, survey.DraftRevision) {
		t.Helper()
		d, r := newDraft(title)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.CreateDraft(ctx, d); err != nil {
				return err
			}
			return tx.CreateDraftRevision(ctx, r)
		})
		return d, r
	}
	t.Run("a draft and what was saved of it come back", func(t *testing.T) {
		t.Parallel()
		d, first := begin(t, "With\nfaults")
		second := first
		second.Number, second.Base, second.Aside, second.What = 2, 1, true, "another “title”"
		second.Definition = drafting.New("Another", "de")
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			counted, err := tx.CountDraftRevision(ctx, d.ID)
			if err != nil {
				return err
			}
			same(t, counted.Latest, 2)
			d = counted
			return tx.CreateDraftRevision(ctx, second)
		})
		got, err := s.Draft(t.Context(), d.ID)
		noError(t, err)
		same(t, got, d)
		for _, want := range []survey.DraftRevision{first, second} {
			got, err := s.DraftRevision(t.Context(), d.ID, want.Number)
			noError(t, err)
			same(t, got, want)
		}
		first.Definition, second.Definition = nil, nil
		list, err := s.DraftRevisions(t.Context(), d.ID)
		noError(t, err)
		same(t, list, []survey.DraftRevision{second, first})
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			again := second
			again.Definition = drafting.New("x", "en")
			return tx.CreateDraftRevision(ctx, again)
		}), survey.ErrDuplicate)
	})
	t.Run("published drafts are not listed", func(t *testing.T) {
		t.Parallel()
		v := newInstrument(t)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateInstrumentVersion(ctx, v) })
		d, _ := begin(t, "To be published")
		listed := func() bool {
			all, err := s.Drafts(t.Context())
			noError(t, err)
			for _, one := range all {
				if one.ID == d.ID {
					return true
				}
			}
			return false
		}
		same(t, listed(), true)
		d.Title, d.UpdatedAt, d.PublishedAs = "Published", noon.Add(time.Hour), v.ID
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.SetDraft(ctx, d) })
		same(t, listed(), false)
		got, err := s.Draft(t.Context(), d.ID)
		noError(t, err)
		same(t, got, d)
	})
	t.Run("old revisions go, but for the one that stands", func(t *testing.T) {
		t.Parallel()
		d, r := begin(t, "Often saved")
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			for n := 2; n <= 5; n++ {
				if _, err := tx.CountDraftRevision(ctx, d.ID); err != nil {
					return err
				}
				r.Number, r.Base = n, n-1
				if err := tx.CreateDraftRevision(ctx, r); err != nil {
					return err
				}
			}
			return tx.PruneDraftRevisions(ctx, d.ID, 3)
		})
		list, err := s.DraftRevisions(t.Context(), d.ID)
		noError(t, err)
		var numbers []int
		for _, one := range list {
			numbers = append(numbers, one.Number)
		}
		same(t, numbers, []int{5, 4, 1})
	})
	t.Run("a draft is removed with all that was saved of it", func(t *testing.T) {
		t.Parallel()
		d, _ := begin(t, "To be removed")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.DeleteDraft(ctx, d.ID) })
		_, err := s.Draft(t.Context(), d.ID)
		wantError(t, err, survey.ErrNotFound)
		_, err = s.DraftRevision(t.Context(), d.ID, 1)
		wantError(t, err, survey.ErrNotFound)
		for _, change := range []func(ctx context.Context, tx survey.Tx) error{
			func(ctx context.Context, tx survey.Tx) error { return tx.DeleteDraft(ctx, d.ID) },
			func(ctx context.Context, tx survey.Tx) error { return tx.SetDraft(ctx, d) },
			func(ctx context.Context, tx survey.Tx) error { _, err := tx.CountDraftRevision(ctx, d.ID); return err },
		} {
			wantError(t, do(t, s, change), survey.ErrNotFound)
		}
	})
}
