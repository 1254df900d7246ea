package analysis

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// aliasShare is the share of a centred column's length that must be left beside
// the earlier columns for it to count as independent of them.
const aliasShare = 1e-10

// leastSquares is a linear model fitted by orthogonalisation of centred columns.
// Centring loses nothing where an intercept is fitted anyway, and keeps the
// digits of scores that sit far from zero.
type leastSquares struct {
	n         int
	intercept bool

	// kept are the indices of the columns that are independent, all numbers
	// below belong to those.
	kept    []int
	means   []float64   // of the columns, 0 without an intercept
	scales  []float64   // powers of two that the columns are multiplied with
	q       [][]float64 // orthonormal columns, q·r the centred ones
	inverse [][]float64 // r⁻¹, upper triangular by rows
	beta    []float64   // in scaled units

	yMean, yScale float64
	residuals     []float64 // in scaled units
	explained     float64   // Σ (fitted − mean)², scaled twice
	rss           float64   // Σ residual², scaled twice
	perfect       bool      // residuals are nothing but rounding
}

// fitLeastSquares fits y on columns without missing or infinite values.
func fitLeastSquares(y []float64, columns [][]float64, intercept bool) *leastSquares {
	f := &leastSquares{n: len(y), intercept: intercept}
	var r [][]float64
	for j, x := range columns {
		if rest := f.add(x); rest != nil {
			f.kept, r = append(f.kept, j), append(r, rest)
		}
	}
	f.invert(r)
	f.solve(y, columns, r)
	return f
}

// centred returns a scaled copy of a column less its mean, and its moments.
func (f *leastSquares) centred(x []float64) (out []float64, mean float64, m moments) {
	m = newMoments(x, 0)
	if f.intercept {
		mean = m.mean * m.scale
	}
	out = make([]float64, len(x))
	for i, v := range x {
		out[i] = v*m.scale - mean
	}
	if f.intercept { // the rounding of the mean
		rest := floats.Sum(out) / float64(len(out))
		floats.AddConst(-rest, out)
		mean += rest
	}
	return out, mean, m
}

// add orthonormalises a column against the earlier ones and returns its column
// of r; nil if it is a combination of them. It sweeps twice: once is not enough
// for orthogonality to rounding (Giraud, Langou, Rozložník & van den Eshof
// 2005).
func (f *leastSquares) add(x []float64) []float64 {
	c, mean, m := f.centred(x)
	whole := floats.Norm(c, 2)
	noise := tolFactor * m.magnitude * m.scale * math.Sqrt(float64(len(x)))
	if f.intercept && m.constant || whole == 0 {
		return nil
	}
	r := make([]float64, len(f.q)+1)
	for range 2 {
		for k, e := range f.q {
			d := floats.Dot(e, c)
			floats.AddScaled(c, -d, e)
			r[k] += d
		}
	}
	left := floats.Norm(c, 2)
	if left <= math.Max(aliasShare*whole, noise) {
		return nil
	}
	floats.Scale(1/left, c)
	r[len(f.q)] = left
	f.q, f.means, f.scales = append(f.q, c), append(f.means, mean), append(f.scales, m.scale)
	return r
}

// invert solves r·inverse = 1 from the last row up; r[j] is the column j of r.
func (f *leastSquares) invert(r [][]float64) {
	p := len(r)
	f.inverse = make([][]float64, p)
	for i := p - 1; i >= 0; i-- {
		f.inverse[i] = make([]float64, p)
		f.inverse[i][i] = 1 / r[i][i]
		for j := i + 1; j < p; j++ {
			sum := 0.0
			for k := i + 1; k <= j; k++ {
				sum += r[k][i] * f.inverse[k][j]
			}
			f.inverse[i][j] = -sum / r[i][i]
		}
	}
}

