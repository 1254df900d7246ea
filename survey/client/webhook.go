package client

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// WebhookEvent is what a webhook is told: that something happened, never what was
// answered.
type WebhookEvent struct {
	// ID is the same whenever the event is sent: whoever has seen it need do nothing.
	ID        string      `json:"-"`
	Type      string      `json:"type" enum:"assessment.submitted,participant.enrolled,consent.given,participant.withdrawn,wave.closed,file.ready,alert.raised,test" doc:"What happened."`
	Timestamp time.Time   `json:"timestamp" doc:"When it happened."`
	Sequence  int         `json:"sequence" doc:"Its number among the events of this webhook, which come in this order. Numbers may be missing."`
	Data      WebhookData `json:"data"`
}

// WebhookData says what an event is about, by codes and identifiers.
type WebhookData struct {
	Study       string `json:"study" doc:"Short name of the study."`
	Participant string `json:"participant,omitempty" doc:"Pseudonym of the person it is about; an alert does not say it."`
	Run         string `json:"run,omitempty" doc:"Identifier of their course run, or of the one in which a wave closed."`
	Wave        string `json:"wave,omitempty" doc:"Key of the occasion."`
	Assessment  string `json:"assessment,omitempty" doc:"Identifier of the questionnaire that was submitted."`
	File        string `json:"file,omitempty" doc:"Identifier of the prepared file."`
	Alert       string `json:"alert,omitempty" doc:"Identifier of the alert; who may see it finds it on the study's page."`
}

// ErrWebhook reports a request that is not to be believed: unsigned, signed with another
// secret, changed on its way, or sent too long ago.
var ErrWebhook = errors.New("this is no event of the webhook with this secret")

// WebhookWindow is how old an event may be, or how far ahead a clock: an older one may
// have been caught by somebody who sends it again.
const WebhookWindow = 5 * time.Minute

// VerifyWebhook checks a request that a server got and reads it. The secret is the text
// that was shown when the webhook was made, whsec_…; body is the whole body as it came.
// The same event may come more than once: keep the ID.
func VerifyWebhook(secret string, header http.Header, body []byte, now time.Time) (WebhookEvent, error) {
	e := WebhookEvent{ID: header.Get("Webhook-Id")}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 {
		return e, errors.New("the secret of a webhook is whsec_ and base64")
	}
	at := header.Get("Webhook-Timestamp")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || e.ID == "" {
		return e, ErrWebhook
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > WebhookWindow || age < -WebhookWindow {
		return e, fmt.Errorf("%w: it was sent at another time", ErrWebhook)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(e.ID + "." + at + "."))
	mac.Write(body)
	want := mac.Sum(nil)
	// Several signatures stand there while a secret is changed.
	for text := range strings.FieldsSeq(header.Get("Webhook-Signature")) {
		version, signature, _ := strings.Cut(text, ",")
		got, err := base64.StdEncoding.DecodeString(signature)
		if version != "v1" || err != nil || !hmac.Equal(got, want) {
			continue
		}
		if err := json.Unmarshal(body, &e); err != nil {
			return e, fmt.Errorf("read the event: %w", err)
		}
		return e, nil
	}
	return e, ErrWebhook
}
