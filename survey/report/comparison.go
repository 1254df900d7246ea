package report

import "tidemark/analysis"

// Comparison is the difference in change between two groups, Course − Control.
type Comparison struct {
	Course   string `json:"course"`
	Control  string `json:"control"`
	NCourse  int    `json:"n_course"`
	NControl int    `json:"n_control"`

	// Difference of the mean changes in points, with Welch's (1947) test,
	// which does not assume equal variances.
	Difference analysis.Estimate `json:"difference"`
	CI         analysis.Interval `json:"difference_ci"`
	T          analysis.Estimate `json:"t"`
	DF         analysis.Estimate `json:"df"`
	P          analysis.Estimate `json:"p"`
	PHolm      analysis.Estimate `json:"p_holm"`
	// D is the difference over the pooled SD of the changes, G with Hedges'
	// correction; intervals from the noncentral t distribution.
	D   analysis.Estimate `json:"d"`
	DCI analysis.Interval `json:"d_ci"`
	G   analysis.Estimate `json:"g"`
	GCI analysis.Interval `json:"g_ci"`
}

func compare(course, control *Change, level float64) *Comparison {
	x, y := course.changes(), control.changes()
	t := analysis.WelchT(x, y, level)
	e := analysis.IndependentEffects(x, y, level)
	return &Comparison{
		Course: course.Group, Control: control.Group, NCourse: len(x), NControl: len(y),
		Difference: t.Difference, CI: t.Welch.CI, T: t.Welch.T, DF: t.Welch.DF, P: t.Welch.P, PHolm: t.Welch.P,
		D: e.D, DCI: e.DCI, G: e.G, GCI: e.GCI,
	}
}

func (c *Change) changes() []float64 {
	d := make([]float64, len(c.pre))
	for i := range d {
		d[i] = c.post[i] - c.pre[i]
	}
	return d
}

func (c *Comparison) estimates() ([]*analysis.Estimate, []*analysis.Interval) {
	return []*analysis.Estimate{&c.Difference, &c.T, &c.DF, &c.P, &c.PHolm, &c.D, &c.G},
		[]*analysis.Interval{&c.CI, &c.DCI, &c.GCI}
}
