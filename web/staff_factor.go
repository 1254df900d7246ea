package web

import (
	"html/template"
	"net/url"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// factorPath is where a second factor is set up.
const factorPath = "/account/factor"

type factorPage struct {
	Page
	Held    bool // nothing else can be done before
	State   survey.FactorState
	Key     []string // to be typed, in groups
	QR      template.HTML
	Form    staffForm
	Waiting waiting
	Codes   []string // recovery codes, shown this once
	Email   string
	Site    string
	Passkey bool // there is one, too
}

func (s *Server) showFactor(c *gin.Context, a survey.Actor) error {
	return s.factorForm(c, a, 200, factorPage{})
}

// factorForm shows the page of the second factor; p brings what is special about it.
func (s *Server) factorForm(c *gin.Context, a survey.Actor, status int, p factorPage) error {
	var err error
	if p.State, err = s.use.Factors.State(c.Request.Context(), a); err != nil {
		return err
	}
	p.Page = s.staffPage(c, a, survey.Study{}, sectionAccount, "Second factor")
	p.Passkey = a.User.HasPasskey
	p.Held, p.Email, p.Site = a.Held && p.State.Since.IsZero(), a.User.Email, s.base.Host
	if p.State.Setup != "" {
		p.Key = inGroups(p.State.Setup)
		p.QR = qrPicture(totpURI(s.base.Host, a.User.Email, p.State.Setup), "QR code of the key, to be read by your program")
	}
	if status != 200 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_factor", p)
}

// totpURI is what programs for codes read from a QR code.
func totpURI(host, email, key string) string {
	issuer := "Tidemark " + host
	return (&url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + email,
		RawQuery: url.Values{"secret": {key}, "issuer": {issuer}}.Encode(),
	}).String()
}

// inGroups cuts a key into groups of four, as people type.
func inGroups(key string) []string {
	var groups []string
	for len(key) > 4 {
		groups, key = append(groups, key[:4]), key[4:]
	}
	return append(groups, key)
}

func (s *Server) beginFactor(c *gin.Context, a survey.Actor) error {
	if err := s.use.Factors.Begin(c.Request.Context(), a); err != nil {
		return err
	}
	return redirect(c, factorPath+"#key")
}

// confirmFactor takes the first code, and shows the recovery codes this once.
func (s *Server) confirmFactor(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	codes, err := s.use.Factors.Confirm(c.Request.Context(), a, values.Get("code"))
	if err != nil {
		f, status, err := again(nil, err, "")
		if err != nil {
			return err
		}
		return s.factorForm(c, a, status, factorPage{Form: f})
	}
	a.Held, a.User.HasTOTP = false, true
	if a, err = s.renew(c, a); err != nil {
		return err
	}
	return s.factorForm(c, a, 200, factorPage{Codes: codes})
}

// renewRecovery makes new recovery codes and shows them this once.
func (s *Server) renewRecovery(c *gin.Context, a survey.Actor) error {
	codes, err := s.use.Factors.Renew(c.Request.Context(), a)
	if err != nil {
		return err
	}
	return s.factorForm(c, a, 200, factorPage{Codes: codes})
}

// removeFactor ends the codes, for one more code.
func (s *Server) removeFactor(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	err = s.use.Factors.Remove(c.Request.Context(), s.client(c), a, values.Get("code"))
	if minutes, often := tooMany(c, err); often {
		return s.factorForm(c, a, waiting{minutes}.status(200), factorPage{Waiting: waiting{minutes}})
	}
	if err != nil {
		f, status, err := again(nil, err, "")
		if err != nil {
			return err
		}
		return s.factorForm(c, a, status, factorPage{Form: f})
	}
	return redirect(c, factorPath)
}

// resetFactor lets somebody in who has lost their second factor.
func (s *Server) resetFactor(c *gin.Context, a survey.Actor) error {
	if err := s.use.Factors.Reset(c.Request.Context(), a, survey.UserID(c.Param("user"))); err != nil {
		return err
	}
	return redirect(c, "/admin")
}

func (s *Server) reopenUser(c *gin.Context, a survey.Actor) error {
	if err := s.use.Users.Reopen(c.Request.Context(), a, survey.UserID(c.Param("user"))); err != nil {
		return err
	}
	return redirect(c, "/admin")
}
