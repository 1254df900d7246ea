package survey

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
)

// Returned is a letter that came back after a mail server had taken it.
type Returned struct {
	// Letter is what it was sent under, as [Letter.ID].
	Letter string
	// Gone: the address takes no letters, now or later. Otherwise this letter alone
	// could not be delivered, as to a mailbox that is full.
	Gone bool
	// Status is the code of the mail system, as 5.1.1 (RFC 3463); never an address.
	Status string
}

// letterDigits is how many hexadecimal digits name a letter: 128 bits.
const letterDigits = 32

// letterID names a message in its return address and to mail programs: the same
// whenever it is sent, and nothing that anybody could guess, so that only whoever had
// the letter can say that it came back.
func (e Env) letterID(m Message) string {
	return e.Keys.HashToken("letter " + string(m.StudyID) + "\x00" + m.Key)[:letterDigits]
}

// sentTo stands for the address that a letter went to: enough to tell later whether
// it is still the person's, and nothing to write to.
func (e Env) sentTo(letter, email string) string {
	if email == "" {
		return ""
	}
	return e.Keys.HashToken("sent to " + letter + "\x00" + email)[:letterDigits]
}

// Return notes that a letter came back. Its message counts as not sent, and when the
// address is gone and still the person's, none is tried again until somebody corrects
// it. Only the program may. ErrNotFound: no letter has that name, or its person was
// erased; ErrConflict: it is being sent just now, ask again. A letter that came back
// twice changes nothing more.
func (u *Outbox) Return(ctx context.Context, a Actor, r Returned) error {
	if a.Kind != ActorSystem {
		return ErrForbidden
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		m, err := tx.MessageByLetter(ctx, r.Letter)
		if err != nil {
			return err
		}
		switch m.Outcome {
		case OutcomeNone:
			return ErrConflict
		case OutcomeDropped, OutcomeFailed:
			return nil
		case OutcomeSent: // below
		}
		m.LastError = "the letter came back"
		if r.Status != "" {
			m.LastError += " (" + r.Status + ")"
		}
		m.Reason = ReasonReturned
		if r.Gone {
			m.Reason = ReasonReturnedGone
		}
		noted, err := tx.ReturnMessage(ctx, m)
		if err != nil || !noted || !r.Gone || m.ToKind != ActorParticipant {
			return err
		}
		email, err := u.stillTheirs(ctx, tx, m)
		if err != nil || email == "" {
			return err
		}
		m.EndedAt = now
		return u.env.noteBounce(ctx, tx, m, email)
	})
	if err != nil {
		return fmt.Errorf("note a letter that came back: %w", err)
	}
	return nil
}

// stillTheirs is the address that a message went to, if its person has it still.
func (u *Outbox) stillTheirs(ctx context.Context, tx Tx, m Message) (string, error) {
	p, err := tx.Participation(ctx, m.StudyID, EnrolmentID(m.ToID))
	if err == nil {
		var c Contact
		c, err = tx.Contact(ctx, m.StudyID, p.Enrolment.ParticipantID)
		if err == nil && c.Email != "" && subtle.ConstantTimeCompare([]byte(u.env.sentTo(m.Letter, c.Email)), []byte(m.SentTo)) == 1 {
			return c.Email, nil
		}
	}
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return "", err
}
