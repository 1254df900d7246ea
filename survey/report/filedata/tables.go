package filedata

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/report"
)

// The names of the tables of details.
const (
	TableScales       = "scales"
	TableItemDetails  = "item-statistics"
	TableBands        = "bands"
	TableCorrelations = "correlations"
	TableEffects      = "effect-sizes"
	TableContrasts    = "contrasts"
	TableDifferences  = "differences"
	TableCutOffs      = "cut-offs"
)

// Tables are the details for people; those without rows are left out.
func (d *Details) Tables() []report.Table {
	all := []report.Table{
		d.scalesTable(), d.bandsTable(), d.effectsTable(), d.contrastsTable(), d.differencesTable(), d.cutOffsTable(),
		d.correlationsTable(), d.itemsTable(),
	}
	return slices.DeleteFunc(all, func(t report.Table) bool { return len(t.Rows) == 0 })
}

func whom(group string) string { return report.GroupName(group) }

func (d *Details) scalesTable() report.Table {
	t := report.Table{Name: TableScales, Caption: "What was measured", Head: []report.Head{
		report.TextHead("Scale"), report.TextHead("When"), report.TextHead("Of whom"), report.NumberHead("n"), report.NumberHead("Missing"),
		report.NumberHead("Mean (SD)"), report.NumberHead("Median"), report.NumberHead("Range"), report.NumberHead("α [95 % CI]"),
	}}
	var n report.Notes
	for i := range d.Scales {
		r := &d.Scales[i]
		places := report.PlacesFor(r.SD)
		alpha := report.Dash
		if r.Items > 1 {
			if i == 0 || t.Head[8].Label.String() == "α [95 % CI]" {
				t.Head[8] = report.NumberHead("α [" + report.LevelPercent(r.AlphaCI.Level) + " CI]")
			}
			n.Estimates(r.Name+" "+r.Wave, r.Alpha)
			if alpha = report.UnitNumber(r.Alpha, 2); r.Alpha.OK() && r.AlphaCI.OK() {
				alpha += " [" + report.Unit(r.AlphaCI.Low, 2) + ", " + report.Unit(r.AlphaCI.High, 2) + "]"
			}
		}
		n.Estimates(r.Name+" "+r.Wave, r.Mean, r.SD)
		span := report.Dash
		if r.Min.OK() {
			span = report.PlainNumber(r.Min.Value) + " to " + report.PlainNumber(r.Max.Value)
		}
		t.Rows = append(t.Rows, report.Row{Cells: []string{
			r.Name, r.Wave, whom(r.Group), strconv.Itoa(r.N), strconv.Itoa(r.Missing), report.MeanSD(r.Mean, r.SD, places),
			report.Number(r.Median, places), span, alpha,
		}})
	}
	t.Notes = n.Lines()
	return t
}

func (d *Details) bandsTable() report.Table {
	t := report.Table{Name: TableBands, Caption: "How many scored how high", Head: []report.Head{
		report.TextHead("Scale"), report.TextHead("When"), report.TextHead("Of whom"), report.TextHead("Score"), report.NumberHead("n"), report.NumberHead("%"),
	}}
	for _, r := range d.Bands {
		t.Rows = append(t.Rows, report.Row{Cells: []string{
			r.Scale, r.Wave, whom(r.Group), report.PlainNumber(r.From) + " to " + report.PlainNumber(r.To), strconv.Itoa(r.N), report.Percent(r.N, r.Of),
		}})
	}
	return t
}

