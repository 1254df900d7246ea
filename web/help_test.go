package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"golang.org/x/net/html"

	"tidemark/internal/risky"
	"tidemark/survey"
)

// newRiskyWorld is a world whose study asks of risk, in the shape of the
// declaration that declare makes of the two people it can name.
func newRiskyWorld(t *testing.T, people int, declare func(study survey.Study, responder, deputy survey.UserID) survey.Safety) *world {
	t.Helper()
	return newWorld(t, people, func(w *world) {
		w.prepare = func(w *world) {
			w.must(risky.AddTo(w.t.Context(), w.store, w.study.ID, w.now()))
			responder := w.account("responder@example.org", w.researcher())
			deputy := w.account("deputy@example.org", w.facilitator())
			_, err := w.cases.Safeties.Declare(w.t.Context(), survey.SystemActor("test"), declare(w.study, responder.ID, deputy.ID))
			w.must(err)
		}
	})
}

func anonymously(study survey.Study, _, _ survey.UserID) survey.Safety {
	s := risky.Linked(study, "", "")
	s.Shape, s.Wording = survey.SafetyAnonymous, nil
	return s
}

// flags are those of person n's first questionnaire.
func (w *world) flags(n int) []survey.RiskFlag {
	w.t.Helper()
	id := survey.AssessmentID(strings.TrimPrefix(w.assessment(n, 0), "/me/a/"))
	flags, err := w.store.RiskFlags(w.t.Context(), w.study.ID, id)
	w.must(err)
	return flags
}

func TestHelpIsShownAtOnceAndAgainAtTheEnd(t *testing.T) {
	t.Parallel()
	for shape, c := range map[string]struct {
		declare func(survey.Study, survey.UserID, survey.UserID) survey.Safety
		reads   string
	}{
		"linked":    {risky.Linked, "People named by this study read such answers within 12 hours."},
		"anonymous": {anonymously, "Nobody of the study will see this answer in time, and nobody can be sent to you."},
	} {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			w := newRiskyWorld(t, 1, c.declare)
			d, home := w.arrive(t, 0)
			s := home.follow("Begin").want(200, "First placeholder")
			s = s.form("Continue").choose("tr_01", "1").choose(risky.Item, "1").press("Continue").want(
				200, "Would you like to talk to someone?", c.reads, "In an emergency: 112", "Placeholder line", "000 111", "day and night")
			if flags := w.flags(0); len(flags) != 1 || flags[0].ShownAt.IsZero() || !flags[0].ShownAgainAt.IsZero() {
				t.Fatalf("after the first page the flags are %+v", flags)
			}
			s = s.follow("Go on").want(200, "Third placeholder")
			if strings.Contains(s.body, "Would you like to talk") {
				t.Error("help stands in the way a second time")
			}
			// The answer taken back and sent again, nothing stands in the way.
			back := d.get(w.assessment(0, 0)+"/page/1").want(200, "First placeholder")
			s = back.form("Continue").choose(risky.Item, "0").press("Continue").want(200, "Third placeholder")
			s = s.form("Continue").choose("tr_03", "0").press("Continue").want(200)
			s.form("Send my answers").press("Send my answers").want(200, "Thank you", "If that was a lot", c.reads, "Placeholder line")
			if flags := w.flags(0); len(flags) != 1 || flags[0].ShownAgainAt.IsZero() {
				t.Errorf("at the end the flags are %+v", flags)
			}
		})
	}
}

func TestNobodyIsShownHelpWithoutAReason(t *testing.T) {
	t.Parallel()
	w := newRiskyWorld(t, 2, risky.Linked)
	d, home := w.arrive(t, 0)
	s := home.follow("Begin").want(200)
	s = s.form("Continue").choose("tr_01", "2").choose(risky.Item, "0").press("Continue").want(200, "Third placeholder")
	s = s.form("Continue").choose("tr_03", "2").press("Continue").want(200)
	s = s.form("Send my answers").press("Send my answers").want(200, "Thank you")
	if strings.Contains(s.body, "talk to. ") || strings.Contains(s.body, "If that was a lot") {
		t.Error("help is shown at the end without a reason")
	}
	// The address leads on, for whoever has no flag, and never away from here.
	for next, want := range map[string]string{"/me/data": "/me/data", "//example.org": "/me", "https://example.org": "/me", "/admin": "/me", "": "/me"} {
		if got := d.get(w.assessment(0, 0) + "/help?next=" + url.QueryEscape(next)); got.path != want {
			t.Errorf("to %q it leads to %s, want %s", next, got.path, want)
		}
	}
	if got := d.get(w.assessment(1, 0) + "/help").want(200); got.path != "/me" {
		t.Errorf("somebody else's leads to %s", got.path)
	}
}

