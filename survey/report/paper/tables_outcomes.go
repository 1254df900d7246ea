package paper

import (
	"strconv"

	"tidemark/survey/plan"
	"tidemark/survey/report"
)

func (p *Paper) outcomesTable() report.Table {
	t := report.Table{Caption: "Outcomes by the primary estimate"}
	t.Head = []report.Head{
		report.TextHead("Outcome"), report.TextHead("Of whom"), report.TextHead("Planned as"), report.NumberHead("n"),
		p.ci("Estimate in points"), report.SymbolHead("g", "", " ["+report.LevelPercent(p.Level)+" CI]"),
		report.SymbolHead("t", "", " (df)"), report.SymbolHead("p", "", ""), report.SymbolHead("p", "", " (adjusted)"),
	}
	var n report.Notes
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		e := o.Primary()
		t.Rows = append(t.Rows, report.Row{Cells: []string{
			o.Name(), o.Who(), string(o.As), strconv.Itoa(e.N),
			report.WithInterval(e.Value, e.CI, o.Places()), report.WithInterval(o.G, o.GCI, 2),
			report.TDF(e.T, e.DF), report.PValue(e.P), report.PValue(e.PAdjusted),
		}})
		n.Estimates(o.Name(), e.Value, e.CI.LowEstimate(), o.G, e.T, e.P)
	}
	t.Notes = append([]string{p.estimateNote()}, n.Lines()...)
	return t
}

// estimateNote says what the estimates of a table are.
func (p *Paper) estimateNote() string {
	note := "Between arms the estimate is the difference in change, course minus control, else the change."
	if len(p.Outcomes) > 0 {
		note += " " + p.Outcomes[0].Primary().Label() + "."
	}
	return note + " g: the estimate over the SD of everyone’s first scores. p is adjusted within the family of its kind: " +
		"primary (" + adjustmentName(p.Plan.Content.Multiplicity.Primary) + "), secondary (" +
		adjustmentName(p.Plan.Content.Multiplicity.Secondary) + "), exploratory (" +
		adjustmentName(p.Plan.Content.Multiplicity.Exploratory) + ")."
}

func adjustmentName(a plan.Adjustment) string {
	switch a {
	case plan.Holm:
		return "Holm"
	case plan.BenjaminiHochberg:
		return "Benjamini–Hochberg"
	case plan.Unadjusted:
	}
	return "not adjusted"
}

// record begins a row about an outcome.
func (o *Outcome) record() *report.Record {
	r := &report.Record{}
	return r.Text("outcome", o.Key).Text("scale", o.Scale.Key).Text("name", o.scaleName()).Text("pre", o.Pre).Text("post", o.Post).
		Text("arm", o.Arm).Text("against", o.Against)
}

// write adds the numbers of an estimate to a row.
func (e *Estimate) write(r *report.Record) *report.Record {
	return r.Text("estimator", string(e.Estimator)).Text("population", string(e.Population)).
		Text("sensitivity", string(e.Sensitivity)).Float("delta", e.Delta).Text("standing", string(e.As)).Int("n", e.N).
		Estimate("estimate", e.Value).Interval("ci", e.CI).Estimate("se", e.SE).Estimate("t", e.T).Estimate("df", e.DF).
		Estimate("p", e.P).Estimate("p_adjusted", e.PAdjusted)
}

func (p *Paper) outcomesFrame(f *report.Frame) {
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		o.Primary().write(o.record()).Estimate("g", o.G).Interval("g_ci", o.GCI).Float("level", p.Level).Into(f)
	}
}

func (p *Paper) estimatesTable() report.Table {
	t := report.Table{Caption: "The announced outcomes by every way of estimating them"}
	t.Head = []report.Head{
		report.TextHead("Outcome and way"), report.TextHead("Of whom"), report.NumberHead("n"), p.ci("Estimate in points"),
		report.SymbolHead("t", "", " (df)"), report.SymbolHead("p", "", ""),
	}
	var n report.Notes
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		if len(o.Estimates) < 2 {
			continue
		}
		for k := range o.Estimates {
			e := &o.Estimates[k]
			name, who := e.Label(), ""
			if k == 0 {
				name, who = o.Name()+": "+name, o.Who()
			}
			t.Rows = append(t.Rows, report.Row{Indent: k > 0, Cells: []string{
				name, who, strconv.Itoa(e.N), report.WithInterval(e.Value, e.CI, o.Places()), report.TDF(e.T, e.DF), report.PValue(e.P),
			}})
			n.Estimates(o.Name()+": "+e.Label(), e.Value, e.CI.LowEstimate(), e.P)
		}
	}
	t.Notes = append(n.Lines(), "The first line of each outcome is its primary estimate. Tests by ranks or permutation have no t.")
	return t
}

