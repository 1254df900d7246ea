package web

import (
	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// contactsPage is how the people of a run are reached.
type contactsPage struct {
	Page
	Study  survey.Study
	Run    survey.CourseRun
	Path   string // of the run
	Back   string
	People []survey.PersonContact
}

// showContacts lists how the people of a run are reached, for its facilitators and the
// study's data managers. It tells nothing of answers, nor whether there are any.
func (s *Server) showContacts(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	run, people, err := s.use.Runs.Contacts(c.Request.Context(), a, study, runID(c))
	if err != nil {
		return err
	}
	p := contactsPage{
		Page:  s.staffPage(c, a, study, sectionRuns, "How people are reached"),
		Study: study, Run: run, Path: runPath(study, run.ID), Back: studyPath(study) + "/runs", People: people,
	}
	if a.MayRun(study.ID, run.ID) {
		p.Back = p.Path
	}
	return s.render(c, 200, "facilitator_contacts", p)
}
