package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

func TestReadOnlyKeepsPagesAndRefusesChangesKindly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d, questions := w.begin(t, 0)
	boss := w.signedIn(t, "boss@example.org", administrator(), w.researcher(), w.facilitator())
	user, err := w.cases.Users.ByEmail(t.Context(), survey.SystemActor("test"), "boss@example.org")
	w.must(err)
	way, err := w.cases.Users.Invite(t.Context(), survey.SystemActor("test"), user.ID, false)
	w.must(err)
	boss.get("/admin/status").want(200, "Answers and changes are saved as usual.").form("Make it read-only").press("Make it read-only").want(200, "Take changes again")
	before := w.store.committed.Load()

	// Saving: the script is told to try again, a form comes back whole.
	saved := d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_01":3}}`).want(503, "error.read_only")
	held := d.post(questions.path, url.Values{"sc_01": {"3"}, "sc_02": {"2"}}).want(503, "Nothing of what you sent was changed or lost", "Send it now")
	for _, s := range []screen{saved, held} {
		if s.header.Get("Retry-After") != "60" {
			t.Errorf("Retry-After is %q", s.header.Get("Retry-After"))
		}
	}
	if !offersHelp(held) {
		t.Error("the page offers no help")
	}
	for _, path := range []string{"/me", questions.path, "/me/data", "/me/consent", w.assessment(0, 0) + "/help", "/me/practice", "/me/words"} {
		if s := d.get(path); s.status != 200 || !strings.Contains(s.body, "Nothing can be saved for a little while") {
			t.Errorf("%s: %d, or nothing says so", path, s.status)
		}
	}
	d.get("/help").want(200, "112")
	// Somebody who comes by their link can read as well; joining is a change.
	other := w.device(t)
	other.get("/p/" + w.links[1]).want(200).form("Continue").press("Continue").want(200)
	other.get("/me/consent").want(200)
	d.post("/join/"+w.study.Key, url.Values{}).want(503)
	d.post("/language", url.Values{"language": {"de"}, "back": {"/help"}}).want(200, "kann nichts gespeichert werden")

	// Staff: what they look at, and what they would change.
	for _, path := range []string{"/studies", w.path(""), w.path("/results"), w.path("/report"), w.path("/data"), w.runPath(""), "/admin", "/admin/audit", "/account"} {
		if s := boss.get(path); s.status != 200 || !strings.Contains(s.body, "Read-only: everything can be read") {
			t.Errorf("%s: %d, or nothing says so", path, s.status)
		}
	}
	for _, path := range []string{"/admin/users", "/admin/studies", w.path("/safety"), w.path("/data/long"), w.path("/files"), w.runPath("/people"), "/account/password"} {
		boss.post(path, url.Values{"x": {"1"}}).want(503, "Nothing can be saved right now")
	}
	boss.post("/sign-out", url.Values{}).want(200)
	boss.plain().post("/sign-in/link/"+way, url.Values{}).want(303)
	if n := w.store.committed.Load() - before; n > 12 {
		t.Errorf("%d transactions were committed, more than for sign-ins and for what was looked at", n)
	}

	boss.get("/admin/status").form("Take changes again").press("Take changes again").want(200, "saved as usual")
	held.form("Send it now").press("Send it now").want(200)
	if got := w.given(0); got["sc_01"] != "3" {
		t.Errorf("answers after it ended: %v", got)
	}
	boss.get("/admin/audit").want(200, "made the installation read-only", "let the installation take changes again")
	boss.post("/admin/status/read-only", url.Values{"read_only": {"perhaps"}}).want(400)
}

func TestTheStatusPageShowsServersAndFaultsByKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	system := survey.SystemActor("test")
	w.must(w.cases.Operations.Beat(t.Context(), system, survey.Replica{
		ID: "one", Host: "harbour-1", Version: "1.2.3", StartedAt: w.now(),
		Faults: map[string]survey.FaultCount{"request failed": {Count: 2, LastAt: w.now()}, "messages": {Count: 1, LastAt: w.now()}},
	}))
	w.must(w.cases.Operations.Beat(t.Context(), system, survey.Replica{
		ID: "two", Host: "harbour-2", Draining: true, StartedAt: w.now(), Faults: map[string]survey.FaultCount{"request failed": {Count: 3, LastAt: w.now()}},
	}))
	w.site.cfg.Self = "one"
	w.site.cfg.Disk = func() (uint64, uint64, error) { return 3_200_000_000, 40_000_000_000, nil }
	w.site.cfg.Examine = func(context.Context) []survey.Check {
		return []survey.Check{{Name: "mail", State: survey.CheckFault, Says: "The mail server does not answer.", Do: "Start it."}, {Name: "clock", State: survey.CheckOK, Says: "It is right."}}
	}
	boss := w.signedIn(t, "boss@example.org", administrator())
	boss.get("/admin/status").want(200, "harbour-1", "this one", "1.2.3", "harbour-2", "ending", "5 times", "SQLite", "3.2 GB free of 40 GB",
		"1 check found a fault.", "The mail server does not answer.", "Start it.")
	w.days(1)
	boss = w.signedIn(t, "boss2@example.org", administrator())
	boss.get("/admin/status").want(200, "missed")
}

func TestProbesAnswerWithoutSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.device(t)
	d.get("/livez").want(200, "ok")
	d.get("/readyz").want(200, "ok")
	w.site.cfg.Ready = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusServiceUnavailable) })
	d.get("/readyz").want(503)
	d.get("/livez").want(200)
}
