package paper

import (
	"tidemark/analysis"
	"tidemark/survey/instrument"
	"tidemark/survey/plan"
	"tidemark/survey/report"
)

// Responders counts who changed by at least the least change that matters, in
// the direction of benefit.
type Responders struct {
	// Threshold in points, and where it comes from.
	Threshold float64 `json:"threshold"`
	Source    string  `json:"source"`
	// Everyone counts people without a later score as not having responded;
	// Completers leaves them out.
	Everyone   []ResponderArm `json:"everyone"`
	Completers []ResponderArm `json:"completers"`
	// Difference of the shares of everyone, course minus control, with
	// Newcombe's (1998) interval; nil without a comparison.
	Difference *RiskDifference `json:"difference,omitempty"`
}

// ResponderArm is the share of one arm, with Wilson's interval.
type ResponderArm struct {
	Arm       string            `json:"arm"`
	N         int               `json:"n"`
	Responded report.Count      `json:"responded"`
	Share     analysis.Estimate `json:"share"`
	CI        analysis.Interval `json:"share_ci"`
}

// RiskDifference compares two shares.
type RiskDifference struct {
	Value analysis.Estimate `json:"difference"`
	CI    analysis.Interval `json:"difference_ci"`
	// NNT is how many people have to take part for one more to respond. When the
	// interval of the difference contains 0, that of NNT passes through infinity
	// (Altman 1998): from NNTBenefit up, and from NNTHarm on the other side.
	NNT             analysis.Estimate `json:"nnt"`
	NNTCI           analysis.Interval `json:"nnt_ci"`
	ThroughInfinity bool              `json:"nnt_through_infinity"`
	NNTBenefit      analysis.Estimate `json:"nnt_benefit"`
	NNTHarm         analysis.Estimate `json:"nnt_harm"`
	P               analysis.Estimate `json:"p_fisher"`
}

// responders counts them; nil without a threshold in the plan.
func (d *Dataset) responders(o *Outcome, p plan.Plan, minimum int) *Responders {
	t, planned := p.Threshold(o.Scale.Key)
	if !planned || t.MCID == nil {
		return nil
	}
	m, _ := d.Measure(o.Scale.Key)
	r := &Responders{Threshold: *t.MCID, Source: t.MCIDSource}
	tallies := make([]tally, len(d.Arms))
	sign := 1.0
	if o.Scale.Direction == instrument.LowerBetter {
		sign = -1
	}
	for i, person := range d.People {
		pre, post := m.Values[o.pre][i], m.Values[o.post][i]
		if isMissing(pre) || !d.over(o.post, i) {
			continue
		}
		c := &tallies[person.Arm]
		c.started++
		if isMissing(post) {
			continue
		}
		c.pairs++
		if reaches(sign*(post-pre), *t.MCID) {
			c.responded++
		}
	}
	for a, c := range tallies {
		if c.started == 0 {
			continue
		}
		everyone := newResponderArm(d.Arms[a].Name, c.responded, c.started, p.Level(), minimum)
		completers := newResponderArm(d.Arms[a].Name, c.responded, c.pairs, p.Level(), minimum)
		// Both rows tell the same number of responders: what hides it in one
		// hides it in the other.
		if why := c.tooFew(minimum); why != "" {
			everyone.hide(why)
			completers.hide(why)
		}
		r.Everyone, r.Completers = append(r.Everyone, everyone), append(r.Completers, completers)
	}
	if o.Between() {
		r.Difference = riskDifference(tallies[o.arm], tallies[o.against], p.Level(), minimum)
	}
	return r
}

// tally counts the people of an arm who responded, who have both scores, and who
// had a first one and whose later survey is over.
type tally struct{ responded, pairs, started int }

// tooFew is why a tally is not told: responders, or people with both scores who
// did not respond, are few.
func (c tally) tooFew(minimum int) analysis.Reason {
	return analysis.FirstReason(tooFew(c.responded, minimum), tooFew(c.pairs-c.responded, minimum), tooFew(c.started-c.responded, minimum))
}

// reaches allows for the rounding of means of answers: five thirds of a point
// reach a threshold of 1.6667 only with it.
func reaches(change, threshold float64) bool { return change >= threshold-1e-9*max(1, threshold) }

func newResponderArm(name string, k, n int, level float64, minimum int) ResponderArm {
	r := ResponderArm{Arm: name, N: n}
	r.Responded, r.Share, r.CI = share(k, n, level, minimum)
	return r
}

func (r *ResponderArm) hide(why analysis.Reason) {
	r.Responded, r.Share, r.CI = report.Count{Hidden: true}, analysis.Unknown(why), analysis.NoInterval(why, r.CI.Level)
}

// riskDifference compares everyone's shares. It is hidden when that of either arm
// is.
func riskDifference(course, control tally, level float64, minimum int) *RiskDifference {
	r := analysis.TwoByTwo(analysis.Events{Yes: course.responded, Of: course.started},
		analysis.Events{Yes: control.responded, Of: control.started}, level)
	out := &RiskDifference{
		Value: r.RiskDifference, CI: r.Newcombe, NNT: r.NNT.Value, NNTCI: r.NNT.CI, P: r.FisherP,
		NNTBenefit: r.NNT.Benefit, NNTHarm: r.NNT.Harm, ThroughInfinity: r.NNT.ThroughInfinity,
	}
	if why := analysis.FirstReason(course.tooFew(minimum), control.tooFew(minimum)); why != "" {
		for _, e := range []*analysis.Estimate{&out.Value, &out.NNT, &out.P, &out.NNTBenefit, &out.NNTHarm} {
			*e = analysis.Unknown(why)
		}
		out.CI, out.NNTCI = analysis.NoInterval(why, level), analysis.NoInterval(why, level)
		out.ThroughInfinity = false
	}
	return out
}
