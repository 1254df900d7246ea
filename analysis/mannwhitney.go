package analysis

import (
	"math"
	"slices"

	"tidemark/analysis/dist"
)

// MannWhitneyResult is what MannWhitney returns. The shift is in the unit of the
// data.
type MannWhitneyResult struct {
	// NX and NY count the values, MissingX and MissingY the NaN entries.
	NX, NY             int
	MissingX, MissingY int
	// Ties reports whether some values are equal.
	Ties bool

	// P is the recommended two-sided p-value, by Method: PExactDistance while
	// the exact distribution is within reach, else PNormal.
	P      Estimate
	Method RankMethod

	// UX counts the pairs in which the value of x is the larger, ties as ½; UY
	// those in which the value of y is.
	UX, UY Estimate
	// PExactDistance sums the outcomes at least as far from the mean (coin),
	// PExactTwiceMin doubles the smaller tail, at most 1; they differ only with
	// ties. PExactLess tests for smaller values of x, PExactGreater for larger.
	PExactDistance, PExactTwiceMin Estimate
	PExactLess, PExactGreater      Estimate
	// Z is tie-corrected, without continuity correction; ZCorrected moves UX by
	// ½ towards its mean. Positive means larger values of x.
	Z, PNormal                   Estimate
	ZCorrected, PNormalCorrected Estimate

	// CliffsDelta is P(x > y) − P(x < y), from −1 to 1 (Cliff 1993); it is the
	// rank-biserial correlation of two groups (Wendt 1972).
	CliffsDelta Estimate
	// Superiority is P(x > y) + ½P(x = y), from 0 to 1 (Vargha & Delaney 2000).
	Superiority Estimate

	// HodgesLehmann is the median of all differences x − y, CI the interval of
	// the shift from the ordered differences (Bauer 1972), and CILevel its
	// actual coverage without ties.
	HodgesLehmann Estimate
	CI            Interval
	CILevel       Estimate
}

// MannWhitney compares two independent groups by their ranks (Wilcoxon 1945;
// Mann & Whitney 1947). Equal values get midranks, judged at the tolerance of
// the package, and the exact p-values are conditional on them. For the
// difference in change between two arms pass the changes of the course as x and
// those of the control as y. NaN entries are missing and counted.
//
// Not estimable: everything if a group is empty; z if all values are equal;
// exact p-values of groups too large to enumerate, beyond about 400 each, or 120
// each with ties.
func MannWhitney(x, y []float64, level float64) MannWhitneyResult {
	xs, missingX, faultX := present(x)
	ys, missingY, faultY := present(y)
	r := MannWhitneyResult{NX: len(xs), NY: len(ys), MissingX: missingX, MissingY: missingY}
	why := FirstReason(faultX, faultY)
	if r.NX == 0 || r.NY == 0 {
		why = FirstReason(why, ReasonEmptyGroup)
	}
	if why != "" {
		r.withhold(why, level)
		return r
	}
	xs, ys = slices.Clone(xs), slices.Clone(ys)
	sortAscending(xs)
	sortAscending(ys)
	r.test(xs, ys)
	r.locate(newShifts(xs, ys), level)
	return r
}

// withhold marks everything as not estimable.
func (r *MannWhitneyResult) withhold(why Reason, level float64) {
	for _, e := range []*Estimate{
		&r.P, &r.UX, &r.UY, &r.PExactDistance, &r.PExactTwiceMin, &r.PExactLess, &r.PExactGreater,
		&r.Z, &r.PNormal, &r.ZCorrected, &r.PNormalCorrected,
		&r.CliffsDelta, &r.Superiority, &r.HodgesLehmann, &r.CILevel,
	} {
		*e = Unknown(why)
	}
	r.CI = NoInterval(why, level)
}

