package analysis

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis/dist"
)

// OneWayResult is what OneWay returns. Sums of squares are in the squared unit
// of the data.
type OneWayResult struct {
	// N counts the values, Missing the NaN entries, K the groups with values.
	N, Missing, K int

	SSBetween, SSWithin Estimate
	// F = MS between/MS within with DF1 = K − 1 and DF2 = N − K degrees of
	// freedom (Fisher 1925) assumes equal variances.
	F, DF1, DF2, P Estimate
	// ResidualSD is the root of the mean square within groups.
	ResidualSD Estimate
	// Eta2 is the share of the total sum of squares that lies between groups,
	// from 0 to 1 (R²); Omega2 corrects it for chance and may be negative (Hays
	// 1963).
	Eta2, Omega2 Estimate

	// Welch (1951) does not assume equal variances.
	Welch FTest
}

// FTest is an F test with its degrees of freedom.
type FTest struct{ F, DF1, DF2, P Estimate }

// noFTest is a test that does not exist for the given reason.
func noFTest(why Reason) FTest {
	e := Unknown(why)
	return FTest{F: e, DF1: e, DF2: e, P: e}
}

// newFTest looks up a statistic.
func newFTest(f, df1, df2 float64) FTest {
	if !Finite(f) || !Finite(df2) {
		return noFTest(ReasonOutOfRange)
	}
	_, p := dist.FisherTails(f, df1, df2)
	return FTest{F: Known(f), DF1: Known(df1), DF2: Known(df2), P: Known(p)}
}

// OneWay compares the means of independent groups. NaN entries are missing and
// counted, groups without values are left out.
//
// Not estimable: everything below two groups; the test if no group has more
// than one value or all are constant; Welch's test if a group has fewer than two
// values or is constant.
func OneWay(groups [][]float64) OneWayResult {
	var r OneWayResult
	var columns [][]float64
	var fault Reason
	magnitude := 0.0
	for _, g := range groups {
		x, missing, why := present(g)
		r.Missing += missing
		fault = FirstReason(fault, why)
		if len(x) > 0 {
			columns = append(columns, x)
			magnitude = math.Max(magnitude, floats.Norm(x, math.Inf(1)))
		}
	}
	a := newOneWay(columns, magnitude, fault)
	r.N, r.K = a.n, len(a.groups)
	why := FirstReason(fault, a.comparable())
	r.SSBetween = KnownUnless(why, a.between/a.scale/a.scale)
	r.SSWithin = KnownUnless(why, a.within/a.scale/a.scale)
	why = FirstReason(why, a.spread())
	df1, df2 := float64(r.K-1), float64(r.N-r.K)
	mean := a.within / df2
	r.ResidualSD = KnownUnless(why, math.Sqrt(mean)/a.scale)
	r.Eta2 = KnownUnless(why, a.between/(a.between+a.within))
	r.Omega2 = KnownUnless(why, (a.between-df1*mean)/(a.between+a.within+mean))
	f := noFTest(why)
	if why == "" {
		f = newFTest(a.between/df1/mean, df1, df2)
	}
	r.F, r.DF1, r.DF2, r.P = f.F, f.DF1, f.DF2, f.P
	r.Welch = a.welch(FirstReason(fault, a.comparable()))
	return r
}

// oneWay holds the moments of groups brought to a common scale, and their sums
// of squares in that scale.
type oneWay struct {
	groups          []moments
	means           []float64 // beside the first value of the first group
	n               int
	scale           float64
	between, within float64
}

func newOneWay(columns [][]float64, magnitude float64, fault Reason) oneWay {
	a := oneWay{scale: scaleFor(magnitude)}
	if fault != "" || len(columns) == 0 {
		return a
	}
	origin := columns[0][0] * a.scale
	grand := 0.0
	for _, x := range columns {
		moved := make([]float64, len(x))
		for i, v := range x {
			moved[i] = v*a.scale - origin
		}
		m := newMoments(moved, magnitude*a.scale)
		a.groups, a.n = append(a.groups, m), a.n+m.n
		a.means = append(a.means, m.mean)
		a.within += m.ss / m.scale / m.scale
		grand += m.mean * float64(m.n)
	}
	grand /= float64(a.n)
	for _, m := range a.groups {
		d := m.mean - grand
		a.between += d * d * float64(m.n)
	}
	return a
}

// comparable asks for two groups.
func (a oneWay) comparable() Reason {
	switch len(a.groups) {
	case 0:
		return ReasonNoData
	case 1:
		return ReasonGroupsTooFew2
	}
	return ""
}

// spread asks that values vary within groups.
func (a oneWay) spread() Reason {
	if a.n == len(a.groups) {
		return ReasonGroupTooFew2
	}
	if a.within <= 0 {
		return ReasonZeroVariance
	}
	return ""
}

// welch is the test of Welch (1951, Biometrika 38): groups are weighted by
// n/s².
func (a oneWay) welch(why Reason) FTest {
	for _, m := range a.groups {
		if m.n < 2 {
			why = FirstReason(why, ReasonGroupTooFew2)
		} else if m.constant {
			why = FirstReason(why, ReasonZeroVariance)
		}
	}
	if why != "" {
		return noFTest(why)
	}
	k := float64(len(a.groups))
	weights := make([]float64, len(a.groups))
	for i, m := range a.groups {
		weights[i] = float64(m.n) / m.variance()
	}
	total := floats.Sum(weights)
	centre := floats.Dot(weights, a.means) / total
	var between, slack float64
	for i, m := range a.groups {
		d := m.mean - centre
		between += weights[i] * d * d
		gap := 1 - weights[i]/total
		slack += gap * gap / float64(m.n-1)
	}
	f := between / (k - 1) / (1 + 2*(k-2)/(k*k-1)*slack)
	return newFTest(f, k-1, (k*k-1)/(3*slack))
}
