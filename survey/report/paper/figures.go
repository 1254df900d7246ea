package paper

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tidemark/analysis"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
	"tidemark/survey/report/figure"
)

// The names of figures; they are fit for addresses and file names. Those of
// OutcomeFigures belong to one outcome.
const (
	FigureFlow        = "flow"
	FigureForest      = "forest"
	FigureMissingness = "missingness"
	FigurePower       = "power"
	FigureRuns        = "course-runs"
	// figureDose begins the names of one figure for each dose.
	figureDose = "dose-"

	FigureSensitivity = "sensitivity"
	FigureRaincloud   = "raincloud"
	FigureComparison  = "raincloud-comparison"
	FigureTrajectory  = "trajectory"
	FigureReliable    = "reliable-change"
	FigureResponders  = "responders"
	FigureItems       = "items"
	FigureResiduals   = "residuals"
	FigureNormal      = "residuals-normal"
	FigurePeople      = "people-normal"
)

// StudyFigures are the figures there can be about the whole study, in the order of
// reading.
func (p *Paper) StudyFigures() []string {
	return slices.Concat([]string{FigureFlow, FigureForest, FigureMissingness, FigureRuns}, p.DoseFigures(), []string{FigurePower})
}

// DoseFigures are those of them about how much people took part.
func (p *Paper) DoseFigures() []string {
	var names []string
	for _, x := range p.Doses {
		names = append(names, figureDose+x.Key)
	}
	return names
}

// OutcomeFigures are those about one outcome.
func OutcomeFigures() []string {
	return []string{
		FigureSensitivity, FigureTrajectory, FigureRaincloud, FigureComparison, FigureReliable, FigureResponders, FigureItems,
		FigureResiduals, FigureNormal, FigurePeople,
	}
}

// Figure makes a figure by its name; o is nil for one about the study. False:
// there is no such figure, nothing to draw, or it must not be shown. Those that
// show people one by one are drawn for groups of at least the minimum.
func (p *Paper) Figure(d *Dataset, name string, o *Outcome) (figure.Figure, bool) {
	if o == nil {
		return p.studyFigure(name)
	}
	switch name {
	case FigureSensitivity:
		return p.sensitivityFigure(o), len(o.Estimates) > 1
	case FigureTrajectory:
		return p.trajectoryFigure(o)
	case FigureRaincloud:
		return shown(o.Change.Raincloud(o.Change.Main(), o.figureID(name)))
	case FigureComparison:
		return o.comparisonCloud()
	case FigureReliable:
		return p.reliableFigure(d, o)
	case FigureResponders:
		return p.respondersFigure(o)
	case FigureItems:
		return p.itemsFigure(d, o)
	case FigureResiduals, FigureNormal, FigurePeople:
		return p.diagnosticFigure(name, o)
	}
	return nil, false
}

func shown[F figure.Figure](f F, ok bool) (figure.Figure, bool) { return f, ok }

// figureID is unique on a page that shows every outcome.
func (o *Outcome) figureID(name string) string { return name + "-" + o.Key }

func (p *Paper) studyFigure(name string) (figure.Figure, bool) {
	switch name {
	case FigureFlow:
		return p.flowFigure(), p.Flow.Enrolled > 0
	case FigureForest:
		return p.forestFigure(), len(p.Outcomes) > 0
	case FigureMissingness:
		return p.missingnessFigure(), len(p.Missing.Patterns) > 1
	case FigurePower:
		return p.powerFigure()
	case FigureRuns:
		return p.runsFigure()
	}
	if key, ok := strings.CutPrefix(name, figureDose); ok {
		return p.doseFigure(key)
	}
	return nil, false
}

func (p *Paper) flowFigure() figure.Figure {
	f := figure.Flow{ID: FigureFlow, Title: "How people came through the study", Entry: []figure.FlowStep{{Label: "Enrolled", N: figure.Count{N: p.Flow.Enrolled}}}}
	for _, arm := range p.Flow.Arms {
		steps := []figure.FlowStep{{Label: "Allocated", N: figure.Count{N: arm.Allocated}}}
		if arm.Erased > 0 {
			steps[0].LostLabel = "Not kept"
			steps[0].Lost = []figure.FlowLoss{{Reason: "had their data erased", N: figure.Count{N: arm.Erased}}}
		}
		for _, s := range arm.Steps {
			step := figure.FlowStep{Label: s.Wave + ": answered", N: figure.Count{N: s.Answered}, LostLabel: "No answer"}
			for _, loss := range []struct {
				reason string
				n      int
			}{{"left the study", s.Withdrawn}, {"declined to take part", s.Declined}, {"let it pass", s.Lost}, {"can still answer", s.Open}, {"not yet asked", s.NotYet}, {"joined too late to be asked", s.NotAsked}} {
				if loss.n > 0 {
					step.Lost = append(step.Lost, figure.FlowLoss{Reason: loss.reason, N: figure.Count{N: loss.n}})
				}
			}
			steps = append(steps, step)
		}
		if len(p.Outcomes) > 0 {
			steps = append(steps, figure.FlowStep{Label: "Analysed", N: figure.Count{N: arm.Analysed}})
		}
		f.Arms = append(f.Arms, figure.FlowArm{Label: arm.Arm, Steps: steps})
	}
	return f
}

