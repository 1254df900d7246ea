package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/acme/autocert"

	"tidemark/operate"
)

// tlsFlags say how a server speaks HTTPS by itself, without a proxy in front.
type tlsFlags struct {
	Cert     string `name:"tls-cert" env:"TIDEMARK_TLS_CERT" placeholder:"FILE" help:"Certificate (PEM, with those in between) to serve HTTPS with; a newer file is taken up by itself."`
	Key      string `name:"tls-key" env:"TIDEMARK_TLS_KEY" placeholder:"FILE" help:"Key of the certificate."`
	ACME     bool   `name:"acme" env:"TIDEMARK_ACME" help:"Get and renew certificates for the host of --base-url from Let's Encrypt, whose terms you agree to. The server must be reached at port 443 of it, or at port 80 with --http-addr."`
	Email    string `name:"acme-email" env:"TIDEMARK_ACME_EMAIL" placeholder:"ADDRESS" help:"Address that the authority writes to."`
	Folder   string `name:"acme-dir" env:"TIDEMARK_ACME_DIR" placeholder:"FOLDER" help:"Where certificates are kept (default for SQLite: the database's name with .acme). Several servers share it."`
	Where    string `name:"acme-directory" env:"TIDEMARK_ACME_DIRECTORY" placeholder:"URL" help:"Another certificate authority."`
	HTTPAddr string `name:"http-addr" env:"TIDEMARK_HTTP_ADDR" placeholder:"HOST:PORT" help:"Where to lead people on who come without HTTPS, as :80."`
}

// httpsConfig is how HTTPS is served; without config the proxy in front does it.
type httpsConfig struct {
	config   *tls.Config
	manager  *autocert.Manager // of certificates by ACME
	host     string
	redirect string // where to lead people on from
	base     *url.URL
}

// begin checks the flags and reads what they name.
func (f tlsFlags) begin(p *program, c Config, baseURL string) (*httpsConfig, error) {
	files := f.Cert != "" || f.Key != ""
	switch {
	case files && (f.Cert == "" || f.Key == ""):
		return nil, misuse("--tls-cert and --tls-key go together")
	case files && f.ACME:
		return nil, misuse("both a certificate and --acme are given; give one")
	case !files && !f.ACME:
		if f.HTTPAddr != "" || f.Email != "" || f.Folder != "" || f.Where != "" {
			return nil, misuse("settings of HTTPS are given but no certificate; give --acme, or --tls-cert and --tls-key")
		}
		return &httpsConfig{}, nil
	}
	base, err := url.Parse(strings.TrimSuffix(baseURL, "/"))
	if err != nil || base.Scheme != "https" || base.Hostname() == "" {
		return nil, misuse("HTTPS needs the address that people use; give --base-url https://study.example.org")
	}
	h := &httpsConfig{host: base.Hostname(), redirect: f.HTTPAddr, base: base}
	if files {
		h.config, err = operate.CertificateFiles(f.Cert, f.Key, p.now)
		return h, err
	}
	if net.ParseIP(h.host) != nil || !strings.Contains(h.host, ".") {
		return nil, misuse("certificates by ACME are for a name that the internet knows; %q is none", h.host)
	}
	folder := f.Folder
	if path, ok := c.file(); ok && folder == "" {
		folder = path + ".acme"
	}
	if folder == "" {
		return nil, misuse("name the folder for certificates with --acme-dir")
	}
	h.config, h.manager, err = operate.ACME{Host: h.host, Folder: folder, Email: f.Email, Directory: f.Where}.Begin()
	return h, err
}

// warmTimeout bounds the wait for a first certificate.
const warmTimeout = 2 * time.Minute

// serveRedirect leads people on who come without HTTPS, and gets a first certificate.
func (h *httpsConfig) serveRedirect(ctx context.Context, log *slog.Logger) (stop func(), err error) {
	if h.config == nil || h.redirect == "" {
		return func() {}, nil
	}
	l, err := listen(ctx, h.redirect, "--http-addr")
	if err != nil {
		return nil, err
	}
	handler := operate.Redirect(h.base)
	if h.manager != nil {
		handler = h.manager.HTTPHandler(handler)
	}
	server := &http.Server{
		Handler: http.MaxBytesHandler(handler, 1<<10), ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout, WriteTimeout: headerTimeout,
		IdleTimeout: headerTimeout, MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("people without HTTPS are no longer led on", "error", err)
		}
	}()
	return func() {
		if err := server.Close(); err != nil {
			log.Warn("people without HTTPS", "error", err)
		}
		<-ended
	}, nil
}

// warm gets a first certificate by ACME while the server begins, so that nobody waits for
// it; when that fails, the next browser tries again.
func (h *httpsConfig) warm(ctx context.Context, log *slog.Logger) {
	if h.manager == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, warmTimeout)
	go func() {
		defer cancel()
		if err := operate.Warm(ctx, h.config, h.host); err != nil && ctx.Err() == nil {
			log.Error("no certificate yet", "error", err)
		}
	}()
}
