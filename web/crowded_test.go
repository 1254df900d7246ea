package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// full lets nobody to work until the returned function is called.
func (w *world) full(t *testing.T) (leave func()) {
	t.Helper()
	const places = 3
	w.site.gate = newGate(Load{Places: places, Wait: 10 * time.Millisecond})
	var leaves []func()
	for range places {
		l, err := w.site.gate.enter(t.Context(), rankSave)
		w.must(err)
		leaves = append(leaves, l)
	}
	return func() {
		for _, l := range leaves {
			l()
		}
	}
}

func TestWhoCannotBeServedNowIsToldKindlyAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	f := s.form("Continue").choose("sc_01", "4").choose("sc_02", "1")
	leave, before := w.full(t), w.state()
	held := f.press("Continue").want(429, "Very many people are here right now", "What you entered is kept on this page")
	for _, s := range []screen{
		held, d.get("/me").want(429, "Try again"),
		d.get(w.assessment(0, 0) + "/done").want(429),
		w.device(t).get("/sign-in").want(429),
		d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_03":1}}`).want(429, "error.crowded"),
	} {
		if after := s.retryAfter(t); after > 10*time.Second {
			t.Errorf("%s: come back after %s", s.path, after)
		}
		if strings.HasPrefix(s.body, "<") {
			checkFrame(t, s)
			if !offersHelp(s) {
				t.Errorf("%s offers no help", s.path)
			}
		}
	}
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
	// What needs no work is there all the same.
	d.get("/help").want(200, "If you or someone else may be in danger")
	d.get("/healthz").want(200)
	leave()
	held.form("Send it now").press("Send it now").want(200, "2 of 12 answered")
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 4, "sc_02": 1}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}

func TestProgramsAreToldToComeBackInTheirOwnWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	defer w.full(t)()
	d := w.device(t)
	s := d.get("/api/v1/study").want(429, `"status":429`)
	if s.retryAfter(t); s.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the problem is %q", s.header.Get("Content-Type"))
	}
	s = d.post("/api/", nil).want(429, "<error>Too many requests.")
	s.retryAfter(t)
}

func TestARequestThatComesInSlowlyHoldsNoPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.site.gate = newGate(Load{Places: 1, Wait: 10 * time.Millisecond})
	address := strings.TrimPrefix(w.base, "http://")
	for range 8 {
		conn, err := net.Dial("tcp", address) //nolint:noctx // closed below
		w.must(err)
		defer conn.Close()
		_, err = fmt.Fprintf(conn, "POST /me/consent HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\n\r\nhalf=", address)
		w.must(err)
	}
	for range 20 {
		w.device(t).get("/").want(200)
	}
}

func TestAnswersGoFirstAndReportsLast(t *testing.T) {
	t.Parallel()
	for route, want := range map[string]rank{
		"POST /me/a/:assessment/save":                      rankSave,
		"POST /me/a/:assessment/page/:page":                rankSave,
		"POST /me/a/:assessment/submit":                    rankSave,
		"GET /me/a/:assessment/help":                       rankSave,
		"GET /me/a/:assessment/page/:page":                 rankAnswer,
		"POST /p/:token":                                   rankEnter,
		"GET /":                                            rankEnter,
		"GET /studies/:study":                              rankStaff,
		"POST /sign-in":                                    rankStaff,
		"POST /studies/:study/data/:what":                  rankHeavy,
		"GET /studies/:study/results":                      rankHeavy,
		"POST /studies/:study/snapshots/:snapshot/bundle":  rankHeavy,
		"GET /studies/:study/files/:prepared/content":      rankHeavy,
		"POST /studies/:study/imports":                     rankHeavy,
		"POST /api/":                                       rankHeavy,
		"GET /help":                                        rankFree,
		"GET /healthz":                                     rankFree,
		"GET /studies/:study/runs/:run/events":             rankFree,
		"POST /studies/:study/runs/:run/meetings/:meeting": rankStaff,
	} {
		method, path, _ := strings.Cut(route, " ")
		if got := rankOf(method, path); got != want {
			t.Errorf("%s has rank %d, want %d", route, got, want)
		}
	}
	for _, route := range newWorld(t, 0).site.engine.Routes() {
		if r := rankOf(route.Method, route.Path); strings.HasPrefix(route.Path, "/me") && r > rankAnswer {
			t.Errorf("%s %s of participants has rank %d", route.Method, route.Path, r)
		}
	}
}

