package report

import (
	"math"

	"tidemark/analysis"
	"tidemark/survey/instrument"
)

// Scale is what a column of scores measures.
type Scale struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Label string `json:"label"` // short, for axes
	// Instrument is the key of the questionnaire; empty for numbers from a
	// file.
	Instrument string `json:"instrument,omitempty"`
	// Parent is the key of the scale this one is a part of; empty for a main
	// outcome.
	Parent string `json:"parent,omitempty"`
	// Primary marks the outcome that the study declared.
	Primary bool `json:"primary"`
	// Min and Max are the least and greatest possible score. Equal: unknown.
	Min       float64              `json:"min"`
	Max       float64              `json:"max"`
	Direction instrument.Direction `json:"direction"`
}

// Bounded reports whether the ends of the scale are known.
func (s Scale) Bounded() bool { return s.Max > s.Min }

// benefit is the direction in which reliable change counts as improvement; for
// a neutral scale upwards, and nobody then calls it better.
func (s Scale) benefit() analysis.Direction {
	if s.Direction == instrument.LowerBetter {
		return analysis.LowerIsBetter
	}
	return analysis.HigherIsBetter
}

// Columns are one outcome, one entry a person, NaN where a score is missing.
type Columns struct {
	Pre, Post []float64
	// Group says to which group each person belongs; nil when there is one.
	Group []string
	// Absent says of each person why there is no pair; nil: it follows from
	// which half is missing.
	Absent []Absence
}

// Absence says why a person is not among the pairs.
type Absence string

// The reasons for which a person has no pair of scores.
const (
	Present         Absence = ""
	AbsentNotYet    Absence = "not_over"   // the later survey is still to come or open
	AbsentWithdrawn Absence = "withdrawn"  // left the study
	AbsentDeclined  Absence = "declined"   // said that they do not take part
	AbsentPre       Absence = "no_pre"     // no score before
	AbsentPost      Absence = "no_post"    // no score after
	AbsentBoth      Absence = "no_scores"  // neither
	AbsentUnscored  Absence = "not_scored" // answered too few of the questions
)

// Valid reports whether a is one of the reasons.
func (a Absence) Valid() bool { return a == Present || a.Explain() != "" }

// Explain gives the reason in words.
func (a Absence) Explain() string {
	switch a {
	case Present:
	case AbsentNotYet:
		return "later survey not over"
	case AbsentWithdrawn:
		return "left the study"
	case AbsentDeclined:
		return "declined to take part"
	case AbsentPre:
		return "no first score"
	case AbsentPost:
		return "no later score"
	case AbsentBoth:
		return "neither score"
	case AbsentUnscored:
		return "too few questions answered"
	}
	return ""
}

// absences are all reasons in the order in which they are listed.
func absences() []Absence {
	return []Absence{AbsentNotYet, AbsentWithdrawn, AbsentDeclined, AbsentBoth, AbsentPre, AbsentPost, AbsentUnscored}
}

// Exclusion is how many people have no pair for one reason.
type Exclusion struct {
	Reason Absence `json:"reason"`
	N      int     `json:"n"`
}

// group is the part of Columns that belongs to one group.
type group struct {
	label     string    // empty: everyone
	pre, post []float64 // complete pairs
	excluded  []Exclusion
	people    int
	// staying and lost are first scores: of people with a pair, and of people
	// whose later score will not come.
	staying, lost []float64
}

// of selects a group, or everyone when label is empty.
func (c Columns) of(label string) group {
	g := group{label: label}
	count := map[Absence]int{}
	for i := range c.Pre {
		if label != "" && (i >= len(c.Group) || c.Group[i] != label) {
			continue
		}
		g.people++
		pre, post := c.Pre[i], math.NaN()
		if i < len(c.Post) {
			post = c.Post[i]
		}
		hasPre, hasPost := !math.IsNaN(pre), !math.IsNaN(post)
		if hasPre && hasPost {
			g.pre, g.post = append(g.pre, pre), append(g.post, post)
			continue
		}
		why := c.absence(i, hasPre, hasPost)
		count[why]++
		if hasPre && why != AbsentNotYet {
			g.lost = append(g.lost, pre)
		}
	}
	g.staying = g.pre
	for _, a := range absences() {
		if count[a] > 0 {
			g.excluded = append(g.excluded, Exclusion{a, count[a]})
		}
	}
	return g
}

func (c Columns) absence(i int, hasPre, hasPost bool) Absence {
	if i < len(c.Absent) && c.Absent[i] != Present {
		return c.Absent[i]
	}
	switch {
	case hasPre:
		return AbsentPost
	case hasPost:
		return AbsentPre
	}
	return AbsentBoth
}

// groups lists the distinct labels in the order of their first person.
func (c Columns) groups() []string {
	var labels []string
	seen := map[string]bool{"": true}
	for _, g := range c.Group {
		if !seen[g] {
			seen[g] = true
			labels = append(labels, g)
		}
	}
	return labels
}