// forestFigure shows every outcome in standard deviations, turned so that right
// is better.
func (p *Paper) forestFigure() figure.Figure {
	f := figure.Forest{ID: FigureForest, Title: "All outcomes", Left: "worse", Right: "better"}
	between := false
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		between = between || o.Between()
		row := figure.ForestRow{Label: o.Scale.Name + ", " + o.Post, Primary: o.As == "primary", Estimate: drawn(o.G, o.GCI)}
		if !o.Between() && len(p.Arms) > 1 {
			row.Label += ": " + report.GroupName(o.Arm)
		}
		row.Note = fmt.Sprintf("n = %d", o.Primary().N)
		if o.As == "exploratory" {
			row.Note += " · exploratory"
		}
		switch {
		case o.G.Reason == report.ReasonTooFewPeople:
			row.HiddenBelow = p.Minimum
		case !o.G.OK():
			row.Reason = report.Explain(o.G.Reason)
		}
		if o.Scale.Direction == instrument.LowerBetter {
			row.Label += " (turned round)"
			row.Estimate = figure.Estimate{Value: -row.Estimate.Value, Low: -row.Estimate.High, High: -row.Estimate.Low}
		}
		f.Rows = append(f.Rows, row)
	}
	f.Measure = "Change in standard deviations before the course (g, " + report.LevelPercent(p.Level) + " interval)"
	if between {
		f.Measure = "Difference in change in standard deviations before the course (g, " + report.LevelPercent(p.Level) + " interval)"
	}
	return f
}

func (p *Paper) missingnessFigure() figure.Figure {
	f := figure.Missingness{ID: FigureMissingness, Title: "Who answered which survey", Waves: p.Missing.Waves}
	for _, m := range p.Missing.Patterns {
		f.Patterns = append(f.Patterns, figure.MissingPattern{Answered: m.Answered, N: p.drawnCount(m.People)})
	}
	return f
}

func (p *Paper) drawnCount(c report.Count) figure.Count {
	if c.Hidden {
		return figure.Count{Below: p.Minimum}
	}
	return figure.Count{N: c.N}
}

func drawn(e analysis.Estimate, v analysis.Interval) figure.Estimate {
	out := figure.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if e.OK() {
		out.Value = e.Value
	}
	if e.OK() && v.OK() {
		out.Low, out.High = v.Low, v.High
	}
	return out
}

func (p *Paper) sensitivityFigure(o *Outcome) figure.Figure {
	f := figure.Sensitivity{
		ID: o.figureID(FigureSensitivity), Title: "The same question by other ways: " + o.Scale.Name,
		Measure: "Change in points (" + report.LevelPercent(p.Level) + " interval)", Left: "fell", Right: "rose",
	}
	if o.Between() {
		f.Measure = "Difference in change in points (" + report.LevelPercent(p.Level) + " interval)"
		f.Left, f.Right = "more in "+o.Against, "more in "+o.Arm
	}
	for i := range o.Estimates {
		e := &o.Estimates[i]
		a := figure.Analysis{Label: e.Label(), N: e.N, Estimate: drawn(e.Value, e.CI), Primary: i == 0}
		if !e.Value.OK() {
			a.Reason, a.N = report.Explain(e.Value.Reason), 0
		}
		f.Analyses = append(f.Analyses, a)
	}
	return f
}

func (o *Outcome) comparisonCloud() (figure.Figure, bool) {
	if !o.Between() {
		return nil, false
	}
	c, ok := o.Change.Group(o.Against)
	if !ok {
		return nil, false
	}
	f, ok := o.Change.Raincloud(c, o.figureID(FigureComparison))
	f.Title += " (" + o.Against + ")"
	return f, ok
}