// queue lets somebody of a rank wait, and notes when they are let in.
func queue(t *testing.T, g *gate, r rank, name string, into chan<- string) {
	t.Helper()
	waiting := func() int {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.line[r])
	}
	before := waiting()
	go func() {
		if leave, err := g.enter(t.Context(), r); err == nil {
			into <- name
			leave()
		}
	}()
	for waiting() == before {
		time.Sleep(time.Millisecond)
	}
}

func TestAPlaceGoesToTheMostUrgentWhoHasWaitedLongest(t *testing.T) {
	t.Parallel()
	g := newGate(Load{Places: 1, Wait: time.Minute})
	leave, err := g.enter(t.Context(), rankHeavy)
	if err != nil {
		t.Fatal(err)
	}
	came := make(chan string, 6)
	queue(t, g, rankHeavy, "report", came)
	queue(t, g, rankStaff, "staff", came)
	queue(t, g, rankEnter, "newcomer", came)
	queue(t, g, rankAnswer, "reader", came)
	queue(t, g, rankSave, "first answer", came)
	queue(t, g, rankSave, "second answer", came)
	leave()
	var got []string
	for range 6 {
		got = append(got, <-came)
	}
	if d := cmp.Diff(got, []string{"first answer", "second answer", "reader", "newcomer", "staff", "report"}); d != "" {
		t.Errorf("order (-got +want):\n%s", d)
	}
}

func TestReportsLeavePlacesForAnswers(t *testing.T) {
	t.Parallel()
	g := newGate(Load{Places: 16, Wait: time.Millisecond})
	enter := func(r rank) (n int) {
		for {
			if _, err := g.enter(t.Context(), r); err != nil {
				if !errors.Is(err, errCrowded) {
					t.Error(err)
				}
				return n
			}
			n++
		}
	}
	got := []int{enter(rankHeavy), enter(rankStaff), enter(rankEnter), enter(rankAnswer), enter(rankSave), enter(rankAnswer)}
	if d := cmp.Diff(got, []int{2, 4, 10, 0, 0, 0}); d != "" {
		t.Errorf("places taken one rank after the other (-got +want):\n%s", d)
	}
	g = newGate(Load{Places: 16, Wait: time.Millisecond})
	if got := []int{enter(rankAnswer), enter(rankSave)}; got[0] != 14 || got[1] != 2 {
		t.Errorf("readers hold %d places and leave %d, want 14 and 2", got[0], got[1])
	}
}

func TestALineHasAnEndAndWhoGivesUpLeavesIt(t *testing.T) {
	t.Parallel()
	g := newGate(Load{Places: 1, Wait: time.Minute})
	leave, err := g.enter(t.Context(), rankSave)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var gone sync.WaitGroup
	for range linePerPlace {
		gone.Go(func() {
			if _, err := g.enter(ctx, rankSave); !errors.Is(err, context.Canceled) {
				t.Errorf("somebody who gave up got %v", err)
			}
		})
	}
	for {
		g.mu.Lock()
		n := len(g.line[rankSave])
		g.mu.Unlock()
		if n == linePerPlace {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if _, err := g.enter(t.Context(), rankSave); !errors.Is(err, errCrowded) {
		t.Errorf("one too many got %v", err)
	}
	cancel()
	gone.Wait()
	leave()
	if leave, err = g.enter(t.Context(), rankSave); err != nil {
		t.Fatalf("after all have left: %v", err)
	}
	leave()
	if g.working != 0 || g.held != [ranks]int{} || len(g.line[rankSave]) != 0 {
		t.Errorf("at the end %d work, %v, %d wait", g.working, g.held, len(g.line[rankSave]))
	}
}

func TestNoPlaceIsLostInARush(t *testing.T) {
	t.Parallel()
	g := newGate(Load{Places: 4, Wait: time.Millisecond})
	var all sync.WaitGroup
	for i := range 400 {
		all.Go(func() {
			leave, err := g.enter(t.Context(), rank(i%int(ranks)))
			if err != nil {
				return
			}
			g.mu.Lock()
			if g.working > g.places {
				t.Errorf("%d work in %d places", g.working, g.places)
			}
			g.mu.Unlock()
			time.Sleep(time.Duration(i%3) * time.Millisecond)
			leave()
		})
	}
	all.Wait()
	if g.working != 0 || g.held != [ranks]int{} {
		t.Errorf("at the end %d work, %v", g.working, g.held)
	}
	for r, line := range g.line {
		if len(line) != 0 {
			t.Errorf("%d of rank %d still wait", len(line), r)
		}
	}
}
