package main

import (
	"strings"
	"testing"

	"tidemark/internal/browser"
)

// TestAPersonDecidesAboutTakingPartByKeyboardAlone is somebody on a phone without a
// pointer: they say no, change their mind, and are asked again when a researcher has
// published a new text.
func TestAPersonDecidesAboutTakingPartByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	tab := open(t, b, browser.Phone)
	reads := func(css, want string) {
		t.Helper()
		if got, err := tab.Text(css); err != nil || !strings.Contains(got, want) {
			t.Errorf("%s reads %q (%v), want %q", css, got, err, want)
		}
	}
	do(t, tab.Visit(ways.Participant), tab.TabTo("main form button"), tab.Enter())
	do(t, tab.TabTo("button[value=decline]"), tab.Enter())
	reads("h1", "That is all right")
	do(t, tab.TabTo("main .card a.btn"), tab.Enter())
	do(t, tab.TabTo("#of_age"), tab.Press(" "), tab.TabTo("input[name=choice]"), tab.Press(" "),
		tab.TabTo("button[value=agree]"), tab.Enter())
	reads("h1", "What is due now")

	researcher := open(t, b, browser.Desk)
	base, _, _ := strings.Cut(ways.Participant, "/p/")
	texts := base + "/studies/learning-from-setbacks/consent"
	do(t, researcher.Visit(ways.Researcher), researcher.TabTo("main form button"), researcher.Enter())
	do(t, researcher.Visit(texts+"/2/en/edit"), researcher.TabTo("#changed"), researcher.Press("We ask one question more."),
		researcher.TabTo("main form .btn"), researcher.Enter())
	do(t, researcher.Visit(texts), researcher.TabTo("#final-2"), researcher.Press(" "),
		researcher.TabTo("form[action$='/publish'] button"), researcher.Enter())

	do(t, tab.Visit(base+"/me"))
	reads("h1", "The text of this study has changed")
	reads(".changed", "We ask one question more.")
	do(t, tab.TabTo("#of_age"), tab.Press(" "), tab.TabTo("button[value=agree]"), tab.Enter())
	reads("h1", "What is due now")
	if over, err := tab.Overflow(); err != nil || over > 0 {
		t.Errorf("the page is %d pixels too wide (%v)", over, err)
	}
	for _, c := range append(tab.Complaints(), researcher.Complaints()...) {
		t.Errorf("the console says %s", c)
	}
}
