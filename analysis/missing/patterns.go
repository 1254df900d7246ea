package missing

import (
	"math"
	"slices"
	"strings"
)

// Pattern is a set of people who answered the same columns.
type Pattern struct {
	// Observed has one entry per column.
	Observed []bool
	// N counts the people.
	N int
}

// String draws the pattern, "●" for observed and "○" for missing.
func (p Pattern) String() string {
	var b strings.Builder
	for _, o := range p.Observed {
		if o {
			b.WriteString("●")
		} else {
			b.WriteString("○")
		}
	}
	return b.String()
}

// Missingness describes which values of a table are there.
type Missingness struct {
	// N counts the people, Complete those with every value, Empty those without
	// any.
	N, Complete, Empty int
	// Observed counts the values of each column.
	Observed []int
	// Patterns lists who has what, the most frequent first, equally frequent
	// ones by the first column in which one has a value and the other has not.
	Patterns []Pattern
	// Monotone reports that nobody has a value after a missing one, columns being
	// in the order of time: drop-out only, no gaps.
	Monotone bool
}

// Patterns describes the missing values of columns, for instance of one outcome
// at every wave; NaN is missing, and columns shorter than the longest are
// missing at the end.
func Patterns(columns [][]float64) Missingness {
	m := Missingness{Observed: make([]int, len(columns)), Monotone: true}
	for _, x := range columns {
		m.N = max(m.N, len(x))
	}
	index := map[string]int{}
	key := make([]byte, len(columns))
	for p := range m.N {
		present := 0
		for j, x := range columns {
			key[j] = 0
			if p < len(x) && !math.IsNaN(x[p]) {
				key[j] = 1
				m.Observed[j]++
				if present < j {
					m.Monotone = false
				}
				present++
			}
		}
		switch present {
		case 0:
			m.Empty++
		case len(columns):
			m.Complete++
		}
		i, known := index[string(key)]
		if !known {
			i = len(m.Patterns)
			index[string(key)] = i
			observed := make([]bool, len(key))
			for j, k := range key {
				observed[j] = k == 1
			}
			m.Patterns = append(m.Patterns, Pattern{Observed: observed})
		}
		m.Patterns[i].N++
	}
	slices.SortFunc(m.Patterns, func(a, b Pattern) int {
		if a.N != b.N {
			return b.N - a.N
		}
		for j, o := range a.Observed {
			if o != b.Observed[j] {
				if o {
					return -1
				}
				return 1
			}
		}
		return 0
	})
	return m
}
