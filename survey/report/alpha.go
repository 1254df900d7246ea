package report

import "tidemark/analysis"

// Alpha is Cronbach's α of a scale at one wave, over everyone who answered all of
// its questions there, whichever arm they are in.
type Alpha struct {
	People int               `json:"people"`
	Items  int               `json:"items"`
	Value  analysis.Estimate `json:"alpha"`
	// CI is Feldt's (1965).
	CI analysis.Interval `json:"alpha_ci"`
	// Suspects are items that run against the others: forgotten reverse keys,
	// most of the time. Constant are items that everyone answered alike; they
	// cannot enter.
	Suspects []string `json:"items_against,omitempty"`
	Constant []string `json:"items_constant,omitempty"`
}

// newAlpha takes the items turned around already, so that all run one way.
func newAlpha(names []string, items [][]float64, level float64, minimum int) *Alpha {
	res := analysis.Alpha(items, analysis.AlphaOptions{Names: names, Level: level})
	a := &Alpha{
		People: res.Complete, Items: len(items), Value: res.Alpha, CI: res.Feldt,
		Suspects: res.Suspects, Constant: res.Dropped,
	}
	switch {
	case len(items) == 1:
		a.fail(ReasonOneItem)
	case res.Complete > 0 && res.Complete < minimum:
		a.fail(ReasonTooFewPeople)
		a.Suspects, a.Constant = nil, nil
	}
	return a
}

func (a *Alpha) fail(why analysis.Reason) {
	a.Value, a.CI = missing(why), analysis.Interval{Level: a.CI.Level, Reason: why}
}
