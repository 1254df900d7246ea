package mixed

import (
	"math"

	"tidemark/analysis"
	"tidemark/analysis/internal/spd"
)

// layoutOf chooses the parameters of a structure and their start.
func layoutOf(f *full, c Covariance, m int, s []float64) []float64 {
	if c != Unstructured {
		layout := correlated{kind: c, m: m}
		f.structure = layout
		return layout.start(s)
	}
	layout := factored{m: m, free: freeElements(make([]int, m))}
	f.structure = layout
	return layout.parameters(definite(s, m))
}

// residualCovariance returns the mean products of the least-squares residuals of
// two visits, over the people who attended both, and the number of those.
func (mo *moments) residualCovariance() (s, counts []float64) {
	m := mo.m
	s, counts = make([]float64, m*m), make([]float64, m*m)
	for _, c := range mo.classes {
		visits := make([]int, c.r)
		for e := range visits {
			for v, x := range c.basis[e*m : (e+1)*m] {
				if x != 0 {
					visits[e] = v
				}
			}
		}
		for e, a := range visits {
			for f, b := range visits[:e+1] {
				at := a*m + b
				s[at] += c.response(e, f)
				counts[at] += c.people
			}
		}
	}
	for a := range m {
		for b := range a + 1 {
			if n := counts[a*m+b]; n > 0 {
				s[a*m+b] /= n
			}
			s[b*m+a], counts[b*m+a] = s[a*m+b], counts[a*m+b]
		}
	}
	return s, counts
}

// startable reports why a structure has parameters without data: a visit whose
// residuals are all zero, or covariances of visits that nobody attended both.
func startable(c Covariance, s, counts []float64, m int) analysis.Reason {
	perLag := make([]float64, m)
	all := 0.0
	for a := range m {
		if c.heterogeneous() || c == Unstructured {
			if s[a*m+a] <= 1e-24 {
				return analysis.ReasonSingularCovariance
			}
		}
		for b := range a {
			n := counts[a*m+b]
			if c == Unstructured && n == 0 {
				return analysis.ReasonNoPairs
			}
			perLag[a-b] += n
			all += n
		}
	}
	if m < 2 {
		return ""
	}
	for _, n := range perLag[1:] {
		if c.perLag() && n == 0 {
			return analysis.ReasonNoPairs
		}
	}
	if all == 0 {
		return analysis.ReasonNoPairs
	}
	return ""
}

// definite returns a factor of a covariance matrix, whose correlations are drawn
// towards zero until it is positive definite: covariances of different people
// need not fit together.
func definite(s []float64, m int) []float64 {
	for keep := 1.0; keep > 1e-3; keep *= 0.9 {
		l := append([]float64{}, s...)
		for a := range m {
			for b := range m {
				if a != b {
					l[a*m+b] *= keep
				}
			}
		}
		if spd.Factor(l, m, definiteTolerance) && !nearlySingularFactor(l, m) {
			return l
		}
	}
	l := make([]float64, m*m)
	for a := range m {
		l[a*m+a] = math.Sqrt(s[a*m+a])
	}
	return l
}

// nearlySingular reports whether some visit is determined by the others but for
// a millionth of its variance.
func nearlySingular(s []float64, m int) bool {
	l := append([]float64{}, s...)
	return !spd.Factor(l, m, definiteTolerance) || nearlySingularFactor(l, m)
}

func nearlySingularFactor(l []float64, m int) bool {
	for a := range m {
		whole := 0.0
		for b := range a + 1 {
			whole += l[a*m+b] * l[a*m+b]
		}
		if l[a*m+a]*l[a*m+a] < 1e-6*whole {
			return true
		}
	}
	return false
}
