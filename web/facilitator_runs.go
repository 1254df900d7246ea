package web

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type runsPage struct {
	Page
	Study    survey.Study
	Runs     []runLine
	MayStart bool
}

// runLine is one course run in the list.
type runLine struct {
	survey.RunSummary
	Path   string
	Weeks  int
	Stands string // "Week 5 of 8"
	Active bool
}

func (s *Server) showRuns(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	runs, err := s.use.Runs.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := runsPage{
		Page:  s.staffPage(c, a, study, sectionRuns, "Course runs"),
		Study: study, MayStart: a.MayStartRuns(study.ID),
	}
	for _, r := range runs {
		week, weeks := r.Run.Week(s.cfg.Now()), r.Meetings
		path := runPath(study, r.Run.ID)
		if !a.MayRun(study.ID, r.Run.ID) {
			path += "/contacts"
		}
		p.Runs = append(p.Runs, runLine{
			RunSummary: r, Path: path, Weeks: weeks,
			Stands: weekText(week, weeks), Active: week >= 1 && week <= weeks,
		})
	}
	return s.render(c, 200, "facilitator_runs", p)
}

// weekText says how far a course has come.
func weekText(week, weeks int) string {
	switch {
	case week == 0:
		return "begins within a week"
	case week < 0:
		return fmt.Sprintf("begins in %d weeks", -week+1)
	case week > weeks:
		return "meetings are over"
	default:
		return fmt.Sprintf("week %d of %d", week, weeks)
	}
}

type newRunPage struct {
	Page
	Study   survey.Study
	Courses []survey.CourseVersion
	Zones   []string
	Form    staffForm
	Skips   []string    // days of weeks without a meeting, and empty fields for more
	Preview *runPreview // nil: nobody asked to see it
}

func (s *Server) showNewRun(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	if !a.MayStartRuns(study.ID) {
		return survey.ErrForbidden
	}
	return s.newRunForm(c, a, study, 200, nil, given("time_zone", study.TimeZone, "meeting_time", "18:30", "once", newOnce()))
}

func (s *Server) newRunForm(c *gin.Context, a survey.Actor, study survey.Study, status int, preview *runPreview, f staffForm) error {
	courses, err := s.use.Courses.Offered(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := newRunPage{
		Page:  s.staffPage(c, a, study, sectionRuns, "New course run"),
		Study: study, Courses: courses, Zones: zoneNames(), Form: f, Preview: preview,
	}
	for _, day := range f.Values["skip"] {
		if day != "" {
			p.Skips = append(p.Skips, day)
		}
	}
	p.Skips = append(p.Skips, "", "")
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_new_run", p)
}

func (s *Server) createRun(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	n := survey.NewRun{
		Name: values.Get("name"), CourseKey: values.Get("course"), StartsOn: values.Get("starts_on"),
		MeetingTime: values.Get("meeting_time"), TimeZone: values.Get("time_zone"), Location: values.Get("location"),
		Skip: values["skip"], Once: survey.Once(values.Get("once")),
	}
	ctx := c.Request.Context()
	if values.Get("step") == "look" {
		return s.previewNewRun(c, a, study, n, values)
	}
	run, err := s.use.Runs.Create(ctx, a, study.ID, n)
	if errors.Is(err, survey.ErrRepeated) {
		return redirect(c, "/studies/"+study.Key+"/runs")
	}
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.newRunForm(c, a, study, status, nil, f)
	}
	return redirect(c, runPath(study, run.ID)+"/setup")
}

// previewNewRun shows what would follow from the dates of a new run. Nothing is
// stored; the form stays as it was filled in.
func (s *Server) previewNewRun(c *gin.Context, a survey.Actor, study survey.Study, n survey.NewRun, values url.Values) error {
	p, err := s.use.Runs.PreviewRun(c.Request.Context(), a, study.ID, n)
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.newRunForm(c, a, study, status, nil, f)
	}
	return s.newRunForm(c, a, study, 200, s.newRunPreview(p), staffForm{Values: values})
}

// zoneNames are offered as one types; any other IANA name may be typed as well.
func zoneNames() []string {
	return []string{
		"UTC", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Bogota",
		"America/Chicago", "America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York",
		"America/Sao_Paulo", "America/Toronto", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem",
		"Asia/Kolkata", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Melbourne",
		"Australia/Sydney", "Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Dublin",
		"Europe/Helsinki", "Europe/Istanbul", "Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Oslo",
		"Europe/Paris", "Europe/Prague", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw",
		"Europe/Zurich", "Pacific/Auckland",
	}
}
