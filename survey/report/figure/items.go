package figure

import (
	"strings"
)

// ItemChange shows the mean of every item before and after, joined by a line.
// Both lie on one axis over the whole scale.
type ItemChange struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Min and Max are the ends of the items' scale, Ticks its numbers.
	Min, Max float64
	Ticks    []float64
	// PreLabel and PostLabel name the surveys; "Pre" and "Post" by default.
	PreLabel, PostLabel string
	Items               []ItemMeans
	// HiddenBelow, when above 0, says that the figure is of fewer people than
	// that; nothing else is then drawn or told.
	HiddenBelow int
}

// ItemMeans is one item. A mean that is NaN is not known.
type ItemMeans struct {
	// Label is the item's code or a short text.
	Label     string
	Pre, Post float64
	// Reversed says that a low answer counts as a high score. The means are
	// drawn as they are given; the label says so.
	Reversed bool
}

func (m ItemMeans) label() string {
	if m.Reversed {
		return m.Label + " (reversed)"
	}
	return m.Label
}

func meanWords(v float64) string {
	if !finite(v) {
		return "not known"
	}
	return number(v, 2)
}

func (f ItemChange) labels() (pre, post string) {
	return Raincloud{PreLabel: f.PreLabel, PostLabel: f.PostLabel}.labels()
}

// Alt gives the figure's numbers in one sentence.
func (f ItemChange) Alt() string {
	if f.HiddenBelow > 0 {
		return hiddenWords(f.HiddenBelow)
	}
	if len(f.Items) == 0 {
		return "No items to show."
	}
	pre, post := f.labels()
	parts := make([]string, len(f.Items))
	for i, m := range f.Items {
		parts[i] = m.label() + " " + meanWords(m.Pre) + " to " + meanWords(m.Post)
	}
	return "Mean of each item, " + pre + " to " + post + ": " + strings.Join(parts, "; ") + "."
}

// Table gives one row per item.
func (f ItemChange) Table() Table {
	pre, post := f.labels()
	table := Table{Header: []string{"Item", pre, post, "Change"}}
	if f.HiddenBelow > 0 {
		return table
	}
	for _, m := range f.Items {
		row := []string{m.label(), "", "", ""}
		if finite(m.Pre) {
			row[1] = number(m.Pre, 2)
		}
		if finite(m.Post) {
			row[2] = number(m.Post, 2)
		}
		if finite(m.Pre, m.Post, m.Post-m.Pre) {
			row[3] = number(m.Post-m.Pre, 2)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// Draw lays the figure out.
func (f ItemChange) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := l.begin(f.ID, f.Title, f.Desc, f.Alt())
	if f.HiddenBelow > 0 || len(f.Items) == 0 {
		return l.only(d, f.Alt())
	}
	lo, hi, ticks := scaleOf(f.Min, f.Max, f.Ticks)
	plan := newItemPlan(f, l, lo, hi)
	var grid [][]Point
	for _, v := range ticks {
		for _, r := range plan.rows {
			grid = append(grid, []Point{{plan.s.at(v), r.lineTop}, {plan.s.at(v), r.bottom}})
		}
	}
	d.add(Lines{Paths: grid, Paint: Paint{Stroke: RoleGrid, Width: 1}})
	last := plan.rows[len(plan.rows)-1].bottom
	end := l.xTicks(&d, plan.s, ticks, last, last+3)
	f.drawHeads(&d, l, plan.headLine)
	for _, r := range plan.rows {
		r.draw(&d, l, plan.s)
	}
	d.Height = end + 8
	return d
}

func (m ItemMeans) change() string {
	d := m.Post - m.Pre
	if !finite(m.Pre, m.Post, d) {
		return ""
	}
	if text := number(d, 2); d > 0 && strings.Trim(text, "0.") != "" {
		return "+" + text
	}
	return number(d, 2)
}

// drawHeads says above the first item which dot is which.
func (f ItemChange) drawHeads(d *Drawing, l layout, y float64) {
	pre, post := f.labels()
	change := l.smallText(RoleSoft, AnchorEnd)
	room := (l.width-2*l.edge-textWidth(changeTitle, change))/2 - 40
	x, middle := l.edge, y-0.35*l.small
	for _, head := range []struct {
		words string
		style TextStyle
		dot   func(Point) Mark
	}{
		{pre, l.smallText(RolePreDark, AnchorStart).bold(), preDot},
		{post, l.smallText(RolePost, AnchorStart).bold(), postDot},
	} {
		words := shorten(head.words, head.style, room)
		d.add(head.dot(Point{x + 6, middle}), Text{At: Point{x + 16, y}, Body: words, Style: head.style})
		x += 16 + textWidth(words, head.style) + 14
	}
	d.add(Text{At: Point{l.width - l.edge, y}, Body: changeTitle, Style: change})
}

const changeTitle = "change"

func preDot(at Point) Mark {
	return Dots{At: []Point{at}, Radius: 4.5, Paint: Paint{Fill: RoleSurface, Stroke: RolePreDark, Width: 2}}
}

func postDot(at Point) Mark {
	return Dots{At: []Point{at}, Radius: 5, Paint: Paint{Fill: RolePost, Stroke: RoleSurface, Width: 1}}
}
