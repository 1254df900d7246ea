package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ResetLinkLifetime is how long a mailed link to a new password works.
const ResetLinkLifetime = 30 * time.Minute

// Asking for a link: from one network, and for one address, whether an account has it or
// not, so that nobody can fill somebody's letterbox.
var (
	limitReset        = limit{"password reset", 30, 15 * time.Minute, nil}
	limitResetAddress = limit{"password reset of an address", 3, time.Hour, nil}
)

// ResetsByMail reports whether somebody who has forgotten their password is mailed a link.
func (u *SignIns) ResetsByMail() bool { return u.env.Rules.Letters }

// AskReset mails a link to whoever has the account of an address; see ByStaffLink for
// what it does. What it answers, and how long it takes, says nothing about whether there
// is an account: only that it is no address at all is told, as FieldErrors. TooManyError
// when one network asks too often; what is asked too often for one address is let be.
// An invitation that was not used stays as it is.
func (u *SignIns) AskReset(ctx context.Context, from Client, email string) error {
	email, ok := addressOf(email)
	if !ok {
		return FieldErrors{"email": "user.bad_email"}
	}
	if !u.env.Rules.Letters {
		return ErrForbidden
	}
	if err := u.env.take(ctx, oneTry(limitReset, from.network())); err != nil {
		return fmt.Errorf("ask for a new password: %w", err)
	}
	err := u.env.take(ctx, oneTry(limitResetAddress, email))
	if errors.Is(err, ErrTooMany) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("ask for a new password: %w", err)
	}
	user, err := u.env.Store.UserByEmail(ctx, email)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("ask for a new password: %w", err)
	}
	known := err == nil && user.DisabledAt.IsZero()
	now, id := u.env.now(), u.env.NewID()
	link := StaffLink{TokenHash: u.env.Keys.HashToken(u.env.resetToken(user.ID, id)), UserID: user.ID, ExpiresAt: now.Add(ResetLinkLifetime)}
	event := u.env.event(SystemActor("lost password"), "", now, ActionResetAsked, "user", "")
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if !known { // it takes as long: one commit, whichever it is
			return tx.AppendAudit(ctx, event)
		}
		if err := tx.CreateStaffLink(ctx, link); err != nil {
			return err
		}
		if err := u.env.post(ctx, tx, Message{Key: "reset " + id, Kind: MessageReset, ToKind: ActorUser, ToID: string(user.ID), About: id}, now); err != nil {
			return err
		}
		event.ObjectID = string(user.ID)
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("ask for a new password: %w", err)
	}
	return nil
}

// resetToken derives the token of a mailed link, so that a copy of the database holds none
// and the letter can be written when it is sent.
func (e Env) resetToken(user UserID, id string) string {
	return e.Keys.HashToken(strings.Join([]string{"password reset", string(user), id}, "\x00"))
}

// dispatchReset finds the link; one that was used or has run out is needless.
func (u *Outbox) dispatchReset(ctx context.Context, d *Dispatch, user User) error {
	token := u.env.resetToken(user.ID, d.Message.About)
	l, err := u.env.Store.StaffLink(ctx, u.env.Keys.HashToken(token))
	if errors.Is(err, ErrNotFound) || err == nil && (!l.UsedAt.IsZero() || !u.env.now().Before(l.ExpiresAt)) {
		return errNeedless
	}
	if err != nil {
		return err
	}
	d.Link, d.Staff.Until = token, l.ExpiresAt
	if user.PasswordHash != "" {
		return nil
	}
	linked, err := u.env.Store.Identities(ctx, user.ID)
	d.Staff.Elsewhere = len(linked) > 0
	return err
}
