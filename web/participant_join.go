package web

import (
	"errors"
	"html/template"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
	"tidemark/survey/shortcode"
)

// joinPage is where people enrol themselves in a run.
type joinPage struct {
	Page
	Run      survey.CourseRun
	Action   string
	State    survey.EntryState
	Full     bool
	AskEmail bool
	Must     bool // an address has to be given
	From     schedule.Date
	Name     string
	Email    string
	Token    string
	Faults   survey.FieldErrors
	Waiting  waiting
	// Done: an address was given, and a letter tells all else. Listed: there was no
	// place.
	Done, Listed bool
}

// entryLanguage speaks to whoever has chosen no language in that of the study, and
// readies what the study says.
func (s *Server) entryLanguage(c *gin.Context, study survey.Study, texts survey.StudyTexts) {
	if _, ok := s.preferred(c); !ok {
		c.Set(languageKey, s.texts.In(study.Language))
	}
	c.Set(studyTextsKey, texts)
}

func (s *Server) entryPage(c *gin.Context, study survey.Study, title string) Page {
	p := s.page(c, title)
	p.Study = s.studyWords(c, study)
	p.Simulated = p.Simulated || study.Simulated
	return p
}

func (s *Server) joinForm(c *gin.Context, key string) (joinPage, survey.EntryPage, error) {
	e, err := s.use.Entries.Page(c.Request.Context(), key)
	if err != nil {
		return joinPage{}, e, err
	}
	s.entryLanguage(c, e.Study, e.Texts)
	p := joinPage{
		Page: s.entryPage(c, e.Study, s.say(c, "join.title")), Run: e.Run, Action: c.Request.URL.Path, State: e.State, Full: e.Full,
		AskEmail: s.cfg.Mail && e.Entry.AskEmail != survey.EmailNo, Must: e.Entry.AskEmail == survey.EmailRequired,
		From: e.Entry.OpensOn, Token: newOnce(),
	}
	if e.State == survey.EntryOpen || len(e.Recipe) > 0 {
		s.keepTyping(c, &p.Page, "entry")
	}
	return p, e, nil
}

func (s *Server) showJoin(c *gin.Context) error {
	p, e, err := s.joinForm(c, c.Param("key"))
	if err != nil {
		return err
	}
	if len(e.Recipe) > 0 {
		return s.render(c, http.StatusOK, "selfcode", newSelfCodePage(p, e))
	}
	// What a letter says is said of nobody in particular.
	p.Done, p.Listed = s.cfg.Mail && c.Query("done") != "", c.Query("done") == "waiting"
	if p.Done {
		p.Typing = ""
	}
	return s.render(c, http.StatusOK, "join", p)
}

// join enrols whoever sends the form, or puts them on the waiting list. Whoever gives
// an address is answered the same whether or not it is known.
func (s *Server) join(c *gin.Context) error {
	answerAt := time.After(lostLinkTakes)
	form, err := readForm(c)
	if err != nil {
		return err
	}
	only, err := s.speaks(c, survey.Actor{}, form)
	if err != nil {
		return err
	}
	p, e, err := s.joinForm(c, c.Param("key"))
	if err != nil {
		return err
	}
	if len(e.Recipe) > 0 {
		return s.enterBySelfCode(c, newSelfCodePage(p, e), form)
	}
	if only {
		p.Name, p.Email, p.Token = cut(form.Get("name"), 300), cut(form.Get("email"), 300), form.Get("token")
		return s.render(c, http.StatusOK, "join", p)
	}
	j, err := s.use.Entries.Join(c.Request.Context(), s.client(c), c.Param("key"), survey.NewEntry{
		Name: form.Get("name"), Email: form.Get("email"), Language: s.language(c).Tag, Token: form.Get("token"), Letters: s.cfg.Mail,
	})
	if err != nil {
		return s.joinAgain(c, p, form.Get("name"), form.Get("email"), form.Get("token"), err)
	}
	switch {
	case j.Letter:
		select {
		case <-answerAt:
		case <-c.Request.Context().Done():
		}
		if j.Waiting {
			return redirect(c, p.Action+"?done=waiting")
		}
		return redirect(c, p.Action+"?done=letter")
	case j.Waiting:
		return redirect(c, "/waiting/"+form.Get("token"))
	}
	s.setCookie(c, survey.SignInParticipant, j.Cookie, survey.ParticipantSignInLifetime)
	return redirect(c, "/me/link")
}

// joinAgain shows the form with what was typed and what is wrong.
func (s *Server) joinAgain(c *gin.Context, p joinPage, name, email, token string, err error) error {
	minutes, often := tooMany(c, err)
	faults, wrong := errors.AsType[survey.FieldErrors](err)
	if !often && !wrong && !errors.Is(err, survey.ErrNotOpen) {
		return err
	}
	p.Name, p.Email, p.Token, p.Faults, p.Waiting = cut(name, 300), cut(email, 300), token, faults, waiting{minutes}
	status := p.Waiting.status(http.StatusUnprocessableEntity)
	if errors.Is(err, survey.ErrNotOpen) {
		status = http.StatusConflict
	} else {
		p.Title = s.say(c, "error.prefix") + p.Title
	}
	return s.render(c, status, "join", p)
}

// waitingPage is for somebody who waits for a place, or has got one.
type waitingPage struct {
	Page
	Run    survey.CourseRun
	Action string
	Number int
	Gone   bool // they are not on the list
}

func (s *Server) showWaiting(c *gin.Context) error {
	place, err := s.use.Entries.Place(c.Request.Context(), c.Param("ticket"))
	if errors.Is(err, survey.ErrNotFound) {
		return s.render(c, http.StatusNotFound, "waiting", waitingPage{Page: s.page(c, s.say(c, "join.waiting_title")), Gone: true})
	}
	if err != nil {
		return err
	}
	s.entryLanguage(c, place.Study, place.Texts)
	return s.render(c, http.StatusOK, "waiting", waitingPage{
		Page: s.entryPage(c, place.Study, s.say(c, "join.waiting_title")), Run: place.Run, Action: c.Request.URL.Path, Number: place.Number,
	})
}

// useWaiting leaves the list, or begins for somebody who has got a place.
func (s *Server) useWaiting(c *gin.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if form.Get("step") == "leave" {
		if err := s.use.Entries.Leave(c.Request.Context(), c.Param("ticket")); err != nil {
			return err
		}
		return redirect(c, c.Request.URL.Path)
	}
	j, err := s.use.Entries.Enter(c.Request.Context(), c.Param("ticket"))
	if errors.Is(err, survey.ErrNotFound) {
		return redirect(c, c.Request.URL.Path)
	}
	if err != nil {
		return err
	}
	s.setCookie(c, survey.SignInParticipant, j.Cookie, survey.ParticipantSignInLifetime)
	return redirect(c, "/me/link")
}

// ownLinkPage shows somebody who has just come in how to come back.
type ownLinkPage struct {
	Page
	Link, Code, At string
	QR             template.HTML
}

func (s *Server) showOwnLink(c *gin.Context, a survey.Actor) error {
	l, err := s.use.Entries.OwnLink(c.Request.Context(), a)
	if errors.Is(err, survey.ErrNotFound) {
		return redirect(c, "/me")
	}
	if err != nil {
		return err
	}
	link := s.link("/p/" + l.Token)
	return s.render(c, http.StatusOK, "own_link", ownLinkPage{
		Page: s.participantPage(c, a, s.say(c, "join.own_title")), Link: link, Code: shortcode.Grouped(l.Code), At: s.base.Host + codePath,
		QR: qrPicture(link, s.say(c, "join.own_qr")),
	})
}
