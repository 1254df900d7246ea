package rest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

var errPanic = errors.New("a fault of the program")

// refusal is an error of a request that no use case sees.
type refusal struct {
	status int
	detail string
	faults map[string]string
}

// Error is the detail.
func (r *refusal) Error() string { return r.detail }

func refuse(status int, detail string) error { return &refusal{status: status, detail: detail} }

// NotFound is for addresses of the API that are not there.
func (a *API) NotFound(c *gin.Context) { a.fail(c, survey.ErrNotFound) }

// NoMethod is for addresses of the API that are there for another method.
func (a *API) NoMethod(c *gin.Context) {
	a.fail(c, refuse(http.StatusMethodNotAllowed, "This address takes "+c.Writer.Header().Get("Allow")+"."))
}

// Refuse answers a request that is not served, in the API's words.
func (a *API) Refuse(c *gin.Context, err error) { a.fail(c, err) }

// fail answers with a problem, and logs what is our fault.
func (a *API) fail(c *gin.Context, err error) {
	p := Problem{Type: "about:blank", Status: a.cfg.Status(err)}
	if r, ok := errors.AsType[*refusal](err); ok {
		p.Status, p.Detail, p.Faults = r.status, r.detail, r.faults
	}
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		p.Status, p.Faults, p.Detail = http.StatusUnprocessableEntity, faults, "Something that was sent cannot be taken."
	}
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		p.Status, p.Detail = http.StatusRequestEntityTooLarge, "At most "+strconv.FormatInt(large.Limit, 10)+" bytes can be sent."
	}
	if many, ok := errors.AsType[*survey.TooManyError](err); ok {
		c.Header("Retry-After", strconv.Itoa(int((many.After+time.Second-1)/time.Second)))
	}
	if p.Status == 0 {
		p.Status = http.StatusInternalServerError
	}
	if p.Detail == "" {
		p.Detail = detailOf(p.Status)
	}
	p.Title = http.StatusText(p.Status)
	if p.Title == "" {
		p.Title = "Nobody waited"
	}
	if p.Status == http.StatusUnauthorized {
		c.Header("WWW-Authenticate", `Bearer realm="Tidemark"`)
	}
	if p.Status == http.StatusServiceUnavailable {
		c.Header("Retry-After", "5")
	}
	if p.Status >= http.StatusInternalServerError {
		a.cfg.Logger.ErrorContext(c.Request.Context(), "request failed", "route", c.FullPath(), "error", err)
	}
	if c.Writer.Written() {
		c.Abort() // the truncated answer must not look whole
		panic(http.ErrAbortHandler)
	}
	h := c.Writer.Header()
	h.Del("Content-Disposition")
	h.Del("Trailer")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	c.Writer.WriteHeader(p.Status)
	if err := json.NewEncoder(c.Writer).Encode(p); err != nil {
		_ = c.Error(err) // whoever asked has gone
	}
	c.Abort()
}

// detailOf says what to do about an error.
func detailOf(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "Send a token that works: Authorization: Bearer tmk_…"
	case http.StatusForbidden:
		return "The token's person may not do this now."
	case http.StatusNotFound:
		return "There is no such thing in the study of this token."
	case http.StatusConflict:
		return "This was done before, or something has changed meanwhile. Nothing was written."
	case http.StatusGone:
		return "The content was removed."
	case http.StatusTooManyRequests:
		return "Too many requests. Wait as long as Retry-After says."
	case http.StatusServiceUnavailable:
		return "Too much is asked for at once. Try again later."
	}
	return "This is a fault of the program. Its log says more."
}
