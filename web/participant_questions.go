package web

import (
	"html/template"
	"net/url"
	"strconv"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

type questionsPage struct {
	Page
	Sheet     survey.Sheet
	Number    int // of this page, from 1
	Questions []question
	Asked     template.HTML // the questions, rendered; empty when there are faults
	Left      string        // "about 2 minutes left"
	Faults    survey.FieldErrors
	Strange   bool // a fault belongs to no question of this page
	progress
}

type question struct {
	Number  int
	Item    instrument.Item
	Options []option
	Across  bool // few and short enough to stand side by side
	Fault   string
}

type option struct {
	instrument.Option
	Checked bool
}

// progress is how far a person has come, for the bar and for the script.
type progress struct {
	Base     string // address of the assessment
	Answered int
	Total    int
	Known    string  // stored answers, as a query string
	Pace     float64 // minutes for one question
}

func progressOf(s survey.Sheet) progress {
	known := url.Values{}
	for code, v := range s.Answers {
		known.Set(code, v.String())
	}
	total := len(s.Definition.Items)
	return progress{
		Base: assessmentPath(s.Assessment.ID), Answered: len(s.Answers), Total: total,
		Known: known.Encode(), Pace: s.Definition.Minutes / float64(total),
	}
}

// minutesLeft is the time for the questions not answered yet.
func minutesLeft(d *instrument.Definition, answered int) float64 {
	return d.Minutes * float64(len(d.Items)-answered) / float64(len(d.Items))
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
		Sheet: sheet, Number: number,
		Faults: faults, progress: progressOf(sheet),
	}
	p.Left = s.language(c).MinutesLeft(minutesLeft(sheet.Definition, p.Answered))
	p.Page = s.participantPage(c, a, s.say(c, "questions.title", "Heading", sheet.Definition.Heading, "Page", number, "Pages", len(pages)))
	if len(faults) > 0 {
		p.Title = s.say(c, "error.prefix") + p.Title
	}
	if len(faults) == 0 {
		p.Asked, err = s.ask(s.language(c), sheet, number)
	} else {
		p.Questions = questionsOf(sheet, number, given, faults)
		p.Strange = strange(p.Questions, faults)
	}
	if err != nil {
		return err
	}
	return s.render(c, status, "questions", p)
}

// questionsOf are the questions of one page with what was given, or else stored.
func questionsOf(sheet survey.Sheet, number int, given url.Values, faults survey.FieldErrors) []question {
	pages := sheet.Definition.Pages()
	n := 0
	for _, before := range pages[:number-1] {
		n += len(before)
	}
	questions := make([]question, 0, len(pages[number-1]))
	for _, it := range pages[number-1] {
		n++
		options, _ := sheet.Definition.ItemOptions(it.Code)
		q := question{Number: n, Item: it, Fault: faults[it.Code], Across: fitAcross(options)}
		value := sheet.Answers[it.Code]
		if v, err := strconv.ParseFloat(given.Get(it.Code), 64); err == nil {
			value = instrument.NumberValue(v)
		}
		for _, o := range options {
			q.Options = append(q.Options, option{o, value == instrument.NumberValue(o.Value)})
		}
		questions = append(questions, q)
	}
	return questions
}

// strange reports whether a fault belongs to none of the questions.
func strange(questions []question, faults survey.FieldErrors) bool {
	known := 0
	for _, q := range questions {
		if q.Fault != "" {
			known++
		}
	}
	return known < len(faults)
}

// fitAcross reports whether the answers fit side by side on a line of some 37
// rem: at most five of them, in words that need no more than two short lines.
func fitAcross(options []instrument.Option) bool {
	const most, longest = 5, 20
	for _, o := range options {
		if utf8.RuneCountInString(o.Label) > longest {
			return false
		}
	}
	return len(options) <= most
}
