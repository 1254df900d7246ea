package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tidemark/internal/browser"
)

// freshDemo starts a demo of its own and gives the links it prints.
func freshDemo(t *testing.T, flags ...string) browser.Ways {
	t.Helper()
	people := ""
	if i := slices.Index(flags, "--people"); i >= 0 {
		people = flags[i+1]
		flags = slices.Delete(slices.Clone(flags), i, i+2)
	}
	s := start(t, append([]string{"demo", "--addr", "127.0.0.1:0", "--dir", playedDemo(t, people)}, flags...)...)
	ways, err := browser.WaysIn(s.await(t, s.out.String, "Stop with"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(t) })
	return ways
}

// open opens a window, closed when the test ends.
func open(t *testing.T, b *browser.Browser, width int) *browser.Tab {
	t.Helper()
	tab, closeTab, err := b.Open(width)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeTab)
	return tab
}

// do fails the test at the first error.
func do(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestEveryPageIsAccessible walks through all pages at three widths: a small
// phone, a phone, a desk.
func TestEveryPageIsAccessible(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	pages := 0
	err := browser.Tour(b, ways, browser.Phone, func(s browser.Stop) error {
		pages++
		return isAccessible(t, s)
	})
	if err != nil {
		t.Fatal(err)
	}
	if pages < 25 {
		t.Errorf("walked through %d pages only", pages)
	}
}

// isAccessible looks at a page at three widths: by every rule at one, by those that the
// width has a say in at all.
func isAccessible(t *testing.T, s browser.Stop) error {
	t.Helper()
	return isAccessibleAt(t, s, browser.Phone, 320, browser.Desk)
}

func isAccessibleAt(t *testing.T, s browser.Stop, first int, more ...int) error {
	t.Helper()
	for i, width := range append([]int{first}, more...) {
		if err := s.Resize(width); err != nil {
			return err
		}
		look := s.Axe
		if i > 0 {
			look = s.AxeOfLayout
		}
		found, err := look()
		if err != nil {
			return err
		}
		for _, v := range found {
			t.Errorf("%s at %d px: %s", s.Name, width, v)
		}
		if over, err := s.Overflow(); err != nil || over > 0 {
			t.Errorf("%s at %d px: the page scrolls sideways by %d px (%v)", s.Name, width, over, err)
		}
	}
	// The way goes on at the width it began with.
	if err := s.Resize(first); err != nil {
		return err
	}
	for _, c := range s.Complaints() {
		t.Errorf("%s: the console says %s", s.Name, c)
	}
	return nil
}

// TestANewcomersParticipantAnswersAndTheResearcherSeesIt is the main job in a
// browser: from the personal link a demo prints to one more answer in the
// results.
func TestANewcomersParticipantAnswersAndTheResearcherSeesIt(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	researcher := open(t, b, browser.Desk)
	do(t, researcher.Visit(ways.Researcher), researcher.Follow("main form button"))
	before := answered(t, researcher, ways)

	phone := open(t, b, browser.Phone)
	do(t, phone.Visit(ways.Participant), phone.Follow("main form button"),
		phone.Click("#of_age"), phone.Follow("main form button"))
	for sets := 1; ; sets++ {
		more, err := phone.Has("a.btn[href^='/me/a/']")
		do(t, err)
		if !more {
			if sets <= 2 {
				t.Fatalf("only %d questionnaires were due", sets-1)
			}
			break
		}
		do(t, phone.Follow("a.btn[href^='/me/a/']"), answerAll(phone), phone.Follow("main form .btn"))
		heading, err := phone.Text("h1")
		if err != nil || heading != "Thank you" {
			t.Fatalf("after sending the page says %q (%v)", heading, err)
		}
	}
	if after := answered(t, researcher, ways); after != before+1 {
		t.Errorf("the researcher saw %d people with a first questionnaire, and then %d, want one more", before, after)
	}
	for _, c := range append(phone.Complaints(), researcher.Complaints()...) {
		t.Errorf("the console says %s", c)
	}
}

// answerAll answers page after page until the review.
func answerAll(tab *browser.Tab) error {
	for range 50 {
		n, err := browser.Evaluate[int](tab, `(() => {
			const questions = document.querySelectorAll("fieldset");
			questions.forEach((f, i) => f.querySelectorAll("input")[(i * 2 + 1) % 5].click());
			return questions.length;
		})()`)
		if err != nil || n == 0 {
			return err
		}
		if err := tab.Follow(".onward button:last-of-type"); err != nil {
			return err
		}
	}
	return fmt.Errorf("no end of questions")
}

// answered reads from the researcher's page how many people have answered the
// questionnaires before the course in full.
func answered(t *testing.T, tab *browser.Tab, ways browser.Ways) int {
	t.Helper()
	base, _, _ := strings.Cut(ways.Researcher, "/sign-in/")
	do(t, tab.Visit(base+"/studies/learning-from-setbacks/results"))
	text, err := browser.Evaluate[string](tab, `document.querySelector("[data-answered-pre]")?.dataset.answeredPre ?? ""`)
	do(t, err)
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("the results do not say how many answered: %q", text)
	}
	return n
}
