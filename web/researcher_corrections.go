package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// correctionsShown is how many corrections of a study its page lists.
const correctionsShown = 100

type correctionsPage struct {
	Page
	Path  string
	Form  staffForm
	Found bool
	Code  string
	Items []correctable
	Done  []correctionLine
}

// correctable is a submitted questionnaire.
type correctable struct {
	Title, Path string
	Wave        string
	At          time.Time
}

// correctionLine is a correction that was made.
type correctionLine struct {
	At                                time.Time
	Who, Item, Old, New, Reason, Path string
	Erased                            bool
}

type correctionPage struct {
	Page
	Path    string // of all corrections
	Address string
	Sheet   survey.CorrectionSheet
	Answers []answerLine
	// Of the item that is put right, if one was chosen.
	Chosen  *instrument.Item
	Now     string
	Options []optionLine
	Several bool
	Form    staffForm
	Saved   bool
}

// answerLine is an item and what was answered.
type answerLine struct {
	Code, Text, Answer string
	NotAsked           bool
	Path               string
}

type optionLine struct {
	Value, Label string
	On           bool
}

func correctionsPath(s survey.Study) string { return studyPath(s) + "/corrections" }

// showCorrections lists what was put right, and finds what can be.
func (s *Server) showCorrections(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	lines, err := s.use.Corrections.List(c.Request.Context(), a, study.ID, correctionsShown)
	if err != nil {
		return err
	}
	users := map[string]string{}
	p := correctionsPage{Page: s.staffPage(c, a, study, sectionData, "Corrections"), Path: correctionsPath(study)}
	for i := range lines {
		e := &lines[i]
		if e.ActorID == a.ID() {
			users[e.ActorID] = "You"
		}
		p.Done = append(p.Done, correctionLine{
			At: e.At, Who: actorWords(e.AuditEvent, users), Item: e.Detail, Old: e.Text.Old, New: e.Text.New, Reason: e.Text.Reason,
			Path: p.Path + "/" + e.ObjectID, Erased: e.Text == survey.AuditText{},
		})
	}
	p.Code = strings.ToUpper(strings.TrimSpace(c.Query("code")))
	p.Form = staffForm{Values: url.Values{"code": {p.Code}}}
	if p.Code == "" {
		return s.render(c, http.StatusOK, "researcher_corrections", p)
	}
	book, err := s.use.Corrections.Find(c.Request.Context(), a, study.ID, p.Code)
	switch {
	case errors.Is(err, survey.ErrNotFound):
		p.Form.Faults = survey.FieldErrors{"code": "correction.nobody"}
		erring(&p.Page)
		return s.render(c, http.StatusUnprocessableEntity, "researcher_corrections", p)
	case err != nil:
		return err
	}
	p.Found = true
	for _, it := range book.Submitted {
		p.Items = append(p.Items, correctable{it.Definition.Title, p.Path + "/" + string(it.Assessment.ID), it.Wave.Name, it.Assessment.SubmittedAt})
	}
	return s.render(c, http.StatusOK, "researcher_corrections", p)
}

func (s *Server) showCorrection(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.correction(c, a, study, c.Query("item"), http.StatusOK, staffForm{})
}

// correction shows a submitted questionnaire, and the form for one of its items.
func (s *Server) correction(c *gin.Context, a survey.Actor, study survey.Study, code string, status int, f staffForm) error {
	sheet, err := s.use.Corrections.Sheet(c.Request.Context(), a, study.ID, survey.AssessmentID(c.Param("assessment")))
	if err != nil {
		return err
	}
	p := correctionPage{
		Page: s.staffPage(c, a, study, sectionData, "Answers of "+sheet.Enrolment.Code), Path: correctionsPath(study), Sheet: sheet, Form: f,
		Saved: c.Query("saved") != "",
	}
	p.Address = p.Path + "/" + string(sheet.Assessment.ID)
	if strings.HasPrefix(f.Faults["value"], "answer.") { // the words for these are the participants'
		f.Faults["value"] = "correction.bad_value"
	}
	for i := range sheet.Definition.Items {
		item := &sheet.Definition.Items[i]
		if !item.Type.Asked() {
			continue
		}
		p.Answers = append(p.Answers, answerLine{
			item.Code, item.Text, answerWords(sheet.Definition, item.Code, sheet.Answers[item.Code]), sheet.NotAsked[item.Code],
			p.Address + "?" + url.Values{"item": {item.Code}}.Encode() + "#put-right",
		})
		if item.Code == code && !sheet.NotAsked[code] {
			p.choose(item, sheet)
		}
	}
	if status != http.StatusOK {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_correction", p)
}

// choose readies the form for an item. What was typed comes back.
func (p *correctionPage) choose(item *instrument.Item, sheet survey.CorrectionSheet) {
	now := sheet.Answers[item.Code]
	p.Chosen, p.Now = item, answerWords(sheet.Definition, item.Code, now)
	p.Several = item.Type == instrument.TypeMultiple
	if p.Form.Values == nil {
		p.Form.Values = url.Values{"was": {now.Stamp()}, item.Code: strings.Split(now.String(), ",")}
		if !p.Several {
			p.Form.Values.Set(item.Code, now.String())
		}
	}
	options, _ := sheet.Definition.ItemOptions(item.Code)
	for _, o := range options {
		value := strconv.FormatFloat(o.Value, 'g', -1, 64)
		on := false
		for _, given := range p.Form.Values[item.Code] {
			on = on || given == value
		}
		p.Options = append(p.Options, optionLine{value, value + " – " + o.Label, on})
	}
}

// answerWords is an answer with the words of its options.
func answerWords(d *instrument.Definition, code string, v instrument.Value) string {
	if v.IsZero() {
		return ""
	}
	options, _ := d.ItemOptions(code)
	label := func(number float64) string {
		for _, o := range options {
			if o.Value == number {
				return strconv.FormatFloat(number, 'g', -1, 64) + " – " + o.Label
			}
		}
		return strconv.FormatFloat(number, 'g', -1, 64)
	}
	if n, ok := v.Number(); ok {
		return label(n)
	}
	if choices := v.Choices(); len(choices) > 0 {
		words := make([]string, len(choices))
		for i, n := range choices {
			words[i] = label(n)
		}
		return strings.Join(words, "; ")
	}
	return v.String()
}

// makeCorrection puts one answer right.
func (s *Server) makeCorrection(c *gin.Context, a survey.Actor) error {
	study, form, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), survey.AssessmentID(c.Param("assessment"))
	sheet, err := s.use.Corrections.Sheet(ctx, a, study.ID, id)
	if err != nil {
		return err
	}
	code := form.Get("item")
	item, ok := sheet.Definition.Item(code)
	if !ok || !item.Type.Asked() {
		return errBadForm
	}
	var value instrument.Value
	var fault string
	if form.Get(code) != "" || len(form[code]) > 1 {
		value, fault = readItem(sheet.Definition, item, "en", form)
	}
	if fault != "" {
		return s.correction(c, a, study, code, http.StatusUnprocessableEntity, staffForm{form, survey.FieldErrors{"value": fault}})
	}
	err = s.use.Corrections.Make(ctx, a, study.ID, id, survey.NewCorrection{
		Item: code, Value: value, Was: form.Get("was"), Reason: form.Get("reason"),
	})
	if err == nil {
		return redirect(c, correctionsPath(study)+"/"+string(id)+"?saved=1")
	}
	f, status, err := again(form, err, "")
	if err != nil {
		return err
	}
	return s.correction(c, a, study, code, status, f)
}
