package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// The ways to the provider and back. The second is registered there.
const (
	providerPath     = "/sign-in/provider"
	ProviderBackPath = "/sign-in/provider/back"
)

// providerStep is what a browser keeps while its person is at the provider.
const providerStep survey.SignInKind = "provider_step"

// providerMinutes is for how long; see survey.SignIns.AskProvider, which seals when it
// ends.
const providerMinutes = 10

type providerPage struct {
	Page
	Name    string
	Unknown bool // they are known there and not here
	Waiting waiting
}

// askProvider sends a browser to the provider. It is a link and no form, since a form may
// lead nowhere else (form-action), and writes nothing.
func (s *Server) askProvider(c *gin.Context) error {
	if s.cfg.Provider == nil {
		return survey.ErrNotFound
	}
	next := localPath(c.Query("next"), "")
	address, token, err := s.use.SignIns.AskProvider(c.Request.Context(), s.cfg.Provider, next, c.Query("again") != "")
	if err != nil {
		s.cfg.Logger.ErrorContext(c.Request.Context(), "nobody can sign in by the provider", "error", err)
		return s.providerFault(c, http.StatusBadGateway, providerPage{})
	}
	s.setCookie(c, providerStep, token, providerMinutes*time.Minute)
	c.Redirect(http.StatusSeeOther, address)
	return nil
}

// backFromProvider takes what the provider sends a browser back with, and leaves the
// address with it behind.
func (s *Server) backFromProvider(c *gin.Context) error {
	if s.cfg.Provider == nil {
		return survey.ErrNotFound
	}
	kept, err := c.Cookie(s.cookieName(providerStep))
	if err != nil || kept == "" {
		return s.providerFault(c, http.StatusUnauthorized, providerPage{})
	}
	s.clearCookie(c, providerStep)
	cookie, user, next, err := s.use.SignIns.ByProvider(c.Request.Context(), s.client(c), s.cfg.Provider, kept, c.Query("state"), c.Query("code"))
	if minutes, often := tooMany(c, err); often {
		return s.providerFault(c, http.StatusTooManyRequests, providerPage{Waiting: waiting{minutes}})
	}
	if errors.Is(err, survey.ErrNotInvited) {
		return s.providerFault(c, http.StatusForbidden, providerPage{Unknown: true})
	}
	if errors.Is(err, survey.ErrProvider) {
		s.cfg.Logger.WarnContext(c.Request.Context(), "a sign-in by the provider was refused", "error", err)
		return s.providerFault(c, http.StatusUnauthorized, providerPage{})
	}
	if err != nil {
		return err
	}
	return s.enter(c, cookie, user, localPath(next, ""))
}

func (s *Server) providerFault(c *gin.Context, status int, p providerPage) error {
	p.Page, p.Name = s.page(c, "That did not work"), s.cfg.ProviderName
	if p.Waiting.Minutes > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_provider", p)
}

// provider is how the sign-in page offers it; empty: it does not.
func (s *Server) provider() string {
	if s.cfg.Provider == nil {
		return ""
	}
	return s.cfg.ProviderName
}

// againAtProvider is where somebody without a password shows once more who they are.
func (s *Server) againAtProvider(c *gin.Context, a survey.Actor) string {
	if s.cfg.Provider == nil || a.SignIn.Way != survey.ByWayOfProvider {
		return ""
	}
	next := "/studies"
	if from, err := url.Parse(c.Request.Referer()); err == nil && from.Host == s.base.Host {
		next = localPath(from.RequestURI(), next)
	}
	return providerPath + "?" + url.Values{"again": {"1"}, "next": {next}}.Encode()
}

// unlinkUser forgets who somebody is at the provider.
func (s *Server) unlinkUser(c *gin.Context, a survey.Actor) error {
	if err := s.use.SignIns.Unlink(c.Request.Context(), a, survey.UserID(c.Param("user"))); err != nil {
		return err
	}
	return redirect(c, "/admin")
}
