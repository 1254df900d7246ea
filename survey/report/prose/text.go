package prose

import (
	"io"
	"strings"

	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// Language is one in which papers are put into words.
type Language string

// The languages.
const (
	English Language = "en"
	German  Language = "de"
)

// Languages are all of them.
func Languages() []Language { return []Language{English, German} }

// Valid reports whether l is one of the languages.
func (l Language) Valid() bool { return l == English || l == German }

// voice is English for every language that is not known.
func (l Language) voice() voice {
	if l == German {
		return german{}
	}
	return english{}
}

// voice writes whole sentences in one language.
type voice interface {
	numerals() numerals
	answer(*line, *finding)
	support(*line, *support)
	primary(*line, *finding)
	status(*paragraphs, *facts)
	methods(*facts) []draft
	results(*facts) []draft
	titles() titles
}

// Text is a paper in words.
type Text struct {
	Language Language `json:"language"`
	// Answer is one sentence for everybody, Support one on how far other
	// analyses agree with it; empty when there is none.
	Answer  report.Sentence `json:"answer"`
	Support report.Sentence `json:"support"`
	// Status says what was planned, what the data are, and what is missing yet.
	Status  []report.Sentence `json:"status"`
	Methods []Section         `json:"methods"`
	Results []Section         `json:"results"`
	// References are the works that the text cites, in their order, then those
	// of the questionnaires.
	References []report.Sentence `json:"references"`

	cited []Key
}

// Section is a part of the methods or of the results.
type Section struct {
	Title      string            `json:"title"`
	Paragraphs []report.Sentence `json:"paragraphs"`
}

// titles of the parts of a text.
type titles struct{ answer, status, methods, results, references string }

// draft is a section before it is written.
type draft struct {
	title string
	write func(*paragraphs)
}

// Write puts a paper into words.
func Write(p *paper.Paper, l Language) Text {
	v := l.voice()
	f := newFacts(p)
	c := &citations{and: v.numerals().and}
	t := Text{Language: l}
	t.Answer = one(v, c, func(w *line) { v.answer(w, f.finding(f.main())) })
	t.Support = one(v, c, func(w *line) { v.support(w, f.support(f.main())) })
	status := &paragraphs{voice: v, cites: c}
	v.status(status, f)
	t.Status = status.done()
	t.Methods = sections(v, c, v.methods(f))
	t.Results = sections(v, c, v.results(f))
	t.cited = c.sorted()
	t.References = append(listed(t.cited), f.instrumentReferences()...)
	return t
}

// OutcomeText is what there is to say about one outcome.
type OutcomeText struct {
	// Answer and Support are as in Text, Paper is the sentence for a paper.
	Answer  report.Sentence `json:"answer"`
	Support report.Sentence `json:"support"`
	Paper   report.Sentence `json:"paper"`
}

// Of puts one outcome of a paper into words.
func Of(p *paper.Paper, o *paper.Outcome, l Language) OutcomeText {
	v, f := l.voice(), newFacts(p)
	c := &citations{and: v.numerals().and}
	return OutcomeText{
		Answer:  one(v, c, func(w *line) { v.answer(w, f.finding(o)) }),
		Support: one(v, c, func(w *line) { v.support(w, f.support(o)) }),
		Paper:   one(v, c, func(w *line) { v.primary(w, f.finding(o)) }),
	}
}

func one(v voice, c *citations, write func(*line)) report.Sentence {
	w := &line{n: v.numerals(), cites: c}
	write(w)
	return w.s
}

func sections(v voice, c *citations, drafts []draft) []Section {
	var out []Section
	for _, d := range drafts {
		p := &paragraphs{voice: v, cites: c}
		d.write(p)
		if s := p.done(); len(s) > 0 {
			out = append(out, Section{d.title, s})
		}
	}
	return out
}

// String is the text as plain paragraphs with their titles.
func (t Text) String() string {
	names := t.Language.voice().titles()
	var b strings.Builder
	part := func(title string, sentences ...report.Sentence) {
		b.WriteString(title + "\n\n")
		for _, s := range sentences {
			if len(s) > 0 {
				b.WriteString(s.String() + "\n\n")
			}
		}
	}
	part(names.answer, t.Answer, t.Support)
	part(names.status, t.Status...)
	for _, group := range []struct {
		title    string
		sections []Section
	}{{names.methods, t.Methods}, {names.results, t.Results}} {
		part(group.title)
		for _, s := range group.sections {
			part(s.Title, s.Paragraphs...)
		}
	}
	part(names.references, t.References...)
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// WriteText writes the text as plain paragraphs.
func (t Text) WriteText(w io.Writer) error {
	_, err := io.WriteString(w, t.String())
	return err
}
