package locale

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

//go:embed en de es
var files embed.FS

// Fallback is the language in which every text exists.
const Fallback = "en"

// Pseudo is a language for tests: English with accents, longer, and laid out
// from right to left. What is not in it on a page was not translated.
const Pseudo = "en-x-rtl"

// names are what the languages call themselves, in the order they are offered.
var names = []struct{ tag, name string }{{"en", "English"}, {"de", "Deutsch"}, {"es", "Español"}}

// ErrCatalogue reports a file of texts that cannot be used.
var ErrCatalogue = errors.New("unusable text")

// Catalogue is all languages.
type Catalogue struct {
	languages []*Language // as offered; the first is the fallback
	matcher   language.Matcher
}

// Load reads the texts of all languages, and with pseudo makes the one for tests.
func Load(pseudo bool) (*Catalogue, error) {
	c := &Catalogue{}
	var tags []language.Tag
	for _, n := range names {
		texts, err := read(files, n.tag)
		if err != nil {
			return nil, err
		}
		l, err := newLanguage(n.tag, n.name, texts)
		if err != nil {
			return nil, err
		}
		if len(c.languages) > 0 {
			l.fallback = c.languages[0]
		}
		c.languages = append(c.languages, l)
		tags = append(tags, l.tag)
	}
	c.matcher = language.NewMatcher(tags)
	if !pseudo {
		return c, nil
	}
	texts, err := read(files, Fallback)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		for category, form := range t {
			t[category] = pseudoText(form)
		}
	}
	l, err := newLanguage(Pseudo, pseudoText("Pseudo"), texts)
	if err != nil {
		return nil, err
	}
	c.languages = append(c.languages, l)
	return c, nil
}

// Languages are all there are, in the order they are offered.
func (c *Catalogue) Languages() []*Language { return slices.Clone(c.languages) }

// Find is the language of a tag, whatever region it names.
func (c *Catalogue) Find(tag string) (*Language, bool) {
	primary, _, _ := strings.Cut(tag, "-")
	for _, wanted := range []string{tag, primary} {
		for _, l := range c.languages {
			if strings.EqualFold(l.Tag, wanted) {
				return l, true
			}
		}
	}
	return nil, false
}

// In is the language of a tag, or else the fallback.
func (c *Catalogue) In(tag string) *Language {
	if l, ok := c.Find(tag); ok {
		return l
	}
	return c.languages[0]
}

// maxAccepted bounds how much of an Accept-Language header is looked at.
const maxAccepted = 200

// Match finds the language a browser asks for, by its Accept-Language header.
func (c *Catalogue) Match(accepted string) (*Language, bool) {
	if accepted == "" || len(accepted) > maxAccepted {
		return nil, false
	}
	wanted, weights, err := language.ParseAcceptLanguage(accepted)
	if err != nil {
		return nil, false
	}
	for i, tag := range wanted {
		if _, n, confidence := c.matcher.Match(tag); weights[i] > 0 && confidence >= language.High {
			return c.languages[n], true
		}
	}
	return nil, false
}

// forms are the forms of one text by plural category; a text without plural has
// "other" alone.
type forms map[string]string

// read is every text of a language by its key.
func read(fsys fs.FS, tag string) (map[string]forms, error) {
	areas, err := fs.Glob(fsys, tag+"/*.json")
	if err != nil {
		return nil, fmt.Errorf("list the texts of %s: %w", tag, err)
	}
	texts := map[string]forms{}
	for _, file := range areas {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read texts: %w", err)
		}
		var entries map[string]json.RawMessage
		if err := json.Unmarshal(data, &entries); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		area := strings.TrimSuffix(path.Base(file), ".json")
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			f := forms{}
			var one string
			if json.Unmarshal(entries[name], &one) == nil {
				f["other"] = one
			} else if err := json.Unmarshal(entries[name], &f); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", file, name, err)
			}
			if f["other"] == "" {
				return nil, fmt.Errorf("%s: %s has no text: %w", file, name, ErrCatalogue)
			}
			texts[area+"."+name] = f
		}
	}
	return texts, nil
}
