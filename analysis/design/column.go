package design

import (
	"math"
	"slices"
	"strconv"
)

// Column is a named column of a table: numbers, or labels of a factor.
type Column struct {
	Name string
	// Values are numbers; NaN means missing.
	Values []float64
	// Labels make the column a factor; the empty label means missing.
	Labels []string
	// Levels is the order of a factor's labels; the first is the reference.
	// Without it they are sorted by their bytes; with it a label that is not
	// among them counts as missing.
	Levels []string
	// Codes make the column a factor too, in place of Labels: they are indices
	// into Levels; a negative one, or one beyond the levels, means missing.
	Codes []int
}

// Numeric makes a column of numbers; NaN means missing.
func Numeric(name string, values []float64) Column {
	return Column{Name: name, Values: values}
}

// Factor makes a column of labels; the empty label means missing. The levels
// give their order, the first being the reference; without levels the labels
// are sorted.
func Factor(name string, labels []string, levels ...string) Column {
	return Column{Name: name, Labels: labels, Levels: levels}
}

// Coded makes a column of labels given as indices into the levels, which all
// differ; a negative index means missing. It is Factor without a label for every
// row.
func Coded(name string, codes []int, levels []string) Column {
	return Column{Name: name, Codes: codes, Levels: levels}
}

// IsFactor reports whether the column holds labels.
func (c Column) IsFactor() bool { return c.Labels != nil || c.Codes != nil }

// Len returns the number of rows.
func (c Column) Len() int {
	switch {
	case c.Codes != nil:
		return len(c.Codes)
	case c.Labels != nil:
		return len(c.Labels)
	}
	return len(c.Values)
}

// factor is a column as codes: codes[row] is the index of its level, or -1
// where it is missing.
type factor struct {
	codes  []int
	levels []string
}

// factorOf codes a column; numbers become labels in the order of the numbers.
func factorOf(c Column) factor {
	if !c.IsFactor() {
		return numberFactor(c.Values)
	}
	if c.Codes != nil {
		return codedFactor(c)
	}
	index := make(map[string]int, len(c.Levels))
	levels := slices.Clone(c.Levels)
	if len(levels) == 0 {
		for _, l := range c.Labels {
			if _, seen := index[l]; l != "" && !seen {
				index[l] = 0
				levels = append(levels, l)
			}
		}
		slices.Sort(levels)
	}
	for i, l := range levels {
		index[l] = i
	}
	f := factor{codes: make([]int, len(c.Labels)), levels: levels}
	for i, l := range c.Labels {
		code, known := index[l]
		if l == "" || !known {
			code = -1
		}
		f.codes[i] = code
	}
	return f
}

// codedFactor is the factor of a column that is coded already, which is only
// copied where a code stands for no level.
func codedFactor(c Column) factor {
	f := factor{codes: c.Codes, levels: c.Levels}
	known := func(code int) bool { return code < len(c.Levels) && (code < 0 || c.Levels[code] != "") }
	if !slices.ContainsFunc(c.Codes, func(code int) bool { return !known(code) }) {
		return f
	}
	f.codes = slices.Clone(c.Codes)
	for i, code := range f.codes {
		if !known(code) {
			f.codes[i] = -1
		}
	}
	return f
}

// numberFactor codes numbers by their order. Rows of one person mostly follow
// each other, so the last number is remembered before the map is asked.
func numberFactor(x []float64) factor {
	f := factor{codes: make([]int, len(x))}
	first := make(map[float64]int)
	var distinct []float64
	last, lastCode := math.NaN(), -1
	for i, v := range x {
		if math.IsNaN(v) {
			f.codes[i] = -1
			continue
		}
		if v != last {
			code, seen := first[v]
			if !seen {
				code = len(distinct)
				first[v] = code
				distinct = append(distinct, v)
			}
			last, lastCode = v, code
		}
		f.codes[i] = lastCode
	}
	f.sortLevels(distinct)
	return f
}

// sortLevels renumbers codes, given by first appearance, to ascending order.
func (f *factor) sortLevels(distinct []float64) {
	order := make([]int, len(distinct))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if distinct[a] < distinct[b] {
			return -1
		}
		return 1 // distinct numbers are never equal
	})
	rank := make([]int, len(distinct))
	f.levels = make([]string, len(distinct))
	for r, i := range order {
		rank[i], f.levels[r] = r, numberLabel(distinct[i])
	}
	for i, c := range f.codes {
		if c >= 0 {
			f.codes[i] = rank[c]
		}
	}
}

// numberLabel writes a number as a label, without an exponent where a person
// would not write one.
func numberLabel(v float64) string {
	if v == 0 {
		v = 0 // minus zero is zero
	}
	if a := math.Abs(v); a != 0 && (a < 1e-5 || a >= 1e15) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// used returns the factor on the rows that are kept, without the levels that
// no longer occur.
func (f factor) used(rows []int) factor {
	seen := make([]bool, len(f.levels))
	for _, r := range rows {
		seen[f.codes[r]] = true
	}
	to := make([]int, len(f.levels))
	out := factor{codes: make([]int, len(rows))}
	for i, l := range f.levels {
		if seen[i] {
			to[i] = len(out.levels)
			out.levels = append(out.levels, l)
		}
	}
	for i, r := range rows {
		out.codes[i] = to[f.codes[r]]
	}
	return out
}
