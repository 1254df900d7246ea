package paper

import (
	"math"
	"strconv"

	"tidemark/analysis/mixed"
	"tidemark/analysis/power"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
	"tidemark/survey/report/figure"
)

// reliableFigure shows everyone's score before against after, with the band of
// what measurement error explains.
func (p *Paper) reliableFigure(d *Dataset, o *Outcome) (figure.Figure, bool) {
	c := o.Change.Main()
	m, ok := d.Measure(o.Scale.Key)
	if !ok || !c.Reliable.Threshold.OK() || tooFew(c.Pairs, p.Minimum) != "" || !c.Mean.OK() {
		return nil, false
	}
	f := figure.ReliableScatter{
		ID: o.figureID(FigureReliable), Title: "Who changed by more than measurement error: " + o.Scale.Name,
		Min: o.Scale.Min, Max: o.Scale.Max, PreLabel: o.Pre, PostLabel: o.Post,
		Threshold: c.Reliable.Threshold.Value, Cutoff: math.NaN(), LowerIsBetter: o.Scale.Direction == instrument.LowerBetter,
	}
	if c.Reliable.CutOff.OK() {
		f.Cutoff = c.Reliable.CutOff.Value
	}
	pre, post := d.pairs(m, o, o.arm, nil)
	low, high := math.Inf(1), math.Inf(-1)
	for i := range pre {
		if isMissing(pre[i]) || isMissing(post[i]) {
			continue
		}
		low, high = min(low, pre[i], post[i]), max(high, pre[i], post[i])
		f.People = append(f.People, figure.ScatterPerson{Pre: pre[i], Post: post[i], Class: classOf(pre[i], post[i], f)})
	}
	if !o.Scale.Bounded() {
		margin := max(0.05*(high-low), 1e-9)
		f.Min, f.Max = low-margin, high+margin
	}
	return f, len(f.People) > 0
}

// classOf is the class of Jacobson and Truax (1991): strictly more than the
// threshold, and recovered when the cut-off is crossed as well.
func classOf(pre, post float64, f figure.ReliableScatter) figure.ChangeClass {
	gain, cut, before, after := post-pre, f.Cutoff, pre, post
	if f.LowerIsBetter {
		gain, cut, before, after = -gain, -cut, -pre, -post
	}
	switch {
	case gain > f.Threshold && before < cut && after >= cut:
		return figure.ClassRecovered
	case gain > f.Threshold:
		return figure.ClassImproved
	case -gain > f.Threshold:
		return figure.ClassWorse
	}
	return figure.ClassUnchanged
}

// diagnosticFigure looks at what the model leaves over. A marginal model has no
// residuals of single scores to look at.
func (p *Paper) diagnosticFigure(name string, o *Outcome) (figure.Figure, bool) {
	t, ok := p.Trajectory(o.Scale.Key)
	if !ok || tooFew(t.People, p.Minimum) != "" {
		return nil, false
	}
	r, ok := t.model.(*mixed.LMMResult)
	if !ok || r.Reason != "" {
		return nil, false
	}
	fitted, residuals := r.Fitted()
	switch name {
	case FigureResiduals:
		return figure.Residuals{ID: o.figureID(name), Title: "Residuals of the model: " + o.Scale.Name, Fitted: fitted, Residual: residuals}, true
	case FigureNormal:
		return figure.QQ{ID: o.figureID(name), Title: "Normal Q–Q of residuals: " + o.Scale.Name, Sample: residuals, Label: "residual"}, true
	case FigurePeople:
		var levels []float64
		for _, e := range r.RandomEffects() {
			if e.Effect == "(Intercept)" && e.Value.OK() {
				levels = append(levels, e.Value.Value)
			}
		}
		return figure.QQ{ID: o.figureID(name), Title: "Normal Q–Q of people: " + o.Scale.Name, Sample: levels, Label: "a person’s level"}, len(levels) > 0
	}
	return nil, false
}

// doseFigure shows everyone's change against a dose.
func (p *Paper) doseFigure(key string) (figure.Figure, bool) {
	for _, x := range p.Doses {
		if x.Key != key || len(x.dose) == 0 || !x.Slope.OK() {
			continue
		}
		f := figure.Dose{
			ID: figureDose + key, Title: x.Name + " and change: " + x.Scale, Amount: x.dose, Change: x.change,
			AmountLabel: x.Name + " (" + x.Unit + ")", ChangeLabel: "change in points",
			Slope: number(x.Slope.Value) + " points for one more of " + x.Unit,
		}
		for _, point := range x.band {
			f.Fit = append(f.Fit, figure.FitPoint{X: point.Dose, Mean: drawn(point.Change, point.CI)})
		}
		return f, true
	}
	return nil, false
}

// runsFigure shows the primary outcome in every course run and over all.
func (p *Paper) runsFigure() (figure.Figure, bool) {
	if len(p.Pooled) == 0 {
		return nil, false
	}
	x := p.Pooled[0]
	f := figure.Forest{
		ID: FigureRuns, Title: "Course run by course run: " + x.Scale, Left: "fell", Right: "rose",
		Measure: "Change in points (" + report.LevelPercent(p.Level) + " interval)",
	}
	if main, ok := p.Outcome(x.Outcome); ok && main.Between() {
		f.Measure = "Difference in change in points (" + report.LevelPercent(p.Level) + " interval)"
		f.Left, f.Right = "more in "+main.Against, "more in "+main.Arm
	}
	for _, r := range x.Runs {
		row := figure.ForestRow{Label: r.Run, Note: "n = " + strconv.Itoa(r.Course+r.Control), Estimate: drawn(r.Effect, r.CI)}
		switch {
		case r.Effect.Reason == report.ReasonTooFewPeople:
			row.HiddenBelow, row.Note = p.Minimum, ""
		case !r.Effect.OK():
			row.Reason = report.Explain(r.Effect.Reason)
		}
		f.Rows = append(f.Rows, row)
	}
	f.Rows = append(f.Rows, figure.ForestRow{Label: "Over course runs", Note: "random effects", Estimate: drawn(x.Effect, x.CI), Reason: report.Explain(x.Effect.Reason)})
	return f, true
}

// powerFigure is the power over the number of people for three sizes of effect,
// with the correlation found here.
func (p *Paper) powerFigure() (figure.Figure, bool) {
	w := p.Power
	if w == nil || w.Course < 2 || (w.Design == power.Ancova && !w.R.OK()) {
		return nil, false
	}
	f := figure.PowerCurve{
		ID: FigurePower, Title: "What a study of this kind can find", Target: 0.8, DesignN: w.Course + w.Control,
		PeopleLabel: "people with scores before and after",
	}
	most := max(4*f.DesignN, 200)
	for _, effect := range []float64{0.2, 0.5, 0.8} {
		t := power.Test{Design: w.Design, Effect: effect, Alpha: w.Alpha}
		unit := "d_z = "
		ratio := 0.0
		if w.Design == power.Ancova {
			t.R, unit = w.R.Value, "d = "
			ratio = float64(w.Control) / float64(w.Course)
		}
		line := figure.PowerLine{Label: unit + number(effect)}
		for n := 4; n <= most; n += max(1, most/40) {
			first := float64(n) / (1 + ratio)
			if e := t.PowerUnequal(first, float64(n)-first); e.OK() {
				line.Points = append(line.Points, figure.PowerPoint{N: n, Power: e.Value})
			}
		}
		f.Curves = append(f.Curves, line)
	}
	return f, true
}
