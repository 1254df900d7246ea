package operate

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

// collected is what a collector is given.
func collected(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

func TestMetricsTellHowOftenAndNeverWho(t *testing.T) {
	t.Parallel()
	m := NewMetrics("1.2.3", "go1.26")
	m.Request("GET", "/p/:token", 200, 30*time.Millisecond)
	m.Request("GET", "/p/:token", 404, 3*time.Second)
	m.Request("canary-method", "", 400, time.Millisecond)
	m.Saved()
	m.Submitted()
	m.Throttled("sign-in from a network")
	m.Delivered(survey.Delivery{Sent: 2, Postponed: 1})
	m.Group(3)
	faults := NewFaults()
	log := slog.New(faults.Handler(slog.NewTextHandler(t.Output(), nil))).With("a", 1).WithGroup("g")
	log.ErrorContext(t.Context(), "messages", "error", errors.New("canary-address@example.org"))
	log.ErrorContext(t.Context(), "request", "status", 500) // told before, with why
	log.WarnContext(t.Context(), "letters could not be sent")
	m.Sources = Sources{
		Faults: faults.Counts, ReadOnly: func() bool { return true }, Ready: func() bool { return false },
		Pools: func() []Pool {
			return []Pool{{Name: "read", Most: 4, InUse: 1, Waits: 7, Waited: 1500 * time.Millisecond}}
		},
		Backlog: func(context.Context) (survey.Backlog, error) {
			return survey.Backlog{
				Messages: survey.Outgoing{Waiting: 5, Oldest: time.Now().Add(-time.Minute)}, Audit: 2, AuditFrom: time.Now().Add(-3 * time.Second),
			}, nil
		},
	}
	text := collected(t, m)
	for _, want := range []string{
		`tidemark_requests_total{method="GET",route="/p/:token",status="2xx"} 1`,
		`tidemark_requests_total{method="GET",route="/p/:token",status="4xx"} 1`,
		`tidemark_requests_total{method="other",route="none",status="4xx"} 1`,
		`tidemark_request_seconds_bucket{method="GET",route="/p/:token",le="0.05"} 1`,
		`tidemark_request_seconds_count{method="GET",route="/p/:token"} 2`,
		"tidemark_saves_total 1", "tidemark_submissions_total 1", `tidemark_throttled_total{limit="sign-in from a network"} 1`,
		`tidemark_messages_total{outcome="sent"} 2`, `tidemark_messages_total{outcome="postponed"} 1`, "tidemark_messages_waiting 5", "tidemark_messages_oldest_seconds 6",
		`tidemark_commit_group_transactions_bucket{le="4"} 1`, `tidemark_faults_total{kind="messages"} 1`, "tidemark_read_only 1", "tidemark_ready 0",
		`tidemark_database_waits_total{pool="read"} 7`, `tidemark_database_wait_seconds_total{pool="read"} 1.5`, "tidemark_audit_unsealed_lines 2",
		"tidemark_audit_sealing_lag_seconds 3", `tidemark_build_info{version="1.2.3",go="go1.26"} 1`, "tidemark_database_up 1", "go_goroutines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %s", want)
		}
	}
	for _, no := range []string{"canary", `kind="request"`, "letters could"} {
		if strings.Contains(text, no) {
			t.Errorf("tells %s", no)
		}
	}
	m.Sources.Backlog = func(context.Context) (survey.Backlog, error) { return survey.Backlog{}, errors.New("away") }
	if text := collected(t, m); !strings.Contains(text, "tidemark_database_up 0") || strings.Contains(text, "tidemark_messages_waiting") {
		t.Error("tells of a backlog that nobody could count")
	}
}

func TestReadinessSaysWhichCheckFailed(t *testing.T) {
	t.Parallel()
	const secret = "postgres://tidemark:canary@db"
	fine := func(context.Context) error { return nil }
	broken := func(context.Context) error { return errors.New(secret) }
	hanging := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	space := func(n uint64) func() (uint64, error) { return func() (uint64, error) { return n, nil } }
	for name, c := range map[string]struct {
		r     *Readiness
		drain bool
		bad   string // the check that fails; empty: it is ready
	}{
		"well":                     {&Readiness{Probe: fine, Schema: fine, Free: space(100), LeastFree: 100}, false, ""},
		"no writes":                {&Readiness{Probe: broken, Schema: fine}, false, "database"},
		"no answer":                {&Readiness{Probe: hanging, Schema: fine}, false, "database"},
		"another schema":           {&Readiness{Probe: fine, Schema: broken}, false, "schema"},
		"disk full":                {&Readiness{Probe: fine, Schema: fine, Free: space(99), LeastFree: 100}, false, "disk"},
		"about to end":             {&Readiness{Probe: fine, Schema: fine}, true, "draining"},
		"read-only, and ready":     {&Readiness{Probe: fine, Schema: fine, ReadOnly: func() bool { return true }}, false, ""},
		"a disk nobody can see of": {&Readiness{Probe: fine, Schema: fine, Free: func() (uint64, error) { return 0, errors.New("?") }, LeastFree: 1}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := c.r
			first := r.Report(t.Context())
			if c.drain {
				if !first.Ready {
					t.Fatal("is not ready to begin with")
				}
				r.Drain() // told at once, whatever was found a moment ago
			}
			w := httptest.NewRecorder()
			r.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
			body := w.Body.String()
			if c.bad == "" && (w.Code != 200 || !strings.Contains(body, `"ready":true`)) {
				t.Errorf("%d %s", w.Code, body)
			}
			if c.bad != "" && (w.Code != 503 || strings.Contains(body, `"`+c.bad+`":"ok"`) || w.Header().Get("Retry-After") == "") {
				t.Errorf("%d %s", w.Code, body)
			}
			if strings.Contains(body, "canary") {
				t.Errorf("tells a secret: %s", body)
			}
		})
	}
}

func TestReadinessAsksTheDatabaseOnceASecondHoweverManyAsk(t *testing.T) {
	t.Parallel()
	asked := 0
	r := &Readiness{Probe: func(context.Context) error { asked++; return nil }, Schema: func(context.Context) error { return nil }}
	for range 200 {
		if !r.Report(t.Context()).Ready {
			t.Fatal("is not ready")
		}
	}
	if asked > 2 {
		t.Errorf("asked %d times", asked)
	}
}

func TestKindsOfFaultsAreBounded(t *testing.T) {
	t.Parallel()
	f := NewFaults()
	for i := range 3 * maxKinds {
		f.note(strings.Repeat("x", i), time.Now())
	}
	counts := f.Counts()
	if len(counts) > maxKinds+1 || counts["other"].Count != 2*maxKinds {
		t.Errorf("%d kinds, %d others", len(counts), counts["other"].Count)
	}
}