func (p *Paper) estimatesFrame(f *report.Frame) {
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		for k := range o.Estimates {
			e := &o.Estimates[k]
			e.write(o.record()).Text("label", e.Label()).Text("note", e.Note).Float("level", p.Level).Into(f)
		}
	}
}

// changes are what happened within the arms, once for every scale and pair of
// waves: outcomes between arms and within one tell the same.
func (p *Paper) changes() []report.Outcome {
	var out []report.Outcome
	seen := map[[3]string]bool{}
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		key := [3]string{o.Scale.Key, o.Planned.Pre, o.Planned.Post}
		if len(o.Change.Groups) > 0 && !seen[key] {
			seen[key] = true
			out = append(out, o.Change)
		}
	}
	return out
}

func changeName(o *report.Outcome) string {
	return nameOf(o.Scale) + ", " + o.PreName + " to " + o.PostName
}

func (p *Paper) changeTable() report.Table {
	t := report.Table{Caption: "Change in each group, of those with both scores"}
	t.Head = []report.Head{
		report.TextHead("Outcome"), report.TextHead("Group"), report.NumberHead("n"),
		report.NumberHead("First M (SD)"), report.NumberHead("Later M (SD)"), p.ci("Change"), report.SymbolHead("t", "", " (df)"),
		report.SymbolHead("p", "", ""), report.SymbolHead("d", "z", ""), report.SymbolHead("g", "av", " ["+report.LevelPercent(p.Level)+" CI]"),
	}
	var n report.Notes
	all := p.changes()
	for i := range all {
		o := &all[i]
		places := report.PlacesFor(o.Main().SDPre)
		for g := range o.Groups {
			c := &o.Groups[g]
			name := ""
			if g == 0 {
				name = changeName(o)
			}
			t.Rows = append(t.Rows, report.Row{Cells: []string{
				name, report.GroupName(c.Group), strconv.Itoa(c.Pairs), report.MeanSD(c.MeanPre, c.SDPre, places),
				report.MeanSD(c.MeanPost, c.SDPost, places), report.WithInterval(c.Mean, c.CI, places), report.TDF(c.T, c.DF),
				report.PValue(c.P), report.Number(c.Dz, 2), report.WithInterval(c.Gav, c.GavCI, 2),
			}})
			n.Estimates(changeName(o)+" ("+report.GroupName(c.Group)+")", c.Mean, c.CI.LowEstimate(), c.T, c.Dz, c.Gav)
		}
	}
	t.Notes = append(n.Lines(), "d_z: mean change over the SD of changes. g_av: mean change over the root mean square of both SDs, with Hedges’ correction.")
	return t
}

func (p *Paper) changeFrame(f *report.Frame) {
	all := p.changes()
	for i := range all {
		o := &all[i]
		for g := range o.Groups {
			c := &o.Groups[g]
			r := groupRecord(o, c)
			r.Int("people", c.People).Int("n", c.Pairs).Estimate("mean_pre", c.MeanPre).Estimate("sd_pre", c.SDPre).
				Estimate("mean_post", c.MeanPost).Estimate("sd_post", c.SDPost).Estimate("r", c.R).
				Estimate("change", c.Mean).Estimate("change_sd", c.SD).Interval("change_ci", c.CI).
				Estimate("t", c.T).Estimate("df", c.DF).Estimate("p", c.P).
				Estimate("d_z", c.Dz).Interval("d_z_ci", c.DzCI).Estimate("g_av", c.Gav).Interval("g_av_ci", c.GavCI).
				Estimate("wilcoxon_v", c.Rank.V).Estimate("wilcoxon_p", c.Rank.P).Text("wilcoxon_method", string(c.Rank.Method)).
				Estimate("hodges_lehmann", c.Rank.HodgesLehmann).Interval("hodges_lehmann_ci", c.Rank.CI).
				Estimate("shapiro_wilk_w", c.NormalityW).Estimate("shapiro_wilk_p", c.NormalityP).Float("level", p.Level).Into(f)
		}
	}
}

func groupRecord(o *report.Outcome, c *report.Change) *report.Record {
	r := &report.Record{}
	return r.Text("scale", o.Scale.Key).Text("name", nameOf(o.Scale)).Text("pre", o.PreName).Text("post", o.PostName).
		Text("group", report.GroupName(c.Group))
}
