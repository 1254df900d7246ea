package mail

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tidemark/survey"
)

// Webhook hands short messages (SMS, push) to a service of the installation's own
// choice: a POST of JSON to one address, signed, which is answered with a status of
// 2xx once the service has taken the message. It may come twice, with the same id.
type Webhook struct {
	address string
	secret  []byte
	client  *http.Client
	now     func() time.Time
}

// Call is the body of a request to a webhook.
type Call struct {
	// ID is the same whenever the same message is sent.
	ID       string `json:"id"`
	Channel  string `json:"channel"` // sms or push
	To       string `json:"to"`      // a number, as +34600123123, or what the person gave for push
	Title    string `json:"title"`   // a heading, for where there is one
	Text     string `json:"text"`
	Language string `json:"language"` // BCP 47
}

// The headers of a request to a webhook. The signature is the hexadecimal HMAC-SHA256
// of the time, a full stop and the body, under the secret that both sides know.
const (
	HeaderTime      = "X-Tidemark-Time" // Unix seconds
	HeaderSignature = "X-Tidemark-Signature"
)

// shortestSecret is what a secret must have at least, in bytes.
const shortestSecret = 16

// NewWebhook checks the settings: an https address, or one of this machine.
func NewWebhook(address, secret string) (*Webhook, error) {
	u, err := url.Parse(address)
	local := err == nil && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" || u.Hostname() == "::1")
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil, fmt.Errorf("%w: the webhook's address must begin with https://", ErrSettings)
	}
	if len(secret) < shortestSecret {
		return nil, fmt.Errorf("%w: the webhook's secret must have at least %d characters", ErrSettings, shortestSecret)
	}
	return &Webhook{
		address: address, secret: []byte(secret), now: time.Now,
		// A service that has moved must be named anew: a signed message goes
		// nowhere else.
		client: &http.Client{Timeout: defaultTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}, nil
}

// Sign is the signature of a body sent at a time.
func Sign(secret []byte, at string, body []byte) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(at + "."))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// Send hands a short message over.
func (w *Webhook) Send(ctx context.Context, l survey.Letter) error {
	call := Call{ID: l.ID, Channel: string(survey.ChannelSMS), To: l.Phone, Title: l.Subject, Text: l.Body, Language: l.Language}
	if l.Push != "" {
		call.Channel, call.To = string(survey.ChannelPush), l.Push
	}
	body, err := json.Marshal(call)
	if err != nil {
		return fmt.Errorf("write a short message: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address, bytes.NewReader(body))
	if err != nil {
		return &survey.SendError{Reason: "the webhook's address does not work", Down: true, Err: err}
	}
	at := strconv.FormatInt(w.now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(HeaderTime, at)
	r.Header.Set(HeaderSignature, Sign(w.secret, at, body))
	answer, err := w.client.Do(r)
	if err != nil {
		return &survey.SendError{Reason: "the service for short messages cannot be reached", Err: err}
	}
	_ = answer.Body.Close() // its status says all
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return &survey.SendError{Reason: fmt.Sprintf("the service for short messages refused (%d)", answer.StatusCode)}
	}
	return nil
}

// Ways sends letters and short messages, each its own way. Either may be nil: what
// would go there waits, and says so.
type Ways struct{ Letters, Short survey.Sender }

// Send takes the way that the letter asks for.
func (w Ways) Send(ctx context.Context, l survey.Letter) error {
	way, missing := w.Letters, "no mail server is named"
	if l.Short() {
		way, missing = w.Short, "no service for short messages is named"
	}
	if way == nil {
		return &survey.SendError{Reason: missing}
	}
	return way.Send(ctx, l)
}

// Harmless: neither way reaches anybody. A webhook might.
func (w Ways) Harmless() bool {
	h, ok := w.Letters.(survey.Harmless)
	return ok && h.Harmless() && w.Short == nil
}

// Probe finds out whether letters would be taken. A service for short messages is not
// asked: it knows no question but a message.
func (w Ways) Probe(ctx context.Context) error {
	if p, ok := w.Letters.(interface{ Probe(context.Context) error }); ok {
		return p.Probe(ctx)
	}
	return nil
}
