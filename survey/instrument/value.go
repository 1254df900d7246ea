package instrument

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// A Value is one answer: a number, a text, or several choices. The zero Value is
// no answer; given to a form that has one, it takes the answer back. Values
// compare with ==.
//
// The answer to a single choice, a number, a slider and a yes/no question is a
// number. A day is the text "2026-03-02".
type Value struct {
	kind   valueKind
	number float64
	text   string // a text, or the choices as "1,3"
}

type valueKind uint8

const (
	kindNone valueKind = iota
	kindNumber
	kindText
	kindChoices
)

// NumberValue is an answer in numbers. One that is not finite is kept for Check to
// refuse: as no answer it would take a stored one back.
func NumberValue(v float64) Value { return Value{kind: kindNumber, number: v} }

// TextValue is an answer in words, or a day. An empty text is no answer.
func TextValue(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{kind: kindText, text: s}
}

// ChoicesValue is an answer of several options, each once, in ascending order. No
// option is no answer: whoever wants to know that nothing applies offers an option
// for it.
func ChoicesValue(values ...float64) Value {
	if len(values) == 0 {
		return Value{}
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(values)))
	parts := make([]string, len(sorted))
	for i, v := range sorted {
		parts[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return Value{kind: kindChoices, text: strings.Join(parts, ",")}
}

// Equal reports whether both are the same answer; a number that is none equals
// nothing.
func (v Value) Equal(w Value) bool { return v == w }

// IsZero reports whether there is no answer.
func (v Value) IsZero() bool { return v.kind == kindNone }

// Number is the answer as a number; false when it is none.
func (v Value) Number() (float64, bool) { return v.number, v.kind == kindNumber }

// Text is the answer as a text; false when it is none.
func (v Value) Text() (string, bool) {
	if v.kind != kindText {
		return "", false
	}
	return v.text, true
}

// Choices are the options chosen, in ascending order; nil when the answer is of
// another kind.
func (v Value) Choices() []float64 {
	if v.kind != kindChoices {
		return nil
	}
	choices, _ := parseChoices(v.text) // written by ChoicesValue
	return choices
}

func parseChoices(s string) ([]float64, error) {
	parts := strings.Split(s, ",")
	choices := make([]float64, len(parts))
	for i, part := range parts {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%q is not a list of choices", s)
		}
		choices[i] = v
	}
	return choices, nil
}

// Stored is the answer as a database and a data file keep it: a number, or a text
// that is not empty; choices are the text "1,3".
func (v Value) Stored() (number float64, text string) { return v.number, v.text }

// ValueOf is the answer to an item of the type that was kept as number, or as text
// when that is not empty. A text that cannot be choices where choices belong is no
// answer.
func ValueOf(t ItemType, number float64, text string) Value {
	switch {
	case text == "":
		return NumberValue(number)
	case t != TypeMultiple:
		return TextValue(text)
	}
	choices, err := parseChoices(text)
	if err != nil {
		return Value{}
	}
	return ChoicesValue(choices...)
}

// String is the answer as people type it: "4", "1,3", or the text.
func (v Value) String() string {
	if v.kind == kindNumber {
		return strconv.FormatFloat(v.number, 'g', -1, 64)
	}
	return v.text
}

// Stamp is the answer in at most some 24 characters, for a page to remember what it
// knew: itself, or for a long text its FNV-1a hash over UTF-16 units, which scripts
// can compute as well. It is "" for no answer.
func (v Value) Stamp() string {
	const longest = 24
	s := v.String()
	if v.IsZero() {
		return ""
	}
	units := utf16.Encode([]rune(s))
	if len(units) <= longest {
		return s
	}
	const offset, prime = 2166136261, 16777619
	h := uint32(offset)
	for _, unit := range units {
		h = (h ^ uint32(unit)) * prime
	}
	return "~" + strconv.FormatUint(uint64(h), 16) + "." + strconv.Itoa(len(units))
}

// MarshalJSON writes a number, a text, a list of numbers, or null.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case kindNumber:
		return json.Marshal(v.number)
	case kindText:
		return json.Marshal(v.text)
	case kindChoices:
		return []byte("[" + v.text + "]"), nil
	default:
		return []byte("null"), nil
	}
}

// errNotAnAnswer is what UnmarshalJSON says of anything else.
var errNotAnAnswer = errors.New("an answer is a number, a text, a list of numbers, or null")

// UnmarshalJSON reads what MarshalJSON writes. An empty text and an empty list are
// no answer.
func (v *Value) UnmarshalJSON(data []byte) error {
	var got any
	if err := json.Unmarshal(data, &got); err != nil {
		return err
	}
	switch x := got.(type) {
	case nil:
		*v = Value{}
	case float64:
		*v = NumberValue(x)
	case string:
		*v = TextValue(x)
	case []any:
		choices := make([]float64, len(x))
		for i, c := range x {
			number, ok := c.(float64)
			if !ok {
				return errNotAnAnswer
			}
			choices[i] = number
		}
		*v = ChoicesValue(choices...)
	default:
		return errNotAnAnswer
	}
	return nil
}

// Answers are what a person gave, by item code. An item without an answer is
// absent, or has the zero Value where an answer is taken back.
type Answers map[string]Value

// Numbers are the numeric answers, which scoring takes.
func (a Answers) Numbers() Numbers {
	numbers := make(Numbers, len(a))
	for code, v := range a {
		if number, ok := v.Number(); ok {
			numbers[code] = number
		}
	}
	return numbers
}

// Answers are the numbers as given answers.
func (n Numbers) Answers() Answers {
	answers := make(Answers, len(n))
	for code, v := range n {
		answers[code] = NumberValue(v)
	}
	return answers
}
