package mixed

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis"
)

// describe fills the estimates from the fit, or with the reason of the result.
func (r *LMMResult) describe(blocks []int, ml bool) {
	for _, e := range r.design.Effects {
		r.Coefficients = append(r.Coefficients, r.effect(e.Name, e.Column))
	}
	at := 0
	for _, t := range r.design.Random {
		r.Random = append(r.Random, r.randomTerm(t.Names, at))
		at += len(t.Names)
	}
	r.Residual = analysis.KnownUnless(r.Reason, r.variance(-1, -1))
	r.ICC = analysis.Unknown(analysis.FirstReason(r.Reason, analysis.ReasonNotApplicable))
	if r.Reason == "" && len(blocks) == 1 && r.design.Random[0].Names[0] == "(Intercept)" {
		s := r.work.s[0] * r.work.zScale[0] * r.work.zScale[0]
		r.ICC = analysis.Known(s / (s + 1))
	}
	if r.Reason != "" {
		none := analysis.Unknown(r.Reason)
		r.LogLikelihood, r.Deviance, r.AIC, r.BIC = none, none, none, none
		return
	}
	deviance := -2 * r.LogLikelihood.Value
	reason := r.LogLikelihood.Reason
	r.Deviance = analysis.KnownUnless(reason, deviance)
	r.AIC = analysis.KnownUnless(reason, deviance+2*float64(r.Parameters))
	r.BIC = analysis.KnownUnless(reason, deviance+math.Log(float64(r.Rows))*float64(r.Parameters))
}

// effect is the fixed effect in a column of X; −1 means aliased.
func (r *LMMResult) effect(name string, column int) Coefficient {
	return effect(r.infer, name, column, len(r.design.X))
}

func effect(f *inference, name string, column, columns int) Coefficient {
	if column < 0 || column >= columns {
		reason := analysis.FirstReason(analysis.ReasonAliased)
		if columns == 0 && f.reason != "" {
			reason = f.reason
		}
		none := noTest(reason, f.level)
		return Coefficient{Name: name, Estimate: analysis.Unknown(reason), Satterthwaite: none, KenwardRoger: none}
	}
	l := make([]float64, columns)
	l[column] = 1
	return f.coefficient(name, l)
}

// variance returns an element of G in units of y², or σ² for (−1, −1).
func (r *LMMResult) variance(a, b int) float64 {
	if r.Reason != "" {
		return math.NaN()
	}
	w, scale := r.work, r.infer.response.scale
	v := w.sigma2 / scale / scale
	if a < 0 {
		return v
	}
	return v * w.s[a*w.moments.m+b] * w.zScale[a] * w.zScale[b]
}

// randomTerm describes the effects from an index on.
func (r *LMMResult) randomTerm(names []string, at int) RandomTerm {
	t := RandomTerm{Names: names}
	for i := range names {
		t.Variance = append(t.Variance, analysis.KnownUnless(r.Reason, r.variance(at+i, at+i)))
		covariance, correlation := make([]analysis.Estimate, i), make([]analysis.Estimate, i)
		for j := range i {
			covariance[j] = analysis.KnownUnless(r.Reason, r.variance(at+i, at+j))
			correlation[j] = r.correlation(at+i, at+j)
		}
		t.Covariance, t.Correlation = append(t.Covariance, covariance), append(t.Correlation, correlation)
	}
	return t
}

func (r *LMMResult) correlation(a, b int) analysis.Estimate {
	if r.Reason != "" {
		return analysis.Unknown(r.Reason)
	}
	s, m := r.work.s, r.work.moments.m
	if s[a*m+a] == 0 || s[b*m+b] == 0 {
		return analysis.Unknown(analysis.ReasonZeroVariance)
	}
	c := s[a*m+b] / math.Sqrt(s[a*m+a]) / math.Sqrt(s[b*m+b])
	return analysis.Known(math.Max(-1, math.Min(1, c)))
}

// CoefficientCovariance returns the model's covariance of the estimates of two fixed
// effects, by their columns in the design's X.
func (r *LMMResult) CoefficientCovariance(i, j int) analysis.Estimate {
	return columnCovariance(r.infer, i, j, len(r.design.X))
}

func columnCovariance(f *inference, i, j, columns int) analysis.Estimate {
	if i < 0 || j < 0 || i >= columns || j >= columns {
		return analysis.Unknown(analysis.ReasonInvalidOption)
	}
	l, m := make([]float64, columns), make([]float64, columns)
	l[i], m[j] = 1, 1
	return f.covariance(l, m)
}

