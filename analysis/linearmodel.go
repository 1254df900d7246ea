package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// Predictor is a named column of a linear model; NaN means missing.
type Predictor struct {
	Name   string
	Values []float64
}

// InterceptName is the name of the constant term in a list of coefficients.
const InterceptName = "(Intercept)"

// LinearModelOptions are the options of LinearModel.
type LinearModelOptions struct {
	// Level is the coverage of intervals; 0 means DefaultLevel.
	Level float64
	// NoIntercept fits a plane through the origin; R² then compares with zero
	// instead of the mean.
	NoIntercept bool
}

// LinearModelResult is what LinearModel returns.
type LinearModelResult struct {
	// N counts the rows used, Excluded those that miss a value.
	N, Excluded int
	Level       float64

	// Coefficients begin with the intercept, if there is one; the others follow
	// in the order given, aliased ones too.
	Coefficients []Coefficient
	// Aliased names the predictors that are combinations of earlier ones.
	Aliased []string

	// DF are the residual degrees of freedom, Sigma the residual SD.
	DF, Sigma Estimate
	// R2 is the share of variance explained, from 0 to 1; AdjustedR2 allows for
	// the number of predictors and may be negative.
	R2, AdjustedR2 Estimate
	// F tests all predictors together.
	F FTest

	// Rows are the indices of the rows used; Fitted, Residuals, Leverage (from 0
	// to 1) and Studentised residuals (internally, by Sigma√(1 − leverage); 0
	// where nothing can be judged) belong to them.
	Rows                          []int
	Fitted, Residuals             []float64
	Leverage, StudentisedResidual []float64
}

// Coefficient is a coefficient with its tests. SE assumes equal variances;
// RobustSE is HC3 (MacKinnon & White 1985), with the same degrees of freedom.
type Coefficient struct {
	Name     string
	Estimate Estimate
	SE, T, P Estimate
	CI       Interval
	RobustSE Estimate
	RobustT  Estimate
	RobustP  Estimate
	RobustCI Interval
}

// LinearModel fits a response by ordinary least squares. Rows that miss a value
// are dropped and counted. A predictor that is a combination of earlier ones is
// named in Aliased and left out, like a constant one beside an intercept.
//
// Not estimable: everything without a complete row; aliased coefficients; SEs
// and tests without a residual degree of freedom (n_too_small) or where the
// model fits perfectly; robust SEs where a single row determines a coefficient
// (leverage_one).
func LinearModel(y []float64, predictors []Predictor, opt LinearModelOptions) LinearModelResult {
	if opt.Level == 0 {
		opt.Level = DefaultLevel
	}
	table := [][]float64{y}
	for _, p := range predictors {
		table = append(table, p.Values)
	}
	d := newRepeated(table)
	r := LinearModelResult{N: d.people(), Excluded: d.excluded}
	if Finite(opt.Level) {
		r.Level = opt.Level
	}
	why := d.fault
	if d.people() == 0 {
		why = FirstReason(why, ReasonNoData)
	}
	if why != "" {
		r.withhold(why, predictors, opt)
		return r
	}
	f := fitLeastSquares(d.columns[0], d.columns[1:], !opt.NoIntercept)
	r.Rows, r.Leverage = d.rows, f.leverage()
	r.fill(f, predictors, opt)
	r.summarise(f)
	r.diagnose(f, d.columns[0])
	return r
}

// withhold marks everything as not estimable.
func (r *LinearModelResult) withhold(why Reason, predictors []Predictor, opt LinearModelOptions) {
	e := Unknown(why)
	r.DF, r.Sigma, r.R2, r.AdjustedR2, r.F = e, e, e, e, noFTest(why)
	if !opt.NoIntercept {
		r.Coefficients = append(r.Coefficients, noCoefficient(InterceptName, why, opt.Level))
	}
	for _, p := range predictors {
		r.Coefficients = append(r.Coefficients, noCoefficient(p.Name, why, opt.Level))
	}
}

