package faults

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tidemark/internal/program"
	"tidemark/internal/visitor"
)

// drain is how long a server of these tests goes on after it was told to stop.
const drain = time.Second

// TestStoppingUnderLoadRefusesNobodyBeforeItSaysSo tells a server to stop while people
// save, again and again. Nobody's connection breaks before readiness has turned, nor for
// as long as the server said that it would go on, and nothing acknowledged is lost.
func TestStoppingUnderLoadRefusesNobodyBeforeItSaysSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	began := time.Now()
	const clients, each = 6, 4
	n := often(t, 2, 50)
	s := set(t, database, dir)
	people, err := s.Add(t.Context(), clients*each)
	if err != nil {
		t.Fatal(err)
	}
	o := program.Options{Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: dir, Args: []string{"--drain", drain.String()}}
	server := serve(t, o)
	o.Addr = server.Addr
	book := newLedger()
	all := make([]*client, clients)
	for i := range all {
		all[i] = newClient(t, s, server.URL(), people[i*each:(i+1)*each], book, uint64(i))
	}
	for range n {
		stops(t, server, all, book)
		server = serve(t, o)
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	keep(t, "stop", "SQLite", n, book, judge(t, s, people, book), began)
	checkFile(t, database)
}

// stops is one stop of a server that people save on.
func stops(t *testing.T, server *program.Server, clients []*client, book *ledger) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	defer cancel()
	var mu sync.Mutex
	var broken, turned time.Time // the first connection that broke; when it was seen not to be ready
	var answering sync.WaitGroup
	for _, c := range clients {
		answering.Go(func() {
			for {
				err := c.save(ctx, c.sheets[c.random.IntN(len(c.sheets))])
				if err == nil {
					continue
				}
				if refused, ok := errors.AsType[*visitor.StatusError](err); ok {
					t.Errorf("a server that ends refused: %v", refused)
				}
				mu.Lock()
				defer mu.Unlock()
				if broken.IsZero() {
					broken = time.Now()
				}
				return
			}
		})
	}
	awaitProgress(t, book)
	looking := make(chan struct{})
	go func() {
		defer close(looking)
		for {
			ready, err := isReady(ctx, server)
			if err != nil || !ready {
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					turned = time.Now()
				}
				return
			}
		}
	}()
	told := time.Now()
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	<-looking
	answering.Wait()
	switch {
	case turned.IsZero():
		t.Error("the server ended without saying that it is not ready")
	case broken.Before(turned):
		t.Errorf("a connection broke %v before the server said that it is not ready", turned.Sub(broken))
	case broken.Sub(told) < drain:
		t.Errorf("a connection broke %v after the server was told to stop, and it was to go on for %v", broken.Sub(told), drain)
	}
}

// isReady asks a server on a connection of its own, as a proxy does.
func isReady(ctx context.Context, server *program.Server) (bool, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL()+"/readyz", nil)
	if err != nil {
		return false, err
	}
	response, err := client.Do(r)
	if err != nil {
		return false, err
	}
	return response.StatusCode == http.StatusOK, response.Body.Close()
}
