package mixed

import (
	"math"

	"tidemark/analysis"
	"tidemark/analysis/internal/spd"
)

// finish computes what follows from the optimum.
func (r *MMRMResult) finish(f *full, theta, s []float64) {
	mo, inf := r.moments, r.infer
	pt, ok := mo.at(s)
	if !ok {
		r.Reason = analysis.ReasonSingularCovariance
		return
	}
	d := mo.slopes(pt)
	g, h := d.unprofiled(1, f.ml)
	_, hessian := chain(f.structure, theta, g, h)
	cov, rank, ok := invertInformation(hessian, len(theta))
	if !ok || rank < len(theta) {
		r.Reason = analysis.ReasonNotIdentified
		return
	}
	r.s = s
	inf.point, inf.slopes, inf.variance, inf.parameters = pt, d, 1, packedLen(mo.m)
	inf.beta = make([]float64, pt.p)
	for i, b := range inf.response.gamma {
		inf.beta[i] = b + pt.beta[i]/inf.response.scale
	}
	inf.observed = transport(f.structure.jacobian(theta), cov, 2)
	inf.expected, inf.reasonKR, inf.adjustment = inf.observed, "", nil
	if f.ml {
		inf.reasonKR = analysis.ReasonNeedsREML
	} else {
		inf.adjustment = mo.kenwardRoger(pt, d, inf.observed, inf.parameters)
	}
	nu := float64(mo.rows)
	logLik := pt.logDet + pt.rss
	if !f.ml {
		nu -= float64(pt.p)
		logLik += pt.logX + inf.response.logR()
	}
	logLik += nu * (math.Log(2*math.Pi) - 2*math.Log(inf.response.scale))
	r.LogLikelihood = analysis.Known(-logLik / 2)
}

// describe fills the estimates from the fit, or with the reason of the result.
func (r *MMRMResult) describe(ml bool) {
	for _, e := range r.design.Effects {
		r.Coefficients = append(r.Coefficients, effect(r.infer, e.Name, e.Column, len(r.design.X)))
	}
	m := len(r.Visits)
	for a := range m {
		covariances, correlations := make([]analysis.Estimate, a+1), make([]analysis.Estimate, a)
		for b := range a + 1 {
			v, c := math.NaN(), math.NaN()
			if r.Reason == "" {
				v = r.s[a*m+b] / r.infer.response.scale / r.infer.response.scale
				c = r.s[a*m+b] / math.Sqrt(r.s[a*m+a]) / math.Sqrt(r.s[b*m+b])
			}
			covariances[b] = analysis.KnownUnless(r.Reason, v)
			if b < a {
				correlations[b] = analysis.KnownUnless(r.Reason, c)
			}
		}
		r.Covariances, r.Correlations = append(r.Covariances, covariances), append(r.Correlations, correlations)
	}
	reason := analysis.FirstReason(r.Reason, r.LogLikelihood.Reason)
	deviance, k := -2*r.LogLikelihood.Value, float64(r.CovarianceParameters)
	if ml {
		k += float64(len(r.design.X))
	}
	r.LogLikelihood = analysis.KnownUnless(reason, r.LogLikelihood.Value)
	r.Deviance = analysis.KnownUnless(reason, deviance)
	r.AIC = analysis.KnownUnless(reason, deviance+2*k)
	r.BIC = analysis.KnownUnless(reason, deviance+math.Log(float64(r.People))*k)
}

// Contrast estimates a combination of the fixed effects: one weight per column
// of the design's X. A row of design.Rows makes it a model mean, the difference
// of two rows a difference of means.
func (r *MMRMResult) Contrast(name string, weights []float64) Coefficient {
	return contrast(r.infer, name, weights, len(r.design.X))
}

// CoefficientCovariance returns the model's covariance of the estimates of two fixed
// effects, by their columns in the design's X.
func (r *MMRMResult) CoefficientCovariance(i, j int) analysis.Estimate {
	return columnCovariance(r.infer, i, j, len(r.design.X))
}

// SecondOrder tests a contrast by Kenward–Roger with the second derivatives of an
// unstructured covariance by the parameters of the R package mmrm (logarithms of
// the diagonal of D and the elements of a unit lower triangular L in D·L·Lᵀ·D).
// The correction depends on the parameters chosen and can shrink standard errors;
// Coefficient.KenwardRoger does not and is to be preferred. This is for comparing
// with that package, whose default it is.
func (r *MMRMResult) SecondOrder(weights []float64) Test {
	reason := analysis.FirstReason(r.Reason, r.infer.reasonKR)
	if reason == "" && r.Covariance != Unstructured {
		reason = analysis.ReasonNotApplicable
	}
	if reason != "" {
		return noTest(reason, r.Level)
	}
	inf := *r.infer
	extra, ok := r.secondDerivatives()
	if !ok {
		return noTest(analysis.ReasonNotConverged, r.Level)
	}
	p := inf.point.p
	inf.adjustment = append([]float64{}, inf.adjustment...)
	for j, x := range inf.slopes.x {
		for i := range p * p {
			inf.adjustment[i] += extra[j] * x[i] / 4
		}
	}
	return contrast(&inf, "", weights, len(r.design.X)).KenwardRoger
}

