package operate

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Readiness is whether a server should be sent requests: its database takes writes, the
// schema is the program's, there is space on the disk, and it is not about to end. Its
// answer is for machines that nobody vouches for, so it says which check failed and
// nothing more.
type Readiness struct {
	// Probe finds out whether the database takes writes; Schema whether it is the
	// program's; Free how many bytes are left on the disk of the database, if it is here.
	Probe  func(context.Context) error
	Schema func(context.Context) error
	Free   func() (uint64, error)
	// LeastFree is how many bytes there must be.
	LeastFree uint64
	// ReadOnly reports whether changes are taken; without them it is still ready.
	ReadOnly func() bool

	draining atomic.Bool
	mu       sync.Mutex
	asked    time.Time
	last     Report
}

// Report is what a server says of itself.
type Report struct {
	Ready    bool              `json:"ready"`
	ReadOnly bool              `json:"read_only,omitempty"`
	Checks   map[string]string `json:"checks"` // "ok", or what is wrong
}

const (
	// probeTimeout is how long a database that is well may take.
	probeTimeout = 2 * time.Second
	// keepReport bounds how often the database is asked, however often others ask.
	keepReport = time.Second
)

// Drain says that the server is about to end: it is not ready any more.
func (r *Readiness) Drain() { r.draining.Store(true) }

// Draining reports whether it is.
func (r *Readiness) Draining() bool { return r.draining.Load() }

// Report is how the server stands. Those who ask at once are told the same.
func (r *Readiness) Report(ctx context.Context) Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asked.IsZero() || time.Since(r.asked) >= keepReport {
		// Whoever asked may leave: the answer is for others as well.
		r.last = r.look(context.WithoutCancel(ctx))
		r.asked = time.Now()
	}
	report := Report{Ready: r.last.Ready, Checks: map[string]string{}}
	maps.Copy(report.Checks, r.last.Checks)
	report.Checks["draining"] = "ok"
	if r.Draining() {
		report.Ready, report.Checks["draining"] = false, "this server is about to end"
	}
	report.ReadOnly = r.ReadOnly != nil && r.ReadOnly()
	return report
}

func (r *Readiness) look(ctx context.Context) Report {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	report := Report{Ready: true, Checks: map[string]string{}}
	say := func(name string, failed bool, what string) {
		report.Checks[name] = "ok"
		if failed {
			report.Ready, report.Checks[name] = false, what
		}
	}
	begun := time.Now()
	err := inTime(ctx, r.Probe)
	slow := time.Since(begun) >= probeTimeout
	switch {
	case slow:
		say("database", true, "the database does not answer in time")
	default:
		say("database", err != nil, "the database takes no writes")
	}
	if err == nil {
		say("schema", inTime(ctx, r.Schema) != nil, "the database has another schema than this program needs")
	}
	if r.Free != nil {
		free, err := r.Free()
		say("disk", err == nil && free < r.LeastFree, "the disk of the database is nearly full")
	}
	return report
}

// inTime does not wait for a database that listens to no deadline.
func inTime(ctx context.Context, ask func(context.Context) error) error {
	said := make(chan error, 1)
	go func() { said <- ask(ctx) }()
	select {
	case err := <-said:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ServeHTTP answers /readyz: 200, or 503 with what failed.
func (r *Readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	report := r.Report(req.Context())
	body, err := json.Marshal(report)
	if err != nil {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	if !report.Ready {
		h.Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = fmt.Fprintf(w, "%s\n", body) // whoever asked may be gone
}

// Live answers /livez: the process runs and answers. It asks nothing of anybody, so that
// a database that is away is no reason to start a server anew.
func Live(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = fmt.Fprintln(w, "ok")
}
