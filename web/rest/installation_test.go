package rest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"tidemark/internal/served"
)

// installation is one that a program asks with its token.
type installation struct {
	*served.Installation
	t *testing.T
}

func newInstallation(t *testing.T) *installation {
	t.Helper()
	return &installation{served.New(t), t}
}

// reply is what came back.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
	// trailer is what came after the body.
	trailer http.Header
}

// ask sends a request with the token, and headers by name and value.
func (i *installation) ask(method, path, body string, headers ...string) reply {
	i.t.Helper()
	r, err := http.NewRequestWithContext(i.t.Context(), method, i.Base+path, strings.NewReader(body))
	i.Must(err)
	r.Header.Set("Authorization", "Bearer "+i.Token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for n := 0; n < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	answer, err := http.DefaultClient.Do(r)
	i.Must(err)
	defer func() { i.Must(answer.Body.Close()) }()
	b, err := io.ReadAll(answer.Body)
	i.Must(err)
	return reply{i.t, answer.StatusCode, answer.Header, b, answer.Trailer}
}

func (i *installation) get(path string, headers ...string) reply {
	i.t.Helper()
	return i.ask(http.MethodGet, path, "", headers...)
}

func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	return r
}

// into reads the body.
func into[T any](r reply) T {
	r.t.Helper()
	var v T
	if err := json.Unmarshal(r.body, &v); err != nil {
		r.t.Fatalf("%v: %s", err, r.body)
	}
	return v
}
