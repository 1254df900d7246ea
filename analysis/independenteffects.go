package analysis

import (
	"math"
	"slices"

	"tidemark/analysis/dist"
)

// IndependentEffectSizes is what IndependentEffects returns. All effects are
// dimensionless; positive means x above y.
type IndependentEffectSizes struct {
	NX, NY             int
	MissingX, MissingY int

	// D is Cohen's d, the difference over the pooled SD; its interval inverts
	// the noncentral t distribution (Steiger & Fouladi 1997).
	D   Estimate
	DCI Interval
	// JExact is the correction of Hedges (1981) with df = NX + NY − 2, JApprox
	// its approximation; G = JExact·D, and its interval likewise.
	JExact, JApprox, G Estimate
	GCI                Interval

	// GlassDelta divides by the SD of y, the control (Glass 1976).
	GlassDelta Estimate
	// DAverage divides by the root mean square of the two SDs.
	DAverage Estimate

	// CommonLanguage is Φ(D/√2), the probability that a value of x exceeds one
	// of y (McGraw & Wong 1992); U3 is Φ(D), Overlap is 2Φ(−|D|/2) (Cohen
	// 1988). All three are shares for normal data with equal variances.
	CommonLanguage, U3, Overlap Estimate
	// CliffsDelta is P(x > y) − P(x < y), from −1 to 1 (Cliff 1993).
	CliffsDelta Estimate
}

// IndependentEffects computes the standardised differences of two independent
// groups, x − y. For the difference in change between two arms pass the changes
// of the course as x and those of the control as y. NaN entries are missing and
// counted.
//
// Not estimable: everything if a group has fewer than two values; all but
// CliffsDelta if both groups are constant, GlassDelta if y is.
func IndependentEffects(x, y []float64, level float64) IndependentEffectSizes {
	xs, missingX, faultX := present(x)
	ys, missingY, faultY := present(y)
	g := groups{x: xs, y: ys, mx: newMoments(xs, 0), my: newMoments(ys, 0), fault: FirstReason(faultX, faultY)}
	e := IndependentEffectSizes{
		NX: g.mx.n, NY: g.my.n, MissingX: missingX, MissingY: missingY,
		CliffsDelta: Unknown(g.sized()),
	}
	if g.sized() == "" {
		e.CliffsDelta = Known(g.cliffsDelta())
	}
	e.standardise(g, g.spread(), level)
	return e
}

// standardise fills in the effects that divide by an SD.
func (e *IndependentEffectSizes) standardise(g groups, why Reason, level float64) {
	nx, ny := float64(g.mx.n), float64(g.my.n)
	df := nx + ny - 2
	difference := g.mx.mean - g.my.mean
	d := difference / g.pooledSD()
	if why == "" && !Finite(d) {
		why = ReasonOutOfRange
	}
	e.D = KnownUnless(why, d)
	e.DAverage = KnownUnless(why, difference/(math.Hypot(g.mx.sd(), g.my.sd())/math.Sqrt2))
	e.CommonLanguage = KnownUnless(why, dist.NormalCDF(d/math.Sqrt2))
	e.U3 = KnownUnless(why, dist.NormalCDF(d))
	e.Overlap = KnownUnless(why, 2*dist.NormalCDF(-math.Abs(d)/2))
	glass := why
	if glass == "" && g.my.constant {
		glass = ReasonZeroVariance
	}
	e.GlassDelta = KnownUnless(glass, difference/g.my.sd())
	if why != "" {
		e.JExact, e.JApprox, e.G = Unknown(why), Unknown(why), Unknown(why)
		e.DCI, e.GCI = NoInterval(why, level), NoInterval(why, level)
		return
	}
	j := hedgesExact(df)
	e.JExact, e.JApprox, e.G = Known(j), Known(hedgesApprox(df)), Known(j*d)
	if !ValidLevel(level) {
		e.DCI, e.GCI = NoInterval(ReasonInvalidOption, level), NoInterval(ReasonInvalidOption, level)
		return
	}
	root := math.Sqrt(1/nx + 1/ny)
	e.DCI = noncentralityInterval(d/root, df, level).scaled(root)
	e.GCI = e.DCI.scaled(j)
}

// cliffsDelta counts dominance by merging the sorted groups; ties are judged at
// the tolerance of the package.
func (g groups) cliffsDelta() float64 {
	x, y := slices.Clone(g.x), slices.Clone(g.y)
	sortAscending(x)
	sortAscending(y)
	tol := tolFactor * math.Max(g.mx.magnitude, g.my.magnitude)
	var below, notAbove int // values of y clearly below, and not clearly above
	score := 0.0
	for _, v := range x {
		for below < len(y) && y[below] < v-tol {
			below++
		}
		for notAbove < len(y) && y[notAbove] <= v+tol {
			notAbove++
		}
		score += float64(below - (len(y) - notAbove))
	}
	return score / float64(len(x)) / float64(len(y))
}
