package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"tidemark/survey"
)

// TLS says how the line to the mail server is protected.
type TLS string

// The ways of protecting the line. Without TLS a password is never sent.
const (
	StartTLS    TLS = "starttls" // from the first word on that can be; refused without
	ImplicitTLS TLS = "tls"      // from the start
	NoTLS       TLS = "none"     // for a server on the same machine
)

// Valid reports whether t is one of the ways.
func (t TLS) Valid() bool { return t == StartTLS || t == ImplicitTLS || t == NoTLS }

// Settings say which server takes the letters.
type Settings struct {
	Address string // host:port
	From    string // "Study <study@example.org>", or the address alone
	// Return is where reports go about letters that could not be delivered: each
	// letter names itself there, as bounces+NAME@example.org. Empty: to the sender.
	Return   string
	TLS      TLS
	User     string // empty: the server asks for no name
	Password string
	// Timeout is for connecting and for each answer; 0: ten seconds.
	Timeout time.Duration
}

// SMTP sends letters through a mail server. Each letter has a connection of its
// own: there are few of them.
type SMTP struct {
	settings Settings
	host     string
	port     int
	from     letterhead
}

// ErrSettings reports settings that cannot work.
var ErrSettings = errors.New("mail settings")

const defaultTimeout = 10 * time.Second

// NewSMTP checks the settings. It does not connect: that a server is down now is
// no reason not to start.
func NewSMTP(s Settings) (*SMTP, error) {
	host, text, err := net.SplitHostPort(s.Address)
	if err != nil || host == "" {
		return nil, fmt.Errorf("%w: the mail server %q must be given as host:port, as mail.example.org:587", ErrSettings, s.Address)
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 1 || port > 65535 {
		return nil, fmt.Errorf("%w: %q is no port", ErrSettings, text)
	}
	if !s.TLS.Valid() {
		return nil, fmt.Errorf("%w: TLS must be starttls, tls or none", ErrSettings)
	}
	if s.User != "" && s.TLS == NoTLS {
		return nil, fmt.Errorf("%w: a name and password are not sent without TLS", ErrSettings)
	}
	if (s.User == "") != (s.Password == "") {
		return nil, fmt.Errorf("%w: a name and a password go together", ErrSettings)
	}
	if s.Timeout == 0 {
		s.Timeout = defaultTimeout
	}
	from, err := newLetterhead(s.From, s.Return)
	if err != nil {
		return nil, err
	}
	return &SMTP{settings: s, host: host, port: port, from: from}, nil
}

// Send hands a letter over.
func (s *SMTP) Send(ctx context.Context, l survey.Letter) error {
	m, err := s.from.message(l)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return &survey.SendError{Reason: "the mail settings do not work", Down: true, Err: err}
	}
	if err := client.DialWithContext(ctx); err != nil {
		return &survey.SendError{Reason: "the mail server cannot be reached, or refuses to sign in", Down: true, Err: err}
	}
	sendErr := refusal(client.Send(m))
	if err := client.Close(); err != nil && sendErr == nil {
		// The letter was taken; that the goodbye was not heard changes nothing.
		return nil
	}
	return sendErr
}

func (s *SMTP) client() (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(s.settings.Timeout), gomail.WithHELO(s.from.domain),
	}
	switch s.settings.TLS {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case ImplicitTLS:
		options = append(options, gomail.WithSSL())
	case NoTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.settings.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(s.settings.User), gomail.WithPassword(s.settings.Password))
	}
	return gomail.NewClient(s.host, options...)
}

// refusal says why a letter was not taken, without what the server said: that
// often holds the address.
func refusal(err error) error {
	if err == nil {
		return nil
	}
	fault, ok := errors.AsType[*gomail.SendError](err)
	if !ok || fault.ErrorCode() == 0 {
		return &survey.SendError{Reason: "the line to the mail server broke", Down: true, Err: err}
	}
	when := "for good"
	if fault.IsTemp() {
		when = "for now"
	}
	return &survey.SendError{Reason: fmt.Sprintf("the mail server refused the letter %s (%d)", when, fault.ErrorCode()), Refused: noSuchAddress(fault), Err: err}
}

// noSuchAddress reports whether the server knows that the address takes no letters: it
// refused the recipient for good, and not for a rule of its own (5.7, as when it
// relays for nobody), which would be the same for every address.
func noSuchAddress(fault *gomail.SendError) bool {
	if fault.Reason != gomail.ErrSMTPRcptTo || fault.IsTemp() || strings.HasPrefix(fault.EnhancedStatusCode(), "5.7") {
		return false
	}
	switch fault.ErrorCode() {
	case 550, 551, 553:
		return true
	}
	return false
}

// ReadPassword takes a password from a file that only its owner should read.
func ReadPassword(file string) (string, error) {
	data, err := os.ReadFile(file) //nolint:gosec // the administrator's own path
	if err != nil {
		return "", fmt.Errorf("read the mail password: %w", err)
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}

// Probe connects to the server, as for a letter, and says goodbye: greeting, protection
// of the line and sign-in, without a letter. Its errors hold no address of a person.
func (s *SMTP) Probe(ctx context.Context) error {
	client, err := s.client()
	if err != nil {
		return &survey.SendError{Reason: "the mail settings do not work", Down: true, Err: err}
	}
	if err := client.DialWithContext(ctx); err != nil {
		reason := "it cannot be reached, does not protect the line as is asked, or refuses to sign in"
		if fault, ok := errors.AsType[*net.OpError](err); ok && fault.Op == "dial" {
			reason = "it cannot be reached"
		}
		return &survey.SendError{Reason: reason, Down: true, Err: err}
	}
	_ = client.Close() // it has shown what it was asked
	return nil
}
