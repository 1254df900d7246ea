package faults

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tidemark/internal/stage"
	"tidemark/internal/visitor"
	"tidemark/survey"
)

// client answers for a few people, one request at a time, so that what it sends
// to one place arrives in order.
type client struct {
	book   *ledger
	random *rand.Rand
	sheets []*sheet
	// away are answers of something that stands in for what is not there: of a proxy
	// for a server that died at work, of a server for its database.
	away []int
}

// sheet is one assessment that is being answered.
type sheet struct {
	visitor    *visitor.Visitor
	id         string
	questions  []visitor.Question
	submitting bool // sent in; whether it arrived is not known
}

// newClient lets its people enter and agree, while the server is up.
func newClient(t *testing.T, s *stage.Stage, url string, people []stage.Person, book *ledger, seed uint64) *client {
	t.Helper()
	c := &client{book: book, random: rand.New(rand.NewPCG(seed, 2026))}
	for _, p := range people {
		v := visitor.New(url, nil)
		t.Cleanup(v.Close)
		if _, err := v.Enter(t.Context(), p.Token); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Consent(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, due := range dueNow(t, s, p) {
			c.sheets = append(c.sheets, &sheet{
				visitor: v, id: string(due.Assessment.ID), questions: questionsOf(due),
			})
		}
	}
	return c
}

func dueNow(t *testing.T, s *stage.Stage, p stage.Person) []survey.DueItem {
	t.Helper()
	due, err := s.Due(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(due) == 0 {
		t.Fatal("nothing is due")
	}
	return due
}

func questionsOf(due survey.DueItem) []visitor.Question {
	var questions []visitor.Question
	for _, item := range due.Definition.Items {
		q := visitor.Question{Item: item.Code}
		options, _ := due.Definition.ItemOptions(item.Code)
		for _, o := range options {
			q.Values = append(q.Values, o.Value)
		}
		questions = append(questions, q)
	}
	return questions
}

// answer answers items in any order, again and again, and now and then sends an
// assessment in, until it is told to stop. Three assessments are never sent in,
// so that there is always something to answer.
func (c *client) answer(t *testing.T, stop <-chan struct{}) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	for {
		select {
		case <-stop:
			return
		default:
		}
		i := c.random.IntN(len(c.sheets))
		s := c.sheets[i]
		var err error
		if s.submitting || c.unsent() > 3 && c.random.IntN(80) == 0 {
			if err = c.submit(ctx, s); err == nil {
				c.sheets = append(c.sheets[:i], c.sheets[i+1:]...)
			}
		} else {
			err = c.save(ctx, s)
		}
		if refused, ok := errors.AsType[*visitor.StatusError](err); ok && !slices.Contains(c.away, refused.Status) {
			t.Errorf("a server that is up refused: %v", refused)
			return
		}
		if err != nil {
			time.Sleep(5 * time.Millisecond) // the server is away
		}
	}
}

// unsent counts what nobody has begun to send in: what a kill cut short is sent in
// again, however few are left.
func (c *client) unsent() int {
	n := 0
	for _, s := range c.sheets {
		if !s.submitting {
			n++
		}
	}
	return n
}

func (c *client) save(ctx context.Context, s *sheet) error {
	q := s.questions[c.random.IntN(len(s.questions))]
	value := q.Values[c.random.IntN(len(q.Values))]
	p := place{s.id, q.Item}
	c.book.sending(p, value)
	if err := s.visitor.Save(ctx, s.id, q.Item, value); err != nil {
		return err
	}
	c.book.saved(p, value)
	return nil
}

// submit sends an assessment in; again, when the last time nobody answered.
func (c *client) submit(ctx context.Context, s *sheet) error {
	c.book.submitting(s.id)
	s.submitting = true
	if _, err := s.visitor.Submit(ctx, s.id); err != nil {
		return err
	}
	c.book.submitted(s.id)
	return nil
}
