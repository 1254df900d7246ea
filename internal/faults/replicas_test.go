package faults

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/internal/visitor"
	"tidemark/survey/storetest"
)

// replicas is the topology of docker-compose.yml as plain processes: two servers
// on one PostgreSQL behind a proxy that hands requests to each in turn.
type replicas struct {
	*stage.Stage
	servers [2]*program.Server
	proxy   *httptest.Server
	next    atomic.Int64
	handled [2]atomic.Int64 // requests, by server
}

func startReplicas(t *testing.T) *replicas {
	t.Helper()
	database := storetest.PostgresDSN(t)
	r := &replicas{Stage: set(t, database, t.TempDir())}
	r.proxy = httptest.NewUnstartedServer(&httputil.ReverseProxy{
		Rewrite:   func(p *httputil.ProxyRequest) { p.Out.URL.Scheme, p.Out.Host = "http", p.In.Host },
		Transport: r,
		ErrorLog:  log.New(io.Discard, "", 0), // one of the servers dies on purpose
	})
	base := "http://" + r.proxy.Listener.Addr().String()
	for i := range r.servers {
		r.servers[i] = serve(t, program.Options{
			Binary: binary, Database: database, SecretFile: r.SecretFile, Dir: t.TempDir(), BaseURL: base,
		})
	}
	r.proxy.Start()
	t.Cleanup(r.proxy.Close)
	return r
}

// RoundTrip sends a request to the next server, and to the other only when that
// one could not be reached at all.
func (r *replicas) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil {
		var err error
		if body, err = io.ReadAll(request.Body); err != nil {
			return nil, err
		}
	}
	i := r.next.Add(1) % 2
	response, err := r.to(i, request, body)
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		i = 1 - i
		response, err = r.to(i, request, body)
	}
	if err == nil {
		r.handled[i].Add(1)
	}
	return response, err
}

func (r *replicas) to(i int64, request *http.Request, body []byte) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.URL.Host, request.Body = r.servers[i].Addr, io.NopCloser(bytes.NewReader(body))
	return http.DefaultTransport.RoundTrip(request)
}

// lowest chooses the first option.
func lowest(q visitor.Question) float64 { return q.Values[0] }

func TestAParticipationMayAlternateBetweenReplicas(t *testing.T) {
	t.Parallel()
	r := startReplicas(t)
	people, err := r.Add(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, way := range []visitor.Way{visitor.Scripted, visitor.Plain} {
		before := len(dueNow(t, r.Stage, people[i]))
		v := visitor.New(r.proxy.URL, nil)
		if err := v.Complete(t.Context(), people[i].Token, way, lowest); err != nil {
			t.Errorf("%s: %v", way, err)
		}
		v.Close()
		if left := len(dueNow(t, r.Stage, people[i])); left != before-1 {
			t.Errorf("%s: %d questionnaires are due afterwards, want %d", way, left, before-1)
		}
	}
	if a, b := r.handled[0].Load(), r.handled[1].Load(); a < 10 || b < 10 {
		t.Errorf("one server handled %d requests and the other %d", a, b)
	}
}

func TestParallelSubmissionsToReplicasSubmitOnce(t *testing.T) {
	t.Parallel()
	const parallel = 8
	r := startReplicas(t)
	people, err := r.Add(t.Context(), 4)
	if err != nil {
		t.Fatal(err)
	}
	book := newLedger()
	for n, p := range people {
		c := newClient(t, r.Stage, r.proxy.URL, []stage.Person{p}, book, uint64(n))
		for _, s := range c.sheets {
			for range 4 {
				if err := c.save(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
			book.submitting(s.id)
			var sending sync.WaitGroup
			for range parallel {
				sending.Go(func() {
					if _, err := s.visitor.Submit(t.Context(), s.id); err != nil {
						t.Errorf("one of %d submissions at once: %v", parallel, err)
					}
				})
			}
			sending.Wait()
			book.submitted(s.id)
		}
	}
	judge(t, r.Stage, people, book)
}

func TestKillingOneReplicaLosesNothing(t *testing.T) {
	t.Parallel()
	r := startReplicas(t)
	const clients = 4
	people, err := r.Add(t.Context(), clients)
	if err != nil {
		t.Fatal(err)
	}
	book, stop := newLedger(), make(chan struct{})
	var answering sync.WaitGroup
	for i := range clients {
		c := newClient(t, r.Stage, r.proxy.URL, people[i:i+1], book, uint64(i))
		c.away = []int{http.StatusBadGateway}
		answering.Go(func() { c.answer(t, stop) })
	}
	awaitProgress(t, book)
	time.Sleep(200 * time.Millisecond)
	if err := r.servers[0].Kill(); err != nil {
		t.Fatal(err)
	}
	for range 5 { // the other carries on alone
		awaitProgress(t, book)
	}
	close(stop)
	answering.Wait()
	judge(t, r.Stage, people, book)
}