func TestTheScriptIsGivenHelpWithTheReply(t *testing.T) {
	t.Parallel()
	w := newRiskyWorld(t, 1, risky.Linked)
	d, home := w.arrive(t, 0)
	home.follow("Begin").want(200)
	save := func(value string) map[string]any {
		s := d.json(w.assessment(0, 0)+"/save", `{"answers":{"`+risky.Item+`":`+value+`}}`).want(200)
		var reply map[string]any
		w.must(json.Unmarshal([]byte(s.body), &reply))
		return reply
	}
	if reply := save("0"); reply["help"] != nil {
		t.Errorf("an answer below the rule is answered with %v", reply)
	}
	for range 2 {
		text, _ := save("2")["help"].(string)
		for _, want := range []string{"Would you like to talk to someone?", "within 12 hours", `href="tel:000111"`, `href="/help"`} {
			if !strings.Contains(text, want) {
				t.Errorf("the reply does not hold %q: %s", want, text)
			}
		}
	}
	if flags := w.flags(0); len(flags) != 1 || flags[0].ShownAt.IsZero() {
		t.Errorf("the flags are %+v", flags)
	}
	alerts, err := w.store.Alerts(t.Context(), w.study.ID, 10)
	w.must(err)
	if len(alerts) != 1 {
		t.Errorf("there are %d alerts, want 1", len(alerts))
	}
}

func TestHelpIsForTheCountryOneIsIn(t *testing.T) {
	t.Parallel()
	w := newRiskyWorld(t, 1, risky.Linked)
	d := w.device(t)
	d.get("/help").want(200, "112 in the European Union", "911 in the United States", "findahelpline.com", "nobody reads your answers as they come in")
	d.get("/help?country=DE").want(200, "In Germany it is", "People to talk to in Germany", "0800 111 0 111")
	d.get("/help?country=fr").want(200, "3114")
	d.get("/help?country=PL").want(200, "In Poland it is: 112")
	d.get("/help?country=JP").want(200, "112 in the European Union")
	for _, strange := range []string{"XX", "<script>", "%00", "%ff", "ESPAÑA", strings.Repeat("A", 3000)} {
		s := d.get("/help?country="+url.QueryEscape(strange)).want(200, "112 in the European Union")
		if strings.Contains(s.body, "<script>") {
			t.Error("what is asked for comes back as it is")
		}
	}
	for _, h := range homelands {
		d.get("/help?country="+h.code).want(200, slices.Concat(h.emergency, []string{h.lines[0].Name})...)
	}
	// A participant finds the study's own, for the place of the meetings, and
	// who reads what they answer.
	d, _ = w.arrive(t, 0)
	s := d.get("/help").want(200, "People to talk to in Spain", "Placeholder line", "reads such answers within 12 hours. It cannot keep you safe.",
		"Monday to Friday, 9 to 17 (Europe/Madrid)", "It can take up to 12 hours", "Your questionnaires")
	if strings.Contains(s.text(), "024") || strings.Contains(s.text(), "nobody reads your answers") {
		t.Error("the study's own words do not stand in place of the general ones")
	}
	d.get("/help?country=AT").want(200, "142")
	d.get("/me/consent").want(200, "Who reads your answers", "reads such answers within 12 hours", "technology can fail")
	for _, tongue := range []string{"de", "es"} {
		r := d.request(http.MethodGet, "/help", nil)
		r.Header.Set("Accept-Language", tongue)
		s := d.do(r).want(200, "Placeholder line", map[string]string{"de": "Spanien", "es": "España"}[tongue])
		if !strings.Contains(s.body, `<p lang="en" dir="ltr">The study team reads`) {
			t.Error("the study's words are not marked as English")
		}
	}
}

