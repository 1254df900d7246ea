package web

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/url"
	"slices"
	"strings"

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
	sheet, err := s.answerable(c, a)
	if err != nil {
		return err
	}
	walk := sheet.Walk()
	number, err := pageNumber(c, walk)
	if err != nil {
		return err
	}
	words := s.words(sheet.Assessment.InstrumentID, sheet.Definition, s.language(c))
	posted := readPosted(sheet.Definition, words.page.Tag, form)
	faults := posted.faults
	var saved survey.Sheet
	if !forged(faults) { // what is mistyped keeps nothing else from being saved
		saved, err = s.use.Assessments.SaveGiven(c.Request.Context(), a, sheet.Assessment.ID, survey.Given{
			Answers: posted.answers, How: words.askedAs(walk, posted.answers, nil), Base: posted.base(),
			Visit: survey.Visit{Page: number, Opened: openedAt(form.Get(fieldOpened)), Left: true},
		})
		refused, isRefused := errors.AsType[survey.FieldErrors](err)
		if err != nil && !isRefused {
			return err
		}
		maps.Copy(faults, refused)
		for code := range saved.Conflicts {
			faults[code] = messageConflict
		}
	}
	if len(faults) > 0 {
		if sheet, err = s.sheet(c, a); err != nil {
			return err
		}
		if sheet.State == survey.AssessmentSubmitted {
			return survey.ErrSubmitted
		}
		walk = sheet.Walk()
		return s.questions(c, a, sheet, walk, number, asking{
			form: form, faults: faults, saved: !forged(faults), fresh: unseen(walk, number, form), help: saved.HelpDue,
			conflicts: words.conflicts(saved.Conflicts, posted.answers),
		})
	}
	sheet.Answers = answersWith(sheet.Answers, posted.answers)
	sheet.HelpDue = saved.HelpDue
	return s.leadOn(c, a, sheet, number, form)
}

// forged reports whether there is a fault that no page of ours leads to.
func forged(faults survey.FieldErrors) bool {
	for _, fault := range faults {
		if fault == instrument.MessageUnknownItem || fault == instrument.MessageNotAnOption {
			return true
		}
	}
	return false
}

// answerable is a sheet that can be written, with its answers where they decide
// what is asked.
func (s *Server) answerable(c *gin.Context, a survey.Actor) (survey.Sheet, error) {
	sheet, err := s.use.Assessments.Save(c.Request.Context(), a, assessmentID(c), nil)
	if err != nil || !survey.Branches(sheet.Definition) {
		return sheet, err
	}
	return s.sheet(c, a)
}

// answersWith are the stored answers after a save.
func answersWith(stored, given instrument.Answers) instrument.Answers {
	all := instrument.Answers{}
	maps.Copy(all, stored)
	for code, v := range given {
		if v.IsZero() {
			delete(all, code)
		} else {
			all[code] = v
		}
	}
	return all
}

// leadOn goes where a saved page leads: back, on, or to the same page again when
// something on it is still to be seen or to be answered. Where an answer met a rule
// about risk, the page that says who is there comes first.
func (s *Server) leadOn(c *gin.Context, a survey.Actor, sheet survey.Sheet, number int, form url.Values) error {
	base, walk := assessmentPath(sheet.Assessment.ID), sheet.Walk()
	redirect := func(c *gin.Context, to string) error {
		if sheet.HelpDue {
			to = helpNow(sheet.Assessment.ID, to)
		}
		return redirect(c, to)
	}
	if tag := form.Get(fieldSpeak); tag != "" {
		if err := s.speak(c, a, tag); err != nil {
			return err
		}
		return redirect(c, pagePath(base, number))
	}
	if code := form.Get(fieldClear); code != "" {
		return redirect(c, pagePath(base, number)+"#"+url.PathEscape(code))
	}
	if form.Get(fieldGo) == "back" {
		if n, ok := walk.Back(number); ok {
			return redirect(c, pagePath(base, n))
		}
		return redirect(c, "/me")
	}
	fresh := unseen(walk, number, form)
	faults := survey.FieldErrors{}
	for _, code := range walk.Lacking(number) {
		if !slices.Contains(fresh, code) {
			faults[code] = instrument.MessageRequired
		}
	}
	switch {
	case len(faults) > 0 && sheet.HelpDue:
		return redirect(c, pagePath(base, number)) // where the lack is told after the next press
	case len(faults) > 0:
		return s.questions(c, a, sheet, walk, number, asking{faults: faults, saved: true, fresh: fresh})
	case len(fresh) > 0:
		return redirect(c, pagePath(base, number)+"?new="+url.QueryEscape(strings.Join(fresh, ","))+"#"+fresh[0])
	}
	return redirect(c, onwardPath(base, walk, number))
}

// onwardPath is the page after a page, or the review behind the last.
func onwardPath(base string, walk survey.Walk, number int) string {
	if n, ok := walk.Next(number); ok {
		return pagePath(base, n)
	}
	return base + "/review"
}

