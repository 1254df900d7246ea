package web

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

const codePath = "/code"

// codePage takes the code of a slip, for whoever cannot scan.
type codePage struct {
	Page
	Code    string // as it was typed
	Fault   string
	Waiting waiting
}

func (s *Server) showCode(c *gin.Context) error {
	return s.render(c, http.StatusOK, "code", codePage{Page: s.page(c, s.say(c, "code.title"))})
}

// useCode exchanges a code for a cookie, as a personal link is. Codes that nobody has
// and codes that work no more are told the same.
func (s *Server) useCode(c *gin.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	typed := form.Get("code")
	cookie, p, err := s.use.SignIns.ByCode(c.Request.Context(), s.client(c), typed)
	if err == nil {
		if err := s.adoptLanguage(c, p); err != nil {
			return err
		}
		s.setCookie(c, survey.SignInParticipant, cookie, survey.ParticipantSignInLifetime)
		return redirect(c, "/me")
	}
	minutes, often := tooMany(c, err)
	faults, wrong := errors.AsType[survey.FieldErrors](err)
	again := codePage{
		Page: s.page(c, s.say(c, "error.prefix")+s.say(c, "code.title")), Code: cut(typed, 60),
		Fault: faults["code"], Waiting: waiting{minutes},
	}
	switch {
	case errors.Is(err, survey.ErrNotFound):
		again.Fault = "code.fault_unknown"
	case !often && !wrong:
		return err
	}
	return s.render(c, again.Waiting.status(http.StatusUnprocessableEntity), "code", again)
}

// cut keeps the beginning of a text that is too long to be shown again.
func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
