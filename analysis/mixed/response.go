package mixed

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis/design"
)

// response is the response beside its least-squares fit, in the coordinates in
// which the columns of X are orthonormal. Working on residuals keeps the digits
// of data far from zero, and a scale near 1 those of very large or small ones.
type response struct {
	q, r  [][]float64
	gamma []float64 // Qᵀy, in units of y
	e     []float64 // scale·(y − Q·gamma)
	scale float64   // a power of two
	exact bool      // the fixed effects alone fit to rounding
}

// newResponse fits the fixed effects of a design by least squares.
func newResponse(d *design.Design) response {
	q, r := d.Orthonormal()
	largest := 0.0
	for _, v := range d.Y {
		largest = math.Max(largest, math.Abs(v))
	}
	out := response{q: q, r: r, gamma: make([]float64, len(q)), scale: powerOfTwo(largest)}
	out.e = make([]float64, len(d.Y))
	floats.ScaleTo(out.e, out.scale, d.Y)
	for range 2 { // the second sweep removes the rounding of the first
		for j, x := range q {
			c := floats.Dot(x, out.e)
			floats.AddScaled(out.e, -c, x)
			out.gamma[j] += c / out.scale
		}
	}
	rms := floats.Norm(out.e, 2) / math.Sqrt(math.Max(1, float64(len(out.e))))
	out.exact = rms <= 8*epsilon*largest*out.scale
	if !out.exact {
		again := powerOfTwo(rms)
		floats.Scale(again, out.e)
		out.scale *= again
	}
	return out
}

// epsilon is the distance from 1 to the next number.
const epsilon = 0x1p-52

// powerOfTwo returns the power of two that brings v near 1; it stays far from
// the ends of the range, so that its product with another one exists.
func powerOfTwo(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 1
	}
	_, exponent := math.Frexp(v)
	return math.Ldexp(1, -min(max(exponent, -1000), 1000))
}

// lean is the response without the columns of Q, which the design makes again for
// the few who ask. A report keeps many models, and these are most of each.
func (r response) lean() response {
	r.q = nil
	return r
}

// columns returns [Q e], the columns of the moments.
func (r response) columns() [][]float64 { return append(append([][]float64{}, r.q...), r.e) }

// direction returns the coefficients of a contrast l of the fixed effects in the
// orthonormal coordinates: it solves Rᵀ·a = l.
func (r response) direction(l []float64) []float64 {
	a := make([]float64, len(l))
	for j, v := range l {
		for k := range j {
			v -= r.r[j][k] * a[k]
		}
		a[j] = v / r.r[j][j]
	}
	return a
}

// logR is log|RᵀR|, by which log|XᵀV⁻¹X| differs from log|QᵀV⁻¹Q|.
func (r response) logR() float64 {
	s := 0.0
	for j, column := range r.r {
		s += math.Log(column[j])
	}
	return 2 * s
}
