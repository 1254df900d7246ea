package survey

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// SignIns are the use cases of showing who one is.
type SignIns struct{ env Env }

// How long a cookie is good for. A participant's is long, because a course is;
// their link makes a new one at any time.
const (
	StaffSignInLifetime       = 12 * time.Hour
	ParticipantSignInLifetime = 90 * 24 * time.Hour
)

// PersonalLink finds whom a personal link belongs to, without using it. Unknown,
// revoked and expired links are all ErrNotFound.
func (u *SignIns) PersonalLink(ctx context.Context, token string) (Participation, error) {
	p, l, err := u.env.Store.ParticipationByLink(ctx, u.env.Keys.HashToken(token))
	if err != nil {
		return Participation{}, fmt.Errorf("personal link: %w", err)
	}
	if !l.RevokedAt.IsZero() || !u.env.now().Before(l.ExpiresAt) {
		return Participation{}, ErrNotFound
	}
	return p, nil
}

// ByPersonalLink exchanges a link's token for a new cookie value.
func (u *SignIns) ByPersonalLink(ctx context.Context, token string) (cookie string, p Participation, err error) {
	if p, err = u.PersonalLink(ctx, token); err != nil {
		return "", Participation{}, err
	}
	cookie, err = u.enter(ctx, p, "", nil)
	if err != nil {
		return "", Participation{}, fmt.Errorf("use personal link: %w", err)
	}
	return cookie, p, nil
}

// enter signs somebody in who has shown their link or its code; how says by which, and
// also is what else is written. A participation that was linked to another leads there.
func (u *SignIns) enter(ctx context.Context, p Participation, how string, also func(Tx) error) (cookie string, err error) {
	if p.Enrolment.LinkedTo != "" {
		if p, err = u.env.Store.Participation(ctx, p.Study.ID, p.Enrolment.LinkedTo); err != nil {
			return "", err
		}
	}
	now := u.env.now()
	cookie = u.env.Keys.NewToken()
	s := SignIn{
		TokenHash: u.env.Keys.HashToken(cookie), Kind: SignInParticipant, StudyID: p.Study.ID,
		EnrolmentID: p.Enrolment.ID, CreatedAt: now, ExpiresAt: now.Add(ParticipantSignInLifetime),
	}
	event := u.env.event(ParticipantActor(p), p.Study.ID, now, ActionPersonalLinkUsed, "enrolment", string(p.Enrolment.ID))
	event.Detail = how
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		if err := tx.CreateSignIn(ctx, s); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	return cookie, err
}

// Participant is the actor behind a participant's cookie; ErrNotSignedIn when
// there is none.
func (u *SignIns) Participant(ctx context.Context, cookie string) (Actor, error) {
	p, err := u.env.Store.ParticipationBySignIn(ctx, u.env.Keys.HashToken(cookie), u.env.now())
	if err != nil {
		return Actor{}, fmt.Errorf("participant sign-in: %w", err)
	}
	return ParticipantActor(p), nil
}

// ParticipantAt is Participant with the assessment that the request is about, if
// that is theirs.
func (u *SignIns) ParticipantAt(ctx context.Context, cookie string, id AssessmentID) (Actor, error) {
	p, open, err := u.env.Store.ParticipationAtAssessment(ctx, u.env.Keys.HashToken(cookie), u.env.now(), id)
	if errors.Is(err, ErrNotFound) {
		return u.Participant(ctx, cookie)
	}
	if err != nil {
		return Actor{}, fmt.Errorf("participant sign-in: %w", err)
	}
	a := ParticipantActor(p)
	a.Open = &open
	return a, nil
}

// SignOut ends the sign-in of a cookie.
func (u *SignIns) SignOut(ctx context.Context, a Actor, cookie string) error {
	event := u.env.event(a, "", u.env.now(), ActionSignedOut, string(a.Kind), a.ID())
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.DeleteSignIn(ctx, u.env.Keys.HashToken(cookie)); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}
