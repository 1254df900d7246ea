package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"tidemark/survey"
)

func TestLeavingTakesTwoTapsAndKeepsWhatWasGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s.form("Continue").choose("sc_01", "4").press("Continue").want(200)
	data := d.get("/me/data").want(200, "Autumn evening group", "3 December 2026", "the study’s text, version 1", "1 answer")
	before := w.state()
	leave := data.follow("Leave the study").want(200, "Leave, and keep what I gave", "Leave, and erase it", "Stay in the study")
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("the first tap changed something (-got +want):\n%s", diff)
	}
	// Both ways out are the same kind of button in the same form.
	var classes []string
	for _, b := range all(leave.root, "button") {
		if attr(b, "name") == "choice" {
			classes = append(classes, attr(b, "class"))
		}
	}
	if len(classes) != 2 || classes[0] != classes[1] {
		t.Errorf("the two ways out look like %q", classes)
	}
	left := leave.form("Leave, and keep what I gave").press("Leave, and keep what I gave").want(200, "You left this study on Tuesday 24 November", "No more questions come")
	if left.path != "/me/data" {
		t.Errorf("after leaving one is on %s", left.path)
	}
	before = w.state()
	leave.form("Leave, and keep what I gave").press("Leave, and keep what I gave").want(200, "You left this study")
	d.get("/me").want(200, "You left this study")
	d.get("/me/consent").want(200, "You have left this study")
	s.form("Continue").choose("sc_01", "1").press("Continue").want(410, "You have left this study")
	d.post("/me/consent", url.Values{"version": {"1"}, "of_age": {"yes"}, "decision": {"agree"}}).want(410)
	d.post(w.assessment(0, 0)+"/submit", url.Values{}).want(410)
	d.post("/me/data/messages", url.Values{"messages": {"off"}}).want(410)
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed after leaving (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 4}); diff != "" {
		t.Errorf("what was given before is not kept (-got +want):\n%s", diff)
	}
	// It can still be erased.
	erase := left.follow("Erase what you gave").want(200, "You have left the study")
	erase.form("Erase it").press("Erase it").want(200, "Your data are erased")
}

func TestErasingTakesTwoTapsAndLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d, s := w.begin(t, 0)
	s.form("Continue").choose("sc_01", "4").press("Continue").want(200)
	other, _ := w.arrive(t, 0) // a second device of the same person
	erase := d.get("/me/data/leave").form("Leave, and erase it")
	gone := erase.press("Leave, and erase it").want(200, "Your data are erased", "Learning from setbacks", "24 November 2026", "cleared as well", "none")
	if !strings.HasPrefix(gone.path, "/erased/") {
		t.Errorf("after erasing one is on %s", gone.path)
	}
	if diff := cmp.Diff(w.answers(0), map[string]float64{}); diff != "" { // the other person's, now first
		t.Errorf("answers are left (-got +want):\n%s", diff)
	}
	// Sent a second time, as by a double tap: the same page, and nothing more.
	before := w.state()
	erase.press("Leave, and erase it").want(200, "Your data are erased")
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("the second time changed something (-got +want):\n%s", diff)
	}
	d.get("/me/data").want(401)
	other.get("/me").want(401)
	other.post("/me/data/leave", url.Values{"choice": {"erase"}}).want(401)
	if a, b := w.device(t).get("/p/"+w.links[0]), w.device(t).get("/p/nobodynobodynobodynobodynobody22"); a.status != b.status || a.body != b.body {
		t.Errorf("the link of an erased person answers %d, a wrong one %d", a.status, b.status)
	}
	w.device(t).get(gone.path).want(200, "Your data are erased")
	w.device(t).get("/erased/" + strings.Repeat("a", 32)).want(404)
	w.device(t).get("/erased/x").want(404)
	w.arrive(t, 1)
	if log := w.log.String(); strings.Contains(log, strings.TrimPrefix(gone.path, "/erased/")) {
		t.Error("the receipt is in the log")
	}
}

func TestAStudyMayKeepWhatWasGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	w.must(w.store.InTx(t.Context(), func(tx survey.Tx) error {
		return tx.SetErasurePolicy(t.Context(), w.study.ID, survey.ErasureNever)
	}))
	leave := d.get("/me/data/leave").want(200, "Leave, and keep what I gave", "This study keeps what people gave")
	if strings.Contains(leave.body, `value="erase"`) {
		t.Error("erasing is offered")
	}
	before := w.state()
	d.post("/me/data/leave", url.Values{"choice": {"erase"}}).want(409)
	d.post("/me/data/leave", url.Values{"choice": {"x"}}).want(400)
	d.post("/me/data/leave", url.Values{}).want(400)
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
	left := leave.form("Leave, and keep what I gave").press("Leave, and keep what I gave").want(200, "This study keeps what people gave")
	if got := d.get("/me/data/leave"); got.path != "/me/data" {
		t.Errorf("somebody who left and can do no more is on %s", got.path)
	}
	_ = left
}

