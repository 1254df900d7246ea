package postoffice

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Refused, within an address, makes the office refuse a letter to it for good.
const Refused = "nobody"

// Office is a mail server.
type Office struct {
	Addr   string // host:port
	server *smtp.Server

	mu      sync.Mutex
	shut    bool
	letters []Letter
}

// Letter is one that was taken.
type Letter struct {
	At   time.Time
	ID   string // the Message-ID without brackets and domain
	From string // where it comes back to
	To   string
	Text string // whole, with its head
}

// Open starts an office on a free port of this machine.
func Open(ctx context.Context) (*Office, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	o := &Office{Addr: l.Addr().String()}
	o.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		if o.isShut() {
			return nil, &smtp.SMTPError{Code: 421, Message: "not now"}
		}
		return &clerk{office: o}, nil
	}))
	o.server.Domain = "localhost"
	o.server.ErrorLog = log.New(io.Discard, "", 0) // senders die on purpose
	go func() { _ = o.server.Serve(l) }()          // ends with Close
	return o, nil
}

// Close ends the office.
func (o *Office) Close() error { return o.server.Close() }

// Shut closes the counter, or opens it again.
func (o *Office) Shut(shut bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shut = shut
}

func (o *Office) isShut() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.shut
}

// Taken are the letters so far, in order.
func (o *Office) Taken() []Letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]Letter(nil), o.letters...)
}

// clerk serves one connection.
type clerk struct {
	office   *Office
	from, to string
}

// Mail begins a letter.
func (c *clerk) Mail(from string, _ *smtp.MailOptions) error {
	c.from = from
	return nil
}

// Rcpt names whom it is for.
func (c *clerk) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.Contains(to, Refused) {
		return &smtp.SMTPError{Code: 550, Message: "no such person: " + to}
	}
	c.to = to
	return nil
}

// Data takes it.
func (c *clerk) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(strings.NewReader(string(text)))
	if err != nil {
		return fmt.Errorf("read a letter: %w", err)
	}
	id, _, _ := strings.Cut(strings.Trim(m.Header.Get("Message-Id"), "<>"), "@")
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.letters = append(c.office.letters, Letter{At: time.Now(), ID: id, From: c.from, To: c.to, Text: string(text)})
	return nil
}

// Reset forgets a letter that was begun.
func (c *clerk) Reset() { c.to = "" }

// Logout ends the connection.
func (*clerk) Logout() error { return nil }
