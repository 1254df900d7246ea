package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

const lostLinkPath = "/link/lost"

// lostLinkTakes is how long the answer takes at least, so that its time does not
// tell who is known: more than a letter needs to be kept.
const lostLinkTakes = 300 * time.Millisecond

// lostPage lets a person have their link sent to the stored address again.
type lostPage struct {
	Page
	Mail    bool // letters leave the installation
	Sent    bool
	Email   string // as it was typed
	Fault   string
	Waiting waiting
}

func (s *Server) showLostLink(c *gin.Context) error {
	sent := s.cfg.Mail && c.Query("sent") == "1"
	return s.render(c, http.StatusOK, "lost", lostPage{Page: s.page(c, s.say(c, "lost.title")), Mail: s.cfg.Mail, Sent: sent})
}

// sendLostLink answers everybody the same: nobody learns who takes part.
func (s *Server) sendLostLink(c *gin.Context) error {
	answerAt := time.After(lostLinkTakes)
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if !s.cfg.Mail {
		return redirect(c, lostLinkPath)
	}
	err = s.use.SignIns.SendLostLink(c.Request.Context(), s.client(c), form.Get("email"))
	if minutes, is := tooMany(c, err); is {
		return s.render(c, http.StatusTooManyRequests, "lost", lostPage{
			Page: s.page(c, s.say(c, "error.prefix")+s.say(c, "lost.title")), Mail: true, Email: form.Get("email"), Waiting: waiting{minutes},
		})
	}
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return s.render(c, http.StatusUnprocessableEntity, "lost", lostPage{
			Page: s.page(c, s.say(c, "error.prefix")+s.say(c, "lost.title")), Mail: true, Email: form.Get("email"), Fault: faults["email"],
		})
	}
	if err != nil {
		return err
	}
	select {
	case <-answerAt:
	case <-c.Request.Context().Done():
	}
	return redirect(c, lostLinkPath+"?sent=1")
}
