package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// PowerCurve shows how likely a study of n people is to find an effect, one
// curve for each size of effect, with the design's own n marked.
type PowerCurve struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc   string
	Curves []PowerLine
	// PeopleLabel is the title of the axis; "people in the study" by default.
	PeopleLabel string
	// Target is the wanted power, 0.8 as a rule; 0 draws none.
	Target float64
	// DesignN is the design's own number of people; 0 marks none.
	DesignN int
}

// PowerLine is the power for one size of effect.
type PowerLine struct {
	// Label names the effect, as in "d = 0.5".
	Label  string
	Points []PowerPoint
}

// PowerPoint is the power, from 0 to 1, with N people.
type PowerPoint struct {
	N     int
	Power float64
}

// points are those that can be drawn, by number of people.
func (c PowerLine) points() []PowerPoint {
	kept := slices.DeleteFunc(slices.Clone(c.Points), func(p PowerPoint) bool {
		return p.N < 0 || !(p.Power >= 0 && p.Power <= 1)
	})
	slices.SortStableFunc(kept, func(a, b PowerPoint) int { return a.N - b.N })
	return kept
}

// at is the power with n people, between the nearest points; false beyond them.
func (c PowerLine) at(n int) (float64, bool) {
	points := c.points()
	for i, p := range points {
		if p.N == n {
			return p.Power, true
		}
		if i > 0 && points[i-1].N < n && n < p.N {
			last := points[i-1]
			t := float64(n-last.N) / float64(p.N-last.N)
			return last.Power + t*(p.Power-last.Power), true
		}
	}
	return 0, false
}

// needed is the fewest people for the power; false when no point reaches it.
func (c PowerLine) needed(power float64) (int, bool) {
	for _, p := range c.points() {
		if p.Power >= power {
			return p.N, true
		}
	}
	return 0, false
}

// Alt gives the figure's numbers in one sentence.
func (f PowerCurve) Alt() string {
	var parts []string
	for _, c := range f.Curves {
		if len(c.points()) == 0 {
			continue
		}
		part := c.Label
		if power, ok := c.at(f.DesignN); ok && f.DesignN > 0 {
			part += fmt.Sprintf(": power %s with the %d people of this design", percent(power), f.DesignN)
		}
		if n, ok := c.needed(f.Target); ok && f.Target > 0 {
			part += fmt.Sprintf(", %s needs %d", percent(f.Target), n)
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "No power to show."
	}
	return "Power by number of people. " + strings.Join(parts, "; ") + "."
}

// Table gives one row per effect and number of people.
func (f PowerCurve) Table() Table {
	table := Table{Header: []string{"Effect", "People", "Power"}}
	for _, c := range f.Curves {
		for _, p := range c.points() {
			table.Rows = append(table.Rows, []string{c.Label, fmt.Sprint(p.N), percent(p.Power)})
		}
	}
	return table
}

// Draw lays the figure out.
func (f PowerCurve) Draw(size Size) Drawing {
	l := squareLayout(size)
	d := l.begin(f.ID, f.Title, f.Desc, f.Alt())
	curves := slices.DeleteFunc(slices.Clone(f.Curves), func(c PowerLine) bool { return len(c.points()) == 0 })
	if len(curves) == 0 {
		return l.only(d, f.Alt())
	}
	var ns []float64
	room := 0.0
	label := l.smallText(RoleInk, AnchorStart).bold()
	for _, c := range curves {
		for _, p := range c.points() {
			ns = append(ns, float64(p.N))
		}
		room = max(room, textWidth(shorten(c.Label, label, 0.25*l.width), label))
	}
	if f.DesignN > 0 {
		ns = append(ns, float64(f.DesignN))
	}
	a := axes{yHi: 1, yTicks: []float64{0, .2, .4, .6, .8, 1}, xTitle: f.PeopleLabel, yTitle: powerTitle, height: 230, room: room + 12}
	if a.xTitle == "" {
		a.xTitle = "people in the study"
	}
	a.xLo, a.xHi, a.xTicks = looseRange(ns, 6)
	plot, end := l.frame(&d, 0, a)
	f.drawTarget(&d, l, plot)
	f.drawCurves(&d, l, plot, curves)
	d.Height = end
	return d
}

const powerTitle = "power"

// drawTarget draws the wanted power and the design's own n.
func (f PowerCurve) drawTarget(d *Drawing, l layout, plot frame) {
	if f.Target > 0 && f.Target <= 1 {
		y := plot.y.at(f.Target)
		d.add(Lines{Paths: [][]Point{{{plot.left, y}, {plot.right, y}}}, Paint: Paint{Stroke: RoleSoft, Width: 1.2, Dashed: true}})
	}
	if f.DesignN <= 0 {
		return
	}
	x := plot.x.at(float64(f.DesignN))
	d.add(Lines{Paths: [][]Point{{{x, plot.top - 2}, {x, plot.bottom}}}, Paint: Paint{Stroke: RoleInk, Width: 1.4}})
	// Its words stand above the plot, right of the title of the axis.
	style := l.smallText(RoleInk, AnchorMiddle).bold()
	words := fmt.Sprintf("this design: %d", f.DesignN)
	half := textWidth(words, style) / 2
	first := l.edge + textWidth(powerTitle, l.smallText(RoleSoft, AnchorStart)) + 12 + half
	d.add(Text{At: Point{min(max(x, first), l.width-l.edge-half), plot.top - 6}, Body: words, Style: style})
}

func (f PowerCurve) drawCurves(d *Drawing, l layout, plot frame, curves []PowerLine) {
	var ys, heights []float64
	for k, c := range curves {
		look := lookOfArm(k)
		var line []Point
		for _, p := range c.points() {
			line = append(line, plot.at(float64(p.N), p.Power))
		}
		ys, heights = append(ys, line[len(line)-1].Y), append(heights, lineHeight*l.small)
		if len(line) == 1 {
			d.add(look.marker.draw(line, 4, Paint{Fill: look.color}))
			continue
		}
		d.add(Lines{Paths: [][]Point{line}, Paint: Paint{Stroke: look.color, Width: 2.4, Dashed: look.dashed}})
		if power, ok := c.at(f.DesignN); ok && f.DesignN > 0 {
			at := plot.at(float64(f.DesignN), power)
			d.add(look.marker.draw([]Point{at}, 4.5, Paint{Fill: look.color, Stroke: RoleSurface, Width: 1}))
			// A power curve rises, so that below and right of it is free.
			style := l.smallText(look.color, AnchorStart).bold()
			words := percent(power)
			x := min(at.X+8, plot.right-textWidth(words, style))
			d.add(Text{At: Point{x, min(at.Y+1.3*style.Size, plot.bottom-3)}, Body: words, Style: style})
		}
	}
	for i, y := range apart(ys, heights, plot.top-4, math.Max(plot.bottom, plot.top+1)) {
		style := l.smallText(lookOfArm(i).color, AnchorStart).bold()
		d.add(Text{At: Point{plot.right + 8, y + 0.35*l.small}, Body: shorten(curves[i].Label, style, 0.25*l.width), Style: style})
	}
}
