package design

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis"
)

// aliasTolerance is the share of a column's length that must be left beside the
// earlier columns. R's lm asks for 1e-7, which gives up numbers that double
// precision still tells apart.
const aliasTolerance = 1e-10

// independent orthonormalises the columns from left to right and keeps those
// that are not combinations of earlier ones. Each column is swept twice: once is
// not enough for orthogonality to rounding (Giraud, Langou, Rozložník & van den
// Eshof 2005, Numerische Mathematik 101, 87–100).
func (d *Design) independent(all block) {
	d.combination = make(map[int][]float64)
	done := 0
	if all.leading != nil {
		d.q, d.r = disjoint(*all.leading)
		done = len(d.q)
		d.X, d.Names = slices.Clone(all.columns[:done]), slices.Clone(all.names[:done])
		for j := range done {
			d.Effects[j].Column = j
		}
	}
	for j, x := range all.columns[done:] {
		j += done
		q, r := d.residual(x)
		if q == nil {
			d.Effects[j].Reason = analysis.ReasonAliased
			d.combination[j] = d.combine(r)
			continue
		}
		d.Effects[j].Column = len(d.X)
		d.X, d.Names = append(d.X, x), append(d.Names, all.names[j])
		d.q, d.r = append(d.q, q), append(d.r, r)
	}
	d.leading, d.q = all.leading, slices.Clone(d.q[done:])
}

// Orthonormal returns X = Q·R: the columns of q are orthonormal, and r[j] holds
// the j+1 coefficients of column j of X, the last of them positive. The caller
// must not change them. Columns of a factor that has a mean for each level are made
// anew at each call.
func (d *Design) Orthonormal() (q, r [][]float64) {
	if d.leading == nil {
		return d.q, d.r
	}
	q, _ = disjoint(*d.leading)
	return append(q, d.q...), d.r
}

// Release gives up the columns of X, for whoever keeps a design after its model was
// fitted; their number, names and effects stay, and so does all else that a fitted
// model answers from.
func (d *Design) Release() { clear(d.X) }

// disjoint orthonormalises the indicators of a factor's levels, every one of which
// occurs. They have no row in common and are orthogonal as they are; the length of
// each is the root of how often its level occurs.
func disjoint(f factor) (q, r [][]float64) {
	entries := make([]float64, len(f.levels))
	for _, c := range f.codes {
		entries[c]++
	}
	for l, n := range entries {
		length := math.Sqrt(n)
		row := make([]float64, l+1)
		row[l] = length
		q, r = append(q, make([]float64, len(f.codes))), append(r, row)
		entries[l] = 1 / length
	}
	for row, c := range f.codes {
		q[c][row] = entries[c]
	}
	return q, r
}

// combine turns the coefficients of a column by q into those by the columns of X.
func (d *Design) combine(r []float64) []float64 {
	c := make([]float64, len(d.X))
	copy(c, r)
	for k := len(c) - 1; k >= 0; k-- {
		c[k] /= d.r[k][k]
		for i := range k {
			c[i] -= d.r[k][i] * c[k]
		}
	}
	return c
}

// residual returns what is left of a column beside d.q, with length 1, and its
// coefficients; q is nil if nothing is left.
func (d *Design) residual(x []float64) (q, r []float64) {
	largest := 0.0
	for _, v := range x {
		largest = math.Max(largest, math.Abs(v))
	}
	if largest == 0 {
		return nil, nil
	}
	// A scale near 1 keeps squares of very large and small numbers in range.
	_, exponent := math.Frexp(largest)
	scale := math.Ldexp(1, -max(exponent, -1000))
	q = make([]float64, len(x))
	floats.ScaleTo(q, scale, x)
	whole := floats.Norm(q, 2)
	r = make([]float64, len(d.q)+1)
	for range 2 {
		for k, e := range d.q {
			c := floats.Dot(e, q)
			floats.AddScaled(q, -c, e)
			r[k] += c
		}
	}
	left := floats.Norm(q, 2)
	if left <= aliasTolerance*whole {
		floats.Scale(1/scale, r)
		return nil, r
	}
	floats.Scale(1/left, q)
	r[len(d.q)] = left
	floats.Scale(1/scale, r)
	return q, r
}
