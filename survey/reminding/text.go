package reminding

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Text is what a message says. {name}, {course}, {wave}, {until}, {link} and
// {minutes} are filled in for each person.
type Text struct {
	Subject string
	Body    string // plain text; an empty line divides paragraphs
}

// Places are the placeholders of a kind of message.
func (k Kind) Places() []string {
	switch k {
	case Meeting:
		return []string{"name", "course", "until", "place", "link"}
	case Thanks:
		return []string{"name", "course", "wave", "link"}
	default:
		return []string{"name", "course", "wave", "until", "minutes", "link"}
	}
}

// PlaceFault is a placeholder that does not exist, or a brace that is left open.
type PlaceFault struct {
	Name string // as it was written, with its brace
	// Line and Column count from 1; columns are characters.
	Line, Column int
}

// String is "{x} in line 3, character 7".
func (f PlaceFault) String() string {
	return fmt.Sprintf("%s in line %d, character %d", f.Name, f.Line, f.Column)
}

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

// anyBrace is whatever looks as if it were meant to be filled in.
var anyBrace = regexp.MustCompile(`\{[^{}\n]{0,40}\}?|\}`)

// Check finds what cannot be filled in, in the order of the text.
func Check(text string, k Kind) []PlaceFault {
	var faults []PlaceFault
	for i, line := range strings.Split(text, "\n") {
		for _, at := range anyBrace.FindAllStringIndex(line, -1) {
			found := line[at[0]:at[1]]
			if m := placeholder.FindStringSubmatch(found); m != nil && m[0] == found && slices.Contains(k.Places(), m[1]) {
				continue
			}
			faults = append(faults, PlaceFault{Name: found, Line: i + 1, Column: len([]rune(line[:at[0]])) + 1})
		}
	}
	return faults
}

// Uses reports whether a text has a placeholder.
func Uses(text, place string) bool { return strings.Contains(text, "{"+place+"}") }

// Fill puts values in their places, once each: what a value holds is not looked
// at. With an empty value the space or comma before the place goes too, so that
// "Hello {name}," can greet somebody whose name is not known.
func Fill(text string, values map[string]string) string {
	var b strings.Builder
	rest := text
	for {
		at := placeholder.FindStringSubmatchIndex(rest)
		if at == nil {
			b.WriteString(rest)
			return b.String()
		}
		before, name := rest[:at[0]], rest[at[2]:at[3]]
		value, known := values[name]
		switch {
		case !known:
			value = rest[at[0]:at[1]]
		case value == "":
			before = strings.TrimRight(before, " ,")
		}
		b.WriteString(before + value)
		rest = rest[at[1]:]
	}
}
