package mail_test

import (
	"context"
	"errors"
	"io"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidemark/internal/postoffice"
	"tidemark/mail"
	"tidemark/survey"
)

func newOffice(t *testing.T) *postoffice.Office {
	t.Helper()
	o, err := postoffice.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

func letter() survey.Letter {
	return survey.Letter{
		ID: "0011aabb", To: "ana@example.org", ToName: "Ana Ruíz", Subject: "Ein Gruß, kurz", Language: "de",
		Body: "Guten Tag,\n\nes wartet etwas.\n\n.\nEnde",
	}
}

func newSMTP(t *testing.T, addr string) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP(mail.Settings{Address: addr, From: "Study <study@example.org>", TLS: mail.NoTLS, Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// check reads a letter as a mail program would.
func check(t *testing.T, text string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"Message-Id": "<0011aabb@example.org>", "Auto-Submitted": "auto-generated", "Content-Language": "de",
	} {
		if got := m.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "Ana Ruíz" || to[0].Address != "ana@example.org" {
		t.Errorf("the letter goes to %v (%v)", to, err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil || !strings.Contains(string(body), "es wartet etwas.") || !strings.Contains(string(body), "Ende") {
		t.Errorf("the letter says %q (%v)", body, err)
	}
}

func TestALetterArrivesAtAMailServer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if err := newSMTP(t, o.Addr).Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	taken := o.Taken()
	if len(taken) != 1 {
		t.Fatalf("%d letters arrived, want 1", len(taken))
	}
	check(t, taken[0].Text)
}

func TestAFailureTellsNoAddress(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	closed := newOffice(t).Addr
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := l.Addr().String() // takes connections and says nothing
	t.Cleanup(func() { _ = l.Close() })
	for name, c := range map[string]struct {
		addr, to string
		down     bool
	}{
		"refused":    {o.Addr, "nobody@example.org", false},
		"no address": {o.Addr, "nobody", false},
		"silent":     {silent, "nobody@example.org", true},
		"no tls":     {closed, "nobody@example.org", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSMTP(t, c.addr)
			if name == "no tls" { // the server offers none
				var err error
				s, err = mail.NewSMTP(mail.Settings{Address: c.addr, From: "a@example.org", TLS: mail.StartTLS, Timeout: 2 * time.Second})
				if err != nil {
					t.Fatal(err)
				}
			}
			sent := letter()
			sent.To = c.to
			err := s.Send(t.Context(), sent)
			fault, ok := errors.AsType[*survey.SendError](err)
			if !ok {
				t.Fatalf("got %v, want a reason", err)
			}
			if fault.Down != c.down || strings.Contains(fault.Error(), "nobody") {
				t.Errorf("got %q, down %v; want down %v and no address", fault, fault.Down, c.down)
			}
		})
	}
	if n := len(o.Taken()); n != 0 {
		t.Errorf("%d letters arrived, want none", n)
	}
}

func TestAFolderTakesALetterOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "mail")
	f, err := mail.NewFolder(dir, "study@example.org", "")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.Send(context.WithoutCancel(t.Context()), letter()); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("the folder holds %v (%v), want one file", files, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	check(t, string(text))
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	good := mail.Settings{Address: "mail.example.org:587", From: "a@example.org", TLS: mail.StartTLS, User: "u", Password: "p"}
	if _, err := mail.NewSMTP(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*mail.Settings){
		"no port":             func(s *mail.Settings) { s.Address = "mail.example.org" },
		"a port too high":     func(s *mail.Settings) { s.Address = "mail.example.org:99999" },
		"no host":             func(s *mail.Settings) { s.Address = ":587" },
		"no sender":           func(s *mail.Settings) { s.From = "study" },
		"unknown TLS":         func(s *mail.Settings) { s.TLS = "perhaps" },
		"a password in clear": func(s *mail.Settings) { s.TLS = mail.NoTLS },
		"half a sign-in":      func(s *mail.Settings) { s.Password = "" },
	} {
		s := good
		spoil(&s)
		if _, err := mail.NewSMTP(s); !errors.Is(err, mail.ErrSettings) {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
}
