package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
)

const (
	// lostPause is how long one waits for another letter with a lost link.
	lostPause = 10 * time.Minute
	// lostPerDay is how many such letters one person gets on a day (UTC), so
	// that nobody can fill the letterbox of somebody whose address they know.
	lostPerDay = 5
	// longestEmail is the longest address that mail can carry (RFC 5321).
	longestEmail = 254
)

// SendLostLink sends the personal link of whoever is reached at an address to
// exactly that stored address, for each open study that they have not left. People
// who paused their messages get it too: they have asked. What it answers says
// nothing about whether the address is known: only that it is no address at all is
// told, as FieldErrors. The audit trail of a study notes whose link was asked for,
// never the address. TooManyError when one network asks too often.
func (u *SignIns) SendLostLink(ctx context.Context, from Client, email string) error {
	email, ok := addressOf(email)
	if !ok {
		return FieldErrors{"email": "lost.fault_email"}
	}
	if err := u.env.take(ctx, oneTry(limitLostLink, from.network())); err != nil {
		return fmt.Errorf("send a lost link: %w", err)
	}
	now, program := u.env.now(), SystemActor("lost link")
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		places, err := tx.EnrolmentsByEmail(ctx, email)
		if err != nil {
			return err
		}
		if len(places) == 0 {
			// It takes as long as for one who is known.
			return tx.AppendAudit(ctx, u.env.event(program, "", now, ActionLinkAsked, "enrolment", ""))
		}
		for _, e := range places {
			if err := u.env.postLostLink(ctx, tx, e, now); err != nil {
				return err
			}
			if err := tx.AppendAudit(ctx, u.env.event(program, e.StudyID, now, ActionLinkAsked, "enrolment", string(e.ID))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("send a lost link: %w", err)
	}
	return nil
}

// addressOf is an address as it is stored; false when it is none.
func addressOf(s string) (string, bool) {
	s = strings.TrimSpace(s)
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || len(s) > longestEmail {
		return "", false
	}
	return strings.ToLower(s), true
}

// postLostLink keeps the letter to be sent, unless the last is too young or the
// day's have been sent.
func (e Env) postLostLink(ctx context.Context, tx Tx, place EnrolmentPlace, now time.Time) error {
	if there, err := tx.HoldPart(ctx, place.StudyID, place.ID); err != nil || !there {
		return err
	}
	key := ""
	days := []string{now.Add(-lostPause).Format(time.DateOnly), now.Format(time.DateOnly)}
	for _, day := range slices.Compact(days) {
		key = ""
		for n := range lostPerDay {
			k := fmt.Sprintf("lost link %s %s %d", place.ID, day, n)
			last, err := tx.Message(ctx, place.StudyID, k)
			if errors.Is(err, ErrNotFound) {
				key = k
				break
			}
			if err != nil {
				return err
			}
			if now.Sub(last.CreatedAt) < lostPause {
				return nil
			}
		}
	}
	if key == "" {
		return nil
	}
	return e.post(ctx, tx, Message{
		StudyID: place.StudyID, Key: key, Kind: MessageLostLink, ToKind: ActorParticipant, ToID: string(place.ID),
	}, now)
}

// dispatchLink finds the link and the address as they are now; a link that works
// no more is needless, and so is one of a person who has left.
func (u *Outbox) dispatchLink(ctx context.Context, d *Dispatch) error {
	id := EnrolmentID(d.Message.ToID)
	p, err := u.env.Store.Participation(ctx, d.Study.ID, id)
	if errors.Is(err, ErrNotFound) || err == nil && p.Enrolment.Withdrawn() {
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
	links, err := u.env.Store.Links(ctx, d.Study.ID, p.Run.ID)
	if err != nil {
		return err
	}
	l, ok := links[id]
	if !ok || !l.RevokedAt.IsZero() || !u.env.now().Before(l.ExpiresAt) {
		return errNeedless
	}
	d.Name, d.Email, d.Language = contact.Name, contact.Email, cmp.Or(p.Enrolment.Language, p.Study.Language)
	d.Link = u.env.Keys.PersonalToken(d.Study.ID, id, l.Generation)
	return nil
}
