package plan

import (
	"fmt"
	"math"
)

func (c *checker) thresholds(all []Threshold) {
	if len(all) > MaxThresholds {
		c.fault("thresholds", "plan.too_many")
	}
	seen := map[string]bool{}
	for i, t := range all {
		field := fmt.Sprintf("threshold_%d_", i)
		c.scale(field+"scale", t.Scale)
		if seen[t.Scale] {
			c.fault(field+"scale", "plan.threshold_twice")
		}
		seen[t.Scale] = true
		c.threshold(field, t)
	}
}

func (c *checker) threshold(field string, t Threshold) {
	most := math.MaxFloat64
	if c.d != nil {
		if s, ok := c.d.Scale(t.Scale); ok {
			most = s.Max - s.Min
		}
	}
	if t.MCID != nil && !(*t.MCID > 0 && *t.MCID <= most) {
		c.fault(field+"mcid", "plan.bad_mcid")
	}
	r := t.Reliability
	switch {
	case !r.Source.Valid():
		c.fault(field+"source", "plan.unknown_choice")
	case r.Source == Published && (r.Value == nil || !(*r.Value > 0 && *r.Value < 1)):
		c.fault(field+"value", "plan.bad_reliability")
	case r.Source == SampleAlpha && (r.Value != nil || r.SD != nil):
		c.fault(field+"source", "plan.reliability_unused")
	}
	if r.SD != nil && !positive(*r.SD) {
		c.fault(field+"sd", "plan.bad_sd")
	}
	if t.Norm != nil {
		if !finite(t.Norm.Mean) {
			c.fault(field+"norm_mean", "plan.bad_number")
		}
		if !positive(t.Norm.SD) {
			c.fault(field+"norm_sd", "plan.bad_sd")
		}
		c.text(field+"norm_citation", t.Norm.Citation, maxNote)
	}
	c.text(field+"citation", r.Citation, maxNote)
	c.text(field+"mcid_source", t.MCIDSource, maxNote)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func positive(v float64) bool { return v > 0 && finite(v) }
