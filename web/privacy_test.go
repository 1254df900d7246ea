package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

func TestLogsHoldNothingThatPeopleSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.site.engine.POST("/test/panic", func(c *gin.Context) {
		form, err := readForm(c)
		if err != nil {
			panic(err)
		}
		panic("the value was " + form.Get("sc_01") + c.Request.URL.String())
	})
	w.site.engine.POST("/test/index", func(c *gin.Context) {
		var none []string
		_ = none[len(c.Request.URL.RawQuery)] //nolint:govet // it is to panic
	})
	const (
		answer = "31337.25"
		email  = "canary@example.org"
		item   = "canary_item"
		query  = "canary_query"
		agent  = "CanaryAgent"
	)
	d, s := w.begin(t, 0)
	form := url.Values{"sc_01": {answer}, item: {email}}
	d.post(s.path+"?q="+query, form).want(422)
	d.json(w.assessment(0, 0)+"/save?q="+query, `{"answers":{"sc_01":`+answer+`,"`+item+`":1}}`).want(422)
	d.get("/" + item + "?q=" + query).want(404)
	d.get("/p/" + item).want(404)
	r := d.request(http.MethodPost, "/test/panic?q="+query, form)
	r.Header.Set("User-Agent", agent)
	d.do(r).want(500, "Something went wrong on our side", "Need to talk to someone now?")
	d.post("/test/index?q="+query, form).want(500)
	w.store.broken.Store(true)
	page := d.post(s.path, url.Values{"sc_01": {"4"}}).want(500, "what was saved before is safe", "Need to talk to someone now?")
	if strings.Contains(page.body, errBroken.Error()) {
		t.Error("the page shows the inside of the error")
	}
	d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_01":4}}`).want(500, "error.internal")

	log := w.log.String()
	cookie := d.client.Jar.Cookies(d.request(http.MethodGet, "/me", nil).URL)[0].Value
	for name, canary := range map[string]string{
		"an answer": answer, "an address": email, "a field": item, "a query": query, "a browser": agent,
		"a token": w.links[0], "a cookie": cookie, "a name": "Person 1",
		"a computer": "127.0.0.1",
	} {
		if strings.Contains(log, canary) {
			t.Errorf("the log holds %s:\n%s", name, log)
		}
	}
	// Nothing is proved by a log that is empty.
	for _, want := range []string{
		`"route":"/me/a/:assessment/page/:page","status":422`, `"route":"/p/:token","status":200`,
		`"msg":"panic"`, `"value":"string"`, "index out of range", errBroken.Error(),
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
	if n := strings.Count(log, errBroken.Error()); n != 2 {
		t.Errorf("two failures are logged %d times", n)
	}
}

func TestCookiesAreKeptFromScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	for base, want := range map[string]string{
		"https://study.example.org": "__Host-tidemark_participant",
		"http://localhost:8080":     "tidemark_participant",
	} {
		secure := strings.HasPrefix(base, "https")
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, base+"/p/"+w.links[0], nil)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		answer := httptest.NewRecorder()
		w.siteAt(base).Handler().ServeHTTP(answer, r)
		cookies := answer.Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%s: %d cookies, want 1", base, len(cookies))
		}
		c := cookies[0]
		if c.Name != want || !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: cookie %s", base, c)
		}
		if c.MaxAge != int(survey.ParticipantSignInLifetime.Seconds()) {
			t.Errorf("%s: the cookie lasts %d s, want as long as the sign-in", base, c.MaxAge)
		}
		if len(c.Value) < 26 { // 128 bits in base 32
			t.Errorf("%s: a token of %d characters can be guessed", base, len(c.Value))
		}
		if got := answer.Header().Get("Strict-Transport-Security") != ""; got != secure {
			t.Errorf("%s: transport security %v, want %v", base, got, secure)
		}
	}
}

func TestLinksAreMadeFromTheConfiguredAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	site := w.siteAt("https://study.example.org")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://evil.example/p/"+w.links[0], nil)
	r.Header.Set("X-Forwarded-Host", "evil.example")
	answer := httptest.NewRecorder()
	site.Handler().ServeHTTP(answer, r)
	if strings.Contains(answer.Body.String(), "evil.example") {
		t.Error("the page repeats the host it was asked for")
	}
	if got := site.link("/help"); got != "https://study.example.org/help" {
		t.Errorf("link: %q", got)
	}
}
