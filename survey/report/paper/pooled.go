package paper

import (
	"math"

	"tidemark/analysis"
	"tidemark/survey/report"
)

// Pooled puts the course runs together: each is a small study of its own.
type Pooled struct {
	Outcome string      `json:"outcome"`
	Scale   string      `json:"scale"`
	Runs    []RunEffect `json:"runs"`
	// Effect is the mean over runs that differ (Hartung & Knapp 2001), in points;
	// Tau the standard deviation between runs, I2 its share of the variance, Q
	// Cochran's test of whether runs differ.
	Effect     analysis.Estimate `json:"effect"`
	CI         analysis.Interval `json:"effect_ci"`
	P          analysis.Estimate `json:"p"`
	Tau        analysis.Estimate `json:"tau"`
	I2         analysis.Estimate `json:"i2"`
	I2CI       analysis.Interval `json:"i2_ci"`
	Q          analysis.Estimate `json:"q"`
	QDF        analysis.Estimate `json:"q_df"`
	QP         analysis.Estimate `json:"q_p"`
	Prediction analysis.Interval `json:"prediction"`
}

// RunEffect is one course run, by the change of those with both scores.
type RunEffect struct {
	Run     string            `json:"run"`
	Course  int               `json:"course"`
	Control int               `json:"control"`
	Effect  analysis.Estimate `json:"effect"`
	CI      analysis.Interval `json:"effect_ci"`
	Weight  analysis.Estimate `json:"weight"` // in the random-effects mean
}

// pooled estimates an outcome in every course run and pools them; false with
// fewer than two runs that have enough people.
func (d *Dataset) pooled(o *Outcome, level float64, minimum int) (Pooled, bool) {
	m, _ := d.Measure(o.Scale.Key)
	out := Pooled{Outcome: o.Key, Scale: o.Scale.Name}
	var effects []analysis.RunEffect
	usable := 0
	hidden := d.hiddenKeeps(o, d.ofRuns(), minimum)
	for k, name := range d.Runs {
		r, effect := d.ofRun(m, o, k, level)
		r.Run, effect.Name = name, name
		if r.Course == 0 && r.Control == 0 {
			continue // nobody has finished it
		}
		why := analysis.FirstReason(tooFew(r.Course, max(minimum, 2)), tooFew(r.Control, max(minimum, 2)))
		if hidden[k] {
			why = report.ReasonTooFewPeople
		}
		if why != "" {
			r.Effect, r.CI = analysis.Unknown(why), analysis.NoInterval(why, level)
			effect.Effect, effect.SE = math.NaN(), math.NaN()
		}
		if !isMissing(effect.Effect) {
			usable++
		}
		out.Runs, effects = append(out.Runs, r), append(effects, effect)
	}
	if usable < 2 {
		return Pooled{}, false
	}
	c := analysis.CombineRuns(effects, analysis.CombineOptions{Level: level})
	out.Effect, out.CI, out.P = c.Random.Effect, c.Random.CI, c.Random.P
	out.Tau, out.I2, out.I2CI = c.Tau, c.I2, c.I2CI
	out.Q, out.QDF, out.QP, out.Prediction = c.Q, c.QDF, c.QP, c.Prediction
	for i := range out.Runs {
		out.Runs[i].Weight = analysis.Unknown(analysis.ReasonNoData)
		if i < len(c.Random.Weights) {
			out.Runs[i].Weight = analysis.Known(c.Random.Weights[i])
		}
	}
	return out, true
}

// ofRun is the outcome in one course run.
func (d *Dataset) ofRun(m *Measure, o *Outcome, run int, level float64) (RunEffect, analysis.RunEffect) {
	keep := d.ofRuns()[run]
	course := changes(d.pairs(m, o, o.arm, keep))
	r := RunEffect{Course: len(course)}
	none := analysis.RunEffect{Effect: math.NaN(), SE: math.NaN()}
	if !o.Between() {
		s := analysis.Describe(course, level)
		r.Effect, r.CI = s.Mean, s.MeanCI
		if !s.SE.OK() || s.SE.Value == 0 {
			return r, none
		}
		return r, analysis.RunEffect{Effect: s.Mean.Value, SE: s.SE.Value}
	}
	control := changes(d.pairs(m, o, o.against, keep))
	r.Control = len(control)
	w := analysis.WelchT(course, control, level)
	r.Effect, r.CI = w.Difference, w.Welch.CI
	if !w.Welch.T.OK() || w.Welch.T.Value == 0 {
		return r, none
	}
	return r, analysis.RunEffect{Effect: w.Difference.Value, SE: math.Abs(w.Difference.Value / w.Welch.T.Value)}
}

// ofRuns parts people by course run.
func (d *Dataset) ofRuns() [][]bool {
	keeps := make([][]bool, len(d.Runs))
	for k := range keeps {
		keeps[k] = make([]bool, len(d.People))
		for i, p := range d.People {
			keeps[k][i] = p.Run == k
		}
	}
	return keeps
}
