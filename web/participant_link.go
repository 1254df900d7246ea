package web

import (
	"errors"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type linkPage struct {
	Page
	Action string
}

// showPersonalLink greets whoever opens a personal link. It changes nothing, so
// a mail scanner that follows the link does no harm; the button is a POST.
func (s *Server) showPersonalLink(c *gin.Context) error {
	p, err := s.use.SignIns.PersonalLink(c.Request.Context(), c.Param("token"))
	if err != nil {
		return deadLink(err)
	}
	s.settleLanguage(c, p)
	page := s.participantPage(c, survey.ParticipantActor(p), p.Study.Title)
	page.Me = false // who opens a link has not shown yet that it is theirs
	return s.render(c, 200, "link", linkPage{Page: page, Action: c.Request.URL.Path})
}

// usePersonalLink exchanges the link's token for a cookie, and leaves the
// address with the token behind.
func (s *Server) usePersonalLink(c *gin.Context) error {
	cookie, _, err := s.use.SignIns.ByPersonalLink(c.Request.Context(), c.Param("token"))
	if err != nil {
		return deadLink(err)
	}
	s.setCookie(c, survey.SignInParticipant, cookie, survey.ParticipantSignInLifetime)
	return redirect(c, "/me")
}

// deadLink gives every link that does not work the same page.
func deadLink(err error) error {
	if errors.Is(err, survey.ErrNotFound) {
		return errDeadLink
	}
	return err
}
