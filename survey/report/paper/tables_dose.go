package paper

import (
	"strconv"

	"tidemark/analysis"
	"tidemark/survey/report"
)

func (p *Paper) doseTable() report.Table {
	t := report.Table{Caption: "How much people took part, and their change", Head: []report.Head{
		report.TextHead("Amount"), report.NumberHead("n"), report.NumberHead("M (SD)"), p.ci("Change per unit"), report.SymbolHead("p", "", ""),
		report.SymbolHead("r", "", ""), report.NumberHead("rank r"),
	}}
	var n report.Notes
	for i := range p.Doses {
		x := &p.Doses[i]
		name := x.Name + " (" + x.Unit + ")"
		t.Rows = append(t.Rows, report.Row{Cells: []string{
			name, strconv.Itoa(x.N), report.MeanSD(x.Mean, x.SD, 1), report.WithInterval(x.Slope, x.CI, 3), report.PValue(x.P),
			report.UnitNumber(x.R, 2), report.UnitNumber(x.Rho, 2),
		}})
		n.Estimates(name, x.Slope, x.CI.LowEstimate(), x.P, x.R, x.Rho)
	}
	t.Notes = n.Lines()
	if len(t.Rows) > 0 {
		t.Notes = append(t.Notes, "Adjusted for the score before. People chose how much they did: this shows what goes together, not what causes what.")
	}
	return t
}

func (p *Paper) doseFrame(f *report.Frame) {
	for _, x := range p.Doses {
		r := &report.Record{}
		r.Text("dose", x.Key).Text("name", x.Name).Text("unit", x.Unit).Text("outcome", x.Outcome).Int("n", x.N).
			Estimate("dose_mean", x.Mean).Estimate("dose_sd", x.SD).Estimate("slope", x.Slope).Interval("slope_ci", x.CI).Estimate("p", x.P).
			Estimate("r", x.R).Interval("r_ci", x.RCI).Estimate("rho", x.Rho).Float("level", p.Level).Into(f)
	}
}

func (p *Paper) runsTable() report.Table {
	t := report.Table{Caption: "Course run by course run", Head: []report.Head{
		report.TextHead("Course run"), report.NumberHead("n"), p.ci("Estimate"), report.NumberHead("Weight"),
	}}
	var n report.Notes
	for i := range p.Pooled {
		x := &p.Pooled[i]
		o, _ := p.Outcome(x.Outcome)
		places := 2
		if o != nil {
			places = report.PlacesFor(o.Change.Main().SDPre)
		}
		for _, r := range x.Runs {
			people := strconv.Itoa(r.Course)
			if o != nil && o.Between() {
				people += " + " + strconv.Itoa(r.Control)
			}
			weight := report.Dash
			if r.Weight.OK() && r.Effect.OK() {
				weight = strconv.Itoa(int(100*r.Weight.Value+0.5)) + "%"
			}
			t.Rows = append(t.Rows, report.Row{Cells: []string{r.Run, people, report.WithInterval(r.Effect, r.CI, places), weight}})
			n.Estimates(r.Run, r.Effect)
		}
		t.Rows = append(t.Rows, report.Row{Cells: []string{"Over course runs", "", report.WithInterval(x.Effect, x.CI, places), ""}})
		n.Estimates("Over course runs", x.Effect)
		t.Notes = append(n.Lines(), "Random effects by REML with the interval of Hartung and Knapp. Between runs: τ = "+report.Number(x.Tau, places)+
			", I² = "+percentOf(x.I2)+", Q p "+report.PValue(x.QP)+".")
	}
	return t
}

func percentOf(e analysis.Estimate) string {
	if !e.OK() {
		return report.Dash
	}
	return strconv.Itoa(int(100*e.Value+0.5)) + "%"
}

func (p *Paper) runsFrame(f *report.Frame) {
	for _, x := range p.Pooled {
		for _, run := range x.Runs {
			r := &report.Record{}
			r.Text("outcome", x.Outcome).Text("run", run.Run).Int("n_course", run.Course).Int("n_control", run.Control).
				Estimate("effect", run.Effect).Interval("effect_ci", run.CI).Estimate("weight", run.Weight).
				Estimate("pooled", x.Effect).Interval("pooled_ci", x.CI).Estimate("pooled_p", x.P).Estimate("tau", x.Tau).
				Estimate("i2", x.I2).Estimate("q", x.Q).Estimate("q_df", x.QDF).Estimate("q_p", x.QP).Interval("prediction", x.Prediction).
				Float("level", p.Level).Into(f)
		}
	}
}
