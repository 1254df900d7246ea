package missing

import (
	"context"
	"fmt"
	"math"

	"tidemark/analysis"
	"tidemark/analysis/internal/spd"
)

// MomentsResult are the maximum-likelihood estimates of mean and covariance of
// a multivariate normal population from incomplete rows.
type MomentsResult struct {
	// N counts the rows with at least one value, Empty those without any.
	N, Empty int
	// Patterns counts the distinct patterns of missing values among the N.
	Patterns int
	// Mean and Covariance (divisor N) are empty if Reason says so; Covariance has
	// one row per column.
	Mean       []float64
	Covariance [][]float64
	// LogLikelihood is that of the observed values, constants included.
	LogLikelihood analysis.Estimate
	Iterations    int
	// Reason says why there is no solution.
	Reason analysis.Reason
}

// singular is the share of a variable's variance that must not be explained by
// the others for a covariance matrix to count as invertible.
const singular = 1e-10

// emLimit bounds the iterations: EM gains a digit every few to some hundred
// steps, depending on how much is missing.
const emLimit = 100_000

// Moments estimates mean and covariance from all values there are, by the EM
// algorithm (Dempster, Laird & Rubin 1977; Little & Rubin 2002, §11.2), until no
// standardised moment changes by more than 1e-13. It is valid where values are
// missing at random. The error is that of the context.
//
// Not estimable: everything with a column that does not vary, two columns that
// nobody has both values of, linearly dependent columns, or no convergence.
func Moments(ctx context.Context, columns [][]float64) (MomentsResult, error) {
	_, r, err := solveEM(ctx, columns)
	if err != nil {
		return MomentsResult{}, fmt.Errorf("estimate moments: %w", err)
	}
	return r, nil
}

// solveEM is Moments, with the state that it ended in.
func solveEM(ctx context.Context, columns [][]float64) (*em, MomentsResult, error) {
	e, why := newEM(columns)
	r := MomentsResult{N: e.n, Empty: e.empty, Patterns: len(e.patterns), Reason: why}
	if why == "" {
		var err error
		if r.Iterations, r.Reason, err = e.run(ctx); err != nil {
			return nil, MomentsResult{}, err
		}
	}
	r.LogLikelihood = analysis.Unknown(r.Reason)
	if r.Reason == "" {
		e.describe(&r)
	}
	return e, r, nil
}

// em is the state of the algorithm, in standardised variables.
type em struct {
	k, n, empty  int
	centre, unit []float64 // mean and SD of the observed values
	patterns     []emPattern

	mean, cov []float64
	// Working space: sums over patterns, the factor of an observed block, the
	// coefficients of missing on observed variables.
	sum, cross, factor, slopes, block []float64
}

// emPattern holds the sufficient statistics of the rows with one pattern.
type emPattern struct {
	observed, absent []int
	n                float64
	mean             []float64 // of the observed variables
	squares          []float64 // sums of squares and products about that mean
}

// newEM standardises the columns and sums them up by pattern.
func newEM(columns [][]float64) (*em, analysis.Reason) {
	k := len(columns)
	e := &em{k: k, centre: make([]float64, k), unit: make([]float64, k)}
	shape := Patterns(columns)
	e.n, e.empty = shape.N-shape.Empty, shape.Empty
	if k == 0 || e.n == 0 {
		return e, analysis.ReasonNoData
	}
	for j, x := range columns {
		d := analysis.Describe(x, analysis.DefaultLevel)
		switch {
		case !d.SD.OK():
			return e, d.SD.Reason
		case d.SD.Value == 0:
			return e, analysis.ReasonZeroVariance
		}
		e.centre[j], e.unit[j] = d.Mean.Value, d.SD.Value
	}
	if why := together(shape); why != "" {
		return e, why
	}
	for _, p := range shape.Patterns {
		if s := newEMPattern(p); len(s.observed) > 0 {
			e.patterns = append(e.patterns, s)
		}
	}
	e.gather(columns)
	e.mean, e.cov = make([]float64, k), make([]float64, k*k)
	for j := range k {
		e.cov[j*k+j] = 1
	}
	e.sum, e.cross, e.factor, e.slopes, e.block = make([]float64, k),
		make([]float64, k*k), make([]float64, k*k), make([]float64, k*k), make([]float64, k*k)
	return e, ""
}

