package survey

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrProvider: what came from a provider is no proof of who somebody is.
var ErrProvider = errors.New("the provider's answer could not be verified")

// ErrNotInvited: the provider says who it is, and there is no account for them here.
var ErrNotInvited = errors.New("there is no account for this person")

// ProviderQuestion is one time of asking a provider who somebody is. It is kept nowhere
// but sealed in the browser that asks.
type ProviderQuestion struct {
	State    string `json:"state"`    // comes back with the answer
	Nonce    string `json:"nonce"`    // stands in what the provider signs
	Verifier string `json:"verifier"` // shows that who asks and who redeems are one (PKCE)
	// Again: they are to show there who they are, although they are signed in there.
	Again   bool      `json:"again,omitempty"`
	Next    string    `json:"next,omitempty"` // where they want to go
	Expires time.Time `json:"expires"`
}

// ProviderIdentity is what a provider has said of somebody, verified.
type ProviderIdentity struct {
	Issuer, Subject string
	Email           string
	EmailVerified   bool
	AuthTime        time.Time // when they showed there who they are; zero: not said
	Factor          bool      // by more than a password, and the provider's word for it counts
}

// Provider asks somewhere else who somebody is (OpenID Connect); package oidc implements
// it.
type Provider interface {
	// Ask gives the address to which a browser is sent.
	Ask(ctx context.Context, q ProviderQuestion) (string, error)
	// Check redeems a code and verifies what the provider has signed; ErrProvider.
	Check(ctx context.Context, q ProviderQuestion, code string) (ProviderIdentity, error)
}

// Identity is who somebody of staff is at a provider.
type Identity struct {
	UserID   UserID
	Issuer   string
	Subject  string
	LinkedAt time.Time
}

const (
	// providerLifetime is how long somebody may take at the provider.
	providerLifetime = 10 * time.Minute
	// providerFresh is how long ago they may have shown there who they are when they
	// were asked to show it again.
	providerFresh = 5 * time.Minute
	providerPlace = "provider question"
)

// limitProvider counts answers of providers that are no proof, from one network: for the
// work.
var limitProvider = limit{"provider", 60, 15 * time.Minute, nil}

// AskProvider begins a sign-in by a provider: the address to go to, and what the browser
// keeps until it is back. Nothing is written by it.
func (u *SignIns) AskProvider(ctx context.Context, v Provider, next string, again bool) (address, token string, err error) {
	q := ProviderQuestion{
		State: u.env.Keys.NewToken(), Nonce: u.env.Keys.NewToken(), Verifier: u.env.Keys.NewToken() + u.env.Keys.NewToken(),
		Again: again, Next: next, Expires: u.env.now().Add(providerLifetime),
	}
	if address, err = v.Ask(ctx, q); err != nil {
		return "", "", fmt.Errorf("ask a provider: %w", err)
	}
	plain, err := json.Marshal(q)
	if err != nil {
		return "", "", fmt.Errorf("ask a provider: %w", err)
	}
	keyID, sealed := u.env.Keys.SealSecret(providerPlace, plain)
	return address, keyID + "." + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// openQuestion reads what a browser has kept.
func (u *SignIns) openQuestion(token string) (q ProviderQuestion, err error) {
	keyID, text, _ := strings.Cut(token, ".")
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return q, ErrProvider
	}
	plain, err := u.env.Keys.OpenSecret(providerPlace, keyID, sealed)
	if err != nil {
		return q, ErrProvider
	}
	if err := json.Unmarshal(plain, &q); err != nil || !u.env.now().Before(q.Expires) {
		return q, ErrProvider
	}
	return q, nil
}

// ByProvider signs a member of staff in by what a provider says, and returns the new
// cookie value and where they wanted to go. token is what the browser has kept, state and
// code what the provider has sent it back with. Accounts go by who somebody is at the
// provider; the first time by an address that the provider has verified, of an account
// that was made here: none is ever made by signing in. ErrProvider for whatever is no
// proof; ErrNotInvited when there is no account; TooManyError. Whoever has a second factor
// here shows it as well: the value is then for BySecondFactor alone.
func (u *SignIns) ByProvider(ctx context.Context, from Client, v Provider, token, state, code string) (cookie string, user User, next string, err error) {
	counted := oneTry(limitProvider, from.network())
	if err := u.env.take(ctx, counted); err != nil {
		return "", User{}, "", fmt.Errorf("sign in by a provider: %w", err)
	}
	id, q, err := u.answerOf(ctx, v, token, state, code)
	var first bool
	if err == nil {
		user, first, err = u.whoIs(ctx, id)
	}
	if errors.Is(err, ErrProvider) || errors.Is(err, ErrNotInvited) {
		return "", User{}, "", errors.Join(err, u.env.noteFailed(ctx, user, "provider"))
	}
	if err != nil {
		return "", User{}, "", fmt.Errorf("sign in by a provider: %w", err)
	}
	cookie, err = u.begin(ctx, from, entering{
		user: user, way: ByWayOfProvider, due: user.HasSecondFactor(), vouched: id.Factor, proved: id.AuthTime,
		also: func(tx Tx) error {
			answered, err := tx.AnswerChallenge(ctx, u.env.Keys.HashToken("provider\x00"+q.State), q.Expires, u.env.now())
			if err == nil && !answered {
				err = ErrProvider
			}
			if err == nil && first {
				err = u.link(ctx, tx, user, id)
			}
			if err != nil {
				return err
			}
			return u.env.giveBack(ctx, tx, counted)
		},
	})
	if err != nil {
		return "", User{}, "", err
	}
	return cookie, user, q.Next, nil
}

