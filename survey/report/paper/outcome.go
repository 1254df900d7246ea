package paper

import (
	"slices"

	"tidemark/analysis"
	"tidemark/survey"
	"tidemark/survey/plan"
	"tidemark/survey/report"
)

// Outcome is one comparison: the change of a scale between two waves, in an arm
// or between two.
type Outcome struct {
	// Key is fit for an address: "sc_total-pre-post".
	Key     string        `json:"key"`
	Planned plan.Outcome  `json:"comparison"`
	As      plan.Standing `json:"standing"`
	Scale   report.Scale  `json:"scale"`
	Pre     string        `json:"pre"`
	Post    string        `json:"post"`
	// Arm is whom the outcome is about, Against whom it is compared with; names.
	// Empty: everyone, nobody.
	Arm     string `json:"arm"`
	Against string `json:"against,omitempty"`
	// Estimates are the answer by every way the plan names, the primary one
	// first: the difference in change, or the change, in points.
	Estimates []Estimate `json:"estimates"`
	// G is the primary estimate over the SD of everyone's scores before the
	// course, with its interval scaled alike.
	G   analysis.Estimate `json:"g"`
	GCI analysis.Interval `json:"g_ci"`
	// Change is what happened in each arm, among those with both scores.
	Change     report.Outcome `json:"change"`
	Responders *Responders    `json:"responders,omitempty"`
	Items      []ItemChange   `json:"items,omitempty"`
	Subgroups  []SubgroupRow  `json:"subgroups,omitempty"`

	pre, post, arm, against int  // positions; −1: none
	named                   bool // in the plan, locked or not
}

// Between reports whether two arms are compared.
func (o *Outcome) Between() bool { return o.against >= 0 }

// Primary is the estimate by the plan's first way.
func (o *Outcome) Primary() *Estimate { return &o.Estimates[0] }

// Estimate is an answer by one way.
type Estimate struct {
	Estimator   plan.Estimator      `json:"estimator"`
	Population  plan.PopulationKind `json:"population"`
	Sensitivity plan.Sensitivity    `json:"sensitivity,omitempty"`
	As          plan.Standing       `json:"standing"`
	// Delta is by how many standard deviations imputed scores were made worse.
	Delta float64 `json:"delta,omitempty"`
	N     int     `json:"n"` // people whose scores enter
	// Value is in points; Shift says that it is a Hodges–Lehmann shift.
	Value analysis.Estimate `json:"estimate"`
	CI    analysis.Interval `json:"ci"`
	SE    analysis.Estimate `json:"se"`
	T     analysis.Estimate `json:"t"`
	DF    analysis.Estimate `json:"df"`
	P     analysis.Estimate `json:"p"`
	// PAdjusted is P within the family the plan declares.
	PAdjusted analysis.Estimate `json:"p_adjusted"`
	Note      string            `json:"note,omitempty"`
}

// estimates and intervals of an Estimate, for hiding.
func (e *Estimate) hide(why analysis.Reason) {
	for _, v := range []*analysis.Estimate{&e.Value, &e.SE, &e.T, &e.DF, &e.P, &e.PAdjusted} {
		*v = analysis.Unknown(why)
	}
	e.CI = analysis.NoInterval(why, e.CI.Level)
}

// outcomes lays out the comparisons: the plan's, then every main scale at every
// later wave that the plan does not name.
func (d *Dataset) outcomes(p PlanUsed) []Outcome {
	var out []Outcome
	seen := map[plan.Outcome]bool{}
	add := func(c plan.Outcome) {
		same := c
		if len(d.Arms) == 1 {
			same.Arm = "" // the only arm is everyone
		}
		if seen[same] {
			return
		}
		seen[same] = true
		if o, ok := d.comparison(c); ok {
			o.As = p.standing(plan.Result{Outcome: c})
			o.named = slices.Contains(p.Content.Primary, c) || slices.Contains(p.Content.Secondary, c)
			out = append(out, o)
		}
	}
	for _, c := range p.Content.Primary {
		add(c)
	}
	for _, c := range p.Content.Secondary {
		add(c)
	}
	for _, c := range d.remaining() {
		add(c)
	}
	return out
}

// remaining are the comparisons that can be made of the main scales, with the
// waves after the course.
func (d *Dataset) remaining() []plan.Outcome {
	pre := d.Pre()
	if pre < 0 {
		return nil
	}
	course, control, between := d.Contrast()
	var out []plan.Outcome
	for w := pre + 1; w < len(d.Waves); w++ {
		if d.Waves[w].Kind == survey.WaveDuring {
			continue
		}
		for i := range d.Measures {
			m := &d.Measures[i]
			if m.Scale.Parent != "" || !m.Asked(pre) || !m.Asked(w) {
				continue
			}
			c := plan.Outcome{Scale: m.Scale.Key, Pre: d.Waves[pre].Key, Post: d.Waves[w].Key}
			if between {
				c.Arm, c.Against = d.Arms[course].Key, d.Arms[control].Key
			} else if len(d.Arms) > 1 && course >= 0 {
				c.Arm = d.Arms[course].Key
			}
			out = append(out, c)
		}
	}
	return out
}

// comparison finds what a comparison names; false when the data have no such
// scale, wave or arm.
func (d *Dataset) comparison(c plan.Outcome) (Outcome, bool) {
	m, ok := d.Measure(c.Scale)
	if !ok {
		return Outcome{}, false
	}
	o := Outcome{
		Key: c.Scale + "-" + c.Pre + "-" + c.Post, Planned: c, Scale: m.Scale,
		pre: d.waveByKey(c.Pre), post: d.waveByKey(c.Post), arm: -1, against: -1,
	}
	if o.pre < 0 || o.post < 0 || !m.Asked(o.pre) || !m.Asked(o.post) {
		return Outcome{}, false
	}
	o.Pre, o.Post = d.Waves[o.pre].Short, d.Waves[o.post].Short
	for _, side := range []struct {
		key  string
		at   *int
		name *string
	}{{c.Arm, &o.arm, &o.Arm}, {c.Against, &o.against, &o.Against}} {
		if side.key == "" {
			continue
		}
		if *side.at = d.armByKey(side.key); *side.at < 0 {
			return Outcome{}, false
		}
		*side.name = d.Arms[*side.at].Name
	}
	if c.Arm != "" && c.Against == "" {
		o.Key += "-" + c.Arm
	}
	return o, true
}

func (d *Dataset) waveByKey(key string) int {
	for w := range d.Waves {
		if d.Waves[w].Key == key {
			return w
		}
	}
	return -1
}

func (d *Dataset) armByKey(key string) int {
	for a := range d.Arms {
		if d.Arms[a].Key == key {
			return a
		}
	}
	return -1
}

// pairs are the scores of an arm at both waves, of everyone when arm is
// negative, missing where they are; keep nil keeps everyone.
func (d *Dataset) pairs(m *Measure, o *Outcome, arm int, keep []bool) (pre, post []float64) {
	for i, p := range d.People {
		if (arm < 0 || p.Arm == arm) && (keep == nil || keep[i]) {
			pre, post = append(pre, m.Values[o.pre][i]), append(post, m.Values[o.post][i])
		}
	}
	return pre, post
}

// changes are the differences of complete pairs.
func changes(pre, post []float64) []float64 {
	var out []float64
	for i := range pre {
		if !isMissing(pre[i]) && !isMissing(post[i]) {
			out = append(out, post[i]-pre[i])
		}
	}
	return out
}
