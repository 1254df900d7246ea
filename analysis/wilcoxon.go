package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// RankMethod says which distribution a rank test used.
type RankMethod string

// The ways to a p-value of a rank test.
const (
	// RankExact is the exact distribution conditional on the ranks.
	RankExact RankMethod = "exact"
	// RankNormal is the tie-corrected normal approximation without continuity
	// correction.
	RankNormal RankMethod = "normal"
	// RankStudent is the t approximation of Spearman's coefficient.
	RankStudent RankMethod = "student_t"
)

// Valid reports whether m is a known method.
func (m RankMethod) Valid() bool {
	return m == RankExact || m == RankNormal || m == RankStudent
}

// WilcoxonResult is what Wilcoxon returns. Hodges–Lehmann estimates are in the
// unit of the scores.
type WilcoxonResult struct {
	// Pairs counts the complete pairs, Excluded those with a missing half,
	// Zeros the pairs without change and Used the rest.
	Pairs    int
	Excluded int
	Zeros    int
	Used     int
	// Ties reports whether some changes are equal in size.
	Ties bool

	// P is the recommended two-sided p-value, by Method: exact up to 400 used
	// pairs, tie-corrected normal beyond.
	P      Estimate
	Method RankMethod

	// VPlus and VMinus are the rank sums of increases and decreases.
	VPlus, VMinus Estimate
	// PExact is twice the smaller exact tail, at most 1; PExactLess tests for
	// a decrease, PExactGreater for an increase.
	PExact, PExactLess, PExactGreater Estimate
	// Z is tie-corrected, without continuity correction; ZCorrected moves
	// VPlus by ½ towards its mean. Positive means increase.
	Z, PNormal                   Estimate
	ZCorrected, PNormalCorrected Estimate
	// Pratt (1959): zeros take part in the ranking and are then dropped.
	PrattVPlus, PrattZ, PrattPNormal, PrattPExact Estimate

	// RankBiserial is (VPlus − VMinus)/(VPlus + VMinus), from −1 to 1
	// (Kerby 2014).
	RankBiserial Estimate
	// REffect is |Z|/√Used, from 0 to 1 (Rosenthal 1991).
	REffect Estimate

	// HodgesLehmann is the median of the Walsh averages of the non-zero
	// changes, CI the interval of the pseudo-median from the ordered Walsh
	// averages, and CILevel its actual coverage without ties, at least the
	// level asked for where the sample is large enough.
	HodgesLehmann Estimate
	CI            Interval
	CILevel       Estimate
	// HodgesLehmannAll is the same with zero changes included.
	HodgesLehmannAll Estimate
}

// Wilcoxon is the signed-rank test (Wilcoxon 1945) of the changes post − pre.
// Zero changes are dropped, equal sizes get midranks, both judged at the
// tolerance of the package. The exact p-value is conditional on the midranks
// (shift algorithm, Streitberg & Röhmel 1986). Pairs with a missing half are
// dropped and counted.
//
// Not estimable: everything without a complete pair; everything but
// HodgesLehmannAll when no pair changed; exact p-values beyond 400 used pairs.
func Wilcoxon(pre, post []float64, level float64) WilcoxonResult {
	return wilcoxon(newPairs(pre, post), level)
}

// wilcoxon is Wilcoxon of prepared pairs.
func wilcoxon(p pairs, level float64) WilcoxonResult {
	var signed signedRanks
	if p.fault == "" { // else changes may be NaN, which has no rank
		signed = newSignedRanks(p.change, p.tol)
	}
	r := WilcoxonResult{
		Pairs:    len(p.change),
		Excluded: p.excluded,
		Zeros:    signed.zeros,
		Used:     signed.used,
		Ties:     signed.ties,
	}
	none := p.fault
	if r.Pairs == 0 {
		none = FirstReason(none, ReasonNoData)
	}
	r.HodgesLehmannAll = Unknown(none)
	if none == "" && r.Zeros > 0 {
		r.HodgesLehmannAll = Known(newWalsh(signed.changes(true)).median())
	}
	if r.Used == 0 {
		none = FirstReason(none, ReasonAllZero)
	}
	if none != "" {
		r.withhold(none, level)
		return r
	}
	r.test(signed)
	r.locate(signed, level)
	return r
}

// withhold marks everything but HodgesLehmannAll as not estimable.
func (r *WilcoxonResult) withhold(why Reason, level float64) {
	for _, e := range []*Estimate{
		&r.P, &r.VPlus, &r.VMinus, &r.PExact, &r.PExactLess, &r.PExactGreater,
		&r.Z, &r.PNormal, &r.ZCorrected, &r.PNormalCorrected,
		&r.PrattVPlus, &r.PrattZ, &r.PrattPNormal, &r.PrattPExact,
		&r.RankBiserial, &r.REffect, &r.HodgesLehmann, &r.CILevel,
	} {
		*e = Unknown(why)
	}
	r.CI = NoInterval(why, level)
}

// test fills in rank sums and p-values.
func (r *WilcoxonResult) test(s signedRanks) {
	drop := s.score(0)
	z, corrected := drop.z(0), drop.z(0.5)
	r.VPlus, r.VMinus = Known(drop.plus), Known(drop.minus)
	r.Z, r.PNormal = Known(z), Known(dist.NormalTwoSided(z))
	r.ZCorrected, r.PNormalCorrected = Known(corrected), Known(dist.NormalTwoSided(corrected))
	r.RankBiserial = Known((drop.plus - drop.minus) / (drop.plus + drop.minus))
	r.REffect = Known(math.Abs(z) / math.Sqrt(float64(s.used)))

	tails := drop.exact()
	r.PExact, r.PExactLess, r.PExactGreater = tails.two, tails.less, tails.greater
	r.P, r.Method = r.PExact, RankExact
	if !r.PExact.OK() {
		r.P, r.Method = r.PNormal, RankNormal
	}

	pratt := s.score(s.zeros)
	if s.zeros > 0 {
		tails = pratt.exact()
	}
	z = pratt.z(0)
	r.PrattVPlus, r.PrattZ = Known(pratt.plus), Known(z)
	r.PrattPNormal, r.PrattPExact = Known(dist.NormalTwoSided(z)), tails.two
}

// locate fills in the Hodges–Lehmann estimate and its interval: the k-th
// smallest and largest Walsh average, k from the signed-rank distribution
// without ties.
func (r *WilcoxonResult) locate(s signedRanks, level float64) {
	w := newWalsh(s.changes(false))
	r.HodgesLehmann = Known(w.median())
	if s.zeros == 0 {
		r.HodgesLehmannAll = r.HodgesLehmann
	}
	if !ValidLevel(level) {
		r.CI, r.CILevel = NoInterval(ReasonInvalidOption, level), Unknown(ReasonInvalidOption)
		return
	}
	k, below := signedRankQuantile((1-level)/2, s.used)
	r.CI = NewInterval(w.at(k), w.at(w.total+1-k), level)
	r.CILevel = Known(1 - 2*below)
}
