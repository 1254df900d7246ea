package prose

import (
	"math"
	"strings"

	"tidemark/analysis"
	"tidemark/survey/instrument"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// verdict is what an interval allows to say, in the direction of benefit.
type verdict string

const (
	better    verdict = "better"
	worse     verdict = "worse"
	unclear   verdict = "unclear"   // the interval holds zero
	uncertain verdict = "uncertain" // no interval
	absent    verdict = "absent"    // no estimate
	hidden    verdict = "hidden"
	nothing   verdict = "nothing" // no outcome at all
)

// finding is an outcome with what its primary estimate says.
type finding struct {
	f *facts
	o *paper.Outcome
	e *paper.Estimate
	verdict
	// neutral: no direction is better; better then means higher.
	neutral bool
	// size, low and high are points in the direction of benefit.
	size, low, high float64
	places          int
	reason          analysis.Reason
}

func (f *facts) finding(o *paper.Outcome) *finding {
	x := &finding{f: f, o: o, verdict: nothing}
	if o == nil || len(o.Estimates) == 0 {
		return x
	}
	x.e, x.places = o.Primary(), o.Places()
	x.neutral = o.Scale.Direction != instrument.HigherBetter && o.Scale.Direction != instrument.LowerBetter
	x.size, x.low, x.high = x.e.Value.Value, x.e.CI.Low, x.e.CI.High
	if o.Scale.Direction == instrument.LowerBetter {
		x.size, x.low, x.high = -x.size, -x.high, -x.low
	}
	switch {
	case x.e.Value.Reason == report.ReasonTooFewPeople:
		x.verdict = hidden
	case !x.e.Value.OK():
		x.verdict, x.reason = absent, x.e.Value.Reason
	case !x.e.CI.OK():
		x.verdict, x.reason = uncertain, x.e.CI.Reason
	case x.low > 0:
		x.verdict = better
	case x.high < 0:
		x.verdict = worse
	default:
		x.verdict = unclear
	}
	return x
}

// turned reports whether points are counted against the scale.
func (x *finding) turned() bool { return x.o != nil && x.o.Scale.Direction == instrument.LowerBetter }

func (x *finding) between() bool { return x.o.Against != "" }

// outright reports whether the arm itself clearly moved the way in which it came
// out ahead of the other, so that it may be said to have improved, or worsened.
func (x *finding) outright() bool {
	c, ok := x.o.Change.Group(x.o.Arm)
	if !ok || !c.CI.OK() {
		return false
	}
	low, high := c.CI.Low, c.CI.High
	if x.o.Scale.Direction == instrument.LowerBetter {
		low, high = -high, -low
	}
	return x.verdict == better && low > 0 || x.verdict == worse && high < 0
}

// support is how far the other analyses of an outcome agree with the primary one.
type support struct {
	*finding
	others []*paper.Estimate
	// same point in the direction of the primary estimate, clear have an
	// interval that leaves zero out on that side; against do not point there.
	same, clear int
	against     []*paper.Estimate
	low, high   float64 // of all of them, in the direction of benefit
	unknown     int     // could not be had
}

// support compares what is shown. A permutation test of the same estimate is not
// another one.
func (f *facts) support(o *paper.Outcome) *support {
	s := &support{finding: f.finding(o)}
	if s.verdict == nothing || s.verdict == absent || s.verdict == hidden {
		return s
	}
	sign := 1.0
	if o.Scale.Direction == instrument.LowerBetter {
		sign = -1
	}
	s.low, s.high = math.Inf(1), math.Inf(-1)
	for i := 1; i < len(o.Estimates); i++ {
		e := &o.Estimates[i]
		if e.Sensitivity == plan.Permutation {
			continue
		}
		if !e.Value.OK() {
			s.unknown++
			continue
		}
		s.others = append(s.others, e)
		v, low, high := sign*e.Value.Value, sign*e.CI.Low, sign*e.CI.High
		s.low, s.high = min(s.low, v), max(s.high, v)
		if v*s.size <= 0 {
			s.against = append(s.against, e)
			continue
		}
		s.same++
		if e.CI.OK() && low*high > 0 {
			s.clear++
		}
	}
	return s
}

// moments are the waves of an outcome.
func (x *finding) moments() (pre, post paper.Wave) {
	pre, _ = x.f.wave(x.o.Planned.Pre)
	post, _ = x.f.wave(x.o.Planned.Post)
	return pre, post
}

// meansOf writes the means of an arm at both waves in brackets: those of the
// model when everybody's scores made the estimate, else those of the people with
// both scores. It is empty when they are not known.
func meansOf(w *line, x *finding, arm, template string) string {
	pre, post := x.means(arm)
	if !pre.OK() || !post.OK() {
		return ""
	}
	text := " (" + template + ")"
	for _, m := range []analysis.Estimate{pre, post} {
		text = strings.Replace(text, "{}", w.n.decimal(m.Value, x.places), 1)
	}
	return text
}

func (x *finding) means(arm string) (pre, post analysis.Estimate) {
	unknown := analysis.Unknown(analysis.ReasonNoData)
	pre, post = unknown, unknown
	if x.e.Estimator == plan.MixedModel && x.e.Population == plan.Everybody && arm != "" {
		t, ok := x.f.p.Trajectory(x.o.Scale.Key)
		if !ok {
			return pre, post
		}
		for _, a := range t.Arms {
			for _, point := range a.Points {
				switch {
				case a.Arm == arm && point.Wave == x.o.Pre:
					pre = point.Model
				case a.Arm == arm && point.Wave == x.o.Post:
					post = point.Model
				}
			}
		}
		return pre, post
	}
	if c, ok := x.o.Change.Group(arm); ok && x.e.Estimator == plan.PairedChange {
		return c.MeanPre, c.MeanPost
	}
	return pre, post
}

// adjusted reports whether the plan corrects the p-value of an outcome.
func (x *finding) adjusted() bool {
	m := x.f.p.Plan.Content.Multiplicity
	switch x.o.As {
	case plan.Primary:
		return m.Primary != plan.Unadjusted
	case plan.Secondary:
		return m.Secondary != plan.Unadjusted
	case plan.Varied, plan.InSubgroup, plan.Exploratory:
	}
	return m.Exploratory != plan.Unadjusted
}
