package client_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"tidemark/survey/client"
)

// The example is that of the Standard Webhooks reference implementations.
func TestAWebhookIsBelievedOnlyIfItIsSignedAndFresh(t *testing.T) {
	t.Parallel()
	const (
		secret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
		body      = `{"test": 2432232314}`
		signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	)
	sent := time.Unix(1614265330, 0)
	header := func(change func(http.Header)) http.Header {
		h := http.Header{}
		h.Set("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
		h.Set("webhook-timestamp", "1614265330")
		h.Set("webhook-signature", signature)
		if change != nil {
			change(h)
		}
		return h
	}
	e, err := client.VerifyWebhook(secret, header(nil), []byte(body), sent.Add(time.Minute))
	if err != nil || e.ID != "msg_p5jXN8AQM9LWM0D4loKWxJek" {
		t.Errorf("%+v: %v", e, err)
	}
	two := header(func(h http.Header) { h.Set("webhook-signature", "v1,AAAA v2,x "+signature) })
	if _, err := client.VerifyWebhook(secret, two, []byte(body), sent); err != nil {
		t.Errorf("two signatures: %v", err)
	}
	for name, try := range map[string]func() error{
		"another body":   func() error { return verify(secret, header(nil), body+" ", sent) },
		"another secret": func() error { return verify("whsec_AAAA", header(nil), body, sent) },
		"another id": func() error {
			return verify(secret, header(func(h http.Header) { h.Set("webhook-id", "msg_x") }), body, sent)
		},
		"another time": func() error {
			return verify(secret, header(func(h http.Header) { h.Set("webhook-timestamp", "1614265331") }), body, sent)
		},
		"no signature": func() error {
			return verify(secret, header(func(h http.Header) { h.Del("webhook-signature") }), body, sent)
		},
		"no id":    func() error { return verify(secret, header(func(h http.Header) { h.Del("webhook-id") }), body, sent) },
		"too late": func() error { return verify(secret, header(nil), body, sent.Add(client.WebhookWindow+time.Second)) },
		"too early": func() error {
			return verify(secret, header(nil), body, sent.Add(-client.WebhookWindow-time.Second))
		},
	} {
		if err := try(); !errors.Is(err, client.ErrWebhook) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := verify("not base64!", header(nil), body, sent); err == nil {
		t.Error("a secret that is none was taken")
	}
}

func verify(secret string, h http.Header, body string, now time.Time) error {
	_, err := client.VerifyWebhook(secret, h, []byte(body), now)
	return err
}
