package paper

import (
	"context"
	"math"

	"tidemark/analysis"
)

// ancova fits post ~ arm + pre on the people of both arms with both scores.
func (a *asked) ancova() analysis.AncovaResult {
	var arm, pre, post []float64
	for i, p := range a.d.People {
		if p.Arm != a.o.arm && p.Arm != a.o.against || a.keep != nil && !a.keep[i] {
			continue
		}
		course := 0.0
		if p.Arm == a.o.arm {
			course = 1
		}
		arm, pre, post = append(arm, course), append(pre, a.m.Values[a.o.pre][i]), append(post, a.m.Values[a.o.post][i])
	}
	return analysis.Ancova(arm, pre, post, a.p.Level())
}

// withCovariates fits post ~ arm + pre + covariates.
func (a *asked) withCovariates() analysis.LinearModelResult {
	y := a.d.column()
	arm, pre := a.d.column(), a.d.column()
	for i, p := range a.d.People {
		if p.Arm != a.o.arm && p.Arm != a.o.against || a.keep != nil && !a.keep[i] {
			continue
		}
		arm[i] = 0
		if p.Arm == a.o.arm {
			arm[i] = 1
		}
		y[i], pre[i] = a.m.Values[a.o.post][i], a.m.Values[a.o.pre][i]
	}
	predictors := []analysis.Predictor{{Name: "arm", Values: arm}, {Name: "pre", Values: pre}}
	for _, c := range a.covariates {
		predictors = append(predictors, c.predictors()...)
	}
	return analysis.LinearModel(y, predictors, analysis.LinearModelOptions{Level: a.p.Level()})
}

// predictors of a covariate: itself, or an indicator for every group but the
// first.
func (c Covariate) predictors() []analysis.Predictor {
	if c.Labels == nil {
		return []analysis.Predictor{{Name: c.Key, Values: c.Values}}
	}
	var out []analysis.Predictor
	for k := 1; k < len(c.Labels); k++ {
		is := make([]float64, len(c.Values))
		for i, v := range c.Values {
			switch {
			case isMissing(v):
				is[i] = math.NaN()
			case int(v) == k:
				is[i] = 1
			}
		}
		out = append(out, analysis.Predictor{Name: c.Key + " " + c.Labels[k], Values: is})
	}
	return out
}

// byANCOVA is the difference after the course at equal scores before.
func byANCOVA(_ context.Context, a *asked) (Estimate, error) {
	if len(a.covariates) > 0 {
		r := a.withCovariates()
		c := r.Coefficients[1]
		return Estimate{N: r.N, Value: c.Estimate, CI: c.CI, SE: c.SE, T: c.T, DF: r.DF, P: c.P}, nil
	}
	r := a.ancova()
	e := Estimate{N: r.N, Value: r.Effect, CI: r.CI, SE: r.SE, T: r.T, DF: r.DF, P: r.P}
	if r.SlopeP.OK() && r.SlopeP.Value < 1-a.p.Level() {
		e.Note = "The effect depends on the score before: slopes differ between arms."
	}
	return e, nil
}

// byRobustANCOVA is the same with standard errors that allow for unequal spread
// (HC3).
func byRobustANCOVA(_ context.Context, a *asked) (Estimate, error) {
	if len(a.covariates) > 0 {
		r := a.withCovariates()
		c := r.Coefficients[1]
		return Estimate{N: r.N, Value: c.Estimate, CI: c.RobustCI, SE: c.RobustSE, T: c.RobustT, DF: r.DF, P: c.RobustP}, nil
	}
	r := a.ancova()
	t := analysis.Unknown(analysis.FirstReason(r.RobustSE.Reason, r.Effect.Reason))
	if t.Reason == "" {
		t = analysis.Known(r.Effect.Value / r.RobustSE.Value)
	}
	return Estimate{N: r.N, Value: r.Effect, CI: r.RobustCI, SE: r.RobustSE, T: t, DF: r.DF, P: r.RobustP}, nil
}
