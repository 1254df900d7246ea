package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLeavingTakesTwoSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s.form("Continue").choose("sc_01", "4").press("Continue").want(200)
	part := d.get("/me/part").want(200, "Autumn evening group", "3 December 2026", "the study’s text, version 1")
	if f := part.form("Leave now"); f.fields.Has("leave") {
		t.Error("the tick to leave is set beforehand")
	}
	before := w.state()
	part = part.form("Leave now").press("Leave now").want(422, "You have not left the study")
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed without the tick (-got +want):\n%s", diff)
	}
	left := part.form("Leave now").choose("leave", "yes").press("Leave now").want(200, "You left this study on Tuesday 24 November", "No more questions come")
	if left.path != "/me/part" {
		t.Errorf("after leaving one is on %s", left.path)
	}
	before = w.state()
	part.form("Leave now").choose("leave", "yes").press("Leave now").want(200, "You left this study")
	d.get("/me").want(200, "You left this study")
	d.get("/me/consent").want(200, "You have left this study")
	s.form("Continue").choose("sc_01", "1").press("Continue").want(410, "You have left this study")
	d.post("/me/consent", url.Values{"version": {"1"}, "of_age": {"yes"}, "decision": {"agree"}}).want(410)
	d.post(w.assessment(0, 0)+"/submit", url.Values{}).want(410)
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed after leaving (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 4}); diff != "" {
		t.Errorf("what was given before is not kept (-got +want):\n%s", diff)
	}
}

func TestADeviceCanBeMadeToForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	kept := d.client.Jar.Cookies(d.request(http.MethodGet, "/me", nil).URL)
	s := d.get("/me/part").form("Forget me on this device").press("Forget me on this device").want(200)
	if s.path != "/" {
		t.Errorf("a device that forgot is on %s, want the front page", s.path)
	}
	d.get("/me").want(401)
	// The sign-in itself is over, not only the cookie.
	r := w.device(t).request(http.MethodGet, "/me", nil)
	for _, c := range kept {
		r.AddCookie(c)
	}
	w.device(t).do(r).want(401)
	w.arrive(t, 0)
}

func TestConsentToAnOlderTextIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.device(t)
	d.get("/p/" + w.links[0]).form("Continue").press("Continue").want(200)
	before := w.state()
	d.post("/me/consent", url.Values{"version": {"7"}, "of_age": {"yes"}, "decision": {"agree"}}).want(409, "The text changed while you were reading")
	d.post("/me/consent", url.Values{"version": {"x"}, "of_age": {"yes"}, "decision": {"agree"}}).want(400)
	d.get(w.assessment(0, 0)+"/page/1").want(403, "First, your agreement", "Read it and decide")
	d.post(w.assessment(0, 0)+"/page/1", url.Values{"sc_01": {"1"}}).want(403)
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
}