// secondDerivatives returns Σ_jk W_jk·∂²S/∂θ_j∂θ_k, packed.
func (r *MMRMResult) secondDerivatives() ([]float64, bool) {
	layout := scaledFactor{m: len(r.Visits)}
	theta, ok := layout.start(r.s)
	if !ok {
		return nil, false
	}
	n := len(theta)
	g, h := r.infer.slopes.unprofiled(1, false)
	clear(g) // it is zero at the optimum, but for rounding
	_, hessian := chain(layout, theta, g, h)
	w, _, ok := invertInformation(hessian, n)
	if !ok {
		return nil, false
	}
	out := make([]float64, packedLen(layout.m))
	unit := make([]float64, len(out))
	for j := range out {
		clear(unit)
		unit[j] = 1
		for i, c := range layout.curvature(theta, unit) {
			out[j] += 2 * w[i] * c
		}
	}
	return out, true
}

// scaledFactor is S = D·L·Lᵀ·D for D = diag(exp θ_a) and a unit lower triangular
// L, whose elements below the diagonal follow row by row.
type scaledFactor struct{ m int }

func (f scaledFactor) start(s []float64) ([]float64, bool) {
	l := append([]float64{}, s...)
	if !spd.Factor(l, f.m, definiteTolerance) {
		return nil, false
	}
	theta := make([]float64, packedLen(f.m))
	for a := range f.m {
		theta[a] = math.Log(l[a*f.m+a])
		for b := range a {
			theta[f.element(a, b)] = l[a*f.m+b] / l[a*f.m+a]
		}
	}
	return theta, true
}

// element is the index of L_ab, a > b.
func (f scaledFactor) element(a, b int) int { return f.m + a*(a-1)/2 + b }

// rows returns exp(θ_a) and the rows of L.
func (f scaledFactor) rows(theta []float64) (d []float64, l [][]float64) {
	for a := range f.m {
		row := make([]float64, f.m)
		row[a] = 1
		for b := range a {
			row[b] = theta[f.element(a, b)]
		}
		d, l = append(d, math.Exp(theta[a])), append(l, row)
	}
	return d, l
}

func (f scaledFactor) matrix(theta []float64) []float64 {
	d, l := f.rows(theta)
	s := make([]float64, f.m*f.m)
	for a := range f.m {
		for b := range f.m {
			s[a*f.m+b] = d[a] * d[b] * dot(l[a], l[b])
		}
	}
	return s
}

func dot(x, y []float64) float64 {
	s := 0.0
	for i, v := range x {
		s += v * y[i]
	}
	return s
}

func (f scaledFactor) jacobian(theta []float64) [][]float64 {
	d, l := f.rows(theta)
	out := make([][]float64, len(theta))
	for i := range out {
		out[i] = make([]float64, packedLen(f.m))
	}
	for a := range f.m {
		for b := range a + 1 {
			j := packed(a, b)
			v := d[a] * d[b] * dot(l[a], l[b])
			out[a][j] += v
			out[b][j] += v
			for c := range a {
				out[f.element(a, c)][j] += d[a] * d[b] * l[b][c]
			}
			for c := range b {
				out[f.element(b, c)][j] += d[a] * d[b] * l[a][c]
			}
		}
	}
	return out
}

func (f scaledFactor) curvature(theta, g []float64) []float64 {
	d, l := f.rows(theta)
	n := len(theta)
	out := make([]float64, n*n)
	put := func(i, j int, v float64) {
		out[i*n+j] += v
		if i != j {
			out[j*n+i] += v
		}
	}
	for a := range f.m {
		for b := range a + 1 {
			v := g[packed(a, b)] * d[a] * d[b]
			if v == 0 {
				continue
			}
			whole := v * dot(l[a], l[b])
			if a == b {
				put(a, a, 4*whole)
			} else {
				put(a, a, whole)
				put(b, b, whole)
				put(a, b, whole)
			}
			f.curve(put, a, b, v, l)
		}
	}
	return out
}

// curve adds the second derivatives of v·L_a·L_b that involve elements of L.
func (f scaledFactor) curve(put func(i, j int, v float64), a, b int, v float64, l [][]float64) {
	for c := range a { // the element L_ac, in the first factor
		x := f.element(a, c)
		put(a, x, v*l[b][c])
		put(b, x, v*l[b][c])
		if c < b {
			y := f.element(b, c)
			if x == y {
				put(x, x, 2*v)
			} else {
				put(x, y, v)
			}
		}
	}
	for c := range b { // L_bc, in the second factor
		y := f.element(b, c)
		put(a, y, v*l[a][c])
		put(b, y, v*l[a][c])
	}
}
