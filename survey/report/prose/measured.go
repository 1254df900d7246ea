package prose

import (
	"slices"

	"tidemark/survey"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// changed are the announced outcomes, one for each scale and pair of waves, of
// which reliable change can be told; without a plan the first of all.
func (f *facts) changed() []*paper.Outcome {
	return f.told(func(o *paper.Outcome) bool {
		return slices.ContainsFunc(o.Change.Groups, func(c report.Change) bool { return c.Reliable.Threshold.OK() && c.Pairs > 0 })
	})
}

func (f *facts) responding() []*paper.Outcome {
	return f.told(func(o *paper.Outcome) bool { return o.Responders != nil })
}

func (f *facts) told(has func(*paper.Outcome) bool) []*paper.Outcome {
	var out []*paper.Outcome
	for i := range f.p.Outcomes {
		o := &f.p.Outcomes[i]
		if i > 0 && o.As == plan.Exploratory || !has(o) {
			continue
		}
		if !slices.ContainsFunc(out, func(e *paper.Outcome) bool {
			return e.Scale.Key == o.Scale.Key && e.Planned.Pre == o.Planned.Pre && e.Planned.Post == o.Planned.Post
		}) {
			out = append(out, o)
		}
	}
	return out
}

// oncePerScale is the first outcome of every scale that has one to show.
func (f *facts) oncePerScale() []*paper.Outcome {
	var out []*paper.Outcome
	for i := range f.p.Outcomes {
		o := &f.p.Outcomes[i]
		if len(o.Change.Groups) > 0 && !slices.ContainsFunc(out, func(e *paper.Outcome) bool { return e.Scale.Key == o.Scale.Key }) {
			out = append(out, o)
		}
	}
	return out
}

func scaleWithin(o *paper.Outcome) string { return report.Within(label(o.Scale)) }

// anyBetween reports whether any outcome compares arms.
func (f *facts) anyBetween() bool {
	return slices.ContainsFunc(f.p.Outcomes, func(o paper.Outcome) bool { return o.Against != "" })
}

// baselineRow is that of the first outcome's scale.
func (f *facts) baselineRow() (paper.BaselineRow, bool) {
	o := f.main()
	if o == nil {
		return paper.BaselineRow{}, false
	}
	i := slices.IndexFunc(f.p.Baseline, func(r paper.BaselineRow) bool { return r.Key == o.Scale.Key && r.Label == "" })
	if i < 0 {
		return paper.BaselineRow{}, false
	}
	return f.p.Baseline[i], true
}

// label is the short name of a scale, which stands inside sentences.
func label(s report.Scale) string {
	switch {
	case s.Label != "":
		return s.Label
	case s.Name != "":
		return s.Name
	}
	return s.Key
}

// scales are those of the outcomes, in order, each once.
func (f *facts) scales() []report.Scale {
	var out []report.Scale
	for _, o := range f.p.Outcomes {
		if !slices.ContainsFunc(out, func(s report.Scale) bool { return s.Key == o.Scale.Key }) {
			out = append(out, o.Scale)
		}
	}
	return out
}

// scaleName is the label of a scale that the paper knows, else its key.
func (f *facts) scaleName(key string) string {
	for _, s := range f.scales() {
		if s.Key == key {
			return label(s)
		}
	}
	if t, ok := f.p.Trajectory(key); ok {
		return label(t.Scale)
	}
	return key
}

// consistency is how reliable a scale was at the waves that outcomes are about.
func (f *facts) consistency(scale string) []paper.Reliability {
	var out []paper.Reliability
	for _, r := range f.p.Reliability {
		if r.Scale != scale {
			continue
		}
		if i := slices.IndexFunc(f.p.Waves, func(w paper.Wave) bool { return w.Short == r.Wave }); i >= 0 && f.p.Waves[i].Kind != survey.WaveDuring {
			out = append(out, r)
		}
	}
	return out
}

func (f *facts) instrument(key string) (report.InstrumentUsed, bool) {
	i := slices.IndexFunc(f.p.Source.Instruments, func(u report.InstrumentUsed) bool { return u.Key == key && key != "" })
	if i < 0 {
		return report.InstrumentUsed{}, false
	}
	return f.p.Source.Instruments[i], true
}

// instrumentReferences are the citations of the questionnaires of the outcomes,
// as their authors gave them.
func (f *facts) instrumentReferences() []report.Sentence {
	var out []report.Sentence
	var seen []string
	for _, s := range f.scales() {
		if u, ok := f.instrument(s.Instrument); ok && u.Citation != "" && !slices.Contains(seen, u.Citation) {
			seen = append(seen, u.Citation)
			out = append(out, report.Words(u.Citation))
		}
	}
	return out
}

// fromSample reports whether reliable change is judged by the study's own α.
func fromSample(p *paper.Paper, o *paper.Outcome) bool {
	t, planned := p.Plan.Content.Threshold(o.Scale.Key)
	if planned && t.Reliability.Source == plan.Published {
		return false
	}
	return o.Change.Reliability.Source == paper.SampleReliability(o.Pre)
}

// configural is the fit of the model that holds nothing equal.
func configural(v *paper.Invariance) float64 {
	for _, l := range v.Levels {
		if l.Level == "configural" {
			return l.CFI.Value
		}
	}
	return 0
}