// offersHelp reports whether a page says where to find someone to talk to.
func offersHelp(s screen) bool {
	if strings.Contains(s.header.Get("Content-Type"), "text/plain") {
		return strings.Contains(s.body, "/help")
	}
	if len(all(s.root, "ul")) > 0 && strings.Contains(s.body, `href="tel:112"`) {
		return true // the page about help itself
	}
	return slices.ContainsFunc(all(s.root, "a"), func(a *html.Node) bool {
		return strings.HasPrefix(attr(a, "href"), "/help") && strings.Contains(textOf(a), "Need to talk to someone")
	})
}

// A page for participants is any that is not behind the sign-in of staff.
func forParticipants(path string) bool {
	for _, staff := range []string{"/studies", "/admin", "/account", "/static/", "/healthz", "/livez", "/readyz", "/api/"} {
		if strings.HasPrefix(path, staff) {
			return false
		}
	}
	return true
}

// addresses are all a route can be asked for by, with what names a thing filled
// in: the person's own, and nothing's.
func (w *world) addresses(route string) []string {
	known := map[string][]string{
		":assessment": {strings.TrimPrefix(w.assessment(0, 0), "/me/a/"), strings.TrimPrefix(w.assessment(0, 1), "/me/a/"), "nothing"},
		":page":       {"1", "99"}, ":token": {w.links[0], "dead"},
	}
	paths := []string{""}
	for part := range strings.SplitSeq(strings.TrimPrefix(route, "/"), "/") {
		values := []string{part}
		if strings.HasPrefix(part, ":") || strings.HasPrefix(part, "*") {
			if values = known[part]; values == nil {
				values = []string{"1", "nothing"}
			}
		}
		var longer []string
		for _, p := range paths {
			for _, v := range values {
				longer = append(longer, p+"/"+v)
			}
		}
		paths = longer
	}
	return paths
}

func TestEveryPageThatAParticipantCanMeetOffersHelp(t *testing.T) {
	t.Parallel()
	w := newRiskyWorld(t, 1, risky.Linked)
	seen := map[int]int{}
	check := func(what string, s screen) {
		t.Helper()
		kind := s.header.Get("Content-Type")
		page := strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "text/plain")
		if s.status >= 400 || page && s.body != "" {
			seen[s.status]++
			if !offersHelp(s) {
				t.Errorf("%s answers %d without a way to help: %.200s", what, s.status, s.text())
			}
		}
	}
	stranger, person := w.device(t), (*device)(nil)
	person, home := w.arrive(t, 0)
	started := home.follow("Begin").want(200)
	check("questions", started)
	visited := 0
	routes := w.site.engine.Routes()
	for _, r := range routes {
		if r.Method == http.MethodHead || !forParticipants(r.Path) {
			continue
		}
		for _, path := range w.addresses(r.Path) {
			for _, d := range []*device{stranger, person} {
				if strings.HasPrefix(path, "/me/forget") || strings.HasPrefix(path, "/me/data") && r.Method == http.MethodPost {
					d = stranger // what would end the visit
				}
				if r.Method == http.MethodGet {
					check("GET "+path, d.get(path))
				} else {
					check("POST "+path+" without anything", d.post(path, url.Values{}))
					rq := d.request(http.MethodPost, path, nil)
					rq.Header.Set("Content-Type", "text/plain")
					check("POST "+path+" of another kind", d.do(rq))
				}
				visited++
			}
		}
	}
	if visited < 60 {
		t.Errorf("only %d addresses were visited", visited)
	}
	// Errors of the whole application.
	check("nowhere", person.get("/nowhere"))
	check("a method", person.do(person.request(http.MethodDelete, "/me", nil)))
	check("another site's form", person.crossed("/me/consent", url.Values{}))
	check("too much", person.post(started.path, url.Values{"tr_01": {strings.Repeat("1", maxBody)}}))
	check("faults", person.post(started.path, url.Values{"tr_01": {"9"}}))
	// A disk that is full.
	w.store.broken.Store(true)
	check("a save that fails", started.form("Continue").choose("tr_01", "1").press("Continue"))
	check("help while it fails", person.get("/help").want(200, "In Spain it is"))
	w.store.broken.Store(false)
	// Errors that the table knows, whatever causes them; 429 and all.
	for _, row := range []error{
		errInternal, errDeadLink, errNeedLink, errBadForm, errTooLarge, survey.ErrBusy, survey.ErrExpired, survey.ErrWithdrawn,
		survey.ErrNotOpen, survey.ErrSubmitted, context.DeadlineExceeded, fmt.Errorf("anything else"),
	} {
		status, _ := statusOf(row)
		seen[status]++
	}
	for _, status := range []int{200, 400, 401, 403, 404, 405, 413, 415, 422, 500} {
		if seen[status] == 0 {
			t.Errorf("no page with the status %d was met", status)
		}
	}
}

