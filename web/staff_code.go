package web

import (
	"errors"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

const codeStep = "/sign-in/code"

// codeStepPath is where the second factor is shown, on the way to a page.
func codeStepPath(next string) string {
	if next == "" {
		return codeStep
	}
	return codeStep + "?next=" + queryEscape(next)
}

type codeStepPage struct {
	Page
	Name    string // whose second factor it is
	Next    string
	Form    staffForm
	Waiting waiting
	// Passkeys: one can be shown in place of a code. TOTP: there are codes.
	Passkeys, TOTP bool
}

// showCodeStep asks for the second factor. Without the first step, or too long after it,
// one begins anew.
func (s *Server) showCodeStep(c *gin.Context) error {
	return s.codeStepForm(c, 200, localPath(c.Query("next"), ""), staffForm{}, 0)
}

func (s *Server) codeStepForm(c *gin.Context, status int, next string, f staffForm, minutes int) error {
	user, err := s.atCodeStep(c)
	if err != nil {
		return s.fromTheStart(c, next, err)
	}
	p := codeStepPage{Page: s.page(c, "Second step"), Name: nameOf(user), Next: next, Form: f, Waiting: waiting{minutes}}
	p.Passkeys, p.TOTP = s.cfg.Passkeys != nil && user.HasPasskey, user.HasTOTP
	if status != 200 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_code", p)
}

// atCodeStep is who has shown a password or a link in this browser.
func (s *Server) atCodeStep(c *gin.Context) (survey.User, error) {
	token, err := c.Cookie(s.cookieName(factorStep))
	if err != nil {
		return survey.User{}, survey.ErrNotSignedIn
	}
	return s.use.SignIns.FactorDue(c.Request.Context(), token)
}

// fromTheStart sends to the first step when that is too long ago.
func (s *Server) fromTheStart(c *gin.Context, next string, err error) error {
	if !errors.Is(err, survey.ErrNotSignedIn) {
		return err
	}
	to := "/sign-in"
	if next != "" {
		to += "?next=" + queryEscape(next)
	}
	return redirect(c, to)
}

// takeCode takes a code of somebody's program, or a recovery code.
func (s *Server) takeCode(c *gin.Context) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	next := localPath(values.Get("next"), "")
	token, err := c.Cookie(s.cookieName(factorStep))
	if err != nil {
		return s.fromTheStart(c, next, survey.ErrNotSignedIn)
	}
	cookie, user, err := s.use.SignIns.BySecondFactor(c.Request.Context(), s.client(c), token, values.Get("code"))
	if minutes, often := tooMany(c, err); often {
		return s.codeStepForm(c, waiting{minutes}.status(200), next, staffForm{}, minutes)
	}
	if errors.Is(err, survey.ErrNotSignedIn) {
		return s.fromTheStart(c, next, err)
	}
	if err != nil {
		f, status, err := again(nil, err, "") // a code is used up by being shown
		if err != nil {
			return err
		}
		return s.codeStepForm(c, status, next, f, 0)
	}
	s.clearCookie(c, factorStep)
	return s.entered(c, cookie, user, next)
}

// nameOf is what a member of staff is called.
func nameOf(u survey.User) string {
	if u.Name == "" {
		return u.Email
	}
	return u.Name
}
