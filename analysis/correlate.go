package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// CorrelationResult is what Correlate returns. All coefficients lie between −1
// and 1.
type CorrelationResult struct {
	// Pairs counts the complete pairs, Excluded those with a missing half.
	Pairs    int
	Excluded int
	// Ties reports whether equal values occur within a column.
	Ties bool

	// Pearson is the product-moment correlation of the values, Spearman (1904)
	// that of their midranks.
	Pearson  Correlation
	Spearman RankCorrelation
	// Kendall is τ_b (Kendall 1945), corrected for ties; its statistic is the
	// tie-corrected normal z without continuity correction.
	Kendall KendallCorrelation
}

// Correlation is a coefficient with its t test against zero on Pairs − 2
// degrees of freedom.
type Correlation struct {
	R, T, DF, P Estimate
	// CI is tanh(artanh R ± z/√(n − 3)) (Fisher 1921).
	CI Interval
}

// RankCorrelation is Spearman's coefficient.
type RankCorrelation struct {
	Correlation
	// PExact doubles the smaller tail of the permutation distribution of
	// Σ(rank difference)², at most 1. It exists without ties up to 14 pairs.
	PExact Estimate
	// PBest is PExact where it exists, else P, named by Method.
	PBest  Estimate
	Method RankMethod
}

// KendallCorrelation is Kendall's coefficient.
type KendallCorrelation struct {
	TauB, Z, PNormal Estimate
	// PExact doubles the smaller tail of the permutation distribution of the
	// number of discordant pairs, at most 1. It exists without ties up to 400
	// pairs.
	PExact Estimate
	// PBest is PExact where it exists, else PNormal, named by Method.
	PBest  Estimate
	Method RankMethod
}

// Correlate computes the correlation of two columns by three definitions, with
// two-sided tests and intervals. Pairs with a missing half are dropped and
// counted. Ties are judged at the tolerance of the package, column by column.
//
// Not estimable: everything below two pairs or when a column is constant; tests
// below three pairs; intervals below four; the t test and the interval of a
// correlation of exactly ±1 (perfect_correlation).
func Correlate(x, y []float64, level float64) CorrelationResult {
	p := newPairs(x, y)
	x, y = p.pre, p.post
	mx, my := newMoments(x, 0), newMoments(y, 0)
	r := CorrelationResult{Pairs: len(x), Excluded: p.excluded}
	why := FirstReason(p.fault, mx.needsSpread(2), my.needsSpread(2))
	r.Pearson = newCorrelation(x, y, mx, my, why, level)
	if why != "" {
		e := Unknown(why)
		r.Spearman = RankCorrelation{Correlation: r.Pearson, PExact: e, PBest: e}
		r.Kendall = KendallCorrelation{TauB: e, Z: e, PNormal: e, PExact: e, PBest: e}
		return r
	}
	a, b := newRanked(x, tolFactor*mx.magnitude), newRanked(y, tolFactor*my.magnitude)
	r.Ties = a.tied() || b.tied()
	r.Spearman = spearman(a, b, level)
	r.Kendall = kendall(a, b)
	return r
}

// newCorrelation is the product-moment correlation of aligned columns.
func newCorrelation(x, y []float64, mx, my moments, why Reason, level float64) Correlation {
	if why != "" {
		e := Unknown(why)
		return Correlation{R: e, T: e, DF: e, P: e, CI: NoInterval(why, level)}
	}
	r := correlation(x, y, mx, my).Value
	below, perfect := gapToOne(x, y, mx, my, math.Copysign(1, r))
	if perfect {
		r = math.Copysign(1, r)
	}
	n := float64(len(x))
	c := Correlation{R: Known(r)}
	if len(x) < 3 {
		why = ReasonTooFew3
	} else if perfect {
		why = ReasonPerfectCorrelation
	}
	df := n - 2
	t := math.Sqrt(df) * r / math.Sqrt(below*(2-below))
	c.T, c.DF = KnownUnless(why, t), KnownUnless(why, df)
	c.P = KnownUnless(why, dist.StudentTwoSided(t, df))
	if len(x) < 4 {
		why = FirstReason(why, ReasonTooFew4)
	}
	if !ValidLevel(level) {
		why = FirstReason(why, ReasonInvalidOption)
	}
	if why != "" {
		c.CI = NoInterval(why, level)
		return c
	}
	z := math.Copysign(0.5*math.Log((2-below)/below), r)
	half := dist.NormalCritical(level) / math.Sqrt(n-3)
	c.CI = NewInterval(math.Tanh(z-half), math.Tanh(z+half), level)
	return c
}

// gapToOne is 1 − |r| = ½ Σ(u − sign·v)², u and v being the columns centred and
// brought to length 1, which keeps its digits where r is close to ±1. perfect
// means that every u − sign·v is nothing but rounding of the values that
// entered.
func gapToOne(x, y []float64, mx, my moments, sign float64) (gap float64, perfect bool) {
	lx, ly := math.Sqrt(mx.ss), sign*math.Sqrt(my.ss)
	cx, cy := mx.mean*mx.scale, my.mean*my.scale
	tol := tolFactor * (mx.magnitude*mx.scale/lx + my.magnitude*my.scale/math.Abs(ly))
	var squares, sum, most float64
	for i, v := range x {
		d := (v*mx.scale-cx)/lx - (y[i]*my.scale-cy)/ly
		squares += d * d
		sum += d
		most = math.Max(most, math.Abs(d))
	}
	gap = (squares - sum*sum/float64(len(x))) / 2
	return gap, most <= tol || gap <= 0
}
