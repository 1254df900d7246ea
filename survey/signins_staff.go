package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// FactorStepLifetime is how long after the password the second factor may be shown.
const FactorStepLifetime = 10 * time.Minute

// seenEvery is how exactly it is known when a sign-in was last used.
const seenEvery = 5 * time.Minute

// ByPassword signs a member of staff in and returns the new cookie value. A
// wrong address, a wrong password and a disabled account are all ErrNotSignedIn
// and take as long as one another. ErrBusy when too many try at once, TooManyError
// when wrong passwords came too often; see signInTries. When the user has a second
// factor, the value is for BySecondFactor alone.
func (u *SignIns) ByPassword(ctx context.Context, from Client, email, password string) (token string, user User, err error) {
	email = strings.ToLower(strings.TrimSpace(email))
	counted := u.signInTries(from, email)
	if err := u.env.take(ctx, counted); err != nil {
		return "", User{}, fmt.Errorf("sign in: %w", err)
	}
	user, err = u.env.Store.UserByEmail(ctx, email)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", User{}, fmt.Errorf("sign in: %w", err)
	}
	right, err := u.env.Keys.VerifyPassword(u.inLine(ctx, from, email), user.PasswordHash, password)
	if err != nil {
		return "", User{}, fmt.Errorf("sign in: %w", err)
	}
	if !right || !user.DisabledAt.IsZero() {
		if err := u.env.noteFailed(ctx, user, ""); err != nil {
			return "", User{}, fmt.Errorf("sign in: %w", err)
		}
		return "", User{}, ErrNotSignedIn
	}
	token, err = u.begin(ctx, from, entering{user: user, way: ByWayOfPassword, due: user.HasSecondFactor(),
		also: func(tx Tx) error { return u.env.giveBack(ctx, tx, counted) }})
	return token, user, err
}

// noteFailed tells the audit trail that somebody failed to show who they are.
func (e Env) noteFailed(ctx context.Context, user User, detail string) error {
	event := e.event(SystemActor("sign-in"), "", e.now(), ActionSignInFailed, "user", string(user.ID))
	event.Detail = detail
	return e.Store.InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, event) })
}

// FactorDue is who has shown a password or a link and is to show the second factor;
// ErrNotSignedIn when there is nobody, or it took too long.
func (u *SignIns) FactorDue(ctx context.Context, token string) (User, error) {
	user, in, err := u.env.Store.UserBySignIn(ctx, u.env.Keys.HashToken(token), u.env.now())
	if err == nil && !in.FactorDue {
		err = ErrNotSignedIn
	}
	if err != nil {
		return User{}, fmt.Errorf("second factor: %w", err)
	}
	return user, nil
}

// BySecondFactor signs in somebody who has shown a password or a link before, by a code
// of their program or a recovery code, and returns the new cookie value. A wrong code is
// FieldErrors; ErrNotSignedIn when the first step is too long ago; TooManyError as for
// ByPassword.
func (u *SignIns) BySecondFactor(ctx context.Context, from Client, token, code string) (cookie string, user User, err error) {
	hash := u.env.Keys.HashToken(token)
	user, in, err := u.env.Store.UserBySignIn(ctx, hash, u.env.now())
	if err == nil && !in.FactorDue {
		err = ErrNotSignedIn
	}
	if err != nil {
		return "", User{}, fmt.Errorf("second factor: %w", err)
	}
	use, giveBack, err := u.env.checkFactor(ctx, from, user, code)
	if err != nil {
		return "", User{}, err
	}
	cookie, err = u.begin(ctx, from, entering{user: user, way: in.Way, vouched: in.Vouched, proved: u.env.now(), also: func(tx Tx) error {
		if err := use(tx); err != nil {
			return err
		}
		if err := tx.DeleteSignIn(ctx, hash); err != nil {
			return err
		}
		return giveBack(tx)
	}})
	return cookie, user, err
}

// StaffLink reports whether a link would sign somebody in now, without using
// it: ErrNotFound for unknown, used, and expired ones alike.
func (u *SignIns) StaffLink(ctx context.Context, token string) (User, error) {
	l, err := u.env.Store.StaffLink(ctx, u.env.Keys.HashToken(token))
	if err != nil {
		return User{}, fmt.Errorf("staff link: %w", err)
	}
	if !u.env.now().Before(l.ExpiresAt) || (!l.Reusable && !l.UsedAt.IsZero()) {
		return User{}, ErrNotFound
	}
	user, err := u.env.Store.User(ctx, l.UserID)
	if err != nil {
		return User{}, fmt.Errorf("staff link: %w", err)
	}
	if !user.DisabledAt.IsZero() {
		return User{}, ErrNotFound
	}
	return user, nil
}

