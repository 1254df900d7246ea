package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// healthTimeout is how long a server that is well may take to say so.
const healthTimeout = 3 * time.Second

type healthCmd struct {
	Addr  string `env:"TIDEMARK_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where the server listens (default: ${default})."`
	HTTPS bool   `env:"TIDEMARK_HEALTH_HTTPS" help:"Ask by HTTPS, of a server with a certificate of its own."`
}

// Help is shown under the command's flags.
func (healthCmd) Help() string {
	return `Asks a running server on this machine whether it answers and reaches its database,
and fails when it does not: for the health check of a container, whose image has
no other program.

Example:
  tidemark health --addr :8080`
}

// Run asks once.
func (c healthCmd) Run(ctx context.Context, p *program) error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return misuse("--addr %q: write it as host:port, as 127.0.0.1:8080", c.Addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // it listens everywhere
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	scheme, client := "http://", http.DefaultClient
	if c.HTTPS {
		// The certificate is for the name that people use, and this asks this machine.
		scheme, client = "https://", &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // nothing is told but that it answers
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("the server at %s does not answer: %w", c.Addr, err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, 200))
	if err != nil {
		return fmt.Errorf("the server at %s does not answer: %w", c.Addr, err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s is not well: %s (status %d)", c.Addr, strings.TrimSpace(string(said)), response.StatusCode)
	}
	_, err = fmt.Fprintln(p.stdout, "ok")
	return err
}
