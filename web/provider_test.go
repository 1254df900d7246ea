package web

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/oidc"
)

// issuer is a provider that signs whatever a test has it say.
type issuer struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey
	// bend changes what it signs, and with what.
	bend func(claims jwt.MapClaims)
	sign func(claims jwt.MapClaims) string

	mu     sync.Mutex
	person jwt.MapClaims
	codes  map[string]url.Values // what was asked for with each, until it is redeemed
	asked  url.Values            // the last time
}

const (
	clientID     = "tidemark"
	clientSecret = "a secret between two servers"
)

var providerKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	p := &issuer{t: t, key: providerKey(), codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.tell(w, map[string]any{
			"issuer": p.server.URL, "authorization_endpoint": p.server.URL + "/authorize", "token_endpoint": p.server.URL + "/token",
			"jwks_uri": p.server.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		text := base64.RawURLEncoding.EncodeToString
		p.tell(w, map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "one",
			"n": text(p.key.N.Bytes()), "e": text(big.NewInt(int64(p.key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.asked = r.URL.Query()
		code := uuid.NewString()
		p.codes[code] = p.asked
		http.Redirect(w, r, p.asked.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {p.asked.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("/token", p.redeem)
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

func (p *issuer) tell(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

// redeem gives a token for a code, once, to whoever shows the verifier of its challenge.
func (p *issuer) redeem(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	code := r.PostFormValue("code")
	asked, known := p.codes[code]
	delete(p.codes, code)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	name, secret, _ := r.BasicAuth()
	if !known || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") || asked.Get("code_challenge_method") != "S256" ||
		name != clientID || secret != url.QueryEscape(clientSecret) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		p.tell(w, map[string]string{"error": "invalid_grant"})
		return
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	claims := jwt.MapClaims{
		"iss": p.server.URL, "aud": clientID, "iat": now.Unix(), "exp": now.AddDate(1, 0, 0).Unix(), "nonce": asked.Get("nonce"),
	}
	maps.Copy(claims, p.person)
	if p.bend != nil {
		p.bend(claims)
	}
	sign := p.sign
	if sign == nil {
		sign = func(c jwt.MapClaims) string { return p.signed(jwt.SigningMethodRS256, p.key, c) }
	}
	p.tell(w, map[string]any{"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": sign(claims)})
}

func (p *issuer) signed(method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = "one"
	text, err := token.SignedString(key)
	if err != nil {
		p.t.Error(err)
	}
	return text
}

// is says who signs in there from now on.
func (p *issuer) is(subject, email string, verified bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.person = jwt.MapClaims{"sub": subject, "email": email, "email_verified": verified}
}

// visit follows a browser to the provider, and gives the address that it is sent back to.
func (p *issuer) visit(d *device, path string) (back string) {
	d.t.Helper()
	to := d.plain().get(path).want(303).header.Get("Location")
	if !strings.HasPrefix(to, p.server.URL+"/authorize?") {
		d.t.Fatalf("the way to the provider is %q", to)
	}
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, to, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	back, ok := strings.CutPrefix(answer.Header.Get("Location"), d.base)
	if !ok || !strings.HasPrefix(back, ProviderBackPath+"?") {
		d.t.Fatalf("the way back is %q", answer.Header.Get("Location"))
	}
	return back
}

// provided is another server of the same installation, where people sign in by the provider.
func (w *world) provided(t *testing.T, issuer string, trusted ...string) string {
	t.Helper()
	cases := survey.NewUseCases(survey.Env{
		Store: w.store, Now: w.now, Keys: w.keys, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Random: rand.Reader,
		Rules: survey.StaffRules{SecondFactor: survey.FactorAnswers, ProveAgain: 10 * time.Minute, Letters: true},
	})
	return serve(t, w.log, func(base string) *Server {
		asks, err := oidc.New(oidc.Settings{
			Issuer: issuer, ClientID: clientID, ClientSecret: clientSecret, Redirect: base + ProviderBackPath, Trusted: trusted, Now: w.now,
		})
		w.must(err)
		site, err := New(Config{BaseURL: base, Now: w.now, Logger: w.site.cfg.Logger, Provider: asks, ProviderName: "Harbour University"}, cases, w.store)
		w.must(err)
		return site
	})
}
