package locale

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var (
	valueName = regexp.MustCompile(`\{[^}]*\}`)
	markup    = regexp.MustCompile(`<[^>]*>`)
	permitted = regexp.MustCompile(`^<(/?(strong|em|bdi|a)|a href="(/[a-z/-]*|https://[a-z.]+" rel="noreferrer)")>$`)
)

// wanted are the plural forms that whole numbers up to some thousands take.
var wanted = map[string][]string{"en": {"one", "other"}, "de": {"one", "other"}, "es": {"one", "other"}}

func TestEveryLanguageHasEveryTextWithTheSameValues(t *testing.T) {
	t.Parallel()
	english, err := read(files, Fallback)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		texts, err := read(files, n.tag)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(texts)), slices.Sorted(maps.Keys(english))); diff != "" {
			t.Errorf("the texts of %s (-it has +English has):\n%s", n.tag, diff)
		}
		for key, f := range texts {
			e, ok := english[key]
			if !ok {
				continue
			}
			if len(f) > 1 || len(e) > 1 {
				if diff := cmp.Diff(slices.Sorted(maps.Keys(f)), wanted[n.tag]); diff != "" {
					t.Errorf("plural forms of %s in %s (-got +want):\n%s", key, n.tag, diff)
				}
				if len(e) == 1 {
					t.Errorf("%s depends on a number in %s and not in English", key, n.tag)
				}
			}
			for category, words := range f {
				english := e["other"]
				if category == "one" {
					english = e["one"]
				}
				checkWords(t, n.tag+" "+key+" "+category, words, english, category != "one")
			}
		}
	}
}

// checkWords holds a form to the English one: the same values (a form for one may
// do without the number), the same markup, and nothing left at its ends.
var letterBody = regexp.MustCompile(` letter\.[a-z]+_body `)

func checkWords(t *testing.T, name, words, english string, counts bool) {
	t.Helper()
	values := func(s string) []string {
		found := valueName.FindAllString(s, -1)
		slices.Sort(found)
		return slices.DeleteFunc(slices.Compact(found), func(v string) bool { return v == "{Count}" && !counts })
	}
	tags := func(s string) []string { found := markup.FindAllString(s, -1); slices.Sort(found); return found }
	if diff := cmp.Diff(values(words), values(english), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: values (-got +English):\n%s", name, diff)
	}
	if diff := cmp.Diff(tags(words), tags(english)); diff != "" {
		t.Errorf("%s: markup (-got +English):\n%s", name, diff)
	}
	for _, tag := range tags(words) {
		if !permitted.MatchString(tag) {
			t.Errorf("%s: markup %s", name, tag)
		}
	}
	rest := markup.ReplaceAllString(words, "")
	if letterBody.MatchString(name) { // which has paragraphs
		rest = strings.ReplaceAll(rest, "\n\n", " ")
	}
	if strings.ContainsAny(rest, "<>&\n\t") || strings.Contains(rest, "  ") {
		t.Errorf("%s: %q has characters that do not belong into a text", name, words)
	}
	if strings.TrimSpace(words) != strings.TrimRight(words, " ") || strings.TrimSpace(words) == "" {
		t.Errorf("%s: %q begins with space or is empty", name, words)
	}
	for _, straight := range []string{`"`, "'", "..."} {
		if strings.Contains(markup.ReplaceAllString(words, ""), straight) {
			t.Errorf("%s: %q has typewriter marks", name, words)
		}
	}
}

func TestTextsThatCannotBeUsedAreRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`{"a": ""}`, `{"a": {"one": "x"}}`, `{"a": 3}`, `[]`, `{"a"`} {
		if _, err := read(fstest.MapFS{"xx/area.json": {Data: []byte(bad)}}, "xx"); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
	for _, bad := range []forms{{"other": "{a"}, {"other": "a}"}, {"other": "{}"}, {"other": "{a b}"}, {"other": "{a{b}}"}, {"other": "x", "several": "y"}} {
		if _, err := newLanguage("en", "English", map[string]forms{"a.b": bad}); !errors.Is(err, ErrCatalogue) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestABrowserGetsTheLanguageItAsksFor(t *testing.T) {
	t.Parallel()
	c := load(t, false)
	for header, want := range map[string]string{
		"de": "de", "de-CH,fr;q=0.5": "de", "es-MX": "es", "es-419,es;q=0.9": "es", "fr,es;q=0.8,en;q=0.7": "es", "en-GB": "en", "fr;q=0.9,de;q=0": "",
		"fr": "", "": "", "*": "", "nonsense;;q": "", "ar": "", "gsw": "de", "pt-BR": "", "ca": "", strings.Repeat("de,", 100): "",
	} {
		got := ""
		if l, ok := c.Match(header); ok {
			got = l.Tag
		}
		if got != want {
			t.Errorf("%q gets %q, want %q", header, got, want)
		}
	}
}

func TestALanguageIsFoundWhateverItsRegion(t *testing.T) {
	t.Parallel()
	c := load(t, false)
	for tag, want := range map[string]string{"de-AT": "de", "DE": "de", "es": "es", "fr": "en", "": "en", Pseudo: "en"} {
		if got := c.In(tag).Tag; got != want {
			t.Errorf("%q is %s, want %s", tag, got, want)
		}
	}
	if _, ok := c.Find("fr"); ok {
		t.Error("a language nobody wrote is found")
	}
	if got := load(t, true).In(Pseudo).Tag; got != Pseudo {
		t.Errorf("the language for tests is %s", got)
	}
}

func load(t *testing.T, pseudo bool) *Catalogue {
	t.Helper()
	c, err := Load(pseudo)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
