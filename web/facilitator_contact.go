package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// contactPage is how a person of a run is reached, to be corrected.
type contactPage struct {
	Page
	Person  survey.PersonContact
	Path    string // of this page
	RunPath string
	WhyPath string
	Bounced string // since when the address takes no letters
	Form    staffForm
	Saved   bool
}

func contactPath(study survey.Study, run survey.RunID, code string) string {
	return runPath(study, run) + "/people/" + url.PathEscape(code)
}

func (s *Server) showContact(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.contactForm(c, a, study, http.StatusOK, staffForm{})
}

func (s *Server) contactForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	person, err := s.use.Runs.Contact(c.Request.Context(), a, study, runID(c), c.Param("code"))
	if err != nil {
		return err
	}
	if f.Values == nil {
		f = given("name", person.Contact.Name, "email", person.Contact.Email, "phone", person.Contact.Phone)
	}
	p := contactPage{
		Page: s.staffPage(c, a, study, sectionRuns, "How to reach "+person.Enrolment.Code), Person: person,
		Path: contactPath(study, runID(c), person.Enrolment.Code), RunPath: runPath(study, runID(c)) + "/contacts", Form: f, Saved: c.Query("saved") != "",
	}
	if a.MayRun(study.ID, runID(c)) {
		p.RunPath, p.WhyPath = runPath(study, runID(c)), whyPath(study, person.Enrolment.Code)
	}
	if at := person.Contact.BouncedAt; !at.IsZero() {
		p.Bounced = at.In(person.Run.Zone()).Format(dayLayout + ", " + time.TimeOnly[:5])
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_contact", p)
}

// correctContact changes how a person is reached.
func (s *Server) correctContact(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	err = s.use.Runs.CorrectContact(c.Request.Context(), a, study, runID(c), c.Param("code"), values.Get("name"), values.Get("email"), values.Get("phone"))
	if err == nil {
		return redirect(c, contactPath(study, runID(c), c.Param("code"))+"?saved=1")
	}
	f, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	return s.contactForm(c, a, study, status, f)
}
