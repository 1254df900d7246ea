package figure

import (
	"slices"
)

// wavePositions spreads n waves evenly over the plot, the outer ones at most
// 40 units from its ends.
func wavePositions(n int, left, right float64) []float64 {
	if n == 1 {
		return []float64{(left + right) / 2}
	}
	xs := make([]float64, n)
	inset := min(40, (right-left)/float64(2*max(n, 1)))
	for i := range xs {
		xs[i] = left + inset + (right-left-2*inset)*float64(i)/float64(n-1)
	}
	return xs
}

// waveLabels writes the names of the waves from the baseline y downwards, on
// two lines where needed, and returns the last baseline. When even those would
// touch, only every second, third … name is written.
func (l layout) waveLabels(d *Drawing, labels []string, xs []float64, y float64) float64 {
	if len(xs) == 0 {
		return y
	}
	style := l.smallText(RoleSoft, AnchorMiddle)
	step := l.width
	if len(xs) > 1 {
		step = xs[1] - xs[0]
	}
	widest := 0.0 // of the labels, once broken
	for _, label := range labels {
		for _, line := range wrap(label, style, 0) {
			widest = max(widest, textWidth(line, style))
		}
	}
	const air = 6
	every := 1
	for every < len(xs) && step*float64(every)-air < min(widest, 0.3*l.width) {
		every++
	}
	type placed struct {
		lines   []string
		x, half float64
	}
	var row []placed
	for i := 0; i < len(xs); i += every {
		room := step*float64(every) - air
		if i == 0 || i+every >= len(xs) {
			// An outer label may move inwards, up to the middle between it
			// and the next.
			outside := xs[i] - l.edge
			if i > 0 {
				outside = l.width - l.edge - xs[i]
			}
			room = min(room, outside+step*float64(every)/2-air)
		}
		p := placed{lines: wrap(labels[i], style, max(room, 1))}
		for _, line := range p.lines {
			p.half = max(p.half, textWidth(line, style)/2)
		}
		p.x = min(max(xs[i], l.edge+p.half), l.width-l.edge-p.half)
		for len(row) > 1 && row[len(row)-1].x+row[len(row)-1].half+2 > p.x-p.half {
			row = row[:len(row)-1]
		}
		row = append(row, p)
	}
	last := y
	for _, p := range row {
		for j, line := range p.lines {
			at := Point{p.x, y + float64(j)*1.2*style.Size}
			last = max(last, at.Y)
			d.add(Text{At: at, Body: line, Style: style})
		}
	}
	return last
}

// runs cuts 0..n-1 into the stretches for which ok holds.
func runs(n int, ok func(int) bool) [][]int {
	var out [][]int
	open := false
	for i := range n {
		if !ok(i) {
			open = false
			continue
		}
		if !open {
			out = append(out, nil)
		}
		open = true
		out[len(out)-1] = append(out[len(out)-1], i)
	}
	return out
}

// axisRange is the tight range around the estimates that are shown.
func axisRange(shown []Estimate, lo, hi float64) (axisLo, axisHi float64, ticks []float64) {
	if !usableRange(lo, hi) {
		lo, hi = 0, 1
	}
	var ends []float64
	for _, e := range shown {
		if e.known() {
			ends = append(ends, e.Value)
		}
		if e.hasInterval() {
			ends = append(ends, e.Low, e.High)
		}
	}
	if len(ends) == 0 {
		return lo, hi, scaleTicks(nil, lo, hi)
	}
	return tightRange(slices.Min(ends), slices.Max(ends), lo, hi)
}
