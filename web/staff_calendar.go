package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

const staffCalendarPath = "/account/calendar"

// staffCalendarPage offers a facilitator the meetings of their runs.
type staffCalendarPage struct {
	Page
	Runs    []survey.CourseRun
	Chosen  survey.RunID // which the form begins with; empty: all
	Address string       // just made: it is shown this once
	Feeds   []staffFeedLine
}

// staffFeedLine is an address that is in use.
type staffFeedLine struct {
	survey.StaffFeed
	Name string // of the run; empty: all runs, or one that they no longer manage
	Made schedule.Date
}

func (s *Server) showStaffCalendars(c *gin.Context, a survey.Actor) error {
	return s.staffCalendars(c, a, survey.RunID(c.Query("run")), "")
}

func (s *Server) staffCalendars(c *gin.Context, a survey.Actor, run survey.RunID, address string) error {
	own, err := s.use.Calendars.Staff(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := staffCalendarPage{
		Page: s.staffPage(c, a, survey.Study{}, sectionAccount, "Meetings in your calendar"),
		Runs: own.Runs, Chosen: run, Address: address,
	}
	for _, f := range own.Feeds {
		line := staffFeedLine{StaffFeed: f, Made: schedule.DateOf(f.MadeAt)}
		for _, r := range own.Runs {
			if r.ID == f.RunID {
				line.Name, line.Made = r.Name, dayOf(f.MadeAt, r)
			}
		}
		p.Feeds = append(p.Feeds, line)
	}
	return s.render(c, http.StatusOK, "staff_calendar", p)
}

func (s *Server) makeStaffCalendar(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	run := survey.RunID(form.Get("run"))
	token, err := s.use.Calendars.MakeStaff(c.Request.Context(), a, run)
	if err != nil {
		return err
	}
	return s.staffCalendars(c, a, run, s.calendarAddress(token))
}

func (s *Server) endStaffCalendar(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if err := s.use.Calendars.EndStaff(c.Request.Context(), a, survey.RunID(form.Get("run"))); err != nil {
		return err
	}
	return redirect(c, staffCalendarPath)
}

// copyRunCalendar hands out the meetings of one run once.
func (s *Server) copyRunCalendar(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	ag, err := s.use.Calendars.CopyRun(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	return s.sendCalendar(c, ag)
}
