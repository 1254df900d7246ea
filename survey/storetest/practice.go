package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

func date(text string) schedule.Date {
	d, err := schedule.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// practised is an entry of a person.
func (w *world) practised(person int, day string, minutes int) survey.PracticeEntry {
	return survey.PracticeEntry{
		ID: newID[survey.PracticeID](), StudyID: w.study.ID, EnrolmentID: w.people[person].Enrolment.ID,
		Day: date(day), Practice: "week_01", Minutes: minutes, NotedAt: noon,
	}
}

func (w *world) noted(t testing.TB, entries ...survey.PracticeEntry) {
	t.Helper()
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		for _, e := range entries {
			if err := tx.CreatePractice(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func testPractice(t *testing.T, s survey.Store) {
	log := func(t *testing.T, w *world, person int) []survey.PracticeEntry {
		t.Helper()
		got, err := s.PracticeLog(t.Context(), w.study.ID, w.people[person].Enrolment.ID)
		noError(t, err)
		return got
	}
	t.Run("entries are kept as they are, the latest day first", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		same(t, log(t, w, 0), []survey.PracticeEntry{})
		ten, none := 10, 0
		first, second, third := w.practised(0, "2026-03-03", 1), w.practised(0, "2026-03-05", 600), w.practised(0, "2026-03-05", 15)
		first.Formal, first.Helpful = true, &ten
		second.Helpful = &none // not the same as nothing said
		third.NotedAt, third.ChangedAt = noon.Add(time.Hour), noon.Add(2*time.Hour)
		w.noted(t, second, first, third, w.practised(1, "2026-03-04", 7))
		same(t, log(t, w, 0), []survey.PracticeEntry{third, second, first})
	})
	t.Run("an entry is changed and removed by its person alone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		e := w.practised(0, "2026-03-03", 10)
		w.noted(t, e)
		theirs := e
		theirs.EnrolmentID = w.people[1].Enrolment.ID
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ChangePractice(ctx, theirs) }), survey.ErrNotFound)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.RemovePractice(ctx, theirs.StudyID, theirs.EnrolmentID, theirs.ID)
		})
		five := 5
		changed := e
		changed.Day, changed.Practice, changed.Minutes, changed.Formal = date("2026-03-04"), "week_02", 25, true
		changed.Helpful, changed.ChangedAt = &five, noon.Add(time.Minute)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ChangePractice(ctx, changed) })
		same(t, log(t, w, 0), []survey.PracticeEntry{changed})
		for range 2 { // one that is not there is passed over
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.RemovePractice(ctx, e.StudyID, e.EnrolmentID, e.ID)
			})
		}
		same(t, log(t, w, 0), []survey.PracticeEntry{})
	})
	t.Run("an entry belongs to somebody, once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		e := w.practised(0, "2026-03-03", 10)
		w.noted(t, e)
		create := func(e survey.PracticeEntry) error {
			return do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreatePractice(ctx, e) })
		}
		wantError(t, create(e), survey.ErrDuplicate)
		other := e
		other.EnrolmentID = w.people[1].Enrolment.ID
		noError(t, create(other)) // somebody else's identifiers are their own
		other.EnrolmentID = newID[survey.EnrolmentID]()
		wantError(t, create(other), survey.ErrReference)
		for _, minutes := range []int{0, 601, -5} {
			bad := w.practised(0, "2026-03-03", minutes)
			if create(bad) == nil {
				t.Errorf("%d minutes were taken", minutes)
			}
		}
		eleven := 11
		bad := w.practised(0, "2026-03-03", 5)
		bad.Helpful = &eleven
		if create(bad) == nil {
			t.Error("helpfulness of 11 was taken")
		}
	})
	t.Run("a study's entries come by person and day", func(t *testing.T) {
		t.Parallel()
		w, other := newWorld(t, s, 3), newWorld(t, s, 1)
		other.noted(t, other.practised(0, "2026-03-03", 9))
		want := []survey.PracticeEntry{}
		order := []int{0, 1, 2}
		slices.SortFunc(order, func(a, b int) int { return strings.Compare(w.people[a].Enrolment.Code, w.people[b].Enrolment.Code) })
		for _, person := range order {
			early, late := w.practised(person, "2026-03-03", 5), w.practised(person, "2026-03-09", 5)
			w.noted(t, late, early)
			want = append(want, early, late)
		}
		got := []survey.PracticeEntry{}
		noError(t, s.EachPractice(t.Context(), w.study.ID, func(e *survey.PracticeEntry) error {
			got = append(got, *e)
			return nil
		}))
		same(t, got, want)
	})
}

