package figure

import "strings"

// flowPlan places the boxes of a Flow.
type flowPlan struct {
	l layout
	d *Drawing
	// aside moves the way in to the left, which leaves more room beside it.
	aside bool
}

func (p flowPlan) entryWidth() float64 { return min(320, 0.66*p.l.width) }

// centre is where the way in runs down.
func (p flowPlan) centre() float64 {
	if p.aside {
		return p.l.edge + p.entryWidth()/2
	}
	return p.l.width / 2
}

// flowBox is a box with a heading, a number and what was lost.
type flowBox struct {
	title, count, losses []string
	width                float64
	edge                 Role
}

const (
	boxPad   = 9.0
	boxGap   = 20.0 // between boxes, long enough for an arrow
	armGap   = 12.0 // between columns of arms
	leastArm = 145.0
)

func (p flowPlan) box(s FlowStep, label string, width float64, edge Role) flowBox {
	room := width - 2*boxPad
	b := flowBox{width: width, edge: edge}
	b.title = wrapLines(s.Label, p.titleStyle(), room, 3)
	b.count = []string{shorten(s.N.of(), p.countStyle(), room)}
	for _, line := range s.losses(label) {
		b.losses = append(b.losses, wrapLines(line, p.lossStyle(), room, 3)...)
	}
	return b
}

func (p flowPlan) titleStyle() TextStyle { return p.l.text(RoleInk, AnchorStart).bold() }
func (p flowPlan) countStyle() TextStyle { return p.l.text(RoleInk, AnchorStart) }
func (p flowPlan) lossStyle() TextStyle  { return p.l.smallText(RoleSoft, AnchorStart) }

func (p flowPlan) height(b flowBox) float64 {
	h := 2*boxPad - 4 + lineHeight*p.l.body*float64(len(b.title)+len(b.count))
	if len(b.losses) > 0 {
		h += 4 + lineHeight*p.l.small*float64(len(b.losses))
	}
	return h
}

// put draws a box of the given height with its upper left corner at x, y.
func (p flowPlan) put(b flowBox, x, y, height float64) {
	p.d.add(Rect{X: x, Y: y, W: b.width, H: height, Paint: Paint{Fill: RoleSurface, Stroke: b.edge, Width: 1.2}})
	at := Point{x + boxPad, y + boxPad - 2 + p.l.body}
	at.Y = p.l.lines(p.d, b.title, p.titleStyle(), at)
	at.Y = p.l.lines(p.d, b.count, p.countStyle(), at)
	if len(b.losses) > 0 {
		p.l.lines(p.d, b.losses, p.lossStyle(), Point{at.X, at.Y + 4 - p.l.body + p.l.small})
	}
}

// arrow goes along the points and has its head at the last.
func (p flowPlan) arrow(path ...Point) {
	tip, from := path[len(path)-1], path[len(path)-2]
	const length, half = 6, 4
	head := []Point{tip, {tip.X - half, tip.Y - length}, {tip.X + half, tip.Y - length}}
	if from.Y == tip.Y {
		head = []Point{tip, {tip.X - length, tip.Y - half}, {tip.X - length, tip.Y + half}}
	}
	p.d.add(
		Lines{Paths: [][]Point{path}, Paint: Paint{Stroke: RoleSame, Width: 1.2}},
		Polygon{Points: head, Paint: Paint{Fill: RoleSame}},
	)
}

// entry draws the way in, with a box at the side for everyone who was excluded
// on it, and returns where it ends.
func (p flowPlan) entry(steps []FlowStep, y float64) float64 {
	width, centre := p.entryWidth(), p.centre()
	for i, s := range steps {
		inside := s
		if i > 0 {
			inside.Lost = nil
			y = p.side(s, centre, y)
		}
		b := p.box(inside, excluded, width, RoleSame)
		h := p.height(b)
		p.put(b, centre-width/2, y, h)
		y += h
	}
	return y
}

// side draws the arrow between two entry boxes and, right of it, who was
// excluded there.
func (p flowPlan) side(s FlowStep, centre, y float64) float64 {
	lines := s.losses(excluded)
	next := y + boxGap
	if len(lines) > 0 {
		l := p.l
		x := centre + 22
		width := l.width - l.edge - x
		var wrapped []string
		widest := 0.0
		for _, line := range lines {
			wrapped = append(wrapped, wrapLines(line, p.lossStyle(), width-2*boxPad, 3)...)
		}
		for _, line := range wrapped {
			widest = max(widest, textWidth(line, p.lossStyle()))
		}
		width = min(width, widest+2*boxPad)
		h := 2*boxPad - 4 + lineHeight*l.small*float64(len(wrapped))
		top := y + 12
		p.d.add(Rect{X: x, Y: top, W: width, H: h, Paint: Paint{Fill: RoleSurface, Stroke: RoleSame, Width: 1.2}})
		l.lines(p.d, wrapped, p.lossStyle(), Point{x + boxPad, top + boxPad - 2 + l.small})
		p.arrow(Point{centre, top + h/2}, Point{x, top + h/2})
		next = top + h + 12
	}
	p.arrow(Point{centre, y}, Point{centre, next})
	return next
}

