package web

import (
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/web/locale"
)

// paperPage asks whose paper questionnaire is to be typed in, and which.
type paperPage struct {
	Page
	Study survey.Study
	Path  string
	Codes []string
	Forms []listOption // "wave:questionnaire"
	Form  staffForm
	Saved string // "1": something was kept; "same": a second entry was the same
}

func paperPath(study survey.Study) string { return studyPath(study) + "/paper" }

// showPaper shows the questionnaire of a person, or asks which.
func (s *Server) showPaper(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	values := url.Values{"code": {strings.TrimSpace(c.Query("code"))}, "form": {c.Query("form")}}
	if c.Query("form") == "" || values.Get("code") == "" {
		return s.paperChoice(c, a, study, http.StatusOK, staffForm{Values: values})
	}
	values.Set("existing", string(survey.ExistingKeep))
	return s.paperForm(c, a, study, http.StatusOK, staffForm{Values: values}, typedIn{posted: posted{form: url.Values{}}})
}

func (s *Server) paperChoice(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	desk, err := s.use.Imports.Desk(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := paperPage{
		Page: s.staffPage(c, a, study, sectionData, "Type in paper"), Study: study, Path: paperPath(study), Codes: desk.Codes, Form: f, Saved: c.Query("saved"),
	}
	for _, sheet := range desk.Design.Sheets {
		value := sheet.Wave + ":" + sheet.Def.Key
		p.Forms = append(p.Forms, listOption{value, sheet.WaveName + " · " + sheet.Def.Title, f.Value("form") == value})
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_paper", p)
}

// paperSheetPage is a questionnaire to be typed in.
type paperSheetPage struct {
	Page
	Study     survey.Study
	Path      string
	Sheet     survey.PaperSheet
	Questions template.HTML
	Form      staffForm
	There     int // answers that there are already
	// Complaints are the faults of questions.
	Complaints []faultLine
	Language   string
}

// compareOnly compares what is typed in a second time with what is there.
const compareOnly = "compare"

// typedIn is what was typed in, and where it differs from what is there.
type typedIn struct {
	posted
	differs map[string]string // in words, by question
}

// paperCompared tells where a second entry differs from the first; nothing is written.
func (s *Server) paperCompared(c *gin.Context, a survey.Actor, study survey.Study, f staffForm, sheet survey.PaperSheet, g posted) error {
	differs := map[string]string{}
	shown := func(v instrument.Value) string {
		if v.IsZero() {
			return "nothing"
		}
		const longest = 40
		return "“" + cut(v.String(), longest) + "”"
	}
	for _, item := range sheet.Definition.Items {
		if there, here := sheet.Answers[item.Code], g.answers[item.Code]; !there.Equal(here) {
			differs[item.Code] = shown(there) + " is kept, and " + shown(here) + " was typed in now."
		}
	}
	if len(differs) == 0 {
		return redirect(c, paperPath(study)+"?saved=same&form="+queryEscape(f.Value("form")))
	}
	return s.paperForm(c, a, study, http.StatusOK, f, typedIn{g, differs})
}

// paperForm shows a questionnaire with the codes of its answers.
func (s *Server) paperForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm, g typedIn) error {
	wave, form, _ := strings.Cut(f.Value("form"), ":")
	sheet, err := s.use.Imports.Paper(c.Request.Context(), a, study.ID, f.Value("code"), wave, form)
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		f.Faults = faults
		return s.paperChoice(c, a, study, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	if f.Value("once") == "" {
		f.Values.Set("once", newOnce())
	}
	p := paperSheetPage{
		Page: s.staffPage(c, a, study, sectionData, "Type in paper"), Study: study, Path: paperPath(study), Sheet: sheet, Form: f,
		There: len(sheet.Answers), Language: sheet.Definition.Language,
	}
	if p.Questions, err = s.paperQuestions(sheet.Definition, g.posted); err != nil {
		return err
	}
	words := wordedIn(sheet.Definition, s.texts.In(locale.Fallback)) // as staff pages are
	number := 0
	for _, item := range sheet.Definition.Items {
		if item.Type.Asked() {
			number++
		}
		if key, wrong := f.Faults[item.Code]; wrong {
			p.Complaints = append(p.Complaints, faultLine{Field: item.Code, Place: strconv.Itoa(number), Text: words.faultWords(item.Code, key)})
			delete(f.Faults, item.Code)
		} else if text, differs := g.differs[item.Code]; differs {
			p.Complaints = append(p.Complaints, faultLine{Field: item.Code, Place: strconv.Itoa(number), Text: text})
		}
	}
	if len(f.Faults)+len(p.Complaints) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_paper_sheet", p)
}

// paperQuestions are all questions, as their person would be asked them, with the
// code of every answer. What other answers would hide is there as well: paper hides
// nothing.
func (s *Server) paperQuestions(d *instrument.Definition, g posted) (template.HTML, error) {
	l, ok := s.texts.Find(d.Language)
	if !ok {
		l = s.texts.In(locale.Fallback)
	}
	words := worded{Definition: d, own: d, page: l}
	var html strings.Builder
	number := 0
	for _, item := range d.Items {
		if !item.Type.Asked() {
			continue
		}
		q := words.ask(item, g.answers[item.Code], g.form)
		number++
		q.Number, q.Hidden, q.Fresh = number, false, false
		if key := g.faults[item.Code]; key != "" {
			q.Fault = words.faultWords(item.Code, key)
		}
		if item.Type.Chosen() {
			q.Options = slices.Clone(q.Options)
			for i, o := range q.Options {
				q.Options[i].Label.Words = numberText(o.Value) + " · " + o.Label.Words
			}
		}
		if err := s.renderQuestion(&html, words, q); err != nil {
			return "", err
		}
	}
	return template.HTML(html.String()), nil //nolint:gosec // html/template made the pieces
}

// enterPaper writes a questionnaire that was typed in.
func (s *Server) enterPaper(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	wave, form, _ := strings.Cut(values.Get("_form"), ":")
	f := staffForm{Values: url.Values{"form": {values.Get("_form")}}}
	for _, name := range []string{"code", "date", "existing", "reason", "agreed", "once"} {
		f.Values.Set(name, values.Get("_"+name))
	}
	sheet, err := s.use.Imports.Paper(c.Request.Context(), a, study.ID, f.Value("code"), wave, form)
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		f.Faults = faults
		return s.paperChoice(c, a, study, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	g := readPosted(sheet.Definition, sheet.Definition.Language, values)
	if len(g.faults) == 0 && f.Value("existing") == compareOnly {
		return s.paperCompared(c, a, study, f, sheet, g)
	}
	if len(g.faults) == 0 {
		_, err = s.use.Imports.EnterPaper(c.Request.Context(), a, study.ID, survey.PaperEntry{
			Code: f.Value("code"), Wave: wave, Form: form, Answers: g.answers, Date: strings.TrimSpace(f.Value("date")),
			Existing: survey.Existing(f.Value("existing")), Reason: f.Value("reason"), Agreed: f.Value("agreed") != "", Once: survey.Once(f.Value("once")),
		})
		if err == nil || errors.Is(err, survey.ErrRepeated) {
			return redirect(c, paperPath(study)+"?saved=1&form="+queryEscape(values.Get("_form")))
		}
		faults, ok := errors.AsType[survey.FieldErrors](err)
		if !ok {
			return err
		}
		g.faults = faults
	}
	f.Faults = maps.Clone(g.faults)
	return s.paperForm(c, a, study, http.StatusUnprocessableEntity, f, typedIn{posted: g})
}
