package mail_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tidemark/mail"
	"tidemark/survey"
	"tidemark/survey/client"
)

func event(address string) survey.HookCall {
	return survey.HookCall{
		Address: address, ID: "evt_1", Secret: []byte("0123456789abcdef0123456789abcdef"), At: time.Now(),
		Body: []byte(`{"type":"test","timestamp":"2026-11-30T17:00:00Z","sequence":4,"data":{"study":"s"}}`),
	}
}

func TestAnEventIsPostedAndItsReceiverCanCheckIt(t *testing.T) {
	t.Parallel()
	got := make(chan client.WebhookEvent, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		e, err := client.VerifyWebhook("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", r.Header, body, time.Now())
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %v: %v", r.Method, r.Header, err)
		}
		got <- e
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	status, err := mail.NewEvents(true).Post(t.Context(), event(server.URL))
	if status != http.StatusNoContent || err != nil {
		t.Fatalf("status %d: %v", status, err)
	}
	if e := <-got; e.ID != "evt_1" || e.Type != "test" || e.Sequence != 4 || e.Data.Study != "s" {
		t.Errorf("it read %+v", e)
	}
}

// Names are looked up by the dialler: "localhost" is a name here, and 127.0.0.1 in every
// spelling that reaches it is refused as what it stands for.
func TestNoEventGoesToAPrivateNetwork(t *testing.T) {
	t.Parallel()
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{
		"127.0.0.1", "localhost", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8",
		"198.18.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[fe80::1]", "[fd00::1]", "[fec0::1]",
		"[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]", "[ff02::1]",
	} {
		status, err := mail.NewEvents(false).Post(t.Context(), event("http://"+host+":"+port+"/"))
		fault, ok := errors.AsType[*survey.SendError](err)
		if status != 0 || !ok || !strings.Contains(fault.Reason, "private network") || strings.Contains(fault.Error(), host) {
			t.Errorf("%s: status %d, %v", host, status, err)
		}
	}
	if asked {
		t.Error("the server was asked")
	}
}

func TestAnEventIsNotTakenByWhateverAnswers(t *testing.T) {
	t.Parallel()
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	t.Cleanup(other.Close)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		case "/slow":
			<-release
		case "/long":
			_, _ = io.CopyN(w, zeros{}, 64<<20) // it stops reading
		case "/header":
			w.Header().Set("X-Long", strings.Repeat("x", 100<<10))
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	for path, want := range map[string]int{"/moved": 307, "/": 418, "/header": 0, "/long": 200} {
		status, err := mail.NewEvents(true).Post(t.Context(), event(server.URL+path))
		if status != want || (err == nil) != (want == 200) {
			t.Errorf("%s: status %d, %v", path, status, err)
		}
	}
	if elsewhere > 0 {
		t.Error("a redirect was followed")
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if status, err := mail.NewEvents(true).Post(ctx, event(server.URL+"/slow")); status != 0 || err == nil || !strings.Contains(err.Error(), "in time") {
		t.Errorf("slow: status %d, %v", status, err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }
