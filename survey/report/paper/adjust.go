package paper

import (
	"math"

	"tidemark/analysis"
	"tidemark/survey/plan"
)

// adjust corrects the primary p-values of the outcomes within the families that
// the plan declares: primary, secondary and exploratory ones.
func adjust(outcomes []Outcome, p PlanUsed) {
	for _, family := range []struct {
		as  plan.Standing
		how plan.Adjustment
	}{
		{plan.Primary, p.Content.Multiplicity.Primary},
		{plan.Secondary, p.Content.Multiplicity.Secondary},
		{plan.Exploratory, p.Content.Multiplicity.Exploratory},
	} {
		if family.how == plan.Unadjusted {
			continue
		}
		var members []*Estimate
		var raw []float64
		for i := range outcomes {
			if outcomes[i].As == family.as {
				e := outcomes[i].Primary()
				members = append(members, e)
				if e.P.OK() {
					raw = append(raw, e.P.Value)
				} else {
					raw = append(raw, math.NaN())
				}
			}
		}
		for i, adjusted := range analysis.AdjustP(raw, correction(family.how)) {
			if members[i].P.OK() {
				members[i].PAdjusted = adjusted
			}
		}
	}
}

func correction(a plan.Adjustment) analysis.Adjustment {
	switch a {
	case plan.Holm:
		return analysis.Holm
	case plan.BenjaminiHochberg:
		return analysis.BH
	case plan.Unadjusted:
	}
	return analysis.Bonferroni // the safe reading of what is not known
}
