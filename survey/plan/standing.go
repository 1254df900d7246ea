package plan

import "slices"

// Standing says how a result stands to a plan.
type Standing string

// Primary and Secondary results were announced as such and are estimated in the
// way announced for them. Sensitivity is an announced outcome in another
// announced population, by another announced estimator or with a varied
// assumption. InSubgroup is an announced outcome in an announced subgroup.
// Exploratory is everything else.
const (
	Primary     Standing = "primary"
	Secondary   Standing = "secondary"
	Varied      Standing = "sensitivity"
	InSubgroup  Standing = "subgroup"
	Exploratory Standing = "exploratory"
)

// Valid reports whether s is one of the standings.
func (s Standing) Valid() bool {
	return slices.Contains([]Standing{Primary, Secondary, Varied, InSubgroup, Exploratory}, s)
}

// Result describes one estimate as far as a plan has to do with it. An empty
// Estimator or Population stands for the plan's own first one, so that a table
// of outcomes can be labelled without naming them.
type Result struct {
	Outcome
	Estimator  Estimator
	Population PopulationKind
	// Sensitivity is the varied assumption; empty: none.
	Sensitivity Sensitivity
	// Subgroup divides people; nil: it does not.
	Subgroup *Subgroup
}

// Standing says whether the plan announced a result, and as what.
func (p Plan) Standing(r Result) Standing {
	as := Exploratory
	switch {
	case slices.Contains(p.Primary, r.Outcome):
		as = Primary
	case slices.Contains(p.Secondary, r.Outcome):
		as = Secondary
	}
	estimator, population := p.place(r)
	if as == Exploratory || estimator < 0 || population < 0 {
		return Exploratory
	}
	if r.Sensitivity != "" && !slices.Contains(p.Sensitivity, r.Sensitivity) {
		return Exploratory
	}
	if r.Subgroup != nil {
		if !p.divides(*r.Subgroup) {
			return Exploratory
		}
		return InSubgroup
	}
	if r.Sensitivity != "" || estimator > 0 || population > 0 {
		return Varied
	}
	return as
}

// place finds the estimator and the population among the plan's; −1: not there.
func (p Plan) place(r Result) (estimator, population int) {
	estimator, population = -1, -1
	for i, e := range p.Estimators {
		if e == r.Estimator || r.Estimator == "" && i == 0 {
			estimator = i
		}
	}
	for i, q := range p.Populations {
		if q.Kind == r.Population || r.Population == "" && i == 0 {
			population = i
		}
	}
	return estimator, population
}

func (p Plan) divides(s Subgroup) bool {
	for _, q := range p.Subgroups {
		if q.Kind == s.Kind && q.Key == s.Key && same(q.Cut, s.Cut) {
			return true
		}
	}
	return false
}

func same(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
