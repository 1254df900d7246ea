package paper

import (
	"fmt"
	"math"

	"tidemark/analysis"
	"tidemark/analysis/power"
	"tidemark/survey/report/figure"
)

// FigurePlanning is the power curve of a study that is being planned.
const FigurePlanning = "planning"

// Planning is a study to come: one group before and after, or two arms compared
// after the course, adjusted for the score before.
type Planning struct {
	TwoArms bool
	// Effect is to be found: between arms in SDs of the scores, within one group
	// in SDs of the changes (d_z). Above 0, at most 3.
	Effect float64
	// R is the correlation of the scores before and after, above −1 and below 1;
	// only for two arms.
	R float64
	// Attrition is the share of people who are lost, from 0 to 0.95.
	Attrition float64
	// Alpha is two-sided, from 0.0001 to 0.2; Power from 0.5 to 0.999.
	Alpha, Power float64
	// Ratio is the people in the second arm for each one in the first, from 1/10
	// to 10; only for two arms.
	Ratio float64
}

// Planned is the answer to a Planning. The numbers are 0 when Reason says why.
type Planned struct {
	// Course and Control are the people needed with both scores; Control is 0
	// with one group.
	Course, Control int
	// EnrolCourse and EnrolControl are those to take in, so that enough remain.
	EnrolCourse, EnrolControl int
	// Reached is the power that they have, at least what was asked for.
	Reached analysis.Estimate
	Reason  analysis.Reason
}

// Next is the planning of a study like this one, for an effect of half a standard
// deviation.
func (p *Power) Next() Planning {
	n := Planning{Effect: 0.5, R: 0.5, Attrition: 0.2, Alpha: 0.05, Power: 0.8, Ratio: 1}
	if p == nil {
		return n
	}
	n.TwoArms = p.Design == power.Ancova
	if p.R.OK() {
		n.R = rounded(p.R.Value)
	}
	if p.Attrition.OK() && p.Attrition.Value < 0.95 {
		n.Attrition = rounded(p.Attrition.Value)
	}
	if p.Alpha > 0 {
		n.Alpha = math.Round(1000*p.Alpha) / 1000
	}
	return n
}

func rounded(v float64) float64 { return math.Round(100*v) / 100 }

// Check names the numbers that are out of range, by their fields.
func (p Planning) Check() map[string]string {
	faults := map[string]string{}
	within := func(field string, v float64, ok bool) {
		if math.IsNaN(v) || !ok {
			faults[field] = "planning." + field
		}
	}
	within("effect", p.Effect, p.Effect > 0 && p.Effect <= 3)
	within("attrition", p.Attrition, p.Attrition >= 0 && p.Attrition <= 0.95)
	within("alpha", p.Alpha, p.Alpha >= 0.0001 && p.Alpha <= 0.2)
	within("power", p.Power, p.Power >= 0.5 && p.Power <= 0.999)
	if p.TwoArms {
		within("r", p.R, p.R > -1 && p.R < 1)
		within("ratio", p.Ratio, p.Ratio >= 0.1 && p.Ratio <= 10)
	}
	return faults
}

func (p Planning) test(effect float64) power.Test {
	if !p.TwoArms {
		return power.Test{Design: power.Paired, Effect: effect, Alpha: p.Alpha}
	}
	return power.Test{Design: power.Ancova, Effect: effect, Alpha: p.Alpha, R: p.R, Ratio: p.Ratio}
}

// Size finds how many people it takes. What Check refuses is invalid_option.
func (p Planning) Size() Planned {
	if len(p.Check()) > 0 {
		return Planned{Reason: analysis.ReasonInvalidOption, Reached: analysis.Unknown(analysis.ReasonInvalidOption)}
	}
	s := p.test(p.Effect).SampleSize(p.Power)
	out := Planned{Course: s.Required, Control: s.RequiredSecond, Reached: s.Power, Reason: s.Exact.Reason}
	if out.Reason != "" {
		return out
	}
	enrol := func(n int) int {
		e := power.Enrol(n, p.Attrition)
		if !e.OK() {
			out.Reason = e.Reason
		}
		return int(e.Value)
	}
	out.EnrolCourse = enrol(out.Course)
	if p.TwoArms {
		out.EnrolControl = enrol(out.Control)
	}
	return out
}

// Figure is the power over the number of people, for the effect to be found, and
// for one that is a quarter smaller and larger. False when Size has no answer.
func (p Planning) Figure() (figure.Figure, bool) {
	s := p.Size()
	if s.Reason != "" {
		return nil, false
	}
	f := figure.PowerCurve{
		ID: FigurePlanning, Title: "Power over the number of people", Target: p.Power, DesignN: s.Course + s.Control,
		PeopleLabel: "people with scores before and after",
	}
	const points = 40
	most := max(2*f.DesignN, 40)
	for _, effect := range []float64{0.75 * p.Effect, p.Effect, 1.25 * p.Effect} {
		unit := "d_z = "
		ratio := 0.0
		if p.TwoArms {
			unit, ratio = "d = ", p.Ratio
		}
		line := figure.PowerLine{Label: unit + fmt.Sprintf("%.2f", effect)}
		test := p.test(effect)
		for n := 4; n <= most; n += max(1, most/points) {
			first := float64(n) / (1 + ratio)
			if e := test.PowerUnequal(first, float64(n)-first); e.OK() {
				line.Points = append(line.Points, figure.PowerPoint{N: n, Power: e.Value})
			}
		}
		f.Curves = append(f.Curves, line)
	}
	return f, true
}
