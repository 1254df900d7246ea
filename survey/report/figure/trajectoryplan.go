package figure

import "slices"

// trajectoryPlan holds where the parts of a Trajectory stand.
type trajectoryPlan struct {
	l    layout
	t    Trajectory
	s    scale
	xs   []float64
	ends []lineEnd
	// What is there to be explained.
	intervals, observed bool
}

func newTrajectoryPlan(t Trajectory, l layout, d *Drawing) trajectoryPlan {
	p := trajectoryPlan{l: l, t: t}
	var shown []Estimate
	for _, a := range t.Arms {
		for _, m := range a.model(t.Waves) {
			if m.shown() {
				shown = append(shown, m.estimate())
				p.intervals = p.intervals || m.estimate().hasInterval()
			}
		}
		for _, v := range a.observed(t.Waves) {
			if finite(v) {
				e := unknown()
				e.Value = v
				shown = append(shown, e)
				p.observed = true
			}
		}
	}
	lo, hi, ticks := axisRange(shown, t.Min, t.Max)
	top := 12.0
	if t.Measure != "" {
		style := l.smallText(RoleSoft, AnchorStart)
		top = l.lines(d, wrapLines(t.Measure, style, l.width-2*l.edge, 2), style, Point{l.edge, style.Size + 2}) - 0.2*style.Size
	}
	p.s = scale{lo: lo, hi: hi, top: top, bottom: top + 230}
	left := l.axis(d, p.s, ticks)
	room := p.findEnds()
	p.xs = wavePositions(len(t.Waves), left, l.width-l.edge-room-p.reach(len(t.Waves)))
	if len(shown) == 0 {
		d.add(Text{At: Point{(left + l.width - l.edge) / 2, (p.s.top + p.s.bottom) / 2}, Body: "Nothing to show yet", Style: l.text(RoleSoft, AnchorMiddle)})
	}
	return p
}

// step is the distance between the arms at one wave: they stand a little apart,
// so that their intervals do not cover each other.
func (p trajectoryPlan) step(waves int) float64 {
	return min(8, (p.l.width-2*p.l.edge)/float64(12*max(waves, 1)))
}

// shrunk is how much smaller marks must be so that those of neighbouring waves
// do not touch.
func (p trajectoryPlan) shrunk() float64 {
	if len(p.xs) < 2 {
		return 0
	}
	const enough = 14.0 // per arm
	per := (p.xs[1] - p.xs[0]) / float64(len(p.t.Arms))
	return min(max(1-per/enough, 0), 1)
}

// reach is how far the arms stand out right of their wave, with the observed
// mean of the last.
func (p trajectoryPlan) reach(waves int) float64 {
	return p.step(waves)*(float64(len(p.t.Arms)-1)/2+0.55) + 6
}

// lineEnd is the label of a line at its right end.
type lineEnd struct {
	lines []string
	style TextStyle
	count string
	from  int // the last wave of the line, -1 for a line without any
	value float64
}

func (e lineEnd) height(l layout) float64 {
	rows := len(e.lines)
	if e.count != "" {
		rows++
	}
	return 1.25*l.body*float64(rows) + 3
}

// findEnds makes the labels and returns the room they need.
func (p *trajectoryPlan) findEnds() (room float64) {
	for k, a := range p.t.Arms {
		e := lineEnd{style: p.l.text(lookOfArm(k).color, AnchorStart).bold(), from: -1}
		for i, m := range a.model(p.t.Waves) {
			if m.shown() {
				e.from, e.value, e.count = i, m.Mean, Count{N: m.N}.of()
			}
		}
		if e.from >= 0 {
			e.lines = wrapLines(a.Label, e.style, 0.3*p.l.width, 3)
			for _, line := range e.lines {
				room = max(room, textWidth(line, e.style))
			}
			room = max(room, textWidth(e.count, p.l.smallText(RoleSoft, AnchorStart)))
		}
		p.ends = append(p.ends, e)
	}
	return room
}

// draw draws the arms, those of later position beneath.
func (p trajectoryPlan) draw(d *Drawing) {
	n := len(p.t.Arms)
	for k := range slices.Backward(p.t.Arms) {
		a, look := p.t.Arms[k], lookOfArm(k)
		step := p.step(len(p.xs))
		xs := shifted(p.xs, (float64(k)-float64(n-1)/2)*step)
		model := a.model(p.t.Waves)
		drawSeries(d, model, xs, p.s, series{color: look.color, ribbon: n == 1, dashed: look.dashed, marker: look.marker, shrunk: p.shrunk()})
		var dots []Point
		for i, v := range a.observed(p.t.Waves) {
			if finite(v) {
				dots = append(dots, Point{xs[i] + 0.55*step + 3*(1-p.shrunk()), p.s.at(v)})
			}
		}
		d.add(Dots{At: dots, Radius: 2.4 - p.shrunk(), Paint: Paint{Fill: look.color, Stroke: RoleSurface, Width: 0.6}})
		for i, m := range model {
			if m.Hidden {
				// One above the other, as the arms have the same place.
				d.add(Text{At: Point{xs[i], p.s.bottom - 6 - 12*float64(k)}, Body: "–", Style: p.l.text(look.color, AnchorMiddle).bold()})
			}
		}
	}
	p.drawEnds(d)
}

func (p trajectoryPlan) drawEnds(d *Drawing) {
	var ys, heights []float64
	var shown []lineEnd
	for _, e := range p.ends {
		if e.from >= 0 {
			shown = append(shown, e)
			ys, heights = append(ys, p.s.at(e.value)), append(heights, e.height(p.l))
		}
	}
	last := p.xs[len(p.xs)-1] + p.reach(len(p.xs))
	x := last + 10
	for i, y := range apart(ys, heights, p.s.top-6, p.s.bottom) {
		e := shown[i]
		from := Point{last, ys[i]}
		if e.from < len(p.xs)-1 {
			from.X = p.xs[e.from] + 14
		}
		// A label that had to move, or stands far from its line's end, is
		// tied to it.
		if from.X < last || y-ys[i] > p.l.body || ys[i]-y > p.l.body {
			d.add(Lines{Paths: [][]Point{{from, {x - 3, y}}}, Paint: Paint{Stroke: e.style.Fill, Width: 0.8, Transparency: 0.4}})
		}
		at := Point{x, y - heights[i]/2 + p.l.body}
		at.Y = p.l.lines(d, e.lines, e.style, at)
		d.add(Text{At: at, Body: e.count, Style: p.l.smallText(RoleSoft, AnchorStart)})
	}
}
