package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/allocation"
	"tidemark/survey/shortcode"
)

type peoplePage struct {
	Page
	Study survey.Study
	Run   survey.CourseRun
	Path  string
	Arms  []survey.Arm
	Max   int
	Form  staffForm
	Facts []factField
	Whole bool // whole runs are allotted
	// Planned wait for the study, which is a draft, to open. Removed: one was taken
	// off just now.
	Planned []survey.PlannedPerson
	Draft   bool
	Added   string // "3 people", just now
	Removed bool
}

// factField asks what decides which list people are drawn from.
type factField struct {
	Field, Name, Given, Bad string
	Levels                  []string
}

// factFields are what a study asks about people before it allots them.
func factFields(scheme allocation.Scheme, f staffForm) []factField {
	var fields []factField
	for i, factor := range scheme.Factors {
		if field := survey.FactField(i); factor.Asked() {
			fields = append(fields, factField{field, factor.Name, f.Value(field), f.Fault(field), factor.Levels})
		}
	}
	return fields
}

// enrolling is a posted form of people to add.
func (s *Server) enrolling(c *gin.Context, a survey.Actor, study survey.Study, values url.Values) (survey.Enrolling, error) {
	e := survey.Enrolling{
		Arm: survey.ArmID(values.Get("arm")), Reason: values.Get("reason"), Once: survey.Once(values.Get("once")),
		Facts: map[string]string{},
	}
	scheme, err := s.use.Allocations.Scheme(c.Request.Context(), a, study.ID)
	if err != nil {
		return e, err
	}
	for _, field := range factFields(scheme, staffForm{Values: values}) {
		e.Facts[field.Name] = field.Given
	}
	e.People, err = survey.ParsePeople(values.Get("people"))
	return e, err
}

func (s *Server) showAddPeople(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.peopleForm(c, a, study, 200, given("once", newOnce()))
}

func (s *Server) peopleForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	ctx := c.Request.Context()
	run, err := s.use.Runs.Get(ctx, a, study.ID, runID(c))
	if err != nil {
		return err
	}
	design, err := s.use.Studies.Design(ctx, a, study.ID)
	if err != nil {
		return err
	}
	scheme, err := s.use.Allocations.Scheme(ctx, a, study.ID)
	if err != nil {
		return err
	}
	p := peoplePage{
		Page:  s.staffPage(c, a, study, sectionRuns, "Add people"),
		Study: study, Run: run, Path: runPath(study, run.ID), Arms: design.Arms, Max: survey.MaxPeopleAtOnce, Form: f,
		Facts: factFields(scheme, f), Whole: scheme.Unit == allocation.ByRun,
	}
	if p.Draft = study.State == survey.StudyDraft; p.Draft {
		p.Added, p.Removed = peopleText(c.Query("added")), c.Query("removed") != ""
		if p.Planned, err = s.use.Runs.Planned(ctx, a, study.ID, run.ID); err != nil {
			return err
		}
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_people", p)
}

// removePlanned takes somebody off who waits for the study to open.
func (s *Server) removePlanned(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	if err := s.use.Runs.RemovePlanned(c.Request.Context(), a, study.ID, runID(c), values.Get("person")); err != nil {
		return err
	}
	return redirect(c, runPath(study, runID(c))+"/people?removed=1")
}

// addPeople takes a typed or pasted list, one person a line.
func (s *Server) addPeople(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	ctx, to := c.Request.Context(), runPath(study, runID(c))
	e, err := s.enrolling(c, a, study, values)
	if err == nil && study.State == survey.StudyDraft {
		to += "/people"
		err = s.use.Runs.Plan(ctx, a, study.ID, runID(c), e)
	} else if err == nil {
		_, err = s.use.Runs.Enrol(ctx, a, study.ID, runID(c), e)
	}
	if errors.Is(err, survey.ErrRepeated) {
		err = nil
	}
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.peopleForm(c, a, study, status, f)
	}
	return redirect(c, fmt.Sprintf("%s?added=%d", to, len(e.People)))
}

// peopleText is a number of people in words; nothing when it is not a number.
func peopleText(number string) string {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > survey.MaxPeopleAtOnce {
		return ""
	}
	return fmt.Sprintf("%d %s", n, plural(n, "person", "people"))
}

type linksPage struct {
	Page
	Study survey.Study
	Run   survey.CourseRun
	Path  string
	At    string // where a code is typed
	Slips []slip
}

// slip is one person's piece of paper.
type slip struct {
	Name, Code, Link string
	Typed            string // the code to type
	QR               template.HTML
}

// printLinks shows everyone's personal link, to be printed and cut. It is a POST
// because it is noted in the audit trail.
func (s *Server) printLinks(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	run, links, err := s.use.Enrolments.Links(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	p := linksPage{
		Page:  s.staffPage(c, a, study, sectionRuns, "Personal links"),
		Study: study, Run: run, Path: runPath(study, run.ID), At: s.base.Host + codePath,
	}
	for _, l := range links {
		link := s.link("/p/" + l.Token)
		p.Slips = append(p.Slips, slip{
			Name: l.Name, Code: l.Enrolment.Code, Link: link, Typed: shortcode.Grouped(l.Code), QR: qrPicture(link, "The link of "+l.Enrolment.Code+" as a QR code"),
		})
	}
	return s.render(c, 200, "facilitator_links", p)
}
