package figure

import (
	"math"
	"slices"
)

// estimatePlot is the drawing that Forest and Sensitivity share: one estimate
// with its interval per row, words at the left, numbers at the right, all on one
// axis. Where the plot would be narrow, the words stand above their interval.
type estimatePlot struct {
	rows        []estimateRow
	measure     string
	left, right string // what lies on either side of no effect
	noEffect    float64
	low, high   float64 // wanted ends of the axis; taken from the rows unless usable
	band        Estimate
}

// estimateColumns are the places of words, plot and numbers.
type estimateColumns struct {
	stacked             bool
	labelWidth          float64
	valueEnd            float64
	valueWidth          float64
	plotLeft, plotRight float64
}

func (p estimatePlot) columns(l layout) estimateColumns {
	value := l.text(RoleInk, AnchorEnd).bold()
	label := l.text(RoleInk, AnchorStart).bold()
	c := estimateColumns{valueEnd: l.width - l.edge}
	widest := 0.0
	for _, r := range p.rows {
		c.valueWidth = max(c.valueWidth, textWidth(r.value(), value))
		widest = max(widest, textWidth(r.label, label), textWidth(r.note, l.smallText(RoleSoft, AnchorStart)))
	}
	c.labelWidth = min(widest, 0.34*l.width)
	c.plotLeft = l.edge + c.labelWidth + 18
	c.plotRight = c.valueEnd - c.valueWidth - 18
	if c.plotRight-c.plotLeft < 0.32*l.width {
		c.stacked = true
		c.labelWidth = l.width - 2*l.edge - c.valueWidth - 12
		c.plotLeft, c.plotRight = l.edge+6, l.width-l.edge-6
	}
	return c
}

// axis is the range of the plot and its ticks. Intervals that are many times as
// wide as the others are cut off at its ends, so that one of them does not
// flatten all.
func (p estimatePlot) axis() (lo, hi float64, ticks []float64) {
	values := []float64{p.noEffect}
	var widths []float64
	for _, r := range p.rows {
		if r.words == "" && r.estimate.hasInterval() {
			widths = append(widths, r.estimate.High-r.estimate.Low)
		}
	}
	reach := math.Inf(1)
	if len(widths) > 0 {
		slices.Sort(widths)
		reach = 1.5 * widths[len(widths)/2]
	}
	for _, r := range p.rows {
		e := r.estimate
		if r.words != "" || !e.known() {
			continue
		}
		values = append(values, e.Value)
		if e.hasInterval() {
			values = append(values, max(e.Low, e.Value-reach), min(e.High, e.Value+reach))
		}
	}
	if usableRange(p.low, p.high) {
		return p.low, p.high, scaleTicks(nil, p.low, p.high)
	}
	return looseRange(values, 5)
}

// draw lays the plot out from the top of a drawing and returns where it ends.
func (p estimatePlot) draw(d *Drawing, l layout) float64 {
	c := p.columns(l)
	lo, hi, ticks := p.axis()
	s := scale{lo: lo, hi: hi, top: c.plotRight, bottom: c.plotLeft}
	heights := make([]float64, len(p.rows))
	const top = 6.0
	bottom := top
	for i, r := range p.rows {
		heights[i] = r.height(l, c)
		bottom += heights[i]
	}
	end := p.drawGround(d, l, s, ticks, p.stretches(l, c, top, heights), bottom)
	y := top
	for i, r := range p.rows {
		r.draw(d, l, c, s, y)
		y += heights[i]
	}
	return p.captions(d, l, c, s, end)
}

// stretch is a part of the height, from top to bottom.
type stretch struct{ top, bottom float64 }

// stretches are where lines may run down through the plot without crossing
// words.
func (p estimatePlot) stretches(l layout, c estimateColumns, top float64, heights []float64) []stretch {
	var out []stretch
	y := top
	for i, r := range p.rows {
		part := stretch{y, y + heights[i]}
		if c.stacked {
			part.top = part.bottom - strip - 6
		}
		y += heights[i]
		if r.words != "" {
			continue
		}
		if n := len(out); n > 0 && out[n-1].bottom == part.top {
			out[n-1].bottom = part.bottom
			continue
		}
		out = append(out, part)
	}
	return out
}

