package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// ICCResult is what ICC returns: the six intraclass correlations of Shrout and
// Fleiss (1979), in parentheses the names of McGraw and Wong (1996).
type ICCResult struct {
	// N counts the people with a value in every column, Excluded the others, K
	// the columns (occasions or raters).
	N, Excluded, K int

	// OneWay is ICC1 (one-way random), Agreement ICC2 (A,1: differences between
	// the means of the columns count as error), Consistency ICC3 (C,1: they do
	// not). Test–retest reliability is Agreement.
	OneWay, Agreement, Consistency IntraclassCorrelation
	// The same for the mean over the K columns: ICC1k, ICC2k (A,k) and ICC3k
	// (C,k), which is Cronbach's alpha of the columns.
	OneWayMean, AgreementMean, ConsistencyMean IntraclassCorrelation

	// Mean squares of the analysis of variance: between people, between columns,
	// residual; and within people. In squared units of the values.
	MSBetween, MSOccasion, MSError, MSWithin Estimate

	// SEMAgreement is √(MSError + max(0, (MSOccasion − MSError)/N)) and
	// SEMConsistency √MSError: the standard errors of measurement with and
	// without what the means of the columns differ, in the unit of the values.
	SEMAgreement, SEMConsistency Estimate
	// SDC95 = 1.96·√2·SEMConsistency is the smallest detectable change of one
	// person at 95 %.
	SDC95 Estimate
}

// IntraclassCorrelation is one coefficient, at most 1 and possibly negative,
// with its interval and the F test of "zero in the population".
type IntraclassCorrelation struct {
	Value       Estimate
	CI          Interval
	F, DF1, DF2 Estimate
	P           Estimate
}

// ICC computes the six intraclass correlations of columns that measure the same
// thing: columns[j][p] is person p's value at occasion (or by rater) j, NaN if
// missing. People without a value in every column are excluded; columns shorter
// than the longest are missing at the end. Level 0 means DefaultLevel.
//
// The form is that of the analysis of variance. Intervals are exact by F (Shrout
// & Fleiss 1979); those of the two agreement coefficients are Satterthwaite's
// approximation (McGraw & Wong 1996, table 7).
//
// Not estimable: everything with fewer than two people or columns or where
// nothing varies. Where the mean square that divides F is zero, only the single
// coefficient exists, and is 1 unless the columns' means differ.
func ICC(columns [][]float64, level float64) ICCResult {
	if level == 0 {
		level = DefaultLevel
	}
	rows, excluded, why := listwiseRows(columns)
	r := ICCResult{N: len(rows), Excluded: excluded, K: len(columns)}
	switch {
	case why != "":
	case !ValidLevel(level):
		why = ReasonInvalidOption
	case r.K < 2:
		why = ReasonColumnsTooFew2
	case r.N == 0:
		why = ReasonNoData
	case r.N < 2:
		why = ReasonTooFew2
	}
	var a twoWay
	if why == "" {
		if a = newTwoWay(columns, rows); a.between == 0 && a.within == 0 {
			why = ReasonZeroVariance
		}
	}
	if why != "" {
		r.withhold(why, level)
		return r
	}
	r.oneWay(a, level)
	r.consistency(a, level)
	r.agreement(a, level)
	r.errors(a)
	return r
}

// withhold marks everything as not estimable.
func (r *ICCResult) withhold(why Reason, level float64) {
	for _, c := range []*IntraclassCorrelation{
		&r.OneWay, &r.Agreement, &r.Consistency, &r.OneWayMean, &r.AgreementMean, &r.ConsistencyMean,
	} {
		*c = noIntraclass(why, level)
	}
	for _, e := range []*Estimate{
		&r.MSBetween, &r.MSOccasion, &r.MSError, &r.MSWithin, &r.SEMAgreement, &r.SEMConsistency, &r.SDC95,
	} {
		*e = Unknown(why)
	}
}

// noIntraclass is a coefficient that does not exist.
func noIntraclass(why Reason, level float64) IntraclassCorrelation {
	e := Unknown(why)
	return IntraclassCorrelation{Value: e, CI: NoInterval(why, level), F: e, DF1: e, DF2: e, P: e}
}

// testedAgainst starts a coefficient with the F test of the mean square between
// people against another one.
func (a twoWay) testedAgainst(ms, df float64) IntraclassCorrelation {
	f, df1 := a.between/ms, a.n-1
	_, p := dist.FisherTails(f, df1, df)
	return IntraclassCorrelation{F: Known(f), DF1: Known(df1), DF2: Known(df), P: Known(p)}
}

// withoutError is the pair of coefficients where the dividing mean square is 0.
func withoutError(a twoWay, single, level float64) (one, mean IntraclassCorrelation) {
	why := ReasonNoErrorVariance
	if a.between == 0 {
		why = ReasonZeroVariance
	}
	one, mean = noIntraclass(why, level), noIntraclass(why, level)
	if a.between > 0 {
		one.Value = Known(single)
	}
	return one, mean
}

