package main

import (
	"fmt"
	"os"
	"strings"

	"tidemark/survey/oidc"
	"tidemark/web"
)

// providerFlags say by which OpenID Connect provider staff can sign in; without any, by
// none.
type providerFlags struct {
	Issuer   string   `env:"TIDEMARK_OIDC_ISSUER" placeholder:"URL" help:"OpenID Connect provider by which staff can sign in, as it writes its own address. Accounts are made here first; the provider says who comes."`
	ClientID string   `env:"TIDEMARK_OIDC_CLIENT_ID" placeholder:"ID" help:"As what this installation is registered there; the address to send people back to is the base URL and /sign-in/provider/back."`
	Secret   string   `name:"client-secret-file" env:"TIDEMARK_OIDC_CLIENT_SECRET_FILE" placeholder:"FILE" help:"File with the secret that goes with it."`
	Name     string   `env:"TIDEMARK_OIDC_NAME" default:"your organisation" placeholder:"NAME" help:"What people call the provider, on the sign-in page (default: ${default})."`
	Trust    []string `name:"trust-factor" env:"TIDEMARK_OIDC_TRUST_FACTOR" placeholder:"WORDS" help:"Words of the provider (amr or acr, as mfa) by which a sign-in there counts as one with a second factor; without any, none does."`
}

// put lets a site ask the provider, if there is one.
func (f providerFlags) put(site *web.Config) error {
	if f.Issuer == "" {
		if f.ClientID != "" || f.Secret != "" {
			return misuse("settings of a provider are given but no provider; name it with --oidc-issuer URL")
		}
		return nil
	}
	if f.ClientID == "" || f.Secret == "" {
		return misuse("a provider needs --oidc-client-id ID and --oidc-client-secret-file FILE")
	}
	secret, err := os.ReadFile(f.Secret)
	if err != nil {
		return fmt.Errorf("read the secret of the provider: %w", err)
	}
	p, err := oidc.New(oidc.Settings{
		Issuer: f.Issuer, ClientID: f.ClientID, ClientSecret: strings.TrimSpace(string(secret)), Redirect: strings.TrimSuffix(site.BaseURL, "/") + web.ProviderBackPath, Trusted: f.Trust, Now: site.Now,
	})
	if err != nil {
		return usageError{fmt.Errorf("--oidc-issuer: %w", err)}
	}
	site.Provider, site.ProviderName = p, f.Name
	return nil
}
