package mail

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"tidemark/survey"
)

// Events hands a study's events to other systems: a POST of JSON to an address that a
// member of staff chose, signed as Standard Webhooks asks. It follows no redirect, uses
// no proxy, and connects to no address of a private network: which one a name stands
// for is looked at when the connection is made.
type Events struct{ client *http.Client }

const (
	eventTimeout = 10 * time.Second
	connectTime  = 5 * time.Second
	// answerRead is how much of an answer is read; it says nothing that is kept.
	answerRead = 16 << 10
	headerRead = 32 << 10
)

var errPrivate = errors.New("an address of a private network")

// NewEvents sends to addresses of the public network, or, if private, to any.
func NewEvents(private bool) *Events {
	dialer := &net.Dialer{Timeout: connectTime, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %w", errPrivate, err)
		}
		if !private && !public(to.Addr()) {
			return errPrivate
		}
		return nil
	}}
	return &Events{client: &http.Client{
		Timeout: eventTimeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableKeepAlives: true, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: connectTime, ResponseHeaderTimeout: eventTimeout, MaxResponseHeaderBytes: headerRead,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// special are networks that are nobody's on the public network, besides those that
// package netip knows, and those behind which any other may be.
func special() []netip.Prefix {
	texts := []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
		"2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	}
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// public reports whether an address is one of the public network.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range special() {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// The headers of an event, as Standard Webhooks names them.
const (
	HeaderEventID        = "Webhook-Id"
	HeaderEventTime      = "Webhook-Timestamp" // Unix seconds, of this try
	HeaderEventSignature = "Webhook-Signature"
)

// SignEvent is the signature of an event: version 1, the base64 of the HMAC-SHA256 of
// its identifier, the time and the body with full stops between.
func SignEvent(secret []byte, id, at string, body []byte) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(id + "." + at + "."))
	m.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// Post hands an event over.
func (e *Events) Post(ctx context.Context, c survey.HookCall) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Address, bytes.NewReader(c.Body))
	if err != nil {
		return 0, &survey.SendError{Reason: "the address does not work", Err: err}
	}
	at := strconv.FormatInt(c.At.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Tidemark-Webhooks/1")
	r.Header.Set(HeaderEventID, c.ID)
	r.Header.Set(HeaderEventTime, at)
	r.Header.Set(HeaderEventSignature, SignEvent(c.Secret, c.ID, at, c.Body))
	answer, err := e.client.Do(r)
	if err != nil {
		return 0, &survey.SendError{Reason: whyNot(err), Err: err}
	}
	_, _ = io.CopyN(io.Discard, answer.Body, answerRead) // its status says all
	_ = answer.Body.Close()
	switch {
	case answer.StatusCode >= 200 && answer.StatusCode <= 299:
		return answer.StatusCode, nil
	case answer.StatusCode >= 300 && answer.StatusCode <= 399:
		return answer.StatusCode, &survey.SendError{Reason: "the address sends elsewhere (a redirect), which is not followed"}
	}
	return answer.StatusCode, &survey.SendError{Reason: fmt.Sprintf("the other system answered with status %d", answer.StatusCode)}
}

// whyNot says why there was no answer, without the address.
func whyNot(err error) string {
	var dns *net.DNSError
	var wait net.Error
	switch {
	case errors.Is(err, errPrivate):
		return "the address is of a private network, to which this installation sends nothing"
	case errors.As(err, &dns):
		return "the name of the other system is not known"
	case errors.As(err, &wait) && wait.Timeout():
		return "the other system did not answer in time"
	}
	return "the other system cannot be reached"
}
