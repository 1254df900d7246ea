package survey

import (
	"context"
	"fmt"
	"slices"
)

// OwnSignIn is one browser on which somebody of staff is signed in.
type OwnSignIn struct {
	SignIn
	This bool // the one that asks
}

// ProofMinutes is for how many minutes it counts that somebody showed who they are; 0: as
// long as they are signed in.
func (u *SignIns) ProofMinutes() int { return int(u.env.Rules.ProveAgain.Minutes()) }

// Renew gives the actor another token in place of the one that they are signed in by: it
// rotates when they show again who they are, and when what they may has changed.
// ErrNotSignedIn when it has ended, or another request has renewed it.
func (u *SignIns) Renew(ctx context.Context, a Actor) (cookie string, renewed Actor, err error) {
	if !a.isThemselves() || a.SignIn.TokenHash == "" {
		return "", a, ErrForbidden
	}
	cookie = u.env.Keys.NewToken()
	hash := u.env.Keys.HashToken(cookie)
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		there, err := tx.RenewSignIn(ctx, a.SignIn.TokenHash, hash)
		if err == nil && !there {
			err = ErrNotSignedIn
		}
		return err
	})
	if err != nil {
		return "", a, fmt.Errorf("renew a sign-in: %w", err)
	}
	a.SignIn.TokenHash, a.SignIn.Renew = hash, false
	return cookie, a, nil
}

// Forget ends the sign-in of a cookie that another takes the place of.
func (u *SignIns) Forget(ctx context.Context, cookie string) error {
	err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.DeleteSignIn(ctx, u.env.Keys.HashToken(cookie)) })
	if err != nil {
		return fmt.Errorf("forget a sign-in: %w", err)
	}
	return nil
}

// Own lists on what browsers the actor is signed in: the one that asks first, then
// those used last.
func (u *SignIns) Own(ctx context.Context, a Actor) ([]OwnSignIn, error) {
	if !a.isThemselves() {
		return nil, ErrForbidden
	}
	all, err := u.env.Store.StaffSignIns(ctx, a.User.ID, u.env.now())
	if err != nil {
		return nil, fmt.Errorf("list sign-ins: %w", err)
	}
	own := make([]OwnSignIn, len(all))
	for i, in := range all {
		own[i] = OwnSignIn{in, in.ID != "" && in.ID == a.SignIn.ID}
	}
	slices.SortStableFunc(own, func(x, y OwnSignIn) int {
		switch {
		case x.This:
			return -1
		case y.This:
			return 1
		}
		return 0
	})
	return own, nil
}

// End ends a sign-in of the actor. The cookie of that browser is worth nothing from the
// commit on, whichever server it is shown to. One that has ended is ErrNotFound.
func (u *SignIns) End(ctx context.Context, a Actor, id SignInID) error {
	if !a.isThemselves() {
		return ErrForbidden
	}
	e := u.env.event(a, "", u.env.now(), ActionSignInEnded, "user", string(a.User.ID))
	e.Detail = "one"
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		ended, err := tx.EndSignIn(ctx, a.User.ID, id)
		if err == nil && !ended {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("end a sign-in: %w", err)
	}
	return nil
}

// EndOthers ends all sign-ins of the actor but the one that asks, and counts them.
func (u *SignIns) EndOthers(ctx context.Context, a Actor) (n int, err error) {
	if !a.isThemselves() {
		return 0, ErrForbidden
	}
	e := u.env.event(a, "", u.env.now(), ActionSignInEnded, "user", string(a.User.ID))
	e.Detail = "all others"
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if n, err = tx.EndOtherSignIns(ctx, a.User.ID, a.SignIn.ID); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return 0, fmt.Errorf("end sign-ins: %w", err)
	}
	return n, nil
}
