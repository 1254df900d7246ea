package web

import (
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/web/locale"
)

// What lets a page of ours show the preview within it, and the preview be shown.
const (
	framingPolicy = contentPolicy + "; frame-src 'self'"
	framedPolicy  = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)

// fieldKept carries the answers of a preview from page to page: they are stored
// nowhere.
const fieldKept = "_kept"

// preview makes a page of questions one of a draft.
type preview struct {
	Kept  string // answers, as JSON
	First bool
}

// draftPreviewPage shows a draft at the width of a phone.
type draftPreviewPage struct {
	draftPage
	Language string
	Tags     []string
	Open     bool // the first page that has anything to show
	Start    int
}

func (s *Server) showDraftPreview(c *gin.Context, a survey.Actor) error {
	base, err := s.openDraft(c, a, "Preview")
	if err != nil {
		return err
	}
	p := draftPreviewPage{draftPage: base, Tags: base.D().Languages(), Language: base.D().Language}
	if slices.Contains(p.Tags, c.Query("language")) {
		p.Language = c.Query("language")
	}
	p.Start, p.Open = survey.Sheet{Definition: base.D()}.Walk().Next(0)
	c.Header("Content-Security-Policy", framingPolicy)
	return s.render(c, http.StatusOK, "staff_draft_preview", p)
}

// previewed is a draft as somebody goes through it in a preview.
type previewed struct {
	draftPage
	sheet survey.Sheet
	words worded
	tag   string // of the questionnaire's words
}

// draftSheet opens a draft for a preview, in the language asked for, with the answers
// that the page carries.
func (s *Server) draftSheet(c *gin.Context, a survey.Actor, form url.Values) (previewed, error) {
	base, err := s.openDraftToRead(c, a, "Preview")
	if err != nil {
		return previewed{}, err
	}
	d := base.D()
	p := previewed{draftPage: base, sheet: survey.Sheet{Definition: d, Answers: instrument.Answers{}}, tag: d.Language}
	if kept := form.Get(fieldKept); kept != "" {
		if err := json.Unmarshal([]byte(kept), &p.sheet.Answers); err != nil {
			return p, errBadForm
		}
	}
	for code, v := range p.sheet.Answers { // of a draft that has changed since
		if faultOf(d, code, v) != "" {
			delete(p.sheet.Answers, code)
		}
	}
	for _, tag := range []string{form.Get(fieldSpeak), c.Query("language")} {
		if slices.Contains(d.Languages(), tag) {
			p.tag = tag
			break
		}
	}
	l, ok := s.texts.Find(p.tag)
	if !ok {
		l = s.texts.In(locale.Fallback)
	}
	shown, _ := d.In(p.tag)
	p.words = worded{Definition: shown, own: d, page: l}
	c.Set(languageKey, l)
	c.Header("Content-Security-Policy", framedPolicy)
	return p, nil
}

// openDraftToRead opens a draft for a form that changes nothing.
func (s *Server) openDraftToRead(c *gin.Context, a survey.Actor, title string) (draftPage, error) {
	v, err := s.use.Drafts.Open(c.Request.Context(), a, survey.DraftID(c.Param("draft")), 0)
	if err != nil {
		return draftPage{}, err
	}
	return draftPage{Page: s.staffPage(c, a, survey.Study{}, sectionLibrary, title+" – "+v.Draft.Title), View: v, Path: draftPath(v.Draft.ID)}, nil
}

func (s *Server) showPreviewPage(c *gin.Context, a survey.Actor) error {
	p, err := s.draftSheet(c, a, url.Values{})
	if err != nil {
		return err
	}
	n, err := pageNumber(c, p.sheet.Walk())
	if err != nil {
		return err
	}
	return s.previewPage(c, p, n, asking{})
}

