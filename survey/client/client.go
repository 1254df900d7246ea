package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client asks one server with one token. It can be used by several goroutines.
type Client struct {
	base  string
	token string
	// HTTP sends the requests; nil: http.DefaultClient.
	HTTP *http.Client
	// Tries is how often a request is made while the server asks to wait, at least once.
	Tries int
	// Longest is the longest wait before another try, whatever the server asks for.
	Longest time.Duration
}

// ErrAddress reports an address that is not https://host, or http:// of this machine: a
// token does not go over a network in the clear.
var ErrAddress = errors.New("the address must look like https://study.example.org")

// New is a client of the server at an address, as "https://study.example.org".
func New(address, token string) (*Client, error) {
	u, err := url.Parse(strings.TrimSuffix(address, "/"))
	if err != nil || u.Host == "" || u.Path != "" || u.User != nil {
		return nil, fmt.Errorf("%q: %w", address, ErrAddress)
	}
	here := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"
	if u.Scheme != "https" && (u.Scheme != "http" || !here) {
		return nil, fmt.Errorf("%q: %w", address, ErrAddress)
	}
	return &Client{base: u.Scheme + "://" + u.Host + "/api/v1", token: token, Tries: 5, Longest: time.Minute}, nil
}

// request is what is asked of the server.
type request struct {
	method, path string
	query        url.Values
	body         []byte
	accept       string
	key          string // Idempotency-Key
}

// do makes a request until the server answers it; the body is to be closed.
func (c *Client) do(ctx context.Context, r request) (*http.Response, error) {
	for try := 1; ; try++ {
		answer, err := c.once(ctx, r)
		if err != nil {
			return nil, err
		}
		if answer.StatusCode < 400 {
			return answer, nil
		}
		problem := read(answer)
		busy := answer.StatusCode == http.StatusServiceUnavailable && (r.method == http.MethodGet || r.key != "")
		if answer.StatusCode != http.StatusTooManyRequests && !busy || try >= c.Tries {
			return nil, problem
		}
		if err := wait(ctx, c.pause(answer, try)); err != nil {
			return nil, errors.Join(err, problem)
		}
	}
}

func (c *Client) once(ctx context.Context, r request) (*http.Response, error) {
	address := c.base + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	q, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(r.body))
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", r.path, err)
	}
	q.Header.Set("Authorization", "Bearer "+c.token)
	q.Header.Set("Accept", r.accept)
	if r.body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if r.key != "" {
		q.Header.Set("Idempotency-Key", r.key)
	}
	h := c.HTTP
	if h == nil {
		h = http.DefaultClient
	}
	answer, err := h.Do(q)
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", r.path, err)
	}
	return answer, nil
}

// read reads an error.
func read(answer *http.Response) *Problem {
	p := &Problem{Status: answer.StatusCode, Title: http.StatusText(answer.StatusCode)}
	const most = 64 << 10
	b, err := io.ReadAll(io.LimitReader(answer.Body, most))
	if err == nil {
		err = json.Unmarshal(b, p)
	}
	if err != nil { // it is not of our server, but of a proxy before it
		p.Detail = "the answer is no problem that can be read"
	}
	_ = answer.Body.Close() // all that is needed of it was read
	return p
}

// pause is how long to wait before another try: as long as the server says, or twice as
// long as before.
func (c *Client) pause(answer *http.Response, try int) time.Duration {
	pause := time.Second << min(try-1, 6)
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds >= 0 {
		pause = time.Duration(seconds) * time.Second
	}
	return min(pause, c.Longest)
}

func wait(ctx context.Context, pause time.Duration) error {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// get reads a JSON answer.
func get[T any](ctx context.Context, c *Client, path string, query url.Values) (T, error) {
	var v T
	answer, err := c.do(ctx, request{method: http.MethodGet, path: path, query: query, accept: "application/json"})
	if err != nil {
		return v, err
	}
	err = json.NewDecoder(answer.Body).Decode(&v)
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return v, fmt.Errorf("read %s: %w", path, err)
	}
	return v, nil
}

// file copies an answer.
func (c *Client) file(ctx context.Context, path string, query url.Values, to io.Writer) error {
	answer, err := c.do(ctx, request{method: http.MethodGet, path: path, query: query, accept: "*/*"})
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(to, sum), answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err == nil {
		err = whole(answer.Trailer, n, sum.Sum(nil))
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// ErrNotWhole reports a file that did not arrive as the server sent it.
var ErrNotWhole = errors.New("the file did not arrive whole")

// whole compares what has arrived with what the server says after the last byte. A proxy
// may have taken that away, and then nothing can be compared.
func whole(trailer http.Header, n int64, sum []byte) error {
	bytes, digest := trailer.Get("Tidemark-Bytes"), trailer.Get("Repr-Digest")
	switch {
	case bytes != "" && bytes != strconv.FormatInt(n, 10):
		return fmt.Errorf("%w: %d bytes of %s", ErrNotWhole, n, bytes)
	case digest != "" && digest != "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":":
		return fmt.Errorf("%w: another SHA-256 than %s", ErrNotWhole, digest)
	}
	return nil
}
