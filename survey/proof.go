package survey

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// StaffRules are what an installation asks of its staff. The zero rules ask for
// nothing: rehearsals and the command line have nobody to ask.
type StaffRules struct {
	// SecondFactor says who must have one.
	SecondFactor FactorRule
	// ProveAgain is for how long it counts that somebody showed who they are, when
	// they take data out, give roles, erase, or let programs in; 0: as long as they
	// are signed in.
	ProveAgain time.Duration
	// Letters: what is done with an account is told by mail to whoever has it, and who
	// has forgotten their password is mailed a link.
	Letters bool
}

// FactorRule says who must have a second factor.
type FactorRule string

// Nobody; those who see answers or can let themselves see them; everybody of staff.
const (
	FactorOff      FactorRule = "off"
	FactorAnswers  FactorRule = "answers"
	FactorEveryone FactorRule = "everyone"
)

// asksFactor reports whether an account must have a second factor. Administrators see
// no answers, but they give roles, and make links by which others sign in; data managers
// see none either, but the names and addresses of a whole study.
func (r StaffRules) asksFactor(u User) bool {
	switch r.SecondFactor {
	case FactorEveryone:
		return true
	case FactorAnswers:
		return slices.ContainsFunc(u.Grants, func(g Grant) bool {
			return g.Role == RoleResearcher || g.Role == RoleLead || g.Role == RoleAdministrator || g.Role == RoleDataManager
		})
	case FactorOff:
	}
	return false
}

// isThemselves reports whether somebody of staff looks after their own account, which
// they may also while they are held to set up a second factor.
func (a Actor) isThemselves() bool {
	return a.Kind == ActorUser && a.User.DisabledAt.IsZero() && a.Token == nil
}

// proven is ErrProveAgain when a member of staff is to show again who they are: the
// browser may have been left open. Programs and the command line have shown it by what
// they hold.
func (e Env) proven(a Actor) error {
	if a.Kind != ActorUser || a.Token != nil || e.Rules.ProveAgain <= 0 {
		return nil
	}
	if age := e.now().Sub(a.SignIn.ProvedAt); age >= 0 && age < e.Rules.ProveAgain {
		return nil
	}
	return ErrProveAgain
}

// StaffProof is how somebody shows again who they are: one of the two.
type StaffProof struct{ Password, Code string }

// Prove takes a password or a code from somebody who is signed in, and gives the actor
// with that noted. What is wrong is FieldErrors; TooManyError as for ByPassword.
func (u *SignIns) Prove(ctx context.Context, from Client, a Actor, p StaffProof) (Actor, error) {
	if !a.isThemselves() || a.SignIn.TokenHash == "" {
		return a, ErrForbidden
	}
	also, err := u.env.check(ctx, from, a.User, p)
	if err != nil {
		return a, err
	}
	now := u.env.now()
	e := u.env.event(a, "", now, ActionProved, "user", string(a.User.ID))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := also(tx); err != nil {
			return err
		}
		if there, err := tx.MarkSignIn(ctx, a.SignIn.TokenHash, now, now); err != nil || !there {
			return orElse(err, ErrNotSignedIn)
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return a, fmt.Errorf("show again who one is: %w", err)
	}
	a.SignIn.SeenAt, a.SignIn.ProvedAt = now, now
	return a, nil
}

// check looks at a proof; also is what is to be written with what it is for.
func (e Env) check(ctx context.Context, from Client, user User, p StaffProof) (also func(Tx) error, err error) {
	if p.Code != "" && user.HasTOTP {
		use, giveBack, err := e.checkFactor(ctx, from, user, p.Code)
		if err != nil {
			return nil, err
		}
		return func(tx Tx) error {
			if err := use(tx); err != nil {
				return err
			}
			return giveBack(tx)
		}, nil
	}
	counted := (&SignIns{e}).signInTries(from, user.Email)
	if err := e.take(ctx, counted); err != nil {
		return nil, fmt.Errorf("check a password: %w", err)
	}
	right, err := e.Keys.VerifyPassword((&SignIns{e}).inLine(ctx, from, user.Email), user.PasswordHash, p.Password)
	if err != nil {
		return nil, fmt.Errorf("check a password: %w", err)
	}
	if !right {
		if err := e.noteFailed(ctx, user, "asked again"); err != nil {
			return nil, fmt.Errorf("check a password: %w", err)
		}
		return nil, FieldErrors{"old_password": "user.password_wrong"}
	}
	return func(tx Tx) error { return e.giveBack(ctx, tx, counted) }, nil
}

// orElse is err, or another error when there is none.
func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// StaffKeys seal what belongs to members of staff, and know the codes of their programs.
type StaffKeys interface {
	// SealSecret encrypts what belongs to one place, as a key of a member of staff.
	SealSecret(place string, plain []byte) (keyID string, sealed []byte)
	// OpenSecret decrypts it; ErrSealed unless it was sealed for this place with a
	// secret that this installation has, and is unaltered.
	OpenSecret(place, keyID string, sealed []byte) ([]byte, error)
	// NewTOTPKey makes a key for codes of six digits (RFC 6238).
	NewTOTPKey() []byte
	// TOTPText is such a key as people and their programs are given it, in base32.
	TOTPText(key []byte) string
	// TOTPStep reports whether a code is right at an instant, or one step of time
	// before or after it, and of which step it is.
	TOTPStep(key []byte, code string, at time.Time) (step int64, right bool)
}
