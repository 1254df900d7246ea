package dataset

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Kind is what the values of a variable are.
type Kind string

// The kinds of values.
const (
	Number  Kind = "number"
	Text    Kind = "text"
	Day     Kind = "day"     // a civil day, at midnight UTC
	Instant Kind = "instant" // to the millisecond, UTC
)

// Measure is the level of measurement (Stevens 1946), as statistics programs know
// it.
type Measure string

// The levels of measurement. An ID tells rows apart and measures nothing.
const (
	ID      Measure = "id"
	Nominal Measure = "nominal"
	Ordinal Measure = "ordinal"
	Scale   Measure = "scale" // interval or ratio
)

// Label is what a value of a number means.
type Label struct {
	Value float64
	Text  string
}

// Category is what a value of a text means: "course" is "Course group".
type Category struct{ Value, Text string }

// Reason is why there may be no value.
type Reason struct {
	Key  string // as it stands in files that can say it, "skipped"
	Text string // in words
}

// Variable is a column.
type Variable struct {
	Name    string // ASCII letters, digits and _, beginning with a letter
	Label   string // of any length, one line
	Kind    Kind
	Measure Measure
	// Decimals is how many digits after the point a number is shown with.
	Decimals int
	// Width is the number of bytes of the longest text, at least 1.
	Width int
	// Low and High bound the numbers, where Bounded.
	Low, High  float64
	Bounded    bool
	Labels     []Label
	Categories []Category
	// Reasons are those that a missing value of this variable can have. One
	// without a reason is simply not there.
	Reasons []Reason
}

// Table describes a table; its rows are given to a [Writer].
type Table struct {
	Name  string // short, as a file is called
	Label string
	// MadeAt is the time of the data, not of the file: the same data give the
	// same file.
	MadeAt    time.Time
	Program   string // with its version
	Variables []Variable
	Rows      int
	Notes     []string // a line each: terms, citation, warnings
}

// ErrTable reports a description that no file can be written from.
var ErrTable = errors.New("not a table")

// MaxName is the number of bytes that a name may have; formats in which it is less shorten it.
const MaxName = 255

var nameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// Check reports the first fault of a description.
func (t Table) Check() error {
	if t.Rows < 0 {
		return fmt.Errorf("%w: %d rows", ErrTable, t.Rows)
	}
	seen := map[string]bool{}
	for _, v := range t.Variables {
		key := strings.ToLower(v.Name) // most programs do not tell case apart
		switch {
		case !nameForm.MatchString(v.Name) || len(v.Name) > MaxName:
			return fmt.Errorf("%w: %q cannot be the name of a variable", ErrTable, v.Name)
		case seen[key]:
			return fmt.Errorf("%w: two variables are called %s", ErrTable, v.Name)
		}
		seen[key] = true
		if err := v.check(); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrTable, v.Name, err)
		}
	}
	return nil
}

func (v Variable) check() error {
	switch v.Measure {
	case ID, Nominal, Ordinal, Scale:
	default:
		return fmt.Errorf("unknown measure %q", v.Measure)
	}
	switch v.Kind {
	case Number, Day, Instant:
		if len(v.Categories) > 0 {
			return fmt.Errorf("categories of a %s", v.Kind)
		}
	case Text:
		if v.Width < 1 || len(v.Labels) > 0 {
			return errors.New("a text has a width and no labels of numbers")
		}
	default:
		return fmt.Errorf("unknown kind %q", v.Kind)
	}
	for _, l := range v.Labels {
		if math.IsNaN(l.Value) || math.IsInf(l.Value, 0) {
			return errors.New("a label of no number")
		}
	}
	return nil
}

// Reasons are the keys of all reasons of the table, in the order in which the
// variables name them.
func (t Table) Reasons() []string {
	var order []string
	for _, v := range t.Variables {
		for _, r := range v.Reasons {
			if !slices.Contains(order, r.Key) {
				order = append(order, r.Key)
			}
		}
	}
	return order
}

// Codes are numbers for the reasons of a table, by key: -99, -98 and so on, or with
// more nines where a variable can have such a value. A reason has the same number
// in every variable.
func (t Table) Codes() map[string]float64 {
	order, codes := t.Reasons(), map[string]float64{}
	for start := 99.0; ; start = start*10 + 9 {
		last := -start + float64(len(order)-1)
		if len(order) == 0 || last < 0 && !t.reaches(-start, last) {
			for i, key := range order {
				codes[key] = -start + float64(i)
			}
			return codes
		}
	}
}

// reaches reports whether a number of the table can lie from low to high. Of a
// variable without bounds nobody knows; its values are taken to stay above
// -99 where they are measured and have no labels there.
func (t Table) reaches(low, high float64) bool {
	for _, v := range t.Variables {
		if v.Kind != Number {
			continue
		}
		if v.Bounded && v.Low <= high && v.High >= low {
			return true
		}
		for _, l := range v.Labels {
			if l.Value >= low && l.Value <= high {
				return true
			}
		}
	}
	return false
}

// Knows reports whether a value of the variable can be missing for the reason.
func (v Variable) Knows(reason string) bool {
	return slices.ContainsFunc(v.Reasons, func(r Reason) bool { return r.Key == reason })
}

// Names are the names of the variables in a format where a name has at most a
// number of bytes and is none of the reserved words, in lower case; they stay
// unique without regard to case. A name that cannot stand loses its end to a number.
func (t Table) Names(longest int, reserved ...string) []string {
	taken := map[string]bool{}
	fits := func(name string) bool {
		key := strings.ToLower(name)
		return len(name) <= longest && !taken[key] && !slices.Contains(reserved, key)
	}
	names := make([]string, len(t.Variables))
	for i, v := range t.Variables { // those that can stay, stay
		if fits(v.Name) {
			names[i] = v.Name
			taken[strings.ToLower(v.Name)] = true
		}
	}
	for i, v := range t.Variables {
		for n := 2; names[i] == ""; n++ {
			end := fmt.Sprintf("_%d", n)
			name := v.Name[:min(len(v.Name), longest-len(end))] + end
			if fits(name) {
				names[i] = name
				taken[strings.ToLower(name)] = true
			}
		}
	}
	return names
}

// Cell is one value, or why there is none. The zero Cell is simply not there.
type Cell struct {
	given  bool
	number float64
	text   string
	at     time.Time
	reason string
}

// Of is a cell with a number; one that is not finite is not there.
func Of(v float64) Cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Cell{}
	}
	return Cell{given: true, number: v}
}

// Words is a cell with a text, which may be empty.
func Words(s string) Cell { return Cell{given: true, text: s} }

// At is a cell with a day or an instant; the zero time is not there.
func At(t time.Time) Cell { return Cell{given: !t.IsZero(), at: t} }

// Missing is a cell without a value for the reason of the key.
func Missing(key string) Cell { return Cell{reason: key} }

// Given reports whether there is a value.
func (c Cell) Given() bool { return c.given }

// Number is the value of a [Number].
func (c Cell) Number() float64 { return c.number }

// Text is the value of a [Text].
func (c Cell) Text() string { return c.text }

// Time is the value of a [Day] or an [Instant].
func (c Cell) Time() time.Time { return c.at }

// Reason is the key of why there is no value; empty when nobody says.
func (c Cell) Reason() string { return c.reason }

// Writer takes the rows of a table in some format.
type Writer interface {
	// Row writes the cells of one row, one for each variable; they may be used
	// again afterwards.
	Row(cells []Cell) error
	// Close ends the file. It fails when there were not as many rows as the
	// table said. It does not close what is written to.
	Close() error
}
