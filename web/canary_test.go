package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgconn"

	"tidemark/operate"
	"tidemark/survey"
)

// fieldName finds what forms of the templates send.
var fieldName = regexp.MustCompile(`\bname="([a-z_][a-z0-9_-]*)"`)

// canaryForm has a value of its own in every field that any form of ours has, in those
// that scripts send, and in answers.
func canaryForm(t *testing.T) url.Values {
	t.Helper()
	form := url.Values{}
	plant := func(name string) { form.Set(name, "canary-"+name+"-zq@example.org") }
	for _, folder := range []string{"templates", "templates/parts"} {
		entries, err := templateFiles.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() {
				continue
			}
			text, err := templateFiles.ReadFile(folder + "/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range fieldName.FindAllSubmatch(text, -1) {
				plant(string(m[1]))
			}
		}
	}
	for _, name := range []string{"sc_01", "sc_02", "reason", "text", "note", "content", "data", "record", "format", "token", "phone"} {
		plant(name)
	}
	form.Del("read_only") // would refuse the rest
	return form
}

// hostile is what a database might say, with what was sent in the parts that drivers
// keep apart from their message.
func hostile(form url.Values) error {
	values := slices.Sorted(maps.Keys(form))
	return fmt.Errorf("write: %w", &pgconn.PgError{
		Severity: "ERROR", Code: "23505", Message: `duplicate key value violates unique constraint "user_account_email_key"`,
		Detail: "Key (email)=(" + form.Get(values[0]) + ") already exists.", Where: form.Get(values[1]), InternalQuery: form.Get(values[2]),
	})
}

