package survey

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// PasskeyID names a passkey of somebody.
type PasskeyID string

// Passkey is a key that a device keeps for one address and shows only to its person
// (WebAuthn). Only the public half is known here.
type Passkey struct {
	UserID       UserID
	ID           PasskeyID
	Name         string // as its person calls it
	CredentialID string // as the device calls it, in base64url
	Credential   []byte // what the verifier keeps of it, as JSON
	CreatedAt    time.Time
	UsedAt       time.Time // zero: never
}

// ErrPasskey: what a device has shown is no proof, or of something else.
var ErrPasskey = errors.New("the passkey could not be verified")

// PasskeyVerifier asks devices, and checks what they answer; package passkey implements
// it. What it asks is JSON for a browser, and its state comes back to it untouched.
type PasskeyVerifier interface {
	AskNew(user User, known []Passkey) (question, state []byte, err error)
	// CheckNew gives what is to be kept of a new passkey; ErrPasskey.
	CheckNew(user User, state, answer []byte) (credentialID string, credential []byte, err error)
	AskAny() (question, state []byte, err error)
	// CheckAny gives whose passkey an answer shows, as it is to be kept from now on;
	// find gives the account that the device names. ErrPasskey.
	CheckAny(state, answer []byte, find func(UserID) (User, []Passkey, error)) (User, Passkey, error)
}

// Passkeys are the use cases of signing in without a password. A verifier knows the
// address at which people are.
type Passkeys struct{ env Env }

// maxPasskeys is how many somebody may have.
const maxPasskeys = 20

// challengeLifetime is how long a device may take.
const challengeLifetime = 10 * time.Minute

// asked is a question under way. It is kept nowhere but sealed in the browser.
type asked struct {
	User    UserID    `json:"user,omitempty"` // who asks; empty: whoever answers
	State   []byte    `json:"state"`
	Expires time.Time `json:"expires"`
}

const passkeyPlace = "passkey question"

func (e Env) sealAsked(user UserID, state []byte) (string, error) {
	plain, err := json.Marshal(asked{user, state, e.now().Add(challengeLifetime)})
	if err != nil {
		return "", fmt.Errorf("ask for a passkey: %w", err)
	}
	keyID, sealed := e.Keys.SealSecret(passkeyPlace, plain)
	return keyID + "." + base64.RawURLEncoding.EncodeToString(sealed), nil
}

func (e Env) openAsked(user UserID, token string) (asked, error) {
	keyID, text, _ := strings.Cut(token, ".")
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return asked{}, ErrPasskey
	}
	plain, err := e.Keys.OpenSecret(passkeyPlace, keyID, sealed)
	if err != nil {
		return asked{}, ErrPasskey
	}
	var q asked
	if err := json.Unmarshal(plain, &q); err != nil || q.User != user || !e.now().Before(q.Expires) {
		return asked{}, ErrPasskey
	}
	return q, nil
}

// answered uses a question up.
func (e Env) answered(ctx context.Context, tx Tx, q asked) error {
	first, err := tx.AnswerChallenge(ctx, e.Keys.HashToken("passkey\x00"+string(q.State)), q.Expires, e.now())
	if err == nil && !first {
		err = ErrPasskey
	}
	return err
}

// List gives the actor's passkeys.
func (u *Passkeys) List(ctx context.Context, a Actor) ([]Passkey, error) {
	if !a.isThemselves() {
		return nil, ErrForbidden
	}
	all, err := u.env.Store.Passkeys(ctx, a.User.ID)
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	return all, nil
}

// Begin asks a device of the actor for a new passkey: the question for the browser, and
// what it is to send back with the answer.
func (u *Passkeys) Begin(ctx context.Context, a Actor, v PasskeyVerifier) (question []byte, token string, err error) {
	if !a.isThemselves() {
		return nil, "", ErrForbidden
	}
	if err := u.env.proven(a); err != nil {
		return nil, "", err
	}
	known, err := u.List(ctx, a)
	if err != nil {
		return nil, "", err
	}
	if len(known) >= maxPasskeys {
		return nil, "", FieldErrors{"name": "passkey.too_many"}
	}
	question, state, err := v.AskNew(a.User, known)
	if err != nil {
		return nil, "", fmt.Errorf("begin a passkey: %w", err)
	}
	token, err = u.env.sealAsked(a.User.ID, state)
	return question, token, err
}

