package main

import (
	"strings"
	"testing"

	"tidemark/internal/browser"
)

func TestThePagesOfTheLibraryAreAccessible(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	pages := 0
	err := browser.TourLibrary(b, ways, browser.Phone, func(s browser.Stop) error {
		pages++
		return isAccessible(t, s)
	})
	if err != nil {
		t.Fatal(err)
	}
	if pages < 15 {
		t.Errorf("walked through %d pages only", pages)
	}
}

// TestWordingIsAddedByKeyboardAlone adds the wording of an instrument without a
// mouse: every field and button is reached with the tab key.
func TestWordingIsAddedByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	tab := open(t, b, browser.Phone)
	do(t, tab.Visit(ways.Researcher), tab.TabTo("main form button"), tab.Enter())
	do(t, tab.TabTo("a[href='/studies']"), tab.Enter(), tab.TabTo("a[href='/instruments']"), tab.Enter(), tab.TabTo("a[href='/instruments/add/growth-mindset-3']"), tab.Enter())
	do(t, tab.TabTo("#pasted"), tab.Press(browser.Sheet(6, 3)), tab.TabTo("button[value=preview]"), tab.Enter())
	do(t, tab.TabTo("#item_2"), tab.TabTo("#checked"), tab.Press(" "), tab.TabTo("#accept"), tab.Press(" "),
		tab.TabTo("#name"), tab.Press("Ana Ruiz"), tab.TabTo("button[value=add]"), tab.Enter())
	text, err := tab.Text("main")
	do(t, err)
	for _, want := range []string{"published, unchanged", "Accepted by Ana Ruiz"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page:\n%s", want, text)
		}
	}
}
