package missing

import (
	"math"

	"tidemark/analysis"
	"tidemark/analysis/dist"
)

// AttritionRow compares completers and drop-outs in one baseline variable.
type AttritionRow struct {
	// NCompleters and NDropouts count those with a value, MissingCompleters and
	// MissingDropouts those without.
	NCompleters, NDropouts             int
	MissingCompleters, MissingDropouts int
	MeanCompleters, MeanDropouts       analysis.Estimate
	SDCompleters, SDDropouts           analysis.Estimate
	// Standardised is (completers − drop-outs)/√((s₁² + s₂²)/2), the usual measure
	// of balance: beyond 0.1 is often called imbalance (Austin 2009). For a 0/1
	// variable it uses the variances of shares with divisor n − 1.
	Standardised analysis.Estimate
	// CI is the interval of Standardised by its large-sample standard error
	// √((n₁ + n₂)/(n₁n₂) + d²/(2(n₁ + n₂))) (Hedges & Olkin 1985).
	CI analysis.Interval
}

// Attrition compares baseline variables of those who completed with those who
// dropped out, as standardised differences rather than p-values: whether a loss
// matters does not depend on the number of people. variables holds one column
// per variable, NaN where missing; completed says for each person whether they
// stayed. Values beyond the people of completed do not enter. Level 0 means
// analysis.DefaultLevel.
//
// Not estimable: a group with fewer than two values, or no variance in either.
func Attrition(variables [][]float64, completed []bool, level float64) []AttritionRow {
	if level == 0 {
		level = analysis.DefaultLevel
	}
	rows := make([]AttritionRow, len(variables))
	for j, x := range variables {
		var stayed, left []float64
		for i, here := range completed {
			v := math.NaN()
			if i < len(x) {
				v = x[i]
			}
			if here {
				stayed = append(stayed, v)
			} else {
				left = append(left, v)
			}
		}
		rows[j] = attritionRow(stayed, left, level)
	}
	return rows
}

func attritionRow(stayed, left []float64, level float64) AttritionRow {
	t, e := analysis.WelchT(stayed, left, level), analysis.IndependentEffects(stayed, left, level)
	r := AttritionRow{
		NCompleters: t.NX, NDropouts: t.NY,
		MissingCompleters: len(stayed) - t.NX, MissingDropouts: len(left) - t.NY,
		MeanCompleters: t.MeanX, MeanDropouts: t.MeanY, SDCompleters: t.SDX, SDDropouts: t.SDY,
		Standardised: e.DAverage,
	}
	switch {
	case !e.DAverage.OK():
		r.CI = analysis.NoInterval(e.DAverage.Reason, level)
	case !analysis.ValidLevel(level):
		r.CI = analysis.NoInterval(analysis.ReasonInvalidOption, level)
	default:
		n1, n2, d := float64(t.NX), float64(t.NY), e.DAverage.Value
		half := dist.NormalCritical(level) * math.Sqrt((n1+n2)/(n1*n2)+d*d/(2*(n1+n2)))
		r.CI = analysis.NewInterval(d-half, d+half, level)
	}
	return r
}
