package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Alerts are the use cases of those whom a linked study names to read what may
// tell of danger. They alone see whose answer it was; nobody sees the answer here.
type Alerts struct{ env Env }

const (
	alertsShown     = 200
	escalatedAtOnce = 100
)

// AlertLine is an alert with whom it is about.
type AlertLine struct {
	Alert
	Participation Participation
	Contact       Contact // empty: none was given
	Wave          Wave
	Questionnaire string      // its title
	Steps         []AlertStep // what was done about it, in order
}

// AlertBoard is what the named people see.
type AlertBoard struct {
	Study     Study
	Safety    Safety
	Responder User
	Deputy    User
	Waiting   []AlertLine
	Done      []AlertLine
}

// named finds a study's declaration for one of its named people. Whoever is not
// is refused: ErrNotFound if they have nothing to do with the study.
func (u *Alerts) named(ctx context.Context, r Reader, a Actor, study StudyID) (Safety, error) {
	s, err := r.Safety(ctx, study)
	switch {
	case err == nil && s.Named(a):
		return s, nil
	case err != nil && !errors.Is(err, ErrNotFound):
		return Safety{}, err
	case a.MayKnowStudy(study):
		return Safety{}, ErrForbidden
	}
	return Safety{}, ErrNotFound
}

// Board lists a study's alerts for one of its named people.
func (u *Alerts) Board(ctx context.Context, a Actor, study StudyID) (AlertBoard, error) {
	var b AlertBoard
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		b = AlertBoard{}
		var err error
		if b.Safety, err = u.named(ctx, r, a, study); err != nil {
			return err
		}
		if b.Study, err = r.Study(ctx, study); err != nil {
			return err
		}
		if b.Responder, err = r.User(ctx, b.Safety.Responder); err != nil {
			return err
		}
		if b.Deputy, err = r.User(ctx, b.Safety.Deputy); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		alerts, err := r.Alerts(ctx, study, alertsShown)
		if err != nil {
			return err
		}
		all, err := r.AlertSteps(ctx, study)
		if err != nil {
			return err
		}
		steps := map[AlertID][]AlertStep{}
		for _, s := range all {
			steps[s.AlertID] = append(steps[s.AlertID], s)
		}
		for _, alert := range alerts {
			line, err := u.line(ctx, r, alert)
			if err != nil {
				return err
			}
			line.Steps = steps[alert.ID]
			if alert.Open() {
				b.Waiting = append(b.Waiting, line)
			} else {
				b.Done = append(b.Done, line)
			}
		}
		return nil
	})
	if err != nil {
		return AlertBoard{}, fmt.Errorf("alerts of study %s: %w", study, err)
	}
	return b, nil
}

func (u *Alerts) line(ctx context.Context, r Reader, alert Alert) (AlertLine, error) {
	l := AlertLine{Alert: alert}
	assessment, wave, err := r.Assessment(ctx, alert.StudyID, alert.AssessmentID)
	if err != nil {
		return l, err
	}
	l.Wave = wave
	if l.Participation, err = r.Participation(ctx, alert.StudyID, assessment.EnrolmentID); err != nil {
		return l, err
	}
	l.Contact, err = r.Contact(ctx, alert.StudyID, l.Participation.Enrolment.ParticipantID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return l, err
	}
	v, err := r.InstrumentVersion(ctx, assessment.InstrumentID)
	if err != nil {
		return l, err
	}
	l.Questionnaire = v.Definition.Title
	return l, nil
}

// Acknowledge notes that one of the named people takes an alert on. ErrConflict
// when somebody has; what they wrote stays.
func (u *Alerts) Acknowledge(ctx context.Context, a Actor, study StudyID, id AlertID, note string) error {
	note = strings.TrimSpace(note)
	if len([]rune(note)) > maxAlertNote {
		return FieldErrors{"note": "text.too_long"}
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if _, err := u.named(ctx, tx, a, study); err != nil {
			return err
		}
		alert, err := tx.Alert(ctx, study, id)
		if err != nil {
			return err
		}
		by := a.author()
		alert.AcknowledgedAt, alert.AcknowledgedBy, alert.Acknowledger, alert.Note = now, a.User.ID, by.Name, note
		ok, err := tx.AcknowledgeAlert(ctx, alert)
		if err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		step := u.env.alertStep(a, alert, StepAcknowledged, now)
		step.Note = note
		if err := tx.AddAlertStep(ctx, step); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, study, now, ActionAlertAcknowledged, "alert", string(id)))
	})
	if err != nil {
		return fmt.Errorf("acknowledge alert %s: %w", id, err)
	}
	return nil
}

// Waiting counts the alerts that wait for the actor, by study. Studies that name
// the actor are in it with 0 when nothing waits.
func (u *Alerts) Waiting(ctx context.Context, a Actor) (map[StudyID]int, error) {
	if !a.inPerson() || a.User.ID == "" {
		return nil, nil
	}
	n, err := u.env.Store.OpenAlerts(ctx, a.User.ID)
	if err != nil {
		return nil, fmt.Errorf("alerts that wait: %w", err)
	}
	return n, nil
}

// Escalate takes alerts that nobody has taken on to their next level, each step
// once, whichever server comes first. Only the program may. It gives the number
// of steps taken.
func (u *Alerts) Escalate(ctx context.Context, a Actor) (int, error) {
	if a.Kind != ActorSystem {
		return 0, ErrForbidden
	}
	now := u.env.now()
	due, err := u.env.Store.AlertsGoingUp(ctx, now, escalatedAtOnce)
	if err != nil {
		return 0, fmt.Errorf("escalate alerts: %w", err)
	}
	taken := 0
	for _, alert := range due {
		raised, err := u.escalate(ctx, a, alert, now)
		if err != nil {
			return taken, fmt.Errorf("escalate alert %s: %w", alert.ID, err)
		}
		if raised {
			taken++
		}
	}
	return taken, nil
}

func (u *Alerts) escalate(ctx context.Context, a Actor, alert Alert, now time.Time) (raised bool, err error) {
	alert.Level++
	alert.NextAt = time.Time{}
	people := []string{toResponder, toDeputy}
	if alert.Level == AlertHalfway {
		alert.NextAt, people = alert.DueAt, []string{toDeputy}
	}
	event := u.env.event(a, alert.StudyID, now, ActionAlertEscalated, "alert", string(alert.ID))
	event.Detail = [...]string{AlertNew: "", AlertHalfway: "to the deputy", AlertOverdue: "the window has passed"}[alert.Level]
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		var err error
		if raised, err = tx.RaiseAlert(ctx, alert, now); err != nil || !raised {
			return err
		}
		for _, to := range people {
			if err := u.env.postAlert(ctx, tx, alert, to, now); err != nil {
				return err
			}
		}
		if err := tx.AddAlertStep(ctx, u.env.alertStep(a, alert, StepRaised, now)); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	return raised, err
}

// postAlert keeps a message about an alert at its level. It says that something
// waits and nothing of what was answered or by whom. Whoever is told first is reminded
// halfway to the time at which the alert goes up, if it waits still.
func (e Env) postAlert(ctx context.Context, tx Tx, alert Alert, to string, now time.Time) error {
	m := Message{
		StudyID: alert.StudyID, Key: alertKey(alert, to), Kind: MessageAlert,
		ToKind: ActorUser, ToID: to, About: string(alert.ID),
	}
	if err := e.post(ctx, tx, m, now); err != nil || alert.Level != AlertNew {
		return err
	}
	m.Key, m.NotBefore = alertAgainKey(alert, to), now.Add(alert.NextAt.Sub(now)/2)
	return e.post(ctx, tx, m, now)
}
