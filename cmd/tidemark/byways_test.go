package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"tidemark/internal/browser"
	"tidemark/web/locale"
)

// TestTheBywaysByKeyboardInEveryLanguage is what lies beside the way that
// TestTheWholeWayByKeyboardInEveryLanguage goes: saying no and yes after all, practice,
// own scores, own words, and a copy of one's data. Codes, posters and lost links are in
// TestParticipantsPagesFitInEveryLanguage.
// The language is changed in the midst of typing.
func TestTheBywaysByKeyboardInEveryLanguage(t *testing.T) {
	t.Parallel()
	b := chrome(t)
	for _, language := range []string{"de", "es", locale.Pseudo} {
		t.Run(language, func(t *testing.T) { //nolint:paralleltest // one browser is enough for a small machine
			ways := freshDemo(t, "--people", "20", "--pseudo")
			practising, err := browser.FindPractising(open(t, b, browser.Desk), ways)
			do(t, err)
			j := &journey{script: &script{t: t, browser: b, phone: open(t, b, browser.Phone)}, language: language}
			j.decide(ways.Participant)
			j.phone = open(t, b, browser.Phone)
			j.practise(practising)
			j.ownScores()
			for _, c := range j.phone.Complaints() {
				t.Errorf("the console says %s", c)
			}
		})
	}
}

// shows holds the page to having something, without sideways scrolling, and in the
// language that was chosen.
func (j *journey) shows(what, css string) {
	j.t.Helper()
	j.speaks()
	if there, err := j.phone.Has(css); err != nil || !there {
		j.t.Errorf("%s: %s has no %s (%v)", what, pathOf(j.t, j.phone), css, err)
	}
	if over, err := j.phone.Overflow(); err != nil || over > 0 {
		j.t.Errorf("%s: the page is %d px too wide (%v)", what, over, err)
	}
}

// speak chooses the language of the journey by its button, if the page is in another.
func (j *journey) speak() {
	j.t.Helper()
	css := "button[lang='" + j.language + "']"
	offered, err := j.phone.Has(css)
	do(j.t, err)
	if offered {
		j.enter(css)
	}
}

// decide declines, and agrees after all.
func (j *journey) decide(link string) {
	j.t.Helper()
	tab := j.phone
	do(j.t, tab.Visit(link))
	j.speak()
	j.enter("main form button")
	j.enter("button[value=decline]")
	j.shows("after declining", "main .card a.btn")
	j.enter("main .card a.btn")
	do(j.t, tab.TabTo("#of_age"), tab.Press(" "))
	j.enter("button[value=agree]")
	j.shows("after agreeing", "a.btn[href^='/me/a/']")
}

// ownScores reads own scores, and unfolds the table behind the first picture.
func (j *journey) ownScores() {
	j.t.Helper()
	tab := j.phone
	do(j.t, tab.Visit(evaluate[string](j.t, tab, "location.origin")+"/me"))
	j.enter("main a[href='/me/scores']")
	do(j.t, tab.TabTo("main details summary"), tab.Press(kb.Enter), tab.Wait("main details[open] tbody td"))
	j.shows("own scores", "figure.own svg")
	j.enter("main a.btn[href='/me']")
}

// practise notes a practice and keeps own words. Both are typed in one language and
// sent in another.
func (j *journey) practise(link string) {
	j.t.Helper()
	tab := j.phone
	do(j.t, tab.Visit(link), tab.TabTo("main form button"), tab.Enter())
	do(j.t, tab.TabTo("a[href='/me/practice']"), tab.Enter())
	do(j.t, tab.TabTo("input[name=minutes_other]"), tab.Press("17"), tab.TabTo("input[name=formal]"), tab.Press(" "))
	j.speak()
	if got := evaluate[string](j.t, tab, `document.querySelector("input[name=minutes_other]").value`); got != "17" {
		j.t.Errorf("after changing the language the minutes are %q", got)
	}
	j.enter("#again")
	j.shows("a practice", "[role=status]")
	j.enter("a[href='/me/words']")
	j.enter("#again")
	j.shows("nothing typed", ".error-summary[role=alert]")
	do(j.t, tab.TabTo("textarea"), tab.Press("One step."))
	j.enter("#again")
	j.shows("own words", "blockquote")
	j.enter(".words a")
	j.enter("form[action$='/remove'] button")
	j.enter("a[href='/me/data']")
	copied := evaluate[string](j.t, tab, `fetch("/me/data/copy", {method: "POST", body: new URLSearchParams({as: "html"})}).then(r => r.text())`)
	if !strings.Contains(copied, "<html") {
		j.t.Errorf("the copy to read begins %.80q", copied)
	}
	j.shows("my data", "a[href='/me/data/leave']")
}
