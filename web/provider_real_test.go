package web

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// realIssuer is a provider that others have written, which keeps to the standard as they
// understand it, with people who sign in there by a form.
type realIssuer struct {
	url     string
	store   *storage.Storage
	clients map[string]*storage.Client
}

// people are who has an account at the provider, by their names there.
type people map[string]*storage.User

func (p people) GetUserByUsername(name string) *storage.User { return p[name] }
func (people) ExampleClientID() string                       { return "" }
func (p people) GetUserByID(id string) *storage.User {
	for _, u := range p {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func newRealIssuer(t *testing.T, who people) *realIssuer {
	t.Helper()
	p := &realIssuer{clients: map[string]*storage.Client{}}
	p.store = storage.NewStorageWithClients(who, p.clients)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p.url = server.URL
	provider, err := op.NewProvider(&op.Config{CodeMethodS256: true, CryptoKeyId: "one"}, p.store, op.StaticIssuer(p.url), op.WithAllowInsecure())
	if err != nil {
		t.Fatal(err)
	}
	// The standard leaves to each provider how people show who they are.
	interceptor := op.NewIssuerInterceptor(provider.IssuerFromRequest)
	mux.HandleFunc("GET /login/username", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "Who are you?") })
	mux.HandleFunc("POST /login/username", interceptor.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.PostFormValue("id")
		if err := p.store.CheckUsernamePassword(r.PostFormValue("username"), r.PostFormValue("password"), id); err != nil {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		http.Redirect(w, r, op.AuthCallbackURL(provider)(r.Context(), id), http.StatusFound)
	}))
	mux.Handle("/", provider)
	return p
}

// knows registers an installation there.
func (p *realIssuer) knows(secret, base string) {
	p.clients[clientID] = storage.WebClient(clientID, secret, base+ProviderBackPath)
}

// visit follows a browser to the provider, signs in there, and gives the address that it
// is sent back to; "" when the provider does not take the password, and what it says when
// it does not take the question.
func (p *realIssuer) visit(d *device, path, name, password string) (back, said string) {
	d.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), p.url) {
			return nil
		}
		return http.ErrUseLastResponse
	}}
	do := func(method, to string, form url.Values) *http.Response {
		r, err := http.NewRequestWithContext(d.t.Context(), method, to, strings.NewReader(form.Encode()))
		if err != nil {
			d.t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := browser.Do(r)
		if err != nil {
			d.t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			d.t.Fatal(err)
		}
		answer.Body.Close()
		said = string(body)
		return answer
	}
	form := do(http.MethodGet, d.plain().get(path).want(303).header.Get("Location"), nil)
	id := form.Request.URL.Query().Get("authRequestID")
	if id == "" {
		return "", said
	}
	answer := do(http.MethodPost, p.url+"/login/username", url.Values{"id": {id}, "username": {name}, "password": {password}})
	back, _ = strings.CutPrefix(answer.Header.Get("Location"), d.base)
	return back, said
}

// TestStaffSignInByARealProvider goes through a provider of another project, found by its
// own description of itself, signed by keys that it makes, with the address of people in
// its second answer and not in the token.
func TestStaffSignInByARealProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.setClock(time.Now()) // which the provider goes by
	p := newRealIssuer(t, people{
		"me":       {ID: "person-1", Username: "me", Password: "of mine", Email: "me@example.org", EmailVerified: true},
		"stranger": {ID: "person-2", Username: "stranger", Password: "of theirs", Email: "stranger@example.org", EmailVerified: true},
		"claims":   {ID: "person-3", Username: "claims", Password: "of theirs", Email: "other@example.org"},
	})
	base := w.provided(t, p.url, "pwd") // so that its word for passwords is seen to be read
	p.knows(clientSecret, base)
	w.account("me@example.org", w.researcher())
	w.account("other@example.org", w.researcher())

	d := at(t, base)
	if back, _ := p.visit(d, providerPath, "me", "guessed"); back != "" {
		t.Errorf("a wrong password leads back to %q", back)
	}
	back, said := p.visit(d, providerPath, "me", "of mine")
	if back == "" {
		t.Fatalf("the provider says %q", said)
	}
	if s := d.plain().get(back); s.status != 303 {
		t.Fatalf("%d: %s", s.status, w.log.String())
	}
	d.get("/account").want(200, "me@example.org", "Harbour University")
	d.get(w.path("/results")).want(200)
	// The code is worth nothing a second time, nor in another browser.
	other := at(t, base)
	other.plain().get(back).want(401)
	d.plain().get(back).want(401)
	// Somebody who has no account here, and somebody whose address nobody has verified.
	for _, name := range []string{"stranger", "claims"} {
		them := at(t, base)
		back, _ := p.visit(them, providerPath, name, "of theirs")
		them.plain().get(back).want(403, "there is no account")
	}
	// Asked to show it again, one signs in there once more, and the provider says when:
	// eleven minutes ago by our clock is not again.
	w.setClock(w.now().Add(11 * time.Minute))
	again := wayTo(d.post(w.path("/data/long"), url.Values{}).want(403, "Is it you?"), "Show it at Harbour University")
	if back, _ = p.visit(d, again, "me", "guessed"); back != "" {
		t.Errorf("a wrong password leads back to %q", back)
	}
	back, _ = p.visit(d, again, "me", "of mine")
	d.get(back).want(401)
	w.setClock(time.Now())
	back, _ = p.visit(d, again, "me", "of mine")
	d.get(back).want(200)
	d.post(w.path("/data/long"), url.Values{}).want(200)
	// A provider that knows another secret gives no token, and an installation that it does
	// not know is not asked for a password.
	p.knows("another secret", base)
	them := at(t, base)
	back, _ = p.visit(them, providerPath, "me", "of mine")
	them.plain().get(back).want(401)
	p.knows(clientSecret, "https://elsewhere.example")
	if back, said := p.visit(at(t, base), providerPath, "me", "of mine"); back != "" || !strings.Contains(said, "redirect_uri") {
		t.Errorf("the provider sends people back to %q, which it does not know: %s", back, said)
	}
	if log := w.log.String(); strings.Contains(log, "code=") || strings.Contains(log, "me@example.org") {
		t.Error("the log holds a code or an address")
	}
}
