package render

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"

	"tidemark/survey/report/figure"
)

// PixelsPerUnit is the resolution of a PNG: two pixels for each unit of the
// drawing, which is sharp on a dense screen and in print at the figure's own
// size.
const PixelsPerUnit = 2

// maxUnits bounds the sides of a picture, so that a faulty drawing is refused
// and does not fill the memory.
const maxUnits = 8000

// PNG paints a drawing on white. It fails only for a drawing without a size or
// one beyond all use, or when the font cannot be read.
func PNG(d figure.Drawing) ([]byte, error) {
	if err := checkSize(d); err != nil {
		return nil, fmt.Errorf("render png: %w", err)
	}
	p := newPainter(d)
	for _, m := range d.Marks {
		if err := p.mark(m); err != nil {
			return nil, fmt.Errorf("render png: %w", err)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, p.img); err != nil {
		return nil, fmt.Errorf("render png: %w", err)
	}
	return out.Bytes(), nil
}

func checkSize(d figure.Drawing) error {
	for _, v := range []float64{d.Width, d.Height} {
		if !(v > 0 && v <= maxUnits) {
			return fmt.Errorf("drawing of %g by %g units", d.Width, d.Height)
		}
	}
	return nil
}

// painter fills shapes given in pixels.
type painter struct {
	img    *image.RGBA
	fonts  fonts
	raster vector.Rasterizer
}

func newPainter(d figure.Drawing) *painter {
	w, h := int(math.Ceil(d.Width*PixelsPerUnit)), int(math.Ceil(d.Height*PixelsPerUnit))
	p := &painter{img: image.NewRGBA(image.Rect(0, 0, w, h))}
	draw.Draw(p.img, p.img.Bounds(), image.White, image.Point{}, draw.Src)
	return p
}

func (p *painter) mark(m figure.Mark) error {
	switch m := m.(type) {
	case figure.Lines:
		p.strokes(m.Paths, m.Paint, false)
	case figure.Polygon:
		p.shape(m.Points, m.Paint)
	case figure.Shapes:
		for _, points := range m.Outlines {
			p.shape(points, m.Paint)
		}
	case figure.Dots:
		for _, c := range m.At {
			p.shape(circle(c, m.Radius), m.Paint)
		}
	case figure.Rect:
		p.shape(rectangle(m), m.Paint)
	case figure.Text:
		return p.text(m)
	}
	return nil
}

// shape fills and outlines one closed shape.
func (p *painter) shape(points []figure.Point, paint figure.Paint) {
	points = finitePoints(points)
	if len(points) < 3 {
		return
	}
	if paint.Fill != "" {
		p.fill([][]figure.Point{points}, paint.Fill, paint.Transparency)
	}
	p.strokes([][]figure.Point{points}, paint, true)
}

// strokes draws every path on its own, so that see-through ones darken each
// other.
func (p *painter) strokes(paths [][]figure.Point, paint figure.Paint, closed bool) {
	if paint.Stroke == "" || !(paint.Width > 0) {
		return
	}
	for _, path := range paths {
		path = finitePoints(path)
		if closed {
			path = append(path, path[0])
		}
		p.fill(outline(path, paint.Width, paint.Dashed), paint.Stroke, paint.Transparency)
	}
}

// fill paints the union of contours that all run the same way round; contours
// that run the other way are holes.
func (p *painter) fill(contours [][]figure.Point, role figure.Role, transparency float64) {
	box := pixelBox(contours).Intersect(p.img.Bounds())
	if box.Empty() {
		return
	}
	r := &p.raster
	r.Reset(box.Dx(), box.Dy())
	x0, y0 := float64(box.Min.X), float64(box.Min.Y)
	for _, c := range contours {
		for i, pt := range c {
			x, y := float32(pt.X*PixelsPerUnit-x0), float32(pt.Y*PixelsPerUnit-y0)
			if i == 0 {
				r.MoveTo(x, y)
				continue
			}
			r.LineTo(x, y)
		}
		r.ClosePath()
	}
	r.Draw(p.img, box, image.NewUniform(seeThrough(role, transparency)), image.Point{})
}

// pixelBox is the smallest rectangle of whole pixels around the contours.
func pixelBox(contours [][]figure.Point) image.Rectangle {
	lo, hi := figure.Point{X: math.Inf(1), Y: math.Inf(1)}, figure.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, c := range contours {
		for _, pt := range c {
			lo.X, lo.Y = min(lo.X, pt.X), min(lo.Y, pt.Y)
			hi.X, hi.Y = max(hi.X, pt.X), max(hi.Y, pt.Y)
		}
	}
	// The bound keeps the conversion to int within range.
	px := func(v float64) float64 { return min(max(v, -maxUnits), 2*maxUnits) * PixelsPerUnit }
	return image.Rect(int(math.Floor(px(lo.X))), int(math.Floor(px(lo.Y))), int(math.Ceil(px(hi.X))), int(math.Ceil(px(hi.Y))))
}

func seeThrough(role figure.Role, transparency float64) color.NRGBA {
	c := role.Color()
	c.A = uint8(math.Round(float64(c.A) * (1 - min(max(transparency, 0), 1))))
	return c
}
