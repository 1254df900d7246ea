package mixed

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tidemark/analysis"
	"tidemark/analysis/dist"
	"tidemark/analysis/internal/spd"
)

// Test is a fixed effect or a combination of fixed effects by one method: its
// standard error, and Student's t on approximate degrees of freedom.
type Test struct {
	SE, DF, T, P analysis.Estimate
	CI           analysis.Interval
}

// Coefficient is a fixed effect, or a combination of fixed effects.
type Coefficient struct {
	Name     string
	Estimate analysis.Estimate
	// Satterthwaite takes the model's standard error and the degrees of freedom
	// of Satterthwaite, from the observed information of the variance parameters
	// (Fai & Cornelius 1996; Kuznetsova, Brockhoff & Christensen 2017).
	Satterthwaite Test
	// KenwardRoger enlarges the standard error for the variances having been
	// estimated (Kenward & Roger 1997, Biometrics 53, 983–997); prefer it below
	// some 30 people. It exists for REML only.
	KenwardRoger Test
}

// inference is what contrasts of the fixed effects are computed from.
type inference struct {
	response response
	point    *point
	slopes   *derivatives
	beta     []float64 // in orthonormal coordinates, units of y
	variance float64   // residual variance in scaled units; 1 in a marginal model
	level    float64

	// observed and expected are covariance matrices of the variance parameters:
	// the elements of S, then the residual variance if the model has one.
	observed, expected []float64
	parameters         int
	// adjustment is what Kenward & Roger add, in whitened coordinates: the
	// covariance of the fixed effects becomes L⁻ᵀ·(I + 2·adjustment)·L⁻¹.
	adjustment []float64
	// reasons why the tests do not exist.
	reason, reasonKR analysis.Reason
}

// coefficient tests a contrast l of the fixed effects, one weight per column of
// X.
func (f *inference) coefficient(name string, l []float64) Coefficient {
	if f.point == nil {
		return f.known(name, l)
	}
	a := f.response.direction(l)
	c := Coefficient{Name: name, Estimate: analysis.Known(floats.Dot(a, f.beta))}
	w := append([]float64{}, a...)
	p := f.point.p
	spd.Forward(f.point.chol, p, w)
	v := f.variance * floats.Dot(w, w)
	gradient := f.gradient(w)
	c.Satterthwaite = f.test(c.Estimate, v, v, gradient, f.observed, f.reason)
	adjusted := v
	if f.adjustment != nil {
		adjusted += 2 * f.variance * quadratic(f.adjustment, p, w, w)
	}
	c.KenwardRoger = f.test(c.Estimate, v, adjusted, gradient, f.expected, analysis.FirstReason(f.reason, f.reasonKR))
	return c
}

// known is a contrast whose estimate exists although the model does not.
func (f *inference) known(name string, l []float64) Coefficient {
	c := Coefficient{Name: name, Estimate: analysis.Unknown(f.reason)}
	if f.beta != nil {
		c.Estimate = analysis.Known(floats.Dot(f.response.direction(l), f.beta))
	}
	c.Satterthwaite, c.KenwardRoger = noTest(f.reason, f.level), noTest(f.reason, f.level)
	return c
}

func noTest(r analysis.Reason, level float64) Test {
	none := analysis.Unknown(r)
	return Test{SE: none, DF: none, T: none, P: none, CI: analysis.NoInterval(r, level)}
}

// gradient returns the derivatives of the variance of a contrast, whitened to w,
// by the variance parameters.
func (f *inference) gradient(w []float64) []float64 {
	out := make([]float64, f.parameters)
	for j, x := range f.slopes.x {
		out[j] = -f.variance * quadratic(x, f.point.p, w, w)
	}
	if f.parameters > len(f.slopes.x) {
		out[len(f.slopes.x)] = floats.Dot(w, w)
	}
	return out
}

// test makes the t test of an estimate with variance se² (scaled), whose degrees
// of freedom are 2v²/Var(v).
func (f *inference) test(estimate analysis.Estimate, v, se2 float64, gradient, covariance []float64, r analysis.Reason) Test {
	if r != "" {
		return noTest(r, f.level)
	}
	se := math.Sqrt(se2) / f.response.scale
	df := 2 * v * v / quadratic(covariance, f.parameters, gradient, gradient)
	t := Test{SE: analysis.Known(se), DF: analysis.Known(df)}
	ratio := estimate.Value / se
	r = analysis.FirstReason(estimate.Reason, t.SE.Reason, t.DF.Reason, analysis.Known(ratio).Reason)
	if se == 0 {
		r = analysis.ReasonOutOfRange
	}
	t.T = analysis.KnownUnless(r, ratio)
	t.P = analysis.KnownUnless(r, dist.StudentTwoSided(ratio, df))
	t.CI = analysis.NoInterval(r, f.level)
	if r == "" {
		half := dist.StudentCritical(f.level, df) * se
		t.CI = analysis.NewInterval(estimate.Value-half, estimate.Value+half, f.level)
	}
	return t
}

