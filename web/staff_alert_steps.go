package web

import (
	"context"
	"errors"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// StepText is one step of an alert in words.
func (p alertsPage) StepText(s survey.AlertStep) string {
	switch s.Kind {
	case survey.StepAcknowledged:
		return "took it on"
	case survey.StepNoted:
		return "noted"
	case survey.StepHandedOver:
		return "handed it over to " + s.ToName
	case survey.StepReopened:
		return "opened it again"
	case survey.StepRaised:
		if s.By.Kind == survey.ActorSystem {
			return "told more people, since nobody had taken it on"
		}
		return "told both of you again"
	}
	return ""
}

// Who is who took a step.
func (p alertsPage) Who(s survey.AlertStep) string {
	if s.By.Kind == survey.ActorSystem {
		return "The program"
	}
	return s.By.Name
}

// alertOf is an alert with the page that it is on.
type alertOf struct {
	Page alertsPage
	Line survey.AlertLine
}

// Of puts an alert with its page, for a part of the template.
func (p alertsPage) Of(l survey.AlertLine) alertOf { return alertOf{p, l} }

// First reports whether what was typed to take this alert on is at fault; More, what
// was typed to do something more about it.
func (p alertsPage) First(l survey.AlertLine) bool {
	return l.ID == p.NoteFor && p.Note.Value("step") == ""
}

// More is explained at First.
func (p alertsPage) More(l survey.AlertLine) bool {
	return l.ID == p.NoteFor && p.Note.Value("step") != ""
}

// Other is the named person who is not reading; empty when there is none.
func (p alertsPage) Other() string {
	other := p.Deputy
	if p.me == p.Deputy.ID {
		other = p.Responder
	}
	if other.Name == "" {
		return other.Email
	}
	return other.Name
}

// stepAlert does something more about an alert. When somebody has done something about
// it meanwhile, the page shows what.
func (s *Server) stepAlert(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	alerts := s.use.Alerts
	steps := map[string]func(context.Context, survey.Actor, survey.StudyID, survey.AlertID, string) error{
		"note": alerts.AddNote, "hand_over": alerts.HandOver, "reopen": alerts.Reopen, "raise": alerts.Raise,
	}
	do, ok := steps[values.Get("step")]
	if !ok {
		do = alerts.AddNote
	}
	id := survey.AlertID(c.Param("alert"))
	err = do(c.Request.Context(), a, study.ID, id, values.Get("note"))
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return s.alertsForm(c, a, 422, staffForm{Values: values, Faults: faults}, id)
	}
	if err != nil && !errors.Is(err, survey.ErrConflict) {
		return err
	}
	return redirect(c, studyPath(study)+"/alerts#alert-"+string(id))
}
