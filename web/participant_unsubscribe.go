package web

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// unsubscribePath begins the address in a letter by which its reader stops letters.
const unsubscribePath = "/letters/stop/"

// unsubscribePage lets whoever holds a letter stop letters.
type unsubscribePage struct {
	Page
	Action  string
	Left    bool
	Paused  bool
	Resumed bool // a moment ago
}

// unsubscriber finds whose letters the address stops, in their language. A token
// that is none has the page of a link that does not work.
func (s *Server) unsubscriber(c *gin.Context) (survey.Participation, error) {
	p, err := s.use.SignIns.Unsubscriber(c.Request.Context(), c.Param("token"))
	if err != nil {
		return p, deadLink(err)
	}
	return p, s.settleLanguage(c, survey.ParticipantActor(p))
}

// showUnsubscribe changes nothing: mail programs and scanners follow links.
func (s *Server) showUnsubscribe(c *gin.Context) error {
	p, err := s.unsubscriber(c)
	if err != nil {
		return err
	}
	a := survey.ParticipantActor(p)
	page := unsubscribePage{
		Page: s.participantPage(c, a, s.say(c, "letter.pause_title")), Action: c.Request.URL.Path,
		Left: p.Enrolment.Withdrawn(), Paused: p.Enrolment.Paused(), Resumed: c.Query("letters") == "on",
	}
	page.Me = false // a letter does not sign anybody in
	return s.render(c, http.StatusOK, "unsubscribe", page)
}

// unsubscribe pauses messages. A mail program sends one click of its own kind (RFC
// 8058), in whatever form; the page's form can also take it back.
func (s *Server) unsubscribe(c *gin.Context) error {
	form, err := readForm(c)
	if err != nil && !errors.Is(err, errContentType) {
		return err
	}
	on := form.Get("letters") == "on"
	if err := s.use.SignIns.Unsubscribe(c.Request.Context(), c.Param("token"), !on); err != nil {
		return deadLink(err)
	}
	if on {
		return redirect(c, c.Request.URL.Path+"?letters=on")
	}
	return redirect(c, c.Request.URL.Path)
}
