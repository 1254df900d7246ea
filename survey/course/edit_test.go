package course_test

import (
	"slices"
	"strings"
	"testing"

	"tidemark/survey/course"
)

func titles(c *course.Course) string {
	var all []string
	for i, w := range c.Weeks {
		if w.Number != i+1 {
			all = append(all, "WRONG NUMBER")
		}
		all = append(all, w.Title[:min(len(w.Title), 9)])
	}
	for _, w := range c.Translations["de"].Weeks {
		all = append(all, w.Title[:min(len(w.Title), 5)])
	}
	return strings.Join(all, "|")
}

// Whatever is done to the order of weeks, translations go with them, and the course
// that it began as stays as it was.
func TestWeeksMoveWithTheirTranslations(t *testing.T) {
	t.Parallel()
	first := setbacks(t)
	before := first.Hash()
	c := first.Clone()
	for n := len(c.Weeks); n > 3; n-- {
		if !c.RemoveWeek(n) {
			t.Fatalf("week %d stays", n)
		}
	}
	if got, want := titles(c), "What self|Noticing |Others fa|Was S|Gef\xc3\xbc|Auch "; got != want {
		t.Errorf("after removing %q, want %q", got, want)
	}
	if !c.SwapWeeks(1) || c.SwapWeeks(3) || c.SwapWeeks(0) {
		t.Error("swapping beyond the end, or not at all")
	}
	if !c.AddWeek(0) || !c.AddWeek(4) || c.AddWeek(9) || c.AddWeek(-1) {
		t.Error("adding beyond the end, or not at all")
	}
	if got, want := titles(c), "|Noticing |What self|Others fa|||Gef\xc3\xbc|Was S|Auch |"; got != want {
		t.Errorf("after all %q, want %q", got, want)
	}
	for len(c.Weeks) > 1 {
		c.RemoveWeek(1)
	}
	if c.RemoveWeek(1) || c.RemoveWeek(2) {
		t.Error("a course without weeks")
	}
	c.Weeks = append(c.Weeks, course.Meeting{Plan: []course.Step{{Title: "x"}}})
	if first.Hash() != before {
		t.Error("the course that it began as has changed")
	}
}

func TestADraftMayLackWhatACourseNeeds(t *testing.T) {
	t.Parallel()
	c := setbacks(t).Clone()
	c.AddWeek(8)
	again, err := course.ReadDraft(c.JSON())
	if err != nil || again.Hash() != c.Hash() {
		t.Fatalf("%v", err)
	}
	var places []string
	for _, f := range again.Faults() {
		places = append(places, f.Place)
	}
	for _, want := range []string{"weeks[8].title", "weeks[8].plan", "weeks[8].practice.minutes", "translations.de.weeks[8].title"} {
		if !slices.Contains(places, want) {
			t.Errorf("%s is not missed in %v", want, places)
		}
	}
	if _, err := course.ReadDraft([]byte(`{"weeks": 3}`)); err == nil {
		t.Error("a draft with a number for weeks is read")
	}
}

func TestTranslationsComeAndGo(t *testing.T) {
	t.Parallel()
	first := setbacks(t)
	c := first.Clone()
	c.Translate("fr", &course.Translation{Title: "Apprendre"})
	c.Translate("es", nil)
	if got := c.Languages(); !slices.Equal(got, []string{"en", "de", "fr"}) {
		t.Errorf("languages %v", got)
	}
	if got := first.Languages(); !slices.Equal(got, []string{"en", "de", "es"}) {
		t.Errorf("the first has %v now", got)
	}
}

func TestVersionsAndKeysAreMadeUp(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"1.0.0": "1.1.0", "2.9.7": "2.10.0", "1.199.0": "1.200.0", "": "1.0.0", "x": "1.0.0"} {
		if got := course.NextVersion(version); got != want {
			t.Errorf("after %q comes %q, want %q", version, got, want)
		}
	}
	for title, want := range map[string]string{
		"Learning from setbacks, evenings": "learning_from_setbacks_evenings", "Übung 2": "bung_2", "学び": "", "10 weeks": "weeks",
		strings.Repeat("long ", 20): "long_long_long_long_long_long_lo",
	} {
		if got := course.KeyOf(title); got != want {
			t.Errorf("%q gives %q, want %q", title, got, want)
		}
	}
}
