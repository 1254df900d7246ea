package survey

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// unsubscribeMAC is how many hexadecimal digits of a keyed hash a token carries:
// 128 bits.
const unsubscribeMAC = 32

// unsubscribeToken is by what a letter lets its reader stop letters, without a
// sign-in: whose it is, and a keyed hash of that. It opens nothing else.
func (e Env) unsubscribeToken(study StudyID, id EnrolmentID) string {
	place := string(study) + " " + string(id)
	return base64.RawURLEncoding.EncodeToString([]byte(place)) + "." + e.unsubscribeHash(place)
}

func (e Env) unsubscribeHash(place string) string {
	return e.Keys.HashToken("unsubscribe " + place)[:unsubscribeMAC]
}

// Unsubscriber finds whose messages a token stops; ErrNotFound when it is none, or
// its person was erased.
func (u *SignIns) Unsubscriber(ctx context.Context, token string) (Participation, error) {
	code, mac, _ := strings.Cut(token, ".")
	place, err := base64.RawURLEncoding.DecodeString(code)
	if err != nil || subtle.ConstantTimeCompare([]byte(mac), []byte(u.env.unsubscribeHash(string(place)))) != 1 {
		return Participation{}, fmt.Errorf("unsubscriber: %w", ErrNotFound)
	}
	study, id, _ := strings.Cut(string(place), " ")
	p, err := u.env.Store.Participation(ctx, StudyID(study), EnrolmentID(id))
	if err != nil {
		return Participation{}, fmt.Errorf("unsubscriber: %w", err)
	}
	return p, nil
}

// Unsubscribe pauses the messages of whoever holds the token, or takes that back.
// Somebody who has left gets none anyway, which is no fault.
func (u *SignIns) Unsubscribe(ctx context.Context, token string, paused bool) error {
	p, err := u.Unsubscriber(ctx, token)
	if err != nil {
		return err
	}
	err = (&Enrolments{u.env}).Pause(ctx, ParticipantActor(p), paused)
	if errors.Is(err, ErrWithdrawn) {
		return nil
	}
	return err
}
