package survey_test

import (
	"strings"
	"testing"

	"tidemark/survey"
)

// myWords stand nowhere else.
const myWords = "Zimtsterne and one slow breath"

func TestNotesAreWrittenSeenChangedAndRemoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consented(t, "course", 2)
		a, other, u := people[0], people[1], s.cases.Notes
		noError(t, u.Write(t.Context(), a, survey.NoteOwnWords, []string{myWords}, ""))
		s.at(day("2026-03-03"))
		noError(t, u.Write(t.Context(), a, survey.NoteOwnWords, []string{"I am trying"}, ""))
		noError(t, u.Write(t.Context(), a, survey.NoteReflection, []string{"", "ask earlier", ""}, ""))
		words, err := u.List(t.Context(), a, survey.NoteOwnWords)
		noError(t, err)
		same(t, []string{words[0].Text(0), words[1].Text(0)}, []string{"I am trying", myWords})
		reflections, err := u.List(t.Context(), a, survey.NoteReflection)
		noError(t, err)
		same(t, reflections[0].Texts, []string{"", "ask earlier", ""})
		same(t, []bool{words[0].Shared(), reflections[0].Shared()}, []bool{false, false})

		// Nobody else meets them.
		theirs, err := u.List(t.Context(), other, survey.NoteOwnWords)
		noError(t, err)
		same(t, len(theirs), 0)
		wantError(t, u.Change(t.Context(), other, survey.NoteOwnWords, words[0].ID, []string{"x"}), survey.ErrNotFound)
		wantError(t, u.Share(t.Context(), other, survey.NoteOwnWords, words[0].ID, true), survey.ErrNotFound)
		noError(t, u.Remove(t.Context(), other, survey.NoteOwnWords, words[0].ID))

		noError(t, u.Change(t.Context(), a, survey.NoteOwnWords, words[0].ID, []string{"I am trying, and that is enough"}))
		words, err = u.List(t.Context(), a, survey.NoteOwnWords)
		noError(t, err)
		same(t, []any{len(words), words[0].Text(0), words[0].ChangedAt.IsZero()}, []any{2, "I am trying, and that is enough", false})
		for range 2 {
			noError(t, u.Remove(t.Context(), a, survey.NoteOwnWords, words[0].ID))
		}
		words, err = u.List(t.Context(), a, survey.NoteOwnWords)
		noError(t, err)
		same(t, len(words), 1)
	})
}

func TestANoteThatSaysNothingOrTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a, u := s.consented(t, "course", 1)[0], s.cases.Notes
		long := strings.Repeat("x", survey.MaxNoteText+1)
		for _, c := range []struct {
			kind         survey.NoteKind
			texts        []string
			field, fault string
		}{
			{survey.NoteOwnWords, []string{" \n"}, "text", "practice.nothing_written"},
			{survey.NoteOwnWords, nil, "text", "practice.nothing_written"},
			{survey.NoteOwnWords, []string{long}, "text", "text.too_long"},
			{survey.NoteOwnWords, []string{"\xff"}, "text", "text.unreadable"},
			{survey.NoteReflection, []string{"", " ", ""}, "text_1", "practice.nothing_written"},
			{survey.NoteReflection, []string{"a"}, "text_1", "practice.nothing_written"},
			{survey.NoteReflection, []string{"a", "", long}, "text_3", "text.too_long"},
		} {
			wantFault(t, u.Write(t.Context(), a, c.kind, c.texts, ""), c.field, c.fault)
		}
		wantError(t, u.Write(t.Context(), a, "diary", []string{"x"}, ""), survey.ErrNotFound)
		wantError(t, u.Write(t.Context(), a, survey.NoteOwnWords, []string{"x"}, "short"), survey.ErrConflict)
		noError(t, u.Write(t.Context(), a, survey.NoteOwnWords, []string{"x"}, "ABCDEFGHIJKLMNOP"))
		wantError(t, u.Write(t.Context(), a, survey.NoteOwnWords, []string{"x"}, "ABCDEFGHIJKLMNOP"), survey.ErrRepeated)
		wantError(t, u.Write(t.Context(), a, survey.NoteOwnWords, []string{"y"}, "ABCDEFGHIJKLMNOP"), survey.ErrConflict)
		for range survey.MaxNotes - 1 {
			noError(t, u.Write(t.Context(), a, survey.NoteOwnWords, []string{"x"}, ""))
		}
		wantFault(t, u.Write(t.Context(), a, survey.NoteOwnWords, []string{"x"}, ""), "text", "practice.too_many_notes")
	})
}

// shared is what the researcher reads.
func (s *stage) shared(t *testing.T) []survey.SharedNote {
	t.Helper()
	var got []survey.SharedNote
	noError(t, s.cases.Notes.EachShared(t.Context(), s.store, s.researcher, s.study.ID, func(n *survey.SharedNote) error {
		got = append(got, *n)
		return nil
	}))
	return got
}

func TestOnlySharedNotesAreReadByResearchersAndOnlyWhileShared(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a, u := s.consented(t, "course", 1)[0], s.cases.Notes
		noError(t, u.Write(t.Context(), a, survey.NoteOwnWords, []string{myWords}, ""))
		noError(t, u.Write(t.Context(), a, survey.NoteReflection, []string{"for you to read", "", "=1+1"}, ""))
		same(t, len(s.shared(t)), 0)
		notes, err := u.List(t.Context(), a, survey.NoteReflection)
		noError(t, err)
		id := notes[0].ID
		for range 2 { // once is enough, twice no fault
			noError(t, u.Share(t.Context(), a, survey.NoteReflection, id, true))
		}
		got := s.shared(t)
		same(t, len(got), 1)
		same(t, []any{got[0].Texts, got[0].EnrolmentID}, []any{[]string{"for you to read", "", "=1+1"}, a.Participation.Enrolment.ID})
		// A change is shared as well: the person sees that it is.
		noError(t, u.Change(t.Context(), a, survey.NoteReflection, id, []string{"changed", "", ""}))
		same(t, s.shared(t)[0].Text(0), "changed")
		// Also who has left can take back what they shared, but share no more.
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), a))
		p, err := s.store.Participation(t.Context(), s.study.ID, a.Participation.Enrolment.ID)
		noError(t, err)
		left := survey.ParticipantActor(p)
		noError(t, u.Share(t.Context(), left, survey.NoteReflection, id, false))
		same(t, len(s.shared(t)), 0)
		wantError(t, u.Share(t.Context(), left, survey.NoteReflection, id, true), survey.ErrWithdrawn)
		notes, err = u.List(t.Context(), left, survey.NoteReflection)
		noError(t, err)
		same(t, notes[0].Text(0), "changed")
		noError(t, u.Remove(t.Context(), left, survey.NoteReflection, id))
		// Both acts are in the trail, once each.
		for _, action := range []survey.Action{survey.ActionNoteShared, survey.ActionNoteUnshared} {
			n, err := s.store.CountAudit(t.Context(), s.study.ID, action)
			noError(t, err)
			same(t, n, 1)
		}
	})
}
