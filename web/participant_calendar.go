package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

const calendarPath = "/me/calendar"

// ownCalendarPage offers the meetings for the person's own calendar.
type ownCalendarPage struct {
	Page
	Control bool   // has no meetings
	Address string // just made: it is shown this once
	Has     bool
	Feed    survey.CalendarFeed
	Made    schedule.Date
}

func (s *Server) showOwnCalendar(c *gin.Context, a survey.Actor) error {
	if a.Participation.Enrolment.Withdrawn() {
		return redirect(c, "/me/data")
	}
	return s.ownCalendar(c, a, "")
}

func (s *Server) ownCalendar(c *gin.Context, a survey.Actor, address string) error {
	f, has, err := s.use.Calendars.Own(c.Request.Context(), a)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "calendar", ownCalendarPage{
		Page: s.participantPage(c, a, s.say(c, "calendar.title")), Control: a.Participation.Control,
		Address: address, Has: has, Feed: f, Made: dayOf(f.MadeAt, a.Participation.Run),
	})
}

// calendarChoice reads what somebody wants in their calendar.
func calendarChoice(v url.Values) survey.CalendarChoice {
	return survey.CalendarChoice{Surveys: v.Get("surveys") == "yes", Titles: v.Get("titles") == "yes"}
}

// makeCalendar makes an address and shows it; an earlier one stops working.
func (s *Server) makeCalendar(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	token, err := s.use.Calendars.Make(c.Request.Context(), a, calendarChoice(form))
	if err != nil {
		return err
	}
	return s.ownCalendar(c, a, s.calendarAddress(token))
}

func (s *Server) endCalendar(c *gin.Context, a survey.Actor) error {
	if err := s.use.Calendars.End(c.Request.Context(), a); err != nil {
		return err
	}
	return redirect(c, calendarPath)
}

// copyCalendar hands out the calendar once.
func (s *Server) copyCalendar(c *gin.Context, a survey.Actor) error {
	ag, err := s.use.Calendars.Copy(c.Request.Context(), a, calendarChoice(c.Request.URL.Query()))
	if err != nil {
		return err
	}
	ag.Language = s.language(c).Tag
	return s.sendCalendar(c, ag)
}
