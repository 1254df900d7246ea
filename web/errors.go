package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/rest"
)

// Faults of a request that no use case sees.
var (
	errInternal    = errors.New("internal error")
	errBadForm     = errors.New("the form could not be read")
	errTooLarge    = errors.New("the request is too large")
	errContentType = errors.New("the content type is not a form's")
	errMethod      = errors.New("method not allowed")
	errCrossOrigin = errors.New("sent from another site")
	errDeadLink    = errors.New("the personal link does not work")
	errNeedLink    = errors.New("no participant is signed in")

	errDeadStaffLink = errors.New("the sign-in link does not work")
)

// statusOf is the one table from errors to statuses and to the messages people
// see. The first match counts.
func statusOf(err error) (status int, message string) {
	for _, row := range []struct {
		err     error
		status  int
		message string
	}{
		{errDeadLink, http.StatusNotFound, "error.dead_link"},
		{errNeedLink, http.StatusUnauthorized, "error.need_link"},
		{errDeadStaffLink, http.StatusNotFound, "sign_in.link_dead"},
		{errBadForm, http.StatusBadRequest, "error.bad_form"},
		{errTooLarge, http.StatusRequestEntityTooLarge, "error.too_large"},
		{errContentType, http.StatusUnsupportedMediaType, "error.content_type"},
		{errMethod, http.StatusMethodNotAllowed, "error.method"},
		{errCrossOrigin, http.StatusForbidden, "error.cross_origin"},
		{survey.ErrNotSignedIn, http.StatusUnauthorized, "error.not_signed_in"},
		{survey.ErrPasskey, http.StatusUnauthorized, "passkey.wrong"},
		{survey.ErrProveAgain, http.StatusForbidden, "error.prove_again"},
		{survey.ErrNotFound, http.StatusNotFound, "error.not_found"},
		{survey.ErrReference, http.StatusNotFound, "error.not_found"},
		{survey.ErrForbidden, http.StatusForbidden, "error.forbidden"},
		{survey.ErrSubmitted, http.StatusConflict, "error.submitted"},
		{survey.ErrNotOpen, http.StatusConflict, "error.not_open"},
		{survey.ErrExpired, http.StatusGone, "error.expired"},
		{survey.ErrWithdrawn, http.StatusGone, "error.withdrawn"},
		{survey.ErrStudyClosed, http.StatusGone, "error.study_closed"},
		{survey.ErrKept, http.StatusConflict, "error.kept"},
		{survey.ErrConsentRequired, http.StatusForbidden, "error.consent_required"},
		{survey.ErrConflict, http.StatusConflict, "error.conflict"},
		{survey.ErrDuplicate, http.StatusConflict, "error.duplicate"},
		{survey.ErrRepeated, http.StatusConflict, "error.repeated"},
		{survey.ErrRemoved, http.StatusGone, "error.removed"},
		{survey.ErrBroken, http.StatusInternalServerError, "error.broken"},
		{survey.ErrTooMany, http.StatusTooManyRequests, "error.too_many"},
		{errCrowded, http.StatusTooManyRequests, "error.crowded"},
		{survey.ErrReadOnly, http.StatusServiceUnavailable, "error.read_only"},
		{survey.ErrBusy, http.StatusServiceUnavailable, "error.busy"},
		{context.DeadlineExceeded, http.StatusServiceUnavailable, "error.busy"},
		{context.Canceled, statusClientGone, "error.busy"},
	} {
		if errors.Is(err, row.err) {
			return row.status, row.message
		}
	}
	if _, ok := errors.AsType[survey.FieldErrors](err); ok {
		return http.StatusUnprocessableEntity, "error.fields"
	}
	return http.StatusInternalServerError, "error.internal"
}

// statusClientGone marks in the log that nobody waited for the answer.
const statusClientGone = 499

type errorPage struct {
	Page
	Status  int
	Message string
	Faults  survey.FieldErrors
	// Again holds a participant's form that could not be taken, so that it
	// can be sent once more and nothing given is lost; nil when there is none.
	Again *sendAgain
	// Waiting says how long to wait when something was tried too often.
	Waiting waiting
	// Onward is where to go from here; nil when there is nowhere.
	Onward *onward
}

// onward is a way to go on; Label is the key of what it is called, and Else another.
type onward struct {
	Path, Label string
	Else        *onward
}

// toOwnLink are the ways of somebody who cannot open their link.
func toOwnLink() *onward {
	return &onward{codePath, "code.way", &onward{Path: lostLinkPath, Label: "lost.way"}}
}

