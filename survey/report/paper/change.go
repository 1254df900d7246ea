package paper

import (
	"tidemark/analysis"
	"tidemark/survey/plan"
	"tidemark/survey/report"
)

// change is what happened within each arm, among those with both scores.
func (d *Dataset) change(o *Outcome, p plan.Plan, minimum int) report.Outcome {
	m, _ := d.Measure(o.Scale.Key)
	opt := report.Options{
		Scale: o.Scale, Level: p.Level(), Focus: o.Arm, Groups: d.ArmNames(), Minimum: minimum,
		PreName: o.Pre, PostName: o.Post, Reliability: d.reliabilityFor(m, o, p), Norms: m.norms(p),
	}
	if o.Between() {
		opt.Course, opt.Control = o.Arm, o.Against
	}
	c := report.Columns{
		Pre: m.Values[o.pre], Post: m.Values[o.post], Group: make([]string, len(d.People)), Absent: make([]report.Absence, len(d.People)),
	}
	for i, person := range d.People {
		c.Group[i] = d.Arms[person.Arm].Name
		c.Absent[i] = d.absence(o, i, c.Pre[i], c.Post[i])
	}
	return report.Analyse(c, opt)
}

// absence says why someone has no pair; Present leaves it to what is missing.
func (d *Dataset) absence(o *Outcome, person int, pre, post float64) report.Absence {
	if !isMissing(pre) && !isMissing(post) {
		return report.Present
	}
	switch d.States[o.post][person] {
	case NotYet, Open:
		return report.AbsentNotYet
	case Withdrawn:
		return report.AbsentWithdrawn
	case Declined:
		return report.AbsentDeclined
	case Answered:
		if d.States[o.pre][person] == Answered {
			return report.AbsentUnscored
		}
	case NotAsked, Lost:
	}
	return report.Present
}

// reliabilityFor is what reliable change is judged by: the plan's published
// values, else those that come with the measure, else α and the SD of everyone
// before the course.
func (d *Dataset) reliabilityFor(m *Measure, o *Outcome, p plan.Plan) report.Reliability {
	t, planned := p.Threshold(m.Scale.Key)
	if planned && t.Reliability.Source == plan.Published && t.Reliability.Value != nil {
		r := report.Reliability{
			Value: analysis.Known(*t.Reliability.Value), SD: analysis.Describe(m.Values[o.pre], p.Level()).SD,
			Source: t.Reliability.Citation,
		}
		if t.Reliability.SD != nil {
			r.SD = analysis.Known(*t.Reliability.SD)
		}
		return r
	}
	if m.Reliability.Source != "" {
		return m.Reliability
	}
	return m.fromSample(o.pre, o.Pre, p.Level())
}

func (m *Measure) norms(p plan.Plan) *analysis.Norms {
	if t, planned := p.Threshold(m.Scale.Key); planned && t.Norm != nil {
		return &analysis.Norms{Mean: t.Norm.Mean, SD: t.Norm.SD}
	}
	return m.Norms
}
