package analysis

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
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
}

// newItemColumn describes the answers to an item.
func newItemColumn(x []float64) (itemColumn, Reason) {
	answers, missing, fault := present(x)
	if fault != "" {
		return itemColumn{}, fault
	}
	return itemColumn{values: x, missing: missing, moments: newMoments(answers, 0)}, ""
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
		column, fault := newItemColumn(values)
		if fault != "" {
			return s, fault
		}
		s.names = append(s.names, name)
		s.columns = append(s.columns, column)
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
		if !finite(opt.Min) || !finite(opt.Max) || opt.Min >= opt.Max {
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
	for i, c := range s.columns {
		if len(rows) == len(c.values) {
			return
		}
		kept := make([]float64, len(rows))
		for k, p := range rows {
			kept[k] = c.values[p]
		}
		s.columns[i] = itemColumn{values: kept, moments: newMoments(kept, 0)}
	}
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

// covariances is a symmetric covariance matrix scaled to a trace of about 1, with
// its sums.
type covariances struct {
	k            int
	c            []float64 // row-major, k × k
	trace, total float64
}

func (c covariances) at(i, j int) float64 { return c.c[i*c.k+j] }

func (c covariances) rowSum(i int) float64 { return floats.Sum(c.c[i*c.k : (i+1)*c.k]) }

// degenerate reports whether the sum score does not vary, up to rounding.
func (c covariances) degenerate() bool {
	return math.Abs(c.total) <= tolFactor*float64(c.k)*c.trace
}

// covariances computes the matrix, from complete columns by blocks of dot
// products, else pair by pair.
func (s *scaleData) covariances() (covariances, Reason) {
	k := len(s.columns)
	m := covariances{k: k, c: make([]float64, k*k)}
	centred := make([][]float64, k)
	var masks [][]float64
	for i, c := range s.columns {
		mean := c.moments.mean
		x := make([]float64, len(c.values))
		for p, v := range c.values {
			if !math.IsNaN(v) {
				x[p] = v - mean
			}
		}
		centred[i] = x
		if c.missing > 0 && masks == nil {
			masks = make([][]float64, k)
		}
	}
	if masks == nil {
		m.fillComplete(centred)
	} else {
		for i, c := range s.columns {
			masks[i] = make([]float64, len(c.values))
			for p, v := range c.values {
				if !math.IsNaN(v) {
					masks[i][p] = 1
				}
			}
		}
		if why := m.fillPairwise(centred, masks); why != "" {
			return m, why
		}
	}
	for i := range k {
		m.trace += m.at(i, i)
	}
	if !finite(floats.Sum(m.c)) || m.trace == 0 {
		return m, ReasonOutOfRange
	}
	// Every coefficient is a ratio: near a trace of 1 nothing overflows, and a
	// power of two costs no digits.
	_, e := math.Frexp(m.trace)
	for i, v := range m.c {
		m.c[i] = math.Ldexp(v, -e)
	}
	m.trace, m.total = math.Ldexp(m.trace, -e), floats.Sum(m.c)
	if !finite(m.total) {
		return m, ReasonOutOfRange
	}
	return m, ""
}

// fillComplete multiplies centred columns block by block, so that a block of
// every column stays in cache.
func (c *covariances) fillComplete(centred [][]float64) {
	const block = 1024
	n := len(centred[0])
	for from := 0; from < n; from += block {
		to := min(n, from+block)
		for i := range c.k {
			for j := range i + 1 {
				c.c[i*c.k+j] += floats.Dot(centred[i][from:to], centred[j][from:to])
			}
		}
	}
	for i := range c.k {
		for j := range i + 1 {
			v := c.c[i*c.k+j] / float64(n-1)
			c.c[i*c.k+j], c.c[j*c.k+i] = v, v
		}
	}
}

// fillPairwise uses, for each covariance, the people who answered both items.
// Centred columns are zero where missing.
func (c *covariances) fillPairwise(centred, masks [][]float64) Reason {
	for i := range c.k {
		for j := range i + 1 {
			n := floats.Dot(masks[i], masks[j])
			if n < 2 {
				return ReasonNoPairs
			}
			cross := floats.Dot(centred[i], centred[j])
			si, sj := floats.Dot(centred[i], masks[j]), floats.Dot(centred[j], masks[i])
			v := (cross - si*sj/n) / (n - 1)
			c.c[i*c.k+j], c.c[j*c.k+i] = v, v
		}
	}
	return ""
}

// correlations standardises the matrix by its own diagonal, row-major.
func (c covariances) correlations() []float64 {
	r := make([]float64, len(c.c))
	for i := range c.k {
		for j := range c.k {
			r[i*c.k+j] = c.at(i, j) / math.Sqrt(c.at(i, i)) / math.Sqrt(c.at(j, j))
		}
		r[i*c.k+i] = 1
	}
	return r
}

// standardError is the asymptotic SE of alpha (Duhachek & Iacobucci 2004,
// after van Zyl, Neudecker & Nel 2000):
// Q = 2k²/((k−1)² (1′C1)³) · [1′C1 (tr C² + tr²C) − 2 tr C · 1′C²1].
func (c covariances) standardError(n float64) float64 {
	var squares, ofSquare float64 // tr C², 1′C²1
	for i := range c.k {
		row := c.rowSum(i)
		ofSquare += row * row
	}
	for _, v := range c.c {
		squares += v * v
	}
	k := float64(c.k)
	first := c.total * (squares + c.trace*c.trace)
	gap := first - 2*c.trace*ofSquare
	if gap <= tolFactor*k*first { // zero up to rounding, which the root would magnify
		return 0
	}
	return math.Sqrt(2 * k * k / ((k - 1) * (k - 1) * c.total * c.total * c.total) * gap / n)
}

// lambda6 is 1 − Σ(1 − smc)/ΣR, smc being the squared multiple correlation of
// an item with the others, 1 − 1/(R⁻¹)ᵢᵢ.
func lambda6(correlations []float64, k int, total float64) Estimate {
	var chol mat.Cholesky
	sym := mat.NewSymDense(k, correlations)
	if !chol.Factorize(sym) {
		return lambda6Indefinite(sym, k, total)
	}
	if chol.Cond() > 1e12 {
		return unknown(ReasonSingular)
	}
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil {
		return unknown(ReasonSingular)
	}
	unique := 0.0
	for i := range k {
		unique += 1 / inverse.At(i, i)
	}
	return known(1 - unique/total)
}

// lambda6Indefinite is the same where pairwise correlations are not positive
// definite.
func lambda6Indefinite(sym *mat.SymDense, k int, total float64) Estimate {
	var lu mat.LU
	lu.Factorize(sym)
	if !(lu.Cond() <= 1e12) {
		return unknown(ReasonSingular)
	}
	var inverse mat.Dense
	if err := lu.SolveTo(&inverse, false, identity(k)); err != nil {
		return unknown(ReasonSingular)
	}
	unique := 0.0
	for i := range k {
		unique += 1 / inverse.At(i, i)
	}
	if total <= 0 {
		return unknown(ReasonContradictory)
	}
	return atMostOne(1 - unique/total)
}

// identity is the k × k unit matrix.
func identity(k int) *mat.DiagDense {
	ones := make([]float64, k)
	for i := range ones {
		ones[i] = 1
	}
	return mat.NewDiagDense(k, ones)
}
