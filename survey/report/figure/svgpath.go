package figure

import (
	"math"
	"strconv"
	"strings"
)

// shapes writes closed shapes, see-through ones dealt onto layers.
func (w *svgWriter) shapes(m Shapes) {
	kept := make([][]Point, 0, len(m.Outlines))
	for _, outline := range m.Outlines {
		if outline = finitePoints(outline); len(outline) > 2 {
			kept = append(kept, outline)
		}
	}
	if len(kept) == 0 {
		return
	}
	layers := 1
	if m.Paint.Transparency > 0 {
		layers = min(overlapLayers, len(kept))
	}
	w.b.WriteString("<g" + paintAttrs(m.Paint) + ">\n")
	for l := range layers {
		var b strings.Builder
		for i := l; i < len(kept); i += layers {
			// Each shape begins absolutely: closing one moves the pen back.
			b.WriteString(pathData(kept[i:i+1]) + "z")
		}
		w.b.WriteString(`<path d="` + b.String() + "\"/>\n")
	}
	w.b.WriteString("</g>\n")
}

// pathData writes the paths with relative steps counted in tenths of a unit,
// so that rounding never adds up along a path. A path of one point becomes a
// zero-length stroke.
func pathData(paths [][]Point) string {
	var b strings.Builder
	var x, y int64
	pair := func(cmd byte, p Point) {
		nx, ny := tenths(p.X), tenths(p.Y)
		b.WriteByte(cmd)
		b.WriteString(formatTenths(nx - x))
		if ny >= y {
			b.WriteByte(' ')
		}
		b.WriteString(formatTenths(ny - y))
		x, y = nx, ny
	}
	for i, path := range paths {
		cmd := byte('m')
		if i == 0 {
			cmd = 'M'
		}
		pair(cmd, path[0])
		if len(path) == 1 {
			b.WriteString("h0")
		}
		for _, p := range path[1:] {
			pair('l', p)
		}
	}
	return b.String()
}

// tenths rounds to a tenth of a unit and keeps within what renderers accept.
func tenths(v float64) int64 {
	if math.IsNaN(v) {
		return 0
	}
	return int64(math.Round(min(max(v, -1e6), 1e6) * 10))
}

func decimal(v float64) string { return formatTenths(tenths(v)) }

// formatTenths writes n/10 without needless zeros: 12.5, 3, -.4.
func formatTenths(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	whole := strconv.FormatInt(n/10, 10)
	if n%10 == 0 {
		return sign + whole
	}
	if n < 10 {
		whole = ""
	}
	return sign + whole + "." + strconv.FormatInt(n%10, 10)
}

func finitePoints(pts []Point) []Point {
	kept := make([]Point, 0, len(pts))
	for _, p := range pts {
		if finite(p.X, p.Y) {
			kept = append(kept, p)
		}
	}
	return kept
}
