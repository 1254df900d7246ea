package render_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"regexp"
	"testing"

	"tidemark/survey/report/figure"
	"tidemark/survey/report/figure/figuretest"
	"tidemark/survey/report/figure/render"
)

func paint(t *testing.T, d figure.Drawing) image.Image {
	t.Helper()
	data, err := render.PNG(d)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestTheSameDrawingGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	d := figuretest.Forest().Draw(figure.SizeStandard)
	for name, f := range map[string]func(figure.Drawing) ([]byte, error){"png": render.PNG, "pdf": render.PDF} {
		first, err := f(d)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if again, err := f(d); err != nil || !bytes.Equal(again, first) {
				t.Fatalf("%s differs (error %v)", name, err)
			}
		}
	}
}

var date = regexp.MustCompile(`CreationDate|ModDate|\(D:\d`)

func TestAPDFCarriesNoDateAndItsFont(t *testing.T) {
	t.Parallel()
	pdf, err := render.PDF(figuretest.Flow(2).Draw(figure.SizeWide))
	if err != nil {
		t.Fatal(err)
	}
	if found := date.Find(pdf); found != nil {
		t.Errorf("the file carries %q", found)
	}
	for _, want := range []string{"%PDF-1.", "/FontFile2", "/Title", "%%EOF"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("no %s in the file", want)
		}
	}
	if len(pdf) > 100_000 {
		t.Errorf("%d bytes: the fonts are not cut down to the letters in use", len(pdf))
	}
}

func TestAPNGHasTwoPixelsPerUnitOnWhite(t *testing.T) {
	t.Parallel()
	img := paint(t, figure.Drawing{Width: 100.4, Height: 50, Marks: []figure.Mark{
		figure.Rect{X: 10, Y: 10, W: 20, H: 10, Paint: figure.Paint{Fill: figure.RoleCourse}},
	}})
	if got, want := img.Bounds().Size(), image.Pt(201, 100); got != want {
		t.Errorf("size %v, want %v", got, want)
	}
	requireColor(t, img, 5, 5, color.NRGBA{255, 255, 255, 255})
	requireColor(t, img, 40, 30, figure.RoleCourse.Color())
	requireColor(t, img, 62, 30, color.NRGBA{255, 255, 255, 255})
}

func requireColor(t *testing.T, img image.Image, x, y int, want color.NRGBA) {
	t.Helper()
	if got := color.NRGBAModel.Convert(img.At(x, y)); got != want {
		t.Errorf("pixel %d, %d is %v, want %v", x, y, got, want)
	}
}

func TestALineHasNoHolesAtItsBends(t *testing.T) {
	t.Parallel()
	path := []figure.Point{{X: 10, Y: 40}, {X: 20, Y: 20}, {X: 35, Y: 12}, {X: 60, Y: 10}, {X: 40, Y: 30}}
	img := paint(t, figure.Drawing{Width: 80, Height: 50, Marks: []figure.Mark{
		figure.Lines{Paths: [][]figure.Point{path}, Paint: figure.Paint{Stroke: figure.RoleInk, Width: 4}},
	}})
	for i := 1; i < len(path); i++ {
		for k := 1.0; k < 20; k++ {
			x, y := path[i-1].X+k/20*(path[i].X-path[i-1].X), path[i-1].Y+k/20*(path[i].Y-path[i-1].Y)
			requireColor(t, img, int(2*x), int(2*y), figure.RoleInk.Color())
		}
	}
	for _, p := range path[1:4] {
		requireColor(t, img, int(2*p.X), int(2*p.Y), figure.RoleInk.Color())
	}
}

func TestSeeThroughLinesDarkenEachOther(t *testing.T) {
	t.Parallel()
	across := []figure.Point{{X: 0, Y: 10}, {X: 40, Y: 10}}
	down := []figure.Point{{X: 20, Y: 0}, {X: 20, Y: 20}}
	img := paint(t, figure.Drawing{Width: 40, Height: 20, Marks: []figure.Mark{
		figure.Lines{Paths: [][]figure.Point{across, down}, Paint: figure.Paint{Stroke: figure.RoleInk, Width: 4, Transparency: 0.5}},
	}})
	once, _, _, _ := img.At(10, 20).RGBA()
	twice, _, _, _ := img.At(40, 20).RGBA()
	if twice >= once {
		t.Errorf("crossing lines are %d bright, one alone %d", twice, once)
	}
}

