package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/locale"
	"tidemark/web/redcap"
	"tidemark/web/rest"
)

// Config is what the server needs to know of its surroundings.
type Config struct {
	// BaseURL is the address people use, as "https://study.example.org".
	// Links are made from it and never from a request's Host.
	BaseURL string
	// Version is shown to staff and in reports.
	Version string
	Logger  *slog.Logger
	// Demo says on every page that the installation is a rehearsal.
	Demo bool
	// Pseudo offers a language for tests besides the real ones: longer than
	// any of them, and laid out from right to left.
	Pseudo bool
	Now    func() time.Time
	// Proxies are the networks of the proxies in front, whose word on who asks is
	// taken; for limits alone.
	Proxies []netip.Prefix
	// Provider asks elsewhere who staff are (OpenID Connect), and ProviderName is what they
	// call it; nil: nobody is asked.
	Provider     survey.Provider
	ProviderName string
	// Passkeys asks for passkeys at BaseURL; nil: browsers know none there.
	Passkeys survey.PasskeyVerifier
	// Mail says that letters leave the installation.
	Mail bool
	// ShortMessages are the channels, besides letters, of which people can choose one.
	ShortMessages []survey.Channel
	// Load bounds what is taken on at once.
	Load Load
	// Ready answers /readyz, for a proxy; nil: whether the database can be read.
	Ready http.Handler
	// Observe, if not nil, is told of each request, by the template of its route.
	Observe func(method, route string, status int, took time.Duration)
	// Trace, if not nil, is told of each as well, with when it began and the traceparent
	// of a proxy that is believed, or "".
	Trace func(parent, method, route string, status int, from time.Time, took time.Duration)
	// Examine, if not nil, looks the installation through as far as a server can; for
	// the page of its administrators.
	Examine func(ctx context.Context) []survey.Check
	// Disk, if not nil, is how much is left where the database is, and of how much.
	Disk func() (free, total uint64, err error)
	// Self is this server among the replicas.
	Self string
}

// Server is the web application.
type Server struct {
	cfg    Config
	base   *url.URL
	use    *survey.UseCases
	store  survey.Reader
	pages  *pages
	texts  *locale.Catalogue
	assets *assets
	cross  *http.CrossOriginProtection
	engine *gin.Engine
	asked  sync.Map // askedKey → *asked
	worded sync.Map // questionnaires by version and language: wordedKey → worded
	live   *live
	api    *rest.API
	redcap *redcap.API
	// downloads holds one place for each export under way.
	downloads chan struct{}
	// analyses holds one place for each analysis under way; papers keeps those
	// of frozen data.
	analyses chan struct{}
	papers   papers
	pace     pace
	gate     *gate
	// unbelieved notes once that a proxy is not named as one.
	unbelieved sync.Once
}

// ErrBaseURL reports an address that links cannot be made from.
var ErrBaseURL = errors.New("the base URL must look like https://study.example.org, without a path")

// New makes the application over the use cases. Reports and exports read from
// store; everything else goes through use cases.
func New(cfg Config, use *survey.UseCases, store survey.Reader) (*Server, error) {
	base, err := url.Parse(strings.TrimSuffix(cfg.BaseURL, "/"))
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || base.Path != "" {
		return nil, fmt.Errorf("%q: %w", cfg.BaseURL, ErrBaseURL)
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{
		cfg: cfg, base: base, use: use, store: store, cross: http.NewCrossOriginProtection(),
		gate: newGate(cfg.Load), downloads: make(chan struct{}, maxDownloads), analyses: make(chan struct{}, maxAnalyses),
	}
	status := func(err error) int { status, _ := statusOf(err); return status }
	s.redcap = redcap.New(redcap.Config{Logger: cfg.Logger, Now: cfg.Now, Status: status, Client: s.client, Download: s.takeDownload}, use, store)
	s.api = rest.New(rest.Config{
		Base: s.base.Scheme + "://" + s.base.Host, Version: cfg.Version, Logger: cfg.Logger, Now: cfg.Now, Client: s.client, Download: s.takeDownload,
		Status: status,
	}, use, store)
	s.live = newLive(use, cfg.Logger)
	// The base URL is ours even when a proxy in between rewrites Host.
	if err := s.cross.AddTrustedOrigin(base.Scheme + "://" + base.Host); err != nil {
		return nil, fmt.Errorf("%q: %w", cfg.BaseURL, ErrBaseURL)
	}
	if err := s.dress(); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	s.engine = gin.New()
	s.engine.HandleMethodNotAllowed = true
	s.engine.RedirectTrailingSlash = false
	// A forwarded address is believed from our own proxies alone: whoever asks could
	// write anything there.
	s.engine.RemoteIPHeaders = []string{forwardedHeader}
	proxies := make([]string, len(cfg.Proxies))
	for i, p := range cfg.Proxies {
		proxies[i] = p.String()
	}
	if err := s.engine.SetTrustedProxies(proxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	s.routes()
	return s, nil
}

// Handler is the application.
func (s *Server) Handler() http.Handler {
	return s.secureHeaders(s.engine)
}

// Routes are the addresses of the application that can be looked at, as templates: for
// whoever checks that no page was forgotten.
func (s *Server) Routes() []string {
	var templates []string
	for _, r := range s.engine.Routes() {
		if r.Method == http.MethodGet {
			templates = append(templates, r.Path)
		}
	}
	return templates
}

// Stop ends what would otherwise never end: the pages that are told of changes as they
// happen. Everything else is served as before.
func (s *Server) Stop() { s.live.close() }

// link makes an absolute address on this installation.
func (s *Server) link(path string) string { return s.base.Scheme + "://" + s.base.Host + path }

// secure reports whether people reach the installation by HTTPS.
func (s *Server) secure() bool { return s.base.Scheme == "https" }
