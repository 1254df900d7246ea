package survey

import (
	"context"
	"fmt"
	"time"
)

// ResetLifetime is how long after following a link a new password may be set without
// the old one: whoever was made a link has forgotten it, or has none yet.
const ResetLifetime = 15 * time.Minute

// NewPassword is a password to come, with the one in force.
type NewPassword struct{ Old, New string }

// AsksOldPassword reports whether the actor has to give their password to change it.
func (u *Users) AsksOldPassword(a Actor) bool {
	fresh := a.SignIn.Way == ByWayOfLink && u.env.now().Sub(a.SignIn.CreatedAt) < ResetLifetime
	return a.User.PasswordHash != "" && !fresh
}

// ChangePassword changes the actor's own password and returns a new cookie value. Every
// sign-in of the account ends, and so do links not yet used: whoever changes a password
// because somebody else had it wants them out. TooManyError when wrong ones came too
// often.
func (u *Users) ChangePassword(ctx context.Context, from Client, a Actor, p NewPassword) (cookie string, err error) {
	if !a.isThemselves() {
		return "", ErrForbidden
	}
	faults := FieldErrors{}
	checkPassword(p.New, faults)
	if err := faults.OrNil(); err != nil {
		return "", err
	}
	also := func(Tx) error { return nil }
	if u.AsksOldPassword(a) {
		if also, err = u.env.check(ctx, from, a.User, StaffProof{Password: p.Old}); err != nil {
			return "", err
		}
	}
	hash, err := u.env.Keys.HashPassword(ctx, p.New)
	if err != nil {
		return "", fmt.Errorf("change password: %w", err)
	}
	cookie, in := u.env.newSignIn(from, entering{user: a.User, way: ByWayOfPassword})
	e := u.env.event(a, "", in.CreatedAt, ActionPasswordChanged, "user", string(a.User.ID))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := also(tx); err != nil {
			return err
		}
		if err := tx.SetPassword(ctx, a.User.ID, hash); err != nil {
			return err
		}
		if err := tx.CreateSignIn(ctx, in); err != nil {
			return err
		}
		if err := u.env.notice(ctx, tx, a.User.ID, NoticePassword, from.browser()); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return "", fmt.Errorf("change password: %w", err)
	}
	return cookie, nil
}

// SetPassword sets anybody's password at the command line, and there alone. Every sign-in
// of the account ends, and so do links not yet used.
func (u *Users) SetPassword(ctx context.Context, a Actor, id UserID, password string) error {
	if a.Kind != ActorSystem {
		return ErrForbidden
	}
	faults := FieldErrors{}
	checkPassword(password, faults)
	if err := faults.OrNil(); err != nil {
		return err
	}
	hash, err := u.env.Keys.HashPassword(ctx, password)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	now := u.env.now()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.SetPassword(ctx, id, hash); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, "", now, ActionPasswordChanged, "user", string(id)))
	})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}
