package main

import (
	"os"
	"path/filepath"
	"testing"

	"tidemark/internal/browser"
	"tidemark/web/locale"
)

// TestParticipantsPagesFitInEveryLanguage walks through what participants see in
// the languages that are longer than English, and in the one for tests, which is
// longer still and laid out from right to left: a demo with the pointer, and the doors
// into a study by keyboard alone. No page that the program has may be left out.
func TestParticipantsPagesFitInEveryLanguage(t *testing.T) {
	t.Parallel()
	b, way := chrome(t), newDoors(t)
	for language, direction := range map[string]string{"de": "ltr", "es": "ltr", locale.Pseudo: "rtl"} {
		t.Run(language, func(t *testing.T) { //nolint:paralleltest // one browser is enough for a small machine
			ways := freshDemo(t, "--people", "20", "--pseudo")
			pages, walked := 0, map[string]bool{}
			err := browser.TourIn(b, ways, browser.Phone, language, func(s browser.Stop) error {
				if s.Name == "sign-in" || s.Name == "sign-in-wrong" {
					return nil // for staff
				}
				pages++
				walked[way.route(pathOf(t, s.Tab))] = true
				checkPage(t, s, language, direction)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if pages < 25 {
				t.Errorf("walked through %d pages only", pages)
			}
			v := &visit{journey: &journey{script: &script{t: t, browser: b}, language: language}, doors: way, walked: walked}
			v.goThrough()
			for _, route := range way.routes {
				if !walked[route] && forPeople(route) {
					t.Errorf("nobody has looked at %s", route)
				}
			}
		})
	}
	t.Run("too often", func(t *testing.T) { //nolint:paralleltest // the doors are closed after it
		way.guess(t)
		for language := range map[string]string{"de": "ltr", "es": "ltr", locale.Pseudo: "rtl"} {
			v := &visit{journey: &journey{script: &script{t: t, browser: b}, language: language}, doors: way, walked: map[string]bool{}}
			v.arriveAt("/code")
			do(t, v.phone.TabTo("#code"), v.phone.Press(strangeCode))
			v.enter("main form button")
			v.look("too many codes")
		}
	})
}

func checkPage(t *testing.T, s browser.Stop, language, direction string) {
	t.Helper()
	for _, width := range []int{320, browser.Phone} {
		do(t, s.Resize(width))
		if over, err := s.Overflow(); err != nil || over > 0 {
			wide, _ := browser.Evaluate[string](s.Tab, `[...document.querySelectorAll("main *")]
				.filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
				.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ")`)
			t.Errorf("%s at %d px: the page scrolls sideways by %d px (%v): %s", s.Name, width, over, err, wide)
		}
	}
	cut, err := browser.Evaluate[[]string](s.Tab, `[...document.querySelectorAll("main svg text")].filter(text => {
		const words = text.getBoundingClientRect(), picture = text.ownerSVGElement.getBoundingClientRect();
		return words.left < picture.left - 1 || words.right > picture.right + 1;
	}).map(text => text.textContent)`)
	do(t, err)
	for _, words := range cut {
		t.Errorf("%s: the words %q are cut off by the edge of their picture", s.Name, words)
	}
	// German and Spanish stand on the page as English does, and only have to fit.
	if language == locale.Pseudo {
		found, err := s.Axe()
		do(t, err)
		for _, v := range found {
			t.Errorf("%s: %s", s.Name, v)
		}
	}
	got, err := browser.Evaluate[string](s.Tab, `document.documentElement.lang + " " + getComputedStyle(document.body).direction`)
	do(t, err)
	if want := language + " " + direction; got != want {
		t.Errorf("%s is in %s, want %s", s.Name, got, want)
	}
	for _, c := range s.Complaints() {
		t.Errorf("%s: the console says %s", s.Name, c)
	}
	if dir := os.Getenv("LANG_SHOTS"); dir != "" {
		png, err := s.Picture()
		do(t, err, os.WriteFile(filepath.Join(dir, s.Name+"-"+language+".png"), png, 0o644))
	}
}

// TestALanguageIsChosenByKeyboardAlone is somebody without a pointer who changes
// the language on the way in, and again between two answers.
func TestALanguageIsChosenByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t, "--people", "20")
	tab := open(t, b, browser.Phone)
	spoken := func(where, want string) {
		t.Helper()
		got, err := browser.Evaluate[string](tab, `document.documentElement.lang`)
		do(t, err)
		if got != want {
			t.Errorf("%s: the page is in %s, want %s", where, got, want)
		}
	}
	do(t, tab.Visit(ways.Participant), tab.TabTo("button[lang=de]"), tab.Enter())
	spoken("the link", "de")
	small, err := browser.Evaluate[int](tab, `[...document.querySelectorAll(".languages > *")].filter(e => e.type !== "hidden")
		.filter(e => e.getBoundingClientRect().width < 44 || e.getBoundingClientRect().height < 44).length`)
	do(t, err)
	if small > 0 {
		t.Errorf("%d languages are smaller than a finger", small)
	}
	do(t, tab.TabTo("main form button"), tab.Enter(), tab.TabTo("#of_age"), tab.Press(" "), tab.TabTo("main form button"), tab.Enter())
	spoken("the list", "de")
	do(t, tab.TabTo("a.btn"), tab.Enter())
	do(t, tab.TabTo("input[name=sc_01]"), tab.Press(" "), tab.Wait("#saving[data-state=saved]"))
	before, err := tab.Path()
	do(t, err)
	do(t, tab.TabTo("button[lang=es]"), tab.Enter())
	spoken("the questions", "es")
	after, err := tab.Path()
	do(t, err)
	kept, err := tab.Has("input[name=sc_01]:checked")
	do(t, err)
	if after != before || !kept {
		t.Errorf("choosing among questions leads from %s to %s; the answer is kept: %t", before, after, kept)
	}
	// Enter in the form still means to go on, not to change the language.
	do(t, tab.TabTo("input[name=sc_01]"), tab.Enter())
	if path, err := tab.Path(); err != nil || path == before {
		t.Errorf("Enter on an answer stays on %s (%v)", path, err)
	}
	spoken("the next page", "es")
	for _, c := range tab.Complaints() {
		t.Errorf("the console says %s", c)
	}
}
