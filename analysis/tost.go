package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// DefaultAlpha is the error rate of an equivalence test where its options leave
// it at zero.
const DefaultAlpha = 0.05

// EquivalenceOptions steers the equivalence tests. Bounds have no default: what
// is too small to matter is a judgement.
type EquivalenceOptions struct {
	// Low and High bound the differences that do not matter, in the unit of the
	// scores; Low < High.
	Low, High float64
	// Alpha is the error rate of each one-sided test; 0 means DefaultAlpha. The
	// interval has the level 1 − 2·Alpha.
	Alpha float64
}

// EquivalenceResult is what the equivalence tests return. Difference and
// interval are in the unit of the scores.
type EquivalenceResult struct {
	// N counts the pairs, or the people of both groups; NX and NY the groups,
	// and are 0 for pairs. Excluded counts pairs with a missing half, or missing
	// values.
	N, NX, NY int
	Excluded  int
	Low, High float64
	Alpha     float64

	// Difference is the mean change, or the difference of means x − y, with SE
	// and DF degrees of freedom (Welch's for groups).
	Difference, SE, DF Estimate
	// TLower tests the difference against Low, PLower that it lies above it;
	// TUpper and PUpper that it lies below High.
	TLower, PLower, TUpper, PUpper Estimate
	// P is the larger of both.
	P Estimate
	// CI is the interval at level 1 − 2·Alpha; it lies within the bounds exactly
	// when the test says so.
	CI Interval
	// Equivalent says that P < Alpha: the difference is too small to matter.
	// False may as well mean too few people, or, where P does not exist, that
	// nothing can be said.
	Equivalent bool
}

// EquivalencePairs tests whether the mean change post − pre is too small to
// matter, by two one-sided t tests (Schuirmann 1987; Lakens 2017): no change at
// follow-up is something to be shown, and a large p-value of the usual test does
// not show it. Pairs with a missing half are dropped and counted.
//
// Not estimable: the test below two pairs or when every pair changed by the same
// amount; everything if Low ≥ High or Alpha is not between 0 and ½.
func EquivalencePairs(pre, post []float64, opt EquivalenceOptions) EquivalenceResult {
	p := newPairs(pre, post)
	m := newMoments(p.change, p.magnitude)
	r := EquivalenceResult{N: m.n, Excluded: p.excluded}
	r.Difference = KnownUnless(FirstReason(p.fault, m.needs(1)), m.mean)
	why := FirstReason(p.fault, m.needsSpread(2))
	r.SE = KnownUnless(why, m.sd()/math.Sqrt(float64(m.n)))
	r.DF = KnownUnless(why, float64(m.n-1))
	r.test(opt)
	return r
}

// EquivalenceGroups tests whether two means differ too little to matter, by two
// one-sided t tests of Welch (1947). NaN entries are missing and counted.
//
// Not estimable: the test if a group has fewer than two values or if both groups
// are constant; everything if Low ≥ High or Alpha is not between 0 and ½.
func EquivalenceGroups(x, y []float64, opt EquivalenceOptions) EquivalenceResult {
	w := WelchT(x, y, DefaultLevel)
	r := EquivalenceResult{
		N: w.NX + w.NY, NX: w.NX, NY: w.NY, Excluded: w.MissingX + w.MissingY,
		Difference: w.Difference, DF: w.Welch.DF, SE: Unknown(w.Welch.DF.Reason),
	}
	if r.DF.OK() {
		r.SE = Known(math.Hypot(w.SDX.Value/math.Sqrt(float64(w.NX)), w.SDY.Value/math.Sqrt(float64(w.NY))))
	}
	r.test(opt)
	return r
}

// test fills in both tests from difference, SE and DF.
func (r *EquivalenceResult) test(opt EquivalenceOptions) {
	if opt.Alpha == 0 {
		opt.Alpha = DefaultAlpha
	}
	why := FirstReason(r.Difference.Reason, r.SE.Reason, r.DF.Reason)
	if !(Finite(opt.Low) && Finite(opt.High) && opt.Low < opt.High && opt.Alpha > 0 && opt.Alpha < 0.5) {
		opt, why = EquivalenceOptions{}, FirstReason(why, ReasonInvalidOption)
	}
	r.Low, r.High, r.Alpha = opt.Low, opt.High, opt.Alpha
	d, se, df := r.Difference.Value, r.SE.Value, r.DF.Value
	lower, upper := (d-opt.Low)/se, (d-opt.High)/se
	if why == "" && !(Finite(lower) && Finite(upper)) {
		why = ReasonOutOfRange
	}
	if why != "" {
		for _, e := range []*Estimate{&r.TLower, &r.PLower, &r.TUpper, &r.PUpper, &r.P} {
			*e = Unknown(why)
		}
		r.CI = NoInterval(why, 1-2*opt.Alpha)
		return
	}
	r.TLower, r.PLower = Known(lower), Known(dist.StudentTail(lower, df))
	r.TUpper, r.PUpper = Known(upper), Known(dist.StudentTail(-upper, df))
	r.P = Known(math.Max(r.PLower.Value, r.PUpper.Value))
	r.CI = studentInterval(d, se, df, 1-2*opt.Alpha)
	r.Equivalent = r.P.OK() && r.P.Value < opt.Alpha
}
