package web

import (
	"crypto/rand"
	"crypto/rsa"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"tidemark/survey"
)

func TestStaffSignInByAProvider(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t, 0), newIssuer(t)
	base := w.provided(t, p.server.URL, "mfa")
	u := w.account("me@example.org", w.researcher())
	p.is("subject-1", "Me@Example.org", true)
	d := at(t, base)
	link := d.get("/sign-in?next="+url.QueryEscape(w.path("/results"))).want(200, "Sign in by Harbour University")
	if s := d.plain().get(p.visit(d, wayTo(link, "Sign in by Harbour University"))); s.status != 303 || s.header.Get("Location") != w.path("/results") {
		t.Fatalf("%d to %q", s.status, s.header.Get("Location"))
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(p.asked.Get(name)) < 32 {
			t.Errorf("%s is %q", name, p.asked.Get(name))
		}
	}
	// Nobody said that it was by more than a password: a second factor is to be set up.
	if s := d.get(w.path("/results")); s.path != factorPath {
		t.Errorf("the researcher comes to %s", s.path)
	}
	// The account goes by who it is there, whatever the address is from now on.
	p.is("subject-1", "married@elsewhere.example", false)
	p.bend = func(c jwt.MapClaims) { c["amr"], c["auth_time"] = []string{"pwd", "mfa"}, w.now().Unix() }
	other := at(t, base)
	other.get(p.visit(other, providerPath)).want(200)
	other.get(w.path("/results")).want(200)
	other.get("/account").want(200, "Harbour University", "signed in")
	// Somebody else who has the address there now is not let in.
	p.is("subject-2", "me@example.org", true)
	third := at(t, base)
	third.get(p.visit(third, providerPath)).want(403, "there is no account")
	// Without a password one shows again who one is at the provider; being signed in there
	// is not enough.
	w.setClock(w.now().Add(11 * time.Minute))
	p.is("subject-1", "", false)
	page := other.post(w.path("/data/long"), url.Values{}).want(403, "Is it you?")
	again := wayTo(page, "Show it at Harbour University")
	early := w.now().Add(-time.Hour).Unix()
	p.bend = func(c jwt.MapClaims) { c["amr"], c["auth_time"] = []string{"mfa"}, early }
	other.get(p.visit(other, again)).want(401)
	if p.asked.Get("prompt") != "login" || p.asked.Get("max_age") != "0" {
		t.Errorf("the provider is asked %v", p.asked)
	}
	p.bend = func(c jwt.MapClaims) { c["amr"], c["auth_time"] = []string{"mfa"}, w.now().Unix() }
	other.get(p.visit(other, again)).want(200)
	other.post(w.path("/data/long"), url.Values{}).want(200)
	// Signing out says that one may still be signed in there.
	other.post("/sign-out", url.Values{}).want(200, "still be signed in at Harbour University")
	// A second factor of one's own is asked for as well.
	w.signsInWithCodes(t, base, p, u)
	// A closed account stays closed.
	w.must(w.cases.Users.Disable(t.Context(), survey.SystemActor("test"), u.ID))
	last := at(t, base)
	last.get(p.visit(last, providerPath)).want(403)
}

// signsInWithCodes sets a second factor up and signs in by the provider once more.
func (w *world) signsInWithCodes(t *testing.T, base string, p *issuer, u survey.User) {
	t.Helper()
	d := at(t, base)
	d.get(p.visit(d, providerPath)).want(200)
	key, _ := w.setUp(t, d)
	w.setClock(w.now().Add(time.Minute))
	other := at(t, base)
	form := other.get(p.visit(other, providerPath)).want(200, "Second step").form("Sign in")
	other.plain().get("/account").want(303)
	form.fields.Set("code", w.codeNow(t, key))
	form.press("Sign in").want(200)
	other.get("/account").want(200, u.Email)
}