func TestHelpIsThereWithoutADatabase(t *testing.T) {
	t.Parallel()
	w := newRiskyWorld(t, 1, risky.Linked)
	person, home := w.arrive(t, 0)
	sheet := w.assessment(0, 0) + "/page/1"
	closer, ok := w.store.Store.(interface{ Close() error })
	if !ok {
		t.Fatal("the store cannot be closed")
	}
	w.must(closer.Close())
	for _, path := range []string{"/me", home.path, sheet, "/p/" + w.links[0]} {
		if s := person.get(path); s.status < 500 || !offersHelp(s) {
			t.Errorf("%s answers %d: %.200s", path, s.status, s.text())
		}
	}
	person.get("/help").want(200, "112 in the European Union", "findahelpline.com")
	w.device(t).get("/help?country=DE").want(200, "0800 111 0 111")
	w.device(t).get("/").want(200, "Need to talk to someone")
}

func TestAFaultOfAPageStillOffersHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.site.engine.GET("/panics", func(*gin.Context) { panic("on purpose") })
	w.site.engine.GET("/busy", w.site.handle(func(*gin.Context) error { return survey.ErrBusy }))
	for path, status := range map[string]int{"/panics": 500, "/busy": 503} {
		if s := w.device(t).get(path).want(status); !offersHelp(s) {
			t.Errorf("%s offers no help", path)
		}
	}
	// Even when the page of the error itself cannot be made.
	delete(w.site.pages.byName, pageName{"en", "error"})
	rec := httptest.NewRecorder()
	w.site.Handler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/nowhere", nil))
	if !strings.Contains(rec.Body.String(), "/help") {
		t.Errorf("the last resort says %q", rec.Body)
	}
}

func TestHelpAfterAnAnswerIsInThePersonsLanguage(t *testing.T) {
	t.Parallel()
	for tongue, want := range map[string][]string{
		"de": {"Möchtest du mit jemandem reden?", "innerhalb von 12 Stunden", "Im Notfall:", "Spanisch"},
		"es": {"¿Te gustaría hablar con alguien?", "en un plazo de 12 horas", "En una emergencia:", "español"},
	} {
		t.Run(tongue, func(t *testing.T) {
			t.Parallel()
			w := newRiskyWorld(t, 1, risky.Linked)
			d, _ := w.arrive(t, 0)
			ask := func(r *http.Request) screen {
				r.Header.Set("Accept-Language", tongue)
				return d.do(r)
			}
			page := w.assessment(0, 0) + "/page/1"
			ask(d.request(http.MethodPost, page, url.Values{risky.Item: {"2"}})).want(200)
			ask(d.request(http.MethodGet, w.assessment(0, 0)+"/help?next=%2Fme", nil)).want(200, want...)
			r := d.request(http.MethodPost, w.assessment(0, 0)+"/save", nil)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json")
			r.Body = io.NopCloser(strings.NewReader(`{"answers":{"` + risky.Item + `":1}}`))
			r.ContentLength = -1
			reply := ask(r).want(200)
			if !strings.Contains(reply.body, want[0]) {
				t.Errorf("the reply to the script is %s", reply.body)
			}
		})
	}
}
