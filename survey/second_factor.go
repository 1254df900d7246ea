package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// TOTP is the key of the codes that somebody's program makes (RFC 6238), sealed.
type TOTP struct {
	UserID      UserID
	KeyID       string // of the key that opens it
	Sealed      []byte
	CreatedAt   time.Time
	ConfirmedAt time.Time // zero: no code was shown yet, and it counts for nothing
	LastStep    int64     // step of time of the latest code that was used
}

// RecoveryCodes is how many recovery codes somebody is given.
const RecoveryCodes = 10

// recoveryLength is that of a code without the signs between: 60 bits, and whoever
// tries one is limited.
const recoveryLength = 12

// SecondFactors are the use cases of proving more than knowing a password.
type SecondFactors struct{ env Env }

// FactorState is how somebody stands with their second factor.
type FactorState struct {
	Required bool      // their role, or the installation, asks for it
	Since    time.Time // when codes were set up; zero: they are not
	Left     int       // recovery codes that were not used
	// Setup is the key to put into a program, in base32, while it is being set up;
	// empty: it is not.
	Setup string
}

// totpPlace is what a key is sealed for.
func totpPlace(id UserID) string { return "totp " + string(id) }

// State tells how the actor stands.
func (u *SecondFactors) State(ctx context.Context, a Actor) (FactorState, error) {
	if !a.isThemselves() {
		return FactorState{}, ErrForbidden
	}
	s := FactorState{Required: u.env.Rules.asksFactor(a.User)}
	k, err := u.env.Store.TOTP(ctx, a.User.ID)
	if err == nil && !k.ConfirmedAt.IsZero() {
		s.Since = k.ConfirmedAt
	} else if err == nil {
		var key []byte
		key, err = u.env.Keys.OpenSecret(totpPlace(a.User.ID), k.KeyID, k.Sealed)
		s.Setup = u.env.Keys.TOTPText(key)
	}
	if err == nil || errors.Is(err, ErrNotFound) {
		s.Left, err = u.env.Store.RecoveryCodesLeft(ctx, a.User.ID)
	}
	if err != nil {
		return FactorState{}, fmt.Errorf("second factor: %w", err)
	}
	return s, nil
}

// Begin makes a new key for the actor. It counts once a code of it was shown. ErrConflict
// when there is one that counts.
func (u *SecondFactors) Begin(ctx context.Context, a Actor) error {
	if !a.isThemselves() {
		return ErrForbidden
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	k := TOTP{UserID: a.User.ID, CreatedAt: u.env.now()}
	k.KeyID, k.Sealed = u.env.Keys.SealSecret(totpPlace(a.User.ID), u.env.Keys.NewTOTPKey())
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		kept, err := tx.PutTOTP(ctx, k)
		if err == nil && !kept {
			err = ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("begin a second factor: %w", err)
	}
	return nil
}

// Confirm lets the new key count once its program shows the right code, and gives the
// recovery codes: this once. All other sign-ins of the actor end: they were made without
// it. A wrong code is FieldErrors.
func (u *SecondFactors) Confirm(ctx context.Context, a Actor, code string) ([]string, error) {
	if !a.isThemselves() {
		return nil, ErrForbidden
	}
	if len(plainCode(code)) != 6 {
		return nil, FieldErrors{"code": "factor.wrong"}
	}
	k, err := u.env.Store.TOTP(ctx, a.User.ID)
	if err != nil {
		return nil, fmt.Errorf("confirm a second factor: %w", err)
	}
	if !k.ConfirmedAt.IsZero() {
		return nil, fmt.Errorf("confirm a second factor: %w", ErrConflict)
	}
	key, err := u.env.Keys.OpenSecret(totpPlace(a.User.ID), k.KeyID, k.Sealed)
	if err != nil {
		return nil, fmt.Errorf("confirm a second factor: %w", err)
	}
	now := u.env.now()
	step, right := u.env.Keys.TOTPStep(key, plainCode(code), now)
	if !right {
		return nil, FieldErrors{"code": "factor.wrong"}
	}
	codes, hashes := u.newRecoveryCodes(a.User.ID)
	e := u.env.event(a, "", now, ActionFactorSet, "user", string(a.User.ID))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		confirmed, err := tx.ConfirmTOTP(ctx, a.User.ID, step, now)
		if err == nil && !confirmed {
			err = ErrConflict
		}
		if err != nil {
			return err
		}
		if err := tx.PutRecoveryCodes(ctx, a.User.ID, hashes); err != nil {
			return err
		}
		if _, err := tx.EndOtherSignIns(ctx, a.User.ID, a.SignIn.ID); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return nil, fmt.Errorf("confirm a second factor: %w", err)
	}
	return codes, nil
}

// Renew replaces the actor's recovery codes and gives the new ones: this once.
func (u *SecondFactors) Renew(ctx context.Context, a Actor) ([]string, error) {
	if !a.isThemselves() {
		return nil, ErrForbidden
	}
	if !a.User.HasSecondFactor() {
		return nil, ErrConflict
	}
	if err := u.env.proven(a); err != nil {
		return nil, err
	}
	codes, hashes := u.newRecoveryCodes(a.User.ID)
	e := u.env.event(a, "", u.env.now(), ActionRecoveryRenewed, "user", string(a.User.ID))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.PutRecoveryCodes(ctx, a.User.ID, hashes); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return nil, fmt.Errorf("renew recovery codes: %w", err)
	}
	return codes, nil
}

