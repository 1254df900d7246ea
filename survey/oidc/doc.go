// Package oidc asks an OpenID Connect provider who somebody is: [New] gives a
// survey.Provider for one issuer. It uses the code flow with PKCE, takes signed tokens of
// asymmetric algorithms alone, and checks issuer, audience, authorised party, time and
// nonce.
//
// What the provider publishes of itself is read when it is first needed, so that a server
// starts while the provider is away. The package imports no store.
package oidc
