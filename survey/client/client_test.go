package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/served"
	"tidemark/survey"
	"tidemark/survey/client"
)

func newClient(t *testing.T, i *served.Installation) *client.Client {
	t.Helper()
	c, err := client.New(i.Base, i.Token)
	i.Must(err)
	return c
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("-got +want:\n%s", d)
	}
}

func TestEverythingOfAStudyIsRead(t *testing.T) {
	t.Parallel()
	i := served.New(t)
	c, ctx, study := newClient(t, i), t.Context(), i.Study().Key
	token, err := c.Token(ctx)
	i.Must(err)
	same(t, []any{token.Study, len(token.Scopes)}, []any{study, len(survey.Scopes())})
	s, err := c.Study(ctx, study)
	i.Must(err)
	same(t, s.Title, i.Study().Title)
	runs, err := c.Runs(ctx, study)
	i.Must(err)
	calendar, err := c.Calendar(ctx, study, runs[0].ID)
	i.Must(err)
	same(t, []int{len(calendar.Meetings), len(calendar.Waves)}, []int{runs[0].Meetings, len(i.Stage.Design.Waves)})
	lengths := map[string]int{}
	for name, read := range map[string]func() (int, error){
		"arms":        func() (int, error) { l, err := c.Arms(ctx, study); return len(l), err },
		"waves":       func() (int, error) { l, err := c.Waves(ctx, study); return len(l), err },
		"instruments": func() (int, error) { l, err := c.Instruments(ctx, study); return len(l), err },
		"variables":   func() (int, error) { l, err := c.Variables(ctx, study); return len(l), err },
		"snapshots":   func() (int, error) { l, err := c.Snapshots(ctx, study); return len(l), err },
	} {
		lengths[name], err = read()
		i.Must(err)
		if lengths[name] == 0 {
			t.Errorf("there are no %s", name)
		}
	}
	var codes []string
	for e, err := range c.Enrolments(ctx, study) {
		i.Must(err)
		codes = append(codes, e.Participant)
	}
	same(t, len(codes), 3)
	one, err := c.Enrolment(ctx, study, codes[1])
	i.Must(err)
	same(t, one.Participant, codes[1])
	assessments, answers, scores := 0, 0, 0
	for _, err := range c.Assessments(ctx, study, client.Filter{Participant: codes[0]}) {
		i.Must(err)
		assessments++
	}
	for r, err := range c.Responses(ctx, study, client.Filter{Wave: "pre"}) {
		i.Must(err)
		same(t, r.Wave, "pre")
		answers++
	}
	for _, err := range c.Scores(ctx, study, client.Filter{}) {
		i.Must(err)
		if scores++; scores == 2 {
			break // a sequence can be left
		}
	}
	if assessments == 0 || answers == 0 || scores != 2 {
		t.Errorf("%d assessments, %d answers, %d scores", assessments, answers, scores)
	}
	var table, bundle bytes.Buffer
	i.Must(c.Table(ctx, study, "wide", "csv", &table))
	same(t, strings.Count(table.String(), "\n"), 4)
	i.Must(c.Bundle(ctx, study, 1, &bundle))
	same(t, strings.HasPrefix(bundle.String(), "PK"), true)

	added, err := c.AddPeople(ctx, study, runs[0].ID, "first", client.NewPerson{Name: "Bo"}, client.NewPerson{})
	i.Must(err)
	same(t, len(added), 2)
	_, err = c.AddPeople(ctx, study, runs[0].ID, "first", client.NewPerson{Name: "Bo"})
	problem, ok := errors.AsType[*client.Problem](err)
	if !ok || problem.Status != http.StatusConflict {
		t.Errorf("the same request again gives %v", err)
	}
	_, err = c.Study(ctx, "another")
	if problem, ok = errors.AsType[*client.Problem](err); !ok || problem.Status != http.StatusNotFound || problem.Detail == "" {
		t.Errorf("a study of others gives %v", err)
	}
	for _, err := range c.Scores(ctx, study, client.Filter{Wave: "never"}) {
		if problem, ok = errors.AsType[*client.Problem](err); !ok || problem.Faults["wave"] == "" {
			t.Errorf("an occasion that is not there gives %v", err)
		}
	}
}

