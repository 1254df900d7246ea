package figure

import (
	"fmt"
	"slices"
	"strings"
)

// Trend shows a group's mean over the waves, with a ribbon for the 95 %
// interval.
type Trend struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Min and Max are the ends of the scale; the axis is a round part of it.
	Min, Max float64
	Points   []TrendPoint
}

// TrendPoint is one wave of a Trend.
type TrendPoint struct {
	Label           string
	Mean, Low, High float64
	N               int
	// Hidden marks a wave with too few answers to show. Its numbers are used
	// nowhere: not in the picture, the axis, the sentence or the table.
	Hidden bool
}

func (p TrendPoint) estimate() Estimate { return Estimate{p.Mean, p.Low, p.High} }
func (p TrendPoint) shown() bool        { return !p.Hidden && finite(p.Mean) }

// Alt gives the figure's numbers in one sentence.
func (t Trend) Alt() string {
	if len(t.Points) == 0 {
		return "No waves yet."
	}
	parts := make([]string, len(t.Points))
	for i, p := range t.Points {
		switch {
		case p.Hidden:
			parts[i] = p.Label + " hidden, too few answers"
		case !p.shown():
			parts[i] = p.Label + " no answers"
		default:
			parts[i] = fmt.Sprintf("%s %s, n = %d", p.Label, p.estimate().sentence(), p.N)
		}
	}
	return "Mean by wave: " + strings.Join(parts, "; ") + "."
}

// Table gives one row per wave.
func (t Trend) Table() Table {
	table := Table{Header: []string{"Wave", "n", "Mean", "95% low", "95% high"}}
	for _, p := range t.Points {
		table.Rows = append(table.Rows, waveRow(p))
	}
	return table
}

func waveRow(p TrendPoint) []string {
	if p.Hidden {
		return []string{p.Label, "–", "–", "–", "–"}
	}
	return append([]string{p.Label, fmt.Sprint(p.N)}, p.estimate().cells()...)
}

// Draw lays the figure out.
func (t Trend) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := Drawing{ID: t.ID, Width: l.width, Title: t.Title, Desc: t.Desc}
	if d.Desc == "" {
		d.Desc = t.Alt()
	}
	var shown []Estimate
	labels := make([]string, len(t.Points))
	for i, p := range t.Points {
		labels[i] = p.Label
		if p.shown() {
			shown = append(shown, p.estimate())
		}
	}
	lo, hi, ticks := axisRange(shown, t.Min, t.Max)
	s := scale{lo: lo, hi: hi, top: 12, bottom: 180}
	left := l.axis(&d, s, ticks)
	xs := wavePositions(len(t.Points), left, l.width-l.edge)
	if len(shown) == 0 {
		d.add(Text{At: Point{(left + l.width - l.edge) / 2, (s.top + s.bottom) / 2}, Body: "Nothing to show yet", Style: l.text(RoleSoft, AnchorMiddle)})
	}
	drawSeries(&d, t.Points, xs, s, series{color: RoleCourse, ribbon: true})
	drawHidden(&d, l, t.Points, xs, s.bottom-6, RoleSoft)
	d.Height = l.waveLabels(&d, labels, xs, s.bottom+1.5*l.small+2) + 8
	return d
}

// series is the look of one line of means.
type series struct {
	color  Role
	ribbon bool // interval as a ribbon, else as bars
	dashed bool
	hollow bool
	marker marker // a circle by default
	// shrunk makes marks smaller where waves stand close: 0 not, 1 most.
	shrunk float64
}

// drawSeries draws the means that are shown, with a gap for every other wave.
func drawSeries(d *Drawing, points []TrendPoint, xs []float64, s scale, look series) {
	at := func(i int) Point { return Point{xs[i], s.at(points[i].Mean)} }
	var lines, bars [][]Point
	var dots []Point
	for _, run := range runs(len(points), func(i int) bool { return points[i].shown() && points[i].estimate().hasInterval() }) {
		if look.ribbon && len(run) > 1 {
			var shape []Point
			for _, i := range run {
				shape = append(shape, Point{xs[i], s.at(points[i].High)})
			}
			for _, i := range slices.Backward(run) {
				shape = append(shape, Point{xs[i], s.at(points[i].Low)})
			}
			d.add(Polygon{Points: shape, Paint: Paint{Fill: look.color, Transparency: 0.86}})
			continue
		}
		for _, i := range run {
			bars = append(bars, intervalBar(xs[i], points[i].estimate(), s, 5*(1-look.shrunk))...)
		}
	}
	for _, run := range runs(len(points), func(i int) bool { return points[i].shown() }) {
		line := make([]Point, 0, len(run))
		for _, i := range run {
			line = append(line, at(i))
		}
		dots = append(dots, line...)
		if len(line) > 1 {
			lines = append(lines, line)
		}
	}
	d.add(Lines{Paths: bars, Paint: Paint{Stroke: look.color, Width: 1.8}})
	d.add(Lines{Paths: lines, Paint: Paint{Stroke: look.color, Width: 2.5, Dashed: look.dashed}})
	paint := Paint{Fill: look.color, Stroke: RoleSurface, Width: 1}
	if look.hollow {
		paint = Paint{Fill: RoleSurface, Stroke: look.color, Width: 2}
	}
	if look.marker == "" {
		look.marker = markerCircle
	}
	d.add(look.marker.draw(dots, 4.5*(1-0.5*look.shrunk), paint))
}

// drawHidden puts a dash where a wave is hidden.
func drawHidden(d *Drawing, l layout, points []TrendPoint, xs []float64, y float64, role Role) {
	for i, p := range points {
		if p.Hidden {
			d.add(Text{At: Point{xs[i], y}, Body: "–", Style: l.text(role, AnchorMiddle).bold()})
		}
	}
}
