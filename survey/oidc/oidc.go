package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tidemark/survey"
)

// Settings say which provider, and as whom this installation is known there.
type Settings struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	Redirect     string // the address to which the provider sends browsers back
	// Trusted are the words of "amr" and "acr" that count as a second factor.
	Trusted []string
	Now     func() time.Time
}

// Provider asks one issuer. Its methods may be called concurrently.
type Provider struct {
	settings Settings
	client   *http.Client
	mu       sync.Mutex
	found    *oidc.Provider // nil: it was not reached yet
}

var _ survey.Provider = (*Provider)(nil)

// The bounds of what is waited for and read.
const (
	patience = 10 * time.Second
	maxBody  = 1 << 20
)

// New is a provider by its settings; it is not asked for anything yet. What is wrong with
// the settings is an error that says what to do.
func New(s Settings) (*Provider, error) {
	u, err := url.Parse(s.Issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the issuer is no address; write it as https://login.example.org/realm, as the provider does")
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme != "https" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("the issuer must be reached by https")
	}
	if s.ClientID == "" || s.ClientSecret == "" {
		return nil, errors.New("the provider knows this installation by a client identifier and a secret; give both")
	}
	return &Provider{settings: s, client: &http.Client{Timeout: patience, Transport: bounded{http.DefaultTransport}}}, nil
}

// bounded reads no more of an answer than it may have.
type bounded struct{ http.RoundTripper }

// RoundTrip sends a request.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, maxBody), answer.Body}
	}
	return answer, err
}

// discover reads what the provider says of itself, once.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	found, err := oidc.NewProvider(ctx, p.settings.Issuer)
	if err != nil {
		return nil, fmt.Errorf("the provider %s: %w", p.settings.Issuer, err)
	}
	p.found = found
	return found, nil
}

// with lets what follows use our client, also after the request has ended: keys are read
// again when the provider changes them.
func (p *Provider) with(ctx context.Context) context.Context {
	return oidc.ClientContext(context.WithoutCancel(ctx), p.client)
}

func (p *Provider) flow(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: p.settings.Redirect, Scopes: []string{oidc.ScopeOpenID, "email"},
	}
}

// Ask gives the address to which a browser is sent.
func (p *Provider) Ask(ctx context.Context, q survey.ProviderQuestion) (string, error) {
	found, err := p.discover(p.with(ctx))
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(q.Nonce), oauth2.S256ChallengeOption(q.Verifier)}
	if q.Again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return p.flow(found).AuthCodeURL(q.State, options...), nil
}

// signed are the algorithms by which tokens may be signed: none that the client's secret
// or nothing at all could sign.
func signed() []string {
	return []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}
}

// claims are what a token says besides what every token does.
type claims struct {
	Email    string          `json:"email"`
	Verified json.RawMessage `json:"email_verified"` // some write it as a text
	Party    string          `json:"azp"`
	AuthTime int64           `json:"auth_time"`
	Methods  []string        `json:"amr"`
	Class    string          `json:"acr"`
}

func (c claims) verified() bool {
	text := strings.Trim(string(c.Verified), `"`)
	return text == "true"
}

// refused is why an answer is no proof, for the log: it holds nothing of the answer.
func refused(why string) error { return fmt.Errorf("%w: %s", survey.ErrProvider, why) }

// Check redeems a code, and verifies the token that comes for it.
func (p *Provider) Check(ctx context.Context, q survey.ProviderQuestion, code string) (survey.ProviderIdentity, error) {
	var none survey.ProviderIdentity
	ctx = p.with(ctx)
	found, err := p.discover(ctx)
	if err != nil {
		return none, err
	}
	answer, err := p.flow(found).Exchange(ctx, code, oauth2.VerifierOption(q.Verifier))
	if _, said := errors.AsType[*oauth2.RetrieveError](err); said {
		return none, refused("the code was not taken")
	}
	if err != nil {
		return none, refused("the provider did not answer as it should")
	}
	raw, ok := answer.Extra("id_token").(string)
	if !ok {
		return none, refused("there is no token of who it is")
	}
	token, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.settings.ClientID, SupportedSigningAlgs: signed(), Now: p.settings.Now}).Verify(ctx, raw)
	if err != nil {
		return none, refused("its signature, issuer, audience or time is wrong")
	}
	if token.Nonce == "" || token.Nonce != q.Nonce {
		return none, refused("it answers another question")
	}
	var c claims
	if err := token.Claims(&c); err != nil {
		return none, refused("it cannot be read")
	}
	if c.Party != "" && c.Party != p.settings.ClientID || len(token.Audience) > 1 && c.Party == "" {
		return none, refused("it is for somebody else")
	}
	if c.Email == "" {
		if err := p.askMore(ctx, found, answer, token.Subject, &c); err != nil {
			return none, err
		}
	}
	id := survey.ProviderIdentity{Issuer: token.Issuer, Subject: token.Subject, Email: c.Email, EmailVerified: c.verified(), Factor: p.trusts(c)}
	if c.AuthTime > 0 {
		id.AuthTime = time.Unix(c.AuthTime, 0)
	}
	return id, nil
}

// askMore reads the address where the token does not hold it.
func (p *Provider) askMore(ctx context.Context, found *oidc.Provider, answer *oauth2.Token, subject string, c *claims) error {
	if found.UserInfoEndpoint() == "" {
		return nil
	}
	more, err := found.UserInfo(ctx, oauth2.StaticTokenSource(answer))
	if err != nil || more.Subject != subject {
		return refused("what else the provider knows could not be read")
	}
	if err := more.Claims(&struct {
		Email    *string          `json:"email"`
		Verified *json.RawMessage `json:"email_verified"`
	}{&c.Email, &c.Verified}); err != nil {
		return refused("what else the provider knows could not be read")
	}
	return nil
}

func (p *Provider) trusts(c claims) bool {
	return slices.ContainsFunc(p.settings.Trusted, func(word string) bool {
		return word != "" && (word == c.Class || slices.Contains(c.Methods, word))
	})
}
