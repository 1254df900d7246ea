package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// AlertStepKind is something done about an alert.
type AlertStepKind string

// The steps.
const (
	StepAcknowledged AlertStepKind = "acknowledged" // somebody took it on
	StepNoted        AlertStepKind = "noted"
	StepHandedOver   AlertStepKind = "handed_over" // to the other named person
	StepRaised       AlertStepKind = "raised"      // by the program, or by hand to both
	StepReopened     AlertStepKind = "reopened"
)

// Valid reports whether k is one of the steps.
func (k AlertStepKind) Valid() bool {
	switch k {
	case StepAcknowledged, StepNoted, StepHandedOver, StepRaised, StepReopened:
		return true
	}
	return false
}

// AlertStep is one step with its time. Steps are only ever added.
type AlertStep struct {
	StudyID StudyID
	AlertID AlertID
	ID      string
	Kind    AlertStepKind
	At      time.Time
	By      Author
	ToName  string // of a handing over
	Note    string // may be empty, but in a note
}

func (e Env) alertStep(a Actor, alert Alert, kind AlertStepKind, at time.Time) AlertStep {
	return AlertStep{StudyID: alert.StudyID, AlertID: alert.ID, ID: e.NewID(), Kind: kind, At: at, By: a.author()}
}

// alertKey is that of a message about an alert at its level. Handed over or opened
// again, an alert is told of anew.
func alertKey(alert Alert, to string) string {
	if alert.Round == 0 {
		return fmt.Sprintf("alert/%s/%d/%s", alert.ID, alert.Level, to)
	}
	return fmt.Sprintf("alert/%s/%d.%d/%s", alert.ID, alert.Round, alert.Level, to)
}

// alertAgainKey is that of the reminder of somebody who was told first and has not taken
// the alert on. An alert that has gone up, or was handed over, has no such message.
func alertAgainKey(alert Alert, to string) string { return alertKey(alert, to) + "/again" }

// alertNote reads what somebody wrote about an alert.
func alertNote(note string, needed bool) (string, error) {
	note = strings.TrimSpace(note)
	switch {
	case len([]rune(note)) > maxAlertNote:
		return "", FieldErrors{"note": "text.too_long"}
	case needed && note == "":
		return "", FieldErrors{"note": "alert.note_missing"}
	}
	return note, nil
}

// step does something about an alert in one transaction, for one of the named people.
// do changes the alert, and may tell the step more; nil: nothing about it changes.
func (u *Alerts) step(ctx context.Context, a Actor, study StudyID, id AlertID, kind AlertStepKind, action Action, note string,
	do func(tx Tx, s Safety, alert Alert, step *AlertStep) error,
) error {
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		s, err := u.named(ctx, tx, a, study)
		if err != nil {
			return err
		}
		alert, err := tx.Alert(ctx, study, id)
		if err != nil {
			return err
		}
		step := u.env.alertStep(a, alert, kind, now)
		step.Note = note
		if do != nil {
			if err := do(tx, s, alert, &step); err != nil {
				return err
			}
		}
		if err := tx.AddAlertStep(ctx, step); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, study, now, action, "alert", string(id)))
	})
	if _, ok := errors.AsType[FieldErrors](err); err != nil && !ok {
		return fmt.Errorf("alert %s, %s: %w", id, kind, err)
	}
	return err
}

// AddNote adds a note to an alert, whoever has it in hand. Faults are FieldErrors.
func (u *Alerts) AddNote(ctx context.Context, a Actor, study StudyID, id AlertID, note string) error {
	note, fault := alertNote(note, true)
	if err := u.step(ctx, a, study, id, StepNoted, ActionAlertNoted, note, func(Tx, Safety, Alert, *AlertStep) error {
		return fault
	}); err != nil {
		return err
	}
	return nil
}

// HandOver gives an alert to the other named person, who is written to and has to take
// it on within the study's window, from now. A note says why. ErrNotFound when the
// study names nobody else; ErrConflict when somebody did something about it meanwhile.
func (u *Alerts) HandOver(ctx context.Context, a Actor, study StudyID, id AlertID, note string) error {
	note, fault := alertNote(note, true)
	return u.step(ctx, a, study, id, StepHandedOver, ActionAlertHandedOver, note, func(tx Tx, s Safety, alert Alert, step *AlertStep) error {
		if fault != nil {
			return fault
		}
		other, to := s.Deputy, toDeputy
		if a.User.ID == s.Deputy {
			other, to = s.Responder, toResponder
		}
		if other == "" {
			return ErrNotFound
		}
		person, err := tx.User(ctx, other)
		if err != nil {
			return err
		}
		if step.ToName = person.Name; step.ToName == "" {
			step.ToName = person.Email
		}
		return u.anew(ctx, tx, s, alert, step.At, to)
	})
}

// Reopen makes an alert that somebody has in hand wait again, for both named people.
// ErrConflict when it waits already.
func (u *Alerts) Reopen(ctx context.Context, a Actor, study StudyID, id AlertID, note string) error {
	note, fault := alertNote(note, false)
	return u.step(ctx, a, study, id, StepReopened, ActionAlertReopened, note, func(tx Tx, s Safety, alert Alert, step *AlertStep) error {
		switch {
		case fault != nil:
			return fault
		case alert.Open():
			return ErrConflict
		}
		return u.anew(ctx, tx, s, alert, step.At, toResponder, toDeputy)
	})
}

// Raise tells both named people at once of an alert that waits, without waiting for the
// times at which it would go up by itself. ErrConflict when somebody has it in hand.
func (u *Alerts) Raise(ctx context.Context, a Actor, study StudyID, id AlertID, note string) error {
	note, fault := alertNote(note, false)
	return u.step(ctx, a, study, id, StepRaised, ActionAlertEscalated, note, func(tx Tx, _ Safety, alert Alert, step *AlertStep) error {
		switch {
		case fault != nil:
			return fault
		case !alert.Open():
			return ErrConflict
		}
		raised := alert
		raised.Level, raised.NextAt, raised.Round = AlertOverdue, time.Time{}, alert.Round+1
		return u.route(ctx, tx, alert, raised, step.At, toResponder, toDeputy)
	})
}

// anew begins an alert's window again.
func (u *Alerts) anew(ctx context.Context, tx Tx, s Safety, alert Alert, now time.Time, to ...string) error {
	window := time.Duration(s.Window) * time.Hour
	fresh := alert
	fresh.Level, fresh.Round, fresh.NextAt, fresh.DueAt = AlertNew, alert.Round+1, now.Add(window/2), now.Add(window)
	return u.route(ctx, tx, alert, fresh, now, to...)
}

func (u *Alerts) route(ctx context.Context, tx Tx, was, is Alert, now time.Time, to ...string) error {
	ok, err := tx.RouteAlert(ctx, was, is)
	if err != nil {
		return err
	}
	if !ok {
		return ErrConflict
	}
	for _, name := range to {
		if err := u.env.postAlert(ctx, tx, is, name, now); err != nil {
			return err
		}
	}
	return nil
}
