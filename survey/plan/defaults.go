package plan

import "slices"

// The values a plan begins with. They are conventions, not truths: a level
// almost everybody uses, 20 imputations as White, Royston and Wood (2011) hold
// to be the least for one fifth missing, deltas of a small and a medium effect.
const (
	DefaultAlpha       = 0.05
	DefaultImputations = 20
	DefaultSeed        = 1
)

// Default is a plan to begin from: the study's own scale after the course,
// between the arms when there are two, by a mixed model on everybody.
func Default(d Design) Plan {
	p := Plan{
		Schema: Schema,
		Populations: []Population{
			{Kind: Everybody}, {Kind: Completers},
		},
		Estimators:   Estimators(),
		Model:        Model{Structure: RandomIntercept, DF: Satterthwaite},
		Alpha:        DefaultAlpha,
		Multiplicity: Multiplicity{Primary: Holm, Secondary: BenjaminiHochberg, Exploratory: BenjaminiHochberg},
		Missing:      Missing{Strategy: Likelihood, Imputations: DefaultImputations, Seed: DefaultSeed, Deltas: []float64{0.2, 0.5}},
		Sensitivity:  []Sensitivity{DeltaAdjusted, RankBased, MissingNoResponse},
	}
	if d.Meetings > 0 {
		p.Populations = append(p.Populations, Population{Kind: PerProtocol, Sessions: EnoughMeetings(d.Meetings)})
	}
	p.defaultOutcomes(&d)
	for _, s := range d.Scales {
		if p.names(s.Key) {
			p.Thresholds = append(p.Thresholds, Threshold{Scale: s.Key, Reliability: Reliability{Source: SampleAlpha}})
		}
	}
	return p
}

// EnoughMeetings is two thirds of the meetings, rounded up: the usual reading of
// "took part in the course".
func EnoughMeetings(meetings int) int { return (2*meetings + 2) / 3 }

// defaultOutcomes announces the primary scale after the course, then the same
// within the course arm, the other main scales, and the follow-ups.
func (p *Plan) defaultOutcomes(d *Design) {
	pre, ok := d.Pre()
	if !ok {
		return
	}
	arm, against := "", ""
	if course, ok := d.Course(); ok {
		arm = course.Key
	}
	if control, ok := d.Control(); ok {
		against = control.Key
	}
	var scales []string
	for _, s := range d.Scales {
		switch {
		case s.Key == d.PrimaryScale:
			scales = append([]string{s.Key}, scales...)
		case !s.Part:
			scales = append(scales, s.Key)
		}
	}
	for _, w := range d.Waves {
		if !w.Later {
			continue
		}
		for _, key := range scales {
			p.announce(d, Outcome{Scale: key, Pre: pre.Key, Post: w.Key, Arm: arm, Against: against})
			if len(p.Primary) == 1 && len(p.Secondary) == 0 {
				p.announce(d, Outcome{Scale: key, Pre: pre.Key, Post: w.Key, Arm: arm})
			}
		}
	}
}

// announce adds an outcome that the study can answer: first the primary one,
// then the others. Where the control does not answer a wave, the change within
// the arm is left.
func (p *Plan) announce(d *Design, o Outcome) {
	w, _, _ := d.Wave(o.Post)
	s, _ := d.Scale(o.Scale)
	if !s.askedAt(o.Pre) || !s.askedAt(o.Post) || !w.asks(o.Arm) {
		return
	}
	if o.Against != "" && !w.asks(o.Against) {
		o.Against = ""
	}
	switch {
	case len(p.Primary) == 0:
		p.Primary = []Outcome{o}
	case !slices.Contains(p.Primary, o) && !slices.Contains(p.Secondary, o):
		p.Secondary = append(p.Secondary, o)
	}
}

// names reports whether a scale is among the outcomes.
func (p Plan) names(scale string) bool {
	for _, list := range [][]Outcome{p.Primary, p.Secondary} {
		for _, o := range list {
			if o.Scale == scale {
				return true
			}
		}
	}
	return false
}
