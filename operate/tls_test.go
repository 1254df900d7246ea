package operate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const host = "study.example.org"

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// authority is a certificate authority that speaks just as much ACME (RFC 8555) as is
// needed to get one certificate by TLS-ALPN-01. It looks at the challenge as a real one
// does, over a connection to the server, and trusts every signature.
type authority struct {
	t       *testing.T
	key     *ecdsa.PrivateKey
	server  *httptest.Server
	where   string // of the server that asks for a certificate
	proved  atomic.Bool
	issued  atomic.Int64
	refuses atomic.Bool
	chain   atomic.Value // of the last certificate
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, key: must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))}
	a.server = httptest.NewServer(a)
	t.Cleanup(a.server.Close)
	return a
}

// ServeHTTP answers one request of a client.
func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := func(path string) string { return a.server.URL + path }
	w.Header().Set("Replay-Nonce", fmt.Sprint("nonce", time.Now().UnixNano()))
	var signed struct{ Payload string }
	if r.Method == http.MethodPost {
		_ = json.NewDecoder(r.Body).Decode(&signed) // what is missing shows below
	}
	payload, _ := base64.RawURLEncoding.DecodeString(signed.Payload)
	status := map[bool]string{true: "valid", false: "pending"}[a.proved.Load()]
	order := map[string]any{
		"status": "ready", "authorizations": []string{at("/authz")}, "finalize": at("/finalize"),
		"identifiers": []map[string]string{{"type": "dns", "value": host}},
	}
	code, said := http.StatusOK, any(nil)
	switch r.URL.Path {
	case "/directory":
		said = map[string]string{"newNonce": at("/nonce"), "newAccount": at("/account"), "newOrder": at("/orders"), "revokeCert": at("/revoke"), "keyChange": at("/keys")}
	case "/nonce":
	case "/account":
		w.Header().Set("Location", at("/account/1"))
		code, said = http.StatusCreated, map[string]string{"status": "valid"}
	case "/orders":
		w.Header().Set("Location", at("/order"))
		order["status"] = "pending"
		code, said = http.StatusCreated, order
	case "/authz":
		said = map[string]any{
			"status": status, "identifier": map[string]string{"type": "dns", "value": host},
			"challenges": []map[string]string{{"type": "tls-alpn-01", "url": at("/challenge"), "token": "a-token", "status": status}},
		}
	case "/challenge":
		a.proved.Store(!a.refuses.Load() && a.look())
		said = map[string]string{"type": "tls-alpn-01", "url": at("/challenge"), "token": "a-token", "status": "processing"}
	case "/finalize":
		var asked struct{ CSR string }
		_ = json.Unmarshal(payload, &asked)
		a.chain.Store(a.issue(asked.CSR))
		order["status"], order["certificate"] = "valid", at("/certificate")
		w.Header().Set("Location", at("/order"))
		said = order
	case "/order":
		order["status"], order["certificate"] = "valid", at("/certificate")
		said = order
	case "/certificate":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		chain, _ := a.chain.Load().([]byte)
		_, _ = w.Write(chain)
		return
	default:
		code = http.StatusNotFound
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	if said != nil {
		_ = json.NewEncoder(w).Encode(said)
	}
}

// look finds out whether the server answers for its name.
func (a *authority) look() bool {
	c, err := tls.Dial("tcp", a.where, &tls.Config{ServerName: host, NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true}) //nolint:noctx // the challenge is signed by nobody
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	shown := c.ConnectionState().PeerCertificates[0]
	for _, e := range shown.Extensions {
		if e.Id.String() == "1.3.6.1.5.5.7.1.31" && e.Critical {
			return shown.VerifyHostname(host) == nil
		}
	}
	return false
}

// issue signs what was asked for.
func (a *authority) issue(csr string) []byte {
	der, err := base64.RawURLEncoding.DecodeString(csr)
	if err != nil {
		return nil
	}
	asked, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil
	}
	n := a.issued.Add(1)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(n), Subject: pkix.Name{CommonName: host}, DNSNames: asked.DNSNames,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
	}
	signed, err := x509.CreateCertificate(rand.Reader, leaf, leaf, asked.PublicKey, a.key)
	if err != nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
}

