package faults

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/internal/trials"
	"tidemark/internal/visitor"
	"tidemark/survey/storetest"
)

// knife cuts a line after so many bytes.
type knife struct {
	mu                  sync.Mutex
	toServer, toBrowser int // let through, of the next lines; less than 0: all
	sent, came          int // on the last line
	hard                bool
}

var errCut = errors.New("the line is cut")

func (k *knife) set(toServer, toBrowser int, hard bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.toServer, k.toBrowser, k.hard = toServer, toBrowser, hard
}

// transport makes a line for each request, cut as the knife says.
func (k *knife) transport() *http.Transport {
	return &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		k.sent, k.came = 0, 0
		return &cutLine{Conn: conn, knife: k, toServer: k.toServer, toBrowser: k.toBrowser, hard: k.hard}, nil
	}}
}

type cutLine struct {
	net.Conn
	knife               *knife
	toServer, toBrowser int
	hard                bool
}

// cut ends the line: hard as a phone that is gone resets it, else as one that closes.
func (c *cutLine) cut() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok && c.hard {
		_ = tcp.SetLinger(0)
	}
	return errors.Join(errCut, c.Close())
}

func (c *cutLine) Write(b []byte) (int, error) {
	if c.toServer >= 0 && len(b) > c.toServer {
		n, err := c.Conn.Write(b[:c.toServer])
		if err != nil {
			return n, err
		}
		return n, c.cut()
	}
	n, err := c.Conn.Write(b)
	c.toServer = max(c.toServer-n, min(c.toServer, 0))
	c.knife.mu.Lock()
	c.knife.sent += n
	c.knife.mu.Unlock()
	return n, err
}

func (c *cutLine) Read(b []byte) (int, error) {
	if c.toBrowser == 0 {
		return 0, c.cut()
	}
	if c.toBrowser > 0 {
		b = b[:min(len(b), c.toBrowser)]
	}
	n, err := c.Conn.Read(b)
	c.toBrowser = max(c.toBrowser-n, min(c.toBrowser, 0))
	c.knife.mu.Lock()
	c.knife.came += n
	c.knife.mu.Unlock()
	return n, err
}

func TestALineCutAtAnyByteLeavesOneAnswerOnSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	linesCut(t, filepath.Join(dir, "tidemark.db"), dir, "SQLite")
}

func TestALineCutAtAnyByteLeavesOneAnswerOnPostgreSQL(t *testing.T) {
	t.Parallel()
	linesCut(t, storetest.PostgresDSN(t), t.TempDir(), "PostgreSQL")
}

// linesCut cuts the line of saves and submissions, after each byte of what is sent
// and of what comes back in a long run, and lets the browser send again.
func linesCut(t *testing.T, database, dir, name string) {
	t.Helper()
	began := time.Now()
	n := often(t, 40, 2000)
	s := set(t, database, dir)
	people, err := s.Add(t.Context(), 4+n/20)
	do(t, err)
	server := serve(t, program.Options{Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: dir})
	book, random := newLedger(), rand.New(rand.NewPCG(uint64(n), 8))
	k := &knife{toServer: -1, toBrowser: -1}
	var sheets []*sheet
	for _, p := range people {
		sheets = append(sheets, cutSheets(t, s, server.URL(), k, p)...)
	}
	first := &client{book: book, random: random, sheets: sheets}
	do(t, first.save(t.Context(), sheets[0]))
	sent, came := k.sent, k.came // by one save
	tried, failed := 0, 0
	for i := range n {
		at := i * (sent + came) / n // over every byte
		if n > sent+came {
			at = i % (sent + came)
		}
		toServer, toBrowser := at, -1
		if at >= sent {
			toServer, toBrowser = -1, at-sent
		}
		one := sheets[random.IntN(len(sheets))]
		q := one.questions[random.IntN(len(one.questions))]
		p, value := place{one.id, q.Item}, q.Values[random.IntN(len(q.Values))]
		k.set(toServer, toBrowser, i%2 == 0)
		tried++
		book.sending(p, value)
		if one.visitor.Save(t.Context(), one.id, q.Item, value) != nil {
			failed++
		}
		k.set(-1, -1, false)
		do(t, one.visitor.Save(t.Context(), one.id, q.Item, value))
		book.saved(p, value)
	}
	// One in twenty of the tries is a submission.
	for i := range n / 20 {
		one := sheets[i]
		at := random.IntN(sent + came)
		toServer, toBrowser := at, -1
		if at >= sent {
			toServer, toBrowser = -1, at-sent
		}
		book.submitting(one.id)
		k.set(toServer, toBrowser, i%2 == 0)
		tried++
		if _, err := one.visitor.Submit(t.Context(), one.id); err != nil {
			failed++
		}
		k.set(-1, -1, false)
		if _, err := one.visitor.Submit(t.Context(), one.id); err != nil {
			t.Errorf("a submission sent again: %v", err)
			continue
		}
		book.submitted(one.id)
	}
	if failed < tried*3/4 {
		t.Errorf("only %d of %d cuts were felt", failed, tried)
	}
	stop(t, server)
	keep(t, "line-cut", name, tried, book, judge(t, s, people, book), began,
		trials.Count("bytes of a save's request", sent), trials.Count("and of its answer", came), trials.Count("cuts that the browser felt", failed))
}

// cutSheets lets somebody in whose lines the knife cuts.
func cutSheets(t *testing.T, s *stage.Stage, url string, k *knife, p stage.Person) (sheets []*sheet) {
	t.Helper()
	v := visitor.New(url, k.transport())
	t.Cleanup(v.Close)
	_, err := v.Enter(t.Context(), p.Token)
	do(t, err)
	_, err = v.Consent(t.Context())
	do(t, err)
	for _, due := range dueNow(t, s, p) {
		sheets = append(sheets, &sheet{visitor: v, id: string(due.Assessment.ID), questions: questionsOf(due)})
	}
	return sheets
}
