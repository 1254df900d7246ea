package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// ChangeBar shows which shares of a group got reliably better, did not change
// reliably, and got reliably worse, as one divided bar.
type ChangeBar struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc                string
	Better, Same, Worse Share
}

// Share is one part of a ChangeBar.
type Share struct {
	// Label follows the percentage: "better" makes "41% better".
	Label string
	// N is the number of people; the shares are N over the sum of all three.
	// A negative N counts as 0.
	N int
	// Hidden leaves the share out: its people are counted in another share,
	// whose label says so.
	Hidden bool
}

type segment struct {
	Share
	fraction float64
	color    Role
}

func (c ChangeBar) segments() (segs []segment, total int) {
	segs = []segment{
		{Share: c.Better, color: RoleBetter},
		{Share: c.Same, color: RoleNeutral},
		{Share: c.Worse, color: RoleWorse},
	}
	for i, label := range []string{"better", "no reliable change", "worse"} {
		segs[i].N = max(segs[i].N, 0)
		if segs[i].Hidden {
			segs[i].N = 0
		}
		if segs[i].Label == "" {
			segs[i].Label = label
		}
		total += segs[i].N
	}
	segs = slices.DeleteFunc(segs, func(s segment) bool { return s.Hidden })
	for i := range segs {
		if total > 0 {
			segs[i].fraction = float64(segs[i].N) / float64(total)
		}
	}
	return segs, total
}

// percent writes a share as a whole percentage; a few are never 0 % and all
// but a few never 100 %.
func percent(fraction float64) string {
	p := math.Round(fraction * 100)
	switch {
	case p == 0 && fraction > 0:
		return "<1%"
	case p == 100 && fraction < 1:
		return ">99%"
	}
	return number(p, 0) + "%"
}

// Alt gives the figure's numbers in one sentence.
func (c ChangeBar) Alt() string {
	segs, total := c.segments()
	if total == 0 {
		return "No one to count yet."
	}
	parts := make([]string, len(segs))
	for i, s := range segs {
		parts[i] = fmt.Sprintf("%s %s (%d)", percent(s.fraction), s.Label, s.N)
	}
	return "Of " + people(total) + ", " + strings.Join(parts, ", ") + "."
}

// Table gives one row per share.
func (c ChangeBar) Table() Table {
	segs, total := c.segments()
	table := Table{Header: []string{"Change", "n", "Share"}}
	for _, s := range segs {
		share := ""
		if total > 0 {
			share = percent(s.fraction)
		}
		table.Rows = append(table.Rows, []string{s.Label, fmt.Sprint(s.N), share})
	}
	return table
}

// Draw lays the figure out. A label that does not fit into its segment stands
// below it.
func (c ChangeBar) Draw(size Size) Drawing {
	l := layoutFor(size)
	const height, radius = 30, 6
	d := Drawing{ID: c.ID, Width: l.width, Height: height, Title: c.Title, Desc: c.Desc}
	if d.Desc == "" {
		d.Desc = c.Alt()
	}
	segs, total := c.segments()
	inside := l.smallText(RoleSurface, AnchorMiddle).bold()
	if total == 0 {
		d.add(
			Polygon{Points: roundedBar(0, l.width, height, radius, true, true), Paint: Paint{Fill: RoleEmpty}},
			Text{At: Point{l.width / 2, height/2 + 0.36*l.small}, Body: "No one to count yet", Style: l.smallText(RoleSoft, AnchorMiddle)},
		)
		return d
	}
	var below []outsideLabel
	// Every share that is not empty gets a few units first, so that one
	// person in a thousand is still seen.
	const least = 4
	spare := l.width
	for _, s := range segs {
		if s.N > 0 {
			spare -= least
		}
	}
	x := 0.0
	for _, s := range segs {
		w := s.fraction * spare
		if s.N > 0 {
			w += least
		}
		label := percent(s.fraction) + " " + s.Label
		if s.N > 0 {
			gap := 2.0 // a hair of space parts the segments
			if x+w > l.width-0.5 {
				gap = 0
			}
			d.add(Polygon{
				Points: roundedBar(x, w-gap, height, radius, x == 0, gap == 0),
				Paint:  Paint{Fill: s.color},
			})
		}
		if textWidth(label, inside)+12 <= w {
			d.add(Text{At: Point{x + w/2, height/2 + 0.36*inside.Size}, Body: label, Style: inside})
		} else {
			below = append(below, outsideLabel{body: label, middle: x + w/2, color: s.color, drawn: s.N > 0})
		}
		x += w
	}
	d.Height += drawBelow(&d, l, below, height)
	return d
}

// roundedBar is a bar from x over width w with round corners at its outer
// ends.
func roundedBar(x, w, h, radius float64, roundLeft, roundRight bool) []Point {
	r := min(radius, w/2, h/2)
	corner := func(cx, cy, from float64, round bool) []Point {
		if !round {
			// The square corner lies outwards from the arc's centre.
			a := from + math.Pi/4
			return []Point{{cx + math.Copysign(r, math.Cos(a)), cy + math.Copysign(r, math.Sin(a))}}
		}
		arc := make([]Point, 0, 7)
		for i := range 7 {
			a := from + float64(i)/6*math.Pi/2
			arc = append(arc, Point{cx + r*math.Cos(a), cy + r*math.Sin(a)})
		}
		return arc
	}
	var shape []Point
	shape = append(shape, corner(x+r, r, math.Pi, roundLeft)...)
	shape = append(shape, corner(x+w-r, r, 1.5*math.Pi, roundRight)...)
	shape = append(shape, corner(x+w-r, h-r, 0, roundRight)...)
	return append(shape, corner(x+r, h-r, math.Pi/2, roundLeft)...)
}

// outsideLabel is a label below the bar, as near to middle as it fits.
type outsideLabel struct {
	body   string
	middle float64
	color  Role
	drawn  bool
}

// drawBelow writes labels into as many rows as they need and returns the
// height used.
func drawBelow(d *Drawing, l layout, labels []outsideLabel, top float64) float64 {
	rowHeight := 1.45 * l.small
	var ends []float64 // where each row is free from
	for _, label := range labels {
		style := l.smallText(label.color, AnchorStart).bold()
		body := shorten(label.body, style, l.width)
		w := textWidth(body, style)
		x := min(max(label.middle-w/2, 0), l.width-w)
		row := 0
		for row < len(ends) && ends[row] > x {
			row++
		}
		if row == len(ends) {
			ends = append(ends, 0)
		}
		ends[row] = x + w + 12
		if label.drawn {
			d.add(Lines{Paths: [][]Point{{{label.middle, top + 1}, {label.middle, top + 6}}}, Paint: Paint{Stroke: label.color, Width: 1.5}})
		}
		// The estimated width is generous, so a text at an end of the bar
		// is anchored there to line up with it.
		at := Point{x + w/2, top + 8 + float64(row)*rowHeight + l.small}
		style.Anchor = AnchorMiddle
		if x == 0 {
			at.X, style.Anchor = 0, AnchorStart
		} else if x == l.width-w {
			at.X, style.Anchor = l.width, AnchorEnd
		}
		d.add(Text{At: at, Body: body, Style: style})
	}
	if len(ends) == 0 {
		return 0
	}
	return 8 + float64(len(ends))*rowHeight + 2
}
