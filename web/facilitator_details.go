package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// runDetailsPage is what a run is called, and at what hour and where it meets.
type runDetailsPage struct {
	Page
	Study   survey.Study
	Run     survey.CourseRun
	Path    string
	Zones   []string
	Form    staffForm
	Done    bool
	Preview *calendarPreview // nil: nobody asked what would move
}

func (s *Server) showRunDetails(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.runDetails(c, a, study, http.StatusOK, staffForm{}, nil)
}

// runDetails is the form, filled in with what was typed or with what is.
func (s *Server) runDetails(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm, preview *calendarPreview) error {
	cal, err := s.use.Runs.Calendar(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	d := cal.Run.Details()
	if f.Values == nil {
		f = given("name", d.Name, "meeting_time", d.MeetingTime, "time_zone", d.TimeZone, "location", d.Location)
	}
	p := runDetailsPage{
		Page: s.staffPage(c, a, study, sectionRuns, "Name, hour and place of "+cal.Run.Name), Study: study, Run: cal.Run, Path: runPath(study, cal.Run.ID),
		Zones: zoneNames(), Form: f, Done: c.Query("done") == "yes", Preview: preview,
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_details", p)
}

// changeRunDetails saves what was typed, or shows first what would move.
func (s *Server) changeRunDetails(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	d := survey.RunDetails{
		Name: values.Get("name"), MeetingTime: values.Get("meeting_time"), TimeZone: values.Get("time_zone"), Location: values.Get("location"),
	}
	ctx := c.Request.Context()
	if values.Get("step") == "look" {
		p, err := s.use.Runs.PreviewDetails(ctx, a, study.ID, runID(c), d)
		if err != nil {
			return s.detailsAgain(c, a, study, values, err)
		}
		return s.runDetails(c, a, study, http.StatusOK, staffForm{Values: values}, s.detailsPreview(p))
	}
	if err := s.use.Runs.ChangeDetails(ctx, a, study.ID, runID(c), d); err != nil {
		return s.detailsAgain(c, a, study, values, err)
	}
	return redirect(c, runPath(study, runID(c))+"/details?done=yes")
}

func (s *Server) detailsAgain(c *gin.Context, a survey.Actor, study survey.Study, values url.Values, err error) error {
	if _, faulty := errors.AsType[survey.FieldErrors](err); !faulty {
		return err
	}
	f, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	return s.runDetails(c, a, study, status, f, nil)
}

// detailsPreview says what would move; in another time zone each moment is told with
// its own.
func (s *Server) detailsPreview(p survey.ChangePreview) *calendarPreview {
	v := &calendarPreview{}
	v.moves(p, s.cfg.Now())
	if now, then := p.Now.Run.TimeZone, p.Then.Run.TimeZone; now != then {
		for i := range v.Moves {
			v.Moves[i].Now += " (" + now + ")"
			v.Moves[i].Then += " (" + then + ")"
		}
	}
	return v
}
