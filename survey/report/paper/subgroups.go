package paper

import (
	"context"
	"fmt"
	"math"

	"tidemark/analysis"
	"tidemark/survey/plan"
)

// SubgroupRow is the estimate of an outcome in one part of the people. Parts
// differ by chance: a difference between them is a question, not a finding.
type SubgroupRow struct {
	// Of is the plan's division. Of a scale, Cut is where it was divided, and
	// Below says on which side the part lies.
	Of       plan.Subgroup `json:"of"`
	Cut      float64       `json:"cut,omitempty"`
	Below    bool          `json:"below,omitempty"`
	By       string        `json:"by"`
	Label    string        `json:"label"`
	Estimate Estimate      `json:"estimate"`

	keep []bool
}

// subgroups estimates an outcome in every part of the plan's divisions, by the
// change of those with both scores.
func (d *Dataset) subgroups(ctx context.Context, o *Outcome, p PlanUsed) ([]SubgroupRow, error) {
	var rows []SubgroupRow
	m, _ := d.Measure(o.Scale.Key)
	for _, s := range p.Content.Subgroups {
		c, ok := d.division(s)
		if !ok {
			continue
		}
		for k, label := range c.Labels {
			keep := make([]bool, len(d.People))
			for i, v := range c.Values {
				keep[i] = !isMissing(v) && int(v) == k
			}
			e, err := byChange(ctx, &asked{d: d, o: o, m: m, p: p.Content, keep: keep})
			if err != nil {
				return nil, err
			}
			e.Estimator, e.Population, e.PAdjusted = plan.PairedChange, plan.Completers, e.P
			e.As = p.standing(plan.Result{Outcome: o.Planned, Estimator: plan.PairedChange, Population: plan.Completers, Subgroup: &s})
			rows = append(rows, SubgroupRow{Of: s, Cut: c.cut, Below: s.Kind == plan.SubgroupScale && k == 0, By: c.Name, Label: label, Estimate: e, keep: keep})
		}
	}
	return rows, nil
}

// division finds what a subgroup divides people by.
func (d *Dataset) division(s plan.Subgroup) (Covariate, bool) {
	switch s.Kind {
	case plan.SubgroupRun:
		return d.runs(), len(d.Runs) > 1
	case plan.SubgroupScale:
		m, ok := d.Measure(s.Key)
		pre := d.Pre()
		if !ok || pre < 0 || !m.Asked(pre) {
			return Covariate{}, false
		}
		return d.halves(m, pre, s.Cut)
	case plan.SubgroupColumn:
		for _, c := range d.Baseline {
			if c.Key == s.Key && c.Labels != nil {
				return c, true
			}
		}
	}
	return Covariate{}, false
}

// runs is the course run as a covariate.
func (d *Dataset) runs() Covariate {
	c := Covariate{Key: "run", Name: "Course run", Labels: d.Runs, Values: make([]float64, len(d.People))}
	for i, p := range d.People {
		c.Values[i] = float64(p.Run)
	}
	return c
}

// halves divides people by their score before the course, at a cut or at the
// median.
func (d *Dataset) halves(m *Measure, pre int, cut *float64) (Covariate, bool) {
	at := 0.0
	if cut != nil {
		at = *cut
	} else {
		median := analysis.Describe(m.Values[pre], analysis.DefaultLevel).Median
		if !median.OK() {
			return Covariate{}, false
		}
		at = median.Value
	}
	c := Covariate{
		Key: m.Scale.Key, Name: m.Scale.Name + " before", Values: d.column(),
		cut:    at,
		Labels: []string{fmt.Sprintf("below %.4g", at), fmt.Sprintf("%.4g or more", at)},
	}
	for i, v := range m.Values[pre] {
		switch {
		case math.IsNaN(v):
		case v < at:
			c.Values[i] = 0
		default:
			c.Values[i] = 1
		}
	}
	return c, true
}

// covariates finds the plan's covariates in the data; what is not there is left
// out and named.
func (d *Dataset) covariates(p plan.Plan, o string) (found []Covariate, absent []string) {
	pre := d.Pre()
	for _, c := range p.Covariates {
		switch c.Kind {
		case plan.CovariateRun:
			if len(d.Runs) > 1 {
				found = append(found, d.runs())
			}
			continue
		case plan.CovariateScale:
			if m, ok := d.Measure(c.Key); ok && pre >= 0 && m.Asked(pre) {
				if c.Key != o { // its own earlier score is in the model already
					found = append(found, Covariate{Key: m.Scale.Key, Name: m.Scale.Name, Values: m.Values[pre]})
				}
				continue
			}
		case plan.CovariateColumn:
			if i := d.baselineByKey(c.Key); i >= 0 {
				found = append(found, d.Baseline[i])
				continue
			}
		}
		absent = append(absent, c.Key)
	}
	return found, absent
}

func (d *Dataset) baselineByKey(key string) int {
	for i := range d.Baseline {
		if d.Baseline[i].Key == key {
			return i
		}
	}
	return -1
}
