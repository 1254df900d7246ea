package faults

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidemark/internal/program"
	"tidemark/internal/trials"
	"tidemark/internal/visitor"
)

// A slow line, as a phone has it on a train: 400 ms there and back, 400 kbit/s, and
// one in fifty segments lost. What is lost comes a second later, as after a
// retransmission; with every twentieth loss the line breaks.
const (
	oneWay        = 200 * time.Millisecond
	bytesASecond  = 400_000 / 8
	segment       = 1400
	lossOneIn     = 50
	retransmitted = time.Second
	breakOneIn    = 20 * lossOneIn

	acknowledgedWithin = 3 * time.Second
	largestPage        = 50_000
)

// slowLine stands between people and a server.
type slowLine struct {
	listener net.Listener
	server   string
	mu       sync.Mutex
	random   *rand.Rand
	broken   int
	lost     int
}

func newSlowLine(t *testing.T, server string, seed uint64) *slowLine {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	do(t, err)
	s := &slowLine{listener: l, server: server, random: rand.New(rand.NewPCG(seed, 400))}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // the test has ended
			}
			go s.carry(t.Context(), conn)
		}
	}()
	return s
}

func (s *slowLine) url() string { return "http://" + s.listener.Addr().String() }

func (s *slowLine) carry(ctx context.Context, browser net.Conn) {
	defer browser.Close()
	time.Sleep(2 * oneWay) // until both know of each other
	var d net.Dialer
	server, err := d.DialContext(ctx, "tcp", s.server)
	if err != nil {
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	both.Go(func() { s.one(server, browser); _ = server.Close(); _ = browser.Close() })
	both.Go(func() { s.one(browser, server); _ = server.Close(); _ = browser.Close() })
	both.Wait()
}

// one carries one direction until it ends or breaks.
func (s *slowLine) one(to io.Writer, from io.Reader) {
	type piece struct {
		data []byte
		at   time.Time
	}
	way := make(chan piece, 1024)
	go func() {
		defer close(way)
		free := time.Now() // when the line has sent what came before
		arrived := free
		for {
			buffer := make([]byte, segment)
			n, err := from.Read(buffer)
			if n > 0 {
				delay, breaks := s.fate()
				if breaks {
					return
				}
				free = later(free, time.Now()).Add(time.Duration(n) * time.Second / bytesASecond)
				arrived = later(arrived, free.Add(oneWay+delay)) // in order
				way <- piece{buffer[:n], arrived}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range way {
		time.Sleep(time.Until(p.at))
		if _, err := to.Write(p.data); err != nil {
			for range way { // until the reader has ended
				continue
			}
			return
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// fate is what becomes of a segment.
func (s *slowLine) fate() (delay time.Duration, breaks bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.random.IntN(breakOneIn) == 0 {
		s.broken++
		return 0, true
	}
	if s.random.IntN(lossOneIn) == 0 {
		s.lost++
		return retransmitted, false
	}
	return 0, false
}

// traveller answers a questionnaire over a slow line, and tries again what broke.
type traveller struct {
	book *ledger
	mu   sync.Mutex
	acks []time.Duration
	page int64
}

func TestAQuestionnaireOverASlowLineIsAcknowledgedInTime(t *testing.T) {
	t.Parallel()
	began := time.Now()
	n := often(t, 5, 500)
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	s := set(t, database, dir)
	people, err := s.Add(t.Context(), n)
	do(t, err)
	free := serve(t, program.Options{Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: dir})
	line := newSlowLine(t, free.Addr, uint64(n))
	// Forms are taken from the address that people use.
	stop(t, free)
	server := serve(t, program.Options{Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: dir, Addr: free.Addr, BaseURL: line.url()})
	w := &traveller{book: newLedger()}
	var all sync.WaitGroup
	places := make(chan struct{}, 50)
	for i, p := range people {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			w.answer(t, line.url(), p.Token, rand.New(rand.NewPCG(uint64(i), 1)))
		})
	}
	all.Wait()
	stop(t, server)
	slices.Sort(w.acks)
	p95, longest := time.Duration(0), time.Duration(0)
	if len(w.acks) > 0 {
		p95, longest = w.acks[len(w.acks)*95/100], w.acks[len(w.acks)-1]
	}
	if p95 == 0 || p95 > atMost(acknowledgedWithin) {
		t.Errorf("an answer is acknowledged after %s (p95), want at most %s", p95, atMost(acknowledgedWithin))
	}
	if w.page > largestPage {
		t.Errorf("a page has %d bytes, want at most %d", w.page, largestPage)
	}
	keep(t, "slow-line", "SQLite", n, w.book, judge(t, s, people, w.book), began,
		trials.Seconds("acknowledged p50", w.acks[len(w.acks)/2]), trials.Seconds("p95", p95), trials.Seconds("at most", longest),
		trials.Figure{Name: "largest page", Value: float64(w.page) / 1000, Unit: "kB"}, trials.Count("segments lost", line.lost), trials.Count("lines broken", line.broken))
}

// insist tries until something is done.
func (w *traveller) insist(t *testing.T, what string, f func() error) bool {
	t.Helper()
	var err error
	for range 30 {
		if err = f(); err == nil {
			return true
		}
		if refused, ok := errors.AsType[*visitor.StatusError](err); ok {
			t.Errorf("%s: %v", what, refused)
			return false
		}
		time.Sleep(time.Second) // as the page's script does at first
	}
	t.Errorf("%s: %v", what, err)
	return false
}

func (w *traveller) answer(t *testing.T, url, token string, random *rand.Rand) {
	t.Helper()
	ctx := t.Context()
	v := visitor.New(url, nil)
	defer v.Close()
	v.Observe = func(r visitor.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.page = max(w.page, r.Bytes)
	}
	var page visitor.Page
	ok := w.insist(t, "enter", func() (err error) { page, err = v.Enter(ctx, token); return err })
	if ok && !strings.HasSuffix(page.Path, "/me") { // else agreed while the line broke
		ok = w.insist(t, "agree", func() (err error) {
			if page, err = v.Consent(ctx); err != nil && strings.Contains(err.Error(), "asks for nothing") {
				page, err = v.Home(ctx)
			}
			return err
		})
	}
	if !ok || len(page.Due()) == 0 {
		t.Errorf("nothing is due at %s", page.Path)
		return
	}
	id := page.Due()[0]
	if !w.insist(t, "open", func() (err error) { page, err = v.Open(ctx, id); return err }) {
		return
	}
	for strings.Contains(page.Path, "/page/") {
		answers := map[string]float64{}
		for _, q := range page.Questions() {
			value, meant := q.Values[random.IntN(len(q.Values))], time.Now()
			p := place{id, q.Item}
			w.book.sending(p, value)
			if !w.insist(t, "save", func() error { return v.Save(ctx, id, q.Item, value) }) {
				return
			}
			w.book.saved(p, value)
			answers[q.Item] = value
			w.mu.Lock()
			w.acks = append(w.acks, time.Since(meant))
			w.mu.Unlock()
		}
		sent := page
		if !w.insist(t, "continue", func() (err error) { page, err = v.Continue(ctx, sent, answers); return err }) {
			return
		}
	}
	w.book.submitting(id)
	if w.insist(t, "submit", func() error { _, err := v.Submit(ctx, id); return err }) {
		w.book.submitted(id)
	}
}
