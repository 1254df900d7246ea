package report

import (
	"math"

	"tidemark/analysis"
)

// Family is a declared set of tests within which p-values are corrected by Holm
// (1979), so that one of them turning out small by chance does not count.
type Family struct {
	Name string `json:"name"` // "main outcomes", or whose parts they are
	Size int    `json:"size"` // tests made in it
}

// adjustFamilies corrects the p-values of a report's outcomes: the main outcomes
// are one family, the parts of each main outcome another, for every group and
// for the comparison on its own. Tests that could not be made do not count.
func adjustFamilies(outcomes []Outcome) {
	members := map[string][]*Outcome{}
	names := map[string]string{"": "main outcomes"}
	for i := range outcomes {
		o := &outcomes[i]
		members[o.Scale.Parent] = append(members[o.Scale.Parent], o)
		names[o.Scale.Key] = "parts of " + o.Scale.Name
	}
	for parent, family := range members {
		size := adjust(family, func(o *Outcome) (p, holm *analysis.Estimate) {
			return &o.Main().P, &o.Main().PHolm
		})
		for _, o := range family {
			o.Family = Family{names[parent], size}
		}
		for g := range family[0].Groups[1:] {
			adjust(family, func(o *Outcome) (p, holm *analysis.Estimate) {
				return &o.Groups[g+1].P, &o.Groups[g+1].PHolm
			})
		}
		adjust(family, func(o *Outcome) (p, holm *analysis.Estimate) {
			if o.Comparison == nil {
				none := missing(ReasonNotAsked)
				return &none, &none
			}
			return &o.Comparison.P, &o.Comparison.PHolm
		})
	}
}

// adjust corrects one family and returns how many tests it has.
func adjust(family []*Outcome, of func(*Outcome) (p, holm *analysis.Estimate)) int {
	raw, size := make([]float64, len(family)), 0
	for i, o := range family {
		raw[i] = math.NaN()
		if p, _ := of(o); p.OK() {
			raw[i] = p.Value
			size++
		}
	}
	for i, adjusted := range analysis.HolmAdjust(raw) {
		if p, holm := of(family[i]); p.OK() {
			*holm = adjusted
		}
	}
	return size
}
