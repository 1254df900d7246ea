package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// buffer is a bytes.Buffer that another goroutine may read.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write and String are safe to use at once.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// service is a command that runs until it is stopped.
type service struct {
	out, err buffer
	cancel   context.CancelFunc
	code     chan int
}

func start(t *testing.T, args ...string) *service {
	t.Helper()
	if args[0] == "serve" && !slices.Contains(args, "--second-factor") { // tests of other things have no phone at hand
		args = append(args, "--second-factor", "off", "--prove-again", "0")
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := &service{cancel: cancel, code: make(chan int, 1)}
	go func() { s.code <- run(ctx, args, strings.NewReader(""), &s.out, &s.err) }()
	t.Cleanup(cancel)
	return s
}

// await waits until the text appears in what get returns.
func (s *service) await(t *testing.T, get func() string, text string) string {
	t.Helper()
	deadline := time.After(60 * time.Second)
	for {
		if got := get(); strings.Contains(got, text) {
			return got
		}
		select {
		case code := <-s.code:
			t.Fatalf("ended with exit %d before it said %q:\n%s%s", code, text, s.out.String(), s.err.String())
		case <-deadline:
			t.Fatalf("did not say %q in time:\n%s%s", text, s.out.String(), s.err.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// stop asks the command to end, as a signal does, and expects that it does.
func (s *service) stop(t *testing.T) {
	t.Helper()
	s.cancel()
	select {
	case code := <-s.code:
		if code != exitOK {
			t.Errorf("stopped with exit %d:\n%s", code, s.err.String())
		}
	case <-time.After(shutdownGrace + 10*time.Second):
		t.Fatal("does not stop")
	}
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

var linkLine = regexp.MustCompile(`(?m)^  As (participant|facilitator|researcher|administrator) +(http://\S+)$`)

// links are the four links a demo has printed.
func links(t *testing.T, printed string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, m := range linkLine.FindAllStringSubmatch(printed, -1) {
		found[m[1]] = m[2]
	}
	if len(found) != 4 {
		t.Fatalf("found the links %v in:\n%s", found, printed)
	}
	return found
}

func path(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

func TestTheDemoPrintsFourLinksThatAnswer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "rehearsal")
	began := time.Now()
	s := start(t, "demo", "--addr", "127.0.0.1:0", "--dir", dir)
	first := links(t, s.await(t, s.out.String, "Stop with"))
	t.Logf("ready in %v", time.Since(began).Round(time.Millisecond))
	for who, link := range first {
		if status, body := get(t, link); status != http.StatusOK || !strings.Contains(body, "<form") {
			t.Errorf("%s: status %d, page\n%.600s", who, status, body)
		}
	}
	if !strings.Contains(s.err.String(), "playing the weeks") {
		t.Errorf("no progress is shown: %q", s.err.String())
	}
	s.stop(t)

	// The same folder is shown again, with the same participant.
	s = start(t, "demo", "--addr", "127.0.0.1:0", "--dir", dir)
	again := links(t, s.await(t, s.out.String, "Stop with"))
	if strings.Contains(s.err.String(), "playing") {
		t.Errorf("played again: %q", s.err.String())
	}
	if path(t, again["participant"]) != path(t, first["participant"]) {
		t.Error("the participant has another link")
	}
	if status, _ := get(t, again["participant"]); status != http.StatusOK {
		t.Errorf("the participant's link answers %d", status)
	}
	s.stop(t)

	s = start(t, "demo", "--addr", "127.0.0.1:0", "--dir", dir, "--reset", "--seed", "2", "--people", "30")
	anew := links(t, s.await(t, s.out.String, "Stop with"))
	if path(t, anew["participant"]) == path(t, first["participant"]) {
		t.Error("--reset kept the old participant")
	}
	s.stop(t)
	if r := must(t, "", "export", "--database", filepath.Join(dir, "demo.db"), "--study", "learning-from-setbacks"); !strings.HasSuffix(r.stderr, " rows\n") {
		t.Errorf("export says %q", r.stderr)
	}
}

func TestTheDemoLeavesRealStudiesAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := filepath.Join(dir, "demo.db")
	must(t, "", "migrate", "--database", db)
	must(t, "", "admin", "study", "create", "--database", db)
	for _, flags := range [][]string{nil, {"--reset"}} {
		r := tidemark(t, "", append([]string{"demo", "--addr", "127.0.0.1:0", "--dir", dir}, flags...)...)
		if r.code != exitFailure || !strings.Contains(r.stderr, "not a rehearsal") {
			t.Errorf("demo %v: exit %d, %q", flags, r.code, r.stderr)
		}
	}
	if r := must(t, "", "admin", "study", "list", "--database", db); !strings.Contains(r.stdout, "learning-from-setbacks") {
		t.Errorf("the study is gone: %q", r.stdout)
	}
}

func TestTheServerAnswersAndStopsWhenAsked(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	s := start(t, "serve", "--database", db, "--addr", "127.0.0.1:0", "--log-format", "json")
	said := s.await(t, s.err.String, `"msg":"serving"`)
	_, rest, _ := strings.Cut(said, `"base_url":"`)
	base, _, _ := strings.Cut(rest, `"`)
	if status, _ := get(t, base+"/sign-in"); status != http.StatusOK {
		t.Errorf("the sign-in page answers %d", status)
	}
	if status, _ := get(t, base+"/p/nobodynobodynobodynobodynobody22"); status != http.StatusNotFound {
		t.Errorf("an unknown link answers %d, want 404", status)
	}
	s.stop(t)
}
