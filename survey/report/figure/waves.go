package figure

import (
	"math"
	"slices"
)

// wavePositions spreads n waves evenly over the plot.
func wavePositions(n int, left, right float64) []float64 {
	xs := make([]float64, n)
	step := (right - left) / float64(max(n, 1))
	for i := range xs {
		xs[i] = left + (float64(i)+0.5)*step
	}
	return xs
}

// waveLabels writes the names of the waves under the axis, on two lines where
// needed. When even those would touch, only every second, third … is written.
func (l layout) waveLabels(d *Drawing, labels []string, xs []float64, y float64) {
	if len(xs) == 0 {
		return
	}
	style := l.smallText(RoleSoft, AnchorMiddle)
	step := l.width
	if len(xs) > 1 {
		step = xs[1] - xs[0]
	}
	longest := 0.0
	for _, label := range labels {
		for _, line := range wrap(label, style, math.Inf(1)) {
			longest = max(longest, textWidth(line, style))
		}
	}
	every := 1
	for every < len(xs) && step*float64(every)-6 < min(longest, 3.2*style.Size) {
		every++
	}
	for i := 0; i < len(xs); i += every {
		room := min(step*float64(every)-6, 2*min(xs[i]-l.edge, l.width-l.edge-xs[i]))
		for j, line := range wrap(labels[i], style, room) {
			d.add(Text{At: Point{xs[i], y + float64(j)*1.2*style.Size}, Body: line, Style: style})
		}
	}
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