func (p flowPlan) columnWidth(n int) float64 {
	w := (p.l.width - 2*p.l.edge - armGap*float64(n-1)) / float64(n)
	return min(w, 340)
}

// columnsFit reports whether all arms have room beside each other without
// cutting a word.
func (p flowPlan) columnsFit(arms []FlowArm) bool {
	width := p.columnWidth(len(arms))
	if len(arms) > 1 && width < leastArm {
		return false
	}
	fits := func(text string, style TextStyle) bool {
		for word := range strings.FieldsSeq(text) {
			if textWidth(word, style) > width-2*boxPad {
				return false
			}
		}
		return true
	}
	for _, a := range arms {
		for _, s := range a.Steps {
			if len(arms) > 1 && !fits(s.Label, p.titleStyle()) {
				return false
			}
		}
	}
	return true
}

// columns draws the arms side by side, their steps level with each other.
func (p flowPlan) columns(arms []FlowArm, y float64, joined bool) float64 {
	width := p.columnWidth(len(arms))
	all := width*float64(len(arms)) + armGap*float64(len(arms)-1)
	left := (p.l.width - all) / 2
	if p.aside {
		left = p.l.edge
	}
	steps := 0
	for _, a := range arms {
		steps = max(steps, len(a.Steps))
	}
	top := y
	if joined {
		top = p.branch(arms, left, width, y)
	}
	y = p.armNames(arms, 0, left, width, top)
	for i := range steps {
		height := 0.0
		for k, a := range arms {
			if i < len(a.Steps) {
				height = max(height, p.height(p.box(a.Steps[i], lost, width, lookOfArm(k).color)))
			}
		}
		for k, a := range arms {
			if i >= len(a.Steps) {
				continue
			}
			x := left + float64(k)*(width+armGap)
			p.put(p.box(a.Steps[i], lost, width, lookOfArm(k).color), x, y, height)
			if i+1 < len(a.Steps) {
				p.arrow(Point{x + width/2, y + height}, Point{x + width/2, y + height + boxGap})
			}
		}
		y += height
		if i+1 < steps {
			y += boxGap
		}
	}
	return y
}

// branch draws the arrows from the way in to every arm.
func (p flowPlan) branch(arms []FlowArm, left, width, y float64) float64 {
	centre := p.centre()
	bus, tip := y+boxGap*0.6, y+boxGap*1.4
	if len(arms) == 1 {
		tip = y + boxGap
	}
	for k := range arms {
		x := left + float64(k)*(width+armGap) + width/2
		if len(arms) == 1 {
			p.arrow(Point{centre, y}, Point{centre, tip})
			continue
		}
		p.arrow(Point{centre, y}, Point{centre, bus}, Point{x, bus}, Point{x, tip})
	}
	return tip
}

// armNames draws a coloured head with the arm's name on top of every column.
// first is the position of the first of them among all arms.
func (p flowPlan) armNames(arms []FlowArm, first int, left, width, y float64) float64 {
	style := p.l.text(RoleSurface, AnchorStart).bold()
	height := 0.0
	names := make([][]string, len(arms))
	for k, a := range arms {
		names[k] = wrapLines(a.Label, style, width-2*boxPad, 3)
		if len(names[k]) > 0 {
			height = max(height, lineHeight*style.Size*float64(len(names[k]))+8)
		}
	}
	if height == 0 {
		return y
	}
	for k := range arms {
		x := left + float64(k)*(width+armGap)
		color := lookOfArm(first + k).color
		p.d.add(Rect{X: x, Y: y, W: width, H: height, Paint: Paint{Fill: color, Stroke: color, Width: 1.2}})
		p.l.lines(p.d, names[k], style, Point{x + boxPad, y + 4 + style.Size})
	}
	return y + height
}

// stack draws the arms below each other, hanging on one line from the way in.
func (p flowPlan) stack(arms []FlowArm, y float64, joined bool) float64 {
	const rail, indent = 8.0, 24.0
	l := p.l
	width := l.width - l.edge - indent
	start := y
	for k, a := range arms {
		y += boxGap
		if joined {
			p.arrow(Point{rail, start}, Point{rail, y + 14}, Point{indent, y + 14})
		}
		named := p.armNames([]FlowArm{a}, k, indent, width, y)
		if named == y {
			named += boxGap // the arrow needs something to point at
		}
		y = named
		look := lookOfArm(k)
		for i, s := range a.Steps {
			if i > 0 {
				p.arrow(Point{indent + width/2, y}, Point{indent + width/2, y + boxGap})
				y += boxGap
			}
			b := p.box(s, lost, width, look.color)
			h := p.height(b)
			p.put(b, indent, y, h)
			y += h
		}
	}
	return y
}
