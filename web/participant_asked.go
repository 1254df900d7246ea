package web

import (
	"bytes"
	"fmt"
	"html/template"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/web/locale"
)

// asked is one page of a questionnaire as it is rendered for everybody, in
// pieces: between two of them stands whether an answer is the chosen one. Four
// questions take 0.2 ms to render and are the same for each person, so it is
// done once.
type asked struct {
	pieces [][]byte
	marks  []mark // one fewer than pieces
}

// mark is the place of one answer.
type mark struct {
	item  string
	value float64
}

// askedKey names a page of a version of a questionnaire; versions never change.
type askedKey struct {
	language   string
	instrument survey.InstrumentID
	page       int
}

const (
	unmarked = ">"
	marked   = " checked>"
)

// ask renders the questions of a page without faults, with the answers so far.
func (s *Server) ask(l *locale.Language, sheet survey.Sheet, page int) (template.HTML, error) {
	key := askedKey{l.Tag, sheet.Assessment.InstrumentID, page}
	known, ok := s.asked.Load(key)
	if !ok {
		a, err := s.askAnew(l, sheet, page)
		if err != nil {
			return "", err
		}
		known, _ = s.asked.LoadOrStore(key, a)
	}
	return known.(*asked).with(sheet.Answers), nil
}

// askAnew renders a page with every answer chosen, which shows where choices
// stand.
func (s *Server) askAnew(l *locale.Language, sheet survey.Sheet, page int) (*asked, error) {
	a := &asked{}
	p := questionsPage{Sheet: sheet, Questions: questionsOf(sheet, page, nil, nil)}
	for _, q := range p.Questions {
		for i := range q.Options {
			q.Options[i].Checked = true
			a.marks = append(a.marks, mark{q.Item.Code, q.Options[i].Value})
		}
	}
	var b bytes.Buffer
	if err := s.pages.byName[pageName{l.Tag, "questions"}].ExecuteTemplate(&b, "asked", p); err != nil {
		return nil, fmt.Errorf("render questions: %w", err)
	}
	a.pieces = bytes.Split(b.Bytes(), []byte(marked))
	if len(a.pieces) != len(a.marks)+1 {
		return nil, fmt.Errorf("render questions: %d places for %d answers", len(a.pieces)-1, len(a.marks))
	}
	return a, nil
}

// with is the page with a person's answers chosen.
func (a *asked) with(answers instrument.Answers) template.HTML {
	var b bytes.Buffer
	for i, m := range a.marks {
		b.Write(a.pieces[i])
		if v, ok := answers[m.item].Number(); ok && v == m.value {
			b.WriteString(marked)
		} else {
			b.WriteString(unmarked)
		}
	}
	b.Write(a.pieces[len(a.marks)])
	return template.HTML(b.String()) //nolint:gosec // html/template made the pieces
}