// drawGround draws what lies behind the rows: the band, the grid and the line
// of no effect. It returns the baseline of the axis numbers.
func (p estimatePlot) drawGround(d *Drawing, l layout, s scale, ticks []float64, parts []stretch, bottom float64) float64 {
	down := func(x float64) (paths [][]Point) {
		for _, part := range parts {
			paths = append(paths, []Point{{x, part.top}, {x, part.bottom}})
		}
		return paths
	}
	if p.band.hasInterval() {
		a, b := s.at(p.band.Low), s.at(p.band.High)
		for _, part := range parts {
			d.add(Rect{X: a, Y: part.top, W: b - a, H: part.bottom - part.top, Paint: Paint{Fill: RoleBand}})
		}
	}
	var grid [][]Point
	for _, v := range ticks {
		grid = append(grid, down(s.at(v))...)
	}
	d.add(Lines{Paths: grid, Paint: Paint{Stroke: RoleGrid, Width: 1}})
	end := l.xTicks(d, s, ticks, bottom, bottom+3)
	if finite(p.noEffect) && p.noEffect >= s.lo && p.noEffect <= s.hi {
		d.add(Lines{Paths: down(s.at(p.noEffect)), Paint: Paint{Stroke: RoleSoft, Width: 1.5}})
	}
	if p.band.known() {
		d.add(Lines{Paths: down(s.at(p.band.Value)), Paint: Paint{Stroke: RoleCourse, Width: 1, Dashed: true}})
	}
	return end
}

// captions write the measure and the meaning of both directions below the
// numbers of the axis.
func (p estimatePlot) captions(d *Drawing, l layout, c estimateColumns, s scale, y float64) float64 {
	style := l.smallText(RoleSoft, AnchorMiddle)
	row := lineHeight * style.Size
	if p.left != "" || p.right != "" {
		y += row
		zero := (c.plotLeft + c.plotRight) / 2
		if finite(p.noEffect) {
			zero = s.at(p.noEffect)
		}
		y = p.directions(d, l, c, zero, y)
	}
	if p.measure != "" {
		lines := wrapLines(p.measure, style, l.width-2*l.edge, 2)
		half := 0.0
		for _, line := range lines {
			half = max(half, textWidth(line, style)/2)
		}
		x := min(max((c.plotLeft+c.plotRight)/2, l.edge+half), l.width-l.edge-half)
		y = l.lines(d, lines, style, Point{x, y + row}) - row
	}
	return y + 8
}

// directions stand on their sides of no effect where both have room there, else
// at the ends of the line, or below each other.
func (p estimatePlot) directions(d *Drawing, l layout, c estimateColumns, zero, y float64) float64 {
	const gap = 8
	left, right := "", ""
	end, start := l.smallText(RoleInk, AnchorEnd), l.smallText(RoleInk, AnchorStart)
	if p.left != "" {
		left = "← " + shorten(p.left, end, l.width-2*l.edge-textWidth("← ", end))
	}
	if p.right != "" {
		right = shorten(p.right, start, l.width-2*l.edge-textWidth(" →", start)) + " →"
	}
	lw, rw := textWidth(left, end), textWidth(right, start)
	leftEnd, rightStart := zero-gap, zero+gap
	if leftEnd-lw < l.edge || rightStart+rw > l.width-l.edge {
		first := l.edge
		if !c.stacked && c.plotRight-c.plotLeft >= lw+rw+gap {
			first = c.plotLeft
		}
		leftEnd, rightStart = first+lw, max(c.plotRight, first+lw+gap+rw)-rw
	}
	if left != "" {
		d.add(Text{At: Point{leftEnd, y}, Body: left, Style: end})
	}
	if right == "" {
		return y
	}
	if rightStart+rw > l.width-l.edge {
		rightStart = l.width - l.edge - rw
		y += lineHeight * l.small
	}
	d.add(Text{At: Point{rightStart, y}, Body: right, Style: start})
	return y
}
