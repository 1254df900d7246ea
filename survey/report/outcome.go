package report

import (
	"tidemark/analysis"
	"tidemark/survey/plan"
)

// DefaultMinimum is the smallest group whose results a study's report shows.
const DefaultMinimum = 5

// Options say how an outcome is analysed.
type Options struct {
	Scale Scale
	// Level is the coverage of all intervals; 0 means analysis.DefaultLevel.
	Level float64
	// Focus is the group the report is about; empty: everyone.
	Focus string
	// Groups are the labels in the order in which they are listed after the
	// focus; nil: in the order of their first person.
	Groups []string
	// Course and Control name the groups whose changes are compared, Course
	// minus Control; either empty: no comparison.
	Course, Control string
	Reliability     Reliability
	// Norms of people without the problem, if known, give the cut-off of
	// Jacobson and Truax.
	Norms *analysis.Norms
	// Minimum is the smallest group whose results are shown; 0: any.
	Minimum int
	// PreName and PostName name the two surveys.
	PreName, PostName string
}

// Reliability is what reliable change is judged by.
type Reliability struct {
	// Value is the reliability of the measure, between 0 and 1.
	Value analysis.Estimate `json:"value"`
	// SD in points of the scale. Options may leave it not estimable; it is
	// then that of everyone's earlier scores among the pairs.
	SD analysis.Estimate `json:"sd"`
	// Source says in words where both come from.
	Source string `json:"source"`
}

// Outcome is everything said about one scale.
type Outcome struct {
	Scale Scale `json:"scale"`
	// Standing says how the outcome stands to the locked plan, whatever the
	// estimator. Empty: the numbers are of no study.
	Standing plan.Standing `json:"standing,omitempty"`
	PreName  string        `json:"pre"`
	PostName string        `json:"post"`
	Level    float64       `json:"level"`
	// Family is the set of tests that Holm's correction is made over.
	Family Family `json:"family"`
	// Groups begin with the one the report is about.
	Groups      []Change    `json:"groups"`
	Comparison  *Comparison `json:"comparison,omitempty"`
	Reliability Reliability `json:"reliability"`
	// AlphaPre and AlphaPost are nil for numbers without their items.
	AlphaPre  *Alpha `json:"alpha_pre,omitempty"`
	AlphaPost *Alpha `json:"alpha_post,omitempty"`
}

// Main is the group the report is about.
func (o *Outcome) Main() *Change { return &o.Groups[0] }

// Group finds a group by its label.
func (o *Outcome) Group(label string) (*Change, bool) {
	for i := range o.Groups {
		if o.Groups[i].Group == label {
			return &o.Groups[i], true
		}
	}
	return nil, false
}

// Analyse computes the statistics of one outcome: of each group, and of the
// difference in change between two. It is the same for a study and for a file.
func Analyse(c Columns, opt Options) Outcome {
	if opt.Level == 0 {
		opt.Level = analysis.DefaultLevel
	}
	o := Outcome{
		Scale: opt.Scale, PreName: opt.PreName, PostName: opt.PostName, Level: opt.Level,
		Reliability: opt.Reliability,
	}
	labels := opt.Groups
	if labels == nil {
		labels = c.groups()
	}
	groups := []group{c.of(opt.Focus)}
	for _, label := range labels {
		if label != opt.Focus {
			groups = append(groups, c.of(label))
		}
	}
	if !opt.Reliability.unset() && !opt.Reliability.SD.OK() {
		opt.Reliability.SD = spreadBefore(groups)
		o.Reliability = opt.Reliability
	}
	for _, g := range groups {
		o.Groups = append(o.Groups, newChange(g, opt))
	}
	course, known := o.Group(opt.Course)
	control, both := o.Group(opt.Control)
	if known && both && opt.Course != "" && opt.Control != "" {
		o.Comparison = compare(course, control, opt.Level)
	}
	o.hideSmall(opt.Minimum)
	return o
}

// spreadBefore is the SD of the earlier scores of all groups together, so that
// one threshold holds for all of them. Everyone as a group holds the others.
func spreadBefore(groups []group) analysis.Estimate {
	if groups[0].label == "" {
		groups = groups[:1]
	}
	var pre []float64
	for _, g := range groups {
		pre = append(pre, g.pre...)
	}
	return analysis.Describe(pre, analysis.DefaultLevel).SD
}
