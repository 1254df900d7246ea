package web

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tidemark/survey"
)

// endless is a body that counts how much of it was read.
type endless struct{ read int64 }

// Read gives letters for ever.
func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.read += int64(len(p))
	return len(p), nil
}

// TestBodiesOverTheirLimitAreRefusedOnEveryRoute sends too much to every address that
// takes anything: one that says how long it is is refused at once, in the words of
// whoever asks, and of one that does not say no more is read than may be sent.
func TestBodiesOverTheirLimitAreRefusedOnEveryRoute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	staff := w.signedIn(t, "boss@example.org", administrator(), w.researcher(), w.facilitator())
	person, _ := w.arrive(t, 0)
	tried := 0
	for _, r := range w.site.engine.Routes() {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			continue
		}
		tried++
		limit := bodyLimit(r.Path)
		path := strings.NewReplacer(":study", w.study.Key, ":run", string(w.run.ID), ":", "", "*", "").Replace(r.Path)
		ask := func(length int64) (*httptest.ResponseRecorder, *endless) {
			body := &endless{}
			q := httptest.NewRequestWithContext(t.Context(), r.Method, w.base+path, io.NopCloser(body))
			q.ContentLength = length
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			q.Header.Set("Origin", w.base)
			q.Header.Set("Sec-Fetch-Site", "same-origin")
			for _, d := range []*device{staff, person} {
				for _, c := range d.client.Jar.Cookies(d.request(http.MethodGet, "/me", nil).URL) {
					q.AddCookie(c)
				}
			}
			answer := httptest.NewRecorder()
			w.site.Handler().ServeHTTP(answer, q)
			return answer, body
		}
		answer, body := ask(limit + 1)
		if answer.Code != http.StatusRequestEntityTooLarge || body.read > smallBody {
			t.Errorf("%s %s: %d for a body over its limit, %d bytes read", r.Method, r.Path, answer.Code, body.read)
		}
		text := answer.Body.String()
		if api := strings.HasPrefix(r.Path, "/api/"); !api && !strings.Contains(text, "larger than this page takes") || api && text == "" || strings.Contains(text, "Something went wrong") {
			t.Errorf("%s %s says %.200q", r.Method, r.Path, text)
		}
		checkHeaders(t, r.Method+" "+r.Path, answer.Header())
		if limit > maxBody {
			continue // the same, and megabytes of it
		}
		if answer, body = ask(-1); body.read > limit+smallBody || answer.Code == http.StatusInternalServerError {
			t.Errorf("%s %s: %d for a body without end, %d bytes read", r.Method, r.Path, answer.Code, body.read)
		}
	}
	if tried < 100 {
		t.Errorf("%d routes were tried", tried)
	}
}

// checkHeaders holds an answer to the set that every answer has.
func checkHeaders(t *testing.T, what string, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy":      "default-src 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=()",
		"Cache-Control":                "",
	} {
		if got := h.Get(name); got == "" || !strings.Contains(got, want) {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	for _, part := range []string{"base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(h.Get("Content-Security-Policy"), part) {
			t.Errorf("%s: the policy lacks %s", what, part)
		}
	}
	for _, name := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
		if got := h.Get(name); got != "" {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	if strings.Contains(h.Get("Cache-Control"), "public") && !strings.Contains(what, "/static/") {
		t.Errorf("%s may be kept by anybody: %s", what, h.Get("Cache-Control"))
	}
}

func TestEveryKindOfAnswerHasTheHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	staff := w.signedIn(t, "boss@example.org", administrator(), w.researcher(), w.facilitator())
	person, home := w.arrive(t, 0)
	asset, err := w.site.assets.path("tidemark.css")
	w.must(err)
	answers := map[string]screen{
		"a page": home, "a page of staff": staff.get("/studies"), asset: person.get(asset), "the worker": person.get("/service-worker.js"),
		"a redirect": staff.plain().get("/"), "not found": person.get("/nowhere"), "nobody": w.device(t).get("/me"), "a dead link": person.get("/p/nobody"),
		"no method": person.post("/me", url.Values{}), "a health check": person.get("/healthz"), "readiness": person.get("/readyz"), "life": person.get("/livez"),
		"a download": staff.post(w.path("/data/scores"), url.Values{"format": {"csv"}}), "a copy": person.post("/me/data/copy", url.Values{"as": {"json"}}),
		"JSON": person.json(w.assessment(0, 0)+"/save", `{"answers":{}}`), "a fault as JSON": person.json("/me/a/x/save", `{`),
		"the API": person.get("/api/v1/study"), "no such operation": person.get("/api/v1/nowhere"), "REDCap": person.post("/api/", url.Values{"content": {"record"}}),
	}
	w.store.broken.Store(true)
	answers["our fault"] = person.post(w.assessment(0, 0)+"/page/1", url.Values{"sc_01": {"4"}}).want(500)
	w.store.broken.Store(false)
	w.must(w.cases.Operations.SetReadOnly(t.Context(), survey.SystemActor("test"), true))
	answers["read-only"] = person.post(w.assessment(0, 0)+"/page/1", url.Values{"sc_01": {"4"}}).want(503)
	r := person.request(http.MethodPost, "/me/consent", url.Values{})
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answers["from another site"] = person.do(r).want(403)
	seen := map[int]bool{}
	for _, what := range slices.Sorted(maps.Keys(answers)) {
		checkHeaders(t, what, answers[what].header)
		seen[answers[what].status] = true
	}
	for _, status := range []int{200, 401, 403, 404, 405, 500, 503} {
		if !seen[status] {
			t.Errorf("no answer had the status %d", status)
		}
	}
}
