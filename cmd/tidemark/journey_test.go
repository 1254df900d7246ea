package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/browser"
	"tidemark/web/locale"
)

// TestTheWholeWayByKeyboardInEveryLanguage is a participant without a pointer, on a
// phone's width: from the personal link through consent and a questionnaire, in the
// midst of which the line is gone, to their own data and to leaving. In the
// language for tests the pages are laid out from right to left.
func TestTheWholeWayByKeyboardInEveryLanguage(t *testing.T) {
	t.Parallel()
	b := chrome(t)
	for _, language := range []string{"en", "de", "es", locale.Pseudo} {
		t.Run(language, func(t *testing.T) { //nolint:paralleltest // one browser is enough for a small machine
			j := &journey{script: stoppable(t, b, "--pseudo"), language: language}
			j.enterStudy()
			j.answerThrough()
			j.seeToOwnData()
			for _, c := range j.phone.Complaints() {
				if !strings.Contains(c, "ERR_CONNECTION_REFUSED") { // while the server was away
					t.Errorf("the console says %s", c)
				}
			}
		})
	}
}

// journey is one person's whole way, by keys alone.
type journey struct {
	*script
	language string
}

// enter presses Enter on what a selector names, and waits for the page after it,
// which has to be in the language that was chosen.
func (j *journey) enter(css string) {
	j.t.Helper()
	tab := j.phone
	do(j.t, tab.TabTo(css), tab.Enter())
	j.speaks()
}

func (j *journey) speaks() {
	j.t.Helper()
	got := evaluate[string](j.t, j.phone, `document.documentElement.lang + " " + getComputedStyle(document.body).direction`)
	if want := j.language + " " + j.direction(); got != want {
		j.t.Errorf("%s is in %s, want %s", pathOf(j.t, j.phone), got, want)
	}
}

// direction is that of the language.
func (j *journey) direction() string {
	return map[bool]string{true: "rtl", false: "ltr"}[j.language == locale.Pseudo]
}

func (j *journey) enterStudy() {
	j.t.Helper()
	tab := open(j.t, j.browser, browser.Phone)
	j.phone = tab
	do(j.t, tab.Visit(j.link))
	if j.language != "en" {
		j.enter("form.languages button[lang='" + j.language + "']")
	}
	j.enter("main form button")
	do(j.t, tab.TabTo("#of_age"), tab.Press(" "))
	j.enter("button[value=agree]")
	j.enter("a.btn[href^='/me/a/']")
}

// answerThrough gives every question of a questionnaire its first answer. While the
// second page is answered, the server is away.
func (j *journey) answerThrough() {
	j.t.Helper()
	tab, given := j.phone, []string{}
	for page := 1; ; page++ {
		items := evaluate[[]string](j.t, tab, `[...document.querySelectorAll("fieldset[data-item]")].map(f => f.dataset.item)`)
		if len(items) == 0 {
			break
		}
		if page == 2 {
			j.server.stop(j.t)
		}
		for _, item := range items {
			do(j.t, tab.TabTo(fmt.Sprintf("input[name=%s]", item)), tab.Press(" "))
			given = append(given, item+"="+stands(j.t, tab, item))
		}
		if page == 2 {
			do(j.t, tab.Wait(isUnsaved))
			if n := unsent(j.t, tab); n != len(items) {
				j.t.Errorf("%d answers wait for the line, want %d", n, len(items))
			}
			j.begin()
		}
		do(j.t, tab.Wait(isSaved))
		before := pathOf(j.t, tab)
		j.enter(".onward button:last-of-type")
		if pathOf(j.t, tab) == before {
			j.t.Fatalf("page %d does not let anybody go on", page)
		}
	}
	if len(given) < 10 {
		j.t.Fatalf("only %d questions were asked", len(given))
	}
	j.enter("main form .btn")
	if !strings.HasSuffix(pathOf(j.t, tab), "/done") {
		j.t.Fatalf("sending leads to %s", pathOf(j.t, tab))
	}
	j.arrived(given)
}

// ownAnswers are the answers in the copy of their data that people can take.
const ownAnswers = `fetch("/me/data/copy", {method: "POST", body: new URLSearchParams({as: "json"})}).then(r => r.json())
	.then(copy => copy.questionnaires.flatMap(q => (q.answers ?? []).map(a => a.item + "=" + a.value)))`

// arrived looks at what the server has: each answer once, as it was given.
func (j *journey) arrived(given []string) {
	j.t.Helper()
	got := evaluate[[]string](j.t, j.phone, ownAnswers)
	slices.Sort(got)
	slices.Sort(given)
	if diff := cmp.Diff(got, given); diff != "" {
		j.t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}

func (j *journey) seeToOwnData() {
	j.t.Helper()
	tab := j.phone
	base, _, _ := strings.Cut(j.link, "/p/")
	do(j.t, tab.Visit(base+"/me"))
	j.enter("a[href='/me/data']")
	j.enter("form[action='/me/data/messages'] button")
	if paused, err := tab.Has("form[action='/me/data/messages'] [role=status]"); err != nil || !paused {
		j.t.Errorf("messages are not paused (%v)", err)
	}
	j.enter("a[href='/help']")
	do(j.t, tab.Visit(base+"/me/data"))
	j.enter("a[href='/me/data/leave']")
	j.enter("#keep")
	left, err := tab.Has("a[href='/me/data/leave']") // to have it all erased after all
	do(j.t, err)
	do(j.t, tab.Visit(base+"/me"))
	if more, err := tab.Has("a.btn[href^='/me/a/']"); err != nil || more || !left {
		j.t.Errorf("after leaving, questionnaires are still offered: %t; erasing is offered: %t (%v)", more, left, err)
	}
}
