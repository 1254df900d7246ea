package survey_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tidemark/survey"
)

func TestPeopleAreReadFromLines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]survey.Person{
		"Ana Ruiz, ana@example.org":         {Name: "Ana Ruiz", Email: "ana@example.org"},
		"Ana Ruiz;ana@example.org":          {Name: "Ana Ruiz", Email: "ana@example.org"},
		"Ana Ruiz\tana@example.org":         {Name: "Ana Ruiz", Email: "ana@example.org"},
		"Ana Ruiz <Ana@Example.org>":        {Name: "Ana Ruiz", Email: "ana@example.org"},
		`"Ruiz, Ana" <ana@example.org>`:     {Name: "Ruiz, Ana", Email: "ana@example.org"},
		"Ruiz, Ana, ana@example.org":        {Name: "Ruiz, Ana", Email: "ana@example.org"},
		"  ana@example.org  ":               {Email: "ana@example.org"},
		"Ana, ana@example.org, de":          {Name: "Ana", Email: "ana@example.org", Language: "de"},
		"ana@example.org; pt-BR":            {Email: "ana@example.org", Language: "pt-BR"},
		"Ana, de, ana@example.org":          {Name: "Ana, de", Email: "ana@example.org"},
		"<ana@example.org>":                 {Email: "ana@example.org"},
		"Ana":                               {Name: "Ana"},
		"Ana Ruiz,":                         {Name: "Ana Ruiz"},
		"Zoë Müller–Żak, zoe@example.co.uk": {Name: "Zoë Müller–Żak", Email: "zoe@example.co.uk"},
	} {
		got, err := survey.ParsePeople("\n" + line + "\r\n\n")
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%q: got %q (%v), want %q", line, got, err, want)
		}
	}
}

func TestFaultyLinesAreNamed(t *testing.T) {
	t.Parallel()
	people, err := survey.ParsePeople(strings.Join([]string{
		"Ana, ana@example.org", "Bo, bo@", "", "Ana again, ANA@example.org", strings.Repeat("x", 301), "\xff\xfe", "a\x00b", "Cy",
		"Cy", // two people may have one name
	}, "\n"))
	wantFaults(t, err, survey.FieldErrors{
		"line 2": "people.bad_email", "line 4": "people.twice", "line 5": "text.too_long",
		"line 6": "text.unreadable", "line 7": "text.unreadable",
	})
	same(t, people, []survey.Person{{Name: "Ana", Email: "ana@example.org"}, {Name: "Cy"}, {Name: "Cy"}})
	_, err = survey.ParsePeople(strings.Repeat("Ana\n", survey.MaxPeopleAtOnce+1))
	wantFaults(t, err, survey.FieldErrors{"people": "people.too_many"})
}

func FuzzParsePeople(f *testing.F) {
	for _, text := range []string{
		"Ana Ruiz, ana@example.org", "Ana <ana@example.org>\nBo", "@", "<>", ",,;;\t<", "a@b, c@d", "\"x\" <x@y>", "\xff@\x00", "Ana,@",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		people, err := survey.ParsePeople(text)
		if len(people) > strings.Count(text, "\n")+1 {
			t.Fatalf("%d people from %q", len(people), text)
		}
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, p := range people {
			switch {
			case p.Email != "" && (seen[p.Email] || p.Email != strings.ToLower(p.Email) || strings.Count(p.Email, "@") < 1):
				t.Errorf("address %q from %q", p.Email, text)
			case !utf8.ValidString(p.Name+p.Email) || strings.ContainsAny(p.Name+p.Email, "\x00\n"):
				t.Errorf("%q cannot be kept", p)
			case len(p.Name) > 300 || len(p.Email) > 320:
				t.Errorf("%q is too long", p)
			case p == survey.Person{}:
				t.Errorf("nobody from %q", text)
			}
			seen[p.Email] = true
		}
	})
}

// A person taken over from a list reads back as they were.
func FuzzPersonLine(f *testing.F) {
	f.Add("Ruiz, Ana", "ana@example.org", "de")
	f.Add("", "ana@example.org", "")
	f.Add("=1+1", "", "")
	f.Fuzz(func(t *testing.T, name, email, language string) {
		p := survey.Person{Name: name, Email: email, Language: language}
		got, err := survey.ParsePeople(p.Line())
		if err != nil || len(got) > 1 {
			return // what is no person stays none
		}
		if len(got) == 1 {
			if again, err := survey.ParsePeople(got[0].Line()); err != nil || len(again) != 1 || again[0] != got[0] {
				t.Errorf("%q is read as %q and then as %q (%v)", p.Line(), got, again, err)
			}
		}
	})
}
