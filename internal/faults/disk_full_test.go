package faults

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"tidemark/internal/program"
	"tidemark/internal/trials"
	"tidemark/internal/visitor"
)

// soon is how long somebody may wait to be told that nothing can be saved.
const soon = 2 * time.Second

func TestAFullDiskIsSaidAtOnceAndOvercomeWithoutARestart(t *testing.T) {
	t.Parallel()
	began := time.Now()
	dir := smallDisk(t, "24m")
	database := filepath.Join(dir, "tidemark.db")
	s := set(t, database, t.TempDir())
	const clients = 2
	people, err := s.Add(t.Context(), 2*clients)
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t, program.Options{Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: t.TempDir()})
	book, n := newLedger(), often(t, 2, 20)
	var all []*client
	for i := range clients {
		all = append(all, newClient(t, s, server.URL(), people[2*i:2*i+2], book, uint64(i)))
	}
	var slowest, slowestPage, slowestBack time.Duration
	for range n {
		for range 10 {
			savesOne(t, all, 30*time.Second)
		}
		filler := fill(t, dir)
		slowest = max(slowest, refusedSoon(t, all))
		slowestPage = max(slowestPage, stillReads(t, server.URL(), all))
		do(t, os.Remove(filler))
		slowestBack = max(slowestBack, savesOne(t, all, 30*time.Second))
	}
	stop(t, server)
	f := judge(t, s, people, book)
	checkFile(t, database)
	keep(t, "disk-full", "SQLite", n, book, f, began,
		trials.Seconds("until refused, at most", slowest), trials.Seconds("a page or help meanwhile, at most", slowestPage), trials.Seconds("until saved again, at most", slowestBack))
}

func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fill takes all that is left of a disk.
func fill(t *testing.T, dir string) (path string) {
	t.Helper()
	f, err := os.CreateTemp(dir, "filler-")
	do(t, err)
	for piece := make([]byte, 1<<20); len(piece) > 0; {
		switch _, err := f.Write(piece); {
		case errors.Is(err, syscall.ENOSPC):
			piece = piece[:len(piece)/2]
		case err != nil:
			t.Fatal(err)
		}
	}
	do(t, f.Close())
	return f.Name()
}

// refusedSoon saves until that is refused, and gives the longest that somebody waited
// for an answer. What SQLite's log has room for is still saved.
func refusedSoon(t *testing.T, all []*client) (slowest time.Duration) {
	t.Helper()
	for i := range 5000 {
		c := all[i%len(all)]
		asked := time.Now()
		err := c.save(t.Context(), c.sheets[c.random.IntN(len(c.sheets))])
		if took := time.Since(asked); took > atMost(soon) {
			t.Errorf("on a full disk somebody waited %s", took)
		} else {
			slowest = max(slowest, took)
		}
		if refused, ok := errors.AsType[*visitor.StatusError](err); ok && refused.Status >= http.StatusInternalServerError {
			return slowest
		}
		do(t, err)
	}
	t.Fatal("a full disk takes everything")
	return 0
}

// stillReads opens pages and the way to help.
func stillReads(t *testing.T, base string, all []*client) (slowest time.Duration) {
	t.Helper()
	asked := time.Now()
	for _, c := range all {
		if _, err := c.sheets[0].visitor.Home(t.Context()); err != nil {
			t.Errorf("on a full disk: %v", err)
		}
		if _, err := c.sheets[0].visitor.Open(t.Context(), c.sheets[0].id); err != nil {
			t.Errorf("on a full disk: %v", err)
		}
		slowest, asked = max(slowest, time.Since(asked)), time.Now()
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/help", nil)
	do(t, err)
	answer, err := http.DefaultClient.Do(request)
	do(t, err)
	text, err := io.ReadAll(answer.Body)
	do(t, errors.Join(err, answer.Body.Close()))
	if answer.StatusCode != http.StatusOK || len(text) == 0 {
		t.Errorf("on a full disk help answers %d", answer.StatusCode)
	}
	return max(slowest, time.Since(asked))
}

// savesOne waits until everybody has saved an answer.
func savesOne(t *testing.T, all []*client, within time.Duration) time.Duration {
	t.Helper()
	began := time.Now()
	for _, c := range all {
		for {
			err := c.save(t.Context(), c.sheets[c.random.IntN(len(c.sheets))])
			if err == nil {
				break
			}
			if time.Since(began) > within {
				t.Fatalf("nothing is saved again: %v", err)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	return time.Since(began)
}
