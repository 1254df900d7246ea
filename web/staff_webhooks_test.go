package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

// deaf is another system that takes nothing, or all.
type deaf struct {
	gone bool
	got  []survey.HookCall
}

func (d *deaf) Post(_ context.Context, c survey.HookCall) (int, error) {
	d.got = append(d.got, c)
	if d.gone {
		return 410, &survey.SendError{Reason: "the other system answered with status 410"}
	}
	return 204, nil
}

// aWebhook is one that is paused, with an event that waits and one that was taken.
func (w *world) aWebhook(t *testing.T) string {
	t.Helper()
	u := w.account("hooks@example.org", w.researcher())
	_, made, err := w.cases.Webhooks.Create(t.Context(), survey.UserActor(u), w.study.ID,
		survey.NewWebhook{Address: "https://example.org/hooks?<b>", Kinds: survey.HookKinds()})
	w.must(err)
	for _, gone := range []bool{false, true} {
		w.must(w.cases.Webhooks.Test(t.Context(), survey.UserActor(u), w.study.ID, made.ID))
		_, err := w.cases.Webhooks.Deliver(t.Context(), survey.SystemActor("test"), &deaf{gone: gone})
		w.must(err)
	}
	return string(made.ID)
}

func TestAWebhookIsMadeTestedAndSwitchedOffOnItsPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := w.path("/webhooks")
	d.get(w.path("/tokens")).want(200, "tell other systems")
	made := d.post(page, url.Values{"address": {"https://example.org/hook"}, "kinds": {"alert.raised", "consent.given"}}).want(200, "Your new webhook", "https://example.org/hook")
	secret := attr(byID(made.root, "secret"), "value")
	list := d.get(page).want(200, "https://example.org/hook", "alert.raised")
	if !strings.HasPrefix(secret, "whsec_") || strings.Contains(list.body, secret) || strings.Contains(w.log.String(), secret) || strings.Contains(w.log.String(), "example.org/hook") {
		t.Error("the secret is not shown once, or it or the address is logged")
	}
	hooks, err := w.store.Webhooks(t.Context(), w.study.ID)
	w.must(err)
	one := page + "/" + string(hooks[0].ID)
	do := func(what string, more ...string) url.Values {
		v := url.Values{"do": {what}}
		if len(more) > 0 {
			v["event"] = more
		}
		return v
	}
	d.post(one, do("test")).want(200, "waits")
	o := &deaf{}
	deliver := func() {
		t.Helper()
		_, err := w.cases.Webhooks.Deliver(t.Context(), survey.SystemActor("test"), o)
		w.must(err)
	}
	deliver()
	id := o.got[0].ID
	d.get(one).want(200, "taken", "status 204", id)
	d.post(one, do("again", id)).want(200, "waits")
	d.post(one, do("again", id)).want(404) // it waits already
	o.gone = true
	deliver()
	d.get(one).want(200, "Paused since", "410", "Let it go on")
	d.get(w.path("/tokens")).want(200, "1 paused")
	d.post(one, do("resume")).want(200, "not taken")
	o.gone = false
	deliver()
	if len(o.got) != 3 || o.got[2].ID != id {
		t.Errorf("%d events came", len(o.got))
	}
	boss := w.signedIn(t, "boss@example.org", survey.Grant{Role: survey.RoleAdministrator})
	boss.post(page, url.Values{"address": {"https://example.org/"}, "kinds": {"alert.raised"}}).want(404)
	boss.post(one, do("test")).want(404)
	boss.post(one, do("anything")).want(409)
	w.signedIn(t, "leader@example.org", w.facilitator()).post(one, do("end")).want(404)
	boss.post(one, do("end")).want(200, "Switched off")
	d.post(one, do("test")).want(404)
}
