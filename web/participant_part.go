package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type partPage struct {
	Page
	Participation survey.Participation
	LeftOn        string // day; empty while taking part
	Unticked      bool   // asked to leave without the tick
}

// showPart is a person's part in the study: what they agreed to, and the way out.
func (s *Server) showPart(c *gin.Context, a survey.Actor) error {
	return s.part(c, a, http.StatusOK, false)
}

func (s *Server) part(c *gin.Context, a survey.Actor, status int, unticked bool) error {
	p := partPage{
		Page: s.participantPage(c, a, s.say(c, "part.title")), Participation: a.Participation, Unticked: unticked,
	}
	p.Me = true
	if unticked {
		p.Title = s.say(c, "error.prefix") + p.Title
	}
	if at := a.Participation.Enrolment.WithdrawnAt; !at.IsZero() {
		p.LeftOn = s.language(c).Day(dayOf(at, a.Participation.Run))
	}
	return s.render(c, status, "part", p)
}

// leaveStudy ends the participation; doing it twice is no fault. The tick is the
// second of two steps, so that one slip of a thumb ends nothing.
func (s *Server) leaveStudy(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if form.Get("leave") != "yes" {
		return s.part(c, a, http.StatusUnprocessableEntity, true)
	}
	if err := s.use.Enrolments.Withdraw(c.Request.Context(), a); err != nil {
		return err
	}
	return redirect(c, "/me/part")
}

// forgetParticipant ends the sign-in of this device and clears what its browser
// holds for this site, answers that were not sent included.
func (s *Server) forgetParticipant(c *gin.Context, a survey.Actor) error {
	cookie, err := c.Cookie(s.cookieName(survey.SignInParticipant))
	if err != nil {
		return survey.ErrNotSignedIn
	}
	if err := s.use.SignIns.SignOut(c.Request.Context(), a, cookie); err != nil {
		return err
	}
	s.clearCookie(c, survey.SignInParticipant)
	s.clearCookie(c, languageChoice)
	c.Header("Clear-Site-Data", `"storage"`)
	return redirect(c, "/")
}