// noCoefficient is a coefficient that does not exist for the given reason.
func noCoefficient(name string, why Reason, level float64) Coefficient {
	e, i := Unknown(why), NoInterval(why, level)
	return Coefficient{Name: name, Estimate: e, SE: e, T: e, P: e, CI: i, RobustSE: e, RobustT: e, RobustP: e, RobustCI: i}
}

// fill in the coefficients.
func (r *LinearModelResult) fill(f *leastSquares, predictors []Predictor, opt LinearModelOptions) {
	if f.intercept {
		value, unit := f.at(make([]float64, len(f.kept)))
		r.Coefficients = append(r.Coefficients, f.coefficient(InterceptName, -1, value, unit, r.Leverage, opt.Level))
	}
	k := 0
	for j, p := range predictors {
		if k == len(f.kept) || f.kept[k] != j {
			r.Coefficients = append(r.Coefficients, noCoefficient(p.Name, ReasonAliased, opt.Level))
			r.Aliased = append(r.Aliased, p.Name)
			continue
		}
		value, unit := f.slope(k)
		r.Coefficients = append(r.Coefficients, f.coefficient(p.Name, k, value, unit, r.Leverage, opt.Level))
		k++
	}
}

// coefficient judges a coefficient whose SE is unit residual SDs.
func (f *leastSquares) coefficient(name string, k int, value, unit float64, leverage []float64, level float64) Coefficient {
	c := Coefficient{Name: name, Estimate: Known(value)}
	c.SE, c.T, c.P, c.CI = f.judge(value, KnownUnless(f.judged(), f.sigma()*unit), level)
	c.RobustSE, c.RobustT, c.RobustP, c.RobustCI = f.judge(value, f.robust(k, leverage), level)
	return c
}

// judge is the t test and the interval of an estimate with its SE.
func (f *leastSquares) judge(value float64, se Estimate, level float64) (Estimate, Estimate, Estimate, Interval) {
	why := se.Reason
	if why == "" && !(se.Value > 0) {
		why = ReasonOutOfRange
	}
	if why != "" {
		e := Unknown(why)
		return e, e, e, NoInterval(why, level)
	}
	df := float64(f.df())
	t := Known(value / se.Value)
	return se, t, KnownUnless(t.Reason, dist.StudentTwoSided(t.Value, df)), studentInterval(value, se.Value, df, level)
}

// summarise fills in the fit as a whole.
func (r *LinearModelResult) summarise(f *leastSquares) {
	p, df := float64(len(f.kept)), float64(f.df())
	why := f.judged()
	r.DF = KnownUnless(few(f.df()), df)
	r.Sigma = KnownUnless(why, f.sigma()/f.yScale)
	total := f.explained + f.rss
	var flat Reason
	switch {
	case p == 0:
		flat = ReasonNotApplicable
	case total == 0:
		flat = ReasonZeroVariance
	}
	r.R2 = KnownUnless(flat, f.explained/total)
	ratio := float64(f.n)
	if f.intercept {
		ratio--
	}
	r.AdjustedR2 = KnownUnless(FirstReason(flat, few(f.df())), 1-f.rss/total*ratio/df)
	r.F = noFTest(FirstReason(why, flat))
	if FirstReason(why, flat) == "" {
		r.F = newFTest(f.explained/p/(f.rss/df), p, df)
	}
}

// few is the reason for having no residual degree of freedom.
func few(df int) Reason {
	if df < 1 {
		return ReasonPeopleTooFew
	}
	return ""
}

// diagnose fills in what a plot of residuals shows.
func (r *LinearModelResult) diagnose(f *leastSquares, y []float64) {
	n := len(y)
	r.Fitted, r.Residuals = make([]float64, n), make([]float64, n)
	r.StudentisedResidual = make([]float64, n)
	for i, e := range f.residuals {
		r.Residuals[i] = e / f.yScale
		r.Fitted[i] = y[i] - r.Residuals[i]
		r.Leverage[i] = math.Max(0, math.Min(1, r.Leverage[i]))
		if gap := 1 - r.Leverage[i]; f.judged() == "" && gap > tolFactor*float64(n) {
			r.StudentisedResidual[i] = e / f.sigma() / math.Sqrt(gap)
		}
	}
}
