package operate

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// batchSpans and batchEvery bound what is sent at once, and how long it waits.
	batchSpans = 512
	batchEvery = 5 * time.Second
	// waitingSpans is how many wait for a collector that is slow; what comes then is lost.
	waitingSpans = 4 * batchSpans
	// sendTimeout is also how long the end of a server may have to wait.
	sendTimeout = 2 * time.Second
)

// Traces sends what a server did for each request to a collector of OpenTelemetry (OTLP
// over HTTP, as JSON). Nobody waits for it: what a collector does not take is lost and
// counted. Its methods may be called concurrently.
type Traces struct {
	to      string
	share   float64
	about   []attribute
	client  *http.Client
	waiting chan requestSpan
	every   time.Duration
	lost    atomic.Int64
}

// NewTraces sends to the collector at an address the spans of a share of requests, as a
// server of a version with an identifier of its own. It sends nothing before [Traces.Run].
func NewTraces(to string, share float64, version, server string) (*Traces, error) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the collector is no address; write it as http://127.0.0.1:4318")
	}
	if share < 0 || share > 1 {
		return nil, errors.New("the share of requests is between 0 and 1")
	}
	if strings.Trim(u.Path, "/") == "" {
		u = u.JoinPath("v1", "traces")
	}
	return &Traces{
		to: u.String(), share: share, waiting: make(chan requestSpan, waitingSpans), every: batchEvery,
		about: []attribute{textual("service.name", "tidemark"), textual("service.version", version), textual("service.instance.id", server)},
		client: &http.Client{Timeout: sendTimeout, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}},
	}, nil
}

// requestSpan is one request, as OTLP writes it.
type requestSpan struct {
	TraceID    string      `json:"traceId"`
	SpanID     string      `json:"spanId"`
	Parent     string      `json:"parentSpanId,omitempty"`
	Name       string      `json:"name"`
	Kind       int         `json:"kind"`
	Start      string      `json:"startTimeUnixNano"`
	End        string      `json:"endTimeUnixNano"`
	Attributes []attribute `json:"attributes"`
	Status     spanStatus  `json:"status"`
}

type spanStatus struct {
	Code int `json:"code,omitempty"`
}

type attribute struct {
	Key   string         `json:"key"`
	Value map[string]any `json:"value"`
}

// What OTLP calls the kind of a span that answers a request, and the status of one that
// failed.
const (
	kindServer  = 2
	statusError = 2
)

func textual(key, value string) attribute {
	return attribute{key, map[string]any{"stringValue": value}}
}

// Request tells of one that has ended, by the template of its route; "" when it met none.
// parent is what a proxy that is believed wrote of its own span (W3C traceparent), or "".
// Who asked, from where and for what in particular is not told.
func (t *Traces) Request(parent, method, route string, status int, from time.Time, took time.Duration) {
	trace, above, chosen, ok := readParent(parent)
	if !ok {
		trace, chosen = randomID()+randomID(), rand.Float64() < t.share //nolint:gosec // not a secret
	}
	if !chosen {
		return
	}
	if !slices.Contains(methods, method) {
		method = "_OTHER"
	}
	s := requestSpan{
		TraceID: trace, SpanID: randomID(), Parent: above, Name: strings.TrimSpace(method + " " + route), Kind: kindServer,
		Start: nanoseconds(from), End: nanoseconds(from.Add(took)),
		Attributes: []attribute{textual("http.request.method", method), {"http.response.status_code", map[string]any{"intValue": strconv.Itoa(status)}}},
	}
	if route != "" {
		s.Attributes = append(s.Attributes, textual("http.route", route))
	}
	if status >= http.StatusInternalServerError {
		s.Status.Code = statusError
	}
	select {
	case t.waiting <- s:
	default:
		t.lost.Add(1)
	}
}

// Lost is how many spans no collector took.
func (t *Traces) Lost() int64 { return t.lost.Load() }

func nanoseconds(at time.Time) string { return strconv.FormatInt(at.UnixNano(), 10) }

// randomID is what tells a span from others; none is all zeros. It is no secret.
func randomID() string {
	id := binary.BigEndian.AppendUint64(nil, rand.Uint64()|1) //nolint:gosec // not a secret
	return hex.EncodeToString(id)
}

// readParent reads a traceparent of W3C: version, trace, span and flags. Later versions
// may have more after these.
func readParent(text string) (trace, above string, chosen, ok bool) {
	parts := strings.Split(text, "-")
	if len(parts) < 4 || parts[0] == "ff" || parts[0] == "00" && len(parts) != 4 {
		return "", "", false, false
	}
	for i, length := range []int{2, 32, 16, 2} {
		if len(parts[i]) != length || strings.Trim(parts[i], "0123456789abcdef") != "" || length > 2 && strings.Trim(parts[i], "0") == "" {
			return "", "", false, false
		}
	}
	flags, err := strconv.ParseUint(parts[3], 16, 8)
	return parts[1], parts[2], flags&1 == 1, err == nil
}

// Run sends until ctx ends, and then what is left. trouble is told when a collector stops
// taking spans, and with nil when it takes them again.
func (t *Traces) Run(ctx context.Context, trouble func(error)) {
	tick := time.NewTicker(t.every)
	defer tick.Stop()
	failing := false
	var batch []requestSpan
	whole := context.WithoutCancel(ctx) // what is being sent when ctx ends still arrives
	send := func() {
		if len(batch) == 0 {
			return
		}
		err := t.send(whole, batch)
		if err != nil {
			t.lost.Add(int64(len(batch)))
		}
		if (err != nil) != failing {
			failing = err != nil
			trouble(err)
		}
		batch = batch[:0]
	}
	for {
		select {
		case s := <-t.waiting:
			if batch = append(batch, s); len(batch) == batchSpans {
				send()
			}
		case <-tick.C:
			send()
		case <-ctx.Done():
			for {
				select {
				case s := <-t.waiting:
					batch = append(batch, s)
				default:
					send()
					return
				}
			}
		}
	}
}

func (t *Traces) send(ctx context.Context, spans []requestSpan) error {
	type object = map[string]any
	body, err := json.Marshal(object{"resourceSpans": []any{object{
		"resource":   object{"attributes": t.about},
		"scopeSpans": []any{object{"scope": object{"name": "tidemark"}, "spans": spans}},
	}}})
	if err != nil {
		return fmt.Errorf("write spans: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.to, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask the collector: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := t.client.Do(r)
	if err != nil {
		return fmt.Errorf("ask the collector: %w", err)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	if err := answer.Body.Close(); err != nil {
		return fmt.Errorf("ask the collector: %w", err)
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answers %s", answer.Status)
	}
	return nil
}
