package paper

import (
	"math"

	"tidemark/analysis"
	"tidemark/analysis/power"
)

// Power is what this design could have found of its primary outcome: a fact of
// the number of people and of how well scores before predict those after, not of
// the effect that was observed (Hoenig & Heisey 2001).
type Power struct {
	Outcome string       `json:"outcome"`
	Design  power.Design `json:"design"`
	Alpha   float64      `json:"alpha"`
	// Course and Control are the people with both scores; Control is 0 when no
	// arms are compared.
	Course  int `json:"course"`
	Control int `json:"control"`
	// Started had a score before, and Attrition of them have none after,
	// although their survey is over; 0 to 1.
	Started   int               `json:"started"`
	Attrition analysis.Estimate `json:"attrition"`
	// R is the correlation of the scores before and after within arms, SD that
	// of the scores before, SDChange that of the changes within arms.
	R        analysis.Estimate `json:"r"`
	SD       analysis.Estimate `json:"sd"`
	SDChange analysis.Estimate `json:"sd_change"`
	// Detectable are the smallest effects found with 80 and 90 % power: in SDs
	// of the scores between arms, in SDs of the changes (d_z) within one; and in
	// points.
	Detectable80 analysis.Estimate `json:"detectable_80"`
	Detectable90 analysis.Estimate `json:"detectable_90"`
	Points80     analysis.Estimate `json:"detectable_80_points"`
	Points90     analysis.Estimate `json:"detectable_90_points"`
}

// power looks at the primary outcome.
func (d *Dataset) power(o *Outcome, level float64, minimum int) Power {
	p := Power{Outcome: o.Key, Design: power.Paired, Alpha: 1 - level}
	m, _ := d.Measure(o.Scale.Key)
	arms := []int{o.arm}
	if o.Between() {
		p.Design, arms = power.Ancova, append(arms, o.against)
	}
	var r, spread pooled
	lost := 0
	for k, arm := range arms {
		pre, post := d.pairs(m, o, arm, nil)
		t := analysis.PairedT(pre, post, level)
		if k == 0 {
			p.Course = t.Pairs
		} else {
			p.Control = t.Pairs
		}
		if t.R.OK() && math.Abs(t.R.Value) < 1 {
			r.add(math.Atanh(t.R.Value), float64(t.Pairs-3))
		}
		if t.SDChange.OK() {
			spread.add(t.SDChange.Value*t.SDChange.Value, float64(t.Pairs-1))
		}
		for i, person := range d.People {
			if (arm >= 0 && person.Arm != arm) || isMissing(m.Values[o.pre][i]) || !d.over(o.post, i) {
				continue
			}
			p.Started++
			if isMissing(m.Values[o.post][i]) {
				lost++
			}
		}
	}
	p.R, p.SDChange = r.mean(math.Tanh), spread.mean(math.Sqrt)
	p.SD = analysis.Describe(m.Values[o.pre], level).SD
	p.Attrition = analysis.KnownUnless(none(p.Started), float64(lost)/float64(max(p.Started, 1)))
	p.find()
	if why := analysis.FirstReason(tooFew(p.Course, minimum), tooFew(p.Control, minimum)); why != "" {
		hidden := []*analysis.Estimate{&p.R, &p.SD, &p.SDChange, &p.Points80, &p.Points90}
		if p.Design == power.Ancova { // what can be found follows from r, and r from it
			hidden = append(hidden, &p.Detectable80, &p.Detectable90)
		}
		for _, e := range hidden {
			*e = analysis.Unknown(why)
		}
	}
	return p
}

func none(n int) analysis.Reason {
	if n == 0 {
		return analysis.ReasonNoData
	}
	return ""
}

// find computes what could be detected.
func (p *Power) find() {
	t := power.Test{Design: p.Design, Alpha: p.Alpha, Effect: 1}
	unit := p.SDChange
	if p.Design == power.Ancova {
		unit = p.SD
		if !p.R.OK() {
			p.Detectable80, p.Detectable90, p.Points80, p.Points90 = p.R, p.R, p.R, p.R
			return
		}
		t.R = p.R.Value
		if p.Course > 0 && p.Control > 0 {
			t.Ratio = float64(p.Control) / float64(p.Course)
		}
	}
	p.Detectable80, p.Detectable90 = t.Detectable(float64(p.Course), 0.8), t.Detectable(float64(p.Course), 0.9)
	p.Points80, p.Points90 = times(p.Detectable80, unit), times(p.Detectable90, unit)
}

func times(a, b analysis.Estimate) analysis.Estimate {
	if why := analysis.FirstReason(a.Reason, b.Reason); why != "" {
		return analysis.Unknown(why)
	}
	return analysis.Known(a.Value * b.Value)
}

// pooled is a weighted mean.
type pooled struct{ sum, weight float64 }

func (p *pooled) add(v, weight float64) {
	if weight > 0 {
		p.sum, p.weight = p.sum+weight*v, p.weight+weight
	}
}

func (p *pooled) mean(back func(float64) float64) analysis.Estimate {
	if p.weight == 0 {
		return analysis.Unknown(analysis.ReasonNoData)
	}
	return analysis.Known(back(p.sum / p.weight))
}