// sealed is a note of a person that holds some bytes.
func (w *world) sealed(person int, kind survey.NoteKind, content string) survey.SealedNote {
	return survey.SealedNote{
		NotePlace: survey.NotePlace{
			StudyID: w.study.ID, EnrolmentID: w.people[person].Enrolment.ID, ID: newID[survey.NoteID](), Kind: kind,
		},
		KeyID: "1-abc", Sealed: []byte(content), WrittenAt: noon,
	}
}

func testNotes(t *testing.T, s survey.Store) {
	create := func(t *testing.T, notes ...survey.SealedNote) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			for _, n := range notes {
				if err := tx.CreateNote(ctx, n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	list := func(t *testing.T, w *world, person int, kind survey.NoteKind) []survey.SealedNote {
		t.Helper()
		got, err := s.Notes(t.Context(), w.study.ID, w.people[person].Enrolment.ID, kind)
		noError(t, err)
		return got
	}
	shared := func(t *testing.T, w *world) []survey.SealedNote {
		t.Helper()
		got := []survey.SealedNote{}
		noError(t, s.EachSharedNote(t.Context(), w.study.ID, func(n *survey.SealedNote) error {
			kept := *n
			kept.Sealed = slices.Clone(n.Sealed)
			got = append(got, kept)
			return nil
		}))
		return got
	}
	share := func(t *testing.T, at survey.NotePlace, when time.Time, want bool) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			got, err := tx.ShareNote(ctx, at, when)
			same(t, got, want)
			return err
		})
	}
	t.Run("notes are kept to the byte, the newest first, and by kind", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		old, young := w.sealed(0, survey.NoteOwnWords, "a\x00\xff"), w.sealed(0, survey.NoteOwnWords, "b")
		young.WrittenAt, young.ChangedAt = noon.Add(time.Hour), noon.Add(2*time.Hour)
		other := w.sealed(0, survey.NoteReflection, "c")
		create(t, young, old, other, w.sealed(1, survey.NoteOwnWords, "d"))
		same(t, list(t, w, 0, survey.NoteOwnWords), []survey.SealedNote{young, old})
		same(t, list(t, w, 0, survey.NoteReflection), []survey.SealedNote{other})
		same(t, list(t, w, 1, survey.NoteReflection), []survey.SealedNote{})
	})
	t.Run("a note is changed and removed where it belongs and nowhere else", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		n := w.sealed(0, survey.NoteReflection, "first")
		create(t, n)
		for _, wrong := range []func(*survey.NotePlace){
			func(p *survey.NotePlace) { p.EnrolmentID = w.people[1].Enrolment.ID },
			func(p *survey.NotePlace) { p.Kind = survey.NoteOwnWords },
			func(p *survey.NotePlace) { p.StudyID = newID[survey.StudyID]() },
		} {
			m := n
			wrong(&m.NotePlace)
			wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ChangeNote(ctx, m) }), survey.ErrNotFound)
			wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
				_, err := tx.ShareNote(ctx, m.NotePlace, noon)
				return err
			}), survey.ErrNotFound)
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.RemoveNote(ctx, m.NotePlace) })
		}
		changed := n
		changed.Sealed, changed.KeyID, changed.ChangedAt = []byte("second"), "2-def", noon.Add(time.Minute)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ChangeNote(ctx, changed) })
		same(t, list(t, w, 0, survey.NoteReflection), []survey.SealedNote{changed})
		for range 2 {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.RemoveNote(ctx, n.NotePlace) })
		}
		same(t, list(t, w, 0, survey.NoteReflection), []survey.SealedNote{})
		create(t, n)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateNote(ctx, n) }), survey.ErrDuplicate)
		m := w.sealed(0, survey.NoteReflection, "x")
		m.EnrolmentID = newID[survey.EnrolmentID]()
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateNote(ctx, m) }), survey.ErrReference)
	})
	t.Run("what is shared is given, while it is", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 2), newWorld(t, s, 1)
		one, two, three := w.sealed(0, survey.NoteReflection, "1"), w.sealed(0, survey.NoteOwnWords, "2"), w.sealed(1, survey.NoteOwnWords, "3")
		two.WrittenAt = noon.Add(-time.Hour)
		far := elsewhere.sealed(0, survey.NoteOwnWords, "4")
		create(t, one, two, three, far)
		same(t, shared(t, w), []survey.SealedNote{})
		when := noon.Add(time.Hour)
		share(t, one.NotePlace, when, true)
		share(t, one.NotePlace, when.Add(time.Hour), false) // the first time counts
		share(t, two.NotePlace, when, true)
		share(t, far.NotePlace, when, true)
		share(t, three.NotePlace, time.Time{}, false)
		one.SharedAt, two.SharedAt = when, when
		same(t, shared(t, w), []survey.SealedNote{two, one})
		share(t, two.NotePlace, time.Time{}, true)
		same(t, shared(t, w), []survey.SealedNote{one})
	})
}
