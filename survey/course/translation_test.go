package course_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tidemark/survey/course"
)

func TestParticipantsReadTheCourseInTheirLanguage(t *testing.T) {
	t.Parallel()
	c := setbacks(t)
	if got := c.Languages(); !slices.Equal(got, []string{"en", "de", "es"}) {
		t.Fatalf("languages %v", got)
	}
	for asked, want := range map[string]string{
		"en": "en", "en-GB": "en", "de": "de", "de-AT": "de", "DE": "de", "es": "es", "es-MX": "es", "fr": "en", "": "en", "en-x-rtl": "en",
	} {
		view := c.In(asked)
		if view.Language != want {
			t.Errorf("%q gives %s, want %s", asked, view.Language, want)
		}
		for i, m := range view.Weeks {
			own := c.Weeks[i]
			if m.Number != own.Number || m.Practice.Minutes != own.Practice.Minutes || m.FacilitatorNote != own.FacilitatorNote {
				t.Errorf("%q: week %d is another", asked, i+1)
			}
			translated := m.Title != own.Title && m.ParticipantText != own.ParticipantText && m.Practice.Title != own.Practice.Title && m.Practice.Text != own.Practice.Text &&
				m.Reflection != own.Reflection
			if translated != (want != "en") {
				t.Errorf("%q: week %d reads %q", asked, i+1, m.Title)
			}
		}
	}
	if c.Weeks[0].Title != "What self-compassion is, and what it is not" {
		t.Error("translating has changed the course itself")
	}
}

// Each language asks the same three questions in the week of the three questions,
// and says that the course is no treatment.
func TestTranslationsSayWhatMattersMost(t *testing.T) {
	t.Parallel()
	for _, c := range both(t) {
		saysWhatMattersMost(t, c)
	}
}

func saysWhatMattersMost(t *testing.T, c *course.Course) {
	t.Helper()
	for tag, words := range map[string][]string{
		"de": {"keine Behandlung", "Krisentelefon", "Notruf", "Was ist schiefgegangen?", "anders machen?", "verbessern?"},
		"es": {"no es un tratamiento", "línea de ayuda", "número de emergencias", "¿qué salió mal?", "de otra manera?", "mejorar mi primera idea?"},
	} {
		view := c.In(tag)
		text := view.Notice + view.Weeks[len(view.Weeks)-3].Practice.Text
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not say %q", tag, w)
			}
		}
	}
}

func TestATranslationLeavesNothingOut(t *testing.T) {
	t.Parallel()
	sound := strings.TrimSuffix(small, "\n}") + `,
  "translations": {"de": {"title": "Kurz", "notice": "Keine Behandlung.", "weeks": [
    {"title": "Eins", "practice": {"title": "Ruhe", "text": "Leg dich hin."}, "reflection": "Wie war es?"},
    {"title": "Zwei", "practice": {"title": "Gehen", "text": "Geh hinaus."}, "reflection": "Und jetzt?"}]}}
}`
	if _, err := course.Parse([]byte(sound)); err != nil {
		t.Fatalf("the sound course is refused: %v", err)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"bad tag":       {`"de":`, `"Deutsch!":`, `translations.Deutsch!: "Deutsch!" must be`},
		"own language":  {`"de":`, `"en":`, `translations.en: is the language`},
		"no title":      {`"title": "Kurz"`, `"title": ""`, `translations.de.title: is missing`},
		"no notice":     {`"Keine Behandlung."`, `""`, `translations.de.notice: is missing`},
		"a week less":   {`{"title": "Eins", "practice": {"title": "Ruhe", "text": "Leg dich hin."}, "reflection": "Wie war es?"},`, ``, `translations.de.weeks: has 1 meetings; the course has 2`},
		"no practice":   {`"text": "Geh hinaus."`, `"text": ""`, `translations.de.weeks[1].practice.text: is missing`},
		"no reflection": {`"Und jetzt?"`, `" "`, `translations.de.weeks[1].reflection: is missing`},
		"minutes":       {`"text": "Geh hinaus."`, `"text": "Geh.", "minutes": 3`, `translations.de.weeks[1].practice.minutes: is not a known field`},
	} {
		damaged := strings.Replace(sound, c.old, c.new, 1)
		_, err := course.Parse([]byte(damaged))
		var faults course.Faults
		if damaged == sound || !errors.As(err, &faults) ||
			!slices.ContainsFunc(faults, func(f course.Fault) bool { return strings.HasPrefix(f.String(), c.want) }) {
			t.Errorf("%s: no fault begins %q in %v", name, c.want, err)
		}
	}
}

func TestPracticesAreNamedByTheirWeek(t *testing.T) {
	t.Parallel()
	for _, m := range setbacks(t).Weeks {
		if got := course.NumberOf(m.Key()); got != m.Number {
			t.Errorf("%s is the practice of week %d, want %d", m.Key(), got, m.Number)
		}
	}
	for _, key := range []string{"", "week_", "week_1", "week_001", "week_+1", "week_-1", "Week_01", "week_01 ", "week_0x"} {
		if got := course.NumberOf(key); got != 0 {
			t.Errorf("%q is taken for week %d", key, got)
		}
	}
}