func (p *Paper) trajectoryFigure(o *Outcome) (figure.Figure, bool) {
	t, ok := p.Trajectory(o.Scale.Key)
	if !ok || t.Reason != "" {
		return nil, false
	}
	f := figure.Trajectory{
		ID: o.figureID(FigureTrajectory), Title: "Over time: " + o.Scale.Name, Measure: o.Scale.Name, Min: o.Scale.Min, Max: o.Scale.Max,
	}
	if o.Scale.Bounded() {
		f.Measure += fmt.Sprintf(" (%g to %g)", o.Scale.Min, o.Scale.Max)
	}
	for _, w := range p.Waves {
		if slices.ContainsFunc(t.Arms, func(a TrajectoryArm) bool { return a.point(w.Short) != nil }) {
			f.Waves = append(f.Waves, w.Short)
		}
	}
	for _, arm := range t.Arms {
		row := figure.TrajectoryArm{Label: arm.Arm}
		for _, w := range f.Waves {
			point := figure.TrajectoryPoint{Model: figure.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}, Observed: math.NaN()}
			if q := arm.point(w); q != nil {
				point.N, point.Model, point.Observed = q.N, drawn(q.Model, q.CI), drawn(q.Mean, analysis.Interval{Reason: analysis.ReasonNotApplicable}).Value
				point.Hidden = q.Model.Reason == report.ReasonTooFewPeople
			}
			row.Points = append(row.Points, point)
		}
		f.Arms = append(f.Arms, row)
	}
	if !o.Scale.Bounded() {
		f.Min, f.Max = spanOf(f)
	}
	return f, len(f.Waves) > 1
}

func (a *TrajectoryArm) point(wave string) *TrajectoryPoint {
	for i := range a.Points {
		if a.Points[i].Wave == wave {
			return &a.Points[i]
		}
	}
	return nil
}

func (p *Paper) respondersFigure(o *Outcome) (figure.Figure, bool) {
	f := figure.Responders{ID: o.figureID(FigureResponders), Title: "Change by more than measurement error: " + o.Scale.Name, Improved: "better", Worse: "worse"}
	if o.Scale.Direction == instrument.Neutral {
		f.Improved, f.Worse = "higher", "lower"
	}
	some := false
	for i := range o.Change.Groups {
		c := &o.Change.Groups[i]
		if c.Group == "" && len(o.Change.Groups) > 1 {
			continue
		}
		r := &c.Reliable
		if !r.Threshold.OK() || c.Pairs == 0 {
			continue
		}
		part := func(n report.Count) figure.ResponderShare {
			if n.Hidden {
				return figure.ResponderShare{N: figure.Count{Below: p.Minimum}}
			}
			w := analysis.Wilson(n.N, c.Pairs, p.Level)
			return figure.ResponderShare{N: figure.Count{N: n.N}, Share: drawn(w.Value, w.CI)}
		}
		f.Arms = append(f.Arms, figure.ResponderArm{
			Label: report.GroupName(c.Group), N: c.Pairs, Improved: part(r.Better), Unchanged: part(r.Same), Worse: part(r.Worse),
		})
		some = some || !r.Better.Hidden || !r.Same.Hidden || !r.Worse.Hidden
	}
	return f, some
}

func (p *Paper) itemsFigure(d *Dataset, o *Outcome) (figure.Figure, bool) {
	m, ok := d.Measure(o.Scale.Key)
	if !ok || len(o.Items) < 2 || m.Items == nil {
		return nil, false
	}
	f := figure.ItemChange{
		ID: o.figureID(FigureItems), Title: "Question by question: " + o.Scale.Name, Min: m.Items.Min, Max: m.Items.Max, PreLabel: o.Pre, PostLabel: o.Post,
	}
	for _, c := range o.Items {
		if c.Mean.Reason == report.ReasonTooFewPeople {
			return nil, false
		}
		f.Items = append(f.Items, figure.ItemMeans{
			Label: c.Code, Pre: drawn(c.Pre, analysis.Interval{}).Value, Post: drawn(c.Post, analysis.Interval{}).Value,
		})
	}
	return f, true
}

// spanOf is the range of what a trajectory draws, for scales without ends.
func spanOf(f figure.Trajectory) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, arm := range f.Arms {
		for _, p := range arm.Points {
			for _, v := range []float64{p.Model.Value, p.Model.Low, p.Model.High, p.Observed} {
				if !isMissing(v) {
					low, high = min(low, v), max(high, v)
				}
			}
		}
	}
	margin := max(0.05*(high-low), 1e-9)
	return low - margin, high + margin
}
