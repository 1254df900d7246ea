package main

import (
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var logged = regexp.MustCompile(`msg=(serving|metrics) addr=(\S+)`)

// addresses are where a server has begun to listen, by what it says of each.
func addresses(t *testing.T, s *service, last string) map[string]string {
	t.Helper()
	s.await(t, s.err.String, "msg="+last)
	found := map[string]string{}
	for _, m := range logged.FindAllStringSubmatch(s.err.String(), -1) {
		found[m[1]] = "http://" + m[2]
	}
	return found
}

func TestMetricsAreGivenOnTheirOwnAddressAlone(t *testing.T) {
	t.Parallel()
	spans := make(chan string, 99)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		spans <- string(body)
	}))
	t.Cleanup(collector.Close)
	s := start(t, "serve", "--database", newDatabase(t), "--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0", "--traces-to", collector.URL)
	at := addresses(t, s, "metrics")
	get(t, at["serving"]+"/help?country=ES&q=canary-query")
	if status, body := get(t, at["serving"]+"/metrics"); status != http.StatusNotFound || strings.Contains(body, "tidemark_") {
		t.Errorf("where people are served, metrics are answered with %d", status)
	}
	status, body := get(t, at["metrics"]+"/metrics")
	for _, want := range []string{
		`tidemark_requests_total{method="GET",route="/help",status="2xx"} 1`, "tidemark_database_up 1", "tidemark_ready 1", "tidemark_read_only 0",
		`tidemark_commit_group_transactions_count`, `tidemark_database_connections_max{pool="write"} 1`, "tidemark_messages_waiting 0", "process_cpu_seconds_total",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%d, lacks %s", status, want)
		}
	}
	if strings.Contains(body, "canary") {
		t.Error("a query is in the metrics")
	}
	for _, path := range []string{"/readyz", "/livez"} {
		for _, where := range []string{"serving", "metrics"} {
			if status, body := get(t, at[where]+path); status != http.StatusOK {
				t.Errorf("%s of %s: %d %s", path, where, status, body)
			}
		}
	}
	if status, _ := get(t, at["metrics"]+"/help"); status != http.StatusNotFound {
		t.Errorf("where metrics are given, people are served: %d", status)
	}
	s.stop(t)
	if !strings.Contains(s.err.String(), "sealed under a key made from the secret") {
		t.Error("nobody is told that the vault has no key of its own")
	}
	// What was served before the end has arrived at the collector.
	close(spans)
	var sent strings.Builder
	for text := range spans {
		sent.WriteString(text)
	}
	if got := sent.String(); !strings.Contains(got, `"name":"GET /help"`) || strings.Contains(got, "canary") || strings.Contains(got, "country") {
		t.Errorf("the collector got %s", got)
	}
}

func TestAServerStartedReadOnlyServesPagesAndTakesNothing(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	s := start(t, "serve", "--database", db, "--addr", "127.0.0.1:0", "--read-only")
	base := addresses(t, s, "serving")["serving"]
	s.await(t, func() string { _, body := get(t, base+"/readyz"); return body }, `"ready":true,"read_only":true`)
	if status, body := get(t, base+"/help"); status != http.StatusOK || !strings.Contains(body, "112") {
		t.Errorf("help: %d", status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/link/lost", strings.NewReader(url.Values{"email": {"ada@example.org"}}.Encode()))
	do(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(r)
	do(t, err)
	do(t, response.Body.Close())
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("a form: %d", response.StatusCode)
	}
	s.stop(t)
	for _, change := range []string{`SELECT count(*) FROM replica`, `SELECT count(*) FROM outbox_message`} {
		if n := counted(t, db, change); n != 0 {
			t.Errorf("%s: %d", change, n)
		}
	}
}

// counted asks a SQLite database past the program.
func counted(t *testing.T, path, query string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	do(t, err)
	do(t, db.QueryRowContext(t.Context(), query).Scan(&n))
	do(t, db.Close())
	return n
}
