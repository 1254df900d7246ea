package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"tidemark/internal/browser"
)

// TestPracticeAndOwnWordsByKeyboardAlone is somebody in the midst of the course, on
// a narrow screen and without a pointer: from the list to a practice noted, and to
// words that are there when they are needed.
func TestPracticeAndOwnWordsByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	tab := open(t, b, browser.Phone)
	link, err := browser.FindPractising(tab, ways)
	do(t, err)
	do(t, tab.Visit(link), tab.TabTo("main form button"), tab.Enter())

	do(t, tab.TabTo("a[href='/me/practice']"), tab.Enter())
	do(t,
		tab.TabTo("input[name=minutes]"), tab.Press(" "), tab.Press(kb.ArrowRight), tab.Press(kb.ArrowRight), // 15 minutes
		tab.TabTo("input[name=formal]"), tab.Press(" "),
		tab.TabTo("input[name=helpful]"), tab.Press(kb.ArrowRight), // from "no answer" round to 0
		tab.TabTo("form.card button"), tab.Enter(),
	)
	said, err := tab.Text("[role=status]")
	do(t, err)
	first, err := tab.Text(".log tbody tr")
	do(t, err)
	if !strings.Contains(said, "It is noted") || !strings.Contains(first, "15") || !strings.Contains(first, "0") {
		t.Errorf("the page says %q and begins its list with %q", said, first)
	}

	// A fault is met first, and leads to the field.
	do(t, tab.TabTo("a[href='/me/words']"), tab.Enter(), tab.TabTo("form.card button"), tab.Enter())
	do(t, tab.Wait(".error-summary:focus"))
	do(t, tab.TabTo(".error-summary a"), tab.Press(kb.Enter), tab.Press("One step, then the next."),
		tab.TabTo("form.card button"), tab.Enter())
	words, err := tab.Text("blockquote")
	do(t, err)
	// The key that followed the link to the field may have begun a line in it.
	if strings.TrimSpace(words) != "One step, then the next." {
		t.Errorf("the words are %q", words)
	}
	// In a hard moment: the page with help, and one more key.
	do(t, tab.TabTo("a[href='/help']"), tab.Enter(), tab.TabTo("a[href='/me/words']"), tab.Enter())
	if words, err = tab.Text("blockquote"); err != nil || strings.TrimSpace(words) != "One step, then the next." {
		t.Errorf("from the page with help: %q, %v", words, err)
	}
	do(t, tab.TabTo(".words a"), tab.Enter(), tab.TabTo("form[action$='/remove'] button"), tab.Enter())
	if left, err := tab.Has("blockquote"); err != nil || left {
		t.Errorf("the words are still there (%v)", err)
	}
	for _, c := range tab.Complaints() {
		t.Errorf("the console says %s", c)
	}
}
