package survey

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Outbox are the use cases of sending messages. A message is kept in the
// transaction that it is about, with [post], and sent by whichever server takes
// it first. A letter whose sending was cut off may be sent again, under the same
// identifier; one that was noted as sent never is.
type Outbox struct{ env Env }

// Sender hands a letter to a mail server.
type Sender interface {
	// Send returns once the letter has been taken. A *SendError says why it
	// was not.
	Send(ctx context.Context, l Letter) error
}

// SendError is why a letter could not be sent, in words without an address.
type SendError struct {
	Reason string
	// Down: the fault is the server's or the line's, and no other letter would
	// fare better now.
	Down bool
	// Refused: the address takes no letters, now or later.
	Refused bool
	Err     error // for errors.Is; may hold addresses, so it is not shown
}

// Error is the reason.
func (e *SendError) Error() string { return e.Reason }

// Unwrap is the cause.
func (e *SendError) Unwrap() error { return e.Err }

// Letters writes a message out, in the words and the language of whom it is for.
type Letters interface {
	Letter(d Dispatch) (Letter, error)
}

const (
	deliverAtOnce = 20
	// sendTimeout is shorter than a lease, so that nobody else begins while a
	// try still runs.
	sendTimeout = 20 * time.Second
	sendLease   = 30 * time.Second
	// firstRetry doubles with each try up to lastRetry: when mail works again,
	// nobody waits longer than that.
	firstRetry = 10 * time.Second
	lastRetry  = 45 * time.Second
	// tryFor is how long a letter that is refused is tried again.
	tryFor = 7 * 24 * time.Hour
)

// post keeps a message to be sent once the transaction is committed.
func (e Env) post(ctx context.Context, tx Tx, m Message, now time.Time) error {
	m.CreatedAt = now
	if m.NotBefore.IsZero() {
		m.NotBefore = now
	}
	_, err := tx.PutMessage(ctx, m)
	return err
}

// Delivery is what a round of sending came to.
type Delivery struct {
	Sent, Dropped, Postponed, Failed int
	// Held are those whose time has not come: a wave was moved, or people sleep.
	Held int
	// Bounced are addresses that were found to take no letters, of those Failed.
	Bounced int
}

// Deliver sends what is due, at most a batch of it. Only the program may. That a
// letter cannot be sent is no error: it is noted with the message and counted.
func (u *Outbox) Deliver(ctx context.Context, a Actor, letters Letters, sender Sender) (Delivery, error) {
	var done Delivery
	if a.Kind != ActorSystem {
		return done, ErrForbidden
	}
	due, err := u.env.Store.DueMessages(ctx, u.env.now(), deliverAtOnce)
	if err != nil {
		return done, fmt.Errorf("deliver messages: %w", err)
	}
	defer func() { u.env.Meter.Delivered(done) }()
	for _, m := range due {
		if ctx.Err() != nil {
			break
		}
		down, err := u.deliver(ctx, m, letters, sender, &done)
		if err != nil {
			return done, fmt.Errorf("deliver messages: %w", err)
		}
		if down {
			break
		}
	}
	return done, nil
}

// deliver sends one message, if nobody else does; down: no other would fare
// better.
func (u *Outbox) deliver(ctx context.Context, m Message, letters Letters, sender Sender, done *Delivery) (down bool, err error) {
	now := u.env.now()
	var mine bool
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		var err error
		m.Letter = u.env.letterID(m)
		mine, err = tx.LeaseMessage(ctx, m, now, now.Add(sendLease))
		return err
	})
	if err != nil || !mine {
		return false, err
	}
	m.Attempts++
	email, failure := u.send(ctx, m, letters, sender)
	m.EndedAt, m.Reason, m.SentTo = u.env.now(), "", u.env.sentTo(m.Letter, email)
	held, _ := errors.AsType[*heldError](failure)
	if held != nil {
		m.Reason = held.reason
	}
	switch {
	case failure == nil:
		m.Outcome, m.LastError = OutcomeSent, ""
		done.Sent++
	case errors.Is(failure, errNeedless):
		m.Outcome, m.LastError = OutcomeDropped, ""
		done.Dropped++
	case held != nil:
		m.NotBefore, m.LastError = held.until, ""
		done.Held++
	case refused(failure) && m.ToKind == ActorParticipant:
		m.Outcome, m.LastError, m.Reason = OutcomeFailed, reasonOf(failure), ReasonBounced
		done.Failed++
		done.Bounced++
	case m.EndedAt.Sub(m.CreatedAt) >= tryFor:
		m.Outcome, m.LastError = OutcomeFailed, reasonOf(failure)
		done.Failed++
	default:
		m.NotBefore, m.LastError = m.EndedAt.Add(retryAfter(m.Attempts)), reasonOf(failure)
		done.Postponed++
	}
	if fault, ok := errors.AsType[*SendError](failure); ok {
		down = fault.Down
	}
	// What became of a letter is noted even if the server is stopping.
	kept := context.WithoutCancel(ctx)
	return down, u.env.Store.InTx(kept, func(tx Tx) error {
		if m.Outcome == OutcomeNone {
			_, err := tx.PostponeMessage(kept, m)
			return err
		}
		ended, err := tx.EndMessage(kept, m)
		if err != nil || !ended || m.Reason != ReasonBounced {
			return err
		}
		return u.env.noteBounce(kept, tx, m, email)
	})
}

// send sends a message and gives the address that it went to.
func (u *Outbox) send(ctx context.Context, m Message, letters Letters, sender Sender) (email string, err error) {
	d, err := u.dispatch(ctx, m, isHarmless(sender))
	if err != nil {
		return "", err
	}
	l, err := letters.Letter(d)
	if err != nil {
		return "", err
	}
	l.ID, l.To, l.ToName, l.Phone, l.Push = m.Letter, d.Email, d.Name, d.Phone, d.Push
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return d.Email, sender.Send(ctx, l)
}

func refused(err error) bool {
	fault, ok := errors.AsType[*SendError](err)
	return ok && fault.Refused
}

// noteBounce remembers that an address takes no letters, so that none is tried again
// until somebody corrects it.
func (e Env) noteBounce(ctx context.Context, tx Tx, m Message, email string) error {
	p, err := tx.Participation(ctx, m.StudyID, EnrolmentID(m.ToID))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	noted, err := tx.MarkBounced(ctx, m.StudyID, p.Enrolment.ParticipantID, email, m.EndedAt)
	if err != nil || !noted {
		return err
	}
	return tx.AppendAudit(ctx, e.event(SystemActor("server"), m.StudyID, m.EndedAt, ActionBounced, "enrolment", m.ToID))
}

// reasonOf is why a try failed, without addresses.
func reasonOf(err error) string {
	if fault, ok := errors.AsType[*SendError](err); ok {
		return fault.Reason
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return "the mail server did not answer in time"
	}
	return "the letter could not be written"
}

func retryAfter(attempts int) time.Duration {
	wait := firstRetry
	for range attempts - 1 {
		if wait *= 2; wait >= lastRetry {
			return lastRetry
		}
	}
	return wait
}

// Standing is how the messages of the installation stand. Administrators may ask.
func (u *Outbox) Standing(ctx context.Context, a Actor) (Outgoing, error) {
	if !a.IsAdministrator() {
		return Outgoing{}, ErrForbidden
	}
	o, err := u.env.Store.Outgoing(ctx)
	if err != nil {
		return Outgoing{}, fmt.Errorf("standing of messages: %w", err)
	}
	return o, nil
}
