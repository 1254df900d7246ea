package figure

import (
	"fmt"
	"strings"
)

// Sensitivity shows the primary estimate by several analyses, so that a reader
// sees at once whether the answer hangs on one of them. A band carries the
// interval of the primary analysis through all rows.
type Sensitivity struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Measure, NoEffect, Left and Right are those of Forest.
	Measure     string
	NoEffect    float64
	Left, Right string
	Analyses    []Analysis
	// HiddenBelow, when above 0, says that the figure is of fewer people than
	// that; nothing else is then drawn or told.
	HiddenBelow int
}

// Analysis is one way to the estimate.
type Analysis struct {
	// Label names the method and its population, as in "mixed model,
	// everybody".
	Label string
	// N is how many people it uses; 0 leaves the number out.
	N        int
	Estimate Estimate
	// Primary marks the analysis that the plan names first.
	Primary bool
	// Reason says why there is no estimate.
	Reason string
}

func (a Analysis) row() estimateRow {
	row := ForestRow{Label: a.Label, Estimate: a.Estimate, Reason: a.Reason}.row()
	row.primary = a.Primary
	if a.N > 0 {
		row.note = fmt.Sprintf("n = %d", a.N)
	}
	if a.Primary {
		row.note = strings.TrimSuffix("primary analysis · "+row.note, " · ")
	}
	return row
}

// Alt gives the figure's numbers in one sentence.
func (s Sensitivity) Alt() string {
	if s.HiddenBelow > 0 {
		return hiddenWords(s.HiddenBelow)
	}
	if len(s.Analyses) == 0 {
		return "No analyses to show."
	}
	parts := make([]string, len(s.Analyses))
	for i, a := range s.Analyses {
		parts[i] = a.row().sentence()
		if a.N > 0 {
			parts[i] += fmt.Sprintf(", n = %d", a.N)
		}
	}
	return "The primary estimate by analysis: " + strings.Join(parts, "; ") + "."
}

// Table gives one row per analysis.
func (s Sensitivity) Table() Table {
	table := Table{Header: []string{"Analysis", "Estimate", "95% low", "95% high", "Remark"}}
	if s.HiddenBelow > 0 {
		return table
	}
	for _, a := range s.Analyses {
		table.Rows = append(table.Rows, a.row().cells())
	}
	return table
}

// Draw lays the figure out.
func (s Sensitivity) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := l.begin(s.ID, s.Title, s.Desc, s.Alt())
	if s.HiddenBelow > 0 || len(s.Analyses) == 0 {
		return l.only(d, s.Alt())
	}
	p := estimatePlot{measure: s.Measure, left: s.Left, right: s.Right, noEffect: s.NoEffect, band: unknown()}
	remark := ""
	for _, a := range s.Analyses {
		p.rows = append(p.rows, a.row())
		if a.Primary && a.Estimate.known() {
			p.band = a.Estimate
			remark = "Dashed line and band: the primary analysis and its interval."
		}
	}
	d.Height = l.remark(&d, remark, p.draw(&d, l)) + 4
	return d
}
