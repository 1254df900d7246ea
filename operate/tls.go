package operate

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// reloadEvery is how often files of a certificate are looked at for newer ones.
const reloadEvery = time.Minute

// certificateFiles are a certificate and its key in files that somebody renews.
type certificateFiles struct {
	cert, key string
	now       func() time.Time

	mu      sync.Mutex
	looked  time.Time
	changed time.Time
	current *tls.Certificate
}

// CertificateFiles gives the certificate in two PEM files, and a newer one within a
// minute after both were replaced. While new ones do not fit each other the old stays.
func CertificateFiles(cert, key string, now func() time.Time) (*tls.Config, error) {
	f := &certificateFiles{cert: cert, key: key, now: now}
	if err := f.load(); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.certificate(), nil },
	}, nil
}

// load reads both files if either is another than before.
func (f *certificateFiles) load() error {
	f.looked = f.now()
	newest := time.Time{}
	for _, path := range []string{f.cert, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	if newest.Equal(f.changed) {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.current, f.changed = &pair, newest
	return nil
}

func (f *certificateFiles) certificate() *tls.Certificate {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now().Sub(f.looked) >= reloadEvery {
		_ = f.load() // what is there goes on; the next look is in a minute
	}
	return f.current
}

// ACME says how certificates are got from a certificate authority.
type ACME struct {
	// Host is the one name that certificates are asked for.
	Host string
	// Folder keeps the account's key and the certificates.
	Folder string
	// Email is told to the authority; may be empty.
	Email string
	// Directory is the authority's address; empty: Let's Encrypt.
	Directory string
	// Client, if not nil, is how the authority is asked.
	Client *http.Client
}

// Begin gives what a server with certificates from an authority needs. Whoever runs it
// agrees to the authority's terms. A certificate is got when the first browser comes, or
// by Warm, and renewed 30 days before it ends; challenges are answered on the HTTPS port
// (TLS-ALPN-01), and by the handler of Redirect on port 80 (HTTP-01).
func (a ACME) Begin() (*tls.Config, *autocert.Manager, error) {
	if a.Host == "" {
		return nil, nil, errors.New("certificates need the name of a host")
	}
	if err := os.MkdirAll(a.Folder, 0o700); err != nil {
		return nil, nil, fmt.Errorf("folder for certificates: %w", err)
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(a.Folder), HostPolicy: autocert.HostWhitelist(a.Host), Email: a.Email,
		Client: &acme.Client{DirectoryURL: a.Directory, HTTPClient: a.Client, UserAgent: "tidemark"},
	}
	if a.Directory == "" {
		m.Client.DirectoryURL = autocert.DefaultACMEDirectory
	}
	config := m.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	return config, m, nil
}

// Redirect leads everybody who asks without HTTPS to the base URL, whatever host they
// asked for. What was sent by a form is refused, as it has travelled unprotected.
func Redirect(base *url.URL) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use "+base.String()+" instead.", http.StatusForbidden)
			return
		}
		to := *base
		to.Path, to.RawPath, to.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
		h.Set("Location", to.String())
		w.WriteHeader(http.StatusMovedPermanently)
	})
}

// Warm gets the certificate before anybody waits for it.
func Warm(ctx context.Context, config *tls.Config, host string) error {
	got := make(chan error, 1)
	go func() {
		_, err := config.GetCertificate(&tls.ClientHelloInfo{
			ServerName: host, SupportedProtos: []string{"h2", "http/1.1"}, SupportedVersions: []uint16{tls.VersionTLS13, tls.VersionTLS12},
			SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, SupportedCurves: []tls.CurveID{tls.CurveP256},
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
		})
		got <- err
	}()
	select {
	case err := <-got:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
