package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type planPage struct {
	Page
	Study    survey.Study
	Path     string
	InForce  *survey.Plan
	Draft    *survey.Plan
	Versions []survey.Plan
	Locked   string // in words, of the plan in force
	Seen     string // in words, what there is to see now
	// Sections are the plan in force in words, or else the draft.
	Sections []planSection
	Form     staffForm
	Problem  string // with a file that could not be read
}

// showPlan is the study's analysis plan, and what can be done about it.
func (s *Server) showPlan(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.planPage(c, a, study, http.StatusOK, staffForm{}, "")
}

func (s *Server) planPage(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm, problem string) error {
	b, err := s.use.Plans.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := planPage{
		Page: s.staffPage(c, a, study, sectionPlan, "Analysis plan"), Study: study, Path: studyPath(study) + "/plan",
		Versions: b.Versions, Form: f, Seen: seenWords(b.Seen), Problem: problem,
	}
	shown, isDraft := b.Draft()
	if isDraft {
		draft := shown
		p.Draft = &draft
	}
	if locked, ok := b.InForce(); ok {
		shown, p.InForce, p.Locked = locked, &locked, lockWords(*locked.Lock)
	}
	if len(b.Versions) > 0 {
		p.Sections = planSections(shown.Content, b.Design)
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_plan", p)
}

// seenWords says what would be noted if the plan were locked now.
func seenWords(seen survey.DataSeen) string {
	if seen.NoOutcome() && seen.Unseen() {
		return "No questionnaire after the course has been submitted, and nobody has opened results or exported data. Now is the best time to lock."
	}
	words := "So far no questionnaire after the course has been submitted"
	if !seen.NoOutcome() {
		words = fmt.Sprintf("So far %s of %s %s been received", count(seen.PostSubmitted, "post-course questionnaire", "post-course questionnaires"),
			count(seen.PostPeople, "person", "people"), plural(seen.PostSubmitted, "has", "have"))
	}
	return words + lookWords(seen, "have") + ". This will be noted with the plan."
}

// revisionOf is the revision of the draft that a form is about; what is none is
// that of no draft.
func revisionOf(values url.Values) int {
	n, err := strconv.Atoi(values.Get("revision"))
	if err != nil {
		return -1
	}
	return n
}

// lockPlan makes the draft final. The box must have been ticked: what it says is
// what the act means.
func (s *Server) lockPlan(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	if values.Get("final") != "1" {
		f, status, _ := again(values, survey.FieldErrors{"final": "plan.not_confirmed"}, "")
		return s.planPage(c, a, study, status, f, "")
	}
	if _, err := s.use.Plans.Lock(c.Request.Context(), a, study.ID, revisionOf(values)); err != nil {
		return err
	}
	return redirect(c, studyPath(study)+"/plan")
}

// discardPlan throws the draft away.
func (s *Server) discardPlan(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	if err := s.use.Plans.Discard(c.Request.Context(), a, study.ID, revisionOf(values)); err != nil {
		return err
	}
	return redirect(c, studyPath(study)+"/plan")
}

type planVersionPage struct {
	Page
	Study    survey.Study
	Path     string
	Plan     survey.Plan
	Locked   string
	Sections []planSection
}

// planVersion finds the version of an address.
func (s *Server) planVersion(c *gin.Context, a survey.Actor) (survey.Study, survey.Plan, error) {
	study, err := s.study(c, a)
	if err != nil {
		return study, survey.Plan{}, err
	}
	version, err := strconv.Atoi(c.Param("version"))
	if err != nil {
		version = 0 // is none; whether the actor may ask comes first
	}
	p, err := s.use.Plans.Version(c.Request.Context(), a, study.ID, version)
	return study, p, err
}

// showPlanVersion is one version to read.
func (s *Server) showPlanVersion(c *gin.Context, a survey.Actor) error {
	study, p, err := s.planVersion(c, a)
	if err != nil {
		return err
	}
	b, err := s.use.Plans.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	page := planVersionPage{
		Page:  s.staffPage(c, a, study, sectionPlan, fmt.Sprintf("Analysis plan, version %d", p.Version)),
		Study: study, Path: studyPath(study) + "/plan", Plan: p, Sections: planSections(p.Content, b.Design),
	}
	if p.Lock != nil {
		page.Locked = lockWords(*p.Lock)
	}
	return s.render(c, http.StatusOK, "researcher_plan_version", page)
}

// downloadPlan answers with plan.json.
func (s *Server) downloadPlan(c *gin.Context, a survey.Actor) error {
	study, p, err := s.planVersion(c, a)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := p.Content.WriteJSON(&body); err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", fmt.Sprintf("%s_plan_v%d.json", study.Key, p.Version)))
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return nil
	}
	if _, err := io.Copy(c.Writer, &body); err != nil {
		s.cfg.Logger.DebugContext(c.Request.Context(), "client gone", "route", c.FullPath())
	}
	return nil
}
