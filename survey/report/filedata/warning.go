package filedata

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind says what a warning is about.
type Kind string

// The kinds of warnings.
const (
	MissingCode  Kind = "missing_code"  // a number that looks like a code for missing
	OutOfRange   Kind = "out_of_range"  // answers beyond the ends of the scale
	Shifted      Kind = "shifted"       // answers stored one higher or lower
	Opposite     Kind = "opposite"      // waves coded in opposite directions
	TurnedTwice  Kind = "turned_twice"  // the reversed items were turned already
	NotTurned    Kind = "not_turned"    // items run against the others
	LowAlpha     Kind = "low_alpha"     // items do not measure one thing
	NarrowScores Kind = "narrow_scores" // a mean over items worded both ways
	Constant     Kind = "constant"      // everybody has the same value
	Empty        Kind = "empty"         // nobody has a value
	UnknownEnds  Kind = "unknown_ends"  // items are turned by what was observed
	Varies       Kind = "varies"        // what should not change does
)

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool {
	return slices.Contains([]Kind{
		MissingCode, OutOfRange, Shifted, Opposite, TurnedTwice, NotTurned, LowAlpha, NarrowScores, Constant, Empty, UnknownEnds, Varies,
	}, k)
}

// Warning is something that is likely to be wrong, or that the reader of the
// report has to know. The data were used as they are.
type Warning struct {
	Kind Kind `json:"kind"`
	// Of names the scale or the column.
	Of string `json:"of"`
	// Text says what was seen, where, and what to do.
	Text string `json:"text"`
}

// String is the warning as a line.
func (w Warning) String() string { return w.Of + ": " + w.Text }

func (f *File) warn(kind Kind, of, format string, args ...any) {
	f.Warnings = append(f.Warnings, Warning{kind, of, fmt.Sprintf(format, args...)})
}

// some lists things, and how many more there are.
func some(all []string, most int) string {
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:most], ", ") + fmt.Sprintf(" and %d more", len(all)-most)
}

func lines(all []int) string {
	texts := make([]string, len(all))
	for i, n := range all {
		texts[i] = strconv.Itoa(n)
	}
	word := "line "
	if len(all) > 1 {
		word = "lines "
	}
	return word + some(texts, 5)
}

func plain(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
