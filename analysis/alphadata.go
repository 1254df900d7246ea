package analysis

import (
	"math"
	"slices"
	"strconv"
)

// scaleData holds the item columns that Alpha uses, reversed where keyed.
type scaleData struct {
	names    []string
	columns  []itemColumn // equally long
	dropped  []string
	rows     int // people
	complete int // people who answered every item given
	listwise bool
}

// itemColumn is one item: its answers with NaN where missing, how many are
// missing, and the moments of the others.
type itemColumn struct {
	values  []float64
	missing int
	moments moments
	// answers are counted where they are whole numbers.
	answers []AnswerCount
	fault   Reason
}

// newItemColumn describes the answers to an item.
func newItemColumn(x []float64) itemColumn {
	if t, ok := newTally(x); ok {
		return itemColumn{values: x, missing: t.missing, moments: t.moments(), answers: t.answers()}
	}
	answers, missing, fault := present(x)
	c := itemColumn{values: x, missing: missing, fault: fault}
	if fault == "" {
		c.moments = newMoments(answers, 0)
	}
	return c
}

// used counts the people whose answers enter.
func (s *scaleData) used() int {
	if s.listwise && len(s.columns) > 0 {
		return len(s.columns[0].values)
	}
	return s.rows
}

// newScale reverses, pads, drops constant and empty items and, listwise, drops
// incomplete people. Missing answers to an item that is dropped anyway do not
// cost a person; dropping people may make further items constant.
func newScale(items [][]float64, opt AlphaOptions) (scaleData, Reason) {
	rule := opt.Missing
	if rule == "" {
		rule = Listwise
	}
	if !rule.Valid() ||
		(len(opt.Names) > 0 && len(opt.Names) != len(items)) ||
		(len(opt.Keys) > 0 && len(opt.Keys) != len(items)) {
		return scaleData{}, ReasonInvalidOption
	}
	s := scaleData{listwise: rule == Listwise}
	for _, x := range items {
		s.rows = max(s.rows, len(x))
	}
	for i, x := range items {
		name := strconv.Itoa(i + 1)
		if len(opt.Names) > 0 {
			name = opt.Names[i]
		}
		key := 1
		if len(opt.Keys) > 0 {
			key = opt.Keys[i]
		}
		values, ok := keyed(x, key, opt, s.rows)
		if !ok {
			return s, ReasonInvalidOption
		}
		s.names = append(s.names, name)
		s.columns = append(s.columns, itemColumn{values: values})
	}
	s.eachColumn(newItemColumn)
	for _, c := range s.columns {
		if c.fault != "" {
			return s, c.fault
		}
	}
	s.complete = len(s.completeRows())
	s.dropConstant()
	for s.listwise && len(s.columns) > 0 {
		s.keepRows(s.completeRows())
		if !s.dropConstant() {
			break
		}
	}
	return s, ""
}

// keyed returns the column padded to n rows and reversed if the key is −1. A
// column that needs neither is used as it is and must not be changed.
func keyed(x []float64, key int, opt AlphaOptions, n int) ([]float64, bool) {
	switch key {
	case 1:
		if len(x) == n {
			return x, true
		}
	case -1:
		if !Finite(opt.Min) || !Finite(opt.Max) || opt.Min >= opt.Max {
			return nil, false
		}
	default:
		return nil, false
	}
	out := make([]float64, n)
	for p := range out {
		switch {
		case p >= len(x):
			out[p] = math.NaN()
		case key == 1:
			out[p] = x[p]
		default:
			out[p] = opt.Min + opt.Max - x[p]
		}
	}
	return out, true
}

// completeRows lists the people with an answer to every column.
func (s *scaleData) completeRows() []int {
	n := s.used()
	hole := make([]bool, n)
	for _, c := range s.columns {
		if c.missing == 0 {
			continue
		}
		for p, v := range c.values {
			if math.IsNaN(v) {
				hole[p] = true
			}
		}
	}
	rows := make([]int, 0, n)
	for p, h := range hole {
		if !h {
			rows = append(rows, p)
		}
	}
	return rows
}

// keepRows reduces every column to the rows given.
func (s *scaleData) keepRows(rows []int) {
	if len(rows) == s.used() {
		return
	}
	s.eachColumn(func(x []float64) itemColumn {
		kept := make([]float64, len(rows))
		for k, p := range rows {
			kept[k] = x[p]
		}
		return newItemColumn(kept)
	})
}

// eachColumn describes every column anew, several at once where there is much to
// do.
func (s *scaleData) eachColumn(describe func([]float64) itemColumn) {
	at := len(s.columns)
	if at == 0 {
		return
	}
	if at*len(s.columns[0].values) > 1<<16 {
		at = 1
	}
	inBlocks(len(s.columns), at, func(_, from, to int) {
		for i := from; i < to; i++ {
			s.columns[i] = describe(s.columns[i].values)
		}
	})
}

// dropConstant removes items without spread and reports whether there were any.
func (s *scaleData) dropConstant() bool {
	names, columns := s.names[:0:0], s.columns[:0:0]
	for i, c := range s.columns {
		if c.moments.needsSpread(2) != "" {
			s.dropped = append(s.dropped, s.names[i])
			continue
		}
		names, columns = append(names, s.names[i]), append(columns, c)
	}
	changed := len(columns) < len(s.columns)
	s.names, s.columns = names, columns
	return changed
}

// personMeans is each person's mean over the answered items; people without an
// answer are left out.
func (s *scaleData) personMeans() []float64 {
	n := s.used()
	sum, count := make([]float64, n), make([]float64, n)
	for _, c := range s.columns {
		for p, v := range c.values {
			if !math.IsNaN(v) {
				sum[p] += v
				count[p]++
			}
		}
	}
	means := sum[:0]
	for p, v := range sum {
		if count[p] > 0 {
			means = append(means, v/count[p])
		}
	}
	return means
}

// covariances computes the matrix, from complete columns by blocks of people,
// else pair by pair.
func (s *scaleData) covariances() (covariances, Reason) {
	k := len(s.columns)
	m := covariances{k: k, c: make([]float64, k*k)}
	if !slices.ContainsFunc(s.columns, func(c itemColumn) bool { return c.missing > 0 }) {
		m.fillComplete(s.columns)
		return m.normal()
	}
	centred, masks := make([][]float64, k), make([][]float64, k)
	for i, c := range s.columns {
		x, mask := make([]float64, len(c.values)), make([]float64, len(c.values))
		for p, v := range c.values {
			if !math.IsNaN(v) {
				x[p], mask[p] = v-c.moments.mean, 1
			}
		}
		centred[i], masks[i] = x, mask
	}
	if why := m.fillPairwise(centred, masks); why != "" {
		return m, why
	}
	return m.normal()
}
