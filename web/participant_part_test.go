package web

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
