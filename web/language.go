package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/locale"
)

// Where what belongs to a request's language waits in its context.
const (
	languageKey   = "language"
	spokenKey     = "language chosen now"
	staffKey      = "pages of staff"
	studyTextsKey = "study texts"
)

// languageChoice is no sign-in, but kept by the browser in the same way.
const languageChoice survey.SignInKind = "language"

// languageLife is how long a browser keeps the choice.
const languageLife = 365 * 24 * time.Hour

// language is the one a request is answered in: what was settled on the way
// (settleLanguage, inEnglish), or else what was chosen in this browser, or what it
// asks for.
func (s *Server) language(c *gin.Context) *locale.Language {
	if l, ok := c.Get(languageKey); ok {
		return l.(*locale.Language)
	}
	l, ok := s.preferred(c)
	if !ok {
		l = s.texts.In(locale.Fallback)
	}
	c.Set(languageKey, l)
	return l
}

// preferred is the language chosen in this browser, or else the first that it asks
// for and there is.
func (s *Server) preferred(c *gin.Context) (*locale.Language, bool) {
	if l, ok := s.chosenHere(c); ok {
		return l, true
	}
	return s.texts.Match(c.GetHeader("Accept-Language"))
}

func (s *Server) chosenHere(c *gin.Context) (*locale.Language, bool) {
	if tag := c.GetString(spokenKey); tag != "" {
		return s.texts.Find(tag)
	}
	cookie, err := c.Cookie(s.cookieName(languageChoice))
	if err != nil {
		return nil, false
	}
	return s.texts.Find(cookie)
}

// settleLanguage finds the language for a participant: their own choice, or else
// what the browser says, or else the study's. Where a page is in another than the
// study's, the study's texts in it are read.
func (s *Server) settleLanguage(c *gin.Context, a survey.Actor) error {
	p := a.Participation
	l, ok := s.texts.Find(p.Enrolment.Language)
	if p.Enrolment.Language == "" || !ok {
		if l, ok = s.preferred(c); !ok {
			l = s.texts.In(p.Study.Language)
		}
	}
	c.Set(languageKey, l)
	if l.Tag == p.Study.Language || wantsJSON(c.Request) {
		return nil
	}
	return s.readStudyTexts(c, a)
}

func (s *Server) readStudyTexts(c *gin.Context, a survey.Actor) error {
	if _, ok := c.Get(studyTextsKey); ok {
		return nil
	}
	texts, err := s.use.Languages.Texts(c.Request.Context(), a, a.Participation.Study.ID)
	if err != nil {
		return err
	}
	c.Set(studyTextsKey, texts)
	return nil
}

// inEnglish answers a page of staff, errors included.
//
//go:noinline
func (s *Server) inEnglish(h handler) handler {
	return func(c *gin.Context) error {
		c.Set(languageKey, s.texts.In(locale.Fallback))
		c.Set(staffKey, true)
		return h(c)
	}
}

// say is a text in the language of the request.
func (s *Server) say(c *gin.Context, key string, values ...any) string {
	return s.language(c).Say(key, values...)
}

// tongue is a language to choose.
type tongue struct {
	Tag, Name string
	On        bool
}

// offerLanguages puts the choice of language on a page, with the address to come
// back to. Pages of staff have none; nor have pages that hold what somebody has
// typed and that do not send it along ([Server.keepTyping]): it would be lost.
func (s *Server) offerLanguages(c *gin.Context, p *Page, back string) {
	if c.GetBool(staffKey) {
		return
	}
	for _, l := range s.texts.Languages() {
		p.Languages = append(p.Languages, tongue{l.Tag, l.Name, l.Tag == p.Lang})
	}
	p.Here = back
}

// keepTyping makes the choice of language send a form of the page along.
func (s *Server) keepTyping(c *gin.Context, p *Page, form string) {
	p.Typing = form
	if len(p.Languages) == 0 {
		s.offerLanguages(c, p, "")
	}
}

// speaks is whether a form was sent only to be read on in another language, which is
// chosen then. What it holds is shown again and goes nowhere.
func (s *Server) speaks(c *gin.Context, a survey.Actor, form url.Values) (bool, error) {
	tag := form.Get(fieldSpeak)
	if tag == "" {
		return false, nil
	}
	if err := s.speak(c, a, tag); err != nil {
		return true, err
	}
	c.Set(spokenKey, tag)
	if a.Kind != survey.ActorParticipant {
		return true, nil
	}
	a.Participation.Enrolment.Language = tag
	return true, s.settleLanguage(c, a)
}

// cameFrom is the page of ours from which a form was sent, as far as the browser
// tells.
func (s *Server) cameFrom(c *gin.Context) string {
	home := "/"
	if strings.HasPrefix(c.Request.URL.Path, "/me") {
		home = "/me"
	}
	u, err := url.Parse(c.Request.Referer())
	if err != nil || u.Host != s.base.Host || u.Path == "" {
		return home
	}
	return localPath(u.RequestURI(), home)
}

// chooseLanguage keeps a choice: in this browser, and for whoever is signed in or
// holds the link that they came from.
func (s *Server) chooseLanguage(c *gin.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	back := localPath(form.Get("back"), "/")
	a, known, err := s.chooser(c, back)
	if err != nil {
		return err
	}
	if !known {
		a = survey.Actor{}
	}
	if err := s.speak(c, a, form.Get("language")); err != nil {
		return err
	}
	return redirect(c, back)
}

// speak keeps a choice in this browser, and for the participant if there is one.
func (s *Server) speak(c *gin.Context, a survey.Actor, tag string) error {
	l, ok := s.texts.Find(tag)
	if !ok {
		return errBadForm
	}
	c.Set(languageKey, l)
	s.setCookie(c, languageChoice, l.Tag, languageLife)
	if a.Kind != survey.ActorParticipant {
		return nil
	}
	return whenTaken(s.use.Languages.Choose(c.Request.Context(), a, l.Tag))
}

// chooser is whose choice it is, if anybody is known.
func (s *Server) chooser(c *gin.Context, back string) (survey.Actor, bool, error) {
	ctx := c.Request.Context()
	if token, ok := strings.CutPrefix(back, "/p/"); ok {
		p, err := s.use.SignIns.PersonalLink(ctx, token)
		return survey.ParticipantActor(p), err == nil, unless(err, survey.ErrNotFound)
	}
	cookie, err := c.Cookie(s.cookieName(survey.SignInParticipant))
	if err != nil || cookie == "" {
		return survey.Actor{}, false, nil
	}
	a, err := s.use.SignIns.Participant(ctx, cookie)
	return a, err == nil, unless(err, survey.ErrNotSignedIn)
}

// unless is an error that is not the one expected.
func unless(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

// adoptLanguage gives somebody who has chosen nothing yet what was chosen in this
// browser before they were known.
func (s *Server) adoptLanguage(c *gin.Context, p survey.Participation) error {
	l, ok := s.chosenHere(c)
	if !ok || p.Enrolment.Language != "" {
		return nil
	}
	return whenTaken(s.use.Languages.Choose(c.Request.Context(), survey.ParticipantActor(p), l.Tag))
}

// isRead reports whether a request only looks.
func isRead(c *gin.Context) bool {
	return c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
}
