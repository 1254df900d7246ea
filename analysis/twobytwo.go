package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// Events counts how many of a group had an event.
type Events struct{ Yes, Of int }

// valid reports whether the counts can be.
func (e Events) valid() bool { return e.Yes >= 0 && e.Yes <= e.Of && e.Of <= maxPeople }

const (
	// maxPeople is the largest group that is counted.
	maxPeople = 1 << 30
	// maxTables is the largest number of tables with the same margins that exact
	// methods walk through.
	maxTables = 1 << 18
)

// TwoByTwoResult is what TwoByTwo returns.
type TwoByTwoResult struct {
	X, Y  Events
	Level float64

	// RateX and RateY are the shares with an event, 0 to 1, with the score
	// interval of Wilson (1927) and the exact one of Clopper & Pearson (1934).
	RateX, RateY           Estimate
	WilsonX, WilsonY       Interval
	ExactRateX, ExactRateY Interval

	// RiskDifference is RateX − RateY. Newcombe is the interval of his method 10
	// (1998), the one to report; Wald takes the normal approximation and may
	// leave −1 to 1.
	RiskDifference Estimate
	Newcombe, Wald Interval
	NNT            NumberNeeded

	// RiskRatio is RateX/RateY, OddsRatio the ratio of the odds in the sample,
	// both with the interval that is normal on the logarithm (Katz et al. 1978;
	// Woolf 1955).
	RiskRatio   Estimate
	RiskRatioCI Interval
	OddsRatio   Estimate
	OddsRatioCI Interval
	// ConditionalOdds is the odds ratio given the margins.
	ConditionalOdds OddsRatio

	// FisherP sums the tables no more likely than the observed one, given the
	// margins (Fisher 1935); FisherLess tests for fewer events in x, FisherGreater
	// for more.
	FisherP, FisherLess, FisherGreater Estimate
	// ChiSquare is Pearson's, without and with the correction of Yates (1934).
	ChiSquare, ChiSquareP           Estimate
	YatesChiSquare, YatesChiSquareP Estimate
	// Phi is the correlation of group and event, from −1 to 1.
	Phi Estimate
}

// NumberNeeded is the number of people to treat for one more event, 1 over the
// risk difference; negative means one fewer. It has no value at a difference of
// 0, but jumps from +∞ to −∞ there: an interval of the risk difference that
// contains 0 is, in numbers needed, two intervals that meet at infinity (Altman
// 1998).
type NumberNeeded struct {
	Value Estimate
	// CI is the interval where it does not pass through infinity.
	CI Interval
	// ThroughInfinity says that it does. The interval then reaches from Benefit
	// up to ∞ and on from −∞ up to Harm: Benefit is the smallest number to treat
	// for one more event that the data allow, −Harm that for one fewer. One of
	// them is unbounded where the interval of the difference ends at 0.
	ThroughInfinity bool
	Benefit, Harm   Estimate
}

// TwoByTwo compares the events in two groups, x − y: responders in the course
// and the control, drop-outs in two arms.
//
// Not estimable: everything if a group is empty; the risk ratio without an event
// in one of the groups; the odds ratio of the sample if one of the four cells is
// empty; χ² and the conditional odds ratio if nobody or everybody had an event;
// NNT if the rates are equal; the exact methods if more than about 260,000 tables
// have the same margins.
func TwoByTwo(x, y Events, level float64) TwoByTwoResult {
	r := TwoByTwoResult{X: x, Y: y}
	if Finite(level) {
		r.Level = level
	}
	var why Reason
	switch {
	case !x.valid() || !y.valid():
		why = ReasonInvalidOption
	case x.Of == 0 || y.Of == 0:
		why = ReasonEmptyGroup
	}
	if why != "" {
		r.withhold(why, level)
		return r
	}
	r.rates(level)
	r.ratios(level)
	r.association()
	h, ok := newHypergeometric(x, y)
	if !ok {
		why = ReasonTooManyForExact
		r.FisherP, r.FisherLess, r.FisherGreater = Unknown(why), Unknown(why), Unknown(why)
		r.ConditionalOdds = noOdds(why, level)
		return r
	}
	r.FisherLess, r.FisherGreater, r.FisherP = h.fisher()
	r.ConditionalOdds = h.odds(level)
	return r
}

// withhold marks everything as not estimable.
func (r *TwoByTwoResult) withhold(why Reason, level float64) {
	for _, e := range []*Estimate{
		&r.RateX, &r.RateY, &r.RiskDifference, &r.NNT.Value, &r.NNT.Benefit, &r.NNT.Harm, &r.RiskRatio, &r.OddsRatio,
		&r.FisherP, &r.FisherLess, &r.FisherGreater,
		&r.ChiSquare, &r.ChiSquareP, &r.YatesChiSquare, &r.YatesChiSquareP, &r.Phi,
	} {
		*e = Unknown(why)
	}
	for _, v := range []*Interval{
		&r.WilsonX, &r.WilsonY, &r.ExactRateX, &r.ExactRateY, &r.Newcombe, &r.Wald, &r.NNT.CI, &r.RiskRatioCI, &r.OddsRatioCI,
	} {
		*v = NoInterval(why, level)
	}
	r.ConditionalOdds = noOdds(why, level)
}

