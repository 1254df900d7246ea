package web

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"mime"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// answerQuestions saves a page that came as a form and leads on, or back.
func (s *Server) answerQuestions(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Param("page"))
	if err != nil || number < 1 {
		return survey.ErrNotFound
	}
	ctx, id := c.Request.Context(), assessmentID(c)
	if number > 1 { // is there such a page? Every questionnaire has a first
		sheet, err := s.use.Assessments.Save(ctx, a, id, nil)
		if err != nil {
			return err
		}
		if number > len(sheet.Definition.Pages()) {
			return survey.ErrNotFound
		}
	}
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
		if sheet.State == survey.AssessmentSubmitted {
			return survey.ErrSubmitted
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

// readAnswers takes the item fields of a form. Items not answered are not in it,
// nor are those that stand as the page showed them: they may have been changed
// on another device since.
func readAnswers(form url.Values) (instrument.Answers, survey.FieldErrors) {
	answers, faults := instrument.Answers{}, survey.FieldErrors{}
	// A field that cannot be read shows nothing, and then everything is taken.
	shown, _ := url.ParseQuery(form.Get("shown"))
	for name, values := range form {
		if name == "go" || name == "shown" || len(values) == 1 && shown.Has(name) && shown.Get(name) == values[0] {
			continue
		}
		v, err := strconv.ParseFloat(values[0], 64)
		if err != nil || len(values) != 1 || math.IsNaN(v) || math.IsInf(v, 0) {
			faults[name] = instrument.MessageNotAnOption
			continue
		}
		answers[name] = instrument.NumberValue(v)
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
	answers, err := readAnswersJSON(c.Request.Body)
	if err != nil {
		return err
	}
	if _, err := s.use.Assessments.Save(c.Request.Context(), a, assessmentID(c), answers); err != nil {
		return err
	}
	c.JSON(200, gin.H{"saved": len(answers)})
	return nil
}

// readAnswersJSON reads {"answers": {"sc_01": 4}} and nothing else. null is no
// answer, and least of all 0.
func readAnswersJSON(r io.Reader) (instrument.Answers, error) {
	var body struct {
		Answers map[string]*float64 `json:"answers"`
	}
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		return nil, formError(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, formError(err)
	}
	answers := make(instrument.Answers, len(body.Answers))
	for code, v := range body.Answers {
		if v == nil {
			return nil, survey.FieldErrors{code: instrument.MessageNotAnOption}
		}
		answers[code] = instrument.NumberValue(*v)
	}
	return answers, nil
}
