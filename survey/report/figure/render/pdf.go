package render

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"

	"tidemark/survey/report/figure"
)

// pointsPerUnit makes a unit of the drawing a CSS pixel, 1/96 inch.
const pointsPerUnit = 0.75

const family = "Liberation Sans"

// PDF writes a drawing as a document of one page of the drawing's own size.
// Its text stays text. Title and description are in the document's properties.
// It fails only for a drawing without a size or one beyond all use, or when the
// font cannot be read.
func PDF(d figure.Drawing) ([]byte, error) {
	if err := checkSize(d); err != nil {
		return nil, fmt.Errorf("render pdf: %w", err)
	}
	doc := fpdf.NewCustom(&fpdf.InitType{
		UnitStr: "pt",
		Size:    fpdf.SizeType{Wd: d.Width * pointsPerUnit, Ht: d.Height * pointsPerUnit},
	})
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.SetCatalogSort(true)
	doc.SetCreationDate(noDate())
	doc.SetModificationDate(noDate())
	doc.SetProducer("Tidemark", true)
	doc.SetTitle(d.Title, true)
	doc.SetSubject(d.Desc, true)
	doc.AddUTF8FontFromBytes(family, "", liberationsansregular.TTF)
	doc.AddUTF8FontFromBytes(family, "B", liberationsansbold.TTF)
	doc.AddPage()
	doc.SetLineJoinStyle("round")
	p := page{doc}
	for _, m := range d.Marks {
		p.mark(m)
	}
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		return nil, fmt.Errorf("render pdf: %w", err)
	}
	return withoutDates(out.Bytes()), nil
}

// noDate stands in for the dates that the PDF writer insists on.
func noDate() time.Time { return time.Unix(0, 0).UTC() }

// withoutDates blanks the two dates. It keeps the length, because a PDF says at
// which byte each of its parts begins.
func withoutDates(pdf []byte) []byte {
	for _, key := range []string{"/CreationDate", "/ModDate"} {
		entry := []byte(key + " (D:" + noDate().Format("20060102150405") + ")")
		pdf = bytes.Replace(pdf, entry, bytes.Repeat([]byte{' '}, len(entry)), 1)
	}
	return pdf
}

// page puts marks on a page of a PDF.
type page struct{ doc *fpdf.Fpdf }

func (p page) mark(m figure.Mark) {
	switch m := m.(type) {
	case figure.Lines:
		p.lines(m)
	case figure.Polygon:
		p.shape(m.Points, m.Paint)
	case figure.Shapes:
		for _, points := range m.Outlines {
			p.shape(points, m.Paint)
		}
	case figure.Dots:
		style := p.paint(m.Paint)
		if style == "" {
			return
		}
		for _, c := range finitePoints(m.At) {
			p.doc.Circle(c.X*pointsPerUnit, c.Y*pointsPerUnit, m.Radius*pointsPerUnit, style)
		}
	case figure.Rect:
		p.shape(rectangle(m), m.Paint)
	case figure.Text:
		p.text(m)
	}
}

// paint sets the colours and returns how to draw with them, "" for not at all.
func (p page) paint(paint figure.Paint) (style string) {
	p.doc.SetAlpha(1-min(max(paint.Transparency, 0), 1), "Normal")
	if c := paint.Fill.Color(); c.A != 0 {
		p.doc.SetFillColor(int(c.R), int(c.G), int(c.B))
		style = "F"
	}
	if c := paint.Stroke.Color(); c.A != 0 && paint.Width > 0 {
		p.doc.SetDrawColor(int(c.R), int(c.G), int(c.B))
		p.doc.SetLineWidth(paint.Width * pointsPerUnit)
		style += "D"
	}
	dash := []float64{}
	if paint.Dashed {
		dash = []float64{dashOn * pointsPerUnit, dashOff * pointsPerUnit}
	}
	p.doc.SetDashPattern(dash, 0)
	return style
}

// lines draws opaque paths in one go, and see-through ones each on its own so
// that they darken each other.
func (p page) lines(m figure.Lines) {
	m.Paint.Fill = ""
	if p.paint(m.Paint) == "" {
		return
	}
	pending := false
	for _, path := range m.Paths {
		path = finitePoints(path)
		if len(path) < 2 {
			continue
		}
		p.trace(path)
		if pending = m.Paint.Transparency == 0; !pending {
			p.doc.DrawPath("D")
		}
	}
	if pending {
		p.doc.DrawPath("D")
	}
}

func (p page) shape(points []figure.Point, paint figure.Paint) {
	points = finitePoints(points)
	style := p.paint(paint)
	if len(points) < 3 || style == "" {
		return
	}
	p.trace(points)
	p.doc.ClosePath()
	p.doc.DrawPath(style)
}

func (p page) trace(path []figure.Point) {
	for i, pt := range path {
		x, y := pt.X*pointsPerUnit, pt.Y*pointsPerUnit
		if i == 0 {
			p.doc.MoveTo(x, y)
			continue
		}
		p.doc.LineTo(x, y)
	}
}

func (p page) text(t figure.Text) {
	c := t.Style.Fill.Color()
	if c.A == 0 || t.Body == "" || len(finitePoints([]figure.Point{t.At})) == 0 {
		return
	}
	style := ""
	if t.Style.Weight == figure.WeightBold {
		style = "B"
	}
	p.doc.SetAlpha(1, "Normal")
	p.doc.SetTextColor(int(c.R), int(c.G), int(c.B))
	p.doc.SetFont(family, style, t.Style.Size*pointsPerUnit)
	x := t.At.X * pointsPerUnit
	switch t.Style.Anchor {
	case figure.AnchorMiddle:
		x -= p.doc.GetStringWidth(t.Body) / 2
	case figure.AnchorEnd:
		x -= p.doc.GetStringWidth(t.Body)
	case figure.AnchorStart:
	}
	p.doc.Text(x, t.At.Y*pointsPerUnit, t.Body)
}
