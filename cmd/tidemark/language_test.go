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
// longer still and laid out from right to left.
func TestParticipantsPagesFitInEveryLanguage(t *testing.T) {
	t.Parallel()
	b := chrome(t)
	for language, direction := range map[string]string{"de": "ltr", "es": "ltr", locale.Pseudo: "rtl"} {
		t.Run(language, func(t *testing.T) { //nolint:paralleltest // one browser is enough for a small machine
			ways := freshDemo(t, "--people", "20", "--pseudo")
			pages := 0
			err := browser.TourIn(b, ways, browser.Phone, language, func(s browser.Stop) error {
				if s.Name == "sign-in" || s.Name == "sign-in-wrong" {
					return nil // for staff
				}
				pages++
				checkPage(t, s, language, direction)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if pages < 25 {
				t.Errorf("walked through %d pages only", pages)
			}
		})
	}
}

func checkPage(t *testing.T, s browser.Stop, language, direction string) {
	t.Helper()
	for _, width := range []int{320, browser.Phone} {
		do(t, s.Resize(width))
		if over, err := s.Overflow(); err != nil || over > 0 {
			t.Errorf("%s at %d px: the page scrolls sideways by %d px (%v)", s.Name, width, over, err)
		}
	}
	found, err := s.Axe()
	do(t, err)
	for _, v := range found {
		t.Errorf("%s: %s", s.Name, v)
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