// covariance returns the model's covariance of two contrasts.
func (f *inference) covariance(l, m []float64) analysis.Estimate {
	if f.reason != "" || f.point == nil {
		return analysis.Unknown(f.reason)
	}
	a, b := f.response.direction(l), f.response.direction(m)
	spd.Forward(f.point.chol, f.point.p, a)
	spd.Forward(f.point.chol, f.point.p, b)
	return analysis.Known(f.variance * floats.Dot(a, b) / f.response.scale / f.response.scale)
}

// invertInformation returns the inverse of a symmetric information matrix, over
// the directions in which there is any, and how many those are.
func invertInformation(h []float64, n int) ([]float64, int, bool) {
	scale := make([]float64, n) // to unit diagonal, so that units do not matter
	for i := range n {
		scale[i] = 1
		if v := math.Abs(h[i*n+i]); v > 0 {
			scale[i] = 1 / math.Sqrt(v)
		}
	}
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			v := h[i*n+j] * scale[i] * scale[j]
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, 0, false
			}
			s.SetSym(i, j, v)
		}
	}
	var e mat.EigenSym
	if n == 0 || !e.Factorize(s, true) {
		return make([]float64, n*n), 0, n == 0
	}
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	out, rank := make([]float64, n*n), 0
	for c, v := range e.Values(nil) {
		if v <= 1e-10 {
			continue
		}
		rank++
		for i := range n {
			for j := range n {
				out[i*n+j] += vectors.At(i, c) * vectors.At(j, c) / v * scale[i] * scale[j]
			}
		}
	}
	return out, rank, true
}

// kenwardRoger returns Σ W_jk·(Q_jk − P_j·Φ·P_k) in whitened coordinates, for
// the block of a covariance W that belongs to S (Kenward & Roger 1997; in terms
// of S the model is linear, so that their second derivatives vanish).
func (mo *moments) kenwardRoger(pt *point, d *derivatives, w []float64, parameters int) []float64 {
	m, n, p := mo.m, packedLen(mo.m), pt.p
	sum := make([]float64, packedLen(mo.k))
	for _, c := range mo.classes {
		c.weigh(c.crossed(m, w, parameters), sum)
	}
	var only derivatives
	only.whiten(pt, sum, pt.contrast())
	out := only.x[0]
	half := make([]float64, p*p)
	for j := range n {
		clear(half)
		for k := range n {
			if v := w[j*parameters+k]; v != 0 {
				floats.AddScaled(half, v, d.x[k])
			}
		}
		floats.Sub(out, product(d.x[j], half, p))
	}
	return symmetrised(out, p)
}

func symmetrised(a []float64, n int) []float64 {
	for i := range n {
		for j := range i {
			v := (a[i*n+j] + a[j*n+i]) / 2
			a[i*n+j], a[j*n+i] = v, v
		}
	}
	return a
}

// crossed returns Aᵀ·(Σ_jk W_jk·E_j·(RᵀV⁻¹R)·E_k)·A, r×r, with which the
// products of a class are weighed to give Σ W_jk·Q_jk.
func (c *class) crossed(m int, w []float64, parameters int) []float64 {
	omega := make([]float64, m*m)
	for a := range m {
		for b := range m {
			j := packed(a, b) // E_j has its element at (a, b)
			for g := range m {
				v := c.w[b*m+g]
				for h := range m {
					omega[a*m+h] += w[j*parameters+packed(g, h)] * v
				}
			}
		}
	}
	omega = symmetrised(omega, m)
	out := make([]float64, c.r*c.r)
	for e := range c.r {
		for f := range c.r {
			for a := range m {
				x := c.a[a*c.r+e]
				if x == 0 {
					continue
				}
				for b := range m {
					out[e*c.r+f] += x * omega[a*m+b] * c.a[b*c.r+f]
				}
			}
		}
	}
	return out
}
