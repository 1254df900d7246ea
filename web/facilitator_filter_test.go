package web

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
)

// shownPeople are the names in the table of a board, in order of the alphabet.
func shownPeople(t *testing.T, s screen) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(grid(t, s)))
}

func TestTheBoardIsFilteredByTheAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 4)
	ctx, admin := t.Context(), survey.SystemActor("test")
	design, err := w.cases.Studies.Design(ctx, admin, w.study.ID)
	w.must(err)
	_, err = w.cases.Runs.AddPeople(ctx, admin, w.study.ID, w.run.ID, []survey.Person{{Name: "Waiting Wanda"}}, design.Arms[1].ID)
	w.must(err)
	w.answer(0, always(3))
	_, questions := w.begin(t, 1)
	questions.form("Continue").choose("sc_01", "5").press("Continue").want(200)
	person, _ := w.arrive(t, 3)
	person.get("/me/data/leave").form("Leave, and keep what I gave").press("Leave, and keep what I gave").want(200)
	roster, err := w.store.Roster(ctx, w.study.ID, w.run.ID)
	w.must(err)

	d := w.signedIn(t, "leader@example.org", w.facilitator())
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"", []string{"Person 1", "Person 2", "Person 3", "Person 4", "Waiting Wanda"}},
		{"?show=late", []string{"Person 2", "Person 3", "Waiting Wanda"}},
		{"?show=new", []string{"Person 3", "Waiting Wanda"}},
		{"?show=gone", []string{"Person 4"}},
		{"?show=waiting", []string{"Waiting Wanda"}},
		{"?show=late&arm=" + design.Arms[0].Key, []string{"Person 2", "Person 3"}},
		{"?arm=none", nil},
		{"?q=PERSON+2", []string{"Person 2"}},
		{"?q=" + strings.ToLower(roster[2].Code), []string{"Person 3"}},
		{"?q=nobody", nil},
		{"?show=everything", []string{"Person 1", "Person 2", "Person 3", "Person 4", "Waiting Wanda"}},
	} {
		s := d.get(w.runPath(c.query)).want(200)
		if diff := cmp.Diff(shownPeople(t, s), c.want); diff != "" {
			t.Errorf("%q (-got +want):\n%s", c.query, diff)
		}
		part := d.get(w.runPath("/table" + c.query)).want(200)
		if diff := cmp.Diff(shownPeople(t, part), c.want); diff != "" {
			t.Errorf("the table alone, %q (-got +want):\n%s", c.query, diff)
		}
		if strings.Contains(part.body, "<html") || byID(part.root, "cards") == nil {
			t.Errorf("%q: the part is not the numbers and the table alone", c.query)
		}
		if all := cards(s)["Enrolled"]; !strings.HasPrefix(all, "5, 1 withdrawn") {
			t.Errorf("%q: the numbers are of those shown: %q", c.query, all)
		}
	}
	s := d.get(w.runPath("?show=late&q=%3Cb%3E%00")).want(200, "0 of 5 people", "Show everyone")
	if got := s.values(w.runPath(""))["show"]; len(got) != 1 || got[0] != "late" {
		t.Errorf("the form forgets what is shown: %q", got)
	}
	if strings.Contains(s.body, "<b>") {
		t.Error("what was looked for is taken for markup")
	}
	s = d.get(w.runPath("?show=late")).want(200, "3 of 5 people")
	if strings.Contains(s.text(), "Person 1") {
		t.Error("somebody who is not late is named")
	}
}

func TestEveryCellOfTheBoardSaysInWordsHowItStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	s := d.get(w.runPath("")).want(200)
	table := byID(s.root, "people-table")
	heads := 0
	for _, th := range all(table, "th") {
		switch attr(th, "scope") {
		case "col":
			heads++
		case "row", "rowgroup":
		default:
			t.Errorf("the head %q does not say of what", textOf(th))
		}
	}
	cells := 0
	for _, td := range all(table, "td") {
		if strings.HasPrefix(attr(td, "class"), "c") {
			cells++
			if textOf(td) == "" {
				t.Error("a cell says nothing to who cannot see it")
			}
		}
	}
	if heads != 14 || cells != 22 {
		t.Errorf("%d heads and %d cells, want 14 and 22", heads, cells)
	}
	if title := attr(all(table, "abbr")[1], "title"); title != "Week 1" {
		t.Errorf("the second occasion is %q in full", title)
	}
	// The first occasion is open now, and says so.
	if got := textOf(all(table, "th")[1]); !strings.Contains(got, "open now") {
		t.Errorf("the head of what is open now says %q", got)
	}
}
