package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// Prefix is where the API begins.
const Prefix = "/api/v1"

const (
	maxBody = 1 << 20
	// slow bounds what streams a whole table.
	slow = 15 * time.Minute
	// quick bounds everything else, a wait for a place included.
	quick = 20 * time.Second
)

// Config is what the API needs of its surroundings.
type Config struct {
	Base    string // "https://study.example.org"
	Version string // of the program
	Logger  *slog.Logger
	Now     func() time.Time
	// Status gives the status of an error; 0 when it is not one of a use case.
	Status func(error) int
	// Client is who asks, for limits.
	Client func(*gin.Context) survey.Client
	// Download waits for one of the few places of long downloads.
	Download func(context.Context) (done func(), err error)
}

// API is the API for programs.
type API struct {
	cfg  Config
	use  *survey.UseCases
	data survey.DataReader
	doc  map[string]any
}

// New makes the API over the use cases; whole tables are read from data.
func New(cfg Config, use *survey.UseCases, data survey.DataReader) *API {
	return &API{cfg: cfg, use: use, data: data, doc: describeAll(cfg.Base, cfg.Version)}
}

// Mount adds the routes of the table.
func (a *API) Mount(e *gin.Engine) {
	for _, o := range operations() {
		path := Prefix + strings.NewReplacer("{", ":", "}", "").Replace(o.path)
		methods := []string{o.verb()}
		if o.verb() == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		e.Match(methods, path, func(c *gin.Context) { a.serve(c, o) })
	}
}

// Owns reports whether an address is of the API, so that what is wrong with it is told
// as a problem.
func Owns(path string) bool { return path == Prefix || strings.HasPrefix(path, Prefix+"/") }

// call is one request.
type call struct {
	*API
	c     *gin.Context
	op    operation
	ctx   context.Context //nolint:containedctx // a call ends with its request
	actor survey.Actor
	study survey.Study // of the address, if it has one
	query map[string]string
}

// serve does what every operation does alike, and then the operation.
func (a *API) serve(c *gin.Context, o operation) {
	defer func() {
		if v := recover(); v != nil {
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			a.cfg.Logger.Error("panic", "route", c.FullPath(), "operation", o.id, "kind", fmt.Sprintf("%T", v)) // its text may hold answers
			a.fail(c, errPanic)
		}
	}()
	limit := quick
	if o.media != nil {
		limit = slow
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), limit)
	defer cancel()
	k := &call{API: a, c: c, op: o, ctx: ctx}
	err := k.prepare()
	if err == nil {
		err = o.handle(k)
	}
	if err != nil {
		a.fail(c, err)
	}
}

func (k *call) prepare() error {
	h := k.c.Writer.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Authorization, Accept")
	if !k.op.open {
		if err := k.authenticate(); err != nil {
			return err
		}
	}
	if !accepts(k.c.GetHeader("Accept"), k.op.offers()) {
		return refuse(http.StatusNotAcceptable, "This address answers with "+strings.Join(k.op.offers(), " or ")+".")
	}
	if err := k.readQuery(); err != nil {
		return err
	}
	if k.op.scope != "" && !k.actor.Token.Has(k.op.scope) {
		return refuse(http.StatusForbidden, "The token is not for "+string(k.op.scope)+".")
	}
	if key := k.c.Param("study"); key != "" {
		var err error
		if k.study, err = k.use.Studies.ByKey(k.ctx, k.actor, key); err != nil {
			return err
		}
	}
	return nil
}

// authenticate finds for whom the program acts, by its token alone.
func (k *call) authenticate() error {
	scheme, secret, _ := strings.Cut(k.c.GetHeader("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return survey.ErrNotSignedIn
	}
	var err error
	k.actor, err = k.use.Tokens.Use(k.ctx, k.cfg.Client(k.c), strings.TrimSpace(secret))
	if err == nil && k.actor.Token.Shape != survey.TokenBearer {
		return refuse(http.StatusForbidden, "This token is for scripts written for REDCap, at /api/. Make another one for this API.")
	}
	return err
}

// offers are the media types of an operation.
func (o operation) offers() []string {
	if o.media != nil {
		return o.media
	}
	return []string{"application/json"}
}

// accepts reports whether an Accept header lets one of the media types through. What is
// preferred does not matter: nothing comes in two of them but by a parameter.
func accepts(header string, offered []string) bool {
	if header == "" {
		return true
	}
	for part := range strings.SplitSeq(header, ",") {
		media, rest, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.Contains(strings.ReplaceAll(rest, " ", ""), "q=0") && !strings.Contains(rest, "q=0.") {
			continue
		}
		media = strings.ToLower(strings.TrimSpace(media))
		for _, o := range offered {
			kind, _, _ := strings.Cut(o, "/")
			if media == "*/*" || media == o || media == kind+"/*" {
				return true
			}
		}
	}
	return false
}
