package faults

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"tidemark/internal/pgserver"
	"tidemark/internal/program"
	"tidemark/internal/trials"
)

// A database that crashes and comes back must not take an acknowledged answer with it,
// and the server must find it again by itself.
func TestCrashesOfPostgreSQLLoseNothingAcknowledged(t *testing.T) {
	t.Parallel()
	began := time.Now()
	bin, err := pgserver.Find()
	if err != nil {
		lacking(t, "crashes of PostgreSQL need a server of the test's own", err)
	}
	database, err := pgserver.Start(t.Context(), pgserver.Options{Bin: bin, Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Stop(); err != nil {
			t.Error(err)
		}
	})
	const clients = 4
	n := often(t, 3, 100)
	each := max(4, n/5)
	s := set(t, database.DSN(), t.TempDir())
	people, err := s.Add(t.Context(), clients*each)
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t, program.Options{Binary: binary, Database: database.DSN(), SecretFile: s.SecretFile, Dir: t.TempDir()})
	book, done := newLedger(), make(chan struct{})
	var answering sync.WaitGroup
	for i := range clients {
		c := newClient(t, s, server.URL(), people[i*each:(i+1)*each], book, uint64(i))
		c.away = []int{http.StatusInternalServerError, http.StatusServiceUnavailable}
		answering.Go(func() { c.answer(t, done) })
	}
	random := rand.New(rand.NewPCG(uint64(n), 3))
	var slowest time.Duration
	for range n {
		awaitProgress(t, book)
		time.Sleep(time.Duration(random.IntN(250)) * time.Millisecond)
		if err := database.Crash(t.Context()); err != nil {
			t.Fatal(err)
		}
		back := time.Now()
		awaitProgress(t, book)
		slowest = max(slowest, time.Since(back))
	}
	close(done)
	answering.Wait()
	stop(t, server)
	keep(t, "postgres-crash", "PostgreSQL", n, book, judge(t, s, people, book), began, trials.Seconds("until ten more were saved, at most", slowest))
}
