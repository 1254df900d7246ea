package paper

import (
	"math"

	"tidemark/analysis"
)

// ItemChange is the mean of one item before and after, of those who answered it
// both times, turned the way the scale counts it.
type ItemChange struct {
	Code string            `json:"code"`
	Text string            `json:"text,omitempty"`
	N    int               `json:"n"`
	Pre  analysis.Estimate `json:"pre"`
	Post analysis.Estimate `json:"post"`
	// Mean change with its interval from Student's t.
	Mean analysis.Estimate `json:"change"`
	CI   analysis.Interval `json:"change_ci"`
}

// itemChanges looks behind the change of the arm an outcome is about.
func (d *Dataset) itemChanges(o *Outcome, level float64, minimum int) []ItemChange {
	m, _ := d.Measure(o.Scale.Key)
	if m.Items == nil || m.Items.Values[o.pre] == nil || m.Items.Values[o.post] == nil {
		return nil
	}
	out := make([]ItemChange, len(m.Items.Codes))
	for k, code := range m.Items.Codes {
		pre, post := make([]float64, len(d.People)), make([]float64, len(d.People))
		for i, p := range d.People {
			pre[i], post[i] = math.NaN(), math.NaN()
			if o.arm < 0 || p.Arm == o.arm {
				pre[i], post[i] = m.Items.Values[o.pre][k][i], m.Items.Values[o.post][k][i]
			}
		}
		t := analysis.PairedT(pre, post, level)
		c := ItemChange{Code: code, N: t.Pairs, Pre: t.MeanPre, Post: t.MeanPost, Mean: t.MeanChange, CI: t.CI}
		if k < len(m.Items.Texts) {
			c.Text = m.Items.Texts[k]
		}
		if why := tooFew(t.Pairs, minimum); why != "" {
			c.Pre, c.Post, c.Mean = analysis.Unknown(why), analysis.Unknown(why), analysis.Unknown(why)
			c.CI = analysis.NoInterval(why, level)
		}
		out[k] = c
	}
	return out
}
