package web

import (
	"errors"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type alertsPage struct {
	Page
	survey.AlertBoard
	Path string
	Note staffForm
	// NoteFor is the alert whose note was faulty.
	NoteFor survey.AlertID
	zone    *time.Location
	now     time.Time
	me      survey.UserID
}

// At is an instant in the time zone of the study.
func (p alertsPage) At(t time.Time) string {
	return t.In(p.zone).Format("Monday 2 January 2006, 15:04")
}

// Late reports whether the promised time has passed.
func (p alertsPage) Late(l survey.AlertLine) bool { return !p.now.Before(l.DueAt) }

// Left is how long is left to look, in words.
func (p alertsPage) Left(l survey.AlertLine) string {
	left := l.DueAt.Sub(p.now)
	if left < time.Hour {
		n := max(1, int(left/time.Minute))
		return fmt.Sprintf("%d %s left", n, plural(n, "minute", "minutes"))
	}
	n := int(left / time.Hour)
	return fmt.Sprintf("%d %s left", n, plural(n, "hour", "hours"))
}

// showAlerts is for the people whom a study names, and for nobody else.
func (s *Server) showAlerts(c *gin.Context, a survey.Actor) error {
	return s.alertsForm(c, a, 200, staffForm{}, "")
}

func (s *Server) alertsForm(c *gin.Context, a survey.Actor, status int, f staffForm, of survey.AlertID) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	board, err := s.use.Alerts.Board(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := alertsPage{
		Page: s.staffPage(c, a, study, sectionAlerts, "Alerts"), AlertBoard: board, Path: studyPath(study) + "/alerts",
		Note: f, NoteFor: of, zone: zoneOf(board.Safety.TimeZone), now: s.cfg.Now(), me: a.User.ID,
	}
	if status != 200 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_alerts", p)
}

// acknowledgeAlert notes that somebody takes an alert on. When somebody has
// already, the page shows who.
func (s *Server) acknowledgeAlert(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	id := survey.AlertID(c.Param("alert"))
	err = s.use.Alerts.Acknowledge(c.Request.Context(), a, study.ID, id, values.Get("note"))
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return s.alertsForm(c, a, 422, staffForm{Values: values, Faults: faults}, id)
	}
	if err != nil && !errors.Is(err, survey.ErrConflict) {
		return err
	}
	return redirect(c, studyPath(study)+"/alerts#done")
}

// alertItem is the way to the alerts, for whoever is named in the study, with how
// many wait. On pages of no study it leads to where the studies are, and is there
// only when something waits.
func (s *Server) alertItem(c *gin.Context, a survey.Actor, study survey.Study, on section) (NavItem, bool) {
	waiting, err := s.use.Alerts.Waiting(c.Request.Context(), a)
	if err != nil {
		s.cfg.Logger.ErrorContext(c.Request.Context(), "the number of alerts is not shown", "error", err)
		return NavItem{}, false
	}
	item := NavItem{Label: "Alerts", Path: "/studies", On: on == sectionAlerts}
	n, named := 0, false
	if study.ID != "" {
		n, named = waiting[study.ID]
		item.Path = studyPath(study) + "/alerts"
	} else {
		for _, m := range waiting {
			n += m
		}
		named = n > 0
	}
	if n > 0 {
		item.Label = fmt.Sprintf("Alerts (%d waiting)", n)
	}
	return item, named
}
