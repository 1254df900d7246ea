package survey

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	// codeLifetime is how long a code is good for: a letter may take minutes.
	codeLifetime = 30 * time.Minute
	// codePause is how long one waits for another code: letters may be slow.
	codePause = time.Minute
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

// SendCode sends a code to the stored address. One that was sent within the last
// minute is not sent again, which is no fault. ErrNotFound when there is no address.
func (u *OwnData) SendCode(ctx context.Context, a Actor) error {
	if a.Kind != ActorParticipant {
		return ErrForbidden
	}
	p, now := a.Participation, u.env.now()
	study, id := p.Study.ID, p.Enrolment.ID
	c := AccessCode{Hash: u.codeHash(p, u.env.codeOf(study, id, now)), CreatedAt: now, ExpiresAt: now.Add(codeLifetime)}
	event := u.env.event(a, study, now, ActionCodeAsked, "enrolment", string(id))
	message := Message{
		StudyID: study, Key: fmt.Sprintf("access code %s %d", id, now.UnixMilli()), Kind: MessageAccessCode,
		ToKind: ActorParticipant, ToID: string(id),
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		contact, err := tx.Contact(ctx, study, p.Enrolment.ParticipantID)
		if err != nil {
			return err
		}
		if contact.Email == "" {
			return ErrNotFound
		}
		last, err := tx.AccessCode(ctx, study, id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err == nil && now.Sub(last.CreatedAt) < codePause && now.Before(last.ExpiresAt) {
			return nil
		}
		if err := tx.PutAccessCode(ctx, study, id, c); err != nil {
			return err
		}
		if err := u.env.post(ctx, tx, message, now); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("send a code: %w", err)
	}
	return nil
}

// codeOf derives the code that was made at an instant: eight digits. So that it can
// be sent later, and again, it need not be stored where others may read it.
func (e Env) codeOf(study StudyID, id EnrolmentID, at time.Time) string {
	sum := e.Keys.HashToken(fmt.Sprintf("digits of an access code %s %s %d", study, id, at.UnixMilli()))
	n, err := strconv.ParseUint(sum[:15], 16, 64)
	if err != nil {
		panic("survey: a hash is not hexadecimal: " + err.Error()) // see Keys.HashToken
	}
	return fmt.Sprintf("%08d", n%100_000_000)
}

// dispatchCode finds the code and the address; a code that has run out or was used
// is needless.
func (u *Outbox) dispatchCode(ctx context.Context, d *Dispatch) error {
	id := EnrolmentID(d.Message.ToID)
	p, err := u.env.Store.Participation(ctx, d.Study.ID, id)
	if errors.Is(err, ErrNotFound) {
		return errNeedless
	}
	if err != nil {
		return err
	}
	contact, err := u.env.Store.Contact(ctx, d.Study.ID, p.Enrolment.ParticipantID)
	if errors.Is(err, ErrNotFound) || err == nil && contact.Email == "" {
		return errNeedless
	}
	if err != nil {
		return err
	}
	c, err := u.env.Store.AccessCode(ctx, d.Study.ID, id)
	if errors.Is(err, ErrNotFound) || err == nil && !u.env.now().Before(c.ExpiresAt) {
		return errNeedless
	}
	if err != nil {
		return err
	}
	d.Name, d.Email, d.Language = contact.Name, contact.Email, cmp.Or(p.Enrolment.Language, p.Study.Language)
	d.Code, d.CodeUntil = u.env.codeOf(d.Study.ID, id, c.CreatedAt), c.ExpiresAt
	return nil
}
