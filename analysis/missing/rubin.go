package missing

import (
	"math"

	"tidemark/analysis"
	"tidemark/analysis/dist"
)

// PoolOptions steers the pooling of estimates.
type PoolOptions struct {
	// DFComplete are the degrees of freedom that the analysis would have had
	// without missing values (people minus coefficients); 0 means a large sample,
	// in which they are without limit.
	DFComplete float64
	// Level is the coverage of the interval; 0 means analysis.DefaultLevel.
	Level float64
}

// Pooled is one quantity pooled over imputations by Rubin's (1987) rules.
type Pooled struct {
	// M counts the imputations.
	M int
	// Estimate is the mean Q̄ of the estimates, SE the root of Total.
	Estimate, SE analysis.Estimate
	CI           analysis.Interval
	// T tests that the quantity is zero, with DF degrees of freedom.
	T, P analysis.Estimate

	// Within is Ū, the mean of the squared standard errors; Between is B, the
	// variance of the estimates; Total is Ū + (1 + 1/m)B.
	Within, Between, Total analysis.Estimate
	// RelativeIncrease is r = (1 + 1/m)B/Ū, Lambda the share (1 + 1/m)B/Total of
	// the variance that is due to missing values.
	RelativeIncrease, Lambda analysis.Estimate
	// DFOld are Rubin's degrees of freedom (m − 1)/λ², unbounded if the estimates
	// agree. DF are those of Barnard and Rubin (1999), never more than the
	// complete data would have; λ is not clamped. They can be below 1.
	DFOld, DF analysis.Estimate
	// FMI is the fraction of missing information (r + 2/(DF + 3))/(r + 1), and
	// RelativeEfficiency 1/(1 + FMI/m) that of m imputations to infinitely many.
	FMI, RelativeEfficiency analysis.Estimate
}

// PoolScalar pools one quantity: estimates[i] and its squared standard error
// variances[i] come from imputation i.
//
// Not estimable: everything with fewer than two imputations, or with columns of
// different length or negative variances (invalid option); ratios where the
// estimates have no variance.
func PoolScalar(estimates, variances []float64, opt PoolOptions) Pooled {
	if opt.Level == 0 {
		opt.Level = analysis.DefaultLevel
	}
	p := Pooled{M: len(estimates)}
	if why := poolFault(estimates, variances, opt); why != "" {
		p.withhold(why, opt.Level)
		return p
	}
	m := float64(p.M)
	of, squares := analysis.Describe(estimates, opt.Level), analysis.Describe(variances, opt.Level)
	if why := analysis.FirstReason(of.Mean.Reason, of.Variance.Reason, squares.Mean.Reason); why != "" {
		p.withhold(why, opt.Level)
		return p
	}
	q, b, u := of.Mean.Value, of.Variance.Value, squares.Mean.Value
	extra := (1 + 1/m) * b
	t := u + extra
	p.Estimate, p.Within, p.Between, p.Total = analysis.Known(q), analysis.Known(u), analysis.Known(b), analysis.Known(t)
	p.SE = analysis.Known(math.Sqrt(t))
	if t == 0 {
		p.withholdRatios(analysis.ReasonZeroVariance, opt.Level)
		return p
	}
	lambda := extra / t
	p.Lambda = analysis.Known(lambda)
	df := p.degreesOfFreedom(m, lambda, opt.DFComplete)
	p.information(m, extra/u, df)
	p.test(q/p.SE.Value, df, opt.Level)
	return p
}

// poolFault returns the reason why nothing can be pooled.
func poolFault(estimates, variances []float64, opt PoolOptions) analysis.Reason {
	if len(estimates) != len(variances) || !analysis.ValidLevel(opt.Level) ||
		!(opt.DFComplete >= 0) || math.IsInf(opt.DFComplete, 0) {
		return analysis.ReasonInvalidOption
	}
	for i, q := range estimates {
		u := variances[i]
		switch {
		case math.IsInf(q, 0) || math.IsInf(u, 0):
			return analysis.ReasonInfiniteInput
		case math.IsNaN(q) || !(u >= 0):
			return analysis.ReasonInvalidOption
		}
	}
	switch len(estimates) {
	case 0:
		return analysis.ReasonNoData
	case 1:
		return analysis.ReasonTooFew2
	}
	return ""
}

// withhold marks everything as not estimable.
func (p *Pooled) withhold(why analysis.Reason, level float64) {
	none := analysis.Unknown(why)
	p.Estimate, p.SE, p.Within, p.Between, p.Total = none, none, none, none, none
	p.withholdRatios(why, level)
}

// withholdRatios marks what divides by a variance as not estimable.
func (p *Pooled) withholdRatios(why analysis.Reason, level float64) {
	none := analysis.Unknown(why)
	p.RelativeIncrease, p.Lambda, p.DFOld, p.DF, p.FMI, p.RelativeEfficiency = none, none, none, none, none, none
	p.T, p.P, p.CI = none, none, analysis.NoInterval(why, level)
}

// degreesOfFreedom fills in and returns the degrees of freedom, infinite where
// nothing bounds them.
func (p *Pooled) degreesOfFreedom(m, lambda, complete float64) float64 {
	old := (m - 1) / (lambda * lambda)
	observed := math.Inf(1)
	if complete > 0 {
		observed = (complete + 1) / (complete + 3) * complete * (1 - lambda)
	}
	df := observed
	switch {
	case math.IsInf(observed, 1):
		df = old
	case !math.IsInf(old, 1):
		df = old * (observed / (old + observed))
	}
	p.DFOld, p.DF = orUnbounded(old), orUnbounded(df)
	return df
}

// orUnbounded is Known, with infinity named.
func orUnbounded(v float64) analysis.Estimate {
	if math.IsInf(v, 1) {
		return analysis.Unknown(analysis.ReasonUnbounded)
	}
	return analysis.Known(v)
}

// information fills in the measures of what was lost; increase may be infinite.
func (p *Pooled) information(m, increase, df float64) {
	p.RelativeIncrease = orUnbounded(increase)
	fmi := 1.0
	if !math.IsInf(increase, 1) {
		fmi = (increase + 2/(df+3)) / (increase + 1)
	}
	p.FMI = analysis.Known(fmi)
	p.RelativeEfficiency = analysis.Known(1 / (1 + fmi/m))
}

// test fills in test and interval by Student's t with df, by the normal
// distribution where df are without limit.
func (p *Pooled) test(t, df, level float64) {
	p.T = analysis.Known(t)
	critical := 0.0
	switch {
	case math.IsInf(df, 1):
		p.P, critical = analysis.Known(dist.NormalTwoSided(t)), dist.NormalCritical(level)
	case df > 0:
		p.P, critical = analysis.Known(dist.StudentTwoSided(t, df)), dist.StudentCritical(level, df)
	default: // the complete data would have none either, up to rounding
		p.P, p.CI = analysis.Unknown(analysis.ReasonOutOfRange), analysis.NoInterval(analysis.ReasonOutOfRange, level)
		return
	}
	q, half := p.Estimate.Value, critical*p.SE.Value
	p.CI = analysis.NewInterval(q-half, q+half, level)
}
