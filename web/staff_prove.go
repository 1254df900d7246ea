package web

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// proveQuery marks an address to which a form is sent once more, with a proof of who
// sends it.
const proveQuery = "prove"

// The fields of a proof. What was to be sent has none of these names.
const (
	provePassword = "prove_password"
	proveCode     = "prove_code"
)

type provePage struct {
	Page
	Action  string
	Values  []fieldValue // of the form that waits
	Email   string
	TOTP    bool
	Form    staffForm
	Waiting waiting
	Minutes int    // for which a proof counts
	Again   string // where it can be shown at the provider; empty: nowhere
	At      string // what that is called
}

// proven lets a page of staff ask for a proof of who is there: the form that was sent
// is kept on a page that asks for it, and is sent once more together with the proof, so
// that nothing typed is lost and nothing has to be kept here.
func (s *Server) proven(c *gin.Context, a survey.Actor, h actorHandler) error {
	if c.Request.Method == http.MethodPost && c.Query(proveQuery) != "" {
		values, err := readForm(c)
		if err != nil {
			return err
		}
		a, err = s.use.SignIns.Prove(c.Request.Context(), s.client(c), a, survey.StaffProof{
			Password: values.Get(provePassword), Code: values.Get(proveCode),
		})
		if err != nil {
			return s.askProof(c, a, err)
		}
		if a, err = s.renew(c, a); err != nil {
			return err
		}
		values.Del(provePassword)
		values.Del(proveCode)
	}
	err := h(c, a)
	if errors.Is(err, survey.ErrProveAgain) && c.Request.Method == http.MethodPost && !wantsJSON(c.Request) {
		return s.askProof(c, a, nil)
	}
	return err
}

// renew gives a browser another token in place of the one that it is signed in by.
func (s *Server) renew(c *gin.Context, a survey.Actor) (survey.Actor, error) {
	cookie, a, err := s.use.SignIns.Renew(c.Request.Context(), a)
	if err != nil {
		return a, err
	}
	s.setCookie(c, survey.SignInUser, cookie, a.SignIn.ExpiresAt.Sub(s.cfg.Now()))
	return a, nil
}

// askProof shows the page that asks; fault is what was wrong with a proof.
func (s *Server) askProof(c *gin.Context, a survey.Actor, fault error) error {
	values, err := readForm(c)
	if errors.Is(err, errContentType) && c.Request.ContentLength <= 0 {
		err = nil // a button without a form's fields
	}
	if err != nil {
		return err
	}
	status := http.StatusForbidden
	p := provePage{
		Page:   s.staffPage(c, a, survey.Study{}, sectionAccount, "Is it you?"),
		Action: c.Request.URL.Path + "?" + proveQuery + "=again", Email: a.User.Email, TOTP: a.User.HasTOTP, Minutes: s.use.SignIns.ProofMinutes(),
	}
	p.Again, p.At = s.againAtProvider(c, a), s.cfg.ProviderName
	if fault != nil {
		minutes, often := tooMany(c, fault)
		if often {
			p.Waiting.Minutes, status = minutes, http.StatusTooManyRequests
		} else if p.Form, status, err = again(nil, fault, ""); err != nil {
			return err
		}
		erring(&p.Page)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.HasPrefix(name, "prove_") {
			continue
		}
		for _, v := range values[name] {
			p.Values = append(p.Values, fieldValue{name, v})
		}
	}
	return s.render(c, status, "staff_prove", p)
}
