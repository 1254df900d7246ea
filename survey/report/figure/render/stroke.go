package render

import (
	"math"

	"tidemark/survey/report/figure"
)

// outline turns a line into the contours of its stroke: a rectangle for every
// segment and a disc for every bend. All run the same way round, so that
// filling them together paints their union.
func outline(path []figure.Point, width float64, dashed bool) [][]figure.Point {
	if dashed {
		var all [][]figure.Point
		for _, dash := range dashes(path, dashOn, dashOff) {
			all = append(all, outline(dash, width, false)...)
		}
		return all
	}
	var contours [][]figure.Point
	half := width / 2
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		dx, dy := b.X-a.X, b.Y-a.Y
		length := math.Hypot(dx, dy)
		if length == 0 {
			continue
		}
		nx, ny := -dy/length*half, dx/length*half
		contours = append(contours, []figure.Point{
			{X: a.X + nx, Y: a.Y + ny}, {X: a.X - nx, Y: a.Y - ny}, {X: b.X - nx, Y: b.Y - ny}, {X: b.X + nx, Y: b.Y + ny},
		})
		if i > 1 && bends(path[i-2], a, b) {
			contours = append(contours, circle(a, half))
		}
	}
	if n := len(path); n > 2 && path[0] == path[n-1] {
		contours = append(contours, circle(path[0], half))
	}
	return contours
}

// dashOn and dashOff are the lengths of a dash and of the gap after it, in
// units of the drawing; figure.SVG breaks its lines in the same way.
const dashOn, dashOff = 6, 4

// bends reports whether the way from a over b to c turns by so much that the
// corner would be seen.
func bends(a, b, c figure.Point) bool {
	ux, uy, vx, vy := b.X-a.X, b.Y-a.Y, c.X-b.X, c.Y-b.Y
	cross, dot := ux*vy-uy*vx, ux*vx+uy*vy
	return dot <= 0 || math.Abs(cross) > 0.05*dot
}

// dashes cuts a path into pieces of length on with gaps of length off.
func dashes(path []figure.Point, on, off float64) [][]figure.Point {
	var out [][]figure.Point
	var dash []figure.Point
	drawing, left := true, on
	for i := range path {
		if i == 0 {
			dash = append(dash, path[0])
			continue
		}
		at := path[i-1]
		for {
			rest := math.Hypot(path[i].X-at.X, path[i].Y-at.Y)
			if rest <= left {
				left -= rest
				break
			}
			t := left / rest
			at = figure.Point{X: at.X + t*(path[i].X-at.X), Y: at.Y + t*(path[i].Y-at.Y)}
			if drawing {
				out, dash = append(out, append(dash, at)), nil
				left = off
			} else {
				dash = []figure.Point{at}
				left = on
			}
			drawing = !drawing
		}
		if drawing {
			dash = append(dash, path[i])
		}
	}
	if drawing && len(dash) > 1 {
		out = append(out, dash)
	}
	return out
}

// circle is a polygon that no eye tells from a circle at the sizes of a dot.
func circle(c figure.Point, radius float64) []figure.Point {
	if !(radius > 0) {
		return nil
	}
	n := int(min(16+2*radius*PixelsPerUnit, 90))
	out := make([]figure.Point, n)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		out[i] = figure.Point{X: c.X + radius*cos, Y: c.Y + radius*sin}
	}
	return out
}

func rectangle(r figure.Rect) []figure.Point {
	return []figure.Point{{X: r.X, Y: r.Y}, {X: r.X, Y: r.Y + r.H}, {X: r.X + r.W, Y: r.Y + r.H}, {X: r.X + r.W, Y: r.Y}}
}

func finitePoints(points []figure.Point) []figure.Point {
	kept := make([]figure.Point, 0, len(points)+1)
	for _, p := range points {
		if !math.IsNaN(p.X+p.Y) && !math.IsInf(p.X+p.Y, 0) {
			kept = append(kept, p)
		}
	}
	return kept
}
