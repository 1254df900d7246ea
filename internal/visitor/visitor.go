package visitor

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Request is one request a visitor made.
type Request struct {
	Kind   string // what it was for, as "save"
	Status int
	Bytes  int64 // of the answer's body, as it came over the wire unless compressed
	Took   time.Duration
}

// Visitor is one person with one browser: cookies and a connection of their own.
type Visitor struct {
	base   string
	client *http.Client
	cached map[string]bool // addresses of the files that never change
	// Observe, if not nil, is told of every request, redirects followed
	// included.
	Observe func(Request)
}

// New is a visitor to the installation at base, who has never been there.
// Transport may be nil: a connection of their own.
func New(base string, transport http.RoundTripper) *Visitor {
	if transport == nil {
		transport = &http.Transport{MaxIdleConnsPerHost: 6, IdleConnTimeout: time.Minute}
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // never: no options are given
	}
	return &Visitor{base: base, cached: map[string]bool{}, client: &http.Client{
		Transport: transport, Jar: jar, Timeout: 30 * time.Second,
		// Followed by hand, so that each is observed.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close ends the visitor's connections.
func (v *Visitor) Close() { v.client.CloseIdleConnections() }

// StatusError is an answer that was not expected.
type StatusError struct {
	Kind   string
	Status int
	Body   string        // its beginning
	After  time.Duration // after which to come back, if that was said
}

// Error names what was asked and what came back.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: status %d: %s", e.Kind, e.Status, e.Body)
}

// Page is what a visitor looks at.
type Page struct {
	Path string // after redirects
	Body string
}

// get opens a page of the installation.
func (v *Visitor) get(ctx context.Context, kind, path string) (Page, error) {
	return v.page(ctx, kind, http.MethodGet, path, nil)
}

// post sends a form and follows to where it leads.
func (v *Visitor) post(ctx context.Context, kind, path string, form url.Values) (Page, error) {
	return v.page(ctx, kind, http.MethodPost, path, form)
}

func (v *Visitor) page(ctx context.Context, kind, method, path string, form url.Values) (Page, error) {
	for range 10 {
		status, header, body, err := v.do(ctx, kind, method, path, formType, form.Encode())
		if err != nil {
			return Page{}, err
		}
		if status == http.StatusOK {
			return Page{Path: path, Body: body}, nil
		}
		to, err := url.Parse(header.Get("Location"))
		if status != http.StatusSeeOther || err != nil || to.Path == "" {
			return Page{}, &StatusError{Kind: kind, Status: status, Body: start(body), After: retryAfter(header)}
		}
		kind, method, path, form = kind+" →", http.MethodGet, to.RequestURI(), nil
	}
	return Page{}, fmt.Errorf("%s: too many redirects", kind)
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// do makes one request, the way a browser does from a page of the same site.
func (v *Visitor) do(ctx context.Context, kind, method, path, contentType, body string) (int, http.Header, string, error) {
	request, err := http.NewRequestWithContext(ctx, method, v.base+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, "", err
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Origin", v.base)
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Accept", "text/html")
	if contentType == jsonType {
		request.Header.Set("Accept", jsonType)
	}
	began := time.Now()
	response, err := v.client.Do(request)
	if err != nil {
		return 0, nil, "", fmt.Errorf("%s: %w", kind, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, "", fmt.Errorf("%s: %w", kind, err)
	}
	if v.Observe != nil {
		v.Observe(Request{Kind: kind, Status: response.StatusCode, Bytes: int64(len(text)), Took: time.Since(began)})
	}
	return response.StatusCode, response.Header, string(text), nil
}

// retryAfter is when a server that is full says to come back.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

func start(s string) string { return s[:min(len(s), 400)] }
