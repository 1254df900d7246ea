package mail_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tidemark/mail"
	"tidemark/survey"
)

const hookSecret = "a secret of both sides"

func short() survey.Letter {
	return survey.Letter{ID: "0011aabb", Phone: "+34600123123", Body: "Offen bis Freitag: https://example.org/p/x", Language: "de"}
}

// pushed is the same as a push message.
func pushed() survey.Letter {
	l := short()
	l.Phone, l.Push, l.Subject = "", "ntfy/ana", "Ready"
	return l
}

func TestAShortMessageIsPostedAndSigned(t *testing.T) {
	t.Parallel()
	calls := make(chan mail.Call, 2)
	status := http.StatusAccepted
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || mail.Sign([]byte(hookSecret), r.Header.Get(mail.HeaderTime), body) != r.Header.Get(mail.HeaderSignature) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var call mail.Call
		if json.Unmarshal(body, &call) == nil {
			calls <- call
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	hook, err := mail.NewWebhook(server.URL, hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	if err := hook.Send(t.Context(), short()); err != nil {
		t.Fatal(err)
	}
	want := mail.Call{ID: "0011aabb", Channel: "sms", To: "+34600123123", Text: short().Body, Language: "de"}
	if got := <-calls; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if err := hook.Send(t.Context(), pushed()); err != nil {
		t.Fatal(err)
	}
	want.Channel, want.To, want.Title = "push", "ntfy/ana", "Ready"
	if got := <-calls; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for name, c := range map[string]struct {
		secret string
		status int
	}{"signed by somebody else": {hookSecret + "!", 200}, "broken": {hookSecret, 500}, "moved": {hookSecret, 307}} {
		status = c.status
		hook, err := mail.NewWebhook(server.URL, c.secret)
		if err != nil {
			t.Fatal(err)
		}
		err = hook.Send(t.Context(), short())
		fault, ok := errors.AsType[*survey.SendError](err)
		if !ok || strings.Contains(fault.Error(), "600123123") || fault.Refused {
			t.Errorf("%s: got %v, want a reason without the number", name, err)
		}
		if c.secret == hookSecret {
			<-calls
		}
	}
}

func TestAWebhookThatCannotBeTrustedIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][2]string{
		"in clear": {"http://sms.example.org/x", hookSecret}, "no address": {"sms.example.org", hookSecret}, "short": {"https://sms.example.org", "short"},
	} {
		if _, err := mail.NewWebhook(c[0], c[1]); !errors.Is(err, mail.ErrSettings) {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
	if _, err := mail.NewWebhook("https://sms.example.org/x", hookSecret); err != nil {
		t.Error(err)
	}
}

// way notes what it was given.
type way struct{ got []survey.Letter }

func (w *way) Send(_ context.Context, l survey.Letter) error { w.got = append(w.got, l); return nil }

func TestLettersAndShortMessagesGoTheirOwnWays(t *testing.T) {
	t.Parallel()
	letters, shorts := &way{}, &way{}
	both := mail.Ways{Letters: letters, Short: shorts}
	for _, l := range []survey.Letter{short(), pushed(), letter()} {
		if err := both.Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	if len(letters.got) != 1 || len(shorts.got) != 2 || shorts.got[0].Phone == "" || shorts.got[1].Push == "" {
		t.Errorf("letters %v, short messages %v", letters.got, shorts.got)
	}
	for _, l := range []survey.Letter{short(), letter()} {
		if _, ok := errors.AsType[*survey.SendError]((mail.Ways{}).Send(t.Context(), l)); !ok {
			t.Error("a way that is missing gives no reason")
		}
	}
	folder, err := mail.NewFolder(t.TempDir(), "study@example.org", "")
	if err != nil {
		t.Fatal(err)
	}
	if !(mail.Ways{Letters: folder}).Harmless() || (mail.Ways{Letters: folder, Short: shorts}).Harmless() || both.Harmless() {
		t.Error("only a folder alone reaches nobody")
	}
}