// together asks that any two columns have a row in common.
func together(shape Missingness) analysis.Reason {
	k := len(shape.Observed)
	for i := range k {
	pair:
		for j := range i {
			for _, p := range shape.Patterns {
				if p.Observed[i] && p.Observed[j] {
					continue pair
				}
			}
			return analysis.ReasonNoPairs
		}
	}
	return ""
}

func newEMPattern(p Pattern) emPattern {
	s := emPattern{n: float64(p.N)}
	for j, o := range p.Observed {
		if o {
			s.observed = append(s.observed, j)
		} else {
			s.absent = append(s.absent, j)
		}
	}
	o := len(s.observed)
	s.mean, s.squares = make([]float64, o), make([]float64, o*o)
	return s
}

// gather fills the sufficient statistics of every pattern in two passes.
func (e *em) gather(columns [][]float64) {
	index := map[string]*emPattern{}
	for i := range e.patterns {
		index[e.patterns[i].key(e.k)] = &e.patterns[i]
	}
	row, key := make([]float64, e.k), make([]byte, e.k)
	each := func(do func(p *emPattern)) {
		for i := range e.n + e.empty {
			for j, x := range columns {
				row[j], key[j] = math.NaN(), 0
				if i < len(x) && !math.IsNaN(x[i]) {
					row[j], key[j] = (x[i]-e.centre[j])/e.unit[j], 1
				}
			}
			if p := index[string(key)]; p != nil {
				do(p)
			}
		}
	}
	each(func(p *emPattern) {
		for a, j := range p.observed {
			p.mean[a] += row[j] / p.n
		}
	})
	each(func(p *emPattern) {
		o := len(p.observed)
		for a, j := range p.observed {
			d := row[j] - p.mean[a]
			for b, l := range p.observed[:a+1] {
				p.squares[a*o+b] += d * (row[l] - p.mean[b])
			}
		}
	})
	for _, p := range e.patterns {
		mirror(p.squares, len(p.observed))
	}
}

// key identifies the pattern.
func (p *emPattern) key(k int) string {
	key := make([]byte, k)
	for _, j := range p.observed {
		key[j] = 1
	}
	return string(key)
}

// mirror copies the lower triangle to the upper one.
func mirror(a []float64, n int) {
	for i := range n {
		for j := range i {
			a[j*n+i] = a[i*n+j]
		}
	}
}

// describe writes the solution in the units of the columns.
func (e *em) describe(r *MomentsResult) {
	r.Mean, r.Covariance = make([]float64, e.k), make([][]float64, e.k)
	for i := range e.k {
		r.Mean[i] = e.centre[i] + e.unit[i]*e.mean[i]
		r.Covariance[i] = make([]float64, e.k)
		for j := range e.k {
			r.Covariance[i][j] = e.unit[i] * e.unit[j] * e.cov[i*e.k+j]
			if !analysis.Finite(r.Covariance[i][j]) {
				r.Reason = analysis.ReasonOutOfRange
			}
		}
	}
	r.LogLikelihood = analysis.Known(e.logLikelihood())
	if r.Reason != "" {
		r.Mean, r.Covariance, r.LogLikelihood = nil, nil, analysis.Unknown(r.Reason)
	}
}

// distance factorises the observed block of the covariance of a pattern and
// returns tr(Σ⁻¹C), C being sums of squares about the current mean without the
// spread within the pattern if spread is false.
func (e *em) distance(p *emPattern, spread bool) float64 {
	o := len(p.observed)
	e.factorise(p)
	d := e.sum[:o]
	total := 0.0
	for a, j := range p.observed {
		d[a] = p.mean[a] - e.mean[j]
	}
	spd.Forward(e.factor, o, d)
	for _, v := range d {
		total += p.n * v * v
	}
	if spread {
		inverse := e.block[:o*o]
		spd.Invert(e.factor[:o*o], o, inverse)
		for i, v := range p.squares {
			total += v * inverse[i]
		}
	}
	return total
}

// logLikelihood is that of the observed values in their own units.
func (e *em) logLikelihood() float64 {
	sum := 0.0
	for i := range e.patterns {
		p := &e.patterns[i]
		o := len(p.observed)
		squares := e.distance(p, true)
		units := 0.0
		for _, j := range p.observed {
			units += math.Log(e.unit[j])
		}
		sum -= 0.5*(p.n*(float64(o)*math.Log(2*math.Pi)+spd.LogDet(e.factor, o))+squares) + p.n*units
	}
	return sum
}