// solve fits the response.
func (f *leastSquares) solve(y []float64, columns [][]float64, r [][]float64) {
	e, mean, m := f.centred(y)
	f.yMean, f.yScale = mean, m.scale
	along := make([]float64, len(f.q))
	for range 2 {
		for k, q := range f.q {
			d := floats.Dot(q, e)
			floats.AddScaled(e, -d, q)
			along[k] += d
		}
	}
	f.beta = make([]float64, len(f.q))
	for i := len(f.q) - 1; i >= 0; i-- {
		sum := along[i]
		for k := i + 1; k < len(f.q); k++ {
			sum -= r[k][i] * f.beta[k]
		}
		f.beta[i] = sum / r[i][i]
	}
	f.residuals = e
	f.explained, f.rss = floats.Dot(along, along), floats.Dot(e, e)
	entered := m.magnitude * m.scale
	for k, j := range f.kept {
		entered += math.Abs(f.beta[k]) * floats.Norm(columns[j], math.Inf(1)) * f.scales[k]
	}
	f.perfect = floats.Norm(e, math.Inf(1)) <= tolFactor*entered
}

// df are the residual degrees of freedom.
func (f *leastSquares) df() int {
	df := f.n - len(f.kept)
	if f.intercept {
		df--
	}
	return df
}

// judged returns the reason why there is no variance to judge by, or "".
func (f *leastSquares) judged() Reason {
	switch {
	case f.df() < 1:
		return ReasonPeopleTooFew
	case f.perfect:
		return ReasonPerfectFit
	}
	return ""
}

// sigma is the residual SD, scaled.
func (f *leastSquares) sigma() float64 { return math.Sqrt(f.rss / float64(f.df())) }

// slope is the coefficient of the kept column k and its SE for a residual SD of
// 1, in the units of the data.
func (f *leastSquares) slope(k int) (value, unit float64) {
	back := f.scales[k] / f.yScale
	return f.beta[k] * back, floats.Norm(f.inverse[k], 2) * back
}

// at is the mean of the response at a point of the kept columns, and its SE for
// a residual SD of 1, in the units of the data.
func (f *leastSquares) at(point []float64) (value, unit float64) {
	away := make([]float64, len(f.beta))
	value = f.yMean
	for k, x := range point {
		d := x*f.scales[k] - f.means[k]
		value += d * f.beta[k]
		floats.AddScaled(away, d, f.inverse[k])
	}
	unit = floats.Norm(away, 2)
	if f.intercept {
		unit = math.Hypot(unit, 1/math.Sqrt(float64(f.n)))
	}
	return value / f.yScale, unit / f.yScale
}

// leverage returns the diagonal of the hat matrix.
func (f *leastSquares) leverage() []float64 {
	h := make([]float64, f.n)
	if f.intercept {
		floats.AddConst(1/float64(f.n), h)
	}
	for _, q := range f.q {
		for i, v := range q {
			h[i] += v * v
		}
	}
	return h
}

// weights returns what each row counts for in the coefficient of the kept column
// k, or in the intercept for k = −1, in scaled units.
func (f *leastSquares) weights(k int) []float64 {
	w := make([]float64, f.n)
	if k >= 0 {
		for l := k; l < len(f.q); l++ {
			floats.AddScaled(w, f.inverse[k][l], f.q[l])
		}
		return w
	}
	floats.AddConst(1/float64(f.n), w)
	along := make([]float64, len(f.q))
	for j, mean := range f.means {
		floats.AddScaled(along, -mean, f.inverse[j])
	}
	for l, q := range f.q {
		floats.AddScaled(w, along[l], q)
	}
	return w
}

// robust returns the HC3 standard error of a coefficient, which keeps its
// meaning where the residual variance differs between rows (MacKinnon & White
// 1985): √Σ (weight · residual/(1 − leverage))².
func (f *leastSquares) robust(k int, leverage []float64) Estimate {
	if why := f.judged(); why != "" {
		return Unknown(why)
	}
	sum := 0.0
	for i, w := range f.weights(k) {
		gap := 1 - leverage[i]
		if gap <= tolFactor*float64(len(f.q)+1) {
			return Unknown(ReasonLeverage)
		}
		d := w * f.residuals[i] / gap
		sum += d * d
	}
	scale := 1 / f.yScale
	if k >= 0 {
		scale *= f.scales[k]
	}
	return Known(math.Sqrt(sum) * scale)
}