// moody answers with the statuses in turn, and then well.
func moody(t *testing.T, statuses ...int) (*client.Client, *atomic.Int64) {
	t.Helper()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := int(asked.Add(1)); n <= len(statuses) {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(statuses[n-1])
			return
		}
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
			_, _ = fmt.Fprint(w, `{"participants": ["P-1"]}`)
			return
		}
		_, _ = fmt.Fprint(w, `{"key": "k"}`)
	}))
	t.Cleanup(server.Close)
	c, err := client.New(server.URL, "tmk_x")
	if err != nil {
		t.Fatal(err)
	}
	return c, &asked
}

func TestWhatTheServerAsksToWaitForIsTriedAgain(t *testing.T) {
	t.Parallel()
	c, asked := moody(t, 429, 503, 429)
	s, err := c.Study(t.Context(), "k")
	if err != nil || s.Key != "k" || asked.Load() != 4 {
		t.Errorf("%v after %d requests", err, asked.Load())
	}
	c, asked = moody(t, 429, 429, 429, 429, 429)
	if _, err := c.Study(t.Context(), "k"); err == nil || asked.Load() != 5 {
		t.Errorf("%v after %d requests", err, asked.Load())
	}
	c, asked = moody(t, 500)
	if _, err := c.Study(t.Context(), "k"); err == nil || asked.Load() != 1 {
		t.Errorf("%v after %d requests", err, asked.Load())
	}
	// What may have been carried out is not repeated without a key.
	c, asked = moody(t, 503)
	if _, err := c.AddPeople(t.Context(), "k", "r", ""); err == nil || asked.Load() != 1 {
		t.Errorf("%v after %d requests", err, asked.Load())
	}
	c, asked = moody(t, 503)
	if _, err := c.AddPeople(t.Context(), "k", "r", "once"); err != nil || asked.Load() != 2 {
		t.Errorf("%v after %d requests", err, asked.Load())
	}
	c, _ = moody(t, 429)
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	cancel()
	if _, err := c.Study(ctx, "k"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestATokenDoesNotGoOverANetworkInTheClear(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://study.example.org": true, "https://study.example.org/": true, "http://localhost:8080": true, "http://127.0.0.1:1": true,
		"http://study.example.org": false, "study.example.org": false, "": false, "https://study.example.org/x": false, "https://a:b@study.example.org": false,
	} {
		if _, err := client.New(address, "tmk_x"); (err == nil) != want || err != nil && !errors.Is(err, client.ErrAddress) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// A file is held to the length and the hash that the server says after its last byte.
func TestAFileThatDoesNotArriveWholeIsAFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trailer map[string]string
		fault   bool
	}{
		"nothing said": {nil, false},
		"whole":        {map[string]string{"Tidemark-Bytes": "3", "Repr-Digest": "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:"}, false},
		"too short":    {map[string]string{"Tidemark-Bytes": "4"}, true},
		"altered":      {map[string]string{"Repr-Digest": "sha-256=:AAAA:"}, true},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name := range c.trailer {
				w.Header().Add("Trailer", name)
			}
			_, _ = w.Write([]byte("abc"))
			for name, value := range c.trailer {
				w.Header().Set(name, value)
			}
		}))
		t.Cleanup(server.Close)
		asking, err := client.New(server.URL, "tmk_x")
		if err != nil {
			t.Fatal(err)
		}
		if err := asking.Table(t.Context(), "s", "wide", "csv", io.Discard); errors.Is(err, client.ErrNotWhole) != c.fault {
			t.Errorf("%s: %v", name, err)
		}
	}
}
