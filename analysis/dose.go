package analysis

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// DoseOptions are the options of DoseResponse.
type DoseOptions struct {
	// Level is the coverage of intervals; 0 means DefaultLevel.
	Level float64
	// Points is the number of doses in the band; 0 means 41, at most 1000.
	Points int
}

// DoseResult is what DoseResponse returns. Changes are in the unit of the
// scores, doses in their own.
type DoseResult struct {
	// N counts the people used, Excluded those that miss a value.
	N, Excluded int

	// Slope is the change per unit of dose among people with the same score
	// before, with SE, t test on DF degrees of freedom and HC3 beside them.
	Slope Coefficient
	// Before is the coefficient of the score before.
	Before Coefficient
	// DF are the residual degrees of freedom, R2 the share of variance of the
	// changes explained, from 0 to 1.
	DF, R2 Estimate

	// Correlation relates dose and change without adjustment; Spearman's
	// coefficient beside Pearson's shows whether a few large doses make it.
	Correlation CorrelationResult

	// Band is the mean change at the mean score before, over the doses that
	// occurred, for a figure.
	Band []DosePoint
}

// DosePoint is the mean change at a dose with its pointwise interval.
type DosePoint struct {
	Dose   float64
	Change Estimate
	CI     Interval
}

// DoseResponse relates the change post − pre to an amount of practice, adjusted
// for the score before: change ~ dose + pre by least squares. People who miss one
// of the three are dropped and counted. People choose their dose themselves, so
// that the slope need not be an effect of it.
//
// Not estimable: everything without a complete row; the slope where the dose is
// the same for everybody (zero_variance); tests and the band with too few people
// (n_too_small) or where the model fits perfectly. A score before that is
// constant or follows from the dose is left out of the model (aliased).
func DoseResponse(dose, pre, post []float64, opt DoseOptions) DoseResult {
	if opt.Level == 0 {
		opt.Level = DefaultLevel
	}
	d := newRepeated([][]float64{dose, pre, post})
	r := DoseResult{N: d.people(), Excluded: d.excluded}
	dose = d.columns[0]
	p := newPairs(d.columns[1], d.columns[2])
	r.Correlation = Correlate(dose, p.change, opt.Level)
	m := newMoments(dose, 0)
	why := FirstReason(d.fault, m.needs(1))
	if why == "" && m.constant {
		why = ReasonZeroVariance
	}
	if opt.Points < 0 || opt.Points > 1000 {
		why = FirstReason(why, ReasonInvalidOption)
	}
	if why != "" {
		r.Slope, r.Before = noCoefficient("dose", why, opt.Level), noCoefficient("pre", why, opt.Level)
		r.DF, r.R2 = Unknown(why), Unknown(why)
		return r
	}
	f := fitLeastSquares(p.change, [][]float64{dose, p.pre}, true)
	// A change is rounded to the digits of the scores that it is the difference of.
	f.perfect = f.perfect || floats.Norm(f.residuals, math.Inf(1)) <= tolFactor*p.magnitude*f.yScale
	r.Slope, r.Before = f.column("dose", 0, opt.Level), f.column("pre", 1, opt.Level)
	r.DF = KnownUnless(few(f.df()), float64(f.df()))
	r.R2 = Unknown(ReasonZeroVariance)
	if f.explained+f.rss > 0 {
		r.R2 = Known(f.explained / (f.explained + f.rss))
	}
	r.band(f, m, newMoments(p.pre, 0).mean, opt)
	return r
}

// band fills in the mean changes.
func (r *DoseResult) band(f *leastSquares, dose moments, before float64, opt DoseOptions) {
	if opt.Points == 0 {
		opt.Points = 41
	}
	doses := []float64{dose.min}
	if opt.Points > 1 {
		doses = floats.Span(make([]float64, opt.Points), dose.min, dose.max)
	}
	for _, x := range doses {
		a := f.adjusted([]float64{x, before}[:len(f.kept)], opt.Level)
		r.Band = append(r.Band, DosePoint{Dose: x, Change: a.Mean, CI: a.CI})
	}
}
