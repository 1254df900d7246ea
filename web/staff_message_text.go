package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

// wordingPage is the form for a study's words of a kind of message, with how they
// look.
type wordingPage struct {
	Page
	Wording  survey.MessageWording
	Name     string // of the kind
	English  string // of the language
	Path     string // of this page
	Back     string
	MayEdit  bool
	Own      bool
	Form     staffForm
	Places   []string // that can be filled in
	BadPlace []string // what cannot, and where
	Preview  *letterPreview
	Saved    bool
}

// letterPreview is a message as somebody would get it.
type letterPreview struct {
	writtenWave
	Text string
}

func wordsPath(s survey.Study, k reminding.Kind, language string) string {
	return messagesPath(s) + "/texts/" + string(k) + "/" + url.PathEscape(language)
}

func (s *Server) showWording(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.wordingForm(c, a, study, http.StatusOK, staffForm{}, nil)
}

func (s *Server) wordingForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm, bad []survey.TextPlace) error {
	kind, tag := reminding.Kind(c.Param("kind")), c.Param("language")
	if !slices.Contains(s.studyLanguages(study), tag) {
		return survey.ErrNotFound
	}
	w, err := s.use.Messages.Wording(c.Request.Context(), a, study.ID, kind, tag)
	if err != nil {
		return err
	}
	own, has := w.Now()
	if f.Values == nil {
		text := ourText(s.texts.In(tag), kind)
		if has {
			text = own.Text
		}
		f.Values = url.Values{"subject": {text.Subject}, "body": {text.Body}, "revision": {strconv.Itoa(w.Revision())}}
	}
	p := wordingPage{
		Page:    s.staffPage(c, a, study, sectionMessages, kindWords(kind)+" in "+languageName(tag)),
		Wording: w, Name: kindWords(kind), English: languageName(tag), Path: wordsPath(study, kind, tag), Back: messagesPath(study),
		MayEdit: a.MayWriteConsent(study.ID), Own: has, Form: f, Places: kind.Places(), Saved: c.Query("saved") != "",
	}
	for _, b := range bad {
		p.BadPlace = append(p.BadPlace, "In the "+map[string]string{"subject": "subject", "body": "text"}[b.Field]+": "+b.Fault.String()+".")
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
		return s.render(c, status, "staff_message_text", p)
	}
	text := reminding.Text{Subject: f.Value("subject"), Body: f.Value("body")}
	d, err := s.use.Messages.Sample(c.Request.Context(), a, study.ID, kind, tag, &text)
	if err != nil {
		return err
	}
	letter := newWrittenWave(s, s.texts.In(tag), d)
	p.Preview = &letterPreview{writtenWave: letter, Text: letter.Plain()}
	return s.render(c, status, "staff_message_text", p)
}

// writeWording shows how words look, or keeps them; ours again when that is asked.
func (s *Server) writeWording(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	kind, tag := reminding.Kind(c.Param("kind")), c.Param("language")
	text := reminding.Text{Subject: values.Get("subject"), Body: strings.ReplaceAll(values.Get("body"), "\r\n", "\n")}
	values.Set("body", text.Body)
	revision, _ := strconv.Atoi(values.Get("revision")) // what is no number fits no revision
	switch values.Get("do") {
	case "preview":
		err = s.use.Messages.CheckText(kind, text)
		if err == nil {
			return s.wordingForm(c, a, study, http.StatusOK, staffForm{Values: values}, nil)
		}
	case "ours":
		text = reminding.Text{}
		err = s.use.Messages.Write(c.Request.Context(), a, study.ID, kind, tag, text, revision)
	default:
		err = s.use.Messages.Write(c.Request.Context(), a, study.ID, kind, tag, text, revision)
	}
	if err == nil {
		return redirect(c, wordsPath(study, kind, tag)+"?saved=1")
	}
	var bad []survey.TextPlace
	if faults, ok := errors.AsType[*survey.TextFaults](err); ok {
		bad = faults.Places
	}
	f, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	return s.wordingForm(c, a, study, status, f, bad)
}
