package figure

import (
	"fmt"
	"math"
	"strings"
)

// TwoArm shows the means of a course arm and a control arm over the waves,
// each with its 95 % interval and its name at the end of its line. The control
// arm is also dashed and hollow, so that print without colour tells them apart.
type TwoArm struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Min and Max are the ends of the scale; the axis is a round part of it.
	Min, Max float64
	// Waves name the surveys in order.
	Waves           []string
	Course, Control Arm
}

// Arm is one line of a TwoArm. Points belong to TwoArm.Waves by position;
// points beyond the waves are ignored, and waves beyond the points are empty.
type Arm struct {
	Label  string
	Points []ArmPoint
}

// ArmPoint is an arm's mean at one wave.
type ArmPoint struct {
	Mean Estimate
	N    int
	// Hidden marks a mean of too few people to show; its numbers are used
	// nowhere.
	Hidden bool
}

// points lays an arm over the waves.
func (a Arm) points(waves []string) []TrendPoint {
	out := make([]TrendPoint, len(waves))
	for i, w := range waves {
		out[i] = TrendPoint{Label: w, Mean: math.NaN()}
		if i < len(a.Points) {
			p := a.Points[i]
			out[i] = TrendPoint{Label: w, Mean: p.Mean.Value, Low: p.Mean.Low, High: p.Mean.High, N: p.N, Hidden: p.Hidden}
		}
	}
	return out
}

// Alt gives the figure's numbers in one sentence.
func (t TwoArm) Alt() string {
	if len(t.Waves) == 0 {
		return "No waves yet."
	}
	var parts []string
	for _, a := range []Arm{t.Course, t.Control} {
		sentence := Trend{Points: a.points(t.Waves)}.Alt()
		parts = append(parts, a.Label+": "+strings.TrimSuffix(strings.TrimPrefix(sentence, "Mean by wave: "), "."))
	}
	return "Mean by arm and wave. " + strings.Join(parts, ". ") + "."
}

// Table gives one row per arm and wave.
func (t TwoArm) Table() Table {
	table := Table{Header: []string{"Arm", "Wave", "n", "Mean", "95% low", "95% high"}}
	for _, a := range []Arm{t.Course, t.Control} {
		for _, p := range a.points(t.Waves) {
			table.Rows = append(table.Rows, append([]string{a.Label}, waveRow(p)...))
		}
	}
	return table
}

// Draw lays the figure out.
func (t TwoArm) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := Drawing{ID: t.ID, Width: l.width, Title: t.Title, Desc: t.Desc}
	if d.Desc == "" {
		d.Desc = t.Alt()
	}
	course, control := t.Course.points(t.Waves), t.Control.points(t.Waves)
	var shown []Estimate
	for _, p := range append(append([]TrendPoint{}, course...), control...) {
		if p.shown() {
			shown = append(shown, p.estimate())
		}
	}
	lo, hi, ticks := axisRange(shown, t.Min, t.Max)
	s := scale{lo: lo, hi: hi, top: 12, bottom: 230}
	left := l.axis(&d, s, ticks)
	if len(shown) == 0 {
		d.add(Text{At: Point{(left + l.width - l.edge) / 2, (s.top + s.bottom) / 2}, Body: "Nothing to show yet", Style: l.text(RoleSoft, AnchorMiddle)})
	}

	courseEnd := newArmEnd(l, t.Course, course, s, RoleCourse)
	controlEnd := newArmEnd(l, t.Control, control, s, RoleControl)
	room := max(courseEnd.width, controlEnd.width)
	xs := wavePositions(len(t.Waves), left, l.width-l.edge-room)
	// The arms stand a little apart, so that their intervals do not cover
	// each other.
	const apart = 4
	courseX, controlX := shifted(xs, -apart), shifted(xs, apart)
	drawSeries(&d, control, controlX, s, series{color: RoleControl, dashed: true, hollow: true})
	drawSeries(&d, course, courseX, s, series{color: RoleCourse})
	drawHidden(&d, l, course, courseX, s.bottom-6, RoleCourse)
	drawHidden(&d, l, control, controlX, s.bottom-6, RoleControl)
	separate(courseEnd, controlEnd, s.top, s.bottom)
	courseEnd.draw(&d, l, xs, control, s)
	controlEnd.draw(&d, l, xs, course, s)
	d.Height = l.waveLabels(&d, t.Waves, xs, s.bottom+1.5*l.small+2) + 8
	return d
}