func TestMessagesArePausedWithOneTap(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	off := d.get("/me/data").form("Pause messages").press("Pause messages").want(200, "Messages are paused since Tuesday 24 November")
	off.form("Get messages again").press("Get messages again").want(200, "You may get messages from this study")
	d.post("/me/data/messages", url.Values{"messages": {"perhaps"}}).want(400)
	d.get("/me/data").form("Pause messages").press("Pause messages").want(200)
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	if !roster[0].Paused() {
		t.Error("messages are not paused")
	}
}

func TestThePageShowsNeitherAnswersNorTheAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	link := w.invite(t, "Canary Nightingale", "canary.nightingale@example.org")
	d := w.device(t)
	d.get("/p/"+link).form("Continue").press("Continue").form("I agree").choose("of_age", "yes").press("I agree")
	for _, dev := range []*device{d, w.device(t)} {
		dev.get("/p/" + link).form("Continue").press("Continue")
		page := dev.get("/me/data").want(200)
		for _, secret := range []string{"Nightingale", "canary.n"} {
			if strings.Contains(page.body, secret) {
				t.Errorf("the page shows %s", secret)
			}
		}
	}
}

func TestACopyIsTakenOnTheDeviceOfTheConsentAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s.form("Continue").choose("sc_01", "4").press("Continue").want(200)
	page := d.get("/me/data").want(200, "This is the device on which you agreed")
	file := page.form("Download for computers (JSON)").press("Download for computers (JSON)").want(200)
	if got := file.header.Get("Content-Disposition"); got != `attachment; filename="my-data.json"` {
		t.Errorf("the file is %q", got)
	}
	var doc survey.OwnCopy
	w.must(json.Unmarshal([]byte(file.body), &doc))
	if doc.Schema != survey.OwnCopySchema || doc.Person.Name != "Person 1" || len(doc.Consents) != 1 {
		t.Errorf("the copy begins %+v", doc.Person)
	}
	text := page.form("Download to read (HTML)").press("Download to read (HTML)").want(200,
		"What “Learning from setbacks” has stored about me", "This file holds personal answers", "Person 1", "not sent", "24 November 2026", "Often")
	if got := text.header.Get("Content-Disposition"); got != `attachment; filename="my-data.html"` {
		t.Errorf("the file is %q", got)
	}
	standsAlone(t, text)

	// Whoever finds the link gets nothing.
	finder, _ := w.arrive(t, 0)
	before := w.state()
	finder.get("/me/data").want(200, "No copy can be taken on this device")
	for _, form := range []url.Values{{"as": {"json"}}, {"as": {"html"}, "code": {"12345678"}}} {
		got := finder.post("/me/data/copy", form).want(422, "Nothing was downloaded")
		if strings.Contains(got.body, "sc_01") || strings.Contains(got.body, "Person 1") {
			t.Error("the refusal shows what is stored")
		}
	}
	finder.post("/me/data/copy", url.Values{"as": {"xml"}}).want(400)
	finder.get("/me/data/copy").want(405)
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
	// Nor does a device that was made to forget.
	d.get("/me/data").form("Forget me on this device").press("Forget me on this device").want(200)
	again := d.get("/p/" + w.links[0]).form("Continue").press("Continue").want(200)
	_ = again
	d.post("/me/data/copy", url.Values{"as": {"json"}}).want(422)
}

