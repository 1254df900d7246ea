package figure

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// fontStack lists system fonts only, so that a figure fetches nothing.
const fontStack = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,DejaVu Sans,sans-serif"

// overlapLayers bounds the paths a see-through mark is dealt onto. One path
// paints its overlaps only once, so a crowd drawn as one path would be a flat
// patch; one path per person would be too large a file.
const overlapLayers = 20

// SVG renders a drawing as an svg element for inlining in a page or saving as
// a file. It has presentation attributes only, no style, script or reference
// to anything outside, so a strict content security policy lets it pass. Its
// title and desc carry the ids "<ID>-title" and "<ID>-desc".
func SVG(d Drawing) string {
	w := &svgWriter{}
	id := safeID(d.ID)
	fmt.Fprintf(&w.b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="100%%" role="img" aria-labelledby="%s-title %s-desc" font-family="%s" fill="none">`,
		decimal(d.Width), decimal(d.Height), id, id, fontStack)
	fmt.Fprintf(&w.b, "\n<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", id, escape(d.Title), id, escape(d.Desc))
	for i := 0; i < len(d.Marks); {
		i += w.marks(d.Marks[i:])
	}
	w.b.WriteString("</svg>\n")
	return w.b.String()
}

type svgWriter struct{ b strings.Builder }

// marks writes the first mark, or all leading texts of one style as a group,
// and returns how many it has written.
func (w *svgWriter) marks(ms []Mark) int {
	switch m := ms[0].(type) {
	case Lines:
		w.layered(m.Paths, "none", m.Paint, m.Paint.Width)
	case Dots:
		w.dots(m)
	case Polygon:
		w.polygon(m)
	case Shapes:
		w.shapes(m)
	case Rect:
		if finite(m.X, m.Y, m.W, m.H) {
			fmt.Fprintf(&w.b, `<rect x="%s" y="%s" width="%s" height="%s"%s/>`+"\n",
				decimal(m.X), decimal(m.Y), decimal(m.W), decimal(m.H), paintAttrs(m.Paint))
		}
	case Text:
		n := 1
		for n < len(ms) {
			next, ok := ms[n].(Text)
			if !ok || next.Style != m.Style {
				break
			}
			n++
		}
		w.texts(ms[:n], m.Style)
		return n
	}
	return 1
}

// layered strokes the paths; see overlapLayers.
func (w *svgWriter) layered(paths [][]Point, lineCap string, p Paint, width float64) {
	kept := make([][]Point, 0, len(paths))
	for _, path := range paths {
		if path = finitePoints(path); len(path) > 0 {
			kept = append(kept, path)
		}
	}
	if len(kept) == 0 || p.Stroke == "" {
		return
	}
	layers := 1
	if p.Transparency > 0 {
		layers = min(overlapLayers, len(kept))
	}
	p.Width = width
	attrs := paintAttrs(p)
	if lineCap != "none" {
		attrs += ` stroke-linecap="` + lineCap + `"`
	} else {
		attrs += ` stroke-linejoin="round"`
	}
	if layers == 1 {
		w.b.WriteString(`<path` + attrs + ` d="` + pathData(kept) + "\"/>\n")
		return
	}
	w.b.WriteString("<g" + attrs + ">\n")
	for l := range layers {
		var layer [][]Point
		for i := l; i < len(kept); i += layers {
			layer = append(layer, kept[i])
		}
		w.b.WriteString(`<path d="` + pathData(layer) + "\"/>\n")
	}
	w.b.WriteString("</g>\n")
}

// dots writes circles, or, where there are many without an outline, paths of
// zero-length strokes with round caps, which take a third of the bytes.
func (w *svgWriter) dots(m Dots) {
	at := finitePoints(m.At)
	if len(at) == 0 {
		return
	}
	if m.Paint.Stroke == "" && len(at) > 12 {
		paths := make([][]Point, len(at))
		for i, p := range at {
			paths[i] = []Point{p}
		}
		w.layered(paths, "round", Paint{Stroke: m.Paint.Fill, Transparency: m.Paint.Transparency}, 2*m.Radius)
		return
	}
	w.b.WriteString("<g" + paintAttrs(m.Paint) + ">")
	for _, p := range at {
		fmt.Fprintf(&w.b, `<circle cx="%s" cy="%s" r="%s"/>`, decimal(p.X), decimal(p.Y), decimal(m.Radius))
	}
	w.b.WriteString("</g>\n")
}

func (w *svgWriter) polygon(m Polygon) {
	pts := finitePoints(m.Points)
	if len(pts) < 3 {
		return
	}
	w.b.WriteString(`<path` + paintAttrs(m.Paint) + ` d="` + pathData([][]Point{pts}) + "z\"/>\n")
}

func (w *svgWriter) texts(ms []Mark, s TextStyle) {
	w.b.WriteString(`<g font-size="` + decimal(s.Size) + `" fill="` + hex(s.Fill) + `"`)
	if s.Anchor.Valid() && s.Anchor != AnchorStart {
		w.b.WriteString(` text-anchor="` + string(s.Anchor) + `"`)
	}
	if s.Weight == WeightBold {
		w.b.WriteString(` font-weight="600"`)
	}
	w.b.WriteString(">")
	for _, m := range ms {
		t, ok := m.(Text)
		if !ok || !finite(t.At.X, t.At.Y) {
			continue
		}
		fmt.Fprintf(&w.b, `<text x="%s" y="%s">%s</text>`, decimal(t.At.X), decimal(t.At.Y), escape(t.Body))
	}
	w.b.WriteString("</g>\n")
}

func paintAttrs(p Paint) string {
	var b strings.Builder
	opacity := ""
	if p.Transparency > 0 {
		opacity = strconv.FormatFloat(1-min(p.Transparency, 1), 'f', 2, 64)
	}
	if p.Fill != "" {
		b.WriteString(` fill="` + hex(p.Fill) + `"`)
		if opacity != "" {
			b.WriteString(` fill-opacity="` + opacity + `"`)
		}
	}
	if p.Stroke != "" {
		b.WriteString(` stroke="` + hex(p.Stroke) + `" stroke-width="` + decimal(p.Width) + `"`)
		if opacity != "" {
			b.WriteString(` stroke-opacity="` + opacity + `"`)
		}
		if p.Dashed {
			b.WriteString(` stroke-dasharray="6 4"`)
		}
	}
	return b.String()
}

func hex(r Role) string {
	c := r.Color()
	if c.A == 0 {
		return "none"
	}
	return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
}

// escape makes s safe as XML text; characters XML forbids become U+FFFD.
func escape(s string) string {
	var b strings.Builder
	// A strings.Builder never fails to take bytes.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// safeID keeps the characters that are safe in an id and in a list of ids.
func safeID(id string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, id)
	if safe == "" {
		return "figure"
	}
	return safe
}
