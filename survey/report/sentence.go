package report

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence is text with the italics and subscripts that statistical symbols are
// set in.
type Sentence []Span

// Span is a piece of a Sentence.
type Span struct {
	Text  string
	Style Style
}

// Style is how a Span is set.
type Style string

// The styles of a Span.
const (
	Plain  Style = ""
	Italic Style = "italic"
	Sub    Style = "sub"
)

// Valid reports whether s is one of the styles.
func (s Style) Valid() bool { return s == Plain || s == Italic || s == Sub }

// String is the sentence as plain text, in which d with a subscript z is "d_z".
func (s Sentence) String() string {
	var b strings.Builder
	for _, span := range s {
		if span.Style == Sub {
			b.WriteByte('_')
		}
		b.WriteString(span.Text)
	}
	return b.String()
}

// HTML is the sentence with i and sub elements.
func (s Sentence) HTML() template.HTML {
	var b strings.Builder
	for _, span := range s {
		text := template.HTMLEscapeString(span.Text)
		switch span.Style {
		case Plain:
		case Italic:
			text = "<i>" + text + "</i>"
		case Sub:
			text = "<sub>" + text + "</sub>"
		}
		b.WriteString(text)
	}
	return template.HTML(b.String()) //nolint:gosec // every piece is escaped above
}

// MarshalText writes the plain text.
func (s Sentence) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Words begins a sentence.
func Words(text string) Sentence { return Sentence{{Text: text}} }

// Say adds words.
func (s Sentence) Say(text string) Sentence { return append(s, Span{Text: text}) }

// Symbol adds an italic letter, with a subscript unless that is empty.
func (s Sentence) Symbol(letter, sub string) Sentence {
	s = append(s, Span{letter, Italic})
	if sub != "" {
		s = append(s, Span{sub, Sub})
	}
	return s
}

// Within is a name as it stands inside a sentence: without its capital, unless
// it is an acronym or another name with capitals of its own.
func Within(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	second, _ := utf8.DecodeRuneInString(name[n:])
	if !unicode.IsUpper(first) || !unicode.IsLower(second) {
		return name
	}
	return string(unicode.ToLower(first)) + name[n:]
}

// upper gives a sentence its capital.
func upper(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[n:]
}

func groupPhrase(label string) string { return "the " + Within(label) + " group" }