// TestEveryLetterOfOurTextsIsInTheFont compares each with the box that stands
// for a missing one.
func TestEveryLetterOfOurTextsIsInTheFont(t *testing.T) {
	t.Parallel()
	glyph := func(r rune) image.Image {
		return paint(t, figure.Drawing{Width: 30, Height: 30, Marks: []figure.Mark{
			figure.Text{At: figure.Point{X: 5, Y: 22}, Body: string(r), Style: figure.TextStyle{Size: 20, Fill: figure.RoleInk}},
		}})
	}
	missing := glyph('\uE000')
	for _, r := range "äöüÄÖÜßéñ−×αωηχ²≥≤…–—’“”„·←→" {
		if img := glyph(r); samePicture(img, missing) {
			t.Errorf("%c is not in the font", r)
		}
	}
}

func samePicture(a, b image.Image) bool {
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}

func TestTextStandsWhereItsAnchorSays(t *testing.T) {
	t.Parallel()
	middle := func(a figure.Anchor) float64 {
		img := paint(t, figure.Drawing{Width: 200, Height: 30, Marks: []figure.Mark{
			figure.Text{At: figure.Point{X: 100, Y: 20}, Body: "Übung", Style: figure.TextStyle{Size: 14, Anchor: a, Fill: figure.RoleInk}},
		}})
		lo, hi := math.Inf(1), math.Inf(-1)
		for x := range img.Bounds().Dx() {
			for y := range img.Bounds().Dy() {
				if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
					lo, hi = min(lo, float64(x)), max(hi, float64(x))
				}
			}
		}
		return (lo + hi) / 4
	}
	start, centre, end := middle(figure.AnchorStart), middle(figure.AnchorMiddle), middle(figure.AnchorEnd)
	if !(start > 110 && math.Abs(centre-100) < 2 && end < 90) {
		t.Errorf("middles at %g, %g and %g around 100", start, centre, end)
	}
}

func TestADrawingWithoutASizeIsRefused(t *testing.T) {
	t.Parallel()
	for _, d := range []figure.Drawing{{}, {Width: 10, Height: math.NaN()}, {Width: 1e9, Height: 10}} {
		if _, err := render.PNG(d); err == nil {
			t.Errorf("png of %g × %g is made", d.Width, d.Height)
		}
		if _, err := render.PDF(d); err == nil {
			t.Errorf("pdf of %g × %g is made", d.Width, d.Height)
		}
	}
}

func TestPointsThatAreNotNumbersAreNotDrawn(t *testing.T) {
	t.Parallel()
	nan := figure.Point{X: math.NaN(), Y: math.Inf(1)}
	ink := figure.Paint{Fill: figure.RoleInk, Stroke: figure.RoleInk, Width: 2}
	d := figure.Drawing{Width: 40, Height: 40, Marks: []figure.Mark{
		figure.Lines{Paths: [][]figure.Point{{nan, nan}, nil}, Paint: ink}, figure.Polygon{Points: []figure.Point{nan, nan, nan}, Paint: ink},
		figure.Shapes{Outlines: [][]figure.Point{nil, {nan}}, Paint: ink}, figure.Dots{At: []figure.Point{nan}, Radius: 3, Paint: ink},
		figure.Rect{X: math.NaN(), W: 3, H: 3, Paint: ink}, figure.Text{At: nan, Body: "x", Style: figure.TextStyle{Size: 12, Fill: figure.RoleInk}},
	}}
	img := paint(t, d)
	for y := range 80 {
		for x := range 80 {
			requireColor(t, img, x, y, color.NRGBA{255, 255, 255, 255})
		}
	}
	if _, err := render.PDF(d); err != nil {
		t.Error(err)
	}
}

func BenchmarkPNG(b *testing.B) {
	d := figuretest.Raincloud(86).Draw(figure.SizeStandard)
	for b.Loop() {
		if _, err := render.PNG(d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	d := figuretest.Raincloud(86).Draw(figure.SizeStandard)
	for b.Loop() {
		if _, err := render.PDF(d); err != nil {
			b.Fatal(err)
		}
	}
}
