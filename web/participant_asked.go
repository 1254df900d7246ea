package web

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"tidemark/survey"
)

// asked is a choice of one as it is rendered for everybody, in pieces: after the
// first stands its number, and between the others whether an answer is the chosen
// one. A page of four takes 0.2 ms to render and is the same for each person but
// for the order, so each question is rendered once in a language.
type asked struct {
	pieces [][]byte
	values []float64 // of the answers, two fewer than pieces
}

// askedKey names a question of a version of a questionnaire; versions never change.
type askedKey struct {
	language   string
	instrument survey.InstrumentID
	item       string
	numbered   bool
}

const (
	unmarked = ">"
	marked   = " checked>"
	// anyNumber stands for the number of a question.
	anyNumber = 987654321
)

// writeQuestion renders one question.
func (s *Server) writeQuestion(to *strings.Builder, words worded, sheet survey.Sheet, q question) error {
	if q.Kind != kindRadio || q.Hidden || q.Fresh || q.Required || q.Fault != "" {
		return s.renderQuestion(to, words, q)
	}
	key := askedKey{words.page.Tag, sheet.Assessment.InstrumentID, q.Code, q.Number > 0}
	known, ok := s.asked.Load(key)
	if !ok {
		a, err := s.askAnew(words, q)
		if err != nil {
			return err
		}
		known, _ = s.asked.LoadOrStore(key, a)
	}
	known.(*asked).write(to, q)
	return nil
}

func (s *Server) renderQuestion(to interface{ Write([]byte) (int, error) }, words worded, q question) error {
	if err := s.pages.byName[pageName{words.page.Tag, "questions"}].ExecuteTemplate(to, "question", q); err != nil {
		return fmt.Errorf("render question: %w", err)
	}
	return nil
}

// askAnew renders a question with every answer chosen, which shows where choices
// stand.
func (s *Server) askAnew(words worded, q question) (*asked, error) {
	a := &asked{}
	options := make([]option, len(q.Options))
	for i, o := range q.Options {
		options[i] = o
		options[i].Checked = true
		a.values = append(a.values, o.Value)
	}
	q.Options = options
	if q.Number > 0 {
		q.Number = anyNumber
	}
	var b bytes.Buffer
	if err := s.renderQuestion(&b, words, q); err != nil {
		return nil, err
	}
	before, after, found := bytes.Cut(b.Bytes(), []byte(strconv.Itoa(anyNumber)))
	if !found {
		before, after = nil, before
	}
	a.pieces = append([][]byte{before}, bytes.Split(after, []byte(marked))...)
	if len(a.pieces) != len(a.values)+2 {
		return nil, fmt.Errorf("render question: %d places for %d answers", len(a.pieces)-2, len(a.values))
	}
	return a, nil
}

// write is the question with its number and a person's answer.
func (a *asked) write(to *strings.Builder, q question) {
	to.Write(a.pieces[0])
	if q.Number > 0 {
		to.WriteString(strconv.Itoa(q.Number))
	}
	for i := range a.values {
		to.Write(a.pieces[i+1])
		if q.Options[i].Checked {
			to.WriteString(marked)
		} else {
			to.WriteString(unmarked)
		}
	}
	to.Write(a.pieces[len(a.values)+1])
}
