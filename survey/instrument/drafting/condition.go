package drafting

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
)

// A Condition is one of the simple kind, which can be put together of parts: terms
// that must all hold, or of which any must.
type Condition struct {
	Any   bool
	Terms []Term
}

// A Term compares one item with a value.
type Term struct {
	Item  string
	Is    Comparison
	Value string // none for Answered and Unanswered
}

// Comparison is how a term compares.
type Comparison string

// The comparisons.
const (
	Equal      Comparison = "=="
	Unequal    Comparison = "!="
	Below      Comparison = "<"
	AtMost     Comparison = "<="
	Above      Comparison = ">"
	AtLeast    Comparison = ">="
	Answered   Comparison = "answered"
	Unanswered Comparison = "unanswered"
	Chosen     Comparison = "chosen" // among several choices
	NotChosen  Comparison = "not_chosen"
)

// Comparisons are all of them, as they are offered.
func Comparisons() []Comparison {
	return []Comparison{Equal, Unequal, AtLeast, Above, AtMost, Below, Chosen, NotChosen, Answered, Unanswered}
}

// Needs reports whether a comparison needs a value.
func (c Comparison) Needs() bool { return c != Answered && c != Unanswered }

// Write is the condition as the definition has it. Values of items that are answered
// with numbers must be numbers: else it is a *Refusal of the field "value".
func (c Condition) Write(d *instrument.Definition) (string, error) {
	parts := make([]string, len(c.Terms))
	for i, t := range c.Terms {
		if !slices.Contains(Comparisons(), t.Is) || !codePattern.MatchString(t.Item) {
			return "", refuse("value", MessageLines)
		}
		value, err := t.value(d)
		if err != nil {
			return "", err
		}
		switch t.Is {
		case Answered:
			parts[i] = "answered(" + t.Item + ")"
		case Unanswered:
			parts[i] = "not answered(" + t.Item + ")"
		case Chosen:
			parts[i] = "selected(" + t.Item + ", " + value + ")"
		case NotChosen:
			parts[i] = "not selected(" + t.Item + ", " + value + ")"
		case Equal, Unequal, Below, AtMost, Above, AtLeast:
			parts[i] = t.Item + " " + string(t.Is) + " " + value
		}
	}
	if c.Any {
		return strings.Join(parts, " or "), nil
	}
	return strings.Join(parts, " and "), nil
}

// value is what the term compares with, in the words of conditions.
func (t Term) value(d *instrument.Definition) (string, error) {
	if !t.Is.Needs() {
		return "", nil
	}
	item, known := d.Item(t.Item)
	if known && !item.Type.Numeric() && item.Type != instrument.TypeMultiple {
		return strconv.Quote(strings.TrimSpace(t.Value)), nil
	}
	v, err := Number(t.Value)
	if err != nil {
		return "", refuse("value", MessageNumber)
	}
	return Show(v), nil
}

var (
	termAnswered = regexp.MustCompile(`^(not )?answered\(([a-z][a-z0-9_]*)\)$`)
	termSelected = regexp.MustCompile(`^(not )?selected\(([a-z][a-z0-9_]*), ?(-?[0-9.]+)\)$`)
	termCompared = regexp.MustCompile(`^([a-z][a-z0-9_]*) ?(==|!=|<=|>=|<|>) ?(-?[0-9.]+|"[^"\\]*")$`)
)

// ReadCondition takes a condition apart; false when it is not of the simple kind.
func ReadCondition(text string) (Condition, bool) {
	c := Condition{}
	text = strings.TrimSpace(text)
	if text == "" {
		return c, true
	}
	parts := strings.Split(text, " and ")
	if either := strings.Split(text, " or "); len(either) > 1 {
		if len(parts) > 1 {
			return c, false
		}
		parts, c.Any = either, true
	}
	for _, part := range parts {
		t, ok := readTerm(strings.TrimSpace(part))
		if !ok {
			return Condition{}, false
		}
		c.Terms = append(c.Terms, t)
	}
	return c, true
}

func readTerm(part string) (Term, bool) {
	if m := termAnswered.FindStringSubmatch(part); m != nil {
		if m[1] != "" {
			return Term{Item: m[2], Is: Unanswered}, true
		}
		return Term{Item: m[2], Is: Answered}, true
	}
	if m := termSelected.FindStringSubmatch(part); m != nil {
		if m[1] != "" {
			return Term{m[2], NotChosen, m[3]}, true
		}
		return Term{m[2], Chosen, m[3]}, true
	}
	if m := termCompared.FindStringSubmatch(part); m != nil {
		return Term{m[1], Comparison(m[2]), strings.Trim(m[3], `"`)}, true
	}
	return Term{}, false
}
