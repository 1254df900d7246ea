package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serving serves a handler as the program does, until the test ends.
func serving(t *testing.T, h http.Handler, end ending) string {
	t.Helper()
	l, err := listen(t.Context(), "127.0.0.1:0", "--addr")
	do(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	end.stop = func() {}
	go func() { ended <- serveUntil(ctx, l, h, end, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	do(t, err)
	t.Cleanup(func() { _ = c.Close() }) // the server may have
	do(t, c.SetDeadline(time.Now().Add(20*time.Second)))
	return c
}

// TestSlowRequestsEnd: whoever sends a head or a body drop by drop holds a connection no
// longer than the server says, and whoever sends too long a head is refused.
func TestSlowRequestsEnd(t *testing.T) {
	t.Parallel()
	read := make(chan error, 1)
	address := serving(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		read <- err
		if err != nil {
			w.WriteHeader(http.StatusRequestTimeout)
		}
	}), ending{read: 300 * time.Millisecond})
	for name, sent := range map[string]string{
		"head": "POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
		"body": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nsc_01=",
	} {
		began := time.Now()
		c := dial(t, address)
		_, err := io.WriteString(c, sent)
		do(t, err)
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Errorf("a slow %s: %v", name, err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("a slow %s held its connection for %v", name, took)
		}
	}
	if err := <-read; err == nil {
		t.Error("half a body was taken for a whole one")
	}
	c := dial(t, address)
	_, err := fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", 64<<10))
	do(t, err)
	if line, err := bufio.NewReader(c).ReadString('\n'); err == nil && !strings.Contains(line, "431") {
		t.Errorf("a head of 64 kB: %s", line)
	}
}

func TestTheLastAnswersAskForANewConnection(t *testing.T) {
	t.Parallel()
	l, err := listen(t.Context(), "127.0.0.1:0", "--addr")
	do(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	drained, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- serveUntil(ctx, l, http.NotFoundHandler(), ending{
			stop: func() {}, drain: func() { close(drained) }, while: 2 * time.Second, // enough for a request on a machine that does much else
		}, slog.New(slog.DiscardHandler))
	}()
	address := "http://" + l.Addr().String()
	get(t, address)
	cancel()
	<-drained
	for range 100 { // the mark is set right after
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		do(t, err)
		response, err := http.DefaultClient.Do(r)
		do(t, err)
		do(t, response.Body.Close())
		if response.Close {
			do(t, <-ended)
			return
		}
	}
	t.Error("a server that ends keeps its connections")
}

func TestAServerSpeaksHTTPSWithItsOwnCertificate(t *testing.T) {
	t.Parallel()
	certificate := selfSigned(t, "study.example.org")
	address := serving(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, r.Proto, r.TLS != nil)
	}), ending{tls: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}}})
	if r := tidemark(t, "", "health", "--addr", address, "--https"); r.code != exitOK {
		t.Errorf("health: exit %d, %s", r.code, r.stderr)
	}
	if r := tidemark(t, "", "health", "--addr", address); r.code != exitFailure {
		t.Errorf("health without HTTPS: exit %d", r.code)
	}
}

// selfSigned is a certificate that nobody vouches for.
func selfSigned(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	do(t, err)
	leaf := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, leaf, leaf, &key.PublicKey, key)
	do(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestSettingsOfHTTPSThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	for want, args := range map[string][]string{
		"go together":           {"--tls-cert", "x"},
		"give one":              {"--tls-cert", "x", "--tls-key", "y", "--acme"},
		"no certificate":        {"--http-addr", ":80"},
		"give --base-url":       {"--acme"},
		"is none":               {"--acme", "--base-url", "https://127.0.0.1"},
		"no such file":          {"--tls-cert", "/nowhere", "--tls-key", "/nowhere", "--base-url", "https://study.example.org"},
		"--base-url https://st": {"--tls-cert", "x", "--tls-key", "y", "--base-url", "http://study.example.org"},
	} {
		r := tidemark(t, "", append([]string{"serve", "--database", db, "--addr", "127.0.0.1:0"}, args...)...)
		if r.code == exitOK || !strings.Contains(r.stderr, want) {
			t.Errorf("%v: exit %d, %q, want %q", args, r.code, r.stderr, want)
		}
	}
}