// answerPreview goes on as a participant would, and stores nothing.
func (s *Server) answerPreview(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	p, err := s.draftSheet(c, a, form)
	if err != nil {
		return err
	}
	n, err := pageNumber(c, p.sheet.Walk())
	if err != nil {
		return err
	}
	got := readPosted(p.sheet.Definition, p.words.page.Tag, form)
	p.sheet.Answers = answersWith(p.sheet.Answers, got.answers)
	walk := p.sheet.Walk()
	fresh := unseen(walk, n, form)
	faults := got.faults
	for _, code := range walk.Lacking(n) {
		if !slices.Contains(fresh, code) && faults[code] == "" {
			faults[code] = instrument.MessageRequired
		}
	}
	switch {
	case form.Get(fieldSpeak) != "" || form.Get(fieldClear) != "":
		return s.previewPage(c, p, n, asking{})
	case form.Get(fieldGo) == "back":
		if to, ok := walk.Back(n); ok {
			n = to
		}
		return s.previewPage(c, p, n, asking{})
	case len(faults) > 0:
		return s.previewPage(c, p, n, asking{form: form, faults: faults, saved: true, fresh: fresh})
	case len(fresh) > 0:
		return s.previewPage(c, p, n, asking{fresh: fresh})
	}
	to, ok := walk.Next(n)
	if !ok {
		return s.previewEnd(c, p)
	}
	return s.previewPage(c, p, to, asking{})
}

// previewPage is a page of questions by the template that participants see.
func (s *Server) previewPage(c *gin.Context, p previewed, number int, show asking) error {
	walk, l := p.sheet.Walk(), p.words.page
	kept, err := json.Marshal(p.sheet.Answers)
	if err != nil {
		return err
	}
	q := questionsPage{
		Sheet: p.sheet, Number: number, Heading: headingOf(p.words.Definition), Intro: p.words.phrase(p.words.Intro, p.words.IntroLang),
		progress: progressOf(p.sheet, walk), Preview: &preview{Kept: string(kept)},
	}
	q.Base, q.Left = p.Path+"/preview", l.MinutesLeft(minutesLeft(p.sheet.Definition, q.Answered))
	if heading, intro, ok := p.words.plan(number); ok {
		q.Heading, q.Intro = heading, intro
	}
	q.Page = s.previewFrame(c, p, q.Heading.Words)
	status := http.StatusOK
	if len(show.faults) > 0 {
		status, q.Complaint = http.StatusUnprocessableEntity, l.Say("questions.look_again")
		q.Title = l.Say("error.prefix") + q.Title
	}
	var html strings.Builder
	var seen []string
	for _, one := range s.pageOf(p.words, p.sheet, walk, number, show) {
		if err := s.renderQuestion(&html, p.words, one); err != nil {
			return err
		}
		if one.Fault != "" {
			q.Complaints = append(q.Complaints, complaint{one.Code, one.Number, one.Text, one.Fault})
		}
		if !one.Hidden {
			seen = append(seen, one.Code)
		}
	}
	q.Asked, q.Seen = template.HTML(html.String()), strings.Join(seen, ",") //nolint:gosec // html/template made the pieces
	return s.render(c, status, "questions", q)
}

// previewFrame is a participant's page with the languages of the draft to choose from.
func (s *Server) previewFrame(c *gin.Context, p previewed, title string) Page {
	page := Page{Title: title, Lang: p.words.page.Tag, Version: s.cfg.Version}
	page.Study = studyWords{page: p.words.page, study: survey.Study{Title: p.View.Draft.Title, Language: p.View.Definition.Language}}
	if tags := p.sheet.Definition.Languages(); len(tags) > 1 {
		for _, tag := range tags {
			page.Languages = append(page.Languages, tongue{tag, locale.EnglishName(tag), tag == p.tag})
		}
	}
	return page
}

// previewEndPage is what stands behind the last page of a preview.
type previewEndPage struct {
	Page
	Path string
	Kept string
	Tag  string
}

func (s *Server) previewEnd(c *gin.Context, p previewed) error {
	kept, err := json.Marshal(p.sheet.Answers)
	if err != nil {
		return err
	}
	c.Set(languageKey, s.texts.In(locale.Fallback))
	page := previewEndPage{Page: Page{Title: "The end of the preview", Lang: locale.Fallback, Version: s.cfg.Version}, Path: p.Path, Kept: string(kept), Tag: p.tag}
	return s.render(c, http.StatusOK, "staff_draft_end", page)
}
