package figure_test

import (
	"fmt"
	"strings"
	"testing"

	"tidemark/survey/report/figure"
	"tidemark/survey/report/figure/figuretest"
)

var allSizes = []figure.Size{figure.SizeCompact, figure.SizeStandard, figure.SizeWide}

// textBox is the place a text takes. The width the layouts reckon with is that
// of the widest font of the stack, so a seventh less is what readers see.
type textBox struct {
	body                     string
	left, right, top, bottom float64
}

func newTextBox(t figure.Text) textBox {
	w := figure.TextWidth(t.Body, t.Style)
	x := t.At.X
	switch t.Style.Anchor {
	case figure.AnchorMiddle:
		x -= w / 2
	case figure.AnchorEnd:
		x -= w
	case figure.AnchorStart:
	}
	return textBox{t.Body, x, x + w, t.At.Y - 0.72*t.Style.Size, t.At.Y + 0.2*t.Style.Size}
}

func (a textBox) overlaps(b textBox) bool {
	const narrower = 1. / 14
	aw, bw := narrower*(a.right-a.left), narrower*(b.right-b.left)
	return a.left+aw < b.right-bw && b.left+bw < a.right-aw && a.top < b.bottom && b.top < a.bottom
}

func texts(d figure.Drawing) (boxes []textBox) {
	for _, m := range d.Marks {
		if t, ok := m.(figure.Text); ok && strings.TrimSpace(t.Body) != "" {
			boxes = append(boxes, newTextBox(t))
		}
	}
	return boxes
}

func TestNoTextCoversAnotherOrIsCutOff(t *testing.T) {
	t.Parallel()
	for _, s := range figuretest.Samples() {
		for _, size := range allSizes {
			d := s.Figure.Draw(size)
			boxes := texts(d)
			for i, a := range boxes {
				if a.left < -1 || a.right > d.Width+1 || a.top < -1 || a.bottom > d.Height+1 {
					t.Errorf("%s %s: %q lies at %.0f–%.0f × %.0f–%.0f outside of %g × %g", s.Name, size, a.body, a.left, a.right, a.top, a.bottom, d.Width, d.Height)
				}
				for _, b := range boxes[:i] {
					if a.overlaps(b) {
						t.Errorf("%s %s: %q covers %q", s.Name, size, a.body, b.body)
					}
				}
			}
		}
	}
}

func TestNoTextIsTooSmallToRead(t *testing.T) {
	t.Parallel()
	for _, s := range figuretest.Samples() {
		for _, size := range allSizes {
			for _, m := range s.Figure.Draw(size).Marks {
				if text, ok := m.(figure.Text); ok && text.Style.Size < 12 {
					t.Errorf("%s %s: %q is set in %g", s.Name, size, text.Body, text.Style.Size)
				}
			}
		}
	}
}

func TestEverySampleIsACleanPictureAndSaysItsNumbers(t *testing.T) {
	t.Parallel()
	for _, s := range figuretest.Samples() {
		alt := s.Figure.Alt()
		if !strings.HasSuffix(alt, ".") || forbidden.MatchString(alt) {
			t.Errorf("%s: the alternative is %q", s.Name, alt)
		}
		table := s.Figure.Table()
		for _, row := range table.Rows {
			if len(row) != len(table.Header) || forbidden.MatchString(fmt.Sprint(row)) {
				t.Errorf("%s: row %q under %q", s.Name, row, table.Header)
			}
		}
		for _, size := range allSizes {
			svg := figure.SVG(s.Figure.Draw(size))
			requireCleanSVG(t, svg)
			if m := forbidden.FindString(svg); m != "" {
				t.Errorf("%s %s: %q in the file", s.Name, size, m)
			}
			if svg != figure.SVG(s.Figure.Draw(size)) {
				t.Errorf("%s %s: the second drawing differs", s.Name, size)
			}
		}
	}
}

func TestNoFigureOfACrowdIsALargeFile(t *testing.T) {
	t.Parallel()
	for _, s := range figuretest.Samples() {
		for _, size := range allSizes {
			if n := len(figure.SVG(s.Figure.Draw(size))); n > 150_000 {
				t.Errorf("%s %s takes %d bytes", s.Name, size, n)
			}
		}
	}
}
