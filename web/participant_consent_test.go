package web

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tidemark/survey/consent"
)

// newcomer is person n at the text, on a new device.
func (w *world) newcomer(t *testing.T, n int) (*device, screen) {
	t.Helper()
	d := w.device(t)
	return d, d.get("/p/"+w.links[n]).want(200).form("Continue").press("Continue").want(200, "Before you take part")
}

func TestSayingNoIsOneTapLikeSayingYes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d, s := w.newcomer(t, 0)
	buttons := map[string]string{}
	for _, b := range all(s.root, "button") {
		if attr(b, "name") == "decision" {
			buttons[textOf(b)] = attr(b, "class")
		}
	}
	if len(buttons) != 2 || buttons["I agree"] != buttons["I do not want to take part"] || buttons["I agree"] == "" {
		t.Errorf("the two buttons are %v, want two that look alike", buttons)
	}
	for _, in := range all(s.root, "input") {
		if _, ticked := attrOK(in, "checked"); ticked {
			t.Errorf("the box %s is ticked already", attr(in, "name"))
		}
	}
	s = s.form("I agree").press("I do not want to take part").want(200, "That is all right", "Nobody asks you anything more", "You can still say yes until")
	if s.path != "/me/consent/declined" {
		t.Errorf("a no leads to %s", s.path)
	}
	before := w.state()
	d.post("/me/consent", url.Values{"decision": {"decline"}}).want(200, "That is all right")
	d.get("/me").want(200, "That is all right")
	d.post(w.assessment(0, 0)+"/page/1", url.Values{"sc_01": {"1"}}).want(403)
	if w.state() != before {
		t.Error("saying no again changed something")
	}
	leader := w.signedIn(t, "leader@example.org", w.facilitator())
	leader.get(w.runPath("")).want(200, "1 declined")
	d.get("/me/consent").want(200, "You said on 24 November 2026 that you do not want to take part").
		form("I agree").choose("of_age", "yes").press("I agree").want(200, "What is due now")
	leader.get(w.runPath("")).want(200).lacks("1 declined")
}

func TestNotNowAndTooYoungKeepNothingAndPointToHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.newcomer(t, 0)
	before, begun := w.state(), w.store.begun.Load()
	s.follow("Not now").want(200, "Take your time", "Nothing has been noted", "The first questions are open until 5 December 2026", "you can still join until")
	young := s.follow("I am younger than 18").want(200, "You have to be 18 or older", "We have kept nothing", "just for young people")
	for _, page := range []screen{young, d.get("/me/consent/later")} {
		found := false
		for _, a := range all(page.root, "a") {
			found = found || attr(a, "href") == "/help"
		}
		if !found {
			t.Errorf("%s does not point to help", page.path)
		}
	}
	d.post("/me/consent", url.Values{"version": {"1"}, "decision": {"agree"}, "choice": {"share_data"}}).
		want(422, "You have not agreed yet", "I am younger than 18")
	if w.state() != before || w.store.begun.Load() != begun {
		t.Error("something was written")
	}
}

func TestOptionalConsentsAreUntickedAndChangeable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.newcomer(t, 0)
	f := s.form("I agree").choose("of_age", "yes").choose("choice", string(consent.ShareData))
	f.press("I agree").want(200, "What is due now")
	ticked := func(s screen) (on []string) {
		for _, in := range all(s.root, "input") {
			if _, ok := attrOK(in, "checked"); ok {
				on = append(on, attr(in, "value"))
			}
		}
		return on
	}
	page := d.get("/me/data").want(200).follow("Change what you allow").want(200, "What else you allow")
	if got := ticked(page); len(got) != 1 || got[0] != string(consent.ShareData) {
		t.Errorf("ticked: %v", got)
	}
	page = d.post("/me/consent/choices", url.Values{"choice": {string(consent.ContactLater)}}).want(200, "Saved")
	if got := ticked(page); len(got) != 1 || got[0] != string(consent.ContactLater) {
		t.Errorf("ticked: %v", got)
	}
}

func TestTheCopyIsExactlyTheTextThatWasAgreedTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.device(t)
	d.get("/p/" + w.links[0]).form("Continue").press("Continue").want(200)
	d.post("/me/consent", url.Values{"version": {"1"}, "language": {"de"}, "of_age": {"yes"}, "decision": {"agree"}, "choice": {"share_data"}}).want(200)
	page := d.get("/me/consent").want(200, "Your copy to keep")
	text, err := w.store.ConsentTextIn(t.Context(), w.study.ID, 1, "de")
	w.must(err)
	var links []string
	for _, a := range all(page.root, "a") {
		if strings.HasPrefix(attr(a, "href"), "/me/consent/copy/") {
			links = append(links, attr(a, "href"))
		}
	}
	if len(links) != 2 {
		t.Fatalf("the page leads to the copies %v, want two", links)
	}
	for _, link := range links {
		s := d.get(link).want(200)
		if !strings.HasPrefix(s.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s is shown and not downloaded", link)
		}
		body := s.body
		for _, want := range []string{"Bevor du mitmachst", "Das Los entscheidet", text.Hash, "2026-11-24 09:00:00 UTC", "Das hast du erlaubt", "Das hast du nicht erlaubt", "Ich bin 18 oder älter."} {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q", link, want)
			}
		}
		if strings.HasSuffix(link, ".txt") && !strings.Contains(body, text.Text.Plain()) {
			t.Error("the plain copy is not the text")
		}
		if strings.HasSuffix(link, ".html") {
			root, err := html.Parse(strings.NewReader(body))
			w.must(err)
			if n := len(all(root, "link", "script", "img")); n > 0 {
				t.Errorf("the page needs %d other files", n)
			}
		}
		w.device(t).get(link).want(401)
		other, _ := w.arrive(t, 1)
		other.get(link).want(404) // somebody else's
	}
}

func TestDecliningANewTextLeavesWhatWasGivenToThePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_01":4}}`).want(200)
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	w.writeConsent(analyst, "/consent/2/en", url.Values{"changed": {"We keep answers longer."}})
	form := analyst.get(w.path("/consent")).values(w.path("/consent/publish"))
	form.Set("final", "1")
	analyst.post(w.path("/consent/publish"), form).want(200)

	s := d.get("/me").want(200, "The text of this study has changed", "We keep answers longer.")
	d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_01":5}}`).want(403, "error.consent_required")
	s = s.form("I agree").press("I do not want to take part").want(200, "What becomes of what you gave", "Erase them")
	s.form("Keep them, and I stop here").press("Keep them, and I stop here").want(200)
	if got := w.answers(0)["sc_01"]; got != 4 {
		t.Errorf("the answer is %v, want the one given under the text agreed to", got)
	}
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	if !roster[0].Withdrawn() {
		t.Error("the person has not left")
	}
	given, err := w.store.Consents(t.Context(), w.study.ID, roster[0].ID)
	w.must(err)
	if len(given) != 1 || given[0].Version != 1 {
		t.Errorf("earlier consents are %v, want the first kept", given)
	}
}