// Add keeps a new passkey of the actor. All other sign-ins end when it is the first second
// factor: they were made without one.
func (u *Passkeys) Add(ctx context.Context, a Actor, v PasskeyVerifier, name, token string, answer []byte) error {
	if !a.isThemselves() {
		return ErrForbidden
	}
	faults := FieldErrors{}
	if name = strings.TrimSpace(name); name == "" {
		name = "Passkey"
	}
	checkText(faults, "name", name, 120)
	if err := faults.OrNil(); err != nil {
		return err
	}
	q, err := u.env.openAsked(a.User.ID, token)
	if err != nil {
		return err
	}
	k := Passkey{UserID: a.User.ID, ID: PasskeyID(u.env.NewID()), Name: name, CreatedAt: u.env.now()}
	if k.CredentialID, k.Credential, err = v.CheckNew(a.User, q.State, answer); err != nil {
		return err
	}
	e := u.env.event(a, "", k.CreatedAt, ActionPasskeyAdded, "user", string(a.User.ID))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := u.env.answered(ctx, tx, q); err != nil {
			return err
		}
		if err := tx.CreatePasskey(ctx, k); err != nil {
			return err
		}
		if err := u.env.notice(ctx, tx, a.User.ID, NoticePasskey, a.SignIn.Browser); err != nil {
			return err
		}
		if !a.User.HasSecondFactor() {
			if _, err := tx.EndOtherSignIns(ctx, a.User.ID, a.SignIn.ID); err != nil {
				return err
			}
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("add a passkey: %w", err)
	}
	return nil
}

// Remove forgets a passkey of the actor.
func (u *Passkeys) Remove(ctx context.Context, a Actor, id PasskeyID) error {
	if !a.isThemselves() {
		return ErrForbidden
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	e := u.env.event(a, "", u.env.now(), ActionPasskeyRemoved, "user", string(a.User.ID))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		gone, err := tx.DeletePasskey(ctx, a.User.ID, id)
		if err == nil && !gone {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("remove a passkey: %w", err)
	}
	return nil
}

// Ask asks whoever is there for a passkey. Nothing is written by it.
func (u *SignIns) Ask(v PasskeyVerifier) (question []byte, token string, err error) {
	question, state, err := v.AskAny()
	if err != nil {
		return nil, "", fmt.Errorf("ask for a passkey: %w", err)
	}
	token, err = u.env.sealAsked("", state)
	return question, token, err
}

// ByPasskey signs a member of staff in by a passkey and returns the new cookie value: the
// device has checked that it is they, so no password is asked for. ErrPasskey for whatever
// is wrong; TooManyError when that came too often from a network.
func (u *SignIns) ByPasskey(ctx context.Context, from Client, v PasskeyVerifier, token string, answer []byte) (cookie string, user User, err error) {
	counted := oneTry(limitPasskey, from.network())
	if err := u.env.take(ctx, counted); err != nil {
		return "", User{}, fmt.Errorf("sign in by a passkey: %w", err)
	}
	q, err := u.env.openAsked("", token)
	if err != nil {
		return "", User{}, err
	}
	user, key, err := v.CheckAny(q.State, answer, func(id UserID) (User, []Passkey, error) {
		user, err := u.env.Store.User(ctx, id)
		if err != nil {
			return User{}, nil, err
		}
		keys, err := u.env.Store.Passkeys(ctx, id)
		return user, keys, err
	})
	if err == nil && !user.DisabledAt.IsZero() {
		err = ErrPasskey
	}
	if errors.Is(err, ErrPasskey) {
		if err := u.env.noteFailed(ctx, user, "passkey"); err != nil {
			return "", User{}, fmt.Errorf("sign in by a passkey: %w", err)
		}
		return "", User{}, ErrPasskey
	}
	if err != nil {
		return "", User{}, fmt.Errorf("sign in by a passkey: %w", err)
	}
	cookie, err = u.begin(ctx, from, entering{user: user, way: ByWayOfPasskey, also: func(tx Tx) error {
		if err := u.env.answered(ctx, tx, q); err != nil {
			return err
		}
		if there, err := tx.MarkPasskeyUsed(ctx, key, u.env.now()); err != nil || !there {
			return orElse(err, ErrPasskey)
		}
		return u.env.giveBack(ctx, tx, counted)
	}})
	return cookie, user, err
}
