package report

import (
	"fmt"
	"strings"
)

// Method is what a method section says about the analysis of an outcome, one
// statement each. Version names the program.
func (o *Outcome) Method(version string) []string {
	c := o.Main()
	ci := LevelPercent(o.Level) + " confidence intervals"
	m := []string{
		"Change is the later score minus the earlier one, in people who have both; nothing was filled in for those who have not.",
		"Mean change was tested with a paired t test (two-sided; " + ci + "), with the Wilcoxon signed-rank test beside it (" +
			rankMethod(c) + ", zero changes dropped) and the Hodges–Lehmann estimate of the typical change.",
		"d_z is the mean change over the standard deviation of changes, its interval from the noncentral t distribution (Steiger & Fouladi, 1997); " +
			"g_av is the mean change over the root mean square of both standard deviations (Cumming, 2012), with the exact small-sample correction of Hedges (1981) and the interval of Bird (2002).",
	}
	if o.Family.Size > 1 {
		m = append(m, fmt.Sprintf("p values marked Holm are corrected for %d tests (%s) by the method of Holm (1979).", o.Family.Size, o.Family.Name))
	}
	if o.AlphaPre != nil {
		m = append(m, "Cronbach’s α is over everyone who answered all questions of a scale at that survey, with the interval of Feldt (1965).")
	}
	if r := c.Reliable; r.Threshold.OK() {
		m = append(m, fmt.Sprintf("A change counts as reliable when it exceeds 1.96 × SD × √2 × √(1 − reliability) = %s points (Jacobson & Truax, 1991), with reliability %s and SD %s (%s).",
			Number(r.Threshold, o.places()), UnitNumber(r.Reliability, 2), Number(r.SD, o.places()), o.Reliability.Source))
	}
	if d := o.Comparison; d != nil {
		m = append(m, fmt.Sprintf("The difference in change is %s minus %s, with Welch’s t test; d divides it by the pooled standard deviation of the changes, with a noncentral-t interval.",
			groupPhrase(d.Course), groupPhrase(d.Control)))
	}
	if version != "" {
		m = append(m, "Computed with Tidemark "+version+".")
	}
	return m
}

func rankMethod(c *Change) string {
	if c.Rank.Method == "" {
		return "exact or normal by size"
	}
	return string(c.Rank.Method)
}

// MethodText is Method as one paragraph.
func (o *Outcome) MethodText(version string) string { return strings.Join(o.Method(version), " ") }
