package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// ChangeTable counts people by a yes or no before and after.
type ChangeTable struct {
	// YesYes and NoNo stayed, YesNo lost it, NoYes gained it.
	YesYes, YesNo, NoYes, NoNo int
}

// McNemarResult is what McNemar returns.
type McNemarResult struct {
	Table ChangeTable
	// N counts the people, Discordant those who moved.
	N, Discordant int
	Level         float64

	// RatePre and RatePost are the shares with a yes, RateDifference is post −
	// pre, and its interval that of Bonett & Price (2012), which adds one person
	// to each way of moving.
	RatePre, RatePost Estimate
	RateDifference    Estimate
	RateDifferenceCI  Interval

	// MidP is twice the smaller tail of the binomial with half of the observed
	// outcome taken off; it is the one to report (Fagerland, Lydersen & Laake
	// 2013). ExactP takes the whole.
	MidP, ExactP Estimate
	// ChiSquare is (NoYes − YesNo)²/Discordant (McNemar 1947), CorrectedChiSquare
	// with the correction of Edwards (1948), max(0, |NoYes − YesNo| − 1)².
	ChiSquare, ChiSquareP                   Estimate
	CorrectedChiSquare, CorrectedChiSquareP Estimate

	// Odds is NoYes/YesNo with the interval from the exact one of the binomial.
	Odds OddsRatio
	// CohensG is the distance of the larger share of movers from ½.
	CohensG Estimate
}

// McNemar asks whether more people moved one way than the other, for instance
// across a cut-off.
//
// Not estimable: rates without people; the tests and the odds if nobody moved,
// but for ExactP, which is then 1.
func McNemar(table ChangeTable, level float64) McNemarResult {
	r := McNemarResult{Table: table}
	if Finite(level) {
		r.Level = level
	}
	a, b, c, d := table.YesYes, table.YesNo, table.NoYes, table.NoNo
	if min(a, b, c, d) < 0 || max(a, b, c, d) > maxPeople {
		r.withholdRates(ReasonInvalidOption, level)
		r.withholdTests(ReasonInvalidOption, level)
		r.ExactP = Unknown(ReasonInvalidOption)
		return r
	}
	r.N, r.Discordant = a+b+c+d, b+c
	r.ExactP = Known(1)
	if r.N == 0 {
		r.withholdRates(ReasonNoData, level)
		r.ExactP = Unknown(ReasonNoData)
	} else {
		r.rates(level)
	}
	if r.Discordant == 0 {
		r.withholdTests(FirstReason(r.RatePre.Reason, ReasonNoDiscordant), level)
		return r
	}
	r.test()
	r.odds(level)
	return r
}

func (r *McNemarResult) withholdRates(why Reason, level float64) {
	r.RatePre, r.RatePost, r.RateDifference = Unknown(why), Unknown(why), Unknown(why)
	r.RateDifferenceCI = NoInterval(why, level)
}

func (r *McNemarResult) withholdTests(why Reason, level float64) {
	for _, e := range []*Estimate{&r.MidP, &r.ChiSquare, &r.ChiSquareP, &r.CorrectedChiSquare, &r.CorrectedChiSquareP, &r.CohensG} {
		*e = Unknown(why)
	}
	r.Odds = noOdds(why, level)
}

// rates fills in the shares and their difference.
func (r *McNemarResult) rates(level float64) {
	n := float64(r.N)
	r.RatePre = Known(float64(r.Table.YesYes+r.Table.YesNo) / n)
	r.RatePost = Known(float64(r.Table.YesYes+r.Table.NoYes) / n)
	r.RateDifference = Known(float64(r.Table.NoYes-r.Table.YesNo) / n)
	if !ValidLevel(level) {
		r.RateDifferenceCI = NoInterval(ReasonInvalidOption, level)
		return
	}
	lost, gained := float64(r.Table.YesNo+1)/(n+2), float64(r.Table.NoYes+1)/(n+2)
	half := dist.NormalCritical(level) * math.Sqrt((lost+gained-(gained-lost)*(gained-lost))/(n+2))
	r.RateDifferenceCI = NewInterval(
		math.Max(-1, gained-lost-half), math.Min(1, gained-lost+half), level)
}

// test fills in the p-values, given that somebody moved.
func (r *McNemarResult) test() {
	few, many := r.Table.YesNo, r.Table.NoYes
	if few > many {
		few, many = many, few
	}
	gap, movers := float64(many-few), float64(few+many)
	r.ChiSquare = Known(gap * gap / movers)
	moved := math.Max(0, gap-1)
	r.CorrectedChiSquare = Known(moved * moved / movers)
	r.ChiSquareP = Known(dist.ChiSquareTail(r.ChiSquare.Value, 1))
	r.CorrectedChiSquareP = Known(dist.ChiSquareTail(r.CorrectedChiSquare.Value, 1))
	r.CohensG = Known(float64(many)/movers - 0.5)

	// P(X ≤ few) of the binomial with n = movers and p = ½ is I_½(many, few + 1).
	atMost, _ := dist.BetaTails(0.5, 0.5, float64(many), float64(few+1))
	point := atMost
	if few > 0 {
		below, _ := dist.BetaTails(0.5, 0.5, float64(many+1), float64(few))
		point -= below
	}
	r.ExactP = Known(math.Min(1, 2*atMost))
	r.MidP = Known(math.Min(1, 2*atMost-point))
	if few == many {
		r.MidP = Known(1)
	}
}

// odds fills in the odds of gaining against losing, given that somebody moved.
func (r *McNemarResult) odds(level float64) {
	lost, gained := float64(r.Table.YesNo), float64(r.Table.NoYes)
	r.Odds = OddsRatio{Value: Unknown(ReasonUnbounded), Low: Known(0), High: Unknown(ReasonUnbounded), Level: level}
	if lost > 0 {
		r.Odds.Value = Known(gained / lost)
	}
	if !ValidLevel(level) {
		none := noOdds(ReasonInvalidOption, level)
		r.Odds.Low, r.Odds.High, r.Odds.Level = none.Low, none.High, none.Level
		return
	}
	tail := (1 - level) / 2
	quotient := func(x, y float64) Estimate {
		if math.IsNaN(x) || math.IsNaN(y) {
			return Unknown(ReasonNotConverged)
		}
		return Known(x / y)
	}
	if gained > 0 {
		x, y := dist.BetaQuantile(tail, gained, lost+1)
		r.Odds.Low = quotient(x, y)
	}
	if lost > 0 {
		x, y := dist.BetaQuantile(tail, lost, gained+1)
		r.Odds.High = quotient(y, x)
	}
}