// ByStaffLink uses a link and returns the new cookie value. When the user has a second
// factor, it is for BySecondFactor alone.
func (u *SignIns) ByStaffLink(ctx context.Context, from Client, token string) (cookie string, user User, err error) {
	if user, err = u.StaffLink(ctx, token); err != nil {
		return "", User{}, err
	}
	hash := u.env.Keys.HashToken(token)
	cookie, err = u.begin(ctx, from, entering{user: user, way: ByWayOfLink, due: user.HasSecondFactor(), also: func(tx Tx) error {
		if ok, err := tx.UseStaffLink(ctx, hash, u.env.now()); err != nil || !ok {
			return errors.Join(err, ErrNotFound)
		}
		return nil
	}})
	return cookie, user, err
}

// entering is a sign-in of staff that is to begin.
type entering struct {
	user User
	way  SignInWay
	due  bool // the second factor is still to come
	// By a provider: its word for a second factor counts, and when its person showed
	// there who they are; zero: it did not say.
	vouched bool
	proved  time.Time
	also    func(Tx) error // what else is written with it
}

// begin writes a staff sign-in.
func (u *SignIns) begin(ctx context.Context, from Client, e entering) (string, error) {
	token, s := u.env.newSignIn(from, e)
	event := u.env.event(UserActor(e.user), "", s.CreatedAt, ActionSignedIn, "user", string(e.user.ID))
	event.Detail = string(e.way)
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if e.also != nil {
			if err := e.also(tx); err != nil {
				return err
			}
		}
		if err := tx.DeleteSignInsBefore(ctx, s.CreatedAt); err != nil {
			return err
		}
		if err := tx.CreateSignIn(ctx, s); err != nil || e.due {
			return err
		}
		if !u.knowsDevice(from.Device, e.user.Email) {
			if err := u.env.notice(ctx, tx, e.user.ID, NoticeNewBrowser, s.Browser); err != nil {
				return err
			}
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	return token, nil
}

// newSignIn makes a sign-in of staff, with a token of its own.
func (e Env) newSignIn(from Client, in entering) (token string, s SignIn) {
	now, life := e.now(), StaffSignInLifetime
	if in.due {
		life = FactorStepLifetime
	}
	proved := now
	if in.way == ByWayOfProvider {
		proved = in.proved
		if proved.IsZero() {
			proved = now.AddDate(0, 0, -1)
		}
	}
	token = e.Keys.NewToken()
	return token, SignIn{
		TokenHash: e.Keys.HashToken(token), Kind: SignInUser, UserID: in.user.ID, CreatedAt: now, ExpiresAt: now.Add(life),
		ID: SignInID(e.NewID()), Browser: from.browser(), Way: in.way, SeenAt: now, ProvedAt: proved, FactorDue: in.due, Vouched: in.vouched,
	}
}

// Staff is the actor behind a staff cookie; ErrNotSignedIn when there is none, or the
// second factor is still to be shown.
func (u *SignIns) Staff(ctx context.Context, cookie string) (Actor, error) {
	user, in, err := u.env.Store.UserBySignIn(ctx, u.env.Keys.HashToken(cookie), u.env.now())
	if err == nil && in.FactorDue {
		err = ErrNotSignedIn
	}
	if err != nil {
		return Actor{}, fmt.Errorf("staff sign-in: %w", err)
	}
	a := UserActor(user)
	a.SignIn, a.Held = in, u.env.Rules.asksFactor(user) && !user.HasSecondFactor() && !in.Vouched
	return a, nil
}

// NoteSeen notes that a sign-in is used, if that was not noted in the last minutes.
func (u *SignIns) NoteSeen(ctx context.Context, a Actor) error {
	now := u.env.now()
	if a.SignIn.TokenHash == "" || now.Sub(a.SignIn.SeenAt) < seenEvery {
		return nil
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		_, err := tx.MarkSignIn(ctx, a.SignIn.TokenHash, now, a.SignIn.ProvedAt)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a sign-in as used: %w", err)
	}
	return nil
}
