package operate

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// collector takes spans as a collector of OpenTelemetry does, by its own reader.
type collector struct {
	*httptest.Server
	status chan int // what it answers next; empty: 200
	got    chan ptrace.Traces
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{status: make(chan int, 9), got: make(chan ptrace.Traces, 99)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		spans, e := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(body)
		if err != nil || e != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %v, %v: %s", r.Method, r.URL, err, e, body)
		}
		select {
		case status := <-c.status:
			w.WriteHeader(status)
		default:
			c.got <- spans
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// run begins to send and gives what ends it, with what is left sent.
func run(t *testing.T, traces *Traces) (stop func(), troubles chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended, troubles := make(chan struct{}), make(chan error, 9)
	go func() { defer close(ended); traces.Run(ctx, func(err error) { troubles <- err }) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop, troubles
}

const (
	aTrace = "0af7651916cd43dd8448eb211c80319c"
	aSpan  = "b7ad6b7169203331"
)

func TestACollectorReadsASpanForEachRequest(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	traces, err := NewTraces(c.URL, 1, "1.2.3", "server-one")
	if err != nil {
		t.Fatal(err)
	}
	stop, _ := run(t, traces)
	from := time.Date(2026, 11, 23, 12, 0, 0, 7, time.UTC)
	traces.Request("00-"+aTrace+"-"+aSpan+"-01", "GET", "/p/:token", 200, from, 30*time.Millisecond)
	traces.Request("", "canary-method", "", 503, from, time.Second)
	stop()
	got := <-c.got
	if got.SpanCount() != 2 || got.ResourceSpans().Len() != 1 {
		t.Fatalf("%d spans of %d servers", got.SpanCount(), got.ResourceSpans().Len())
	}
	of := got.ResourceSpans().At(0)
	for key, want := range map[string]string{"service.name": "tidemark", "service.version": "1.2.3", "service.instance.id": "server-one"} {
		if v, _ := of.Resource().Attributes().Get(key); v.AsString() != want {
			t.Errorf("%s is %q", key, v.AsString())
		}
	}
	first, second := of.ScopeSpans().At(0).Spans().At(0), of.ScopeSpans().At(0).Spans().At(1)
	if first.TraceID().String() != aTrace || first.ParentSpanID().String() != aSpan || first.SpanID().IsEmpty() || first.SpanID().String() == aSpan {
		t.Errorf("%s, %s under %s", first.TraceID(), first.SpanID(), first.ParentSpanID())
	}
	if first.Name() != "GET /p/:token" || first.Kind() != ptrace.SpanKindServer || first.Status().Code() != ptrace.StatusCodeUnset {
		t.Errorf("%q, %v, %v", first.Name(), first.Kind(), first.Status().Code())
	}
	if !first.StartTimestamp().AsTime().Equal(from) || first.EndTimestamp().AsTime().Sub(from) != 30*time.Millisecond {
		t.Errorf("from %v to %v", first.StartTimestamp(), first.EndTimestamp())
	}
	if v, _ := first.Attributes().Get("http.response.status_code"); v.Int() != 200 {
		t.Errorf("the status is %v", v)
	}
	if second.TraceID().IsEmpty() || second.TraceID() == first.TraceID() || !second.ParentSpanID().IsEmpty() || second.Status().Code() != ptrace.StatusCodeError || second.Name() != "_OTHER" {
		t.Errorf("%s under %s: %q, %v", second.TraceID(), second.ParentSpanID(), second.Name(), second.Status().Code())
	}
}

func TestWhoseTraceARequestBelongsTo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]bool{ // that it is one, and that it was chosen
		"": {}, "00-" + aTrace + "-" + aSpan + "-01": {true, true}, "00-" + aTrace + "-" + aSpan + "-00": {true, false},
		"00-" + aTrace + "-" + aSpan + "-0a": {true, false}, "00-" + aTrace + "-" + aSpan + "-0b": {true, true},
		"01-" + aTrace + "-" + aSpan + "-01-more":              {true, true},
		"00-" + aTrace + "-" + aSpan + "-01-more":              {},
		"ff-" + aTrace + "-" + aSpan + "-01":                   {},
		"00-" + strings.ToUpper(aTrace) + "-" + aSpan + "-01":  {},
		"00-" + strings.Repeat("0", 32) + "-" + aSpan + "-01":  {},
		"00-" + aTrace + "-" + strings.Repeat("0", 16) + "-01": {},
		"00-" + aTrace[1:] + "-" + aSpan + "-01":               {},
		"00-" + aTrace + "-" + aSpan + "-1":                    {},
		"00-" + aTrace + "-" + aSpan:                           {},
	} {
		if _, _, chosen, ok := readParent(text); ok != want[0] || chosen != want[1] {
			t.Errorf("%q: %v, %v", text, ok, chosen)
		}
	}
	for _, share := range []float64{0, 1} {
		traces, err := NewTraces("http://127.0.0.1:4318", share, "", "")
		if err != nil {
			t.Fatal(err)
		}
		traces.Request("", "GET", "/", 200, time.Now(), 0)
		traces.Request("00-"+aTrace+"-"+aSpan+"-01", "GET", "/", 200, time.Now(), 0)
		traces.Request("00-"+aTrace+"-"+aSpan+"-00", "GET", "/", 200, time.Now(), 0)
		if got, want := len(traces.waiting), 1+int(share); got != want {
			t.Errorf("of a share of %v, %d spans, want %d", share, got, want)
		}
	}
	for _, to := range []string{"", "collector:4318", "ftp://collector", "http://", "http://name:password@collector", "http://collector?x"} {
		if _, err := NewTraces(to, 1, "", ""); err == nil {
			t.Errorf("%q is taken for a collector", to)
		}
	}
}

func TestACollectorThatTakesNothingHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	traces, err := NewTraces(c.URL+"/v1/traces", 1, "", "")
	if err != nil {
		t.Fatal(err)
	}
	// Nobody sends yet: what does not fit is counted, and nothing waits.
	for range waitingSpans + 3 {
		traces.Request("", "GET", "/", 200, time.Now(), 0)
	}
	if traces.Lost() != 3 {
		t.Errorf("%d are lost", traces.Lost())
	}
	c.status <- http.StatusServiceUnavailable
	stop, troubles := run(t, traces)
	if err := <-troubles; err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("the trouble is %v", err)
	}
	if err := <-troubles; err != nil {
		t.Errorf("it goes on with %v", err)
	}
	stop()
	if traces.Lost() != 3+batchSpans {
		t.Errorf("%d are lost", traces.Lost())
	}
	got := 0
	for len(c.got) > 0 {
		got += (<-c.got).SpanCount()
	}
	if got != waitingSpans-batchSpans {
		t.Errorf("the collector got %d", got)
	}
}
