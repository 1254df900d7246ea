package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

func TestATokenIsShownOnceAndEndedOnItsPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	made := d.post(w.path("/tokens"), url.Values{"name": {"R script"}, "shape": {"bearer"}, "days": {"30"}, "scopes": {"read:answers"}}).want(200, "Your new token", "R script")
	secret := attr(byID(made.root, "secret"), "value")
	if !strings.HasPrefix(secret, "tmk_") {
		t.Fatalf("the token is %q", secret)
	}
	a, err := w.cases.Tokens.Use(t.Context(), survey.Client{}, secret)
	w.must(err)
	if !a.MayAnalyse(w.study.ID) || a.MayKnowPeople(w.study.ID) {
		t.Error("the token is not for what was ticked")
	}
	list := d.get(w.path("/tokens")).want(200, "R script", "read:answers", "last used")
	if strings.Contains(list.body, secret) || strings.Contains(w.log.String(), secret) {
		t.Error("the token is shown again, or logged")
	}
	tokens, err := w.store.Tokens(t.Context(), w.study.ID)
	w.must(err)
	end := w.path("/tokens/" + string(tokens[0].ID) + "/revoke")
	stranger := w.signedIn(t, "leader@example.org", w.facilitator())
	stranger.post(end, url.Values{}).want(404)
	d.post(end, url.Values{}).want(200, "ended")
	if _, err := w.cases.Tokens.Use(t.Context(), survey.Client{}, secret); err == nil {
		t.Error("an ended token still works")
	}
	again := d.post(w.path("/tokens"), url.Values{"name": {"kept"}, "shape": {"bearer"}, "scopes": {"write:people"}, "days": {"30"}}).want(422, "no role for")
	if attr(byID(again.root, "name"), "value") != "kept" {
		t.Error("what was typed is lost")
	}
}
