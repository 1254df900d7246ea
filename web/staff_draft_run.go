package web

import (
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
	"tidemark/web/locale"
)

// draftTestPage is the test run: all questions on one page, and below how the answers
// are scored, step by step.
type draftTestPage struct {
	draftPage
	Sheets   []testSheet
	Workings []shownWorking
	Answered bool
	Hidden   []string // codes that were not shown, so that their answers do not count
	Examples []testExample
	Again    template.URL // answers, for a worked example
}

// testSheet is one page of the questionnaire.
type testSheet struct {
	Number         int
	Heading, Intro phrase
	Asked          template.HTML
}

// shownWorking is how one score came about.
type shownWorking struct {
	instrument.Working
	Band  string
	Warns string
}

// Steps are the lines of the working without the last, which is the score.
func (w shownWorking) Steps() []string {
	lines := w.Lines()
	return lines[:len(lines)-1]
}

// Outcome is the score in words.
func (w shownWorking) Outcome() string {
	lines := w.Lines()
	return lines[len(lines)-1]
}

// Counted says in words how an item counts.
func (w shownWorking) Counted(i instrument.WorkedItem) string {
	switch {
	case !i.Given:
		return "not answered"
	case !i.Fits:
		return drafting.Show(i.Answer) + ", which it does not offer"
	case i.Reversed:
		return drafting.Show(i.Answer) + ", reversed " + drafting.Show(i.Least) + " + " + drafting.Show(i.Greatest) + " − " + drafting.Show(i.Answer) + " = " + drafting.Show(i.Counts)
	}
	return drafting.Show(i.Answer)
}

// testExample is a worked example with what the program makes of it.
type testExample struct {
	Number int
	Name   string
	Faults []string
}

func (s *Server) showDraftTest(c *gin.Context, a survey.Actor) error {
	p, err := s.openDraftToRead(c, a, "Test run")
	if err != nil {
		return err
	}
	return s.draftTest(c, http.StatusOK, p, instrument.Answers{}, asking{}, false)
}

// answerDraftTest scores the answers given. They are stored nowhere.
func (s *Server) answerDraftTest(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	p, err := s.openDraftToRead(c, a, "Test run")
	if err != nil {
		return err
	}
	answers := instrument.Answers{}
	if kept := form.Get(fieldKept); kept != "" {
		if err := json.Unmarshal([]byte(kept), &answers); err != nil {
			return errBadForm
		}
	}
	got := readPosted(p.D(), locale.Fallback, form)
	answers = answersWith(answers, got.answers)
	for code, v := range answers {
		if faultOf(p.D(), code, v) != "" {
			delete(answers, code)
		}
	}
	if len(got.faults) > 0 {
		return s.draftTest(c, http.StatusUnprocessableEntity, p, answers, asking{form: form, faults: got.faults}, false)
	}
	return s.draftTest(c, http.StatusOK, p, answers, asking{}, true)
}

func (s *Server) draftTest(c *gin.Context, status int, base draftPage, answers instrument.Answers, show asking, answered bool) error {
	d, l := base.D(), s.texts.In(locale.Fallback)
	words := wordedIn(d, l)
	sheet := survey.Sheet{Definition: d, Answers: answers}
	walk := sheet.Walk()
	p := draftTestPage{draftPage: base, Answered: answered}
	for n := 1; n <= walk.Pages(); n++ {
		var html strings.Builder
		for _, q := range s.pageOf(words, sheet, walk, n, show) {
			if q.Hidden && answered && !answers[q.Code].IsZero() {
				p.Hidden = append(p.Hidden, q.Code)
			}
			q.Hidden = false // all are there to be tried
			if err := s.renderQuestion(&html, words, q); err != nil {
				return err
			}
			if q.Fault != "" {
				p.Form.add(q.Code, q.Fault)
			}
		}
		one := testSheet{Number: n, Asked: template.HTML(html.String())} //nolint:gosec // html/template made the pieces
		one.Heading, one.Intro, _ = words.plan(n)
		p.Sheets = append(p.Sheets, one)
	}
	if answered {
		numbers := d.Given(answers).Numbers()
		for _, working := range d.Explain(numbers) {
			p.Workings = append(p.Workings, banded(d, working))
		}
		again := url.Values{}
		for code, v := range numbers {
			again.Set("answer_"+code, drafting.Show(v))
		}
		p.Again = template.URL(again.Encode()) //nolint:gosec // encoded
	}
	p.Examples = testExamples(base.View)
	if len(p.Form.faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_draft_test", p)
}

// banded adds the range that a score falls in, with its warning.
func banded(d *instrument.Definition, w instrument.Working) shownWorking {
	shown := shownWorking{Working: w}
	scale, known := d.Scale(w.Score.Scale)
	if !known || !w.Score.Valid {
		return shown
	}
	if band, ok := scale.Band(w.Score.Value); ok {
		shown.Band, shown.Warns = band.Label, scale.BandsWarning
	}
	return shown
}

// testExamples are the worked examples of a draft and whether it agrees with them.
func testExamples(v survey.DraftView) []testExample {
	var all []testExample
	for i, example := range v.Definition.Vectors {
		one := testExample{Number: i + 1, Name: example.Name}
		for _, f := range v.Faults {
			if strings.HasPrefix(f.Place, "vectors["+strconv.Itoa(i)+"]") {
				one.Faults = append(one.Faults, f.Problem)
			}
		}
		all = append(all, one)
	}
	return all
}
