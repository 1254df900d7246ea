package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/locale"
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
	// Mail says that letters leave the installation.
	Mail bool
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
	// downloads holds one place for each export under way.
	downloads chan struct{}
	// analyses holds one place for each analysis under way; papers keeps those
	// of frozen data.
	analyses chan struct{}
	papers   papers
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
		downloads: make(chan struct{}, maxDownloads), analyses: make(chan struct{}, maxAnalyses),
	}
	// The base URL is ours even when a proxy in between rewrites Host.
	if err := s.cross.AddTrustedOrigin(base.Scheme + "://" + base.Host); err != nil {
		return nil, fmt.Errorf("%q: %w", cfg.BaseURL, ErrBaseURL)
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.texts, err = locale.Load(cfg.Pseudo); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(s.assets, s.texts); err != nil {
		return nil, err
	}
	s.pages.settle(s.assets, s.texts)
	gin.SetMode(gin.ReleaseMode)
	s.engine = gin.New()
	s.engine.HandleMethodNotAllowed = true
	s.engine.RedirectTrailingSlash = false
	// Forwarded addresses are believed from nobody: nothing here needs them.
	if err := s.engine.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	s.routes()
	return s, nil
}

// Handler is the application.
func (s *Server) Handler() http.Handler {
	return s.secureHeaders(s.engine)
}

// link makes an absolute address on this installation.
func (s *Server) link(path string) string { return s.base.Scheme + "://" + s.base.Host + path }

// secure reports whether people reach the installation by HTTPS.
func (s *Server) secure() bool { return s.base.Scheme == "https" }
