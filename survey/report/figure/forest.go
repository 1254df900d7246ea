package figure

import (
	"fmt"
	"strings"
)

// Forest shows an estimate with its interval for each outcome on one axis, with
// the numbers beside it.
type Forest struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Measure names the numbers, as in "Hedges’ g (95% interval)".
	Measure string
	// NoEffect is where no effect lies: 0 for differences, 1 for ratios.
	NoEffect float64
	// Left and Right say what an estimate below and above NoEffect means, as
	// in "favours waiting list" and "favours course".
	Left, Right string
	// Low and High are the ends of the axis, taken from the rows when both
	// are 0.
	Low, High float64
	Rows      []ForestRow
	// HiddenBelow, when above 0, says that the figure is of fewer people than
	// that; nothing else is then drawn or told.
	HiddenBelow int
}

// ForestRow is one outcome.
type ForestRow struct {
	Label string
	// Note stands below the label in small, as in "n = 86".
	Note     string
	Estimate Estimate
	// Primary marks the primary outcome, by shape, weight, colour and word.
	Primary bool
	// Reason says why there is no estimate, as in "the scores are constant".
	// It is told when the estimate is not known.
	Reason string
	// HiddenBelow, when above 0, hides the row's numbers: they are of fewer
	// people than that.
	HiddenBelow int
}

func (r ForestRow) row() estimateRow {
	row := estimateRow{label: r.Label, note: r.Note, estimate: r.Estimate, primary: r.Primary}
	if r.Primary {
		row.note = strings.TrimSuffix("primary outcome · "+r.Note, " · ")
	}
	switch {
	case r.HiddenBelow > 0:
		row.words = fmt.Sprintf("hidden: fewer than %d people", r.HiddenBelow)
	case r.Estimate.known():
	case r.Reason != "":
		row.words = "not estimable: " + r.Reason
	default:
		row.words = "not estimable"
	}
	return row
}

// sentence tells a row in words.
func (r estimateRow) sentence() string {
	if r.words != "" {
		return r.label + " " + r.words
	}
	s := r.label + " " + r.estimate.sentence()
	if r.primary {
		s += " (primary)"
	}
	return s
}

// cells are the row of a table: label, numbers and what else there is to say.
func (r estimateRow) cells() []string {
	if r.words != "" {
		return []string{r.label, "–", "–", "–", r.words}
	}
	return append(append([]string{r.label}, r.estimate.cells()...), r.note)
}

// Alt gives the figure's numbers in one sentence.
func (f Forest) Alt() string {
	if f.HiddenBelow > 0 {
		return hiddenWords(f.HiddenBelow)
	}
	if len(f.Rows) == 0 {
		return "No outcomes to show."
	}
	parts := make([]string, len(f.Rows))
	for i, r := range f.Rows {
		parts[i] = r.row().sentence()
	}
	measure := f.Measure
	if measure == "" {
		measure = "Estimates"
	}
	s := measure + " by outcome: " + strings.Join(parts, "; ") + "."
	if f.Left != "" && finite(f.NoEffect) {
		s += " Below " + shortNumber(f.NoEffect) + ": " + f.Left + "."
	}
	if f.Right != "" && finite(f.NoEffect) {
		s += " Above " + shortNumber(f.NoEffect) + ": " + f.Right + "."
	}
	return s
}

// Table gives one row per outcome.
func (f Forest) Table() Table {
	table := Table{Header: []string{"Outcome", "Estimate", "95% low", "95% high", "Remark"}}
	if f.HiddenBelow > 0 {
		return table
	}
	for _, r := range f.Rows {
		table.Rows = append(table.Rows, r.row().cells())
	}
	return table
}

// Draw lays the figure out.
func (f Forest) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := l.begin(f.ID, f.Title, f.Desc, f.Alt())
	if f.HiddenBelow > 0 || len(f.Rows) == 0 {
		return l.only(d, f.Alt())
	}
	p := estimatePlot{measure: f.Measure, left: f.Left, right: f.Right, noEffect: f.NoEffect, low: f.Low, high: f.High, band: unknown()}
	for _, r := range f.Rows {
		p.rows = append(p.rows, r.row())
	}
	d.Height = p.draw(&d, l)
	return d
}