// exact fills in value and interval of a coefficient that is a monotone
// function of F alone, and of the one for the mean of k columns.
func exact(one IntraclassCorrelation, k, level float64) (single, mean IntraclassCorrelation) {
	f, df1, df2, tail := one.F.Value, one.DF1.Value, one.DF2.Value, (1-level)/2
	low := f / dist.FisherQuantile(1-tail, df1, df2)
	high := f / dist.FisherQuantile(tail, df1, df2)
	of := func(f float64) float64 { return (f - 1) / (f + k - 1) }
	single, mean = one, one
	single.Value, single.CI = Known(of(f)), NewInterval(of(low), of(high), level)
	if f == 0 {
		mean.Value, mean.CI = Unknown(ReasonZeroVariance), NoInterval(ReasonZeroVariance, level)
		return single, mean
	}
	mean.Value, mean.CI = Known(1-1/f), NewInterval(1-1/low, 1-1/high, level)
	return single, mean
}

func (r *ICCResult) oneWay(a twoWay, level float64) {
	if a.within == 0 {
		r.OneWay, r.OneWayMean = withoutError(a, 1, level)
		return
	}
	r.OneWay, r.OneWayMean = exact(a.testedAgainst(a.within, a.n*(a.k-1)), a.k, level)
}

func (r *ICCResult) consistency(a twoWay, level float64) {
	if a.residual == 0 {
		r.Consistency, r.ConsistencyMean = withoutError(a, 1, level)
		return
	}
	r.Consistency, r.ConsistencyMean = exact(a.testedAgainst(a.residual, (a.n-1)*(a.k-1)), a.k, level)
}

func (r *ICCResult) agreement(a twoWay, level float64) {
	n, k, b, j, e := a.n, a.k, a.between, a.occasion, a.residual
	icc := quotient(b-e, b+(k-1)*e+k*j/n, -k*e/n)
	if e == 0 {
		r.Agreement, r.AgreementMean = withoutError(a, icc, level)
		return
	}
	r.Agreement = a.testedAgainst(e, (n-1)*(k-1))
	r.AgreementMean = r.Agreement
	r.Agreement.Value = Known(icc)
	r.AgreementMean.Value = Known(quotient(b-e, b+j/n, -e/n))

	low, high, ok := a.agreementLimits(icc, level)
	if !ok {
		r.Agreement.CI = NoInterval(ReasonOutOfRange, level)
		r.AgreementMean.CI = r.Agreement.CI
		return
	}
	r.Agreement.CI = NewInterval(low, high, level)
	// Spearman–Brown keeps the order only where its denominator is positive.
	if 1+(k-1)*low <= 1e-12 {
		r.AgreementMean.CI = NoInterval(ReasonOutOfRange, level)
		return
	}
	stepUp := func(v float64) float64 { return k * v / (1 + (k-1)*v) }
	r.AgreementMean.CI = NewInterval(stepUp(low), stepUp(high), level)
}

// agreementLimits are the ends of the interval of ICC2. There are none where
// the approximation has next to no degrees of freedom or where its denominators
// change sign; neither happens to a positive coefficient.
func (a twoWay) agreementLimits(icc, level float64) (low, high float64, ok bool) {
	n, k, b, j, e := a.n, a.k, a.between, a.occasion, a.residual
	fj, rest := j/e, n*(1+(k-1)*icc)-k*icc
	top := k*icc*fj + rest
	df := (k - 1) * (n - 1) * top * top / ((n-1)*k*k*icc*icc*fj*fj + rest*rest)
	if !(df > 0.01) { // the quantiles would exceed double precision
		return 0, 0, false
	}
	tail := (1 - level) / 2
	upper, lower := dist.FisherQuantile(1-tail, n-1, df), dist.FisherQuantile(1-tail, df, n-1)
	noise := k*j + (k*n-k-n)*e
	low = n * (b - upper*e) / (upper*noise + n*b)
	high = n * (lower*b - e) / (noise + n*lower*b)
	return low, high, low <= high
}

// quotient is x/(y + z), not a number where y and z cancel to rounding.
func quotient(x, y, z float64) float64 {
	if math.Abs(y+z) <= 1e-12*math.Abs(y) {
		return math.NaN()
	}
	return x / (y + z)
}

// errors fills in mean squares and standard errors of measurement.
func (r *ICCResult) errors(a twoWay) {
	unit := 1 / a.scale
	square := func(v float64) Estimate { return Known(v * unit * unit) }
	r.MSBetween, r.MSOccasion = square(a.between), square(a.occasion)
	r.MSError, r.MSWithin = square(a.residual), square(a.within)
	sem := math.Sqrt(a.residual) * unit
	r.SEMConsistency = Known(sem)
	r.SEMAgreement = Known(math.Sqrt(a.residual+math.Max(0, (a.occasion-a.residual)/a.n)) * unit)
	r.SDC95 = Known(1.96 * math.Sqrt2 * sem)
}
