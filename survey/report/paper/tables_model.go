package paper

import (
	"strconv"
	"strings"

	"tidemark/survey/report"
)

func (p *Paper) meansTable() report.Table {
	t := report.Table{Caption: "Means over all waves: of the model, and as observed"}
	t.Head = []report.Head{
		report.TextHead("Scale"), report.TextHead("Arm"), report.TextHead("Wave"), report.NumberHead("n"), report.NumberHead("Observed M (SD)"), p.ci("Model mean"),
	}
	var n report.Notes
	for i := range p.Trajectories {
		m := &p.Trajectories[i]
		for a, arm := range m.Arms {
			for k := range arm.Points {
				c := &arm.Points[k]
				name, who := "", ""
				if k == 0 {
					who = arm.Arm
				}
				if k == 0 && a == 0 {
					name = nameOf(m.Scale)
				}
				places := report.PlacesFor(c.SD)
				t.Rows = append(t.Rows, report.Row{Cells: []string{
					name, who, c.Wave, strconv.Itoa(c.N), report.MeanSD(c.Mean, c.SD, places), report.WithInterval(c.Model, c.CI, places),
				}})
				n.Estimates(nameOf(m.Scale)+" ("+arm.Arm+", "+c.Wave+")", c.Mean, c.SD, c.Model, c.CI.LowEstimate())
			}
		}
	}
	t.Notes = append(n.Lines(), p.modelNotes()...)
	return t
}

// modelNotes name the models, equal ones once.
func (p *Paper) modelNotes() []string {
	var formulas []string
	scales := map[string][]string{}
	for i := range p.Trajectories {
		m := &p.Trajectories[i]
		formula := m.Formula
		if m.Fallback != "" {
			formula += " (" + m.Fallback + ")"
		}
		if scales[formula] == nil {
			formulas = append(formulas, formula)
		}
		scales[formula] = append(scales[formula], nameOf(m.Scale))
	}
	var lines []string
	for _, f := range formulas {
		lines = append(lines, "Model of "+strings.Join(scales[f], ", ")+": "+f+".")
	}
	return lines
}

func (p *Paper) meansFrame(f *report.Frame) {
	for i := range p.Trajectories {
		m := &p.Trajectories[i]
		for _, arm := range m.Arms {
			for _, c := range arm.Points {
				r := &report.Record{}
				r.Text("scale", m.Scale.Key).Text("name", nameOf(m.Scale)).Text("arm", arm.Arm).Text("wave", c.Wave).Int("n", c.N).
					Estimate("observed_mean", c.Mean).Estimate("observed_sd", c.SD).
					Estimate("model_mean", c.Model).Interval("model_ci", c.CI).Float("level", p.Level).Into(f)
			}
		}
	}
}

func (p *Paper) variancesTable() report.Table {
	t := report.Table{Caption: "Variances of the models", Head: []report.Head{
		report.TextHead("Scale"), report.TextHead("Of"), report.NumberHead("Variance"), report.NumberHead("People"), report.NumberHead("Scores"),
	}}
	var n report.Notes
	for i := range p.Trajectories {
		m := &p.Trajectories[i]
		name := nameOf(m.Scale)
		row := func(of string, cell string) {
			t.Rows = append(t.Rows, report.Row{Cells: []string{name, of, cell, strconv.Itoa(m.People), strconv.Itoa(m.Scores)}})
		}
		for _, v := range m.Variances {
			row(v.title(m), report.Number(v.Value, 3))
			n.Estimates(name, v.Value)
		}
		if m.Residual.OK() {
			row("within people", report.Number(m.Residual, 3))
		}
		if m.ICC.OK() {
			row("share between people (ICC)", report.UnitNumber(m.ICC, 2))
		}
		if m.Singular {
			t.Notes = append(t.Notes, name+": the model is singular, a variance of it is 0. Its means are valid nevertheless.")
		}
		if m.Excluded > 0 {
			t.Notes = append(t.Notes, name+": "+strconv.Itoa(m.Excluded)+" scores left out for a missing covariate.")
		}
		n.Add(m.Reason, name)
	}
	t.Notes = append(n.Lines(), t.Notes...)
	return t
}

// title says whose variance it is: of people's levels or slopes, or of a wave.
func (v Variance) title(m *Trajectory) string {
	switch v.Name {
	case "(Intercept)":
		return "level of people"
	case "weeks":
		return "change of people a week"
	}
	if m.Residual.OK() {
		return v.Name
	}
	return "scores at " + v.Name
}

func (p *Paper) variancesFrame(f *report.Frame) {
	for i := range p.Trajectories {
		m := &p.Trajectories[i]
		row := func() *report.Record {
			r := &report.Record{}
			return r.Text("scale", m.Scale.Key).Text("name", nameOf(m.Scale)).Text("formula", m.Formula).
				Text("structure", string(m.Structure)).Text("df_method", string(m.DF)).Text("fallback", m.Fallback).
				Int("people", m.People).Int("scores", m.Scores).Int("scores_excluded", m.Excluded)
		}
		for _, v := range m.Variances {
			row().Text("of", v.Name).Estimate("variance", v.Value).Into(f)
		}
		row().Text("of", "residual").Estimate("variance", m.Residual).Into(f)
		row().Text("of", "icc").Estimate("variance", m.ICC).Into(f)
	}
}

