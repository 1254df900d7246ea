package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// personPage is what a facilitator sees of one person, and can do for them.
type personPage struct {
	Page
	survey.PersonSheet
	Path, RunPath, ContactPath, WhyPath string
	TransferPath                        string
	Waves                               []personWave
	Reasons                             []gridChoice
	Form                                staffForm
	Done                                string // what was just done
}

// personWave is one occasion in words.
type personWave struct{ Name, State, When string }

func personPath(study survey.Study, run survey.RunID, code string) string {
	return runPath(study, run) + "/people/" + url.PathEscape(code) + "/part"
}

// doneWords say what was just done to a person.
func doneWords(what string) string {
	return map[string]string{
		"pause": "Messages are paused.", "resume": "Messages are sent again.",
		"withdraw": "The part in the study has ended. The person’s own page says so.", "note": "The note is added.",
		"transfer": "They go on in this run. What they had not answered follows its calendar.",
	}[what]
}

// leavingWords are the reasons, as facilitators choose them.
func leavingWords() []gridChoice {
	return []gridChoice{
		{string(survey.LeavingAsked), "They asked for it", false},
		{string(survey.LeavingUnreachable), "They cannot be reached any more", false},
		{string(survey.LeavingCourse), "They no longer take part in the course", false},
		{string(survey.LeavingMistake), "They were added by mistake", false},
	}
}

func (s *Server) showPerson(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.personForm(c, a, study, http.StatusOK, given("once", newOnce()))
}

func (s *Server) personForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	known, err := s.use.Runs.Contact(c.Request.Context(), a, study, runID(c), c.Param("code"))
	if err != nil {
		return err
	}
	sheet, err := s.use.Runs.Person(c.Request.Context(), a, study.ID, runID(c), known.Enrolment.ID)
	if err != nil {
		return err
	}
	p := personPage{
		Page: s.staffPage(c, a, study, sectionRuns, known.Enrolment.Code), PersonSheet: sheet,
		Path: personPath(study, sheet.Run.ID, known.Enrolment.Code), RunPath: runPath(study, sheet.Run.ID),
		ContactPath: contactPath(study, sheet.Run.ID, known.Enrolment.Code), WhyPath: whyPath(study, known.Enrolment.Code),
		TransferPath: transferPath(study, sheet.Run.ID, known.Enrolment.Code),
		Reasons:      leavingWords(), Form: f, Done: doneWords(c.Query("done")),
	}
	for _, w := range sheet.Waves {
		p.Waves = append(p.Waves, personWave{w.Wave.Name, stateWord(w.Cell, sheet.Row.Enrolment), windowWords(w)})
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_person", p)
}

// windowWords say when an occasion is, for a person.
func windowWords(w survey.PersonWave) string {
	switch {
	case w.Cell.State == survey.AssessmentSubmitted || w.Cell.State == survey.AssessmentWithdrawn || w.Window == schedule.Window{}:
		return ""
	case w.Cell.State == survey.AssessmentScheduled:
		return "from " + dayWords(schedule.DateOf(w.Window.Opens))
	case w.Cell.State == survey.AssessmentExpired:
		return "until " + dayWords(w.Window.LastDay())
	}
	return "until " + dayWords(w.Window.LastDay())
}

// changePerson does what a facilitator does for a person.
func (s *Server) changePerson(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	ctx, run, once := c.Request.Context(), runID(c), survey.Once(values.Get("once"))
	known, err := s.use.Runs.Contact(ctx, a, study, run, c.Param("code"))
	if err != nil {
		return err
	}
	person, what := known.Enrolment.ID, values.Get("do")
	switch what {
	case "pause", "resume":
		err = s.use.Runs.PausePerson(ctx, a, study.ID, run, person, what == "pause", once)
	case "withdraw":
		err = s.use.Runs.WithdrawPerson(ctx, a, study.ID, run, person, survey.Leaving(values.Get("why")), once)
	case "note":
		err = s.use.Runs.NotePerson(ctx, a, study.ID, run, person, values.Get("note"), once)
	default:
		err = errBadForm
	}
	if err != nil && !errors.Is(err, survey.ErrRepeated) {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.personForm(c, a, study, status, f)
	}
	return redirect(c, personPath(study, run, known.Enrolment.Code)+"?done="+what)
}

// When is an instant by the clock of the run.
func (p personPage) When(t time.Time) string {
	return t.In(p.Run.Zone()).Format(dayLayout + " 2006, 15:04")
}
