package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// transferPage lets somebody go on in another run, and says first what that comes to.
type transferPage struct {
	Page
	survey.TransferSheet
	Path, Back string
	Waves      []transferWave
	Fault      string // why it cannot be
	Form       staffForm
}

// transferWave is one occasion before and after, in words.
type transferWave struct{ Name, Was, New string }

func transferPath(study survey.Study, run survey.RunID, code string) string {
	return runPath(study, run) + "/people/" + url.PathEscape(code) + "/transfer"
}

func (s *Server) showTransfer(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.transferForm(c, a, study, http.StatusOK, given("once", newOnce(), "to", c.Query("to")))
}

func (s *Server) transferForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	ctx := c.Request.Context()
	known, err := s.use.Runs.Contact(ctx, a, study, runID(c), c.Param("code"))
	if err != nil {
		return err
	}
	sheet, err := s.use.Runs.Transfer(ctx, a, study.ID, runID(c), known.Enrolment.ID, survey.RunID(f.Value("to")))
	if err != nil {
		return err
	}
	code := known.Enrolment.Code
	p := transferPage{
		Page: s.staffPage(c, a, study, sectionRuns, "Another run for "+code), TransferSheet: sheet,
		Path: transferPath(study, sheet.Run.ID, code), Back: personPath(study, sheet.Run.ID, code), Form: f,
	}
	if sheet.To != nil {
		if sheet.To.Fault != "" {
			p.Fault = messageText(sheet.To.Fault)
		}
		for _, w := range sheet.To.Waves {
			p.Waves = append(p.Waves, transferWordsOf(w))
		}
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_transfer", p)
}

// transferWordsOf says what becomes of an occasion.
func transferWordsOf(w survey.TransferWave) transferWave {
	words := transferWave{Name: w.Wave.Name, Was: "not asked"}
	if w.Was != (schedule.Window{}) {
		words.Was = dayWords(schedule.DateOf(w.Was.Opens)) + " to " + dayWords(w.Was.LastDay())
	}
	switch {
	case w.State == survey.AssessmentSubmitted:
		words.Was, words.New = "answered", "stays answered"
	case w.New == schedule.Window{}:
		words.New = "not asked: over before they come"
		if w.Wave.Rule.Anchor == schedule.AnchorWave {
			words.New = "follows what they answer, as before"
		}
	default:
		words.New = dayWords(schedule.DateOf(w.New.Opens)) + " to " + dayWords(w.New.LastDay())
	}
	return words
}

// transferPerson lets somebody go on in another run.
func (s *Server) transferPerson(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	ctx, run, to := c.Request.Context(), runID(c), survey.RunID(values.Get("to"))
	known, err := s.use.Runs.Contact(ctx, a, study, run, c.Param("code"))
	if errors.Is(err, survey.ErrNotFound) { // the button was pressed twice
		if known, err = s.use.Runs.Contact(ctx, a, study, to, c.Param("code")); err == nil {
			return redirect(c, personPath(study, to, known.Enrolment.Code)+"?done=transfer")
		}
	}
	if err != nil {
		return err
	}
	err = s.use.Runs.TransferPerson(ctx, a, study.ID, run, known.Enrolment.ID, survey.NewTransfer{
		To: to, Reason: values.Get("reason"), Sure: values.Get("sure") != "", Once: survey.Once(values.Get("once")),
	})
	if err != nil && !errors.Is(err, survey.ErrRepeated) {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.transferForm(c, a, study, status, f)
	}
	return redirect(c, personPath(study, to, known.Enrolment.Code)+"?done=transfer")
}
