package survey_test

import (
	"fmt"
	"sync"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// change makes one change of a draft.
func (s *stage) change(t *testing.T, id survey.DraftID, base int, edit func(*instrument.Definition) error) survey.Saved {
	t.Helper()
	saved, err := s.cases.Drafts.Change(t.Context(), s.researcher, survey.DraftChange{ID: id, Base: base, What: "changed", Edit: edit})
	noError(t, err)
	return saved
}

// written is a draft that can be published.
func (s *stage) written(t *testing.T, title string) (survey.Draft, int) {
	t.Helper()
	draft, err := s.cases.Drafts.Begin(t.Context(), s.researcher, survey.NewDraft{Title: title})
	noError(t, err)
	saved := s.change(t, draft.ID, 1, complete)
	return draft, saved.Number
}

// complete gives a new draft all that it needs.
func complete(d *instrument.Definition) error {
	d.Heading, d.Intro, d.Terms, d.Citation = "Your day", "Think of today.", "Free to use.", "Ours."
	if err := drafting.AddItem(d, 0, instrument.Item{Code: "dr_01", Type: instrument.TypeYesNo, Text: "Was it good?"}); err != nil {
		return err
	}
	return drafting.PutScale(d, "", instrument.Scale{
		Key: "dr_total", Name: "Good", Label: "Good", Items: []string{"dr_01"}, Method: instrument.MethodMean, MinAnswered: 1, Direction: instrument.HigherBetter,
	})
}

func titled(title string) func(*instrument.Definition) error {
	return func(d *instrument.Definition) error { d.Title = title; return nil }
}

func TestADraftIsKeptWithItsFaultsUntilItIsPublished(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u, ctx := s.cases.Drafts, t.Context()
		draft, err := u.Begin(ctx, s.researcher, survey.NewDraft{Title: "Evening log"})
		noError(t, err)
		view, err := u.Open(ctx, s.researcher, draft.ID, 0)
		noError(t, err)
		if len(view.Faults) == 0 || view.Definition.Key != "evening_log" {
			t.Errorf("begins with %v as %q", view.Faults, view.Definition.Key)
		}
		_, err = u.Publish(ctx, s.researcher, survey.DraftPublication{ID: draft.ID, Base: 1})
		same(t, faultsOf(err)["definition"], "draft.has_faults")
		saved := s.change(t, draft.ID, 1, complete)
		same(t, saved, survey.Saved{Number: 2})
		view, err = u.Open(ctx, s.researcher, draft.ID, 0)
		noError(t, err)
		if len(view.Faults) > 0 {
			t.Errorf("still at fault: %v", view.Faults)
		}
	})
}

func TestAPublishedDraftIsAVersionOfTheLibraryForGood(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u, ctx := s.cases.Drafts, t.Context()
		draft, number := s.written(t, "Evening log")
		item, err := u.Publish(ctx, s.researcher, survey.DraftPublication{ID: draft.ID, Base: number})
		noError(t, err)
		same(t, item.Origin, survey.OriginOwn)
		shelf, err := s.cases.Library.Show(ctx, s.researcher, "evening_log")
		noError(t, err)
		same(t, shelf.Items[0].Version.ID, item.Version.ID)
		_, err = u.Change(ctx, s.researcher, survey.DraftChange{ID: draft.ID, Base: number, Edit: titled("x")})
		wantError(t, err, survey.ErrConflict)
		_, err = u.Publish(ctx, s.researcher, survey.DraftPublication{ID: draft.ID, Base: number})
		wantError(t, err, survey.ErrConflict)
		_, err = u.Restore(ctx, s.researcher, draft.ID, number, 1)
		wantError(t, err, survey.ErrConflict)
		wantError(t, u.Discard(ctx, s.researcher, draft.ID, number), survey.ErrConflict)
		list, err := u.List(ctx, s.researcher)
		noError(t, err)
		same(t, len(list), 0)

		// The next version of one's own keeps the key, counts up, and says what changed.
		next, err := u.Begin(ctx, s.researcher, survey.NewDraft{From: string(item.Version.ID)})
		noError(t, err)
		same(t, next.EditedFrom, survey.InstrumentID(""))
		s.change(t, next.ID, 1, func(d *instrument.Definition) error { d.Items[0].Text += "!"; return nil })
		_, err = u.Publish(ctx, s.researcher, survey.DraftPublication{ID: next.ID, Base: 2})
		same(t, faultsOf(err)["note"], "library.note_needed")
		second, err := u.Publish(ctx, s.researcher, survey.DraftPublication{ID: next.ID, Base: 2, Note: "a mark"})
		noError(t, err)
		same(t, second.Version.Definition.Key, "evening_log")
		same(t, second.Version.Definition.Version, "1.0.1")
		same(t, second.CorrectionOf, item.Version.ID)
	})
}