// unseen are the items of a page that its answers have brought up since it was
// shown. A form that does not say what could be seen has shown everything.
func unseen(walk survey.Walk, number int, form url.Values) []string {
	if !form.Has(fieldSeen) {
		return nil
	}
	seen := strings.Split(form.Get(fieldSeen), ",")
	var fresh []string
	for _, item := range walk.Page(number) {
		if walk.Shown(item.Code) && !slices.Contains(seen, item.Code) {
			fresh = append(fresh, item.Code)
		}
	}
	return fresh
}

// saveAnswers keeps single answers while a person fills in a page. It answers only
// after the answers are on stable storage, and with what is asked now where that
// depends on them.
func (s *Server) saveAnswers(c *gin.Context, a survey.Actor) error {
	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return errContentType
	}
	body, err := readAnswersJSON(c.Request.Body)
	if err != nil {
		return err
	}
	sheet, err := s.answerable(c, a)
	if err != nil {
		return err
	}
	words := s.words(sheet.Assessment.InstrumentID, sheet.Definition, s.language(c))
	answers, faults := body.read(words)
	var saved survey.Sheet
	if len(faults) == 0 {
		saved, err = s.use.Assessments.SaveGiven(c.Request.Context(), a, sheet.Assessment.ID, survey.Given{
			Answers: answers, How: words.askedAs(sheet.Walk(), answers, body.Layout), Base: body.Base, Waited: body.Waited,
			Visit: survey.Visit{Page: body.Page, Opened: openedAt(body.Opened)},
		})
		faults, _ = errors.AsType[survey.FieldErrors](err)
	}
	if len(faults) > 0 {
		fields := gin.H{}
		for code, fault := range faults {
			fields[code] = words.faultWords(code, fault)
		}
		c.JSON(422, gin.H{"error": "error.fields", "message": words.page.Say("error.fields"), "fields": fields})
		return nil
	}
	if err != nil {
		return err
	}
	conflicts := words.conflicts(saved.Conflicts, answers)
	known := gin.H{}
	for code, v := range answers {
		if _, differs := saved.Conflicts[code]; differs {
			answers[code] = saved.Conflicts[code]
			continue
		}
		known[code] = stamp(v)
	}
	reply := gin.H{"saved": len(known), "known": known}
	if len(conflicts) > 0 {
		reply["conflicts"] = conflicts
	}
	if survey.Branches(sheet.Definition) {
		sheet.Answers = answersWith(sheet.Answers, answers)
		walk := sheet.Walk()
		reply["answered"], reply["total"] = walk.Progress()
		shown := []string{}
		for n := 1; n <= walk.Pages(); n++ {
			for _, item := range walk.Page(n) {
				if walk.Shown(item.Code) {
					shown = append(shown, item.Code)
				}
			}
		}
		reply["shown"] = shown
	}
	if saved.Flagged {
		if reply["help"], err = s.helpAtOnce(c, a, sheet.Assessment.ID); err != nil {
			// The answers are kept; the way to help is at the foot of the page.
			s.cfg.Logger.ErrorContext(c.Request.Context(), "help was not shown at once", "error", err)
			delete(reply, "help")
		}
	}
	c.JSON(200, reply)
	return nil
}

// savedAnswers is the body of a save: numbers, texts, lists of numbers, and null
// where an answer is taken back. Layout says how a question stood on the screen,
// by item, where the server cannot know. Base is what the page knew as stored;
// Page and Opened, which page it was and since when it was open; Waited, that the
// service worker sends what a page had kept.
type savedAnswers struct {
	Answers map[string]instrument.Value `json:"answers"`
	Layout  map[string]string           `json:"layout"`
	Base    map[string]string           `json:"base"`
	Page    int                         `json:"page"`
	Opened  string                      `json:"opened"`
	Waited  bool                        `json:"waited"`
}

// readAnswersJSON reads {"answers": {"sc_01": 4}} and nothing else.
func readAnswersJSON(r io.Reader) (savedAnswers, error) {
	var body savedAnswers
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		return body, formError(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return body, formError(err)
	}
	return body, nil
}

// read are the answers as the questions take them: a text is read as in a form.
func (b savedAnswers) read(words worded) (instrument.Answers, survey.FieldErrors) {
	answers, faults := make(instrument.Answers, len(b.Answers)), survey.FieldErrors{}
	for code, value := range b.Answers {
		item, known := words.own.Item(code)
		if !known || !item.Type.Asked() {
			faults[code] = instrument.MessageUnknownItem
			continue
		}
		text, isText := value.Text()
		if !isText {
			answers[code] = value
			continue
		}
		value, fault := instrument.Value{}, instrument.MessageNotAnOption
		if !item.Type.Chosen() {
			value, fault = readText(words.own, item, words.page.Tag, text)
		}
		if fault != "" {
			faults[code] = fault
		} else {
			answers[code] = value
		}
	}
	return answers, faults
}
