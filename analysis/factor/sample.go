package factor

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tidemark/analysis"
	"tidemark/analysis/internal/spd"
)

// dependent is the share of an item's variance that the others must leave for a
// covariance matrix to count as regular.
const dependent = 1e-10

// units are the scale on which models are fitted: centre and standard deviation
// of each item. Maximum likelihood does not depend on them.
type units struct{ centre, sd []float64 }

// unitsOf takes the units from columns of answers.
func unitsOf(columns [][]float64) units {
	u := units{centre: make([]float64, len(columns)), sd: make([]float64, len(columns))}
	for i, x := range columns {
		d := analysis.Describe(x, analysis.DefaultLevel)
		u.centre[i], u.sd[i] = d.Mean.Value, d.SD.Value
	}
	return u
}

// fault is the reason why the units cannot be used.
func (u units) fault() analysis.Reason {
	for i, sd := range u.sd {
		if !(sd > 0) || !analysis.Finite(1/sd) || !analysis.Finite(u.centre[i]) {
			return analysis.ReasonOutOfRange
		}
	}
	return ""
}

// newSample computes the moments of complete columns in the units given.
func newSample(columns [][]float64, u units) (sample, analysis.Reason) {
	p, n := len(columns), len(columns[0])
	s := sample{n: float64(n), cov: make([]float64, p*p), mean: make([]float64, p)}
	centred := make([][]float64, p)
	for i, x := range columns {
		z := make([]float64, n)
		for k, v := range x {
			z[k] = (v - u.centre[i]) / u.sd[i]
		}
		s.mean[i] = floats.Sum(z) / s.n
		floats.AddConst(-s.mean[i], z)
		centred[i] = z
	}
	for i := range p {
		for j := range i + 1 {
			v := floats.Dot(centred[i], centred[j]) / s.n
			s.cov[i*p+j], s.cov[j*p+i] = v, v
		}
	}
	return s, s.measure()
}

// measure computes the determinant; a singular matrix is a reason.
func (s *sample) measure() analysis.Reason {
	p := len(s.mean)
	work := append([]float64(nil), s.cov...)
	if !spd.Factor(work, p, dependent) {
		return analysis.ReasonSingular
	}
	s.logDet = spd.LogDet(work, p)
	return ""
}

// standardised is the sample of the correlation matrix, without means.
func (s *sample) standardised() sample {
	p := len(s.mean)
	out := sample{n: s.n, cov: make([]float64, p*p), mean: make([]float64, p), logDet: s.logDet}
	for i := range p {
		for j := range p {
			out.cov[i*p+j] = s.cov[i*p+j] / math.Sqrt(s.cov[i*p+i]*s.cov[j*p+j])
		}
		out.cov[i*p+i] = 1
		out.logDet -= math.Log(s.cov[i*p+i])
	}
	return out
}

// firstGuess are loadings and residual variances of one factor to start from:
// the first principal axis with squared multiple correlations as communalities.
func firstGuess(cov []float64, p int) (loadings, residuals []float64) {
	loadings, residuals = make([]float64, p), make([]float64, p)
	work, inverse := append([]float64(nil), cov...), make([]float64, p*p)
	reduced := mat.NewSymDense(p, append([]float64(nil), cov...))
	if spd.Factor(work, p, dependent) {
		spd.Invert(work, p, inverse)
		for i := range p {
			reduced.SetSym(i, i, cov[i*p+i]-1/inverse[i*p+i])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(reduced, true) {
		eigen.Factorize(mat.NewSymDense(p, cov), true)
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	root := math.Sqrt(math.Max(eigen.Values(nil)[p-1], 0.1))
	sum := 0.0
	for i := range p {
		loadings[i] = root * vectors.At(i, p-1)
		sum += loadings[i]
	}
	for i := range p {
		if sum < 0 {
			loadings[i] = -loadings[i]
		}
		variance := cov[i*p+i]
		if bound := 0.9 * math.Sqrt(variance); math.Abs(loadings[i]) > bound {
			loadings[i] = math.Copysign(bound, loadings[i])
		}
		residuals[i] = variance - loadings[i]*loadings[i]
	}
	return loadings, residuals
}
