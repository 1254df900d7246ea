package figure

import (
	"math"
	"slices"
)

// frame is a plot with a numeric axis on either side.
type frame struct {
	x, y        scale
	left, right float64
	top, bottom float64
}

func (f frame) at(x, y float64) Point { return Point{f.x.at(x), f.y.at(y)} }

// axes describes a frame to be drawn.
type axes struct {
	xLo, xHi, yLo, yHi float64
	xTicks, yTicks     []float64
	// The titles say what is measured. The upright axis has its title above
	// it, because sideways text is hard to read.
	xTitle, yTitle string
	// height of the plot; square makes it as high as it is wide.
	height float64
	square bool
	// room is left free at the right for labels.
	room float64
}

// frame draws grid, numbers and titles from y on and returns the plot and where
// it ends.
func (l layout) frame(d *Drawing, y float64, a axes) (frame, float64) {
	top := y + 10
	if a.yTitle != "" {
		style := l.smallText(RoleSoft, AnchorStart)
		top = l.lines(d, wrapLines(a.yTitle, style, l.width-2*l.edge, 2), style, Point{l.edge, y + style.Size + 2}) - 0.4*style.Size
	}
	right := l.width - l.edge - a.room
	height := a.height
	if a.square {
		widest := 0.0
		for _, t := range tickLabels(a.yTicks) {
			widest = max(widest, textWidth(t, l.smallText(RoleSoft, AnchorEnd)))
		}
		height = max(right-(l.edge+widest+8), 40)
	}
	f := frame{right: right, top: top, bottom: top + height}
	f.y = scale{lo: a.yLo, hi: a.yHi, top: f.top, bottom: f.bottom}
	inner := l
	inner.width = right + l.edge
	f.left = min(inner.axis(d, f.y, a.yTicks), right-20)
	f.x = scale{lo: a.xLo, hi: a.xHi, top: f.right, bottom: f.left}
	y = l.xTicks(d, f.x, a.xTicks, f.top, f.bottom)
	if a.xTitle != "" {
		style := l.smallText(RoleSoft, AnchorMiddle)
		lines := wrapLines(a.xTitle, style, l.width-2*l.edge, 2)
		half := 0.0
		for _, line := range lines {
			half = max(half, textWidth(line, style)/2)
		}
		x := min(max((f.left+f.right)/2, l.edge+half), l.width-l.edge-half)
		y = l.lines(d, lines, style, Point{x, y + 1.45*style.Size}) - 1.3*style.Size
	}
	return f, y + 8
}

// xTicks draws the grid lines and numbers of a level axis and returns the
// baseline of the numbers. Numbers that would touch are left out.
func (l layout) xTicks(d *Drawing, s scale, ticks []float64, top, bottom float64) float64 {
	style := l.smallText(RoleSoft, AnchorMiddle)
	y := bottom + 1.3*style.Size + 2
	var grid [][]Point
	var texts []Mark
	free := math.Inf(-1)
	for i, label := range tickLabels(ticks) {
		x := s.at(ticks[i])
		grid = append(grid, []Point{{x, top}, {x, bottom}})
		half := textWidth(label, style) / 2
		at := min(max(x, l.edge+half), l.width-l.edge-half)
		if at-half < free {
			continue
		}
		free = at + half + 8
		texts = append(texts, Text{At: Point{at, y}, Body: label, Style: style})
	}
	d.add(Lines{Paths: grid, Paint: Paint{Stroke: RoleGrid, Width: 1}})
	d.add(texts...)
	return y
}

// looseRange is a usable range of round ticks around all finite values, with
// about so many intervals. Without values it is 0 to 1.
func looseRange(values []float64, intervals int) (lo, hi float64, ticks []float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if finite(v) && math.Abs(v) <= 1e12 {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if lo > hi {
		lo, hi = 0, 1
	}
	if !usableRange(lo, hi) {
		margin := max(1, 1e-6*math.Abs(lo))
		lo, hi = lo-margin, hi+margin
	}
	step := niceStep(hi-lo, intervals)
	lo, hi = math.Floor(lo/step+1e-6)*step, math.Ceil(hi/step-1e-6)*step
	return lo, hi, stepTicks(lo, hi, step)
}

// scaleOf is the range of a questionnaire's scale with its ticks, or 0 to 1 when
// it is not usable.
func scaleOf(lo, hi float64, given []float64) (float64, float64, []float64) {
	if !usableRange(lo, hi) {
		lo, hi = 0, 1
	}
	return lo, hi, scaleTicks(given, lo, hi)
}

// apart moves labels of the given heights, wanted at the middles ys, just so far
// that they do not overlap and stay within top and bottom, keeping their order.
// When there is no room for all of them, they run over the bottom.
func apart(ys, heights []float64, top, bottom float64) []float64 {
	order := make([]int, len(ys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case ys[a] < ys[b]:
			return -1
		case ys[a] > ys[b]:
			return 1
		}
		return 0
	})
	out := slices.Clone(ys)
	free := bottom
	for _, i := range slices.Backward(order) {
		out[i] = min(out[i], free-heights[i]/2)
		free = out[i] - heights[i]/2
	}
	free = top
	for _, i := range order {
		out[i] = max(out[i], free+heights[i]/2)
		free = out[i] + heights[i]/2
	}
	return out
}