func (d *Details) effectsTable() report.Table {
	t := report.Table{Name: TableEffects, Caption: "The change within groups, by every standardised effect", Head: []report.Head{
		report.TextHead("Scale"), report.TextHead("Of whom"), report.NumberHead("n"), report.NumberHead("Before"), report.NumberHead("After"),
		report.SymbolHead("r", "", ""), report.NumberHead("Change [CI]"), report.SymbolHead("t", "", " (df)"), report.SymbolHead("p", "", ""),
		report.SymbolHead("d", "z", ""), report.SymbolHead("d", "av", ""), report.SymbolHead("d", "rm", ""), report.SymbolHead("d", "pre", ""), report.SymbolHead("g", "z", ""),
	}}
	var n report.Notes
	for _, r := range d.Effects {
		name := r.Name + ", " + r.Pre + " to " + r.Post
		places := report.PlacesFor(r.SDPre)
		n.Estimates(name, r.MeanPre, r.R, r.T, r.Dz, r.Dav, r.Drm, r.Dpre)
		t.Rows = append(t.Rows, report.Row{Cells: []string{
			name, whom(r.Group), strconv.Itoa(r.N), report.MeanSD(r.MeanPre, r.SDPre, places), report.MeanSD(r.MeanPost, r.SDPost, places),
			report.UnitNumber(r.R, 2), report.WithInterval(r.Change, r.CI, places), report.TDF(r.T, r.DF), report.PValue(r.P),
			report.Number(r.Dz, 2), report.Number(r.Dav, 2), report.Number(r.Drm, 2), report.Number(r.Dpre, 2), report.Number(r.Gz, 2),
		}})
	}
	t.Notes = append(n.Lines(), "Of those with both scores. d_z divides the change by its SD, d_av by the root mean square of the two SDs, d_pre by the SD before; "+
		"d_rm is d_z·√(2(1 − r)); g_z is d_z with Hedges’ correction on n − 1 degrees of freedom.")
	return t
}

func (d *Details) contrastsTable() report.Table {
	t := report.Table{Name: TableContrasts, Caption: "The difference in change between the groups", Head: []report.Head{
		report.TextHead("Scale"), report.TextHead("Groups"), report.NumberHead("n"), report.NumberHead("Difference [CI]"), report.TextHead("Welch"),
		report.TextHead("Student"), report.NumberHead("d ppc2 [CI]"), report.NumberHead("ANCOVA [CI]"), report.SymbolHead("p", "", ""),
	}}
	var n report.Notes
	for _, r := range d.Contrasts {
		name := r.Name + ", " + r.Pre + " to " + r.Post
		n.Estimates(name, r.Difference, r.Welch.T, r.DPPC2, r.Ancova, r.AncovaP)
		t.Rows = append(t.Rows, report.Row{Cells: []string{
			name, r.Course + " − " + r.Control, fmt.Sprintf("%d, %d", r.NCourse, r.NControl), report.WithInterval(r.Difference, r.Welch.CI, 2),
			r.Welch.words(), r.Student.words(), report.WithInterval(r.DPPC2, r.DPPC2CI, 2), report.WithInterval(r.Ancova, r.AncovaCI, 2), report.PValue(r.AncovaP),
		}})
	}
	t.Notes = append(n.Lines(), "The interval of the difference is Welch’s. d_ppc2: over the pooled SD before, corrected (Morris 2008). ANCOVA: the later difference at equal earlier scores.")
	return t
}

func (m MeanTest) words() string {
	if !m.T.OK() {
		return report.Dash
	}
	return "t = " + report.TDF(m.T, m.DF) + ", p " + report.PRelation(m.P.Value)
}

func (d *Details) differencesTable() report.Table {
	t := report.Table{Name: TableDifferences, Caption: "The difference between the groups", Head: []report.Head{
		report.TextHead("Scale"), report.TextHead("Groups"), report.NumberHead("n"), report.NumberHead("Difference [CI]"), report.TextHead("Welch"),
		report.TextHead("Student"), report.NumberHead("d [CI]"), report.NumberHead("g [CI]"),
	}}
	var n report.Notes
	for _, r := range d.Differences {
		n.Estimates(r.Scale, r.Difference, r.Welch.T, r.D)
		t.Rows = append(t.Rows, report.Row{Cells: []string{
			r.Scale, r.Course + " − " + r.Control, fmt.Sprintf("%d, %d", r.NCourse, r.NControl), report.WithInterval(r.Difference, r.Welch.CI, 2),
			r.Welch.words(), r.Student.words(), report.WithInterval(r.D, r.DCI, 2), report.WithInterval(r.G, r.GCI, 2),
		}})
	}
	t.Notes = n.Lines()
	return t
}

