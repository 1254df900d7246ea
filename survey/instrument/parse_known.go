package instrument

import (
	"fmt"
	"slices"
	"strings"
)

// known checks what is known of a scale from elsewhere.
func (c *checker) known(place string, scale Scale) {
	low, high, bounded := c.d.Range(scale.Key)
	for i, norm := range scale.Norms {
		here := fmt.Sprintf("%s.norms[%d]", place, i)
		c.text(here+".sample", norm.Sample)
		c.text(here+".source", norm.Source)
		if norm.N < 0 {
			c.faults.Add(here+".n", "%d must be above 0, or left out", norm.N)
		}
		if !(norm.SD > 0) {
			c.faults.Add(here+".sd", "%v must be above 0", norm.SD)
		}
		if bounded && (norm.Mean < low || norm.Mean > high) {
			c.faults.Add(here+".mean", "%v is outside the scale, which runs from %v to %v", norm.Mean, low, high)
		}
	}
	for i, r := range scale.Reliability {
		here := fmt.Sprintf("%s.reliability[%d]", place, i)
		if !r.Kind.Valid() {
			c.faults.Add(here+".kind", "%q must be %q, %q or %q", r.Kind, ReliabilityAlpha, ReliabilityOmega, ReliabilityRetest)
		}
		if !(r.Value > 0 && r.Value <= 1) {
			c.faults.Add(here+".value", "%v must be above 0 and at most 1", r.Value)
		}
		c.text(here+".sample", r.Sample)
		c.text(here+".source", r.Source)
		if r.Interval != "" && r.Kind != ReliabilityRetest {
			c.faults.Add(here+".interval", "is for %q", ReliabilityRetest)
		}
		c.mayText(here+".interval", r.Interval)
	}
	for i, change := range scale.Changes {
		here := fmt.Sprintf("%s.changes[%d]", place, i)
		if !change.Kind.Valid() {
			c.faults.Add(here+".kind", "%q must be %q or %q", change.Kind, ChangeImportant, ChangeReliable)
		}
		if !(change.Value > 0) || bounded && change.Value > high-low {
			c.faults.Add(here+".value", "%v must be above 0 and at most the length of the scale", change.Value)
		}
		c.text(here+".source", change.Source)
	}
	c.bands(place, scale, low, high, bounded)
}

// bands checks that bands follow each other. Between the end of one and the
// beginning of the next there may be a gap, as in 1–2.49 and 2.5–3.5.
func (c *checker) bands(place string, scale Scale, low, high float64, bounded bool) {
	var labels []string
	for i, band := range scale.Bands {
		here := fmt.Sprintf("%s.bands[%d]", place, i)
		c.text(here+".label", band.Label)
		if slices.Contains(labels, band.Label) {
			c.faults.Add(here+".label", "%q is used twice", band.Label)
		}
		labels = append(labels, band.Label)
		if band.From > band.To {
			c.faults.Add(here, "runs from %v to %v; the least must come first", band.From, band.To)
		}
		if bounded && (band.From < low || band.To > high) {
			c.faults.Add(here, "runs from %v to %v, the scale from %v to %v", band.From, band.To, low, high)
		}
		if i > 0 && band.From <= scale.Bands[i-1].To {
			c.faults.Add(here+".from", "%v is within the band before, which ends at %v; bands stand in ascending order and do not overlap", band.From, scale.Bands[i-1].To)
		}
	}
	switch {
	case len(scale.Bands) > 0 && strings.TrimSpace(scale.BandsWarning) == "":
		c.faults.Add(place+".bands_warning", "is missing; bands need a word on what they cannot tell")
	case len(scale.Bands) == 0 && scale.BandsWarning != "":
		c.faults.Add(place+".bands_warning", "warns of bands that are not there")
	default:
		c.mayText(place+".bands_warning", scale.BandsWarning)
	}
}
