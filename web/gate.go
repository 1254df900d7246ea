package web

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// What a server that is asked too much does first is to become slow for everybody,
// and then to stop for everybody. So only so many requests are at work at once; a
// few more wait in line for a moment, the most urgent in front; and whoever cannot be
// served soon is told so at once, and when to come back.

// Bounds on work at once; see [Load].
const (
	defaultPlaces = 128
	defaultWait   = 3 * time.Second
	// linePerPlace is how many may wait for each place. With a request's work taking
	// some hundredths of a second, whoever stands at the end is served within the
	// wait, or should not have been made to stand there.
	linePerPlace = 8
)

// Load bounds how much a server takes on at once.
type Load struct {
	// Places is how many requests may be at work; 0: 128.
	Places int
	// Wait is how long one more may wait for a place; 0: three seconds.
	Wait time.Duration
}

// rank is how urgent a request is.
type rank int

// From the most urgent to the least.
const (
	rankSave   rank = iota // answers on their way, and help after one
	rankAnswer             // participants who are at it
	rankEnter              // people who come in: whoever has begun is to get to the end
	rankStaff              // pages of staff
	rankHeavy              // exports, reports, and programs that act for staff
	ranks
	rankFree rank = -1 // costs nothing, or must always be there
)

var errCrowded = errors.New("more is asked than can be served at once")

// gate lets requests to work.
type gate struct {
	wait   time.Duration
	places int
	most   [ranks]int // places that a rank may hold
	lines  int        // how many of a rank may wait

	mu      sync.Mutex
	working int
	held    [ranks]int
	line    [ranks][]*place
	refused int
}

// place is one that is waited for; given is closed once it is there.
type place struct{ given chan struct{} }

func newGate(l Load) *gate {
	if l.Places <= 0 {
		l.Places = defaultPlaces
	}
	if l.Wait <= 0 {
		l.Wait = defaultWait
	}
	// The less urgent never hold all places, so that an answer finds one without
	// waiting for a report to end.
	return &gate{
		wait: l.Wait, places: l.Places, lines: linePerPlace * l.Places,
		most: [ranks]int{l.Places, max(1, l.Places*7/8), max(1, l.Places*5/8), max(1, l.Places/4), max(1, l.Places/8)},
	}
}

// enter waits for a place; leave gives it back. The error is errCrowded, or the
// context's.
func (g *gate) enter(ctx context.Context, r rank) (leave func(), err error) {
	if r == rankFree {
		return func() {}, nil
	}
	leave = func() { g.leave(r) }
	p := g.stand(r)
	switch {
	case p == nil:
		return nil, errCrowded
	case p.given == nil:
		return leave, nil
	}
	limit := time.NewTimer(g.wait)
	defer limit.Stop()
	select {
	case <-p.given:
		return leave, nil
	case <-limit.C:
		err = errCrowded
	case <-ctx.Done():
		err = ctx.Err()
	}
	if g.giveUp(r, p) {
		return nil, err
	}
	return leave, nil // the place came at the same moment
}

// stand takes a place (given is nil then), or a stand in line; nil: the line is full.
func (g *gate) stand(r rank) *place {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.line[r]) == 0 && g.free(r) {
		g.take(r)
		return &place{}
	}
	if len(g.line[r]) >= g.lines {
		return nil
	}
	p := &place{given: make(chan struct{})}
	g.line[r] = append(g.line[r], p)
	return p
}

// free reports whether somebody of a rank may begin.
func (g *gate) free(r rank) bool { return g.working < g.places && g.held[r] < g.most[r] }

func (g *gate) take(r rank) { g.working++; g.held[r]++ }

func (g *gate) leave(r rank) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.working--
	g.held[r]--
	for next := range g.line {
		for len(g.line[next]) > 0 && g.free(rank(next)) {
			p := g.line[next][0]
			g.line[next] = g.line[next][1:]
			g.take(rank(next))
			close(p.given)
		}
	}
}

// giveUp leaves the line; false: the place has just been given.
func (g *gate) giveUp(r rank, p *place) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.line[r], p)
	if i < 0 {
		return false
	}
	g.line[r] = slices.Delete(g.line[r], i, i+1)
	return true
}

// comeBack is after how many seconds somebody refused should try again: not all at
// the same moment.
func (g *gate) comeBack() int {
	const soonest, spread = 2, 7
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused++
	return soonest + g.refused%spread
}
