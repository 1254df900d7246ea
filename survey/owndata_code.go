package survey

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	// codeLifetime is how long a code is good for: a letter may take minutes.
	codeLifetime = 30 * time.Minute
	// codeTries is how many codes may be tried until another must be sent. Of
	// a hundred million, five are one in twenty million.
	codeTries = 5
)

// prove holds a proof against what is known.
func (u *OwnData) prove(ctx context.Context, p Participation, proof Proof) error {
	if proof.Device != "" {
		known, err := u.env.Store.KnownDevice(ctx, p.Study.ID, p.Enrolment.ID, u.env.Keys.HashToken(proof.Device))
		if err != nil {
			return fmt.Errorf("prove who asks: %w", err)
		}
		if known {
			return nil
		}
	}
	if proof.Code == "" {
		return ErrProofNeeded
	}
	right, err := u.tryCode(ctx, p, proof.Code)
	if err != nil {
		return fmt.Errorf("prove who asks: %w", err)
	}
	if !right {
		return FieldErrors{"code": "mydata.fault_code"}
	}
	return nil
}

// tryCode counts the try, whatever comes of it. A right code is good once.
func (u *OwnData) tryCode(ctx context.Context, p Participation, code string) (right bool, err error) {
	now := u.env.now()
	hash := u.codeHash(p, digitsOf(code))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		right = false
		ok, err := tx.TryAccessCode(ctx, p.Study.ID, p.Enrolment.ID, now, codeTries)
		if err != nil || !ok {
			return err
		}
		c, err := tx.AccessCode(ctx, p.Study.ID, p.Enrolment.ID)
		if err != nil {
			return err
		}
		if right = subtle.ConstantTimeCompare([]byte(c.Hash), []byte(hash)) == 1; !right {
			return nil
		}
		c.ExpiresAt = now
		return tx.PutAccessCode(ctx, p.Study.ID, p.Enrolment.ID, c)
	})
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return right, err
}

// codeHash binds a code to its person, so that it opens nobody else's data.
func (u *OwnData) codeHash(p Participation, code string) string {
	return u.env.Keys.HashToken("access code " + string(p.Study.ID) + " " + string(p.Enrolment.ID) + " " + code)
}

// digitsOf leaves out what people put between the digits of a code.
func digitsOf(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, code)
}
