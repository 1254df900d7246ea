package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tidemark/survey"
)

// askedTooOften asks for lost links until that is refused.
func askedTooOften(t *testing.T, d *device) screen {
	t.Helper()
	for range 40 {
		if s := d.post("/link/lost", url.Values{"email": {"nobody@example.org"}}); s.status != 200 {
			return s.want(429)
		}
	}
	t.Fatal("nothing was refused")
	return screen{}
}

// retryAfter checks the answer's head and gives how long it says to wait.
func (s screen) retryAfter(t *testing.T) time.Duration {
	t.Helper()
	seconds, err := strconv.Atoi(s.header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > 900 {
		t.Errorf("Retry-After is %q", s.header.Get("Retry-After"))
	}
	return time.Duration(seconds) * time.Second
}

func TestWhoAsksTooOftenIsToldKindlyAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := mailing(t, 0)
	for language, words := range map[string][2]string{
		"en": {"Please wait a little", "It works again in 15 minutes at the latest."},
		"de": {"Bitte warte ein wenig", "In spätestens 15 Minuten geht es wieder."},
		"es": {"Espera un poco", "Volverá a funcionar en 15 minutos como mucho."},
	} {
		d := w.device(t)
		if language != "en" {
			d.get("/").chooseLanguage(language)
		}
		s := askedTooOften(t, d).want(429, words[0], words[1])
		if language == "en" {
			checkFrame(t, s)
		}
		if !strings.Contains(s.body, `href="/help"`) {
			t.Error("no way to help")
		}
		found := false
		for _, n := range all(s.root, "form") {
			f := s.filled(n)
			found = found || f.fields.Get("email") == "nobody@example.org"
		}
		if !found {
			t.Errorf("%s: what was typed is lost", language)
		}
		s.retryAfter(t)
	}
	w.setClock(w.now().Add(15 * time.Minute))
	askForLink(w.device(t), "nobody@example.org").want(200)
	if log := w.log.String(); strings.Contains(log, "127.0.0.1") && strings.Contains(log, "nobody@") {
		t.Error("the log says who asked")
	}
}

func TestAWrongPasswordTriedTooOftenKeepsTheAddressAndNotThePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	u := w.account("me@example.org", w.researcher())
	w.password(u, goodPassword)
	known := w.device(t)
	known.plain().post("/sign-in", url.Values{"email": {u.Email}, "password": {goodPassword}}).want(303)
	d := w.device(t)
	for range 5 {
		d.post("/sign-in", url.Values{"email": {u.Email}, "password": {"wrong"}}).want(401)
	}
	s := d.post("/sign-in", url.Values{"email": {u.Email}, "password": {goodPassword}, "next": {"/account"}}).want(429, "Please wait a little")
	s.retryAfter(t)
	if f := s.form("Sign in").fields; f.Get("email") != u.Email || f.Get("password") != "" || f.Get("next") != "/account" {
		t.Errorf("the form comes back with %v", f)
	}
	if !offersHelp(s) {
		t.Error("no way to help")
	}
	// Nobody locks the owner out of a browser that they signed in on.
	known.plain().post("/sign-in", url.Values{"email": {u.Email}, "password": {goodPassword}}).want(303)
}

// A forwarded address counts when one of our proxies says it, and only then: who
// asks could change it with each try.
func TestForwardedAddressesAreBelievedFromProxiesAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		proxies  []netip.Prefix
		forward  func(i int) string
		let      int
		complain bool
	}{
		"no proxy, no word":            {nil, func(int) string { return "" }, 30, false},
		"no proxy, a word":             {nil, func(i int) string { return "192.0.2." + strconv.Itoa(i) }, 30, true},
		"a proxy, people of all kinds": {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, func(i int) string { return "192.0.2." + strconv.Itoa(i) }, 40, false},
		"a proxy, somebody who lies":   {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, func(i int) string { return "198.51.100." + strconv.Itoa(i) + ", 192.0.2.1" }, 30, false},
		"a proxy elsewhere":            {[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, func(i int) string { return "192.0.2." + strconv.Itoa(i) }, 30, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 0)
			var parents atomic.Int32 // whose word on which trace it belongs to was taken
			trace := func(parent, _, _ string, _ int, _ time.Time, _ time.Duration) {
				if parent != "" {
					parents.Add(1)
				}
			}
			w.base = serve(t, w.log, func(base string) *Server {
				site, err := New(Config{BaseURL: base, Now: w.now, Mail: true, Proxies: c.proxies, Logger: w.siteAt(base).cfg.Logger, Trace: trace}, w.cases, w.store)
				w.must(err)
				return site
			})
			let := 0
			for i := range 40 {
				form := url.Values{"email": {"nobody@example.org"}}.Encode()
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.base+"/link/lost", strings.NewReader(form))
				w.must(err)
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
				if f := c.forward(i); f != "" {
					r.Header.Set("X-Forwarded-For", f)
				}
				answer, err := (&http.Transport{}).RoundTrip(r)
				w.must(err)
				w.must(answer.Body.Close())
				if answer.StatusCode == http.StatusSeeOther {
					let++
				}
			}
			if let != c.let {
				t.Errorf("%d of 40 were let through, want %d", let, c.let)
			}
			if ours := strings.Contains(name, "a proxy,"); (parents.Load() > 0) != ours {
				t.Errorf("%d requests belong to traces of whoever asked", parents.Load())
			}
			if n := strings.Count(w.log.String(), "trusted-proxies"); n > 1 || (n == 1) != c.complain {
				t.Errorf("the log complains %d times of a proxy", n)
			}
		})
	}
}

// Whoever is refused for any other reason is shown the same words.
func TestTheTableOfErrorsKnowsTooMany(t *testing.T) {
	t.Parallel()
	if status, key := statusOf(&survey.TooManyError{After: time.Minute}); status != 429 || key != "error.too_many" {
		t.Errorf("%d %s", status, key)
	}
}
