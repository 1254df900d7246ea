package mixed

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tidemark/analysis"
)

// negligible is the variance of a random effect, relative to the residual
// variance, at which it counts as zero. It is the square of the tolerance that
// lme4 has for its factor, 1e-4, made a little stricter.
const negligible = 1e-9

// finish computes what follows from the optimum.
func (r *LMMResult) finish(f *profiled, layout factored, best minimum) {
	w, mo := r.work, r.work.moments
	theta := best.theta
	s := layout.matrix(theta)
	if snapped, ok := snap(s, w.blocks); ok {
		// Only a variance that the likelihood does not miss is set to zero.
		if next := layout.parameters(factor(snapped, mo.m)); f.value(next) <= best.value+1e-7 {
			theta, s, r.Singular = next, layout.matrix(next), true
		}
	}
	pt, ok := mo.at(s)
	if !ok {
		r.infer.beta = nil
		_ = r.stop(analysis.ReasonNotConverged)
		return
	}
	nu := f.residual()
	w.s, w.sigma2 = s, pt.rss/nu
	d := mo.slopes(pt)
	inf := r.infer
	inf.point, inf.slopes, inf.variance = pt, d, w.sigma2
	inf.beta = make([]float64, pt.p)
	for i, g := range inf.response.gamma {
		inf.beta[i] = g + pt.beta[i]/inf.response.scale
	}
	inf.parameters = packedLen(mo.m) + 1
	inf.observed, ok = observedCovariance(layout, theta, d, nu, w.sigma2, f.ml)
	if !ok {
		inf.reason = analysis.ReasonNotConverged
	}
	if f.ml {
		inf.reasonKR = analysis.ReasonNeedsREML
	} else if inf.expected, ok = expectedCovariance(d, mo, w); ok {
		inf.adjustment = mo.kenwardRoger(pt, d, inf.expected, inf.parameters)
	} else {
		inf.reasonKR = analysis.ReasonNotConverged
	}
	logLik := pt.logDet + nu*(1+math.Log(2*math.Pi*w.sigma2)) - 2*nu*math.Log(inf.response.scale)
	if !f.ml {
		logLik += pt.logX + inf.response.logR()
	}
	r.LogLikelihood = analysis.Known(-logLik / 2)
}

// snap sets the negligible eigenvalues of the covariance of each term to zero
// and reports whether there were any.
func snap(s []float64, blocks []int) ([]float64, bool) {
	m := len(blocks)
	out := append([]float64{}, s...)
	found := false
	for from := 0; from < m; {
		to := from
		for to < m && blocks[to] == blocks[from] {
			to++
		}
		n := to - from
		block := mat.NewSymDense(n, nil)
		for i := range n {
			for j := range i + 1 {
				block.SetSym(i, j, s[(from+i)*m+from+j])
			}
		}
		var e mat.EigenSym
		if e.Factorize(block, true) {
			var v mat.Dense
			e.VectorsTo(&v)
			for c, value := range e.Values(nil) {
				if value > negligible {
					continue
				}
				found = true
				for i := range n {
					for j := range n {
						out[(from+i)*m+from+j] -= value * v.At(i, c) * v.At(j, c)
					}
				}
			}
		}
		from = to
	}
	return out, found
}

// factor returns a lower triangular L with L·Lᵀ = S for a semidefinite S; a
// pivot of rounding size makes its column zero.
func factor(s []float64, m int) []float64 {
	l := make([]float64, m*m)
	for j := range m {
		d := s[j*m+j]
		for k := range j {
			d -= l[j*m+k] * l[j*m+k]
		}
		if d <= 1e-13*math.Max(s[j*m+j], negligible) {
			continue
		}
		l[j*m+j] = math.Sqrt(d)
		for i := j + 1; i < m; i++ {
			v := s[i*m+j]
			for k := range j {
				v -= l[i*m+k] * l[j*m+k]
			}
			l[i*m+j] = v / l[j*m+j]
		}
	}
	return l
}

// observedCovariance returns the inverse of the observed information of the
// elements of S and the residual variance. Where a variance is zero, its factor
// is at a stationary point that the likelihood is symmetric about, and moving it
// does not change the covariance of the fixed effects to first order: it counts
// as known.
func observedCovariance(layout factored, theta []float64, d *derivatives, nu, sigma2 float64, ml bool) ([]float64, bool) {
	g, h := d.unprofiled(sigma2, ml)
	_, hs := chain(layout, theta, g, h)
	jacobian := layout.jacobian(theta)
	n, m := len(theta), len(g)
	size := n + 1
	all := make([]float64, size*size)
	for i := range n {
		copy(all[i*size:], hs[i*n:(i+1)*n])
		v := -floats.Dot(jacobian[i], d.rss) / (sigma2 * sigma2)
		all[i*size+n], all[n*size+i] = v, v
	}
	all[n*size+n] = nu / (sigma2 * sigma2) // −ν/σ⁴ + 2·rss/σ⁶ with rss = ν·σ²
	cov, _, ok := invertInformation(all, size)
	if !ok {
		return nil, false
	}
	wide := make([][]float64, size) // the Jacobian with the residual variance
	for i := range n {
		wide[i] = append(append([]float64{}, jacobian[i]...), 0)
	}
	wide[n] = make([]float64, m+1)
	wide[n][m] = 1
	return transport(wide, cov, 2), true
}

// transport returns factor·Jᵀ·C·J for the rows of J.
func transport(j [][]float64, c []float64, factor float64) []float64 {
	n, m := len(j), len(j[0])
	out := make([]float64, m*m)
	for a := range n {
		for b := range n {
			v := factor * c[a*n+b]
			if v == 0 {
				continue
			}
			for x, jx := range j[a] {
				if jx != 0 {
					floats.AddScaled(out[x*m:(x+1)*m], v*jx, j[b])
				}
			}
		}
	}
	return out
}

// expectedCovariance returns the inverse of the expected REML information
//
//	½·tr(P·V_j·P·V_k),  P = V⁻¹ − V⁻¹X(XᵀV⁻¹X)⁻¹XᵀV⁻¹
//
// of the elements of S within terms and the residual variance.
func expectedCovariance(d *derivatives, mo *moments, w *lmmWork) ([]float64, bool) {
	n := len(d.trace)
	size := n + 1
	var free []int
	for a := range mo.m {
		for b := range a + 1 {
			if w.blocks[a] == w.blocks[b] {
				free = append(free, packed(a, b))
			}
		}
	}
	free = append(free, n)
	k := len(free)
	info := make([]float64, k*k)
	for x, i := range free {
		for y, j := range free[:x+1] {
			v := 0.0
			switch {
			case j == n:
				v = float64(mo.rows-mo.k+1) / (w.sigma2 * w.sigma2)
			case i == n:
				v = (d.trace[j] + d.logX[j]) / w.sigma2
			default:
				i, j := max(i, j), min(i, j)
				v = d.trace2[i*n+j] - d.logX2[i*n+j] + floats.Dot(d.x[i], d.x[j])
			}
			info[x*k+y], info[y*k+x] = v/2, v/2
		}
	}
	cov, _, ok := invertInformation(info, k)
	if !ok {
		return nil, false
	}
	out := make([]float64, size*size)
	for x, i := range free {
		for y, j := range free {
			out[i*size+j] = cov[x*k+y]
		}
	}
	return out, true
}
