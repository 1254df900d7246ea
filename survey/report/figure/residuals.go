package figure

import (
	"fmt"
	"math"
	"slices"
)

// Residuals shows what a model leaves over against what it predicts. Around the
// line at zero there should be an even cloud; the second line follows its middle.
type Residuals struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Fitted and Residual belong together by position. Pairs with a NaN are
	// left out.
	Fitted, Residual []float64
	// HiddenBelow, when above 0, says that they are of fewer people than that;
	// nothing else is then drawn or told.
	HiddenBelow int
}

// maxDots bounds the dots of a diagnostic figure: more would be a blot and a
// large file.
const maxDots = 2000

func (r Residuals) complete() []Point {
	var all []Point
	for i := range min(len(r.Fitted), len(r.Residual)) {
		if finite(r.Fitted[i], r.Residual[i]) {
			all = append(all, Point{r.Fitted[i], r.Residual[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b Point) int {
		switch {
		case a.X < b.X:
			return -1
		case a.X > b.X:
			return 1
		}
		return 0
	})
	return all
}

// middles are the medians of the residuals in up to ten groups of equal size by
// fitted value; groups of fewer than five say nothing.
func middles(sorted []Point) []Point {
	groups := min(10, len(sorted)/5)
	if groups < 2 {
		return nil
	}
	var out []Point
	for g := range groups {
		part := sorted[g*len(sorted)/groups : (g+1)*len(sorted)/groups]
		xs, ys := make([]float64, len(part)), make([]float64, len(part))
		for i, p := range part {
			xs[i], ys[i] = p.X, p.Y
		}
		slices.Sort(ys)
		out = append(out, Point{quantile(xs, .5), quantile(ys, .5)})
	}
	return out
}

// Alt gives the figure's numbers in one sentence.
func (r Residuals) Alt() string {
	if r.HiddenBelow > 0 {
		return hiddenWords(r.HiddenBelow)
	}
	all := r.complete()
	if len(all) == 0 {
		return "No residuals to show."
	}
	ys := make([]float64, len(all))
	for i, p := range all {
		ys[i] = p.Y
	}
	return fmt.Sprintf("%d residuals from %s to %s against fitted values from %s to %s.",
		len(all), number(slices.Min(ys), 2), number(slices.Max(ys), 2), number(all[0].X, 2), number(all[len(all)-1].X, 2))
}

// Table gives the median residual by group of fitted values.
func (r Residuals) Table() Table {
	table := Table{Header: []string{"Fitted (group median)", "Residual (median)"}}
	if r.HiddenBelow > 0 {
		return table
	}
	for _, m := range middles(r.complete()) {
		table.Rows = append(table.Rows, []string{number(m.X, 2), number(m.Y, 2)})
	}
	return table
}

// Draw lays the figure out.
func (r Residuals) Draw(size Size) Drawing {
	l := squareLayout(size)
	d := l.begin(r.ID, r.Title, r.Desc, r.Alt())
	all := r.complete()
	if r.HiddenBelow > 0 || len(all) == 0 {
		return l.only(d, r.Alt())
	}
	xs, ys := make([]float64, len(all)), make([]float64, len(all))
	for i, p := range all {
		xs[i], ys[i] = p.X, p.Y
	}
	a := axes{xTitle: "fitted value", yTitle: "residual", height: 240}
	a.xLo, a.xHi, a.xTicks = looseRange(xs, 6)
	a.yLo, a.yHi, a.yTicks = looseRange(append(ys, 0), 6)
	f, end := l.frame(&d, 0, a)
	zero := f.y.at(0)
	d.add(Lines{Paths: [][]Point{{{f.left, zero}, {f.right, zero}}}, Paint: Paint{Stroke: RoleInk, Width: 1.2}})
	d.add(cloud(f, thinned(all)))
	var line []Point
	for _, m := range middles(all) {
		line = append(line, f.at(m.X, m.Y))
	}
	remark := ""
	if len(line) > 0 {
		remark = "Dashed line: median residual in groups of fitted values."
		d.add(
			Lines{Paths: [][]Point{line}, Paint: Paint{Stroke: RoleSurface, Width: 4, Transparency: 0.3}},
			Lines{Paths: [][]Point{line}, Paint: Paint{Stroke: RoleControl, Width: 2, Dashed: true}},
		)
	}
	d.Height = l.remark(&d, remark+thinnedWords(len(all)), end) + 4
	return d
}

// thinned takes every so-manieth point of a crowd and always the ends.
func thinned(points []Point) []Point {
	if len(points) <= maxDots {
		return points
	}
	out := make([]Point, maxDots)
	for i := range out {
		out[i] = points[i*(len(points)-1)/(maxDots-1)]
	}
	return out
}

func thinnedWords(n int) string {
	if n <= maxDots {
		return ""
	}
	return fmt.Sprintf(" %d of %d dots are drawn.", maxDots, n)
}

// cloud draws dots in one colour, fainter the more they are.
func cloud(f frame, points []Point) Dots {
	at := make([]Point, len(points))
	for i, p := range points {
		at[i] = f.at(p.X, p.Y)
	}
	crowd := math.Sqrt(100 / float64(max(len(points), 100)))
	return Dots{At: at, Radius: 1.4 + 1.4*crowd, Paint: Paint{Fill: RoleCourse, Transparency: 1 - max(0.7*crowd, 0.2)}}
}
