package paper

import (
	"tidemark/analysis"
	"tidemark/survey/plan"
	"tidemark/survey/report"
)

// hideSmall takes out of an outcome what rests on few people in one of its arms.
func (o *Outcome) hideSmall(d *Dataset, p plan.Plan, minimum int) {
	for i := range o.Estimates {
		e := &o.Estimates[i]
		if why := d.fewest(o, d.population(e.Population, o, p), minimum); why != "" {
			e.hide(why)
		}
		if keep := d.population(e.Population, o, p); keep != nil && e.Estimator != plan.MixedModel {
			if why := d.leftOut(o, keep, minimum); why != "" {
				e.hide(why)
			}
		}
	}
	if why := o.Primary().Value.Reason; why == report.ReasonTooFewPeople {
		o.G, o.GCI = analysis.Unknown(why), analysis.NoInterval(why, o.GCI.Level)
	}
	d.hideParts(o, minimum)
}

// fewest hides what compares arms of which one has few complete pairs.
func (d *Dataset) fewest(o *Outcome, keep []bool, minimum int) analysis.Reason {
	for _, n := range d.pairCounts(o, keep) {
		if why := tooFew(n, minimum); why != "" {
			return why
		}
	}
	return ""
}

// leftOut hides a mean change of fewer people that differs from that of everyone
// by a few: theirs would follow from both.
func (d *Dataset) leftOut(o *Outcome, keep []bool, minimum int) analysis.Reason {
	some := d.pairCounts(o, keep)
	for i, n := range d.pairCounts(o, nil) {
		if why := tooFew(n-some[i], minimum); why != "" {
			return why
		}
	}
	return ""
}

// pairCounts counts the complete pairs of the arms an outcome is about.
func (d *Dataset) pairCounts(o *Outcome, keep []bool) []int {
	m, _ := d.Measure(o.Scale.Key)
	counts := []int{len(changes(d.pairs(m, o, o.arm, keep)))}
	if o.Between() {
		counts = append(counts, len(changes(d.pairs(m, o, o.against, keep))))
	}
	return counts
}

// hideParts hides small subgroups, and of every division as many more that the
// small ones do not follow from the whole.
func (d *Dataset) hideParts(o *Outcome, minimum int) {
	for from := 0; from < len(o.Subgroups); {
		to := from
		var keeps [][]bool
		for to < len(o.Subgroups) && o.Subgroups[to].By == o.Subgroups[from].By {
			keeps = append(keeps, o.Subgroups[to].keep)
			to++
		}
		for k, hidden := range d.hiddenKeeps(o, keeps, minimum) {
			if hidden {
				o.Subgroups[from+k].Estimate.hide(report.ReasonTooFewPeople)
			}
		}
		from = to
	}
}

// hiddenKeeps says which parts of people are not told of, by the complete pairs
// in each arm of an outcome.
func (d *Dataset) hiddenKeeps(o *Outcome, keeps [][]bool, minimum int) []bool {
	out := make([]bool, len(keeps))
	for arm := range d.pairCounts(o, nil) {
		people := make([]int, len(keeps))
		for k, keep := range keeps {
			people[k] = d.pairCounts(o, keep)[arm]
		}
		for k, hidden := range hiddenParts(people, minimum) {
			out[k] = out[k] || hidden
		}
	}
	return out
}