// TestWhatPeopleSendIsNowhereButInTheDatabase plants a value in every field of every
// form, in addresses, heads and bodies; asks every route, also with a database that fails
// and with handlers that panic; and looks for the values, and for the secrets that were
// handed out, in the log, the metrics, the readiness and the counts of faults.
func TestWhatPeopleSendIsNowhereButInTheDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	form := canaryForm(t)
	var failing error
	w.store.fault = func() error { return failing }
	// Everything that a server tells of itself, over the same store.
	metrics, faults := operate.NewMetrics("test", "test"), operate.NewFaults()
	ready := &operate.Readiness{
		Probe:  func(context.Context) error { return hostile(form) },
		Schema: func(context.Context) error { return hostile(form) },
	}
	metrics.Sources = operate.Sources{Faults: faults.Counts, Backlog: func(ctx context.Context) (survey.Backlog, error) {
		return w.cases.Operations.Backlog(ctx, survey.SystemActor("test"))
	}}
	w.site.cfg.Observe, w.site.cfg.Ready = metrics.Request, ready
	*w.site.cfg.Logger = *slog.New(faults.Handler(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	for path, value := range map[string]any{"/test/panic/text": "canary-panic-zq", "/test/panic/error": errors.New("canary-panic-zq"), "/test/panic/form": form} {
		w.site.engine.POST(path, func(*gin.Context) { panic(value) })
	}

	// Real secrets of everybody.
	person, _ := w.arrive(t, 0)
	staff := w.signedIn(t, "canary-staff@example.org", administrator(), w.researcher(), w.facilitator())
	seed, recovery := w.setUp(t, staff)
	user, err := w.cases.Users.ByEmail(t.Context(), survey.SystemActor("test"), "canary-staff@example.org")
	w.must(err)
	made, _, err := w.cases.Tokens.Create(t.Context(), survey.UserActor(user), w.study.ID, survey.NewToken{Name: "canary-token-zq", Scopes: survey.Scopes(), Shape: survey.TokenBearer, Expires: w.now().AddDate(0, 0, 30)})
	w.must(err)
	secrets := append(slices.Clone(w.links), seed, made)
	secrets = append(secrets, recovery...)
	for _, d := range []*device{person, staff} {
		for _, c := range d.client.Jar.Cookies(d.request(http.MethodGet, "/me", nil).URL) {
			secrets = append(secrets, c.Value)
		}
	}

	real := strings.NewReplacer(":study", w.study.Key, ":run", string(w.run.ID), ":assessment", strings.TrimPrefix(w.assessment(0, 0), "/me/a/"),
		":token", w.links[1], ":page", "1", ":user", string(user.ID))
	filler := regexp.MustCompile(`[:*][a-z]+`)
	ask := func(d *device, method, path, kind, body string) {
		path = filler.ReplaceAllString(path, "canary-path-zq")
		r := httptest.NewRequestWithContext(t.Context(), method, w.base+path+"?q=canary-query-zq&prove=again", strings.NewReader(body))
		for name, value := range map[string]string{
			"Content-Type": kind, "User-Agent": "canary-agent-zq", "Referer": "https://example.org/canary-referer-zq", "X-Forwarded-For": "203.0.113.77",
			"Origin": w.base, "Sec-Fetch-Site": "same-origin", "X-Request-ID": "canary-request-zq", "Accept-Language": "canary-language-zq",
		} {
			r.Header.Set(name, value)
		}
		if strings.HasPrefix(path, "/api/") {
			r.Header.Set("Authorization", "Bearer "+made)
		}
		for _, c := range d.client.Jar.Cookies(d.request(http.MethodGet, "/me", nil).URL) {
			r.AddCookie(c)
		}
		func() {
			defer func() { _ = recover() }() // a download that broke off
			w.site.Handler().ServeHTTP(httptest.NewRecorder(), r)
		}()
	}
	routes := w.site.engine.Routes()
	slices.SortFunc(routes, func(a, b gin.RouteInfo) int { return strings.Compare(a.Path, b.Path) })
	for _, failing = range []error{nil, hostile(form)} {
		for _, r := range routes {
			switch {
			case strings.HasSuffix(r.Path, "/events"), strings.HasPrefix(r.Path, "/sign-out"), strings.HasSuffix(r.Path, "/others/end"):
				continue // is never done, or signs out
			case r.Method == http.MethodHead:
				continue
			}
			d := staff
			if strings.HasPrefix(r.Path, "/me") || strings.HasPrefix(r.Path, "/p/") || strings.HasPrefix(r.Path, "/join") {
				d = person
			}
			body := form.Encode()
			ask(d, r.Method, real.Replace(r.Path), "application/x-www-form-urlencoded", body)
			if failing == nil {
				ask(d, r.Method, r.Path, "application/json", `{"answers":{"sc_01":"canary-json-zq"},"email":"canary-json-zq@example.org"}`)
			}
		}
	}
	ready.Drain()

	outlets := map[string]string{"the log": w.log.String(), "the faults": fmt.Sprint(faults.Counts())}
	for name, h := range map[string]http.Handler{"the metrics": metrics, "the readiness": ready} {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		outlets[name] = answer.Body.String()
	}
	for outlet, text := range outlets {
		if i := strings.Index(text, "canary-"); i >= 0 {
			t.Errorf("%s holds %q", outlet, text[max(0, i-300):min(len(text), i+60)])
		}
		for i, secret := range secrets {
			if len(secret) > 5 && strings.Contains(text, secret) {
				t.Errorf("%s holds secret %d", outlet, i)
			}
		}
		for _, kind := range []string{"Person 1", "203.0.113.77", "127.0.0.1"} {
			if strings.Contains(text, kind) {
				t.Errorf("%s holds %s", outlet, kind)
			}
		}
	}
	// Nothing is proved by outlets that are empty, or by canaries that never flew.
	if len(form) < 50 || len(secrets) < 14 {
		t.Errorf("%d fields and %d secrets", len(form), len(secrets))
	}
	log := outlets["the log"]
	if n := strings.Count(log, "unique constraint"); n < 20 {
		t.Errorf("the database failed %d times", n)
	}
	if n := strings.Count(log, `"msg":"panic"`); n < 3 {
		t.Errorf("%d panics", n)
	}
	if !strings.Contains(outlets["the metrics"], `status="5xx"`) || !strings.Contains(outlets["the readiness"], "takes no writes") {
		t.Error("the metrics or the readiness tell nothing")
	}
}
