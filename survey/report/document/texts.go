package document

import (
	"tidemark/survey/report"
	"tidemark/survey/report/prose"
)

// Part is a titled part of a section's text.
type Part struct {
	Title      string
	Paragraphs []report.Sentence
}

func (d *Document) language() prose.Language {
	if l := prose.Language(d.Language); l.Valid() {
		return l
	}
	return prose.English
}

// Answer is what was found of the outcome in front, in one sentence with its
// uncertainty.
func (d *Document) Answer() report.Sentence {
	if o, ok := d.InFront(); ok {
		return prose.Of(d.Paper, o, d.language()).Answer
	}
	return prose.Write(d.Paper, d.language()).Answer
}

// Support says how far other analyses agree with the answer; empty when there is
// none.
func (d *Document) Support() report.Sentence {
	if o, ok := d.InFront(); ok {
		return prose.Of(d.Paper, o, d.language()).Support
	}
	return nil
}

// Status says what was planned, what data these are, and what is missing yet.
func (d *Document) Status() []report.Sentence { return prose.Write(d.Paper, d.language()).Status }

// texts are the sections of words for a manuscript.
func (d *Document) texts(w words) []Section {
	t := prose.Write(d.Paper, d.language())
	return []Section{
		{ID: "methods", Title: w.Methods, Parts: parts(t.Methods), Folded: true},
		{ID: "results", Title: w.Results, Parts: parts(t.Results), Folded: true},
		{ID: "references", Title: w.References, Paragraphs: t.References, Folded: true},
	}
}

func parts(sections []prose.Section) []Part {
	var out []Part
	for _, s := range sections {
		out = append(out, Part{s.Title, s.Paragraphs})
	}
	return out
}
