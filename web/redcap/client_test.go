package redcap_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/served"
	"tidemark/survey"
)

// client asks as a client of REDCap does.
type client struct {
	*served.Installation
	t     *testing.T
	token string
}

func newClient(t *testing.T) *client {
	t.Helper()
	i := served.New(t)
	return &client{i, t, i.TokenOf(i.User, survey.TokenREDCap, survey.Scopes()...)}
}

// reply is what came back.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// ask posts parameters by name and value, form-encoded as PyCap and REDCapR do.
func (c *client) ask(parameters ...string) reply {
	c.t.Helper()
	form := url.Values{"token": {c.token}}
	for i := 0; i < len(parameters); i += 2 {
		form.Set(parameters[i], parameters[i+1])
	}
	return c.send("application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// multipart posts them as redcapAPI does.
func (c *client) multipart(parameters ...string) reply {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	c.Must(w.WriteField("token", c.token))
	for i := 0; i < len(parameters); i += 2 {
		c.Must(w.WriteField(parameters[i], parameters[i+1]))
	}
	c.Must(w.Close())
	return c.send(w.FormDataContentType(), &b)
}

func (c *client) send(media string, body io.Reader) reply {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.Base+"/api/", body)
	c.Must(err)
	r.Header.Set("Content-Type", media)
	answer, err := http.DefaultClient.Do(r)
	c.Must(err)
	defer func() { c.Must(answer.Body.Close()) }()
	b, err := io.ReadAll(answer.Body)
	c.Must(err)
	return reply{c.t, answer.StatusCode, answer.Header, string(b)}
}

func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %.500s", r.status, status, r.body)
	}
	if !strings.Contains(r.header.Get("Content-Type"), "charset=utf-8") {
		r.t.Errorf("the media type %q has no character set", r.header.Get("Content-Type"))
	}
	return r
}

// json reads a list of objects.
func (r reply) json() []map[string]string {
	r.t.Helper()
	var rows []map[string]string
	if err := json.Unmarshal([]byte(r.body), &rows); err != nil {
		r.t.Fatalf("%v: %.300s", err, r.body)
	}
	return rows
}

// csv reads rows under their headings.
func (r reply) csv() []map[string]string {
	r.t.Helper()
	all, err := csv.NewReader(strings.NewReader(r.body)).ReadAll()
	if err != nil || len(all) == 0 {
		r.t.Fatalf("%v: %.300s", err, r.body)
	}
	rows := []map[string]string{}
	for _, values := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = values[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// xml reads items.
func (r reply) xml() []map[string]string {
	r.t.Helper()
	d, rows := xml.NewDecoder(strings.NewReader(r.body)), []map[string]string{}
	var path []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			r.t.Fatalf("%v: %.300s", err, r.body)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if path = append(path, token.Name.Local); len(path) == 2 {
				rows = append(rows, map[string]string{})
			} else if len(path) == 3 {
				rows[len(rows)-1][token.Name.Local] = ""
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if len(path) == 3 {
				rows[len(rows)-1][path[2]] += string(token)
			}
		}
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("-got +want:\n%s", d)
	}
}
