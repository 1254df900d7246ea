package locale

import (
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Language is one language with all its texts. It is never changed, and may be
// used by many at once.
type Language struct {
	Tag  string // BCP 47, for lang attributes
	Name string // what it calls itself

	tag      language.Tag // whose plurals and numbers it has
	texts    map[string]text
	fallback *Language // nil for the fallback itself
	numbers  *message.Printer
}

// text is a message taken apart, in each plural form it has.
type text struct {
	other  []piece
	plural map[plural.Form][]piece // nil when it does not depend on a number
}

// piece is words, or the name of a value to put between them.
type piece struct {
	words string
	name  string
}

// categories are the names of the plural forms in the files.
var categories = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

func newLanguage(tag, name string, texts map[string]forms) (*Language, error) {
	parsed, err := language.Parse(tag)
	if err != nil {
		return nil, fmt.Errorf("language %s: %w", tag, err)
	}
	base, _ := parsed.Base()
	l := &Language{Tag: tag, Name: name, tag: language.Make(base.String()), texts: make(map[string]text, len(texts))}
	l.numbers = message.NewPrinter(l.tag)
	for key, f := range texts {
		t := text{}
		for category, words := range f {
			form, ok := categories[category]
			if !ok {
				return nil, fmt.Errorf("%s in %s: no plural form %q: %w", key, tag, category, ErrCatalogue)
			}
			pieces, err := takeApart(words)
			if err != nil {
				return nil, fmt.Errorf("%s in %s: %w", key, tag, err)
			}
			if form == plural.Other {
				t.other = pieces
			}
			if len(f) > 1 {
				if t.plural == nil {
					t.plural = map[plural.Form][]piece{}
				}
				t.plural[form] = pieces
			}
		}
		l.texts[key] = t
	}
	return l, nil
}

// takeApart splits a text at its values.
func takeApart(words string) ([]piece, error) {
	var pieces []piece
	for words != "" {
		before, rest, found := strings.Cut(words, "{")
		if strings.Contains(before, "}") {
			return nil, fmt.Errorf("%q: a brace too many: %w", words, ErrCatalogue)
		}
		if before != "" {
			pieces = append(pieces, piece{words: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" || strings.ContainsAny(name, "{ ") {
			return nil, fmt.Errorf("%q: a brace without its other: %w", words, ErrCatalogue)
		}
		pieces = append(pieces, piece{name: name})
		words = after
	}
	return pieces, nil
}

// Say is the text of a key with values, which come as name and value in turn. A
// text that the language lacks is said in the fallback; one that nobody has is
// its key, so that nothing is silently empty.
func (l *Language) Say(key string, values ...any) string {
	return l.compose(key, values, func(s string) string { return s })
}

// HTML is a text with markup; values are escaped unless they are HTML already.
func (l *Language) HTML(key string, values ...any) template.HTML {
	return template.HTML(l.compose(key, values, html.EscapeString)) //nolint:gosec // the words are ours, values are escaped
}

// Knows reports whether there is a text, in the language or in the fallback.
func (l *Language) Knows(key string) bool {
	_, ok := l.texts[key]
	return ok || l.fallback != nil && l.fallback.Knows(key)
}

func (l *Language) compose(key string, values []any, escape func(string) string) string {
	t, ok := l.texts[key]
	if !ok {
		if l.fallback != nil {
			return l.fallback.compose(key, values, escape)
		}
		return escape(key)
	}
	pieces := t.other
	if t.plural != nil {
		if n, ok := value(values, "Count").(int); ok {
			pieces = t.counted(l.tag, n)
		}
	}
	if len(pieces) == 1 && pieces[0].name == "" {
		return pieces[0].words
	}
	var b strings.Builder
	for _, p := range pieces {
		switch v := value(values, p.name).(type) {
		case nil:
			b.WriteString(p.words)
		case template.HTML:
			b.WriteString(string(v))
		default:
			b.WriteString(escape(l.write(v)))
		}
	}
	return b.String()
}

// counted are the pieces for a whole number of things.
func (t text) counted(tag language.Tag, n int) []piece {
	if pieces, ok := t.plural[plural.Cardinal.MatchPlural(tag, max(n, -n), 0, 0, 0, 0)]; ok {
		return pieces
	}
	return t.other
}

// value finds a value by its name; nil when there is none.
func value(values []any, name string) any {
	if name == "" {
		return nil
	}
	for i := 0; i+1 < len(values); i += 2 {
		if values[i] == name {
			return values[i+1]
		}
	}
	return nil
}

func (l *Language) write(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return l.Integer(v)
	case float64:
		return l.Number(v)
	}
	return fmt.Sprint(v)
}

// Integer writes a whole number with the language's separators.
func (l *Language) Integer(n int) string {
	if n > -1000 && n < 1000 {
		return strconv.Itoa(n)
	}
	return l.numbers.Sprint(number.Decimal(n))
}

// Number writes a number with the language's separators and as many decimals,
// at most three, as it has.
func (l *Language) Number(v float64) string {
	return l.numbers.Sprint(number.Decimal(v, number.MaxFractionDigits(3)))
}

// Fixed writes a number with so many decimals.
func (l *Language) Fixed(v float64, decimals int) string {
	return l.numbers.Sprint(number.Decimal(v, number.MinFractionDigits(decimals), number.MaxFractionDigits(decimals)))
}

// Texts are all texts of the language by key, as they are written; of those with
// plural forms the one for many.
func (l *Language) Texts() map[string]string {
	written := make(map[string]string, len(l.texts))
	for key, t := range l.texts {
		var b strings.Builder
		for _, p := range t.other {
			b.WriteString(p.words)
			if p.name != "" {
				b.WriteString("{" + p.name + "}")
			}
		}
		written[key] = b.String()
	}
	return written
}

// EnglishName is what a language is called on pages of staff: "German" for "de". A
// tag that names none is given as it is.
func EnglishName(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.English.Tags().Name(parsed); name != "" {
		return name
	}
	return tag
}
