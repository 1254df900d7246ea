package survey

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Tokens are the use cases of letting programs act for members of staff.
type Tokens struct{ env Env }

// TokenReader reads the tokens of programs.
type TokenReader interface {
	// Tokens lists all of a study, by when they were made.
	Tokens(ctx context.Context, study StudyID) ([]APIToken, error)
	// TokenByHash finds one, also one that has ended; ErrNotFound when there is none.
	TokenByHash(ctx context.Context, hash string) (APIToken, error)
}

// TokenWriter writes the tokens of programs.
type TokenWriter interface {
	CreateToken(ctx context.Context, t APIToken) error
	// RevokeToken ends a token, and reports whether it had not been ended.
	RevokeToken(ctx context.Context, study StudyID, id TokenID, at time.Time) (bool, error)
	// MarkTokenUsed notes a use, and reports whether it is the first since an instant.
	MarkTokenUsed(ctx context.Context, study StudyID, id TokenID, at, since time.Time) (bool, error)
}

// NewToken is a token to be made.
type NewToken struct {
	Name    string
	Shape   TokenShape
	Scopes  []Scope // reading what is asked is always among them
	Expires time.Time
}

// TokenLine is a token and whose it is.
type TokenLine struct {
	APIToken
	Person string // name, or address
	Own    bool   // the asker's
	Works  bool
	// Idle are scopes that its person has no role for now.
	Idle []Scope
}

// TokenBook is what somebody sees of the tokens of a study: their own, and those of
// everybody for an administrator. Those that work come first.
type TokenBook struct {
	Lines []TokenLine
	May   []Scope // that the asker has roles for
}

// scopesOf are the scopes that a person has a role for.
func scopesOf(a Actor, study StudyID) []Scope {
	var may []Scope
	for _, s := range Scopes() {
		if a.May(s, study) {
			may = append(may, s)
		}
	}
	return may
}

// Book shows the tokens of a study. Whoever knows the study may; ErrNotFound for others.
func (u *Tokens) Book(ctx context.Context, a Actor, study StudyID) (TokenBook, error) {
	if a.Token != nil || !a.MayKnowStudy(study) {
		return TokenBook{}, ErrNotFound
	}
	b := TokenBook{May: scopesOf(a, study)}
	all, err := u.env.Store.Tokens(ctx, study)
	if err != nil {
		return b, fmt.Errorf("tokens of study %s: %w", study, err)
	}
	people := []User{a.User}
	if a.IsAdministrator() {
		if people, err = u.env.Store.Users(ctx); err != nil {
			return b, fmt.Errorf("tokens of study %s: %w", study, err)
		}
	}
	now := u.env.now()
	for _, t := range all {
		i := slices.IndexFunc(people, func(p User) bool { return p.ID == t.UserID })
		if i < 0 {
			continue
		}
		p := people[i]
		l := TokenLine{APIToken: t, Person: p.Name, Own: a.Kind == ActorUser && a.User.ID == t.UserID}
		if l.Person == "" {
			l.Person = p.Email
		}
		l.Works = t.Works(now) && p.DisabledAt.IsZero()
		for _, s := range t.Scopes {
			if !UserActor(p).May(s, study) {
				l.Idle = append(l.Idle, s)
			}
		}
		b.Lines = append(b.Lines, l)
	}
	slices.SortStableFunc(b.Lines, func(x, y TokenLine) int {
		if x.Works != y.Works {
			if x.Works {
				return -1
			}
			return 1
		}
		return y.CreatedAt.Compare(x.CreatedAt)
	})
	return b, nil
}

// Create makes a token for the asker and gives it, which nobody can read again. Faults
// are FieldErrors; ErrNotFound for whoever does not know the study.
func (u *Tokens) Create(ctx context.Context, a Actor, study StudyID, n NewToken) (secret string, t APIToken, err error) {
	if a.Kind != ActorUser || a.Token != nil {
		return "", t, ErrForbidden
	}
	if !a.MayKnowStudy(study) {
		return "", t, ErrNotFound
	}
	now := u.env.now()
	t = APIToken{
		StudyID: study, ID: TokenID(u.env.NewID()), UserID: a.User.ID, Name: strings.TrimSpace(n.Name), Shape: n.Shape,
		CreatedAt: now, ExpiresAt: n.Expires.UTC().Truncate(time.Millisecond),
	}
	may := scopesOf(a, study)
	for _, s := range Scopes() {
		if s == ScopeMetadata || slices.Contains(n.Scopes, s) {
			t.Scopes = append(t.Scopes, s)
		}
	}
	if err := checkToken(t, n, may, now); err != nil {
		return "", t, err
	}
	if err := u.env.proven(a); err != nil {
		return "", t, err
	}
	if secret, t.Prefix, err = u.env.newSecret(n.Shape); err != nil {
		return "", t, fmt.Errorf("make a token: %w", err)
	}
	t.Hash = u.env.Keys.HashToken(secret)
	e := u.env.event(a, study, now, ActionTokenMade, "token", string(t.ID))
	e.Detail = t.Prefix + ", " + ScopesText(t.Scopes)
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		all, err := tx.Tokens(ctx, study)
		if err != nil {
			return err
		}
		working := 0
		for _, o := range all {
			if o.UserID == a.User.ID && o.Works(now) {
				working++
			}
		}
		if working >= maxTokens {
			return FieldErrors{"name": "token.too_many"}
		}
		if err := tx.CreateToken(ctx, t); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return "", t, fmt.Errorf("make a token: %w", err)
	}
	return secret, t, nil
}

