package figure

// Figure is what a page or a document needs from any figure.
type Figure interface {
	// Draw lays the figure out for the given size. It never fails: without
	// data it draws the empty axes and says so.
	Draw(Size) Drawing
	// Alt gives the figure's numbers in one sentence.
	Alt() string
	// Table gives the figure's numbers as rows.
	Table() Table
}

// Table holds a figure's numbers as text, one row per drawn group or wave.
type Table struct {
	Header []string
	Rows   [][]string
}

// Drawing is a finished picture, free of any file format.
// The origin is the upper left corner, y grows downwards, and one unit is one
// CSS pixel when the drawing is shown Width pixels wide.
type Drawing struct {
	// ID makes the ids of a page unique; two drawings on one page must
	// differ in it.
	ID            string
	Width, Height float64
	// Title is short; Desc says what the picture shows, with its numbers.
	Title, Desc string
	// Marks are painted in order, later ones over earlier ones.
	Marks []Mark
}

// add appends the marks that have something to paint.
func (d *Drawing) add(marks ...Mark) {
	for _, m := range marks {
		var empty bool
		switch m := m.(type) {
		case Lines:
			empty = len(m.Paths) == 0
		case Polygon:
			empty = len(m.Points) == 0
		case Shapes:
			empty = len(m.Outlines) == 0
		case Dots:
			empty = len(m.At) == 0
		}
		if !empty {
			d.Marks = append(d.Marks, m)
		}
	}
}

// Point is a place in a drawing.
type Point struct{ X, Y float64 }

// Mark is one element of a drawing: Lines, Polygon, Shapes, Dots, Rect or Text.
// A point that is not finite is not drawn.
type Mark interface{ mark() }

// Paint says how a mark is coloured. A zero Role paints nothing.
type Paint struct {
	Fill, Stroke Role
	// Width of the stroke in drawing units.
	Width float64
	// Transparency runs from 0 (opaque) to 1 (invisible). Marks of one list
	// that overlap darken each other.
	Transparency float64
	// Dashed breaks the stroke, so that a line is told apart without colour.
	Dashed bool
}

// Lines are open paths that share one stroke.
type Lines struct {
	Paths [][]Point
	Paint Paint
}

// Polygon is one closed shape.
type Polygon struct {
	Points []Point
	Paint  Paint
}

// Shapes are closed shapes that share one paint.
type Shapes struct {
	Outlines [][]Point
	Paint    Paint
}

// Dots are circles of one size.
type Dots struct {
	At     []Point
	Radius float64
	Paint  Paint
}

// Rect is an upright rectangle.
type Rect struct {
	X, Y, W, H float64
	Paint      Paint
}

// Text is one line of text; At is on its baseline.
type Text struct {
	At    Point
	Body  string
	Style TextStyle
}

func (Lines) mark()   {}
func (Polygon) mark() {}
func (Shapes) mark()  {}
func (Dots) mark()    {}
func (Rect) mark()    {}
func (Text) mark()    {}

// TextStyle is shared by all text of one kind.
type TextStyle struct {
	// Size is the font size in drawing units.
	Size   float64
	Anchor Anchor
	Weight Weight
	Fill   Role
}

// Anchor is the part of a text that stands at its point.
type Anchor string

// The zero Anchor is AnchorStart.
const (
	AnchorStart  Anchor = "start"
	AnchorMiddle Anchor = "middle"
	AnchorEnd    Anchor = "end"
)

// Valid reports whether a is a known anchor.
func (a Anchor) Valid() bool {
	return a == AnchorStart || a == AnchorMiddle || a == AnchorEnd
}

// Weight is the weight of a text.
type Weight string

// The zero Weight is WeightRegular.
const (
	WeightRegular Weight = "regular"
	WeightBold    Weight = "bold"
)

// Valid reports whether w is a known weight.
func (w Weight) Valid() bool { return w == WeightRegular || w == WeightBold }

// Size chooses between the layouts of a figure.
type Size string

const (
	// SizeStandard is 480 units wide: for a column of a page or a document.
	// Its text stays legible down to about 350 pixels. An unknown Size is
	// drawn as SizeStandard.
	SizeStandard Size = "standard"
	// SizeCompact is 360 units wide: for telephones and narrow cards.
	SizeCompact Size = "compact"
	// SizeWide is 760 units wide: for the whole width of a page or a sheet of
	// A4. Figures that are square by nature do not grow beyond SizeStandard.
	SizeWide Size = "wide"
)

// Valid reports whether s is a known size.
func (s Size) Valid() bool { return s == SizeStandard || s == SizeCompact || s == SizeWide }
