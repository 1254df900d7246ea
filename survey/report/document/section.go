package document

import (
	"html/template"

	"tidemark/survey/report"
	"tidemark/survey/report/figure"
	"tidemark/survey/report/paper"
)

// Document is a paper with the data its figures are drawn from.
type Document struct {
	Paper *paper.Paper
	Data  *paper.Dataset
	// Language of the texts: "en" or "de". Figures and tables are in English.
	Language string
	// Outcome is the key of the outcome whose figures are shown; empty: the first.
	Outcome string
	// Added are sections that the paper does not know of; they come last.
	Added []Section
}

// Section is a part of a document.
type Section struct {
	ID, Title  string
	Paragraphs []report.Sentence
	Parts      []Part // of a longer text
	Pictures   []Picture
	Tables     []report.Table
	// Folded sections are long, and shown on demand.
	Folded bool
}

// Empty reports whether there is nothing in it.
func (s Section) Empty() bool {
	return len(s.Paragraphs) == 0 && len(s.Parts) == 0 && len(s.Pictures) == 0 && len(s.Tables) == 0
}

// Picture is a figure for a desk and for a phone, with its numbers.
type Picture struct {
	// Name is the figure's, fit for an address; Outcome the key of its outcome,
	// empty for one about the study.
	Name, Outcome string
	Title         string
	// Wide figures take the whole width of a desk.
	Wide        bool
	Desk, Phone template.HTML // Phone is empty when it is too large to be sent twice
	Numbers     figure.Table
}

const (
	// maxTwice is how many people a figure may show one by one to be drawn twice.
	maxTwice = 1000
	// besides is the greatest width of figures that can stand side by side.
	besides = 500
)

// InFront is the outcome whose figures are shown; false when there is none, or
// none of that key.
func (d *Document) InFront() (*paper.Outcome, bool) {
	if d.Outcome != "" {
		return d.Paper.Outcome(d.Outcome)
	}
	return d.Paper.Main()
}

// Figure finds a figure by its name, about the study or about the outcome in
// front; false when there is none, or when it must not be shown.
func (d *Document) Figure(name string) (figure.Figure, bool) {
	if f, ok := d.Paper.Figure(d.Data, name, nil); ok {
		return f, true
	}
	if o, ok := d.InFront(); ok {
		return d.Paper.Figure(d.Data, name, o)
	}
	return nil, false
}

// pictures draws figures that can be shown; o is nil for those about the study.
func (d *Document) pictures(o *paper.Outcome, names ...string) []Picture {
	var out []Picture
	for _, name := range names {
		f, ok := d.Paper.Figure(d.Data, name, o)
		if !ok {
			continue
		}
		p := NewPicture(f, name, sizeOf(name), len(d.Data.People) <= maxTwice)
		if o != nil {
			p.Outcome = o.Key
		}
		out = append(out, p)
	}
	return out
}

// sizeOf is how a figure is drawn for a desk: shapes that are compared stand side
// by side.
func sizeOf(name string) figure.Size {
	if name == paper.FigureRaincloud || name == paper.FigureComparison {
		return figure.SizeStandard
	}
	return figure.SizeWide
}

// NewPicture draws a figure for a desk in one size and, when it is asked for
// twice, for a phone.
func NewPicture(f figure.Figure, name string, size figure.Size, twice bool) Picture {
	desk := f.Draw(size)
	p := Picture{Name: name, Title: desk.Title, Wide: desk.Width > besides, Numbers: f.Table()}
	p.Desk = template.HTML(figure.SVG(desk)) //nolint:gosec // package figure escapes what it draws
	if twice {
		phone := f.Draw(figure.SizeCompact)
		phone.ID += "-phone"
		p.Phone = template.HTML(figure.SVG(phone)) //nolint:gosec // as above
	}
	return p
}
