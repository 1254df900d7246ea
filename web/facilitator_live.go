package web

import (
	"errors"
	"fmt"
	"html/template"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
)

// planStep is one part of a meeting with its time on the clock.
type planStep struct {
	course.Step
	From, To string // "18:30"; empty when the run has no time that can be read
}

// livePage is a meeting while it goes on, and what is thrown on the wall of it.
type livePage struct {
	meetingPage
	Steps []planStep
	Ends  string        // "20:00"; may be empty
	Trend *trendView    // nil: too few answers
	QR    template.HTML // of the practice page
	Link  string
}

// planSteps puts a meeting's parts on the clock, from when the run meets.
func planSteps(plan []course.Step, begins string) []planStep {
	at, err := time.Parse("15:04", begins)
	steps := make([]planStep, 0, len(plan))
	for _, s := range plan {
		step := planStep{Step: s}
		if err == nil {
			step.From = at.Format("15:04")
			at = at.Add(time.Duration(s.Minutes) * time.Minute)
			step.To = at.Format("15:04")
		}
		steps = append(steps, step)
	}
	return steps
}

// showLive is the meeting mode: the plan with a timer, who is there, what to hand out.
func (s *Server) showLive(c *gin.Context, a survey.Actor) error {
	return s.meetingMode(c, a, "facilitator_live", "Meeting %d now: %s")
}

// showProjector is what everybody in the room may see: no names and no notes.
func (s *Server) showProjector(c *gin.Context, a survey.Actor) error {
	return s.meetingMode(c, a, "facilitator_projector", "On the wall: meeting %d, %s")
}

// showHandout is the practice to take home, to be printed.
func (s *Server) showHandout(c *gin.Context, a survey.Actor) error {
	return s.meetingMode(c, a, "facilitator_handout", "To take home from meeting %d: %s")
}

func (s *Server) meetingMode(c *gin.Context, a survey.Actor, name, title string) error {
	m, err := s.meetingPage(c, a)
	if err != nil {
		return err
	}
	m.Live = name == "facilitator_live"
	m.Title = fmt.Sprintf(title, m.Meeting.Number, m.Meeting.Title)
	p := livePage{meetingPage: m, Steps: planSteps(m.Meeting.Plan, m.Run.MeetingTime), Link: s.link("/me/practice")}
	if n := len(p.Steps); n > 0 {
		p.Ends = p.Steps[n-1].To
	}
	p.QR = qrPicture(p.Link, "The practice page as a QR code")
	if name == "facilitator_projector" {
		// No names go into the page at all.
		p.Rows, p.Expected, p.Others = nil, nil, nil
		trend, err := s.use.Runs.Trend(c.Request.Context(), a, m.MeetingSheet.Study.ID, m.Run.ID)
		if err != nil && !errors.Is(err, survey.ErrTooFew) {
			return err
		}
		if err == nil {
			p.Trend = newTrendView(trend, m.Run, s.cfg.Now())
		}
	}
	return s.render(c, 200, name, p)
}
