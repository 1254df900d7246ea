package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// ByPassword signs a member of staff in and returns the new cookie value. A
// wrong address, a wrong password and a disabled account are all ErrNotSignedIn
// and take as long as one another. ErrBusy when too many try at once.
func (u *SignIns) ByPassword(ctx context.Context, email, password string) (token string, user User, err error) {
	user, err = u.env.Store.UserByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", User{}, fmt.Errorf("sign in: %w", err)
	}
	right, err := u.env.Keys.VerifyPassword(ctx, user.PasswordHash, password)
	if err != nil {
		return "", User{}, fmt.Errorf("sign in: %w", err)
	}
	if !right || !user.DisabledAt.IsZero() {
		e := u.env.event(SystemActor("sign-in"), "", u.env.now(), ActionSignInFailed, "user", string(user.ID))
		if err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, e) }); err != nil {
			return "", User{}, fmt.Errorf("sign in: %w", err)
		}
		return "", User{}, ErrNotSignedIn
	}
	token, err = u.begin(ctx, user, "")
	return token, user, err
}

// StaffLink reports whether a link would sign somebody in now, without using
// it: ErrNotFound for unknown, used, and expired ones alike.
func (u *SignIns) StaffLink(ctx context.Context, token string) (User, error) {
	l, err := u.env.Store.StaffLink(ctx, u.env.Keys.HashToken(token))
	if err != nil {
		return User{}, fmt.Errorf("staff link: %w", err)
	}
	if !u.env.now().Before(l.ExpiresAt) || (!l.Reusable && !l.UsedAt.IsZero()) {
		return User{}, ErrNotFound
	}
	user, err := u.env.Store.User(ctx, l.UserID)
	if err != nil {
		return User{}, fmt.Errorf("staff link: %w", err)
	}
	if !user.DisabledAt.IsZero() {
		return User{}, ErrNotFound
	}
	return user, nil
}

// ByStaffLink uses a link and returns the new cookie value.
func (u *SignIns) ByStaffLink(ctx context.Context, token string) (cookie string, user User, err error) {
	if user, err = u.StaffLink(ctx, token); err != nil {
		return "", User{}, err
	}
	cookie, err = u.begin(ctx, user, u.env.Keys.HashToken(token))
	return cookie, user, err
}

// begin writes a staff sign-in; linkHash is the link it uses up, if any.
func (u *SignIns) begin(ctx context.Context, user User, linkHash string) (string, error) {
	now := u.env.now()
	token := u.env.Keys.NewToken()
	s := SignIn{
		TokenHash: u.env.Keys.HashToken(token), Kind: SignInUser, UserID: user.ID,
		CreatedAt: now, ExpiresAt: now.Add(StaffSignInLifetime),
	}
	event := u.env.event(UserActor(user), "", now, ActionSignedIn, "user", string(user.ID))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if linkHash != "" {
			if ok, err := tx.UseStaffLink(ctx, linkHash, now); err != nil || !ok {
				return errors.Join(err, ErrNotFound)
			}
		}
		if err := tx.DeleteSignInsBefore(ctx, now); err != nil {
			return err
		}
		if err := tx.CreateSignIn(ctx, s); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	return token, nil
}

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
	now := u.env.now()
	cookie = u.env.Keys.NewToken()
	s := SignIn{
		TokenHash: u.env.Keys.HashToken(cookie), Kind: SignInParticipant, StudyID: p.Study.ID,
		EnrolmentID: p.Enrolment.ID, CreatedAt: now, ExpiresAt: now.Add(ParticipantSignInLifetime),
	}
	event := u.env.event(ParticipantActor(p), p.Study.ID, now, ActionPersonalLinkUsed, "enrolment", string(p.Enrolment.ID))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.CreateSignIn(ctx, s); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return "", Participation{}, fmt.Errorf("use personal link: %w", err)
	}
	return cookie, p, nil
}

// Staff is the actor behind a staff cookie; ErrNotSignedIn when there is none.
func (u *SignIns) Staff(ctx context.Context, cookie string) (Actor, error) {
	user, err := u.env.Store.UserBySignIn(ctx, u.env.Keys.HashToken(cookie), u.env.now())
	if err != nil {
		return Actor{}, fmt.Errorf("staff sign-in: %w", err)
	}
	return UserActor(user), nil
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
