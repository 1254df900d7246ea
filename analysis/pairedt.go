package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// PairedTResult is what PairedT returns. Means and SDs are in the unit of the
// scores.
type PairedTResult struct {
	// Pairs counts the complete pairs, Excluded those with a missing half.
	Pairs    int
	Excluded int

	MeanPre, MeanPost Estimate
	SDPre, SDPost     Estimate
	// R is the Pearson correlation of pre and post; it says nothing below three
	// pairs, because two always lie on a line.
	R Estimate

	// MeanChange is the mean of post − pre, SDChange the SD of the changes,
	// SEChange = SDChange/√Pairs.
	MeanChange, SDChange, SEChange Estimate

	// T = MeanChange/SEChange with DF = Pairs − 1 degrees of freedom.
	T, DF Estimate
	// P is two-sided; PLess tests for a decrease, PGreater for an increase.
	P, PLess, PGreater Estimate
	// CI is the two-sided interval of MeanChange.
	CI Interval
	// LowGreater and HighLess are the finite ends of the one-sided intervals
	// at the same level.
	LowGreater, HighLess Estimate
}

// PairedT is Student's (1908) t test of the mean change, post − pre. Pairs with
// a missing half are dropped and counted.
//
// Not estimable: means without a complete pair; SDs below two pairs; the test
// and its intervals in addition when every pair changed by the same amount; R
// below three pairs or when a column is constant.
func PairedT(pre, post []float64, level float64) PairedTResult {
	return pairedT(newPairSummary(pre, post, false), level)
}

// pairedT is PairedT of summarised pairs.
func pairedT(p pairSummary, level float64) PairedTResult {
	pre, post, change := p.pre, p.post, p.change
	one := FirstReason(p.fault, change.needs(1))
	two := FirstReason(p.fault, change.needs(2))
	r := PairedTResult{
		Pairs:      change.n,
		Excluded:   p.excluded,
		MeanPre:    KnownUnless(one, pre.mean),
		MeanPost:   KnownUnless(one, post.mean),
		MeanChange: KnownUnless(one, change.mean),
		SDPre:      KnownUnless(two, pre.sd()),
		SDPost:     KnownUnless(two, post.sd()),
		SDChange:   KnownUnless(two, change.sd()),
		SEChange:   KnownUnless(two, change.sd()/math.Sqrt(float64(change.n))),
	}
	if r.R.Reason = FirstReason(two, change.needs(3)); r.R.OK() {
		r.R = p.r
	}
	r.test(FirstReason(p.fault, change.needsSpread(2)), change, level)
	return r
}

// test fills in the test and its intervals.
func (r *PairedTResult) test(why Reason, change moments, level float64) {
	if why != "" {
		for _, e := range []*Estimate{&r.T, &r.DF, &r.P, &r.PLess, &r.PGreater, &r.LowGreater, &r.HighLess} {
			*e = Unknown(why)
		}
		r.CI = NoInterval(why, level)
		return
	}
	se, df := change.sd()/math.Sqrt(float64(change.n)), float64(change.n-1)
	t := change.mean / se
	r.T, r.DF = Known(t), Known(df)
	r.P = Known(dist.StudentTwoSided(t, df))
	r.PLess, r.PGreater = Known(dist.StudentTail(-t, df)), Known(dist.StudentTail(t, df))
	r.CI = studentInterval(change.mean, se, df, level)
	if !ValidLevel(level) {
		r.LowGreater, r.HighLess = Unknown(ReasonInvalidOption), Unknown(ReasonInvalidOption)
		return
	}
	reach := -dist.StudentQuantile(1-level, df) * se
	r.LowGreater, r.HighLess = Known(change.mean-reach), Known(change.mean+reach)
}
