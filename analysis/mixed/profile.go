package mixed

import "math"

// profiled is −2·log-likelihood of a mixed model with the residual variance
// profiled out, up to a constant: with ν residual degrees of freedom,
//
//	log|V| + log|XᵀV⁻¹X| + ν·log(rss)
//
// without the second term and with ν = n for maximum likelihood (Bates, Mächler,
// Bolker & Walker 2015, equations 33 and 42).
type profiled struct {
	moments   *moments
	structure structure
	ml        bool

	last  *point // of the last value, for slopes
	theta []float64
}

// residual returns ν.
func (f *profiled) residual() float64 {
	if f.ml {
		return float64(f.moments.rows)
	}
	return float64(f.moments.rows - f.moments.k + 1)
}

func (f *profiled) value(theta []float64) float64 {
	pt, ok := f.moments.at(f.structure.matrix(theta))
	if !ok {
		return math.Inf(1)
	}
	f.last, f.theta = pt, theta
	v := pt.logDet + f.residual()*math.Log(pt.rss)
	if !f.ml {
		v += pt.logX
	}
	if math.IsNaN(v) {
		return math.Inf(1)
	}
	return v
}

// slopes needs the point of theta, which is that of the last value.
func (f *profiled) slopes(theta []float64) (gradient, hessian []float64) {
	if f.last == nil || &f.theta[0] != &theta[0] {
		f.value(theta)
	}
	pt := f.last
	d := f.moments.slopes(pt)
	n := len(d.trace)
	nu := f.residual()
	g, h := make([]float64, n), make([]float64, n*n)
	for j := range g {
		g[j] = d.trace[j] + nu*d.rss[j]/pt.rss
		if !f.ml {
			g[j] += d.logX[j]
		}
	}
	d.each(func(j, k int, logDet, logX, rss float64) {
		v := logDet + nu*(rss/pt.rss-d.rss[j]/pt.rss*d.rss[k]/pt.rss)
		if !f.ml {
			v += logX
		}
		h[j*n+k], h[k*n+j] = v, v
	})
	return chain(f.structure, theta, g, h)
}

// full is −2·log-likelihood of a marginal model, up to a constant.
type full struct {
	moments   *moments
	structure structure
	ml        bool

	last  *point
	theta []float64
}

func (f *full) value(theta []float64) float64 {
	pt, ok := f.moments.at(f.structure.matrix(theta))
	if !ok {
		return math.Inf(1)
	}
	f.last, f.theta = pt, theta
	v := pt.logDet + pt.rss
	if !f.ml {
		v += pt.logX
	}
	if math.IsNaN(v) {
		return math.Inf(1)
	}
	return v
}

func (f *full) slopes(theta []float64) (gradient, hessian []float64) {
	if f.last == nil || &f.theta[0] != &theta[0] {
		f.value(theta)
	}
	d := f.moments.slopes(f.last)
	g, h := d.unprofiled(1, f.ml)
	return chain(f.structure, theta, g, h)
}

// unprofiled returns gradient and Hessian, by the elements of S, of
// log|V| + log|XᵀV⁻¹X| + rss/variance.
func (d *derivatives) unprofiled(variance float64, ml bool) (g, h []float64) {
	n := len(d.trace)
	g, h = make([]float64, n), make([]float64, n*n)
	for j := range g {
		g[j] = d.trace[j] + d.rss[j]/variance
		if !ml {
			g[j] += d.logX[j]
		}
	}
	d.each(func(j, k int, logDet, logX, rss float64) {
		v := logDet + rss/variance
		if !ml {
			v += logX
		}
		h[j*n+k], h[k*n+j] = v, v
	})
	return g, h
}