func TestWhatAProviderDidNotSayLetsNobodyIn(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t, 0), newIssuer(t)
	base := w.provided(t, p.server.URL)
	w.account("me@example.org", w.researcher())
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	w.must(err)
	now := w.now().Unix()
	set := func(name string, value any) func(jwt.MapClaims) { return func(c jwt.MapClaims) { c[name] = value } }
	// Of somebody who was not here before.
	unknown := func(name string, value any) func(jwt.MapClaims) {
		return func(c jwt.MapClaims) { c["sub"], c[name] = "subject-of-somebody", value }
	}
	for name, c := range map[string]struct {
		bend func(jwt.MapClaims)
		sign func(jwt.MapClaims) string
		back func(string) string
		want int
	}{
		"as it should be":           {want: 303},
		"wrong nonce":               {bend: set("nonce", "another"), want: 401},
		"no nonce":                  {bend: func(c jwt.MapClaims) { delete(c, "nonce") }, want: 401},
		"wrong audience":            {bend: set("aud", "somebody"), want: 401},
		"several audiences":         {bend: set("aud", []string{clientID, "somebody"}), want: 401},
		"for another party":         {bend: func(c jwt.MapClaims) { c["aud"], c["azp"] = []string{clientID, "somebody"}, "somebody" }, want: 401},
		"expired":                   {bend: set("exp", now-1), want: 401},
		"another issuer":            {bend: set("iss", "https://evil.example"), want: 401},
		"no subject":                {bend: set("sub", ""), want: 401},
		"address not verified":      {bend: unknown("email_verified", false), want: 403},
		"address said to be \"no\"": {bend: unknown("email_verified", "false"), want: 403},
		"no address":                {bend: unknown("email", ""), want: 403},
		"nobody's address":          {bend: unknown("email", "nobody@example.org"), want: 403},
		"not signed": {sign: func(c jwt.MapClaims) string {
			return p.signed(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, c)
		}, want: 401},
		"signed by the secret": {sign: func(c jwt.MapClaims) string { return p.signed(jwt.SigningMethodHS256, []byte(clientSecret), c) }, want: 401},
		"signed by somebody":   {sign: func(c jwt.MapClaims) string { return p.signed(jwt.SigningMethodRS256, stranger, c) }, want: 401},
		"signature cut off": {sign: func(c jwt.MapClaims) string {
			text := p.signed(jwt.SigningMethodRS256, p.key, c)
			return text[:strings.LastIndex(text, ".")+1]
		}, want: 401},
		"wrong state":   {back: func(s string) string { return swap(s, "state", "another") }, want: 401},
		"no state":      {back: func(s string) string { return swap(s, "state", "") }, want: 401},
		"made-up code":  {back: func(s string) string { return swap(s, "code", "another") }, want: 401},
		"refused there": {back: func(s string) string { return swap(s, "code", "") }, want: 401},
	} {
		d := at(t, base)
		p.is("subject-of-me", "me@example.org", true)
		p.bend, p.sign = c.bend, c.sign
		back := p.visit(d, providerPath)
		if c.back != nil {
			back = c.back(back)
		}
		if s := d.plain().get(back); s.status != c.want {
			t.Errorf("%s: %d, want %d", name, s.status, c.want)
		}
		if got := d.cookie("tidemark_user") != ""; got != (c.want == 303) {
			t.Errorf("%s: signed in is %v", name, got)
		}
		w.setClock(w.now().Add(time.Minute)) // below the limit
	}
	p.bend, p.sign = nil, nil
	// What is for one browser is worth nothing in another, and nothing twice.
	d, thief := at(t, base), at(t, base)
	back := p.visit(d, providerPath)
	thief.plain().get(back).want(401)
	p.visit(thief, providerPath)
	thief.plain().get(back).want(401)
	step := d.cookie("tidemark_provider_step")
	d.plain().get(back).want(303)
	d.plain().get(back).want(401)
	again := at(t, base)
	again.keep("tidemark_provider_step", step)
	again.plain().get(back).want(401)
	// A code that is not the provider's any more, with a question that was answered.
	p.codes["replayed"] = p.asked
	again.keep("tidemark_provider_step", step)
	again.plain().get(swap(back, "code", "replayed")).want(401)
	// Nobody takes too long.
	late := at(t, base)
	back = p.visit(late, providerPath)
	w.setClock(w.now().Add(11 * time.Minute))
	late.plain().get(back).want(401)
	if log := w.log.String(); strings.Contains(log, "code=") || strings.Contains(log, "me@example.org") {
		t.Error("the log holds a code or an address")
	}
}

// wayTo is where a link of a page leads.
func wayTo(s screen, text string) string {
	s.device.t.Helper()
	for _, a := range all(s.root, "a") {
		if strings.Contains(textOf(a), text) {
			return attr(a, "href")
		}
	}
	s.device.t.Fatalf("there is no link %q", text)
	return ""
}

// swap changes one value of an address.
func swap(address, name, value string) string {
	path, query, _ := strings.Cut(address, "?")
	v, err := url.ParseQuery(query)
	if err != nil {
		return err.Error()
	}
	v.Set(name, value)
	return path + "?" + v.Encode()
}