// rates fills in both rates and their difference.
func (r *TwoByTwoResult) rates(level float64) {
	a, b := Wilson(r.X.Yes, r.X.Of, level), Wilson(r.Y.Yes, r.Y.Of, level)
	r.RateX, r.WilsonX, r.RateY, r.WilsonY = a.Value, a.CI, b.Value, b.CI
	r.ExactRateX, r.ExactRateY = ClopperPearson(r.X.Yes, r.X.Of, level).CI, ClopperPearson(r.Y.Yes, r.Y.Of, level).CI
	p, q := a.Value.Value, b.Value.Value
	d := p - q
	r.RiskDifference = Known(d)
	if !ValidLevel(level) {
		r.Wald, r.Newcombe = NoInterval(ReasonInvalidOption, level), NoInterval(ReasonInvalidOption, level)
	} else {
		half := dist.NormalCritical(level) * math.Hypot(
			math.Sqrt(p*(1-p)/float64(r.X.Of)), math.Sqrt(q*(1-q)/float64(r.Y.Of)))
		r.Wald = NewInterval(d-half, d+half, level)
		r.Newcombe = NewInterval(
			d-math.Hypot(p-a.CI.Low, b.CI.High-q), d+math.Hypot(a.CI.High-p, q-b.CI.Low), level)
	}
	// Equal rates are equal as fractions, whatever their rounding.
	r.NNT = numberNeeded(d, r.X.Yes*r.Y.Of == r.Y.Yes*r.X.Of, r.Newcombe)
}

// numberNeeded inverts a risk difference and its interval.
func numberNeeded(d float64, equal bool, ci Interval) NumberNeeded {
	n := NumberNeeded{Value: Known(1 / d), CI: NoInterval(FirstReason(ci.Reason, ReasonUnbounded), ci.Level)}
	if equal {
		n.Value = Unknown(ReasonZeroDifference)
	}
	n.Benefit, n.Harm = Unknown(n.CI.Reason), Unknown(n.CI.Reason)
	switch {
	case !ci.OK():
	case ci.Low > 0 || ci.High < 0:
		n.CI = NewInterval(1/ci.High, 1/ci.Low, ci.Level)
	default:
		n.ThroughInfinity = true
		if ci.High > 0 {
			n.Benefit = Known(1 / ci.High)
		}
		if ci.Low < 0 {
			n.Harm = Known(1 / ci.Low)
		}
	}
	return n
}

// ratios fills in risk and odds ratio.
func (r *TwoByTwoResult) ratios(level float64) {
	a, b := float64(r.X.Yes), float64(r.X.Of-r.X.Yes)
	c, d := float64(r.Y.Yes), float64(r.Y.Of-r.Y.Yes)
	nx, ny := float64(r.X.Of), float64(r.Y.Of)
	var risk, odds Reason
	if a == 0 || c == 0 {
		risk = ReasonZeroCell
	}
	if a == 0 || b == 0 || c == 0 || d == 0 {
		odds = ReasonZeroCell
	}
	r.RiskRatio = KnownUnless(risk, a/nx/(c/ny))
	r.OddsRatio = KnownUnless(odds, a/b*(d/c))
	// 1/a − 1/nx without the cancellation.
	r.RiskRatioCI = ratioInterval(r.RiskRatio, math.Sqrt(b/a/nx+d/c/ny), level)
	r.OddsRatioCI = ratioInterval(r.OddsRatio, math.Sqrt(1/a+1/b+1/c+1/d), level)
}

// ratioInterval is normal on the logarithm, where the ratio has the SE given.
func ratioInterval(ratio Estimate, se, level float64) Interval {
	why := ratio.Reason
	if !ValidLevel(level) {
		why = FirstReason(why, ReasonInvalidOption)
	}
	if why != "" {
		return NoInterval(why, level)
	}
	factor := math.Exp(dist.NormalCritical(level) * se)
	return NewInterval(ratio.Value/factor, ratio.Value*factor, level)
}

// association fills in χ² and φ.
func (r *TwoByTwoResult) association() {
	a, b := float64(r.X.Yes), float64(r.X.Of-r.X.Yes)
	c, d := float64(r.Y.Yes), float64(r.Y.Of-r.Y.Yes)
	if a+c == 0 || b+d == 0 {
		for _, e := range []*Estimate{&r.ChiSquare, &r.ChiSquareP, &r.YatesChiSquare, &r.YatesChiSquareP, &r.Phi} {
			*e = Unknown(ReasonEmptyMargin)
		}
		return
	}
	n := a + b + c + d
	root := math.Sqrt(a+b) * math.Sqrt(c+d) * math.Sqrt(a+c) * math.Sqrt(b+d)
	cross := a*d - b*c
	r.Phi = Known(cross / root)
	// The correction takes ½ from |observed − expected| = |cross|/n, but not more
	// than there is.
	moved := math.Max(0, math.Abs(cross)-n/2)
	chi, corrected := n*math.Pow(cross/root, 2), n*math.Pow(moved/root, 2)
	r.ChiSquare, r.ChiSquareP = Known(chi), Known(dist.ChiSquareTail(chi, 1))
	r.YatesChiSquare, r.YatesChiSquareP = Known(corrected), Known(dist.ChiSquareTail(corrected, 1))
}
