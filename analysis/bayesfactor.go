package analysis

import "math"

// DefaultPriorScale is the scale √2/2 of the Cauchy prior on the standardised
// effect that JASP and jamovi use, where the options leave it at zero.
const DefaultPriorScale = math.Sqrt2 / 2

// BayesFactorResult is what the Bayes factors return.
type BayesFactorResult struct {
	// N counts the pairs, or the people of both groups; NX and NY the groups,
	// and are 0 for pairs. Excluded counts pairs with a missing half, or missing
	// values.
	N, NX, NY int
	Excluded  int
	// PriorScale is that of the Cauchy prior, in standard deviations.
	PriorScale float64
	// T is the t statistic it rests on, with DF degrees of freedom.
	T, DF Estimate
	// LogBF10 is the natural logarithm of BF10, which says how many times more
	// likely the data are under some effect than under none. BF01 is 1/BF10.
	LogBF10, BF10, BF01 Estimate
}

// BayesFactorPairs is the Bayes factor of Rouder et al. (2009) for a mean change:
// a Cauchy prior of the given scale on the change in units of its SD against no
// change (Jeffreys, Zellner and Siow). A scale of 0 means DefaultPriorScale.
// Pairs with a missing half are dropped and counted.
//
// Not estimable: below two pairs, when every pair changed by the same amount, or
// when the scale is not positive; BF10 or BF01 where it exceeds double precision,
// whose logarithm is still there.
func BayesFactorPairs(pre, post []float64, scale float64) BayesFactorResult {
	t := PairedT(pre, post, DefaultLevel)
	r := BayesFactorResult{N: t.Pairs, Excluded: t.Excluded, T: t.T, DF: t.DF}
	r.weigh(float64(t.Pairs), scale)
	return r
}

// BayesFactorGroups is the same for the difference of two means in units of the
// common SD, which it takes to be equal in both groups. NaN entries are missing
// and counted.
//
// Not estimable: if a group has fewer than two values, if both are constant, or
// when the scale is not positive.
func BayesFactorGroups(x, y []float64, scale float64) BayesFactorResult {
	w := WelchT(x, y, DefaultLevel)
	r := BayesFactorResult{
		N: w.NX + w.NY, NX: w.NX, NY: w.NY, Excluded: w.MissingX + w.MissingY,
		T: w.Student.T, DF: w.Student.DF,
	}
	nx, ny := float64(w.NX), float64(w.NY)
	r.weigh(nx*ny/(nx+ny), scale)
	return r
}

// weigh fills in the Bayes factor of t; size is n for pairs and the harmonic
// nx·ny/(nx + ny) for groups.
func (r *BayesFactorResult) weigh(size, scale float64) {
	if scale == 0 {
		scale = DefaultPriorScale
	}
	why := FirstReason(r.T.Reason, r.DF.Reason)
	if !(scale > 0 && scale < 1e100 && scale > 1e-100) {
		scale, why = 0, FirstReason(why, ReasonInvalidOption)
	}
	r.PriorScale = scale
	if why != "" {
		r.LogBF10, r.BF10, r.BF01 = Unknown(why), Unknown(why), Unknown(why)
		return
	}
	log := logBayesFactor(r.T.Value, r.DF.Value, size, scale)
	r.LogBF10, r.BF10, r.BF01 = Known(log), Known(math.Exp(log)), Known(math.Exp(-log))
}

// logBayesFactor is the logarithm of
//
//	∫ (1+Ng)^−½ [(1 + t²/ν) / (1 + t²/((1+Ng)ν))]^((ν+1)/2) p(g) dg,
//
// where g, the variance of the effect, is inverse gamma with shape ½ and scale
// r²/2. In u = log g the integrand is analytic for |Im u| < π/2 and decays at
// both ends, so that the trapezoidal rule converges exponentially (Trefethen &
// Weideman 2014): a step of 1/8 leaves an error near e^−79. Logarithms of its
// terms are summed, because either factor may leave double precision.
func logBayesFactor(t, df, n, scale float64) float64 {
	const step = 0.125
	half := scale * scale / 2
	q := t * t / df
	if math.IsInf(q, 1) {
		q = math.MaxFloat64
	}
	logN := math.Log(n)
	term := func(u float64) float64 {
		// 1 + N·g and its logarithm, safe where g leaves double precision.
		logNG := u + logN
		ng, logBoth := math.Exp(logNG), logNG
		if logNG < 700 {
			logBoth = math.Log1p(ng)
		}
		// p(g)·g, up to its constant, and the ratio of likelihoods; the bracket is
		// written as 1 + positive, so that it loses nothing for small g.
		return -u/2 - half*math.Exp(-u) - logBoth/2 +
			(df+1)/2*math.Log1p(q/(1+q/(1+ng))/(1+1/ng))
	}
	// Below, the prior is e^−750 of its peak; above, the integrand falls like 1/g
	// from where both 1 and the effect are small beside N·g.
	from := math.Log(half / 750)
	to := 50 + math.Max(math.Max(math.Log(half), 0), math.Log1p(q)+math.Log(df)-logN)
	terms := make([]float64, 0, int((to-from)/step)+1)
	largest := math.Inf(-1)
	for u := from; u <= to; u += step {
		v := term(u)
		terms = append(terms, v)
		largest = math.Max(largest, v)
	}
	sum := 0.0
	for _, v := range terms {
		sum += math.Exp(v - largest)
	}
	// r/√(2π) is the constant of the prior.
	return largest + math.Log(sum*step) + math.Log(scale) - math.Log(2*math.Pi)/2
}
