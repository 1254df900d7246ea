package web

import (
	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// showFront greets whoever comes without a link.
func (s *Server) showFront(c *gin.Context) error {
	return s.render(c, 200, "front", s.page(c, "Tidemark"))
}

// helpPage is where to find someone to talk to.
type helpPage struct {
	Page
	// Words leads a participant's browser to their own words. Whether there are
	// any is not looked up: the page needs no database.
	Words bool
}

// showHelp says where to find someone to talk to. It needs no sign-in and no
// database.
func (s *Server) showHelp(c *gin.Context) error {
	cookie, err := c.Cookie(s.cookieName(survey.SignInParticipant))
	return s.render(c, 200, "help", helpPage{s.page(c, s.say(c, "help.title")), err == nil && cookie != ""})
}
