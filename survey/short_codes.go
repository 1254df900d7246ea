package survey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tidemark/survey/shortcode"
)

// shortCode is the code that can be typed in place of a personal link. Like the link
// it is derived from the installation's secret, so that it can be printed again, and
// only a keyed hash is stored; a new link has a new one.
func (e Env) shortCode(study StudyID, enrolment EnrolmentID, generation int) string {
	return shortcode.Encode(e.Keys.CodeNumber(study, enrolment, generation))
}

// hashCode is the hash under which a code is stored.
func (e Env) hashCode(code string) string { return e.Keys.HashToken("short code\x00" + code) }

// newLink is the link of a generation with its code.
func (e Env) newLink(study StudyID, enrolment EnrolmentID, generation int, expires time.Time) PersonalLink {
	return PersonalLink{
		StudyID: study, EnrolmentID: enrolment, Generation: generation,
		TokenHash: e.Keys.HashToken(e.Keys.PersonalToken(study, enrolment, generation)),
		CodeHash:  e.hashCode(e.shortCode(study, enrolment, generation)),
		ExpiresAt: expires,
	}
}

// ByCode exchanges a code, as it was typed, for a new cookie value. A code that is
// mistyped is told so, as FieldErrors, without asking the database. Unknown, revoked
// and expired codes are all ErrNotFound; when one network types too many of these it
// is TooManyError.
func (u *SignIns) ByCode(ctx context.Context, from Client, typed string) (cookie string, p Participation, err error) {
	code, err := shortcode.Parse(typed)
	switch {
	case errors.Is(err, shortcode.ErrLength):
		return "", Participation{}, FieldErrors{"code": "code.fault_length"}
	case err != nil:
		return "", Participation{}, FieldErrors{"code": "code.fault_typing"}
	}
	counted := oneTry(limitCode, from.network())
	if err := u.env.take(ctx, counted); err != nil {
		return "", Participation{}, fmt.Errorf("use a code: %w", err)
	}
	p, l, err := u.env.Store.ParticipationByCode(ctx, u.env.hashCode(code))
	if err != nil {
		return "", Participation{}, fmt.Errorf("use a code: %w", err)
	}
	if !l.RevokedAt.IsZero() || !u.env.now().Before(l.ExpiresAt) {
		return "", Participation{}, ErrNotFound
	}
	cookie, err = u.enter(ctx, p, "by code", func(tx Tx) error { return u.env.giveBack(ctx, tx, counted) })
	if err != nil {
		return "", Participation{}, fmt.Errorf("use a code: %w", err)
	}
	return cookie, p, nil
}
