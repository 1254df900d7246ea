package report

import "tidemark/analysis"

// Reasons of this package, beside those of package analysis.
const (
	// ReasonTooFewPeople: so few people that their answers could be guessed.
	ReasonTooFewPeople analysis.Reason = "too_few_people"
	// ReasonNoReliability: no reliability of the measure was given.
	ReasonNoReliability analysis.Reason = "no_reliability"
	// ReasonNotAsked: the group is not asked at one of the waves.
	ReasonNotAsked analysis.Reason = "not_asked"
	// ReasonOneItem: a scale of one item has no internal consistency.
	ReasonOneItem analysis.Reason = "one_item"
)

// Explain gives a reason as an English phrase; it knows those of package
// analysis too.
func Explain(r analysis.Reason) string {
	switch r {
	case ReasonTooFewPeople:
		return "so few people that their answers could be guessed"
	case ReasonNoReliability:
		return "no reliability was given"
	case ReasonNotAsked:
		return "the group is not asked at both surveys"
	case ReasonOneItem:
		return "the scale has one item"
	default:
		return r.Explain()
	}
}

// Say completes a reason to a statement: what is hidden could be computed, what
// is not estimable could not.
func Say(r analysis.Reason) string {
	switch {
	case r == "":
		return ""
	case r == ReasonTooFewPeople:
		return "not shown: " + Explain(r)
	}
	return "not estimable: " + Explain(r)
}

func missing(r analysis.Reason) analysis.Estimate { return analysis.Estimate{Reason: r} }

func known(v float64) analysis.Estimate { return analysis.Estimate{Value: v} }
