package operate

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"tidemark/survey"
)

// Metrics counts what a server does. It is a [survey.Meter].
type Metrics struct {
	set       *metrics.Set
	saved     *metrics.Counter
	submitted *metrics.Counter
	sent      *metrics.Counter
	dropped   *metrics.Counter
	postponed *metrics.Counter
	failed    *metrics.Counter
	bounced   *metrics.Counter
	groups    *metrics.PrometheusHistogram
	started   time.Time
	labels    string // of the build

	// Sources are asked whenever somebody collects; nil: nothing is told of it.
	Sources Sources
}

// Sources are what is asked when somebody collects.
type Sources struct {
	// Backlog counts what waits, in the database.
	Backlog func(ctx context.Context) (survey.Backlog, error)
	// Pools are the connections to the database, by what they are for.
	Pools func() []Pool
	// Faults are what went wrong, by kind.
	Faults func() map[string]survey.FaultCount
	// TracesLost is how many spans no collector took.
	TracesLost func() int64
	// Ready and ReadOnly are how the server stands.
	Ready, ReadOnly func() bool
}

// Pool is how connections to a database are used.
type Pool struct {
	Name        string
	Most, InUse int
	Waits       int64
	Waited      time.Duration
}

// Bounds of the histograms, in seconds and in transactions.
var (
	latencies = []float64{0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10}
	groupings = []float64{1, 2, 4, 8, 16, 32, 64}
)

// NewMetrics counts for a program of a version, as built by a release of Go.
func NewMetrics(version, goVersion string) *Metrics {
	set := metrics.NewSet()
	message := func(outcome string) *metrics.Counter {
		return set.NewCounter(fmt.Sprintf("tidemark_messages_total{outcome=%q}", outcome))
	}
	return &Metrics{
		set: set, saved: set.NewCounter("tidemark_saves_total"), submitted: set.NewCounter("tidemark_submissions_total"),
		sent: message("sent"), dropped: message("needless"), postponed: message("postponed"), failed: message("failed"), bounced: message("bounced"),
		groups:  set.NewPrometheusHistogramExt("tidemark_commit_group_transactions", groupings),
		started: time.Now(), labels: fmt.Sprintf("{version=%q,go=%q}", version, goVersion),
	}
}

// methods are those that are told apart; whoever asks could send any other.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// Request counts one by the template of its route; "" when it met none.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	if !slices.Contains(methods, method) {
		method = "other"
	}
	m.set.GetOrCreateCounter(fmt.Sprintf("tidemark_requests_total{method=%q,route=%q,status=\"%dxx\"}", method, route, status/100)).Inc()
	m.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("tidemark_request_seconds{method=%q,route=%q}", method, route), latencies).Update(took.Seconds())
}

// Saved counts saved answers.
func (m *Metrics) Saved() { m.saved.Inc() }

// Submitted counts submitted questionnaires.
func (m *Metrics) Submitted() { m.submitted.Inc() }

// Throttled counts a try that was refused, by the name of its limit.
func (m *Metrics) Throttled(what string) {
	m.set.GetOrCreateCounter(fmt.Sprintf("tidemark_throttled_total{limit=%q}", what)).Inc()
}

// Delivered counts messages.
func (m *Metrics) Delivered(d survey.Delivery) {
	m.sent.Add(d.Sent)
	m.dropped.Add(d.Dropped)
	m.postponed.Add(d.Postponed)
	m.failed.Add(d.Failed)
	m.bounced.Add(d.Bounced)
}

// Group counts how many transactions shared a commit.
func (m *Metrics) Group(transactions int) { m.groups.Update(float64(transactions)) }

// collectTimeout bounds what a collection asks of the database.
const collectTimeout = 5 * time.Second

// ServeHTTP gives all of it in the text format of Prometheus.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	ctx, cancel := context.WithTimeout(r.Context(), collectTimeout)
	defer cancel()
	m.Write(ctx, w)
}

// Write writes all of it.
func (m *Metrics) Write(ctx context.Context, w io.Writer) {
	m.set.WritePrometheus(w)
	gauge := metrics.WriteGaugeFloat64
	gauge(w, "tidemark_build_info"+m.labels, 1)
	gauge(w, "tidemark_uptime_seconds", time.Since(m.started).Seconds())
	s := m.Sources
	if s.Ready != nil {
		gauge(w, "tidemark_ready", number(s.Ready()))
	}
	if s.ReadOnly != nil {
		gauge(w, "tidemark_read_only", number(s.ReadOnly()))
	}
	if s.TracesLost != nil {
		metrics.WriteCounterUint64(w, "tidemark_traces_lost_total", uint64(max(s.TracesLost(), 0)))
	}
	if s.Pools != nil {
		for _, p := range s.Pools() {
			name := fmt.Sprintf("{pool=%q}", p.Name)
			gauge(w, "tidemark_database_connections_max"+name, float64(p.Most))
			gauge(w, "tidemark_database_connections_in_use"+name, float64(p.InUse))
			metrics.WriteCounterUint64(w, "tidemark_database_waits_total"+name, uint64(max(p.Waits, 0)))
			metrics.WriteCounterFloat64(w, "tidemark_database_wait_seconds_total"+name, p.Waited.Seconds())
		}
	}
	if s.Faults != nil {
		faults := s.Faults()
		kinds := make([]string, 0, len(faults))
		for kind := range faults {
			kinds = append(kinds, kind)
		}
		slices.Sort(kinds)
		for _, kind := range kinds {
			metrics.WriteCounterUint64(w, fmt.Sprintf("tidemark_faults_total{kind=%q}", kind), uint64(max(faults[kind].Count, 0)))
		}
	}
	m.writeBacklog(ctx, w)
	metrics.WriteProcessMetrics(w)
}

// writeBacklog tells what waits in the database. When that cannot be asked, it is left out
// and said so: old figures would look like good ones.
func (m *Metrics) writeBacklog(ctx context.Context, w io.Writer) {
	if m.Sources.Backlog == nil {
		return
	}
	b, err := m.Sources.Backlog(ctx)
	gauge := metrics.WriteGaugeFloat64
	gauge(w, "tidemark_database_up", number(err == nil))
	if err != nil {
		return
	}
	gauge(w, "tidemark_messages_waiting", float64(b.Messages.Waiting))
	gauge(w, "tidemark_messages_retrying", float64(b.Messages.Trying))
	gauge(w, "tidemark_messages_given_up", float64(b.Messages.Failed))
	gauge(w, "tidemark_messages_oldest_seconds", age(b.Messages.Oldest))
	gauge(w, "tidemark_files_waiting", float64(b.Files))
	gauge(w, "tidemark_files_oldest_seconds", age(b.FileFrom))
	gauge(w, "tidemark_audit_unsealed_lines", float64(b.Audit))
	gauge(w, "tidemark_audit_sealing_lag_seconds", age(b.AuditFrom))
	gauge(w, "tidemark_alerts_waiting", float64(b.Alerts))
}

// age is how many seconds ago something was; 0 when it never was or is to come.
func age(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return max(0, time.Since(t).Seconds())
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
