package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/shortcode"
	"tidemark/web/locale"
)

// poster lets people enrol themselves and gives the address on the poster.
func (w *world) poster(set survey.EntrySettings) string {
	w.t.Helper()
	ctx, admin := w.t.Context(), survey.SystemActor("test")
	set.Allowed = true
	if set.AskEmail == "" {
		set.AskEmail = "optional"
	}
	w.must(w.cases.Entries.Set(ctx, admin, w.study.ID, w.run.ID, set))
	d, err := w.cases.Entries.Desk(ctx, admin, w.study.ID, w.run.ID)
	w.must(err)
	return "/join/" + d.Entry.Key
}

func TestSomebodyComesInByThePoster(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	path := w.poster(survey.EntrySettings{})
	d := w.device(t)
	s := d.get(path).want(200, "Take part", "It is not a treatment", "Autumn evening group", "3 December 2026", "18:30")
	checkFrame(t, s)
	f := s.form("Take part")
	if f.fields.Has("email") {
		t.Error("an address is asked for, though no letter is sent")
	}
	s = f.enter("name", "Ana Ruiz").press("Take part").want(200, "Your own way back")
	if s.path != "/me/link" {
		t.Errorf("one comes to %s", s.path)
	}
	checkFrame(t, s)
	if !offersHelp(s) {
		t.Error("no way to help")
	}
	if got := w.roster(); len(got) != 1 || got["Ana Ruiz"] != "" {
		t.Errorf("the run has %v", got)
	}
	// The code that is shown opens the same on another device.
	w.device(t).post("/code", url.Values{"code": {w.slipCode(0)}}).want(200)
	if !strings.Contains(s.text(), w.slipCode(0)) {
		t.Error("the code is not shown")
	}
	s.follow("Continue").want(200)
	d.get("/me/consent").want(200, "I agree").form("I agree").choose("of_age", "yes").press("I agree").want(200)
	d.get("/me/link").want(200, "Your own way back")
	w.days(2)
	if s := d.get("/me/link").want(200); s.path != "/me" {
		t.Error("the link is shown for ever")
	}
}

func TestThePosterSpeaksThreeLanguagesAndTheStudysOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	path := w.poster(survey.EntrySettings{})
	leader := w.signedIn(t, "leader@example.org", w.facilitator())
	for language, words := range map[string]string{"en": "Scan this to take part", "de": "Scanne dies, um mitzumachen", "es": "Escanea esto para participar"} {
		leader.get(w.runPath("/entry/poster?language="+language)).want(200, words, w.base+path)
		d := w.device(t)
		if language != "en" {
			d.get("/").chooseLanguage(language)
			d.get(path).want(200, map[string]string{"de": "Das ist ein Kurs", "es": "Es un curso"}[language])
		}
	}
}

func TestAnAddressIsAnsweredTheSameKnownOrNotWhenEnrolling(t *testing.T) {
	t.Parallel()
	w := mailing(t, 0)
	w.invite(t, "Known", "known@example.org")
	path := w.poster(survey.EntrySettings{})
	join := func(email string) screen {
		f := w.device(t).get(path).want(200).form("Take part")
		f.fields.Set("email", email)
		return f.press("Take part").want(200, "Look into your mailbox")
	}
	known, fresh := join("Known@example.org"), join("new@example.org")
	if known.body != fresh.body || known.path != fresh.path || len(known.header.Values("Set-Cookie")) != len(fresh.header.Values("Set-Cookie")) {
		t.Errorf("a known address is answered\n%s\nand another\n%s", known.text(), fresh.text())
	}
	letters := w.delivered()
	if len(letters) != 2 {
		t.Fatalf("%d letters", len(letters))
	}
	for _, l := range letters {
		link := l.Body[strings.Index(l.Body, w.base+"/p/")+len(w.base):]
		link = strings.Fields(link)[0]
		w.device(t).get(link).want(200).form("Continue").press("Continue").want(200)
	}
	if log := w.log.String(); strings.Contains(log, "@example.org") {
		t.Error("an address is in the log")
	}
	f := w.device(t).get(path).form("Take part")
	f.fields.Set("email", "ana@")
	f.fields.Set("name", "Ana")
	s := f.press("Take part").want(422, "This does not look like an e-mail address")
	if got := s.form("Take part").fields; got.Get("name") != "Ana" || got.Get("email") != "ana@" {
		t.Errorf("what was typed is lost: %v", got)
	}
	checkFrame(t, s)
}

