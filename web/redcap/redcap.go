package redcap

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/export"
)

// Path is the address. Clients insist on its end.
const Path = "/api/"

const (
	maxBody = 1 << 20
	// slow bounds one answer.
	slow = 15 * time.Minute
	// version is that of REDCap which the address is like: clients go by it.
	version = "14.5.0"
)

// Config is what the address needs of its surroundings.
type Config struct {
	Logger *slog.Logger
	Now    func() time.Time
	// Status gives the status of an error of a use case.
	Status func(error) int
	// Client is who asks, for limits.
	Client func(*gin.Context) survey.Client
	// Download waits for one of the few places of long downloads.
	Download func(context.Context) (done func(), err error)
}

// API is the address.
type API struct {
	cfg  Config
	use  *survey.UseCases
	data survey.DataReader
}

// New makes the address over the use cases; records are read from data.
func New(cfg Config, use *survey.UseCases, data survey.DataReader) *API { return &API{cfg, use, data} }

// Mount adds the one route.
func (a *API) Mount(e *gin.Engine) { e.POST(Path, a.serve) }

// call is one request.
type call struct {
	*API
	c       *gin.Context
	ctx     context.Context //nolint:containedctx // a call ends with its request
	req     request
	actor   survey.Actor
	study   survey.StudyID
	project *export.Project
}

// fault is an error in words for whoever asks.
type fault struct {
	status int
	text   string
}

// Error is the text.
func (f *fault) Error() string { return f.text }

func bad(text string) error { return &fault{http.StatusBadRequest, text} }

// contents are what can be asked for.
func contents() map[string]func(*call) error {
	return map[string]func(*call) error{
		"version": (*call).version, "project": (*call).about, "metadata": (*call).metadata, "exportFieldNames": (*call).fieldNames,
		"instrument": (*call).instruments, "arm": (*call).arms, "event": (*call).events, "formEventMapping": (*call).mapping,
		"dag": (*call).groups, "record": (*call).records,
	}
}

func (a *API) serve(c *gin.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), slow)
	defer cancel()
	k := &call{API: a, c: c, ctx: ctx}
	defer func() {
		if v := recover(); v != nil {
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			a.cfg.Logger.Error("panic", "route", Path)
			k.fail(&fault{http.StatusInternalServerError, "A fault of the program. Its log says more."})
		}
	}()
	if err := k.answer(); err != nil {
		k.fail(err)
	}
}

func (k *call) answer() error {
	k.c.Header("Cache-Control", "no-store")
	var err error
	if k.req, err = readRequest(k.c); err != nil {
		return err
	}
	k.actor, err = k.use.Tokens.Use(k.ctx, k.cfg.Client(k.c), k.req.value("token"))
	if errors.Is(err, survey.ErrNotSignedIn) {
		return &fault{http.StatusForbidden, "You do not have permissions to use the API: the token is unknown, has ended, or its account is closed."}
	}
	if err != nil {
		return err
	}
	content := k.req.value("content")
	give, known := contents()[content]
	if !known {
		return &fault{http.StatusNotImplemented, unsupported(content)}
	}
	action := k.req.value("action")
	_, brings := k.req.values["data"]
	switch {
	case content == "record" && (brings || action == "import"):
		give = (*call).importRecords
	case action != "" && action != "export":
		return &fault{http.StatusNotImplemented, "The action “" + action + "” is not supported; this address exports, and imports participants and answers on paper."}
	case brings:
		return &fault{http.StatusNotImplemented, "Importing “" + content + "” is not supported; participants and answers on paper can be imported, as content=record."}
	}
	k.study = k.actor.Token.StudyID
	if k.project, err = export.OpenProject(k.ctx, k.data, k.actor, k.study); err != nil {
		return err
	}
	return give(k)
}

// unsupported names what is supported instead.
func unsupported(content string) string {
	if content == "" {
		return "The parameter “content” is missing."
	}
	if content == "repeatingFormsEvents" {
		return "You cannot export repeating instruments and events because the project does not contain any repeating instruments and events"
	}
	return "The content “" + content + "” is not supported. Supported are arm, dag, event, exportFieldNames, formEventMapping, instrument, metadata, project, record and version."
}

// Refuse answers a request that is not served, in a client's words.
func (a *API) Refuse(c *gin.Context, err error) {
	(&call{API: a, c: c, ctx: c.Request.Context()}).fail(err)
}

// fail answers with an error in the client's format.
func (k *call) fail(err error) {
	f, ok := errors.AsType[*fault](err)
	if !ok {
		f = &fault{k.cfg.Status(err), ""}
		switch {
		case f.status == http.StatusForbidden || errors.Is(err, survey.ErrNotFound):
			f = &fault{http.StatusForbidden, "The token is not for this, or its person has no role for it now: you do not have permission."}
		case f.status == http.StatusTooManyRequests:
			f.text = "Too many requests. Wait a minute."
			if many, ok := errors.AsType[*survey.TooManyError](err); ok {
				k.c.Header("Retry-After", strconv.Itoa(int((many.After+time.Second-1)/time.Second)))
			}
		case f.status == http.StatusServiceUnavailable:
			f.text = "Too much is asked for at once. Try again later."
		default:
			f.text = "A fault of the program. Its log says more."
		}
	}
	if f.status >= http.StatusInternalServerError && f.status != http.StatusNotImplemented {
		k.cfg.Logger.ErrorContext(k.ctx, "request failed", "route", Path, "error", err)
	}
	if k.c.Writer.Written() {
		k.c.Abort() // the truncated answer must not look whole
		panic(http.ErrAbortHandler)
	}
	k.writeError(f)
	k.c.Abort()
}
