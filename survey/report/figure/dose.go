package figure

import (
	"fmt"
	"slices"
)

// Dose shows people's change against how much they practised or attended, with
// the line of a regression and its band. It says in the picture that this is no
// evidence of a cause: people choose their dose.
type Dose struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Amount and Change belong together by position. Pairs with a NaN are
	// left out.
	Amount, Change []float64
	// AmountLabel and ChangeLabel are the titles of the axes, with units.
	AmountLabel, ChangeLabel string
	// Fit is the line with its interval from left to right; without it only
	// the people are drawn.
	Fit []FitPoint
	// Slope says the line's slope in words, as in "0.04 points per hour".
	Slope string
	// HiddenBelow, when above 0, says that there are fewer people than that;
	// nothing else is then drawn or told.
	HiddenBelow int
}

// FitPoint is a place on a fitted line.
type FitPoint struct {
	X    float64
	Mean Estimate
}

const notCausal = "People chose how much they did: this shows what goes together, not what causes what."

func (f Dose) complete() []Point {
	return Residuals{Fitted: f.Amount, Residual: f.Change}.complete()
}

// fit is what can be drawn of the line.
func (f Dose) fit() []FitPoint {
	return slices.DeleteFunc(slices.Clone(f.Fit), func(p FitPoint) bool { return !finite(p.X) || !p.Mean.known() })
}

// Alt gives the figure's numbers in one sentence.
func (f Dose) Alt() string {
	if f.HiddenBelow > 0 {
		return hiddenWords(f.HiddenBelow)
	}
	all := f.complete()
	if len(all) == 0 {
		return "No one to show yet."
	}
	s := fmt.Sprintf("%s, %s against %s", people(len(all)), f.ChangeLabel, f.AmountLabel)
	if fit := f.fit(); len(fit) > 1 {
		first, last := fit[0], fit[len(fit)-1]
		s += fmt.Sprintf(": the line runs from %s at %s to %s at %s", first.Mean.sentence(), shortNumber(first.X), last.Mean.sentence(), shortNumber(last.X))
	}
	if f.Slope != "" {
		s += "; slope " + f.Slope
	}
	return s + ". " + notCausal
}

// Table gives the fitted line.
func (f Dose) Table() Table {
	table := Table{Header: []string{"Amount", "Fitted", "95% low", "95% high"}}
	if f.HiddenBelow > 0 {
		return table
	}
	for _, p := range f.fit() {
		table.Rows = append(table.Rows, append([]string{shortNumber(p.X)}, p.Mean.cells()...))
	}
	return table
}

// Draw lays the figure out.
func (f Dose) Draw(size Size) Drawing {
	l := squareLayout(size)
	d := l.begin(f.ID, f.Title, f.Desc, f.Alt())
	all := f.complete()
	if f.HiddenBelow > 0 || len(all) == 0 {
		return l.only(d, f.Alt())
	}
	var xs, ys []float64
	for _, p := range all {
		xs, ys = append(xs, p.X), append(ys, p.Y)
	}
	fit := f.fit()
	for _, p := range fit {
		xs, ys = append(xs, p.X), append(ys, p.Mean.Value)
	}
	a := axes{xTitle: f.AmountLabel, yTitle: f.ChangeLabel, height: 250}
	a.xLo, a.xHi, a.xTicks = looseRange(xs, 6)
	a.yLo, a.yHi, a.yTicks = looseRange(append(ys, 0), 6)
	plot, end := l.frame(&d, f.drawSlope(&d, l, fit), a)
	zero := plot.y.at(0)
	drawFitBand(&d, plot, fit)
	d.add(Lines{Paths: [][]Point{{{plot.left, zero}, {plot.right, zero}}}, Paint: Paint{Stroke: RoleSoft, Width: 1}})
	d.add(cloud(plot, thinned(all)))
	drawFit(&d, plot, fit)
	d.Height = l.remark(&d, notCausal, end) + 4
	return d
}

func drawFitBand(d *Drawing, plot frame, fit []FitPoint) {
	for _, run := range runs(len(fit), func(i int) bool { return fit[i].Mean.hasInterval() }) {
		if len(run) < 2 {
			continue
		}
		var shape []Point
		for _, i := range run {
			shape = append(shape, plot.at(fit[i].X, fit[i].Mean.High))
		}
		for _, i := range slices.Backward(run) {
			shape = append(shape, plot.at(fit[i].X, fit[i].Mean.Low))
		}
		d.add(Polygon{Points: shape, Paint: Paint{Fill: RoleBand}})
	}
}

func drawFit(d *Drawing, plot frame, fit []FitPoint) {
	if len(fit) < 2 {
		return
	}
	line := make([]Point, len(fit))
	for i, p := range fit {
		line[i] = plot.at(p.X, p.Mean.Value)
	}
	d.add(Lines{Paths: [][]Point{line}, Paint: Paint{Stroke: RoleInk, Width: 2.2}})
}

// drawSlope says above the plot, where no one's dot is in the way, what the line
// means, and returns where the words end.
func (f Dose) drawSlope(d *Drawing, l layout, fit []FitPoint) float64 {
	if f.Slope == "" || len(fit) < 2 {
		return 0
	}
	style := l.text(RoleInk, AnchorStart).bold()
	y := style.Size + 2
	const sample = 22
	d.add(Lines{Paths: [][]Point{{{l.edge, y - 0.33*style.Size}, {l.edge + sample, y - 0.33*style.Size}}}, Paint: Paint{Stroke: RoleInk, Width: 2.2}})
	end := l.lines(d, wrapLines(f.Slope, style, l.width-2*l.edge-sample-8, 2), style, Point{l.edge + sample + 8, y})
	return end - style.Size + 2
}