// shows connects as a browser does and gives the certificate.
func shows(address, name string) (*x509.Certificate, error) {
	c, err := tls.Dial("tcp", address, &tls.Config{ServerName: name, InsecureSkipVerify: true}) //nolint:noctx // it is looked at
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	return c.ConnectionState().PeerCertificates[0], nil
}

// speak serves HTTPS with a configuration until the test ends.
func speak(t *testing.T, config *tls.Config) string {
	t.Helper()
	l := must[net.Listener](t)(tls.Listen("tcp", "127.0.0.1:0", config))
	server := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return l.Addr().String()
}

func TestACertificateIsGotFromAnAuthorityAndKept(t *testing.T) {
	t.Parallel()
	ca, folder := newAuthority(t), filepath.Join(t.TempDir(), "acme")
	begin := func() string {
		config, manager, err := ACME{Host: host, Folder: folder, Email: "ops@example.org", Directory: ca.server.URL + "/directory"}.Begin()
		if err != nil || manager == nil {
			t.Fatal(err)
		}
		address := speak(t, config)
		ca.where = address
		if err := Warm(t.Context(), config, host); err != nil {
			t.Fatal(err)
		}
		return address
	}
	address := begin()
	shown := must[*x509.Certificate](t)(shows(address, host))
	if err := shown.VerifyHostname(host); err != nil || ca.issued.Load() != 1 {
		t.Errorf("%v after %d certificates", err, ca.issued.Load())
	}
	if _, err := shows(address, "evil.example"); err == nil {
		t.Error("another name is served, or was asked for")
	}
	// Another server, or the next start, finds it in the folder.
	again := must[*x509.Certificate](t)(shows(begin(), host))
	if !again.Equal(shown) || ca.issued.Load() != 1 {
		t.Errorf("%d certificates were asked for", ca.issued.Load())
	}
	for _, e := range must[[]os.DirEntry](t)(os.ReadDir(folder)) {
		if info := must[os.FileInfo](t)(e.Info()); info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others can read %s", e.Name())
		}
	}
}

// certified writes a certificate and its key into files.
func certified(t *testing.T, cert, key, name string, at time.Time) {
	t.Helper()
	k := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	leaf := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: at.Add(-time.Hour), NotAfter: at.Add(time.Hour)}
	der := must[[]byte](t)(x509.CreateCertificate(rand.Reader, leaf, leaf, &k.PublicKey, k))
	secret := must[[]byte](t)(x509.MarshalPKCS8PrivateKey(k))
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestANewerCertificateIsTakenUpAndABrokenOneIsNot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	now := time.Now()
	certified(t, cert, key, "first.example.org", now)
	clock := now
	config, err := CertificateFiles(cert, key, func() time.Time { return clock })
	if err != nil {
		t.Fatal(err)
	}
	name := func() string {
		c := must[*tls.Certificate](t)(config.GetCertificate(nil))
		return must[*x509.Certificate](t)(x509.ParseCertificate(c.Certificate[0])).Subject.CommonName
	}
	certified(t, cert, key, "second.example.org", now.Add(time.Second))
	if got := name(); got != "first.example.org" {
		t.Errorf("within a minute: %s", got)
	}
	clock = clock.Add(reloadEvery)
	if got := name(); got != "second.example.org" {
		t.Errorf("after a minute: %s", got)
	}
	if err := os.WriteFile(cert, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(reloadEvery)
	if got := name(); got != "second.example.org" {
		t.Errorf("with a broken file: %s", got)
	}
	if _, err := CertificateFiles(cert, key, time.Now); err == nil {
		t.Error("a server begins with a broken certificate")
	}
}

func TestWhoeverComesWithoutHTTPSIsLedToTheBaseURL(t *testing.T) {
	t.Parallel()
	h := Redirect(must[*url.URL](t)(url.Parse("https://study.example.org")))
	for _, c := range []struct {
		method, asked, to string
		status            int
	}{
		{"GET", "http://study.example.org/help?country=ES", "https://study.example.org/help?country=ES", 301},
		{"HEAD", "http://evil.example//evil.example/x", "https://study.example.org//evil.example/x", 301},
		{"POST", "http://study.example.org/me/a/1/save", "", 403},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), c.method, c.asked, strings.NewReader("")))
		if got := w.Header().Get("Location"); w.Code != c.status || got != c.to || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: %d to %q", c.method, c.asked, w.Code, got)
		}
	}
}
