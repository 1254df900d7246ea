package render

import (
	"fmt"
	"math"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"tidemark/survey/report/figure"
)

// fonts holds the faces that a picture has needed so far.
type fonts struct {
	regular, bold *sfnt.Font
	buf           sfnt.Buffer
}

func (f *fonts) face(w figure.Weight) (*sfnt.Font, error) {
	face, data := &f.regular, liberationsansregular.TTF
	if w == figure.WeightBold {
		face, data = &f.bold, liberationsansbold.TTF
	}
	if *face == nil {
		parsed, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("read font: %w", err)
		}
		*face = parsed
	}
	return *face, nil
}

// text paints one line of text as the outlines of its glyphs.
func (p *painter) text(t figure.Text) error {
	face, err := p.fonts.face(t.Style.Weight)
	if err != nil {
		return err
	}
	if math.IsNaN(t.At.X+t.At.Y) || math.IsInf(t.At.X+t.At.Y, 0) || !(t.Style.Size > 0) {
		return nil
	}
	line, err := p.fonts.set(face, t.Body)
	if err != nil {
		return fmt.Errorf("set %q: %w", t.Body, err)
	}
	scale := t.Style.Size / emSize
	x := t.At.X
	switch t.Style.Anchor {
	case figure.AnchorMiddle:
		x -= line.width * scale / 2
	case figure.AnchorEnd:
		x -= line.width * scale
	case figure.AnchorStart:
	}
	for _, c := range line.contours {
		for i := range c {
			c[i] = figure.Point{X: x + c[i].X*scale, Y: t.At.Y + c[i].Y*scale}
		}
	}
	p.fill(line.contours, t.Style.Fill, 0)
	return nil
}

// emSize is the size in which outlines are read, large enough to scale without
// visible rounding.
const emSize = 1000

// setLine is a line of text in emSize: its outlines from the origin on.
type setLine struct {
	contours [][]figure.Point
	width    float64
}

func (f *fonts) set(face *sfnt.Font, body string) (setLine, error) {
	var line setLine
	ppem := fixed.I(emSize)
	var last sfnt.GlyphIndex
	for i, r := range []rune(body) {
		glyph, err := face.GlyphIndex(&f.buf, r)
		if err != nil {
			return line, err
		}
		if i > 0 {
			// A pair without kerning is the ordinary case, not a fault.
			if kern, err := face.Kern(&f.buf, last, glyph, ppem, font.HintingNone); err == nil {
				line.width += units(kern)
			}
		}
		last = glyph
		segments, err := face.LoadGlyph(&f.buf, glyph, ppem, nil)
		if err != nil {
			return line, err
		}
		line.contours = append(line.contours, flatten(segments, line.width)...)
		advance, err := face.GlyphAdvance(&f.buf, glyph, ppem, font.HintingNone)
		if err != nil {
			return line, err
		}
		line.width += units(advance)
	}
	return line, nil
}

func units(v fixed.Int26_6) float64 { return float64(v) / 64 }

// flatten turns curves into short lines, moved right by dx.
func flatten(segments sfnt.Segments, dx float64) [][]figure.Point {
	const steps = 6
	var out [][]figure.Point
	var at figure.Point
	point := func(p fixed.Point26_6) figure.Point { return figure.Point{X: units(p.X) + dx, Y: units(p.Y)} }
	add := func(p figure.Point) {
		out[len(out)-1] = append(out[len(out)-1], p)
		at = p
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			out = append(out, nil)
			add(point(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			add(point(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			from, c, to := at, point(s.Args[0]), point(s.Args[1])
			for k := 1; k <= steps; k++ {
				t := float64(k) / steps
				add(mix(mix(from, c, t), mix(c, to, t), t))
			}
		case sfnt.SegmentOpCubeTo:
			from, c, e, to := at, point(s.Args[0]), point(s.Args[1]), point(s.Args[2])
			for k := 1; k <= steps; k++ {
				t := float64(k) / steps
				first, second, third := mix(from, c, t), mix(c, e, t), mix(e, to, t)
				add(mix(mix(first, second, t), mix(second, third, t), t))
			}
		}
	}
	return out
}

func mix(a, b figure.Point, t float64) figure.Point {
	return figure.Point{X: a.X + t*(b.X-a.X), Y: a.Y + t*(b.Y-a.Y)}
}
