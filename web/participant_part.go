package web

import (
	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type partPage struct {
	Page
	Participation survey.Participation
}

// showPart is a person's part in the study: what they agreed to, and the way out.
func (s *Server) showPart(c *gin.Context, a survey.Actor) error {
	return s.render(c, 200, "part", partPage{
		Page: s.participantPage(c, a, "Your part in this study"), Participation: a.Participation,
	})
}

// leaveStudy ends the participation; doing it twice is no fault.
func (s *Server) leaveStudy(c *gin.Context, a survey.Actor) error {
	if err := s.use.Enrolments.Withdraw(c.Request.Context(), a); err != nil {
		return err
	}
	return redirect(c, "/me/part")
}
