package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"mime"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

type questionsPage struct {
	Page
	StudyTitle  string
	Sheet       survey.Sheet
	Number      int // of this page, from 1
	Pages       int
	Questions   []question
	Answered    int
	Total       int
	MinutesLeft float64
	Back        string // where Back leads without saving; empty on a page that saves first
	Saved       string // "Saved just now"; empty before the first answer
	Faults      survey.FieldErrors
	Base        string // address of the assessment
}

type question struct {
	Number  int
	Item    instrument.Item
	Options []option
	Fault   string
}

type option struct {
	instrument.Option
	Checked bool
}

func assessmentPath(id survey.AssessmentID) string { return "/me/a/" + url.PathEscape(string(id)) }

func assessmentID(c *gin.Context) survey.AssessmentID {
	return survey.AssessmentID(c.Param("assessment"))
}

// sheet opens the assessment of the address; one that is submitted or cannot be
// answered now is an error, except that a submitted one is told apart.
func (s *Server) sheet(c *gin.Context, a survey.Actor) (survey.Sheet, error) {
	sheet, err := s.use.Assessments.Sheet(c.Request.Context(), a, assessmentID(c))
	if err != nil {
		return sheet, err
	}
	switch sheet.State {
	case survey.AssessmentScheduled:
		return sheet, survey.ErrNotOpen
	case survey.AssessmentExpired:
		return sheet, survey.ErrExpired
	case survey.AssessmentWithdrawn:
		return sheet, survey.ErrWithdrawn
	case survey.AssessmentSubmitted, survey.AssessmentOpen, survey.AssessmentPartly:
	}
	return sheet, nil
}

// resumeAssessment leads to the first page with an open question, wherever the
// person stopped and on whatever device.
func (s *Server) resumeAssessment(c *gin.Context, a survey.Actor) error {
	sheet, err := s.sheet(c, a)
	if err != nil {
		return err
	}
	base := assessmentPath(sheet.Assessment.ID)
	if sheet.State == survey.AssessmentSubmitted {
		return redirect(c, base+"/done")
	}
	for i, items := range sheet.Definition.Pages() {
		for _, it := range items {
			if _, ok := sheet.Answers[it.Code]; !ok {
				return redirect(c, base+"/page/"+strconv.Itoa(i+1))
			}
		}
	}
	return redirect(c, base+"/review")
}

func (s *Server) showQuestions(c *gin.Context, a survey.Actor) error {
	sheet, err := s.sheet(c, a)
	if err != nil {
		return err
	}
	if sheet.State == survey.AssessmentSubmitted {
		return redirect(c, assessmentPath(sheet.Assessment.ID)+"/done")
	}
	return s.questions(c, a, sheet, 200, nil, nil)
}

// questions renders one page. given are values just sent that could not be
// saved; they are shown rather than lost.
func (s *Server) questions(c *gin.Context, a survey.Actor, sheet survey.Sheet, status int, given url.Values, faults survey.FieldErrors) error {
	pages := sheet.Definition.Pages()
	number, err := strconv.Atoi(c.Param("page"))
	if err != nil || number < 1 || number > len(pages) {
		return survey.ErrNotFound
	}
	p := questionsPage{
		StudyTitle: a.Participation.Study.Title, Sheet: sheet, Number: number, Pages: len(pages),
		Answered: len(sheet.Answers), Total: len(sheet.Definition.Items), Faults: faults,
		Base: assessmentPath(sheet.Assessment.ID), Saved: savedText(sheet.Assessment.SavedAt, s.cfg.Now()),
	}
	p.MinutesLeft = sheet.Definition.Minutes * float64(p.Total-p.Answered) / float64(p.Total)
	p.Page = s.participantPage(c, a, fmt.Sprintf("%s, page %d of %d", sheet.Definition.Heading, number, len(pages)))
	if len(faults) > 0 {
		p.Title = messageText("error.prefix") + p.Title
	}
	n := 0
	for _, before := range pages[:number-1] {
		n += len(before)
	}
	for _, it := range pages[number-1] {
		n++
		q := question{Number: n, Item: it, Fault: faults[it.Code]}
		options, _ := sheet.Definition.ItemOptions(it.Code)
		value, answered := sheet.Answers[it.Code]
		if v, err := strconv.ParseFloat(given.Get(it.Code), 64); err == nil {
			value, answered = v, true
		}
		for _, o := range options {
			q.Options = append(q.Options, option{o, answered && o.Value == value})
		}
		p.Questions = append(p.Questions, q)
	}
	return s.render(c, status, "questions", p)
}

// savedText says how long ago the last answer reached the server.
func savedText(at, now time.Time) string {
	switch ago := now.Sub(at); {
	case at.IsZero():
		return ""
	case ago < 2*time.Minute:
		return "Saved just now"
	case ago < time.Hour:
		return fmt.Sprintf("Saved %d minutes ago", int(ago.Minutes()))
	default:
		return "Saved"
	}
}

// answerQuestions saves a page that came as a form and leads on, or back.
func (s *Server) answerQuestions(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Param("page"))
	if err != nil {
		return survey.ErrNotFound
	}
	ctx, id := c.Request.Context(), assessmentID(c)
	answers, faults := readAnswers(form)
	var sheet survey.Sheet
	if len(faults) == 0 {
		sheet, err = s.use.Assessments.Save(ctx, a, id, answers)
		var refused bool
		if faults, refused = errors.AsType[survey.FieldErrors](err); err != nil && !refused {
			return err
		}
	}
	if len(faults) > 0 {
		if sheet, err = s.sheet(c, a); err != nil {
			return err
		}
		return s.questions(c, a, sheet, 422, form, faults)
	}
	return redirect(c, after(sheet, number, form.Get("go")))
}

// after is where a saved page leads: back, on, or to the review behind the last.
func after(sheet survey.Sheet, number int, direction string) string {
	base := assessmentPath(sheet.Assessment.ID)
	if direction == "back" {
		if number <= 1 {
			return "/me"
		}
		return base + "/page/" + strconv.Itoa(number-1)
	}
	if number < len(sheet.Definition.Pages()) {
		return base + "/page/" + strconv.Itoa(number+1)
	}
	return base + "/review"
}

// readAnswers takes the item fields of a form. Items not answered are not in it.
func readAnswers(form url.Values) (instrument.Answers, survey.FieldErrors) {
	answers, faults := instrument.Answers{}, survey.FieldErrors{}
	for name, values := range form {
		if name == "go" {
			continue
		}
		v, err := strconv.ParseFloat(values[0], 64)
		if err != nil || len(values) != 1 || math.IsNaN(v) || math.IsInf(v, 0) {
			faults[name] = instrument.MessageNotAnOption
			continue
		}
		answers[name] = v
	}
	return answers, faults
}

// saveAnswers keeps single answers while a person fills in a page. It answers
// only after the answers are on stable storage.
func (s *Server) saveAnswers(c *gin.Context, a survey.Actor) error {
	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return errContentType
	}
	var body struct {
		Answers instrument.Answers `json:"answers"`
	}
	decoder := json.NewDecoder(c.Request.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		return formError(err)
	}
	if _, err := s.use.Assessments.Save(c.Request.Context(), a, assessmentID(c), body.Answers); err != nil {
		return err
	}
	c.JSON(200, gin.H{"saved": len(body.Answers)})
	return nil
}