func (p *Paper) reliabilityTable() report.Table {
	t := report.Table{Caption: "Internal consistency at every wave"}
	t.Head = []report.Head{
		report.TextHead("Scale"), report.TextHead("Wave"), report.NumberHead("Items"), report.NumberHead("n"), p.ci("α"), report.NumberHead("ω"),
	}
	var n report.Notes
	last := ""
	for i := range p.Reliability {
		r := &p.Reliability[i]
		name := ""
		if r.Scale != last {
			name, last = r.Name, r.Scale
		}
		t.Rows = append(t.Rows, report.Row{Indent: r.Parent != "" && name != "", Cells: []string{
			name, r.Wave, strconv.Itoa(r.Items), strconv.Itoa(r.People), unitWithInterval(r), report.UnitNumber(r.Omega, 2),
		}})
		n.Estimates(r.Name+" ("+r.Wave+")", r.Alpha)
		if r.Items > 2 { // one factor of two items is not to be found
			n.Estimates(r.Name+" ("+r.Wave+")", r.Omega)
		}
		if len(r.Against) > 0 {
			t.Notes = append(t.Notes, r.Name+", "+r.Wave+": "+strings.Join(r.Against, ", ")+" runs against the other items; is it to be reversed?")
		}
	}
	t.Notes = append(append(n.Lines(), t.Notes...),
		"α: Cronbach’s, with Feldt’s interval. ω: McDonald’s total of one factor, from three items up. Both of everyone who answered all items of the scale at that wave.")
	return t
}

func unitWithInterval(r *Reliability) string {
	switch {
	case !r.Alpha.OK():
		return report.Dash
	case !r.AlphaCI.OK():
		return report.Unit(r.Alpha.Value, 2)
	}
	return report.Unit(r.Alpha.Value, 2) + " [" + report.Unit(r.AlphaCI.Low, 2) + ", " + report.Unit(r.AlphaCI.High, 2) + "]"
}

func (p *Paper) reliabilityFrame(f *report.Frame) {
	for _, x := range p.Reliability {
		r := &report.Record{}
		r.Text("scale", x.Scale).Text("name", x.Name).Text("parent", x.Parent).Text("wave", x.Wave).Int("items", x.Items).Int("n", x.People).
			Estimate("alpha", x.Alpha).Interval("alpha_ci", x.AlphaCI).Estimate("omega", x.Omega).
			Text("items_against", strings.Join(x.Against, " ")).Float("level", p.Level).Into(f)
	}
}

func (p *Paper) invarianceTable() report.Table {
	t := report.Table{Caption: "Whether the scales measured the same thing at both waves"}
	t.Head = []report.Head{
		report.TextHead("Scale"), report.TextHead("Held equal"), report.NumberHead("n"), report.NumberHead("χ² (df)"), report.SymbolHead("p", "", ""),
		report.NumberHead("CFI"), report.NumberHead("RMSEA"), report.NumberHead("SRMR"), report.NumberHead("ΔCFI"), report.SymbolHead("p", "", " of the step"),
	}
	var n report.Notes
	for i := range p.Invariance {
		v := &p.Invariance[i]
		for k, l := range v.Levels {
			name := ""
			if k == 0 {
				name = v.Name + ", " + v.Waves
			}
			t.Rows = append(t.Rows, report.Row{Cells: []string{
				name, l.held(), strconv.Itoa(v.N), report.TDF(l.ChiSquare, l.DF), report.PValue(l.P), report.UnitNumber(l.CFI, 3),
				report.UnitNumber(l.RMSEA, 3), report.UnitNumber(l.SRMR, 3), report.UnitNumber(l.DeltaCFI, 3), report.PValue(l.DeltaP),
			}})
			n.Estimates(v.Name+", "+l.Level, l.ChiSquare, l.CFI, l.RMSEA)
		}
		t.Notes = append(t.Notes, v.Name+": "+v.Meaning)
	}
	t.Notes = append(n.Lines(), t.Notes...)
	return t
}

func (l InvarianceLevel) held() string {
	switch l.Level {
	case "configural":
		return "the factor (configural)"
	case "metric":
		return "and loadings (metric)"
	case "scalar":
		return "and intercepts (scalar)"
	}
	return l.Level
}

func (p *Paper) invarianceFrame(f *report.Frame) {
	for _, v := range p.Invariance {
		for _, l := range v.Levels {
			r := &report.Record{}
			r.Text("scale", v.Scale).Text("name", v.Name).Text("waves", v.Waves).Int("n", v.N).Text("level", l.Level).
				Estimate("chi_square", l.ChiSquare).Estimate("df", l.DF).Estimate("p", l.P).Estimate("cfi", l.CFI).Estimate("rmsea", l.RMSEA).
				Estimate("srmr", l.SRMR).Estimate("delta_cfi", l.DeltaCFI).Estimate("delta_p", l.DeltaP).
				Text("metric_reading", string(v.MetricReading)).Text("scalar_reading", string(v.ScalarReading)).Into(f)
		}
	}
}
