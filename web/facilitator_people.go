package web

import (
	"errors"
	"fmt"
	"html/template"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type peoplePage struct {
	Page
	Study survey.Study
	Run   survey.CourseRun
	Path  string
	Arms  []survey.Arm
	Max   int
	Form  staffForm
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
	p := peoplePage{
		Page:  s.staffPage(c, a, study, sectionRuns, "Add people"),
		Study: study, Run: run, Path: runPath(study, run.ID), Arms: design.Arms, Max: survey.MaxPeopleAtOnce, Form: f,
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_people", p)
}

// addPeople takes a typed or pasted list, one person a line.
func (s *Server) addPeople(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	var enrolled []survey.Enrolment
	people, err := survey.ParsePeople(values.Get("people"))
	if err == nil {
		enrolled, err = s.use.Runs.AddPeopleOnce(c.Request.Context(), a, study.ID, runID(c), people,
			survey.ArmID(values.Get("arm")), survey.Once(values.Get("once")))
	}
	if errors.Is(err, survey.ErrRepeated) {
		return redirect(c, fmt.Sprintf("%s?added=%d", runPath(study, runID(c)), len(people)))
	}
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.peopleForm(c, a, study, status, f)
	}
	return redirect(c, fmt.Sprintf("%s?added=%d", runPath(study, runID(c)), len(enrolled)))
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
	Slips []slip
}

// slip is one person's piece of paper.
type slip struct {
	Name, Code, Link string
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
		Study: study, Run: run, Path: runPath(study, run.ID),
	}
	for _, l := range links {
		link := s.link("/p/" + l.Token)
		p.Slips = append(p.Slips, slip{
			Name: l.Name, Code: l.Enrolment.Code, Link: link, QR: qrPicture(link, "The link of "+l.Enrolment.Code+" as a QR code"),
		})
	}
	return s.render(c, 200, "facilitator_links", p)
}