// Remove ends the actor's codes, for which one more is asked. Where their role asks for a
// second factor they then set up another before anything else.
func (u *SecondFactors) Remove(ctx context.Context, from Client, a Actor, code string) error {
	if !a.isThemselves() {
		return ErrForbidden
	}
	if !a.User.HasTOTP {
		return ErrConflict
	}
	use, giveBack, err := u.env.checkFactor(ctx, from, a.User, code)
	if err != nil {
		return err
	}
	return u.end(ctx, a, a.User.ID, ActionFactorRemoved, func(tx Tx) error {
		if err := use(tx); err != nil {
			return err
		}
		return giveBack(tx)
	})
}

// Reset ends the second factor of somebody who has lost it, passkeys, recovery codes and all, and
// signs them out. Administrators may, but not their own.
func (u *SecondFactors) Reset(ctx context.Context, a Actor, id UserID) error {
	if !a.IsAdministrator() {
		return ErrForbidden
	}
	if a.Kind == ActorUser && a.User.ID == id {
		return FieldErrors{"user": "factor.not_yourself"}
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	return u.end(ctx, a, id, ActionFactorReset, func(tx Tx) error {
		user, err := tx.User(ctx, id)
		if err != nil {
			return err
		}
		if !user.HasSecondFactor() {
			return ErrConflict
		}
		if err := tx.DeletePasskeys(ctx, id); err != nil {
			return err
		}
		if _, err = tx.EndOtherSignIns(ctx, id, ""); err != nil {
			return err
		}
		return u.env.notice(ctx, tx, id, NoticeFactor, "")
	})
}

func (u *SecondFactors) end(ctx context.Context, a Actor, id UserID, action Action, also func(Tx) error) error {
	e := u.env.event(a, "", u.env.now(), action, "user", string(id))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := also(tx); err != nil {
			return err
		}
		if err := tx.DeleteTOTP(ctx, id); err != nil {
			return err
		}
		if err := tx.PutRecoveryCodes(ctx, id, nil); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("end a second factor: %w", err)
	}
	return nil
}

func (u *SecondFactors) newRecoveryCodes(id UserID) (codes, hashes []string) {
	for range RecoveryCodes {
		c := u.env.Keys.NewToken()[:recoveryLength]
		codes = append(codes, c[:4]+"-"+c[4:8]+"-"+c[8:])
		hashes = append(hashes, u.env.recoveryHash(id, c))
	}
	return codes, hashes
}

func (e Env) recoveryHash(id UserID, code string) string {
	return e.Keys.HashToken("recovery code\x00" + string(id) + "\x00" + code)
}

// plainCode is a code without what people write between its signs, and with the nought
// that they take for a letter: codes have no o.
func plainCode(code string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\t' || r == '\u00a0' {
			return -1
		}
		return r
	}, code)), "o", "0")
}

// checkFactor looks at a code of somebody's program, or a recovery code. What is wrong is
// FieldErrors. What is right is yet to be used up, in the transaction of what it is for,
// and then giveBack takes the try off the limits.
func (e Env) checkFactor(ctx context.Context, from Client, user User, code string) (use, giveBack func(Tx) error, err error) {
	counted := (&SignIns{e}).factorTries(from, user)
	if err := e.take(ctx, counted); err != nil {
		return nil, nil, fmt.Errorf("check a code: %w", err)
	}
	used, err := e.matchFactor(ctx, user, plainCode(code))
	if err != nil {
		return nil, nil, fmt.Errorf("check a code: %w", err)
	}
	wrong := FieldErrors{"code": "factor.wrong"}
	if used == nil {
		if err := e.noteFailed(ctx, user, "second factor"); err != nil {
			return nil, nil, fmt.Errorf("check a code: %w", err)
		}
		return nil, nil, wrong
	}
	use = func(tx Tx) error {
		first, err := used(tx)
		if err == nil && !first {
			err = wrong // used before, by whoever looked on
		}
		return err
	}
	return use, func(tx Tx) error { return e.giveBack(ctx, tx, counted) }, nil
}

// matchFactor gives how a code is used up; nil when it fits nothing.
func (e Env) matchFactor(ctx context.Context, user User, code string) (func(Tx) (bool, error), error) {
	now := e.now()
	if len(code) == recoveryLength {
		return func(tx Tx) (bool, error) {
			used, err := tx.UseRecoveryCode(ctx, user.ID, e.recoveryHash(user.ID, code), now)
			if err != nil || !used {
				return used, err
			}
			return true, tx.AppendAudit(ctx, e.event(UserActor(user), "", now, ActionRecoveryUsed, "user", string(user.ID)))
		}, nil
	}
	k, err := e.Store.TOTP(ctx, user.ID)
	if errors.Is(err, ErrNotFound) || err == nil && k.ConfirmedAt.IsZero() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := e.Keys.OpenSecret(totpPlace(user.ID), k.KeyID, k.Sealed)
	if err != nil {
		return nil, err
	}
	step, right := e.Keys.TOTPStep(key, code, now)
	if !right || step <= k.LastStep {
		return nil, nil
	}
	return func(tx Tx) (bool, error) { return tx.UseTOTP(ctx, user.ID, step) }, nil
}
