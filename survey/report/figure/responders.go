package figure

import (
	"fmt"
	"strings"
)

// Responders shows which share of each arm improved, did not change, and got
// worse, with intervals. The shares of one kind stand below each other, so that
// arms are compared on one axis.
type Responders struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	Arms []ResponderArm
	// Improved, Unchanged and Worse name the kinds; "improved", "no reliable
	// change" and "worse" by default.
	Improved, Unchanged, Worse string
	// HiddenBelow, when above 0, says that the figure is of fewer people than
	// that; nothing else is then drawn or told.
	HiddenBelow int
}

// ResponderArm is one arm with its N people.
type ResponderArm struct {
	Label                      string
	N                          int
	Improved, Unchanged, Worse ResponderShare
}

// ResponderShare is how many people are of one kind, and their share of the arm
// from 0 to 1 with its interval.
type ResponderShare struct {
	N     Count
	Share Estimate
}

func (s ResponderShare) hidden() bool { return s.N.Below > 0 }

// share is the share as far as it is one: from 0 to 1.
func (s ResponderShare) share() Estimate {
	e := s.Share
	if !(e.Value >= 0 && e.Value <= 1) {
		return unknown()
	}
	e.Low, e.High = max(e.Low, 0), min(e.High, 1)
	return e
}

type responderKind struct {
	label string
	color Role
	of    func(ResponderArm) ResponderShare
}

func (r Responders) kinds() []responderKind {
	kinds := []responderKind{
		{r.Improved, RoleBetter, func(a ResponderArm) ResponderShare { return a.Improved }},
		{r.Unchanged, RoleNeutral, func(a ResponderArm) ResponderShare { return a.Unchanged }},
		{r.Worse, RoleWorse, func(a ResponderArm) ResponderShare { return a.Worse }},
	}
	for i, label := range []string{"improved", "no reliable change", "worse"} {
		if kinds[i].label == "" {
			kinds[i].label = label
		}
	}
	return kinds
}

// value writes a share with its interval and its count.
func (s ResponderShare) value(n int) string {
	e := s.share()
	switch {
	case s.hidden():
		return "hidden: " + s.N.String()
	case !e.known():
		return "not estimable"
	case !e.hasInterval():
		return fmt.Sprintf("%s (%d of %d)", percent(e.Value), s.N.N, n)
	}
	return fmt.Sprintf("%s [%s, %s] (%d of %d)", percent(e.Value), percent(e.Low), percent(e.High), s.N.N, n)
}

// Alt gives the figure's numbers in one sentence.
func (r Responders) Alt() string {
	if r.HiddenBelow > 0 {
		return hiddenWords(r.HiddenBelow)
	}
	if len(r.Arms) == 0 {
		return "No one to count yet."
	}
	var parts []string
	for _, a := range r.Arms {
		var shares []string
		for _, k := range r.kinds() {
			shares = append(shares, k.label+" "+k.of(a).value(a.N))
		}
		parts = append(parts, a.Label+": "+strings.Join(shares, ", "))
	}
	return "Shares with 95% intervals. " + strings.Join(parts, ". ") + "."
}

// Table gives one row per arm and kind.
func (r Responders) Table() Table {
	table := Table{Header: []string{"Arm", "Change", "n", "Of", "Share", "95% low", "95% high"}}
	if r.HiddenBelow > 0 {
		return table
	}
	for _, a := range r.Arms {
		for _, k := range r.kinds() {
			s := k.of(a)
			row := []string{a.Label, k.label, s.N.String(), fmt.Sprint(a.N), "", "", ""}
			if s.hidden() {
				row[4], row[5], row[6] = "–", "–", "–"
			} else {
				e := s.share()
				if e.known() {
					row[4] = percent(e.Value)
				}
				if e.hasInterval() {
					row[5], row[6] = percent(e.Low), percent(e.High)
				}
			}
			table.Rows = append(table.Rows, row)
		}
	}
	return table
}

// Draw lays the figure out.
func (r Responders) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := l.begin(r.ID, r.Title, r.Desc, r.Alt())
	if r.HiddenBelow > 0 || len(r.Arms) == 0 {
		return l.only(d, r.Alt())
	}
	s := scale{lo: 0, hi: 1, top: l.width - l.edge - 14, bottom: l.edge}
	headHeight := lineHeight*l.body + 6
	rowHeight := lineHeight*l.small + responderBar + 12
	kindHeight := headHeight + rowHeight*float64(len(r.Arms)) + 6
	const top = 4.0
	kinds := r.kinds()
	end := l.percentAxis(&d, s, top, top+kindHeight*float64(len(kinds)))
	for i, k := range kinds {
		y := top + kindHeight*float64(i)
		r.drawKind(&d, l, k, s, y, y+headHeight, rowHeight)
	}
	d.Height = l.remark(&d, "Bars: shares of each arm. Lines: 95% intervals.", end+8) + 4
	return d
}

// responderBar is the thickness of a bar.
const responderBar = 12.0

// drawKind draws the shares of one kind, an arm in each row.
func (r Responders) drawKind(d *Drawing, l layout, k responderKind, s scale, head, y, rowHeight float64) {
	style := l.text(k.color, AnchorStart).bold()
	l.onSurface(d, Text{At: Point{l.edge, head + l.body}, Body: shorten(k.label, style, l.width-2*l.edge), Style: style})
	for _, a := range r.Arms {
		share := k.of(a)
		name, value := l.smallText(RoleInk, AnchorStart), l.smallText(RoleInk, AnchorEnd)
		words := share.value(a.N)
		room := l.width - 2*l.edge - textWidth(words, value) - 12
		base := y + name.Size
		l.onSurface(d, Text{At: Point{l.edge, base}, Body: shorten(a.Label, name, room), Style: name})
		l.onSurface(d, Text{At: Point{l.width - l.edge, base}, Body: words, Style: value})
		top := base + 0.35*name.Size + 2
		if e := share.share(); !share.hidden() && e.known() {
			d.add(Rect{X: s.bottom, Y: top, W: s.at(e.Value) - s.bottom, H: responderBar, Paint: Paint{Fill: k.color, Transparency: 0.35}})
			if e.hasInterval() {
				m, a, b := top+responderBar/2, s.at(e.Low), s.at(e.High)
				line := [][]Point{{{a, m}, {b, m}}, {{a, m - 4}, {a, m + 4}}, {{b, m - 4}, {b, m + 4}}}
				d.add(
					Lines{Paths: line, Paint: Paint{Stroke: RoleSurface, Width: 4, Transparency: 0.3}},
					Lines{Paths: line, Paint: Paint{Stroke: RoleInk, Width: 1.6}},
				)
			}
		}
		y += rowHeight
	}
}

// percentAxis draws a level axis of shares and returns the baseline of its
// numbers.
func (l layout) percentAxis(d *Drawing, s scale, top, bottom float64) float64 {
	style := l.smallText(RoleSoft, AnchorMiddle)
	y := bottom + 1.3*style.Size
	var grid [][]Point
	var texts []Mark
	for _, v := range []float64{0, .25, .5, .75, 1} {
		x, words := s.at(v), percent(v)
		half := textWidth(words, style) / 2
		grid = append(grid, []Point{{x, top}, {x, bottom}})
		texts = append(texts, Text{At: Point{min(max(x, half), l.width-half), y}, Body: words, Style: style})
	}
	d.add(Lines{Paths: grid, Paint: Paint{Stroke: RoleGrid, Width: 1}})
	d.add(texts...)
	return y
}
