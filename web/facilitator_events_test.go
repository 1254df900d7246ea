package web

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// within is how soon a change shows, wherever it was made, on a machine that also
// runs every other test. A quiet one takes about a second: it is asked for that often.
const within = 20 * time.Second

// events is an open stream of a board.
type events struct {
	t     *testing.T
	lines chan string
	end   context.CancelFunc
}

// listen opens the events of the world's run at an address of the installation.
func (w *world) listen(t *testing.T, d *device, base, query string) *events {
	t.Helper()
	response, end := w.openEvents(t, d, base, query)
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("status %d, %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
	e := &events{t: t, lines: make(chan string, 100), end: end}
	go func() {
		defer close(e.lines)
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			e.lines <- lines.Text()
		}
	}()
	return e
}

func (w *world) openEvents(t *testing.T, d *device, base, query string) (*http.Response, context.CancelFunc) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	t.Cleanup(end)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+w.runPath("/events")+query, nil)
	w.must(err)
	r.Header.Set("Accept", "text/event-stream")
	for _, c := range d.client.Jar.Cookies(d.request(http.MethodGet, "/", nil).URL) {
		r.AddCookie(c)
	}
	response, err := http.DefaultClient.Do(r)
	w.must(err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return response, end
}

// next waits for a change; "" when the stream ended.
func (e *events) next(patience time.Duration) string {
	e.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case line, more := <-e.lines:
			if !more {
				return ""
			}
			if version, ok := strings.CutPrefix(line, "data: "); ok {
				return version
			}
		case <-deadline:
			e.t.Fatalf("nothing was told within %v", patience)
		}
	}
}

// quiet makes sure that nothing is told for a while.
func (e *events) quiet(d time.Duration) {
	e.t.Helper()
	end := time.After(d)
	for {
		select {
		case line := <-e.lines:
			if strings.HasPrefix(line, "data: ") {
				e.t.Fatal("something was told although nothing had changed")
			}
		case <-end:
			return
		}
	}
}

func TestASubmissionThroughOneServerIsToldByAnotherWithinSeconds(t *testing.T) {
	t.Parallel()
	for engine, open := range map[string]func(testing.TB) *store.Store{
		"sqlite":   func(t testing.TB) *store.Store { return storetest.SQLite(t) },
		"postgres": func(t testing.TB) *store.Store { return storetest.Postgres(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 2, func(w *world) { w.store = &watched{Store: open(t)} })
			var other *Server
			base := serve(t, w.log, func(base string) *Server {
				other = w.siteAt(base)
				return other
			})
			t.Cleanup(other.Stop)
			d := w.signedIn(t, "leader@example.org", w.facilitator())
			page := d.get(w.runPath("")).want(200)
			main := byID(page.root, "main")
			e := w.listen(t, d, base, "?version="+attr(main, "data-version"))
			e.quiet(1500 * time.Millisecond)
			w.answer(0, always(3)) // through the other server's use cases: the database is all they share
			begun := time.Now()
			version := e.next(within)
			t.Logf("told after %v", time.Since(begun))
			if part := d.get(w.runPath("/table")).want(200); grid(t, part)["Person 1"][0] != "complete" {
				t.Error("the table does not show what was told")
			}
			// One more page, which shows the board as it was: it is told at once.
			late := w.listen(t, d, base, "?version="+attr(main, "data-version"))
			if got := late.next(within); got != version {
				t.Errorf("a page that came late is told %q, want %q", got, version)
			}
			e.quiet(1500 * time.Millisecond)
		})
	}
}

func TestAStreamOutlivesTheBoundOnReadingARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	server := httptest.NewUnstartedServer(w.site.Handler())
	server.Config.ReadTimeout, server.Config.WriteTimeout = 500*time.Millisecond, 700*time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(w.site.Stop)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	e := w.listen(t, d, server.URL, "")
	e.quiet(1500 * time.Millisecond)
	w.answer(0, always(3))
	if e.next(within) == "" {
		t.Error("the stream has ended")
	}
}

func TestStreamsEndWhenTheServerStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	streams := []*events{w.listen(t, d, w.base, ""), w.listen(t, d, w.base, "")}
	w.site.Stop()
	for _, e := range streams {
		if got := e.next(within); got != "" {
			t.Errorf("told %q by a server that has stopped", got)
		}
	}
	if response, _ := w.openEvents(t, d, w.base, ""); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a server that has stopped opens a stream: %d", response.StatusCode)
	}
	d.get(w.runPath("")).want(200)
}

func TestNothingIsLeftOfAStreamThatIsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	t.Cleanup(w.site.Stop)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	watching := func() (runs, accounts int) {
		w.site.live.mu.Lock()
		defer w.site.live.mu.Unlock()
		return len(w.site.live.watches), len(w.site.live.accounts)
	}
	var streams []*events
	for range maxStreams {
		streams = append(streams, w.listen(t, d, w.base, ""))
	}
	if response, _ := w.openEvents(t, d, w.base, ""); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("stream %d of an account: %d", maxStreams+1, response.StatusCode)
	}
	if runs, accounts := watching(); runs != 1 || accounts != 1 {
		t.Errorf("%d runs are asked about for %d accounts, want one for all", runs, accounts)
	}
	for _, e := range streams {
		e.end()
	}
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		runs, accounts := watching()
		if runs == 0 && accounts == 0 {
			break
		}
		if time.Since(begun) > within {
			t.Fatalf("%d runs and %d accounts are left of closed streams", runs, accounts)
		}
	}
	gone := make(chan struct{})
	go func() { w.site.live.running.Wait(); close(gone) }()
	select {
	case <-gone:
	case <-time.After(within):
		t.Fatal("a run is still asked about although nobody watches")
	}
	w.listen(t, d, w.base, "") // there is room again
}

func TestWhoLosesTheRightLosesTheStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.site.live.beat = 50 * time.Millisecond
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	e := w.listen(t, d, w.base, "")
	t.Cleanup(w.site.Stop)
	u, err := w.cases.Users.ByEmail(t.Context(), survey.SystemActor("test"), "leader@example.org")
	w.must(err)
	w.must(w.cases.Users.Disable(t.Context(), survey.SystemActor("test"), u.ID))
	if got := e.next(within); got != "" {
		t.Errorf("told %q after the account was disabled", got)
	}
}

func TestASlowPageIsToldTheLastVersionAndKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	l := newLive(nil, nil)
	slow := &viewer{news: make(chan string, 1)}
	w := &watch{viewers: map[*viewer]bool{slow: true}}
	for _, version := range []string{"a", "b", "b", "c"} {
		l.tell(w, version)
	}
	if got := <-slow.news; got != "c" || len(slow.news) > 0 {
		t.Errorf("told %q and %d more, want the last alone", got, len(slow.news))
	}
	l.tell(w, "c")
	if len(slow.news) > 0 {
		t.Error("told the same twice")
	}
}

func TestWhoTakesNoStreamIsToldOnceHowTheBoardStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	var versions []string
	for range 2 {
		s := d.get(w.runPath("/events")).want(200)
		versions = append(versions, strings.TrimSpace(s.body))
		main := byID(d.get(w.runPath("")).root, "main")
		if got := attr(main, "data-version"); got != versions[len(versions)-1] {
			t.Errorf("the page has version %q and the address tells %q", got, versions[len(versions)-1])
		}
		w.answer(0, always(3))
	}
	if slices.Contains(versions, "") || versions[0] == versions[1] {
		t.Errorf("versions %q", versions)
	}
	if strings.Contains(versions[0], "Person") {
		t.Error("a version says something")
	}
}