func (d *Details) cutOffsTable() report.Table {
	t := report.Table{Name: TableCutOffs, Caption: "Reliable and clinically significant change (Jacobson & Truax 1991)", Head: []report.Head{
		report.TextHead("Scale"), report.TextHead("Of whom"), report.NumberHead("n"), report.NumberHead("Least reliable change"),
		report.NumberHead("Cut-off a"), report.NumberHead("b"), report.NumberHead("c"), report.NumberHead("Recovered"), report.NumberHead("Only better"),
		report.NumberHead("Same"), report.NumberHead("Worse"),
	}}
	var n report.Notes
	for _, r := range d.CutOffs {
		name := r.Scale + ", " + r.Pre + " to " + r.Post
		n.Estimates(name, r.Threshold, r.CutOffA, r.CutOffC)
		cells := []string{
			name, whom(r.Group), strconv.Itoa(r.N), report.Number(r.Threshold, 2), report.Number(r.CutOffA, 2), report.Number(r.CutOffB, 2), report.Number(r.CutOffC, 2),
		}
		for _, k := range []int{r.Recovered, r.Improved, r.Unchanged, r.Deteriorated} {
			cells = append(cells, strconv.Itoa(k))
		}
		t.Rows = append(t.Rows, report.Row{Cells: cells})
	}
	t.Notes = n.Lines()
	return t
}

func (d *Details) correlationsTable() report.Table {
	t := report.Table{Name: TableCorrelations, Caption: "How the scales go together", Head: []report.Head{
		report.TextHead("Scales"), report.TextHead("When"), report.NumberHead("n"), report.SymbolHead("r", "", " [CI]"), report.SymbolHead("p", "", ""),
	}}
	var n report.Notes
	for _, r := range d.Correlations {
		n.Estimates(r.A+" and "+r.B, r.R)
		cell := report.UnitNumber(r.R, 2)
		if r.R.OK() && r.CI.OK() {
			cell += " [" + report.Unit(r.CI.Low, 2) + ", " + report.Unit(r.CI.High, 2) + "]"
		}
		t.Rows = append(t.Rows, report.Row{Cells: []string{r.A + " and " + r.B, r.Wave, strconv.Itoa(r.N), cell, report.PValue(r.P)}})
	}
	t.Notes = n.Lines()
	return t
}

func (d *Details) itemsTable() report.Table {
	t := report.Table{Name: TableItemDetails, Caption: "Item by item, as the scale counts them", Head: []report.Head{
		report.TextHead("Item"), report.TextHead("When"), report.NumberHead("n"), report.NumberHead("Mean (SD)"), report.NumberHead("r with the others"),
		report.NumberHead("α without it"), report.TextHead("Answers"),
	}}
	var n report.Notes
	for _, r := range d.Items {
		name := r.Scale + ": " + r.Item
		if r.Turned {
			name += " (turned)"
		}
		n.Estimates(name, r.Mean, r.RestR)
		var answers []string
		for _, a := range r.Answers {
			answers = append(answers, fmt.Sprintf("%g: %d", a.Answer, a.N))
		}
		if len(answers) > 12 {
			answers = nil
		}
		t.Rows = append(t.Rows, report.Row{Cells: []string{
			name, r.Wave, strconv.Itoa(r.N), report.MeanSD(r.Mean, r.SD, 2), report.UnitNumber(r.RestR, 2), report.UnitNumber(r.AlphaIfDeleted, 2), strings.Join(answers, ", "),
		}})
	}
	t.Notes = n.Lines()
	return t
}
