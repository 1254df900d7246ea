package passkey

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"tidemark/survey"
)

// Verifier asks and checks for one address. Its methods may be called concurrently.
type Verifier struct{ site *webauthn.WebAuthn }

var _ survey.PasskeyVerifier = (*Verifier)(nil)

// New is for the address that people use. It is nil, without an error, where browsers know
// no passkeys: at an address that is a number, and without HTTPS but for this machine.
func New(baseURL string) (*Verifier, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	host := base.Hostname()
	if host == "" || net.ParseIP(host) != nil || base.Scheme != "https" && host != "localhost" {
		return nil, nil //nolint:nilnil // documented: there are none
	}
	site, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Tidemark", RPOrigins: []string{base.Scheme + "://" + base.Host},
		AttestationPreference: protocol.PreferNoAttestation,
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &Verifier{site}, nil
}

// person is a member of staff as the library knows people. The handle says nothing of
// them.
type person struct {
	user        survey.User
	credentials []webauthn.Credential
}

// WebAuthnID is the account's identifier.
func (p person) WebAuthnID() []byte { return []byte(p.user.ID) }

// WebAuthnName is what tells accounts apart on a device.
func (p person) WebAuthnName() string { return p.user.Email }

// WebAuthnDisplayName is what the device shows.
func (p person) WebAuthnDisplayName() string {
	if p.user.Name == "" {
		return p.user.Email
	}
	return p.user.Name
}

// WebAuthnCredentials are the passkeys known.
func (p person) WebAuthnCredentials() []webauthn.Credential { return p.credentials }

func personOf(user survey.User, known []survey.Passkey) (person, error) {
	p := person{user: user}
	for _, k := range known {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Credential, &c); err != nil {
			return p, fmt.Errorf("passkey %s: %w", k.ID, err)
		}
		p.credentials = append(p.credentials, c)
	}
	return p, nil
}

// AskNew asks for a new passkey, on a device that has none of this account yet.
func (v *Verifier) AskNew(user survey.User, known []survey.Passkey) (question, state []byte, err error) {
	p, err := personOf(user, known)
	if err != nil {
		return nil, nil, err
	}
	options, begun, err := v.site.BeginRegistration(p,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		}),
		webauthn.WithExclusions(webauthn.Credentials(p.credentials).CredentialDescriptors()))
	if err != nil {
		return nil, nil, fmt.Errorf("ask for a new passkey: %w", err)
	}
	return both(options, begun)
}

// CheckNew checks the answer.
func (v *Verifier) CheckNew(user survey.User, state, answer []byte) (id string, credential []byte, err error) {
	begun, err := stateOf(state)
	if err != nil {
		return "", nil, err
	}
	said, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return "", nil, survey.ErrPasskey
	}
	c, err := v.site.CreateCredential(person{user: user}, begun, said)
	if err != nil {
		return "", nil, survey.ErrPasskey
	}
	credential, err = json.Marshal(c)
	if err != nil {
		return "", nil, fmt.Errorf("keep a passkey: %w", err)
	}
	return nameOf(c), credential, nil
}

// AskAny asks whoever is there.
func (v *Verifier) AskAny() (question, state []byte, err error) {
	options, begun, err := v.site.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, fmt.Errorf("ask for a passkey: %w", err)
	}
	return both(options, begun)
}

// CheckAny checks the answer. A device whose counter has gone back may be a copy, and is
// refused.
func (v *Verifier) CheckAny(state, answer []byte, find func(survey.UserID) (survey.User, []survey.Passkey, error)) (survey.User, survey.Passkey, error) {
	begun, err := stateOf(state)
	if err != nil {
		return survey.User{}, survey.Passkey{}, err
	}
	said, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return survey.User{}, survey.Passkey{}, survey.ErrPasskey
	}
	var user survey.User
	var keys []survey.Passkey
	var ours error // a failure of ours is not the device's
	c, err := v.site.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
		var err error
		if user, keys, err = find(survey.UserID(handle)); err != nil {
			if !errors.Is(err, survey.ErrNotFound) {
				ours = err
			}
			return nil, err
		}
		return personOf(user, keys)
	}, begun, said)
	if ours != nil {
		return survey.User{}, survey.Passkey{}, ours
	}
	if err != nil || c.Authenticator.CloneWarning {
		return user, survey.Passkey{}, survey.ErrPasskey
	}
	for _, k := range keys {
		if k.CredentialID != nameOf(c) {
			continue
		}
		if k.Credential, err = json.Marshal(c); err != nil {
			return user, survey.Passkey{}, fmt.Errorf("keep a passkey: %w", err)
		}
		return user, k, nil
	}
	return user, survey.Passkey{}, survey.ErrPasskey
}

func nameOf(c *webauthn.Credential) string { return base64.RawURLEncoding.EncodeToString(c.ID) }

func both(options any, begun *webauthn.SessionData) (question, state []byte, err error) {
	if question, err = json.Marshal(options); err == nil {
		state, err = json.Marshal(begun)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("ask for a passkey: %w", err)
	}
	return question, state, nil
}

func stateOf(state []byte) (webauthn.SessionData, error) {
	var begun webauthn.SessionData
	if err := json.Unmarshal(state, &begun); err != nil {
		return begun, survey.ErrPasskey
	}
	return begun, nil
}
