package report

import (
	"math"
	"slices"

	"tidemark/analysis"
	"tidemark/survey/report/figure"
)

// Raincloud is everyone's change in a group; false when single people must not
// be shown or there are none. ID makes the figure's ids unique on a page. All groups
// have one axis, so that they can be compared side by side.
func (o *Outcome) Raincloud(c *Change, id string) (figure.Raincloud, bool) {
	if len(c.pre) == 0 {
		return figure.Raincloud{}, false
	}
	columns := [][]float64{c.pre, c.post}
	for _, g := range o.Groups {
		if len(g.pre) > 0 {
			columns = append(columns, g.pre, g.post)
		}
	}
	low, high := o.axis(columns...)
	return figure.Raincloud{
		ID: id, Title: "Everyone’s change: " + o.name(),
		Pre: c.pre, Post: c.post, Min: low, Max: high, PreLabel: o.PreName, PostLabel: o.PostName,
		MeanPre: drawn(c.MeanPre, c.MeanPreCI), MeanPost: drawn(c.MeanPost, c.MeanPostCI),
	}, true
}

// axis is the range of the scale or, when it is not known, of the data.
func (o *Outcome) axis(columns ...[]float64) (low, high float64) {
	if o.Scale.Bounded() {
		return o.Scale.Min, o.Scale.Max
	}
	low, high = math.Inf(1), math.Inf(-1)
	for _, column := range columns {
		low, high = min(low, slices.Min(column)), max(high, slices.Max(column))
	}
	margin := 0.05 * (high - low)
	if margin == 0 {
		margin = 1
	}
	return low - margin, high + margin
}

// drawn turns an estimate into the form of package figure, where NaN is not
// known.
func drawn(e analysis.Estimate, v analysis.Interval) figure.Estimate {
	out := figure.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if e.OK() {
		out.Value = e.Value
	}
	if v.OK() {
		out.Low, out.High = v.Low, v.High
	}
	return out
}

// ChangeBar shows the shares of reliable change; false when none can be shown.
func (o *Outcome) ChangeBar(c *Change, id string) (figure.ChangeBar, bool) {
	shares := o.Shares(c)
	if len(shares) == 0 {
		return figure.ChangeBar{}, false
	}
	better, same, worse := o.changeWords()
	bar := figure.ChangeBar{
		ID: id, Title: "Change by more than measurement error: " + o.name(),
		Better: figure.Share{Label: better, Hidden: true},
		Same:   figure.Share{Label: same, Hidden: true},
		Worse:  figure.Share{Label: worse, Hidden: true},
	}
	for _, s := range shares {
		if s.Parts > 1 && s.N == s.Of {
			return figure.ChangeBar{}, false // one colour says nothing
		}
		part := figure.Share{Label: s.Label, N: s.N}
		switch s.Label {
		case better:
			bar.Better = part
		case worse:
			bar.Worse = part
		default: // no reliable change, or two kinds together
			if !bar.Same.Hidden {
				return figure.ChangeBar{}, false // better and worse in one
			}
			bar.Same = part
		}
	}
	return bar, true
}

// TwoArm shows the means of the pairs in both arms; false without a comparison.
func (o *Outcome) TwoArm(id string) (figure.TwoArm, bool) {
	d := o.Comparison
	if d == nil {
		return figure.TwoArm{}, false
	}
	course, _ := o.Group(d.Course)
	control, _ := o.Group(d.Control)
	if len(course.pre) == 0 && len(control.pre) == 0 {
		return figure.TwoArm{}, false
	}
	low, high := o.axis(slices.Concat(course.pre, control.pre), slices.Concat(course.post, control.post))
	return figure.TwoArm{
		ID: id, Title: "Both arms: " + o.name(), Min: low, Max: high, Waves: []string{o.PreName, o.PostName},
		Course: course.line(), Control: control.line(),
	}, true
}

func (c *Change) line() figure.Arm {
	hidden := c.Mean.Reason == ReasonTooFewPeople
	return figure.Arm{Label: GroupName(c.Group), Points: []figure.ArmPoint{
		{Mean: drawn(c.MeanPre, c.MeanPreCI), N: c.Pairs, Hidden: hidden},
		{Mean: drawn(c.MeanPost, c.MeanPostCI), N: c.Pairs, Hidden: hidden},
	}}
}
