package web

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey"
)

// asked is a question as it is rendered for everybody, in pieces: after the first
// stands its number, and between the others whether an answer is the chosen one, or
// what was typed. A page of four takes 0.2 ms to render and is the same for each
// person but for the order, so each question is rendered once in a language.
type asked struct {
	pieces [][]byte // nil: rendered anew for everybody
}

// askedKey names a question of a version of a questionnaire; versions never change.
type askedKey struct {
	language                   string
	instrument                 survey.InstrumentID
	item                       string
	numbered, hidden, required bool
}

const (
	unmarked = ">"
	marked   = " checked>"
	// anyNumber stands for the number of a question, and anyValue for what was typed.
	anyNumber = 987654321
	anyValue  = "\ue000"
)

// writeQuestion renders one question.
func (s *Server) writeQuestion(to *strings.Builder, words worded, sheet survey.Sheet, q question) error {
	if q.Fresh || q.Fault != "" {
		return s.renderQuestion(to, words, q)
	}
	key := askedKey{words.page.Tag, sheet.Assessment.InstrumentID, q.Code, q.Number > 0, q.Hidden, q.Required}
	known, ok := s.asked.Load(key)
	if !ok {
		a, err := s.askAnew(words, q)
		if err != nil {
			return err
		}
		known, _ = s.asked.LoadOrStore(key, a)
	}
	a := known.(*asked)
	if a.pieces == nil {
		return s.renderQuestion(to, words, q)
	}
	a.write(to, q)
	return nil
}

func (s *Server) renderQuestion(to interface{ Write([]byte) (int, error) }, words worded, q question) error {
	if err := s.pages.byName[pageName{words.page.Tag, "questions"}].ExecuteTemplate(to, "question", q); err != nil {
		return fmt.Errorf("render question: %w", err)
	}
	return nil
}

// askAnew renders a question with every answer chosen and every field filled in,
// which shows where those stand. One whose own words look like these stays without
// pieces.
func (s *Server) askAnew(words worded, q question) (*asked, error) {
	options := slices.Clone(q.Options)
	for i := range options {
		options[i].Checked = true
	}
	q.Options, q.Value, q.Day = options, anyValue, [3]string{anyValue, anyValue, anyValue}
	if q.Number > 0 {
		q.Number = anyNumber
	}
	var b bytes.Buffer
	if err := s.renderQuestion(&b, words, q); err != nil {
		return nil, err
	}
	var before []byte
	after := b.Bytes()
	if q.Number > 0 {
		number := []byte(strconv.Itoa(anyNumber))
		if bytes.Count(after, number) != 1 {
			return &asked{}, nil
		}
		before, after, _ = bytes.Cut(after, number)
	}
	place, places := []byte(anyValue), len(q.typed())
	if len(options) > 0 {
		place, places = []byte(marked), len(options)
	}
	pieces := bytes.Split(after, place)
	if len(pieces) != places+1 {
		return &asked{}, nil
	}
	return &asked{pieces: append([][]byte{before}, pieces...)}, nil
}

// typed are what stands in the fields of a question that is not answered by
// choosing, in their order.
func (q *question) typed() []string {
	switch q.Kind {
	case kindDay:
		return q.Day[:]
	case kindNumber, kindLine, kindLines:
		return []string{q.Value}
	case kindRadio, kindSteps, kindTicks, kindInfo:
	}
	return nil
}

// write is the question with its number and a person's answer.
func (a *asked) write(to *strings.Builder, q question) {
	to.Write(a.pieces[0])
	if q.Number > 0 {
		to.WriteString(strconv.Itoa(q.Number))
	}
	to.Write(a.pieces[1])
	for i, piece := range a.pieces[2:] {
		switch {
		case len(q.Options) == 0:
			to.WriteString(escapeAsTemplate(q.typed()[i]))
		case q.Options[i].Checked:
			to.WriteString(marked)
		default:
			to.WriteString(unmarked)
		}
		to.Write(piece)
	}
}