// answerOf verifies what came back from the provider.
func (u *SignIns) answerOf(ctx context.Context, v Provider, token, state, code string) (ProviderIdentity, ProviderQuestion, error) {
	q, err := u.openQuestion(token)
	if err != nil {
		return ProviderIdentity{}, q, err
	}
	if subtle.ConstantTimeCompare([]byte(state), []byte(q.State)) != 1 || code == "" {
		return ProviderIdentity{}, q, ErrProvider
	}
	id, err := v.Check(ctx, q, code)
	if err != nil {
		return ProviderIdentity{}, q, err
	}
	now := u.env.now()
	if id.Issuer == "" || id.Subject == "" || len(id.Issuer) > 500 || len(id.Subject) > 255 || id.AuthTime.After(now.Add(time.Minute)) {
		return ProviderIdentity{}, q, ErrProvider
	}
	if q.Again && now.Sub(id.AuthTime) > providerFresh {
		return ProviderIdentity{}, q, ErrProvider
	}
	return id, q, nil
}

// whoIs finds the account of somebody at a provider; first: it is yet to be linked.
func (u *SignIns) whoIs(ctx context.Context, id ProviderIdentity) (user User, first bool, err error) {
	known, err := u.env.Store.IdentityBySubject(ctx, id.Issuer, id.Subject)
	if err == nil {
		user, err = u.env.Store.User(ctx, known.UserID)
	} else if errors.Is(err, ErrNotFound) {
		email, ok := addressOf(id.Email)
		if !ok || !id.EmailVerified {
			return User{}, false, ErrNotInvited
		}
		first = true
		user, err = u.env.Store.UserByEmail(ctx, email)
	}
	if errors.Is(err, ErrNotFound) || err == nil && !user.DisabledAt.IsZero() {
		return user, false, ErrNotInvited
	}
	if err != nil {
		return user, false, err
	}
	if !first {
		return user, false, nil
	}
	// Somebody else there has the address now: an account stays whose it was.
	linked, err := u.env.Store.Identities(ctx, user.ID)
	if err != nil {
		return user, false, err
	}
	for _, i := range linked {
		if i.Issuer == id.Issuer {
			return user, false, ErrNotInvited
		}
	}
	return user, true, nil
}

// link notes who somebody is at a provider.
func (u *SignIns) link(ctx context.Context, tx Tx, user User, id ProviderIdentity) error {
	now := u.env.now()
	if err := tx.CreateIdentity(ctx, Identity{UserID: user.ID, Issuer: id.Issuer, Subject: id.Subject, LinkedAt: now}); err != nil {
		return err
	}
	if err := u.env.notice(ctx, tx, user.ID, NoticeProvider, ""); err != nil {
		return err
	}
	return tx.AppendAudit(ctx, u.env.event(UserActor(user), "", now, ActionProviderLinked, "user", string(user.ID)))
}

// Identities lists who the actor is at providers.
func (u *SignIns) Identities(ctx context.Context, a Actor) ([]Identity, error) {
	if !a.isThemselves() {
		return nil, ErrForbidden
	}
	all, err := u.env.Store.Identities(ctx, a.User.ID)
	if err != nil {
		return nil, fmt.Errorf("list identities: %w", err)
	}
	return all, nil
}

// Unlink forgets who somebody is at a provider, for when they are somebody else there:
// the next sign-in goes by their address again. Administrators may.
func (u *SignIns) Unlink(ctx context.Context, a Actor, id UserID) error {
	if !a.IsAdministrator() {
		return ErrForbidden
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	e := u.env.event(a, "", u.env.now(), ActionProviderUnlinked, "user", string(id))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		gone, err := tx.DeleteIdentities(ctx, id)
		if err == nil && !gone {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("unlink user %s: %w", id, err)
	}
	return nil
}