// onwardFrom is the way out of an error at an address.
func onwardFrom(path string, err error) *onward {
	switch {
	case errors.Is(err, errDeadLink):
		return toOwnLink()
	case errors.Is(err, survey.ErrConsentRequired):
		return &onward{Path: "/me/consent", Label: "error.to_consent"}
	case path == "/me" || strings.HasPrefix(path, "/me/"):
		return &onward{Path: "/me", Label: "error.to_questionnaires"}
	case strings.HasPrefix(path, "/studies"), strings.HasPrefix(path, "/admin"), strings.HasPrefix(path, "/courses"), strings.HasPrefix(path, "/account"),
		strings.HasPrefix(path, "/drafts"), strings.HasPrefix(path, "/instruments"):
		return &onward{Path: "/studies", Label: "error.to_studies"}
	default:
		return &onward{Path: "/", Label: "error.to_front"}
	}
}

// showError answers with the page for an error, logging only what is our fault.
func (s *Server) showError(c *gin.Context, err error) {
	status, key := statusOf(err)
	minutes, _ := tooMany(c, err)
	if errors.Is(err, survey.ErrReadOnly) {
		c.Header("Retry-After", readOnlyRetry)
	} else if status >= http.StatusInternalServerError {
		s.cfg.Logger.ErrorContext(c.Request.Context(), "request failed", "route", c.FullPath(), "error", err)
	}
	if c.Writer.Written() {
		c.Abort() // a broken download: the truncated body must not look whole
		panic(http.ErrAbortHandler)
	}
	if wantsJSON(c.Request) {
		c.AbortWithStatusJSON(status, gin.H{"error": key, "message": message(s.language(c), key)})
		return
	}
	p := errorPage{Page: s.page(c, message(s.language(c), key+".title")), Status: status, Message: key}
	p.Waiting.Minutes = minutes
	p.Faults, _ = errors.AsType[survey.FieldErrors](err)
	p.Onward = onwardFrom(c.Request.URL.Path, err)
	if errors.Is(err, errCrowded) && isRead(c) && c.FullPath() != "" {
		p.Onward = &onward{Path: c.Request.URL.RequestURI(), Label: "error.once_more"}
	}
	if status >= http.StatusInternalServerError || minutes > 0 || errors.Is(err, errCrowded) {
		p.Again = hold(c)
	}
	if p.Again == nil && !isRead(c) {
		s.offerLanguages(c, &p.Page, s.cameFrom(c))
	}
	if errors.Is(err, errDeadLink) {
		p.Here = deadLinkPath // every dead link has the same page
	}
	if err := s.render(c, status, "error", p); err != nil {
		s.cfg.Logger.ErrorContext(c.Request.Context(), "the error page failed", "error", err)
		c.String(status, "%s\n\n%s %s\n", message(s.language(c), key), s.say(c, "page.help"), s.link("/help"))
	}
	c.Abort()
}

// wantsJSON reports whether a script asks rather than a person.
func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

func (s *Server) notFound(c *gin.Context) {
	if rest.Owns(c.Request.URL.Path) {
		s.api.NotFound(c)
		return
	}
	s.showError(c, survey.ErrNotFound)
}

func (s *Server) noMethod(c *gin.Context) {
	if rest.Owns(c.Request.URL.Path) {
		s.api.NoMethod(c)
		return
	}
	s.showError(c, errMethod)
}

// needLink asks a participant to open their link again. What a form brought is
// kept on the page, ready to be sent once more: an expired cookie loses nothing.
func (s *Server) needLink(c *gin.Context, err error) error {
	if !errors.Is(err, survey.ErrNotSignedIn) {
		return err
	}
	if wantsJSON(c.Request) {
		return errNeedLink
	}
	p := errorPage{
		Page: s.page(c, s.say(c, "error.need_link.title")), Status: http.StatusUnauthorized,
		Message: "error.need_link",
	}
	if c.Request.Method == http.MethodPost {
		if _, err := readForm(c); err != nil {
			return err
		}
		p.Again = hold(c)
		p.Again.NeedsLink = true
	} else {
		p.Onward = toOwnLink()
	}
	return s.render(c, http.StatusUnauthorized, "error", p)
}

// needSignIn sends a member of staff to the sign-in page, and back afterwards.
func (s *Server) needSignIn(c *gin.Context, err error) error {
	if !errors.Is(err, survey.ErrNotSignedIn) || wantsJSON(c.Request) {
		return err
	}
	next := "/sign-in"
	if c.Request.Method == http.MethodGet {
		next += "?next=" + queryEscape(c.Request.URL.RequestURI())
	}
	return redirect(c, next)
}