func TestWhoComesTooLateWaitsAndIsLetIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	path := w.poster(survey.EntrySettings{Capacity: "1"})
	d := w.device(t)
	s := d.get(path).want(200, "All places are taken").form("Put me on the waiting list").enter("name", "Berta").press("Put me on the waiting list").
		want(200, "You are the first on the waiting list")
	checkFrame(t, s)
	if !offersHelp(s) {
		t.Error("no way to help")
	}
	ticket := s.path
	other := w.device(t)
	gone := other.get(path).form("Put me on the waiting list").press("Put me on the waiting list").want(200, "You are number 2").
		form("Take me off the list").press("Take me off the list").want(404, "You are not on a waiting list here")
	checkFrame(t, gone)
	leader := w.signedIn(t, "leader@example.org", w.facilitator())
	desk := leader.get(w.runPath("/people")).follow("Let people enrol themselves").want(200, "1 waits", "Berta", "0 of them free")
	checkFrame(t, desk)
	leader.get(w.runPath("")).want(200, "Free places 0 of 1, 1 waits")
	begun := w.store.begun.Load()
	d.get(ticket).want(200)
	d.get(path).want(200)
	if n := w.store.begun.Load() - begun; n != 0 {
		t.Errorf("%d transactions were begun by looking", n)
	}
	desk.form("Give a place to number 1").press("Give a place to number 1").want(200, "They have a place", "0 wait")
	d.get(ticket).want(200, "There is a place for you").form("Continue").press("Continue").want(200, "Your own way back")
	if w.device(t).get("/waiting/nobody").want(404).body == "" {
		t.Error("nothing is said")
	}
}

func TestAPosterThatIsOffSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	path := w.poster(survey.EntrySettings{OpensOn: "2026-12-01"})
	s := w.device(t).get(path).want(200, "You can put yourself down from", "1 December 2026")
	checkFrame(t, s)
	if len(s.forms("Take part")) > 0 {
		t.Error("one can enrol before the day")
	}
	w.device(t).post(path, url.Values{"token": {newOnce()}}).want(409, "You can put yourself down from")
	w.must(w.cases.Entries.Set(t.Context(), survey.SystemActor("test"), w.study.ID, w.run.ID, survey.EntrySettings{AskEmail: "no"}))
	checkFrame(t, w.device(t).get(path).want(200, "Nobody can put themselves down here any more"))
	w.device(t).get("/join/nobody").want(404)
	w.device(t).post("/join/nobody", url.Values{}).want(404)
	w.device(t).crossed(path, url.Values{"token": {newOnce()}}).want(403)
	if got := w.roster(); len(got) != 0 {
		t.Errorf("the run has %v", got)
	}
}

func TestWhoEnrolsTooOftenKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	path := w.poster(survey.EntrySettings{Capacity: "1"})
	for range 60 {
		w.device(t).plain().post(path, url.Values{"token": {newOnce()}}).want(303)
	}
	s := w.device(t).post(path, url.Values{"token": {newOnce()}, "name": {"Ana"}}).want(429, "Please wait a little")
	s.retryAfter(t)
	if got := s.form("Put me on the waiting list").fields.Get("name"); got != "Ana" {
		t.Errorf("of the name there is left %q", got)
	}
	checkFrame(t, s)
}

// Every state of these pages once more in the language for tests, laid out from right
// to left: whatever is not in it is written into a page.
func TestNoTextOfComingInIsHardCoded(t *testing.T) {
	t.Parallel()
	seen := 0
	w := newWorld(t, 1, func(w *world) {
		w.watch = func(s screen) {
			if s.root == nil || s.status >= 300 && s.status < 400 {
				return
			}
			seen++
			checkPseudo(t, s)
		}
	})
	path := w.poster(survey.EntrySettings{Capacity: "2"})
	d := w.device(t)
	d.get("/code").want(200)
	d.post("/code", url.Values{"code": {"x"}}).want(422)
	d.post("/code", url.Values{"code": {shortcode.Encode(1)}}).want(422)
	d.get(path).want(200)
	d.post(path, url.Values{"token": {newOnce()}, "name": {strings.Repeat("x", 200)}}).want(422)
	d.plain().post(path, url.Values{"token": {newOnce()}}).want(303)
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	p, err := w.store.Participation(t.Context(), w.study.ID, roster[len(roster)-1].ID)
	w.must(err)
	// Their own language is that of the page where they enrolled.
	w.must(w.cases.Languages.Choose(t.Context(), survey.ParticipantActor(p), locale.Pseudo))
	d.get("/me/link").want(200)
	token := newOnce()
	late := w.device(t)
	late.get(path).want(200)
	late.post(path, url.Values{"token": {token}}).want(200)
	late.get("/waiting/nobody").want(404)
	desk, err := w.cases.Entries.Desk(t.Context(), survey.SystemActor("test"), w.study.ID, w.run.ID)
	w.must(err)
	w.must(w.cases.Entries.Invite(t.Context(), survey.SystemActor("test"), w.study.ID, w.run.ID, desk.Waiting[0].ID))
	late.get("/waiting/" + token).want(200)
	for range 20 {
		late.post("/code", url.Values{"code": {shortcode.Encode(2)}})
	}
	late.post("/code", url.Values{"code": {shortcode.Encode(2)}}).want(429)
	w.must(w.cases.Entries.Set(t.Context(), survey.SystemActor("test"), w.study.ID, w.run.ID, survey.EntrySettings{AskEmail: "no"}))
	late.get(path).want(200)
	if seen < 30 {
		t.Errorf("only %d pages were looked at", seen)
	}
}
