package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

const (
	// maxBody bounds what a form may send. A page of questions is under
	// 1 kB; a list of 5,000 people with addresses about 400 kB.
	maxBody = 1 << 20
	// writeTimeout is how long a change may take once its request has been
	// read, whether or not the phone that sent it is still there.
	writeTimeout = 20 * time.Second
)

// contentPolicy lets a page use its own files and nothing else.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secureHeaders wraps everything, refusals included.
func (s *Server) secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		// Not "no-referrer": browsers then send "Origin: null" with
		// same-origin forms, which the cross-origin check must refuse.
		h.Set("Referrer-Policy", referrerPolicy(r.URL.Path))
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// referrerPolicy keeps the token in a link's address out of the requests that its
// page makes, for its styles and its button: this program does not log where a
// request came from, but the proxy in front of it may. Not "no-referrer": see
// secureHeaders.
func referrerPolicy(path string) string {
	if strings.HasPrefix(path, "/p/") || strings.HasPrefix(path, "/waiting/") || strings.HasPrefix(path, "/calendar/") || strings.HasPrefix(path, "/sign-in/link/") || path == ProviderBackPath {
		return "strict-origin"
	}
	return "same-origin"
}

// logRequests notes the route, never the address: addresses hold tokens.
func (s *Server) logRequests(c *gin.Context) {
	start := time.Now()
	c.Next()
	if s.cfg.Observe != nil {
		s.cfg.Observe(c.Request.Method, c.FullPath(), c.Writer.Status(), time.Since(start))
	}
	if s.cfg.Trace != nil {
		parent := ""
		if s.believes(c.RemoteIP()) { // others could make us write what they choose
			parent = c.GetHeader("Traceparent")
		}
		s.cfg.Trace(parent, c.Request.Method, c.FullPath(), c.Writer.Status(), start, time.Since(start))
	}
	s.cfg.Logger.LogAttrs(c.Request.Context(), levelOf(c.Writer.Status()), "request",
		requestAttrs(c, time.Since(start))...)
}

// recoverPanics answers a fault of ours with a page that still offers help.
func (s *Server) recoverPanics(c *gin.Context) {
	defer func() {
		if v := recover(); v != nil {
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			s.cfg.Logger.Error("panic", "route", c.FullPath(), "value", panicText(v))
			s.showError(c, errInternal)
		}
	}()
	c.Next()
}

// boundRequests limits bodies, those that say how long they are before anything is read
// of them, and lets a change run to its end when the client
// goes away: a phone that loses its line has still sent its answer.
func (s *Server) boundRequests(c *gin.Context) {
	limit := bodyLimit(c.FullPath())
	if c.Request.ContentLength > limit {
		s.turnAway(c, errTooLarge)
		c.Abort()
		return
	}
	if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), writeTimeout)
		defer cancel()
		c.Request = c.Request.WithContext(ctx)
	}
	c.Next()
}

// bodyLimit is what a request to a route may send: more where files are taken.
func bodyLimit(route string) int64 {
	if route == uploadPath || route == importPath || route == courseImportPath {
		return maxUpload
	}
	switch route {
	case importsRoute:
		return maxImport
	case importsRoute + "/:import":
		return maxMapping
	}
	return maxBody
}

// refuseCrossOrigin keeps other sites from sending forms in a person's name.
func (s *Server) refuseCrossOrigin(c *gin.Context) {
	if err := s.cross.Check(c.Request); err != nil {
		s.showError(c, errCrossOrigin)
		return
	}
	c.Next()
}

// handler is a page: it answers, or returns an error for errors.go to show.
type handler func(c *gin.Context) error

// actorHandler is a page for somebody who has shown who they are.
type actorHandler func(c *gin.Context, a survey.Actor) error

// handle makes a route of a page. It and the three that wrap it stay out of line:
// copied into the hundreds of routes, they kept the compiler busy for 15 seconds of
// everybody's first build.
//
//go:noinline
func (s *Server) handle(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.showError(c, err)
		}
	}
}

// participant finds whom the participant's cookie belongs to, and in the same
// breath the assessment of the address, if there is one in it.
//
//go:noinline
func (s *Server) participant(h actorHandler) gin.HandlerFunc { return s.handle(s.asParticipant(h)) }

func (s *Server) asParticipant(h actorHandler) handler {
	return func(c *gin.Context) error {
		cookie, err := c.Cookie(s.cookieName(survey.SignInParticipant))
		if err != nil || cookie == "" {
			return s.needLink(c, survey.ErrNotSignedIn)
		}
		var a survey.Actor
		if id := assessmentID(c); id != "" {
			a, err = s.use.SignIns.ParticipantAt(c.Request.Context(), cookie, id)
		} else {
			a, err = s.use.SignIns.Participant(c.Request.Context(), cookie)
		}
		if err != nil {
			return s.needLink(c, err)
		}
		if err := s.settleLanguage(c, a); err != nil {
			return err
		}
		return h(c, a)
	}
}

// staff finds whom the staff cookie belongs to; without one a page sends to the
// sign-in and comes back.
//
//go:noinline
func (s *Server) staff(h actorHandler) gin.HandlerFunc {
	return s.handle(s.inEnglish(func(c *gin.Context) error {
		cookie, err := c.Cookie(s.cookieName(survey.SignInUser))
		if err != nil || cookie == "" {
			return s.needSignIn(c, survey.ErrNotSignedIn)
		}
		a, err := s.use.SignIns.Staff(c.Request.Context(), cookie)
		if err != nil {
			return s.needSignIn(c, err)
		}
		if a.Held && !ownAccount(c.FullPath()) {
			return s.holdUp(c)
		}
		if a.SignIn.Renew && c.Request.Method == http.MethodGet && !wantsJSON(c.Request) {
			if a, err = s.renew(c, a); err != nil {
				return s.needSignIn(c, err)
			}
		}
		if err := s.use.SignIns.NoteSeen(c.Request.Context(), a); err != nil {
			// A page that only reads is not to fail for it.
			s.cfg.Logger.WarnContext(c.Request.Context(), "a sign-in could not be noted as used", "error", err)
		}
		return s.proven(c, a, h)
	}))
}

// ownAccount reports whether a route is one of those of one's own account, which are
// open to whoever is to set up a second factor first.
func ownAccount(route string) bool {
	return route == "/account" || route == "/account/password" || route == "/sign-out" ||
		strings.HasPrefix(route, factorPath) || strings.HasPrefix(route, "/account/sign-ins/") || strings.HasPrefix(route, "/account/passkeys/")
}

// holdUp leads to where a second factor is set up.
func (s *Server) holdUp(c *gin.Context) error {
	if wantsJSON(c.Request) {
		return survey.ErrForbidden
	}
	return redirect(c, factorPath)
}