func checkToken(t APIToken, n NewToken, may []Scope, now time.Time) error {
	faults := FieldErrors{}
	if t.Name == "" {
		faults["name"] = "token.name_missing"
	}
	checkText(faults, "name", t.Name, 120)
	if !t.Shape.Valid() {
		faults["shape"] = "token.shape"
	}
	for _, s := range n.Scopes {
		switch {
		case !s.Valid():
			faults["scopes"] = "token.scope"
		case !slices.Contains(may, s):
			faults["scopes"] = "token.scope_not_yours"
		}
	}
	switch {
	case !t.ExpiresAt.After(now):
		faults["expires"] = "token.expires_past"
	case t.ExpiresAt.After(now.Add(TokenLifetime)):
		faults["expires"] = "token.expires_late"
	}
	return faults.OrNil()
}

// newSecret makes a token, and the part of it by which people recognise it.
func (e Env) newSecret(shape TokenShape) (secret, prefix string, err error) {
	size := bearerBytes
	if shape == TokenREDCap {
		size = redcapBytes
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(e.Random, b); err != nil {
		return "", "", fmt.Errorf("read randomness: %w", err)
	}
	text := hex.EncodeToString(b)
	if shape == TokenREDCap {
		text = strings.ToUpper(text)
		return text, text[:6], nil
	}
	return bearerPrefix + text, bearerPrefix + text[:6], nil
}

// Revoke ends a token at once. Its person may, and administrators; to anybody else it is
// not there. Doing it twice is no fault.
func (u *Tokens) Revoke(ctx context.Context, a Actor, study StudyID, id TokenID) error {
	if a.Token != nil || !a.MayKnowStudy(study) {
		return ErrNotFound
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		all, err := tx.Tokens(ctx, study)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(t APIToken) bool { return t.ID == id })
		if i < 0 || !a.IsAdministrator() && all[i].UserID != a.User.ID {
			return ErrNotFound
		}
		ended, err := tx.RevokeToken(ctx, study, id, now)
		if err != nil || !ended {
			return err
		}
		e := u.env.event(a, study, now, ActionTokenRevoked, "token", string(id))
		e.Detail = all[i].Prefix
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("revoke token %s: %w", id, err)
	}
	return nil
}

// longestSecret bounds what is looked for.
const longestSecret = 128

// Use finds for whom a program acts, with what they may at this moment. ErrNotSignedIn
// for a token that is unknown, ended, expired, or whose person has no account any more;
// TooManyError when that, or the requests of one token, came too often.
func (u *Tokens) Use(ctx context.Context, from Client, secret string) (Actor, error) {
	if len(secret) > longestSecret || secret == "" {
		return Actor{}, ErrNotSignedIn
	}
	a, err := u.find(ctx, u.env.Keys.HashToken(secret))
	if errors.Is(err, ErrNotFound) {
		if err := u.env.take(ctx, oneTry(limitBadToken, from.network())); err != nil {
			return Actor{}, fmt.Errorf("use a token: %w", err)
		}
		return Actor{}, ErrNotSignedIn
	}
	if err == nil {
		err = u.env.take(ctx, oneTry(limitToken, string(a.Token.ID)))
	}
	if err == nil {
		err = u.noteUse(ctx, a)
	}
	if err != nil {
		return Actor{}, fmt.Errorf("use a token: %w", err)
	}
	return a, nil
}

func (u *Tokens) find(ctx context.Context, hash string) (Actor, error) {
	t, err := u.env.Store.TokenByHash(ctx, hash)
	if err != nil {
		return Actor{}, err
	}
	if !t.Works(u.env.now()) {
		return Actor{}, ErrNotFound
	}
	user, err := u.env.Store.User(ctx, t.UserID)
	if err != nil {
		return Actor{}, err
	}
	a := UserActor(user)
	if a.Token = &t; !a.MayKnowStudy(t.StudyID) {
		return Actor{}, ErrNotFound
	}
	return a, nil
}

// noteUse tells the audit trail that a token was used, once a day: one line for each
// request would bury everything else.
func (u *Tokens) noteUse(ctx context.Context, a Actor) error {
	now := u.env.now()
	today := now.Truncate(24 * time.Hour)
	if !a.Token.UsedAt.Before(today) {
		return nil
	}
	e := u.env.event(a, a.Token.StudyID, now, ActionTokenUsed, "token", string(a.Token.ID))
	e.Detail = a.Token.Prefix
	return u.env.Store.InTx(ctx, func(tx Tx) error {
		first, err := tx.MarkTokenUsed(ctx, a.Token.StudyID, a.Token.ID, now, today)
		if err != nil || !first {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
}
