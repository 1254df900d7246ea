package main

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tidemark/internal/browser"
	"tidemark/internal/risky"
	"tidemark/internal/stage"
	"tidemark/survey"
	"tidemark/survey/selfcode"
	"tidemark/survey/shortcode"
	"tidemark/web"
)

// doors is an installation for what no demo shows: a study that asks of risk, with
// posters, codes to type and letters, and one whose people make codes of their own.
type doors struct {
	*stage.Stage
	t      *testing.T
	base   string
	routes []string // that can be looked at
	own    string   // the poster of the study with codes that people make
	people []stage.Person
}

func newDoors(t *testing.T) *doors {
	t.Helper()
	dir := t.TempDir()
	s, err := stage.SetWatched(t.Context(), filepath.Join(dir, "tidemark.db"), dir)
	do(t, err)
	t.Cleanup(func() { do(t, s.Store.Close()) })
	server := httptest.NewUnstartedServer(nil)
	d := &doors{Stage: s, t: t, base: "http://" + server.Listener.Addr().String()}
	site, err := web.New(web.Config{
		BaseURL: d.base, Version: "test", Now: time.Now, Logger: slog.New(slog.DiscardHandler), Pseudo: true, Mail: true,
	}, s.Cases, s.Store)
	do(t, err)
	server.Config.Handler, d.routes = site.Handler(), site.Routes()
	server.Start()
	t.Cleanup(func() { site.Stop(); server.Close() })

	study, err := s.Cases.Studies.Create(t.Context(), stage.Actor(), survey.NewStudy{
		Protocol: survey.Protocols()[0].Key, Key: "own-codes", TimeZone: "UTC", Simulated: true,
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	do(t, err)
	_, err = s.Cases.Safeties.Declare(t.Context(), stage.Actor(), survey.Safety{StudyID: study.ID, Shape: survey.SafetyAnonymous, TimeZone: "UTC"})
	do(t, err)
	var parts []string
	for _, p := range selfcode.Parts {
		parts = append(parts, p.Key)
	}
	do(t, s.Cases.SelfCodes.Set(t.Context(), stage.Actor(), study.ID, parts), s.Cases.Studies.Open(t.Context(), stage.Actor(), study.ID))
	_, d.own = d.poster(study.ID, survey.EntrySettings{Allowed: true, AskEmail: "no"})
	d.people, err = s.Add(t.Context(), 3)
	do(t, err)
	return d
}

// poster makes another run of a study in which people enrol themselves.
func (d *doors) poster(study survey.StudyID, set survey.EntrySettings) (survey.RunID, string) {
	d.t.Helper()
	ctx := d.t.Context()
	run, err := d.Cases.Runs.Create(ctx, stage.Actor(), study, survey.NewRun{
		Name: "By the poster", CourseKey: survey.Protocols()[0].CourseKey,
		StartsOn: time.Now().UTC().AddDate(0, 0, 7).Format(time.DateOnly), MeetingTime: "18:00",
	})
	do(d.t, err, d.Cases.Entries.Set(ctx, stage.Actor(), study, run.ID, set))
	desk, err := d.Cases.Entries.Desk(ctx, stage.Actor(), study, run.ID)
	do(d.t, err)
	return run.ID, "/join/" + desk.Entry.Key
}

// person is somebody nobody has been yet: their code to type, and the address in their
// letters that stops these.
func (d *doors) person() (code, stop string) {
	d.t.Helper()
	e := d.people[0].Enrolment
	d.people = d.people[1:]
	place := string(e.StudyID) + " " + string(e.ID)
	stop = "/letters/stop/" + base64.RawURLEncoding.EncodeToString([]byte(place)) + "." + d.Keys.HashToken("unsubscribe " + place)[:32]
	return shortcode.Encode(d.Keys.CodeNumber(e.StudyID, e.ID, 1)), stop
}

// strangeCode is well formed and nobody's.
var strangeCode = shortcode.Encode(1)

// guess types codes that are nobody's until the server wants no more.
func (d *doors) guess(t *testing.T) {
	t.Helper()
	for range 50 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.base+"/code", strings.NewReader(url.Values{"code": {strangeCode}}.Encode()))
		do(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		answer, err := http.DefaultClient.Do(r)
		do(t, err)
		do(t, answer.Body.Close())
		if answer.StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Fatal("codes can be guessed without an end")
}

// route is the template of an address; the address itself, if it is of none.
func (d *doors) route(path string) string {
	found, words := path, -1
	parts := strings.Split(path, "/")
	for _, template := range d.routes {
		named := strings.Split(template, "/")
		same := 0
		for i := range named {
			switch {
			case len(named) != len(parts) || !strings.HasPrefix(named[i], ":") && named[i] != parts[i]:
				same = -len(named) - 1
			case named[i] == parts[i]:
				same++
			}
		}
		if same > words { // what is named counts before what stands for anything
			found, words = template, same
		}
	}
	return found
}

// forPeople reports whether a participant reads a page there. What is no page, and
// what leads on to one, is listed with what it is.
func forPeople(route string) bool {
	for _, other := range []string{
		"/static/", "/healthz", "/livez", "/readyz", "/service-worker.js", "/api/", "/redcap", // programs
		"/sign-in", "/account", "/studies", "/instruments", "/drafts", "/courses", "/admin", // staff
	} {
		if strings.HasPrefix(route, other) {
			return false
		}
	}
	switch route {
	case "/calendar/:file", "/me/calendar/meetings.ics", "/me/consent/copy/:file", // files
		"/me/a/:assessment", "/me/part": // lead to another page
		return false
	}
	return true
}

// visit is somebody who goes in and out by keys, and looks at each page they come to.
type visit struct {
	*journey
	*doors
	walked map[string]bool
}

// look holds the page, in the state in which it is, to fitting and to the rules of
// accessibility.
func (v *visit) look(what string) {
	t := v.journey.t
	t.Helper()
	v.walked[v.route(pathOf(t, v.phone))] = true
	checkPage(t, browser.Stop{Name: what, Tab: v.phone}, v.language, v.direction())
}

// arriveAt opens a new device, chooses the language there and goes to an address.
func (v *visit) arriveAt(path string) {
	t := v.journey.t
	t.Helper()
	v.phone = open(t, v.browser, browser.Phone)
	do(t, v.phone.Visit(v.base+"/"))
	v.speak()
	v.to(path)
}

func (v *visit) to(path string) {
	v.journey.t.Helper()
	do(v.journey.t, v.phone.Visit(v.base+path))
}

// write types into a field in the place of what stands there.
func (v *visit) write(css, text string) {
	t := v.journey.t
	t.Helper()
	do(t, v.phone.TabTo(css))
	evaluate[bool](t, v.phone, "document.activeElement.select(), true")
	do(t, v.phone.Press(text))
}

// anyhow sends the form as a browser without checks of its own would.
func (v *visit) anyhow(css string) {
	t := v.journey.t
	t.Helper()
	evaluate[bool](t, v.phone, "document.querySelectorAll('form').forEach(f => f.noValidate = true), true")
	v.enter(css)
}

const send = "main form button"

func (v *visit) goThrough() {
	v.journey.t.Helper()
	code, stop := v.person()
	v.byCode(code)
	v.isAskedOfRisk()
	v.ownPages(stop)
	v.byPoster()
	v.byOwnCode()
	v.losesLink()
	for _, c := range v.phone.Complaints() {
		v.journey.t.Errorf("the console says %s", c)
	}
}

// byCode mistypes a code, types one that is nobody's, and comes in by their own.
func (v *visit) byCode(code string) {
	v.journey.t.Helper()
	v.arriveAt("/code")
	v.write("#code", "7kmqx 4tnrw")
	v.enter(send)
	v.look("a mistyped code")
	v.write("#code", strangeCode)
	v.enter(send)
	v.look("nobody's code")
	v.write("#code", strings.ToLower(code[:5])+" "+code[5:])
	v.enter(send)
	if at := pathOf(v.journey.t, v.phone); at != "/me/consent" {
		v.journey.t.Fatalf("a code leads to %s", at)
	}
	v.look("consent of a study that asks of risk")
	v.to("/me/a/nothing")
	v.look("no answers without consent")
	v.to("/me/consent")
	do(v.journey.t, v.phone.TabTo("#of_age"), v.phone.Press(" "))
	v.enter("button[value=agree]")
}

// isAskedOfRisk gives an answer that meets the rule about risk: help stands there at
// once, on a page of its own where there is no script, and again at the end.
func (v *visit) isAskedOfRisk() {
	t, tab := v.journey.t, v.phone
	t.Helper()
	v.enter("a.btn[href^='/me/a/']")
	sheet, _, _ := strings.Cut(pathOf(t, tab), "/page/")
	do(t, tab.TabTo("input[name="+risky.Item+"]"), tab.Press(" "), tab.Press(kb.ArrowDown), tab.Wait(".help-now h2"), tab.Wait(isSaved))
	v.look("help at once")
	v.to(sheet + "/help")
	v.look("help on a page")
	v.enter("main a.btn")
	v.to(sheet + "/page/2")
	do(t, tab.TabTo("input[name=tr_03]"), tab.Press(" "), tab.Wait(isSaved))
	v.enter(".onward button:last-of-type")
	v.look("what was left out")
	v.enter("main form .btn")
	v.look("help at the end")
	if there, err := tab.Has("main a[href^='tel:']"); err != nil || !there {
		t.Errorf("at the end no number is there to call (%v)", err)
	}
	v.to(sheet + "/page/1")
	v.look("sent before")
	v.to("/me/a/nothing/page/1")
	v.look("nothing of theirs")
	if n := v.flagged(); n != 1 {
		t.Errorf("%d alerts were raised by one answer", n)
	}
}

// flagged counts the alerts that nobody has counted yet.
func (v *visit) flagged() int {
	v.journey.t.Helper()
	alerts, err := v.Store.Alerts(v.journey.t.Context(), v.Design.Study.ID, 100)
	do(v.journey.t, err)
	return len(alerts) - (2 - len(v.people))
}

// ownPages are the calendar, before any scores, letters that stop and come again, and
// the page that stays on the device.
func (v *visit) ownPages(stop string) {
	t, tab := v.journey.t, v.phone
	t.Helper()
	v.to("/me/calendar")
	v.look("no calendar")
	do(t, tab.TabTo("input[name=surveys]"), tab.Press(" "))
	v.enter("main form .btn")
	v.look("a calendar")
	v.to("/me/calendar")
	v.look("the calendar later")
	v.enter("form[action$='/end'] button")
	v.to("/me/scores")
	v.look("no scores")
	v.to("/me/link")
	v.look("the link to keep")
	v.to(stop)
	v.look("letters come")
	v.enter(send)
	v.look("letters are stopped")
	v.enter(send)
	v.look("letters come again")
	v.to("/offline")
	v.look("no line")
}

// byPoster enrols the first to come, and lets the second wait for a place.
func (v *visit) byPoster() {
	t := v.journey.t
	t.Helper()
	set := survey.EntrySettings{Allowed: true, Capacity: "1", AskEmail: "optional"}
	run, poster := v.poster(v.Design.Study.ID, set)
	v.arriveAt(poster)
	v.look("a poster")
	v.write("#email", "nobody@")
	v.anyhow("#entry .btn")
	v.look("a poster with a fault")
	v.write("#email", kb.Backspace)
	v.write("#name", "Ana Ruiz")
	v.enter("#entry .btn")
	v.at("/me/link")
	v.look("the link of who came by a poster")

	v.arriveAt(poster)
	v.look("a poster without a place")
	v.write("#name", "Berta Sol")
	v.enter("#entry .btn")
	v.at("/waiting/:ticket")
	v.look("on the waiting list")
	waiting := pathOf(t, v.phone)
	desk, err := v.Cases.Entries.Desk(t.Context(), stage.Actor(), v.Design.Study.ID, run)
	do(t, err, v.Cases.Entries.Invite(t.Context(), stage.Actor(), v.Design.Study.ID, run, desk.Waiting[0].ID))
	v.to(waiting)
	v.look("a place")
	v.enter(send)
	v.at("/me/link")
	v.to(waiting)
	v.look("not waiting any more")
	v.to(poster + "?done=1")
	v.look("a letter has the link")
	set.Allowed = false
	do(t, v.Cases.Entries.Set(t.Context(), stage.Actor(), v.Design.Study.ID, run, set))
	v.to(poster)
	v.look("a poster of before")
}

// at holds the way to leading somewhere.
func (v *visit) at(route string) {
	v.journey.t.Helper()
	if at := v.route(pathOf(v.journey.t, v.phone)); at != route {
		v.journey.t.Fatalf("the way leads to %s, want %s", at, route)
	}
}

// byOwnCode makes a code, with a fault first, and begins by it.
func (v *visit) byOwnCode() {
	v.journey.t.Helper()
	v.arriveAt(v.own)
	v.look("a code of one's own")
	for _, part := range selfcode.Parts {
		typed := "1"
		switch {
		case part.Key == "month":
			typed = "13"
		case part.Letter():
			typed = v.language[len(v.language)-1:] // in each language another person
		}
		v.write("#"+survey.SelfCodeField(part), typed)
	}
	v.enter("button[value=look]")
	v.look("a code with a fault")
	v.write("#part_month", "3")
	v.enter("button[value=look]")
	v.look("a code nobody has made")
	v.enter("button[value=begin]")
	v.at("/me/consent")
}

// losesLink asks for a link again, by a wrong address first.
func (v *visit) losesLink() {
	v.journey.t.Helper()
	v.arriveAt("/link/lost")
	v.look("a lost link")
	v.write("#email", "nobody")
	v.anyhow(send)
	v.look("a lost link with a fault")
	v.write("#email", fmt.Sprintf("nobody-%s@example.org", v.language))
	v.enter(send)
	v.look("a link is on its way")
}
