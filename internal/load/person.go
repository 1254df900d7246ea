package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"tidemark/internal/stage"
	"tidemark/internal/visitor"
)

const (
	// patience is how long somebody tries the same thing before they give up.
	patience = 2 * time.Minute
	// pause is before the next try when nobody says how long to wait.
	pause = time.Second
)

// person is somebody on their way through a questionnaire.
type person struct {
	*visitor.Visitor
	token  string
	waits  *waits
	book   *book
	random *rand.Rand
	think  time.Duration
	meant  time.Time     // when the next thing is to be done
	late   time.Duration // by which the first request of it was late
}

func newPerson(base string, p stage.Person, w *waits, b *book, seed uint64, think time.Duration) *person {
	one := &person{
		Visitor: visitor.New(base, nil), token: p.Token, waits: w, book: b, think: think,
		random: rand.New(rand.NewPCG(seed, uint64(think)+7)),
	}
	one.Observe = func(r visitor.Request) {
		w.request(r, r.Took+one.late)
		one.late = 0
	}
	return one
}

// act does something at the moment it was meant, again while the server is full, and
// notes how long it took from then until it was done.
func (p *person) act(ctx context.Context, kind string, f func() error) error {
	if err := sleepUntil(ctx, p.meant); err != nil {
		return err
	}
	for again := p.meant; ; {
		p.late = time.Since(again)
		err := f()
		if err == nil {
			now := time.Now()
			p.waits.done(kind, now.Sub(p.meant))
			p.meant = now.Add(thought(p.random, p.think))
			return nil
		}
		wait := p.waits.failed(err)
		if wait < 0 || time.Since(p.meant) > patience {
			return fmt.Errorf("%s: %w", kind, err)
		}
		again = time.Now().Add(wait)
		if err := sleepUntil(ctx, again); err != nil {
			return err
		}
	}
}

func sleepUntil(ctx context.Context, at time.Time) error {
	wait := time.NewTimer(time.Until(at))
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// takePart is the way from a reminder to the thanks.
func (p *person) takePart(ctx context.Context, arrives time.Time) error {
	defer p.Close()
	p.meant = arrives
	if err := p.act(ctx, "come in", func() error { _, err := p.Enter(ctx, p.token); return err }); err != nil {
		return err
	}
	var page visitor.Page
	if err := p.act(ctx, "agree", func() (err error) { page, err = p.agree(ctx); return err }); err != nil {
		return err
	}
	due := page.Due()
	if len(due) == 0 {
		return errors.New("nothing is due")
	}
	id := due[0]
	if err := p.act(ctx, "page", func() (err error) { page, err = p.Open(ctx, id); return err }); err != nil {
		return err
	}
	for strings.Contains(page.Path, "/page/") {
		answers := map[string]float64{}
		for _, q := range page.Questions() {
			value := q.Values[p.random.IntN(len(q.Values))]
			if err := p.act(ctx, "save", func() error { return p.Save(ctx, id, q.Item, value) }); err != nil {
				return err
			}
			answers[q.Item] = value
			p.book.saved(id, q.Item, value)
		}
		if len(answers) == 0 {
			return fmt.Errorf("%s asks nothing", page.Path)
		}
		sent := page
		if err := p.act(ctx, "page", func() (err error) { page, err = p.Continue(ctx, sent, answers); return err }); err != nil {
			return err
		}
	}
	if err := p.act(ctx, "submit", func() error { _, err := p.Submit(ctx, id); return err }); err != nil {
		return err
	}
	p.book.submitted(id)
	return nil
}

// agree agrees, or finds that a try whose answer did not come has done so.
func (p *person) agree(ctx context.Context) (visitor.Page, error) {
	page, err := p.Consent(ctx)
	if _, answered := errors.AsType[*visitor.StatusError](err); err == nil || answered {
		return page, err
	}
	home, broken := p.Home(ctx)
	if broken == nil && len(home.Due()) > 0 {
		return home, nil
	}
	return page, err
}

// failed counts what did not work, and says how long to wait before the next try;
// less than 0: another try is of no use.
func (w *waits) failed(err error) time.Duration {
	refused, answered := errors.AsType[*visitor.StatusError](err)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case answered && refused.Status == http.StatusTooManyRequests:
		w.refused++
		return max(refused.After, pause)
	case answered && refused.Status < http.StatusInternalServerError:
		w.errors++
		return -1
	}
	w.errors++
	return pause
}
