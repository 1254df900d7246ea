package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/web/locale"
)

// Who changes the language in the midst of a form reads on with what they have typed,
// and nothing of it is stored before they say so.
func TestChangingTheLanguageKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.inWeek(t, 3, 0)
	minutes := url.Values{"minutes_other": {"17"}, "formal": {"no"}, "helpful": {"6"}}
	words := url.Values{"text": {"I am <trying>.\nStill."}}
	setback := url.Values{"text_1": {"The bus left."}, "text_3": {"Walk."}}
	d.get("/me/practice").form("I did it").choose("minutes", "5").choose("formal", "yes").press("I did it").want(200)
	d.get("/me/words").form("Keep these words").enter("text", "Before.").press("Keep these words").want(200)
	for _, c := range []struct {
		name, form string
		at         screen
		typed      url.Values
	}{
		{"practice", "own", d.get("/me/practice"), minutes},
		{"a practice noted", "own", d.get("/me/practice").follow("Change"), minutes},
		{"own words", "own", d.get("/me/words"), words},
		{"words kept", "own", d.get("/me/words").follow("Change"), words},
		{"reflections", "own", d.get("/me/reflections"), setback},
		{"poster", "entry", w.device(t).get(w.poster(survey.EntrySettings{})), url.Values{"name": {"Ana Ruiz"}}},
	} {
		s, kept := c.at.want(200), func(s screen) {
			t.Helper()
			for _, n := range all(s.root, "form") {
				if attr(n, "id") != c.form {
					continue
				}
				got := s.filled(n).fields
				for name, want := range c.typed {
					if strings.ReplaceAll(got.Get(name), "\r\n", "\n") != want[0] {
						t.Errorf("%s: %s is %q, want %q", c.name, name, got.Get(name), want[0])
					}
				}
			}
		}
		for _, b := range languageButtons(s) {
			if attr(b, "form") != c.form {
				t.Errorf("%s: %s does not send along what is typed", c.name, textOf(b))
			}
		}
		for _, tag := range []string{"de", "es", "en"} {
			s = s.along(c.form, tag, c.typed).want(200)
			if s.language() != tag {
				t.Errorf("%s: the page is in %s, want %s", c.name, s.language(), tag)
			}
			kept(s)
		}
		s.along(c.form, "xx", c.typed).want(400)
	}
	if entries := w.noted(0); len(entries) != 1 || entries[0].Minutes != 5 {
		t.Errorf("changing the language noted %+v", entries)
	}
	if s := d.get("/me/words").text() + d.get("/me/reflections").text(); strings.Contains(s, "Still.") || strings.Contains(s, "The bus left.") {
		t.Error("changing the language kept words that nobody sent")
	}
	if got := w.roster(); len(got) != 1 {
		t.Errorf("changing the language enrolled somebody: %v", got)
	}
}

func TestChangingTheLanguageKeepsACodeThatIsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	_, path, _ := w.codedStudy(t, "coded")
	s := w.device(t).get(path).along("entry", locale.Fallback, url.Values{"part_mother": {"a"}}).want(200)
	s = s.along("entry", "de", url.Values{"part_day": {"7"}}).want(200, "Mitmachen")
	if got := s.filled(all(s.root, "form")[0]).fields; s.language() != "de" || got.Get("part_mother") != "a" || got.Get("part_day") != "7" {
		t.Errorf("in %s the code is %v", s.language(), got)
	}
}