// test fills in U and its p-values, from ascending groups.
func (r *MannWhitneyResult) test(x, y []float64) {
	magnitude := 0.0
	for _, v := range []float64{x[0], x[len(x)-1], y[0], y[len(y)-1]} {
		magnitude = math.Max(magnitude, math.Abs(v))
	}
	rankX, rankY, ties := midranks(x, y, tolFactor*magnitude)
	r.Ties = ties.any
	nx, ny := float64(r.NX), float64(r.NY)
	sum := 0.0
	for _, v := range rankX {
		sum += v
	}
	u := sum - nx*(nx+1)/2
	r.UX, r.UY = Known(u), Known(nx*ny-u)
	r.Superiority = Known(u / nx / ny)
	above := u - nx*ny/2
	r.CliffsDelta = Known(above / (nx * ny / 2))

	if math.Min(rankX[0], rankY[0]) == math.Max(rankX[len(rankX)-1], rankY[len(rankY)-1]) {
		none := Unknown(ReasonZeroVariance) // all values are equal
		r.Z, r.PNormal, r.ZCorrected, r.PNormalCorrected = none, none, none, none
	} else {
		r.normal(above, nx*ny/12*(nx+ny+1-ties.cubes/(nx+ny)/(nx+ny-1)))
	}
	if r.Ties {
		r.conditional(rankX, rankY)
	} else {
		r.exact(int(u))
	}
	r.P, r.Method = r.PExactDistance, RankExact
	if !r.P.OK() {
		r.P, r.Method = r.PNormal, RankNormal
	}
}

// normal fills in the approximation; above is U minus its mean.
func (r *MannWhitneyResult) normal(above, variance float64) {
	sd := math.Sqrt(variance)
	z, corrected := above/sd, math.Copysign(math.Max(0, math.Abs(above)-0.5), above)/sd
	r.Z, r.PNormal = Known(z), Known(dist.NormalTwoSided(z))
	r.ZCorrected, r.PNormalCorrected = Known(corrected), Known(dist.NormalTwoSided(corrected))
}

// exact fills in the p-values without ties.
func (r *MannWhitneyResult) exact(u int) {
	d, ok := newRankSums(r.NX, r.NY)
	if !ok {
		r.tooLarge()
		return
	}
	less, greater := d.tails(u)
	r.PExactLess, r.PExactGreater = Known(less), Known(greater)
	r.PExactTwiceMin = Known(math.Min(1, 2*math.Min(less, greater)))
	r.PExactDistance = r.PExactTwiceMin
}

// conditional fills in the p-values with ties: it counts the groups that could
// have been drawn from the midranks. Doubled and less the smallest, these are
// whole scores from 0.
func (r *MannWhitneyResult) conditional(rankX, rankY []float64) {
	few, many := rankX, rankY
	if len(rankY) < len(rankX) {
		few, many = rankY, rankX
	}
	least := math.Min(few[0], many[0])
	scores := make([]int, 0, len(few)+len(many))
	sum, all := 0, 0
	for i, ranks := range [][]float64{few, many} {
		for _, v := range ranks {
			s := int(math.Round(2 * (v - least)))
			scores = append(scores, s)
			all += s
			if i == 0 {
				sum += s
			}
		}
	}
	if len(scores) > exactPeople || subsetCost(scores, len(few)) > subsetWork {
		r.tooLarge()
		return
	}
	d, err := newSubsetSums(scores, len(few), nil)
	if err != nil {
		r.tooLarge()
		return
	}
	less, greater, distance := d.tails(sum, all, len(few), len(scores))
	if len(rankY) < len(rankX) {
		less, greater = greater, less
	}
	r.PExactDistance, r.PExactTwiceMin = Known(distance), Known(math.Min(1, 2*math.Min(less, greater)))
	r.PExactLess, r.PExactGreater = Known(less), Known(greater)
}

// tooLarge leaves the exact p-values to the approximation.
func (r *MannWhitneyResult) tooLarge() {
	none := Unknown(ReasonTooManyForExact)
	r.PExactDistance, r.PExactTwiceMin, r.PExactLess, r.PExactGreater = none, none, none, none
}

// locate fills in the Hodges–Lehmann shift and its interval: the k-th smallest
// and largest difference, k from the distribution of U without ties.
func (r *MannWhitneyResult) locate(s shifts, level float64) {
	r.HodgesLehmann = Known(s.median())
	if !ValidLevel(level) {
		r.CI, r.CILevel = NoInterval(ReasonInvalidOption, level), Unknown(ReasonInvalidOption)
		return
	}
	k, below := rankSumQuantile((1-level)/2, r.NX, r.NY)
	r.CI = NewInterval(s.at(k), s.at(s.total+1-k), level)
	r.CILevel = Known(1 - 2*below)
}
