package main

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/stage"
	"tidemark/internal/trials"
	"tidemark/internal/visitor"
	"tidemark/survey/storetest"
	"tidemark/web"
)

// inProcess serves without a process of its own, which saves building the program.
func inProcess(limit web.Load) func(context.Context, *stage.Stage, database) (server, error) {
	return func(_ context.Context, s *stage.Stage, _ database) (server, error) {
		h := httptest.NewUnstartedServer(nil)
		base := "http://" + h.Listener.Addr().String()
		site, err := web.New(web.Config{BaseURL: base, Logger: slog.New(slog.DiscardHandler), Now: time.Now, Load: limit}, s.Cases, s.Store)
		if err != nil {
			return server{}, err
		}
		h.Config.Handler = site.Handler()
		h.Start()
		return server{base, os.Getpid(), func() error { site.Stop(); h.Close(); return nil }}, nil
	}
}

func short(t *testing.T, people int, limit web.Load) load {
	t.Helper()
	return load{
		out: io.Discard, dir: t.TempDir(), people: people, in: time.Second, think: 20 * time.Millisecond, seed: 1,
		serve: inProcess(limit),
	}
}

func finish(t *testing.T, l load, d database) *report {
	t.Helper()
	r, err := l.on(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	r.print(&said)
	t.Log(said.String())
	if !r.sound() {
		t.Error("not everything acknowledged is stored")
	}
	if err := trials.Keep(r.result(t.Name())); err != nil {
		t.Error(err)
	}
	return r
}

func TestPeopleAfterAReminderAllComeToTheEndOnSQLite(t *testing.T) {
	t.Parallel()
	r := finish(t, short(t, 40, web.Load{}), database{name: "SQLite", dsn: storetest.SQLiteDSN(t)})
	if n := len(r.waits.acts["save"]); n != 40*12 || r.acked != 40*13 || r.waits.errors > 0 {
		t.Errorf("%d saves, %d acknowledged, %d errors", n, r.acked, r.waits.errors)
	}
	if r.waits.largest > 50_000 {
		t.Errorf("a page has %d bytes, want at most 50 kB", r.waits.largest)
	}
}

func TestPeopleAfterAReminderAllComeToTheEndOnPostgreSQL(t *testing.T) {
	t.Parallel()
	finish(t, short(t, 40, web.Load{}), database{name: "PostgreSQL", dsn: storetest.PostgresDSN(t)})
}

func TestWhoIsTurnedAwayComesBackAndNothingIsLost(t *testing.T) {
	t.Parallel()
	l := short(t, 8, web.Load{Places: 1, Wait: time.Millisecond})
	l.in, l.think = 0, 0
	r := finish(t, l, database{name: "SQLite", dsn: storetest.SQLiteDSN(t)})
	if r.waits.refused == 0 || r.acked != 8*13 {
		t.Errorf("%d were told to come back, %d answers and submissions are acknowledged", r.waits.refused, r.acked)
	}
	if longest := share(r.waits.requests, 1); longest > 30*time.Second {
		t.Errorf("somebody waited %s", longest)
	}
}

func TestSoManyAtOnceAreServedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	l := short(t, 6, web.Load{})
	l.closed = 2
	if r := finish(t, l, database{name: "SQLite", dsn: storetest.SQLiteDSN(t)}); len(r.waits.acts["submit"]) != 6 {
		t.Errorf("%d submissions, want 6", len(r.waits.acts["submit"]))
	}
}

func TestWhatIsStoredOtherwiseIsFound(t *testing.T) {
	t.Parallel()
	s, err := stage.Set(t.Context(), filepath.Join(t.TempDir(), "tidemark.db"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Store.Close() })
	l := short(t, 2, web.Load{})
	people, err := s.Add(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	at, err := l.serve(t.Context(), s, database{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = at.stop() }()
	b := newBook()
	if failed := l.asTheyCome(t.Context(), at.base, people, newWaits(), b); len(failed) > 0 {
		t.Fatal(failed)
	}
	for id := range b.sent {
		for item, value := range b.saves[id] {
			b.saves[id][item] = value + 1
			break
		}
		b.saves[id]["never asked"] = 1
	}
	b.sent["unknown"] = true
	got, err := b.judge(t.Context(), s.Store, s.Design.Study.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, verdict{acked: 2*13 + 3, lost: 3, altered: 2}, cmp.AllowUnexported(verdict{})); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func TestMostComeAtFirstAndNobodyLate(t *testing.T) {
	t.Parallel()
	all := arrivals(rand.New(rand.NewPCG(1, 2)), 5000, time.Minute)
	third := 0
	for _, at := range all {
		if at < 20*time.Second {
			third++
		}
	}
	// (1 − e^(−2/3)) / (1 − e^(−2)) = 0.563 come in the first third.
	if share := float64(third) / 5000; share < .54 || share > .59 || all[0] < 0 || all[4999] > time.Minute {
		t.Errorf("%.3f come in the first third; the last at %s", share, all[4999])
	}
}

func TestAWaitCountsFromWhenSomethingWasMeant(t *testing.T) {
	t.Parallel()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	defer h.Close()
	w := newWaits()
	p := newPerson(h.URL, stage.Person{}, w, newBook(), 1, 0)
	// The server took somebody up two seconds late.
	p.meant = time.Now().Add(-2 * time.Second)
	if err := p.act(t.Context(), "page", func() error { _, err := p.Home(t.Context()); return err }); err != nil {
		t.Fatal(err)
	}
	if w.requests[0] < 2*time.Second || w.acts["page"][0] < 2*time.Second {
		t.Errorf("the wait is %s and %s, want two seconds", w.requests[0], w.acts["page"][0])
	}
}

func TestWhoIsToldToComeBackWaitsAsLong(t *testing.T) {
	t.Parallel()
	w := newWaits()
	for _, c := range []struct {
		err  error
		want time.Duration
	}{
		{&visitor.StatusError{Status: 429, After: 5 * time.Second}, 5 * time.Second},
		{&visitor.StatusError{Status: 429}, pause},
		{&visitor.StatusError{Status: 503}, pause},
		{&visitor.StatusError{Status: 404}, -1},
		{io.ErrUnexpectedEOF, pause},
	} {
		if got := w.failed(c.err); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
	if w.refused != 2 || w.errors != 3 {
		t.Errorf("%d refused, %d errors", w.refused, w.errors)
	}
}

func TestSharesAreByTheNearestRank(t *testing.T) {
	t.Parallel()
	var all []time.Duration
	for i := range 100 {
		all = append(all, time.Duration(100-i))
	}
	if a, b, c := share(all, .5), share(all, .99), share(nil, .5); a != 50 || b != 99 || c != 0 {
		t.Errorf("got %d, %d, %d", a, b, c)
	}
}
