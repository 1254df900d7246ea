package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Dispatch is a message with what it takes to write it out: read when it is sent,
// so that it tells how things are then.
type Dispatch struct {
	Message Message
	Study   Study
	Name    string // of whom it is for; may be empty
	Email   string
	// Language is that of whom it is for, BCP 47.
	Language string
	Alert    Alert // of a MessageAlert
	// Again, of a MessageAlert: the same person was told before, and nobody has taken it
	// on yet.
	Again bool
	// Code, of a MessageAccessCode, is good until CodeUntil.
	Code      string
	CodeUntil time.Time
	// Link, of a MessageLostLink and of a message about a wave, is the token of the
	// personal link.
	Link string
	// Phone or Push is where a short message goes, if no letter can or the person wants
	// none.
	Phone, Push string
	// Wave, of a message about a wave or a meeting, is what it tells.
	Wave *WaveDispatch
	// Heads, of a MessageHeads, are what it brings.
	Heads []AuditHead
	// Staff, of a letter about an account, is what it tells.
	Staff *StaffDispatch
	// Harmless: the sender reaches nobody.
	Harmless bool
}

// errNeedless: by now nobody need be told.
var errNeedless = errors.New("the message has become needless")

// The people of a study's declaration, as a message names them: who they are is
// found when it is sent.
const (
	toResponder = "responder"
	toDeputy    = "deputy"
)

// dispatch reads what it takes to write a message out; errNeedless when nobody
// need be told any more.
func (u *Outbox) dispatch(ctx context.Context, m Message, harmless bool) (Dispatch, error) {
	d := Dispatch{Message: m, Harmless: harmless}
	var err error
	if m.StudyID == "" {
		return d, u.dispatchStaff(ctx, &d)
	}
	if d.Study, err = u.env.Store.Study(ctx, m.StudyID); err != nil {
		return d, err
	}
	d.Language = d.Study.Language
	if m.Number > 0 {
		return d, u.dispatchWave(ctx, &d)
	}
	switch m.Kind {
	case MessageAlert:
		err = u.dispatchAlert(ctx, &d)
	case MessageAccessCode:
		err = u.dispatchCode(ctx, &d)
	case MessageLostLink:
		err = u.dispatchLink(ctx, &d)
	case MessageHeads:
		err = u.dispatchHeads(ctx, &d)
	default:
		err = fmt.Errorf("nobody writes messages of kind %q", m.Kind)
	}
	return d, err
}

// dispatchAlert finds the named person, or the other one when that account is
// closed.
func (u *Outbox) dispatchAlert(ctx context.Context, d *Dispatch) error {
	var err error
	d.Alert, err = u.env.Store.Alert(ctx, d.Study.ID, AlertID(d.Message.About))
	if errors.Is(err, ErrNotFound) { // its person was erased
		return errNeedless
	}
	if err != nil {
		return err
	}
	if !d.Alert.Open() {
		return errNeedless
	}
	if d.Again = strings.HasSuffix(d.Message.Key, "/again"); d.Again && d.Message.Key != alertAgainKey(d.Alert, d.Message.ToID) {
		return errNeedless
	}
	s, err := u.env.Store.Safety(ctx, d.Study.ID)
	if err != nil {
		return err
	}
	first, second := s.Responder, s.Deputy
	if d.Message.ToID == toDeputy {
		first, second = second, first
	}
	for _, id := range []UserID{first, second} {
		if id == "" {
			continue
		}
		person, err := u.env.Store.User(ctx, id)
		if err != nil {
			return err
		}
		if person.DisabledAt.IsZero() {
			d.Name, d.Email, d.Language = person.Name, person.Email, "en" // the staff pages' language
			return nil
		}
	}
	return &SendError{Reason: "neither the responder nor the deputy has an account that works"}
}
