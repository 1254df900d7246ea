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
}

// Section is a part of a document.
type Section struct {
	ID, Title  string
	Paragraphs []report.Sentence
	Pictures   []Picture
	Tables     []report.Table
	// Folded sections are long, and shown on demand.
	Folded bool
}

// Empty reports whether there is nothing in it.
func (s Section) Empty() bool {
	return len(s.Paragraphs) == 0 && len(s.Pictures) == 0 && len(s.Tables) == 0
}

// Picture is a figure for a desk and for a phone, with its numbers.
type Picture struct {
	// Name is the figure's, fit for an address; Outcome the key of its outcome,
	// empty for one about the study.
	Name, Outcome string
	Title         string
	Desk, Phone   template.HTML
	Numbers       figure.Table
}

// maxTwice is how many people a figure may show one by one to be drawn twice.
const maxTwice = 1000

// outcome is the one whose figures are shown.
func (d *Document) outcome() (*paper.Outcome, bool) {
	if d.Outcome != "" {
		return d.Paper.Outcome(d.Outcome)
	}
	return d.Paper.Main()
}

// pictures draws figures that can be shown; o is nil for those about the study.
func (d *Document) pictures(o *paper.Outcome, names ...string) []Picture {
	var out []Picture
	for _, name := range names {
		f, ok := d.Paper.Figure(d.Data, name, o)
		if !ok {
			continue
		}
		desk := f.Draw(figure.SizeStandard)
		p := Picture{Name: name, Title: desk.Title, Numbers: f.Table()}
		if o != nil {
			p.Outcome = o.Key
		}
		p.Desk = template.HTML(figure.SVG(desk)) //nolint:gosec // package figure escapes what it draws
		if len(d.Data.People) <= maxTwice {
			phone := f.Draw(figure.SizeCompact)
			phone.ID += "-phone"
			p.Phone = template.HTML(figure.SVG(phone)) //nolint:gosec // as above
		}
		out = append(out, p)
	}
	return out
}
