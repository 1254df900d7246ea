package web

import (
	"fmt"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type crossoverPage struct {
	Page
	survey.CrossoverSheet
	Path   string // of the run
	Leads  bool   // may see the board of the run
	Form   staffForm
	Chosen map[survey.EnrolmentID]bool
	Done   string // "3 people", just crossed over
}

// showCrossover is who of a run waited, to take the course in a later one.
func (s *Server) showCrossover(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.crossoverForm(c, a, study, 200, staffForm{})
}

func (s *Server) crossoverForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	sheet, err := s.use.Runs.Crossovers(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	p := crossoverPage{
		Page: s.staffPage(c, a, study, sectionRuns, "Who waits"), CrossoverSheet: sheet, Path: runPath(study, sheet.Run.ID),
		Leads: a.MayRun(study.ID, sheet.Run.ID), Form: f, Done: peopleText(c.Query("crossed")), Chosen: map[survey.EnrolmentID]bool{},
	}
	for _, id := range f.Values["person"] {
		p.Chosen[survey.EnrolmentID(id)] = true
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_crossover", p)
}

// crossOver lets those ticked, or all who can, take the course in a later run.
func (s *Server) crossOver(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	n := survey.NewCrossover{To: survey.RunID(values.Get("to")), All: values.Get("all") != ""}
	for _, id := range values["person"] {
		n.People = append(n.People, survey.EnrolmentID(id))
	}
	crossed, err := s.use.Runs.CrossOver(c.Request.Context(), a, study.ID, runID(c), n)
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.crossoverForm(c, a, study, status, f)
	}
	return redirect(c, fmt.Sprintf("%s/crossover?crossed=%d", runPath(study, runID(c)), crossed))
}
