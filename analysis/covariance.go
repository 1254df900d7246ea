package analysis

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// covariances is a symmetric covariance matrix scaled to a trace of about 1, with
// its sums.
type covariances struct {
	k            int
	c            []float64 // row-major, k × k
	trace, total float64
	// exponent is that of the power of two by which the matrix was divided.
	exponent int
}

// normal divides by a power of two, which costs no digits, so that the trace is
// about 1: every coefficient is a ratio, and nothing overflows.
func (c covariances) normal() (covariances, Reason) {
	for i := range c.k {
		c.trace += c.at(i, i)
	}
	if !Finite(floats.Sum(c.c)) || c.trace == 0 {
		return c, ReasonOutOfRange
	}
	_, c.exponent = math.Frexp(c.trace)
	for i, v := range c.c {
		c.c[i] = math.Ldexp(v, -c.exponent)
	}
	c.trace, c.total = math.Ldexp(c.trace, -c.exponent), floats.Sum(c.c)
	if !Finite(c.total) {
		return c, ReasonOutOfRange
	}
	return c, ""
}

// sdOfSum is the SD of the sum score. It is exact where the total is not what
// rounding left of covariances that cancel.
func (c covariances) sdOfSum() (sd float64, exact bool) {
	half := c.exponent >> 1
	sd = math.Sqrt(math.Ldexp(c.total, c.exponent-2*half))
	return math.Ldexp(sd, half), c.total >= c.trace/2
}

func (c covariances) at(i, j int) float64 { return c.c[i*c.k+j] }

func (c covariances) rowSum(i int) float64 { return floats.Sum(c.c[i*c.k : (i+1)*c.k]) }

// degenerate reports whether the sum score does not vary, up to rounding.
func (c covariances) degenerate() bool {
	return math.Abs(c.total) <= tolFactor*float64(c.k)*c.trace
}

// fillComplete multiplies columns without missing values, by blocks of people.
func (c *covariances) fillComplete(columns []itemColumn) {
	const block = 1 << 13
	n := len(columns[0].values)
	parts := make([][]float64, (n+block-1)/block)
	inBlocks(n, block, func(b, from, to int) { parts[b] = crossProducts(columns, from, to) })
	for _, part := range parts {
		floats.Add(c.c, part)
	}
	for i := range c.k {
		for j := range i + 1 {
			v := c.c[i*c.k+j] / float64(n-1)
			c.c[i*c.k+j], c.c[j*c.k+i] = v, v
		}
	}
}

// crossProducts are the products of centred columns, summed over some people: the
// lower triangle. People are taken a few at a time, so that the centred answers
// of all items stay in cache.
func crossProducts(columns []itemColumn, from, to int) []float64 {
	const few = 256
	k := len(columns)
	out, centred := make([]float64, k*k), make([]float64, k*few)
	for ; from < to; from += few {
		n := min(few, to-from)
		for i, c := range columns {
			x, mean := centred[i*few:i*few+n], c.moments.mean
			for p, v := range c.values[from : from+n] {
				x[p] = v - mean
			}
			for j := range i + 1 {
				out[i*k+j] += floats.Dot(x, centred[j*few:j*few+n])
			}
		}
	}
	return out
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
		return Unknown(ReasonSingular)
	}
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil {
		return Unknown(ReasonSingular)
	}
	unique := 0.0
	for i := range k {
		unique += 1 / inverse.At(i, i)
	}
	return Known(1 - unique/total)
}

// lambda6Indefinite is the same where pairwise correlations are not positive
// definite.
func lambda6Indefinite(sym *mat.SymDense, k int, total float64) Estimate {
	var lu mat.LU
	lu.Factorize(sym)
	if !(lu.Cond() <= 1e12) {
		return Unknown(ReasonSingular)
	}
	var inverse mat.Dense
	if err := lu.SolveTo(&inverse, false, identity(k)); err != nil {
		return Unknown(ReasonSingular)
	}
	unique := 0.0
	for i := range k {
		unique += 1 / inverse.At(i, i)
	}
	if total <= 0 {
		return Unknown(ReasonContradictory)
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