func shifted(xs []float64, by float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = x + by
	}
	return out
}

// armEnd is the label at the end of an arm's line.
type armEnd struct {
	lines  []string
	style  TextStyle
	count  string
	width  float64
	y      float64 // middle of the label block
	height float64
	last   int // the wave it stands at, -1 without any
}

func newArmEnd(l layout, a Arm, points []TrendPoint, s scale, role Role) *armEnd {
	e := &armEnd{style: l.text(role, AnchorStart).bold(), last: -1}
	for i, p := range points {
		if p.shown() {
			e.last = i
		}
	}
	if e.last < 0 {
		return e
	}
	e.lines = wrap(a.Label, e.style, 0.32*l.width)
	e.count = fmt.Sprintf("n = %d", points[e.last].N)
	e.width = textWidth(e.count, l.smallText(RoleSoft, AnchorStart))
	for _, line := range e.lines {
		e.width = max(e.width, textWidth(line, e.style))
	}
	e.y = s.at(points[e.last].Mean)
	e.height = 1.25 * l.body * float64(len(e.lines)+1)
	return e
}

// separate moves two labels apart until they do not overlap, keeping both
// between top and bottom and the higher line's label above.
func separate(a, b *armEnd, top, bottom float64) {
	if a.last < 0 || b.last < 0 {
		return
	}
	upper, lower := a, b
	if b.y < a.y {
		upper, lower = b, a
	}
	need := (upper.height+lower.height)/2 + 2
	if gap := need - (lower.y - upper.y); gap > 0 {
		upper.y -= gap / 2
		lower.y += gap / 2
	}
	if over := top - (upper.y - upper.height/2); over > 0 {
		upper.y += over
		lower.y = max(lower.y, upper.y+need)
	}
	if over := lower.y + lower.height/2 - bottom; over > 0 {
		lower.y -= over
		upper.y = min(upper.y, lower.y-need)
	}
}

// draw writes the label right of the arm's last mean, or right of the last wave
// if the other arm's line passes where it would stand.
func (e *armEnd) draw(d *Drawing, l layout, xs []float64, other []TrendPoint, s scale) {
	if e.last < 0 {
		return
	}
	at := e.last
	for i := e.last + 1; i < len(other); i++ {
		if other[i].shown() {
			at = len(xs) - 1
		}
	}
	if at != e.last && e.clearOf(other[e.last:], s) {
		at = e.last
	}
	x := xs[at] + 16
	y := e.y - e.height/2 + l.body
	for _, line := range e.lines {
		d.add(Text{At: Point{x, y}, Body: line, Style: e.style})
		y += 1.25 * l.body
	}
	d.add(Text{At: Point{x, y}, Body: e.count, Style: l.smallText(RoleSoft, AnchorStart)})
}

// clearOf reports whether the label stands wholly above or below a stretch of
// the other arm.
func (e *armEnd) clearOf(other []TrendPoint, s scale) bool {
	above, below := true, true
	for _, p := range other {
		if !p.shown() {
			continue
		}
		lo, hi := s.at(p.Mean), s.at(p.Mean)
		if est := p.estimate(); est.hasInterval() {
			lo, hi = s.at(est.Low), s.at(est.High)
		}
		above = above && e.y+e.height/2 < hi-4
		below = below && e.y-e.height/2 > lo+4
	}
	return above || below
}
