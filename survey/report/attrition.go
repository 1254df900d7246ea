package report

import "tidemark/analysis"

// Attrition compares people whose later score never came with those who stayed,
// by their first scores. A loss that has to do with how people began makes the
// change of those who stayed a poor guide to all.
type Attrition struct {
	// Lost have a first score and no later one although its survey is over,
	// or they left; Staying have both.
	Lost    int `json:"lost"`
	Staying int `json:"staying"`

	MeanLost    analysis.Estimate `json:"mean_lost"`
	MeanStaying analysis.Estimate `json:"mean_staying"`
	// D is (lost − staying) over the pooled SD, with its noncentral-t
	// interval; a size, not a test (Austin 2009 on balance of groups).
	D   analysis.Estimate `json:"d"`
	DCI analysis.Interval `json:"d_ci"`
}

func newAttrition(g group, level float64) Attrition {
	e := analysis.IndependentEffects(g.lost, g.staying, level)
	t := analysis.WelchT(g.lost, g.staying, level)
	return Attrition{
		Lost: len(g.lost), Staying: len(g.staying),
		MeanLost: t.MeanX, MeanStaying: t.MeanY, D: e.D, DCI: e.DCI,
	}
}
