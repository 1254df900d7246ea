package locale

import (
	"html/template"
	"strings"
	"testing"

	"tidemark/survey/schedule"
)

// spoken is a language of a few texts, behind which stands another.
func spoken(t *testing.T, tag string, texts map[string]forms) *Language {
	t.Helper()
	l, err := newLanguage(tag, tag, texts)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestATextIsSaidWithItsValues(t *testing.T) {
	t.Parallel()
	l := spoken(t, "de", map[string]forms{
		"a.plain":  {"other": "Guten Tag"},
		"a.values": {"other": "{Who} hat {N} von {Total}, {Who}!"},
		"a.count":  {"one": "eine Frage", "other": "{Count} Fragen"},
		"a.rich":   {"other": "<strong>{Who}</strong> und {Link}"},
	})
	for want, got := range map[string]string{
		"Guten Tag":                 l.Say("a.plain"),
		"Ana hat 3 von 1.200, Ana!": l.Say("a.values", "Who", "Ana", "N", 3, "Total", 1200),
		"<b> hat 2,5 von , <b>!":    l.Say("a.values", "Who", "<b>", "N", 2.5),
		"eine Frage":                l.Say("a.count", "Count", 1),
		"0 Fragen":                  l.Say("a.count", "Count", 0),
		"12 Fragen":                 l.Say("a.count", "Count", 12),
		"# Fragen":                  l.Say("a.count", "Count", "#"),
		"a.nothing":                 l.Say("a.nothing"),
		"<strong>&lt;b&gt;</strong> und <i>x</i>": string(l.HTML("a.rich", "Who", "<b>", "Link", template.HTML("<i>x</i>"))),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestALanguageWithMoreFormsUsesThem(t *testing.T) {
	t.Parallel()
	l := spoken(t, "pl", map[string]forms{"a.b": {"one": "{Count} pytanie", "few": "{Count} pytania", "many": "{Count} pytań", "other": "{Count} pytania"}})
	for n, want := range map[int]string{1: "1 pytanie", 3: "3 pytania", 5: "5 pytań", 22: "22 pytania", 112: "112 pytań"} {
		if got := l.Say("a.b", "Count", n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestATextThatIsMissingIsSaidInTheFallback(t *testing.T) {
	t.Parallel()
	l := spoken(t, "de", map[string]forms{"a.b": {"other": "da"}})
	l.fallback = spoken(t, "en", map[string]forms{"a.b": {"other": "here"}, "a.c": {"one": "{Count} thing", "other": "{Count} things"}})
	if got := l.Say("a.b") + ", " + l.Say("a.c", "Count", 1); got != "da, 1 thing" {
		t.Errorf("said %q", got)
	}
	if !l.Knows("a.c") || l.Knows("a.d") {
		t.Error("the language does not know what it knows")
	}
}

func TestDaysNumbersAndMinutesAreThoseOfTheLanguage(t *testing.T) {
	t.Parallel()
	c := load(t, false)
	day := schedule.Date{Year: 2027, Month: 3, Day: 1}
	for tag, want := range map[string]string{
		"en": "Monday 1 March | 1 March 2027 | 12,345 | 0.25 | 3.0 | about a minute | about 4 minutes | about 2 minutes left | all answered",
		"de": "Montag, 1. März | 1. März 2027 | 12.345 | 0,25 | 3,0 | etwa eine Minute | etwa 4 Minuten | noch etwa 2 Minuten | alles beantwortet",
		"es": "lunes 1 de marzo | 1 de marzo de 2027 | 12.345 | 0,25 | 3,0 | cerca de un minuto | unos 4 minutos | quedan unos 2 minutos | todo respondido",
	} {
		l := c.In(tag)
		got := strings.Join([]string{
			l.Day(day), l.DayYear(day), l.Integer(12345), l.Number(0.25), l.Fixed(3, 1),
			l.Minutes(0.2), l.Minutes(3.2), l.MinutesLeft(2), l.MinutesLeft(0),
		}, " | ")
		if got != want {
			t.Errorf("%s:\n%s, want\n%s", tag, got, want)
		}
	}
}

func TestThePseudoLanguageIsLongerAndKeepsValuesAndMarkup(t *testing.T) {
	t.Parallel()
	got := pseudoText(`Open <a href="/me">your list, {Name}</a>`)
	if want := `⟦ÓÖpéêñ <a href="/me">ýóöúür líîšt, {Name}</a>⟧`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Beyond("⟦á ⟦é⟧ í⟧ left ⟦ó⟧!"); got != " left !" {
		t.Errorf("beyond: %q", got)
	}
	english, pseudo := load(t, true).In("en"), load(t, true).In(Pseudo)
	var before, after int
	for key := range english.texts {
		before += len([]rune(english.Say(key, "Count", 2)))
		after += len([]rune(pseudo.Say(key, "Count", 2)))
	}
	if longer := float64(after) / float64(before); longer < 1.3 || longer > 1.6 {
		t.Errorf("the language for tests is %.2f times as long as English", longer)
	}
}

func BenchmarkSay(b *testing.B) {
	c, err := Load(false)
	if err != nil {
		b.Fatal(err)
	}
	l := c.In("de")
	b.ReportAllocs()
	for b.Loop() {
		l.Say("home.due_lead", "Count", 3, "Time", "etwa 4 Minuten")
	}
}
