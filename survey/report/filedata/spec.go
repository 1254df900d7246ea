package filedata

import "tidemark/survey/instrument"

// Spec says what the columns of a file hold.
type Spec struct {
	// File is its name, for titles and messages.
	File string
	// ID is the column that says whom a row is about; empty: every row is
	// another person.
	ID string
	// Group is the column of groups, Control the group others are compared with
	// and Course the one compared; empty: none, and chosen by their names.
	Group, Control, Course string
	// Run is the column of course runs; empty: one.
	Run string
	// Wave is the column of waves in a file with one row a person and wave.
	// Waves are those used, in the order of time; empty: all of them. Pre and
	// Post are the waves before and after the course; empty: the first two.
	Wave      string
	Waves     []string
	Pre, Post string
	Outcomes  []Outcome
	// Doses are columns of amounts of the course, Baseline columns of what was
	// known before it: numbers, or groups.
	Doses, Baseline []string
	// Missing are cells that mean missing in any column.
	Missing []string
	// Book has labels and types; nil: none.
	Book *Codebook
}

// Outcome is a scale: a column of scores a wave, or items that are scored.
type Outcome struct {
	Key  string
	Name string // for people; empty: Key
	// Columns hold the score, one a wave in order; a wave at which it was not
	// asked has an empty name. In a file with a column of waves there is one.
	Columns []string
	// Items are the columns of the answers, a list a wave; one list in a file
	// with a column of waves. An item may be an earlier scale, by its key.
	Items [][]string
	// Reverse are the items that are turned: by their place from 1, or by name.
	Reverse []string
	// Min and Max are the ends of the answers, or of the scores where there are
	// no items; nil: unknown.
	Min, Max *float64
	// MinAnswered is how many items a score needs; 0: four fifths.
	MinAnswered int
	// Sum adds the items up instead of taking their mean.
	Sum       bool
	Direction instrument.Direction
	// Bands are ranges of scores that are counted.
	Bands []Band
}

// Band is a range of scores, both ends included.
type Band struct{ From, To float64 }

// title is the outcome's name for people.
func (o *Outcome) title() string {
	if o.Name != "" {
		return o.Name
	}
	return o.Key
}

// waves counts those the outcome names.
func (o *Outcome) waves() int { return max(len(o.Columns), len(o.Items)) }

// bounded reports whether the ends are given.
func (o *Outcome) bounded() bool { return o.Min != nil && o.Max != nil && *o.Min < *o.Max }
