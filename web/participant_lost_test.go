package web

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tidemark/survey"
)

// mailing is a world from which letters leave.
func mailing(t *testing.T, people int) *world {
	t.Helper()
	w := newWorld(t, people)
	w.base = serve(t, w.log, func(base string) *Server {
		w.site = w.siteAt(base)
		w.site.cfg.Mail = true
		return w.site
	})
	return w
}

// delivered are the letters sent from now on until none is due.
func (w *world) delivered() []survey.Letter {
	w.t.Helper()
	box := &postbox{}
	_, err := w.cases.Outbox.Deliver(w.t.Context(), survey.SystemActor("test"), w.site, box)
	w.must(err)
	return box.letters
}

func askForLink(d *device, email string) screen {
	f := d.get("/link/lost").want(200, "Get your link again").form("Send me my link")
	f.fields.Set("email", email)
	return f.press("Send me my link")
}

func TestALostLinkIsSentToTheStoredAddress(t *testing.T) {
	t.Parallel()
	w := mailing(t, 1)
	link := w.invite(t, "Ana Ruiz", "ana@example.org")
	d := w.device(t)
	s := d.get("/").follow("I have lost my link").want(200).form("Send me my link")
	s.fields.Set("email", " Ana@Example.org ")
	s.press("Send me my link").want(200, "If this address is known, a letter with your link is on its way.")
	letters := w.delivered()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	l := letters[0]
	if l.To != "ana@example.org" || !strings.Contains(l.Body, w.base+"/p/"+link) || strings.Contains(l.Subject+l.Body, "Ana") {
		t.Errorf("the letter to %s says %s", l.To, l.Body)
	}
	w.device(t).get("/p/" + link).want(200).form("Continue").press("Continue").want(200)
	if log := w.log.String(); strings.Contains(log, "ana@") || strings.Contains(log, link) {
		t.Error("the address or the link is in the log")
	}
	trail, err := w.store.AuditEvents(t.Context(), w.study.ID, 1000)
	w.must(err)
	asked := 0
	for _, e := range trail {
		if strings.Contains(e.Detail+e.ObjectID+e.ActorID, "@") {
			t.Errorf("an address is in the audit trail: %+v", e)
		}
		if e.Action == survey.ActionLinkAsked {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("the audit trail says %d times that a link was asked for", asked)
	}
}

func TestPeopleWhoPausedGetTheirLinkAndPeopleWhoLeftDoNot(t *testing.T) {
	t.Parallel()
	w := mailing(t, 0)
	enter := func(link string) *device {
		d := w.device(t)
		d.get("/p/"+link).form("Continue").press("Continue").form("I agree").choose("of_age", "yes").press("I agree").want(200)
		return d
	}
	link := w.invite(t, "Ana Ruiz", "ana@example.org")
	d := enter(link)
	d.get("/").chooseLanguage("de")
	d.post("/me/data/messages", url.Values{"messages": {"off"}}).want(200)
	askForLink(w.device(t), "ana@example.org")
	if got := w.delivered(); len(got) != 1 || got[0].Language != "de" || got[0].Subject != "Dein persönlicher Link" {
		t.Errorf("who paused got %+v", got)
	}
	gone := enter(w.invite(t, "Berta", "berta@example.org"))
	askForLink(w.device(t), "berta@example.org") // kept, but not sent any more
	gone.post("/me/data/leave", url.Values{"choice": {"keep"}}).want(200)
	w.setClock(w.now().Add(time.Hour))
	askForLink(w.device(t), "berta@example.org").want(200, "If this address is known")
	if got := w.delivered(); len(got) != 0 {
		t.Errorf("who left got %+v", got)
	}
}

func TestNobodyLearnsFromALostLinkWhoTakesPart(t *testing.T) {
	t.Parallel()
	w := mailing(t, 0)
	w.invite(t, "Ana Ruiz", "ana@example.org")
	known, unknown := askForLink(w.device(t), "ana@example.org"), askForLink(w.device(t), "nobody@example.org")
	again := askForLink(w.device(t), "ana@example.org") // too soon for another
	if known.status != unknown.status || known.path != unknown.path || known.body != unknown.body || again.body != known.body {
		t.Errorf("a known address is answered\n%s\nand an unknown one\n%s", known.text(), unknown.text())
	}
	for _, s := range []screen{known, unknown} {
		checkFrame(t, s)
		if !offersHelp(s) {
			t.Error("no way to help")
		}
	}
	for _, email := range []string{"ana@example.org", "nobody@example.org"} {
		start := time.Now()
		w.device(t).post("/link/lost", url.Values{"email": {email}}).want(200)
		if took := time.Since(start); took < lostLinkTakes {
			t.Errorf("the answer took %v, from which one can tell", took)
		}
	}
	for _, wrong := range []string{"", "ana", "ana@", "Ana <ana@example.org>", "<script>", strings.Repeat("a", 300) + "@example.org"} {
		s := askForLink(w.device(t), wrong).want(422, "This does not look like an e-mail address")
		if got := s.form("Send me my link").fields.Get("email"); got != wrong {
			t.Errorf("of %q there is left %q", wrong, got)
		}
		checkFrame(t, s)
	}
}

func TestALostLinkFillsNobodysLetterbox(t *testing.T) {
	t.Parallel()
	w := mailing(t, 0)
	w.invite(t, "Ana Ruiz", "ana@example.org")
	w.setClock(time.Date(2026, 11, 2, 23, 55, 0, 0, time.UTC))
	ask := func() int {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { w.device(t).post("/link/lost", url.Values{"email": {"ana@example.org"}}).want(200) })
		}
		all.Wait()
		return len(w.delivered())
	}
	for i, step := range []struct {
		after time.Duration
		want  int
	}{
		{0, 1}, {9 * time.Minute, 0}, {2 * time.Minute, 1}, {time.Hour, 1}, {time.Hour, 1}, {time.Hour, 1}, {time.Hour, 1}, {time.Hour, 0}, {time.Hour, 0}, {20 * time.Hour, 1},
	} {
		w.setClock(w.now().Add(step.after))
		if got := ask(); got != step.want {
			t.Errorf("step %d, at %v: %d letters, want %d", i, w.now().UTC(), got, step.want)
		}
	}
}

func TestWhereThereIsNoMailTheLostLinkPageSaysWhomToAsk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.invite(t, "Ana Ruiz", "ana@example.org")
	s := w.device(t).get("/link/lost").want(200, "Please ask the person who invited you")
	if len(s.forms("Send me my link")) > 0 {
		t.Error("an address is asked for")
	}
	w.device(t).post("/link/lost", url.Values{"email": {"ana@example.org"}}).want(200, "Please ask the person who invited you")
	if got := w.delivered(); len(got) != 0 {
		t.Errorf("%d letters", len(got))
	}
	for _, path := range []string{"/p/nobody", "/me"} {
		w.device(t).get(path).follow("I have lost my link").want(200, "Get your link again")
	}
}