func TestADraftOfAPublishedQuestionnaireIsNeverTakenForIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u, ctx := s.cases.Drafts, t.Context()
		published := s.addWording(t, "brs-6")
		for _, from := range []string{string(published.Version.ID), "resilience"} {
			draft, err := u.Begin(ctx, s.researcher, survey.NewDraft{From: from})
			noError(t, err)
			view, err := u.Open(ctx, s.researcher, draft.ID, 0)
			noError(t, err)
			if view.Definition.Scales[0].Norms != nil || view.Definition.Scales[0].Reliability != nil {
				t.Errorf("%s keeps what was found about another questionnaire", from)
			}
			s.change(t, draft.ID, 1, func(d *instrument.Definition) error { d.Key = "brs_6"; return nil })
			_, err = u.Publish(ctx, s.researcher, survey.DraftPublication{ID: draft.ID, Base: 2, Note: "x"})
			same(t, faultsOf(err)["key"], "library.key_taken")
			s.change(t, draft.ID, 2, func(d *instrument.Definition) error {
				d.Key, d.Title = "mine_"+from[:4], published.Version.Definition.Title
				return nil
			})
			_, err = u.Publish(ctx, s.researcher, survey.DraftPublication{ID: draft.ID, Base: 3, Note: "x"})
			same(t, faultsOf(err)["title"], "library.title_taken")
			s.change(t, draft.ID, 3, titled("Mine "+from))
			item, err := u.Publish(ctx, s.researcher, survey.DraftPublication{ID: draft.ID, Base: 4, Note: "x"})
			noError(t, err)
			same(t, item.Origin, survey.OriginEdited)
		}
	})
}

func TestASaveUponSomebodyElsesKeepsBoth(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u, ctx := s.cases.Drafts, t.Context()
		draft, number := s.written(t, "Evening log")
		theirs := s.change(t, draft.ID, number, titled("Theirs"))
		same(t, theirs.Aside, false)
		mine := s.change(t, draft.ID, number, titled("Mine"))
		same(t, mine, survey.Saved{Number: theirs.Number + 1, Aside: true})
		view, err := u.Open(ctx, s.researcher, draft.ID, 0)
		noError(t, err)
		same(t, view.Definition.Title, "Theirs")
		view, err = u.Open(ctx, s.researcher, draft.ID, mine.Number)
		noError(t, err)
		same(t, view.Definition.Title, "Mine")

		// Mine is put in the place of theirs, and theirs is still there.
		_, err = u.Restore(ctx, s.researcher, draft.ID, number, mine.Number)
		wantError(t, err, survey.ErrConflict) // not the one that stands
		back, err := u.Restore(ctx, s.researcher, draft.ID, theirs.Number, mine.Number)
		noError(t, err)
		view, err = u.Open(ctx, s.researcher, draft.ID, 0)
		noError(t, err)
		same(t, view.Definition.Title, "Mine")
		history, err := u.History(ctx, s.researcher, draft.ID)
		noError(t, err)
		undo, ok := survey.Undo(history, back.Number)
		if !ok || undo.Number != theirs.Number {
			t.Errorf("undoing leads to %+v", undo)
		}
	})
}

func TestManyWhoSaveAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		draft, number := s.written(t, "Evening log")
		const people = 8
		var group sync.WaitGroup
		saved := make([]survey.Saved, people)
		for i := range people {
			group.Go(func() { saved[i] = s.change(t, draft.ID, number, titled(fmt.Sprint("By ", i))) })
		}
		group.Wait()
		standing, numbers := 0, map[int]bool{}
		for i, one := range saved {
			if !one.Aside {
				standing++
			}
			numbers[one.Number] = true
			view, err := s.cases.Drafts.Open(t.Context(), s.researcher, draft.ID, one.Number)
			noError(t, err)
			same(t, view.Definition.Title, fmt.Sprint("By ", i))
		}
		if standing != 1 || len(numbers) != people {
			t.Errorf("%d stand, under %d numbers", standing, len(numbers))
		}
	})
}

func TestADraftSaysWhatCannotBeChanged(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u, ctx := s.cases.Drafts, t.Context()
		for field, n := range map[string]survey.NewDraft{"title": {}, "language": {Title: "x", Language: "English"}} {
			_, err := u.Begin(ctx, s.researcher, n)
			if faultsOf(err)[field] == "" {
				t.Errorf("%s: %v", field, err)
			}
		}
		draft, number := s.written(t, "Evening log")
		change := func(edit func(*instrument.Definition) error) error {
			_, err := u.Change(ctx, s.researcher, survey.DraftChange{ID: draft.ID, Base: number, Edit: edit})
			return err
		}
		same(t, faultsOf(change(func(d *instrument.Definition) error {
			return drafting.AddItem(d, 0, instrument.Item{Code: "dr_01"})
		}))["code"], drafting.MessageCodeTaken)
		wantError(t, change(func(d *instrument.Definition) error { return drafting.RemoveItem(d, "nothing") }), survey.ErrNotFound)
		same(t, faultsOf(change(func(d *instrument.Definition) error { d.Intro = string(make([]byte, 1<<20)); return nil }))[""], drafting.MessageFull)
		_, err := u.Change(ctx, s.researcher, survey.DraftChange{ID: draft.ID, Base: 99, Edit: titled("x")})
		wantError(t, err, survey.ErrNotFound)
		noError(t, u.Discard(ctx, s.researcher, draft.ID, number))
		_, err = u.Open(ctx, s.researcher, draft.ID, 0)
		wantError(t, err, survey.ErrNotFound)
	})
}

func TestTheSameSendingBeginsOneDraft(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		n := survey.NewDraft{Title: "Once", Once: "0123456789abcdef-draft"}
		_, err := s.cases.Drafts.Begin(t.Context(), s.researcher, n)
		noError(t, err)
		_, err = s.cases.Drafts.Begin(t.Context(), s.researcher, n)
		wantError(t, err, survey.ErrRepeated)
	})
}
