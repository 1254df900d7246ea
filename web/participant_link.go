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
	a := survey.ParticipantActor(p)
	if err := s.settleLanguage(c, a); err != nil {
		return err
	}
	if err := s.readStudyTexts(c, a); err != nil { // for the welcome
		return err
	}
	page := s.participantPage(c, a, "")
	page.Title = page.Study.PlainTitle()
	page.Me = false // who opens a link has not shown yet that it is theirs
	return s.render(c, 200, "link", linkPage{Page: page, Action: c.Request.URL.Path})
}

// usePersonalLink exchanges the link's token for a cookie, and leaves the
// address with the token behind.
func (s *Server) usePersonalLink(c *gin.Context) error {
	cookie, p, err := s.use.SignIns.ByPersonalLink(c.Request.Context(), c.Param("token"))
	if err != nil {
		return deadLink(err)
	}
	if err := s.adoptLanguage(c, p); err != nil {
		return err
	}
	s.setCookie(c, survey.SignInParticipant, cookie, survey.ParticipantSignInLifetime)
	return redirect(c, "/me")
}

// deadLinkPath is a link that nobody has.
const deadLinkPath = "/p/-"

// deadLink gives every link that does not work the same page.
func deadLink(err error) error {
	if errors.Is(err, survey.ErrNotFound) {
		return errDeadLink
	}
	return err
}