// Contrast estimates a combination of the fixed effects: one weight per column
// of the design's X. A row of design.Rows makes it a model mean, the difference
// of two rows a difference of means.
func (r *LMMResult) Contrast(name string, weights []float64) Coefficient {
	return contrast(r.infer, name, weights, len(r.design.X))
}

func contrast(f *inference, name string, weights []float64, columns int) Coefficient {
	reason := f.reason
	if len(weights) != columns {
		reason = analysis.ReasonInvalidOption
	}
	for _, v := range weights {
		if !analysis.Finite(v) {
			reason = analysis.ReasonInvalidOption
		}
	}
	if reason == analysis.ReasonInvalidOption || columns == 0 {
		none := noTest(reason, f.level)
		return Coefficient{Name: name, Estimate: analysis.Unknown(reason), Satterthwaite: none, KenwardRoger: none}
	}
	return f.coefficient(name, weights)
}

// GroupEffect is what one group has of one random effect.
type GroupEffect struct {
	Level, Effect string
	// Value is the best linear unbiased prediction; SD its conditional standard
	// deviation, given the variances and the fixed effects.
	Value, SD analysis.Estimate
}

// RandomEffects predicts the random effects: for each group, in the order of its
// levels, one entry per effect. A result without a fit has none.
func (r *LMMResult) RandomEffects() []GroupEffect {
	if r.Reason != "" {
		return nil
	}
	var names []string
	for _, t := range r.design.Random {
		names = append(names, t.Names...)
	}
	var out []GroupEffect
	scale := r.infer.response.scale
	sigma := math.Sqrt(r.work.sigma2) / scale
	for g, level := range r.design.Random[0].Levels {
		b := r.predict(g)
		c := r.work.conditional(g)
		for i, name := range names {
			z := r.work.zScale[i]
			out = append(out, GroupEffect{
				Level: level, Effect: name,
				Value: analysis.Known(b[i] * z / scale),
				SD:    analysis.Known(math.Sqrt(math.Max(0, c[i])) * z * sigma),
			})
		}
	}
	return out
}

// predict returns S·RᵀV⁻¹(y − Xβ) of a group, in scaled units.
func (r *LMMResult) predict(g int) []float64 {
	mo := r.work.moments
	c := mo.classes[mo.classOf[g]]
	u, turned := r.infer.point.contrast(), mo.turned[g]
	t := make([]float64, mo.m)
	for e := range c.r {
		residual := floats.Dot(turned[e*mo.k:(e+1)*mo.k], u)
		for a := range mo.m {
			t[a] += c.a[a*c.r+e] * residual
		}
	}
	b := make([]float64, mo.m)
	for a := range mo.m {
		b[a] = floats.Dot(r.work.s[a*mo.m:(a+1)*mo.m], t)
	}
	return b
}

// conditional returns the diagonal of S − S·RᵀV⁻¹R·S of a group.
func (w *lmmWork) conditional(g int) []float64 {
	mo := w.moments
	c := mo.classes[mo.classOf[g]]
	out := make([]float64, mo.m)
	for a := range mo.m {
		row := w.s[a*mo.m : (a+1)*mo.m]
		out[a] = row[a] - quadratic(c.w, mo.m, row, row)
	}
	return out
}

// Fitted returns Xβ + Zb for the rows used, in their order (design.Rows), and
// the residuals beside it. A result without a fit has none.
func (r *LMMResult) Fitted() (fitted, residuals []float64) {
	if r.Reason != "" {
		return nil, nil
	}
	first := r.design.Random[0]
	b := make([][]float64, len(first.Levels))
	for g := range b {
		b[g] = r.predict(g)
	}
	fitted, residuals = make([]float64, r.Rows), make([]float64, r.Rows)
	columns, _ := r.design.Orthonormal()
	for j, q := range columns {
		floats.AddScaled(fitted, r.infer.beta[j], q)
	}
	at := 0
	for _, t := range r.design.Random {
		for _, column := range t.Z {
			scale := r.work.zScale[at] / r.infer.response.scale
			for row, z := range column {
				fitted[row] += z * b[first.Codes[row]][at] * scale
			}
			at++
		}
	}
	for i, y := range r.design.Y {
		residuals[i] = y - fitted[i]
	}
	return fitted, residuals
}