// standsAlone holds a file to what makes it one: nothing comes from elsewhere, and it
// does not run.
func standsAlone(t *testing.T, s screen) {
	t.Helper()
	for n := range s.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" || n.Data == "link" || n.Data == "img" || n.Data == "form" {
			t.Errorf("the file has a %s", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "src" || a.Key == "href" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
	for _, bad := range []string{"ZgotmplZ", "<no value>", "%!", "NaN", "mydata."} {
		if strings.Contains(s.text(), bad) {
			t.Errorf("the file says %q", bad)
		}
	}
}

// postbox keeps letters in place of a mail server.
type postbox struct{ letters []survey.Letter }

func (p *postbox) Send(_ context.Context, l survey.Letter) error {
	p.letters = append(p.letters, l)
	return nil
}

func TestACopyIsTakenElsewhereWithACodeSentToTheAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	link := w.invite(t, "Ana Ruiz", "ana@example.org")
	w.base = serve(t, w.log, func(base string) *Server {
		site := w.siteAt(base)
		site.cfg.Mail = true
		w.site = site
		return site
	})
	enter := func() *device {
		d := w.device(t)
		s := d.get("/p/" + link).form("Continue").press("Continue")
		if s.path == "/me/consent" {
			s.form("I agree").choose("of_age", "yes").press("I agree").want(200)
		}
		return d
	}
	enter()
	d, box := enter(), &postbox{}
	deliver := func() string {
		t.Helper()
		_, err := w.cases.Outbox.Deliver(t.Context(), survey.SystemActor("test"), w.site, box)
		w.must(err)
		if len(box.letters) == 0 {
			t.Fatal("no letter came")
		}
		l := box.letters[len(box.letters)-1]
		if l.To != "ana@example.org" || strings.Contains(l.Subject+l.Body, "Ana") {
			t.Errorf("the letter to %s says %s", l.To, l.Body)
		}
		return regexp.MustCompile(`\d{4} \d{4}`).FindString(l.Body)
	}
	page := d.get("/me/data").want(200, "We send a code to a•••@example.org")
	page = page.form("Send me a code").press("Send me a code").want(200, "A code is on its way to a•••@example.org")
	page.form("Send another code").press("Send another code").want(200) // at once: no second letter
	code := deliver()
	if len(box.letters) != 1 || code == "" {
		t.Fatalf("%d letters, code %q", len(box.letters), code)
	}
	bad := typed(page, "0000 0001").press("Download for computers (JSON)").want(422, "This code is not right")
	checkFrame(t, bad)
	file := typed(bad, code).press("Download for computers (JSON)").want(200)
	if !strings.Contains(file.body, "Ana Ruiz") {
		t.Error("the copy does not hold the name")
	}
	d.post("/me/data/copy", url.Values{"as": {"json"}, "code": {code}}).want(422, "This code is not right") // it is good once

	// A code runs out, and after five wrong ones it is dead.
	w.setClock(w.now().Add(2 * time.Minute))
	d.get("/me/data").form("Send me a code").press("Send me a code").want(200)
	code = deliver()
	for range 5 {
		d.post("/me/data/copy", url.Values{"as": {"json"}, "code": {"0000 0001"}}).want(422)
	}
	d.post("/me/data/copy", url.Values{"as": {"json"}, "code": {code}}).want(422)
	w.setClock(w.now().Add(2 * time.Minute))
	d.post("/me/data/code", url.Values{}).want(200)
	code = deliver()
	w.setClock(w.now().Add(31 * time.Minute))
	d.post("/me/data/copy", url.Values{"as": {"json"}, "code": {code}}).want(422)
	if strings.Contains(w.log.String(), strings.ReplaceAll(code, " ", "")) {
		t.Error("a code is in the log")
	}
}

func TestNoCodeIsSentWhereThereIsNoMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	d.post("/me/data/code", url.Values{}).want(404)
}

func TestTheAddressOfBeforeStillWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	if s := d.get("/me/part").want(200); s.path != "/me/data" {
		t.Errorf("/me/part leads to %s", s.path)
	}
	if s := d.post("/me/part/leave", url.Values{}); s.path != "/me/data/leave" {
		t.Errorf("the form of before, without its tick, leads to %s", s.path)
	}
	d.post("/me/part/leave", url.Values{"leave": {"yes"}}).want(200, "You left this study")
}

func TestADeviceCanBeMadeToForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	kept := d.client.Jar.Cookies(d.request(http.MethodGet, "/me", nil).URL)
	s := d.get("/me/data").form("Forget me on this device").press("Forget me on this device").want(200)
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

// invite adds somebody with an address and gives their link.
func (w *world) invite(t *testing.T, name, email string) string {
	t.Helper()
	admin := survey.SystemActor("test")
	design, err := w.cases.Studies.Design(t.Context(), admin, w.study.ID)
	w.must(err)
	added, err := w.cases.Runs.AddPeople(t.Context(), admin, w.study.ID, w.run.ID, []survey.Person{{Name: name, Email: email}}, design.Arms[0].ID)
	w.must(err)
	_, printed, err := w.cases.Enrolments.Links(t.Context(), admin, w.study.ID, w.run.ID)
	w.must(err)
	for _, l := range printed {
		if l.Enrolment.ID == added[0].ID {
			return l.Token
		}
	}
	w.must(errors.New("no link"))
	return ""
}

// typed is the form for a copy with a code typed into it.
func typed(s screen, code string) *filledForm {
	f := s.form("Download for computers (JSON)")
	f.fields.Set("code", code)
	return f
}

func TestEveryKindOfWhatIsStoredHasItsWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	for _, l := range w.site.texts.Languages() {
		for _, kind := range survey.HoldingKinds() {
			k := heldWords(kind)
			for _, key := range []string{k.Name, k.Counted, k.Who} {
				if key == "" || l.Say(key, "Count", 2) == key {
					t.Errorf("%s: nothing is said of %s", l.Tag, kind)
				}
			}
		}
	}
}
