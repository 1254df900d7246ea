package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

// who asks. The facilitator of "one run" has no other.
type who string

const (
	anonymous   who = "anonymous"
	participant who = "participant"
	admin       who = "administrator"
	researcher  who = "researcher"
	leader      who = "facilitator of the study"
	oneRun      who = "facilitator of one run"
	outsider    who = "researcher and facilitator of another study"
)

// target is what an address names.
type target struct {
	name  string
	study string // own, other, unknown
	run   string // own, second, other, unknown
	user  bool   // is there
}

// access says who may: which status each asker gets for each target.
type access func(w who, t target) int

const (
	gone = http.StatusNotFound
	no   = http.StatusForbidden
	yes  = 0 // the route's own status of success
)

// knows reports whether an asker has anything to do with the study.
func knows(w who, t target) bool {
	switch t.study {
	case "own":
		return w != outsider
	case "other":
		return w == outsider || w == admin
	}
	return false
}

func anyStaff(who, target) int { return yes }

func keepsLibrary(w who, _ target) int {
	if w == admin || w == researcher || w == outsider {
		return yes
	}
	return no
}

func onlyAdmin(w who, t target) int {
	switch {
	case w != admin:
		return no
	case t.study == "unknown" || t.name == "unknown user":
		return gone
	}
	return yes
}

// opensStudies: a study one has nothing to do with does not exist.
func opensStudies(w who, t target) int {
	if !knows(w, t) {
		return gone
	}
	return onlyAdmin(w, t)
}

func inStudy(w who, t target) int {
	if !knows(w, t) {
		return gone
	}
	return yes
}

func listsRuns(w who, t target) int {
	switch {
	case !knows(w, t):
		return gone
	case w == leader || w == oneRun || w == outsider:
		return yes
	}
	return no
}

func startsRuns(w who, t target) int {
	if listsRuns(w, t) == yes && w == oneRun {
		return no
	}
	return listsRuns(w, t)
}

func analyses(w who, t target) int {
	switch {
	case !knows(w, t):
		return gone
	case w == researcher || w == outsider:
		return yes
	}
	return no
}

// writesTexts: researchers of the study, and administrators.
func writesTexts(w who, t target) int {
	if w == admin && t.study != "unknown" {
		return yes
	}
	return analyses(w, t)
}

// declares: researchers of the study, and administrators.
func declares(w who, t target) int {
	if knows(w, t) && w == admin {
		return yes
	}
	return analyses(w, t)
}

// unnamed: knowing the study is not enough.
func unnamed(w who, t target) int {
	if !knows(w, t) {
		return gone
	}
	return no
}

// leads: to whoever may not manage a run it does not exist.
func leads(w who, t target) int {
	switch {
	case t.study == "own" && t.run == "own" && (w == leader || w == oneRun),
		t.study == "own" && t.run == "second" && w == leader,
		t.study == "other" && t.run == "other" && w == outsider:
		return yes
	}
	return gone
}

// staffRoute is one line of the table of rights.
type staffRoute struct {
	access access
	status int // of success
	form   func(n int) url.Values
}

func noForm(int) url.Values { return url.Values{} }

func staffRoutes() map[string]staffRoute {
	const study, run, user = "/studies/:study", "/studies/:study/runs/:run", "/admin/users/:user"
	return map[string]staffRoute{
		"GET /account":           {anyStaff, 200, nil},
		"POST /account/password": {anyStaff, 422, noForm}, // an empty password
		"GET /studies":           {anyStaff, 200, nil},
		"GET " + study:           {inStudy, 200, nil},

		"GET " + study + "/texts/:language": {writesTexts, 200, nil},
		"POST " + study + "/texts/:language": {writesTexts, 303, func(n int) url.Values {
			return url.Values{"title": {fmt.Sprint("Titel ", n)}}
		}},

		"GET " + study + "/runs":    {listsRuns, 200, nil},
		"GET " + study + "/new-run": {startsRuns, 200, nil},
		"POST " + study + "/runs": {startsRuns, 303, func(n int) url.Values {
			return url.Values{
				"name": {fmt.Sprint("Run ", n)}, "course": {"learning_from_setbacks_8"}, "starts_on": {"2027-02-01"},
				"meeting_time": {"18:00"}, "time_zone": {"UTC"},
			}
		}},
		"GET " + run:             {leads, 200, nil},
		"GET " + run + "/brief":  {leads, 200, nil},
		"POST " + run + "/move":  {leads, 303, func(int) url.Values { return url.Values{"starts_on": {courseStart}} }},
		"GET " + run + "/people": {leads, 200, nil},
		"POST " + run + "/people": {leads, 303, func(n int) url.Values {
			return url.Values{"people": {numbered(n)}}
		}},
		"POST " + run + "/links":             {leads, 200, noForm},
		"GET " + run + "/meetings/:meeting":  {leads, 200, nil},
		"POST " + run + "/meetings/:meeting": {leads, 303, noForm},

		"GET " + study + "/consent":       {inStudy, 200, nil},
		"GET " + study + "/consent/begin": {writesTexts, 422, nil}, // without a language
		"POST " + study + "/consent/publish": {writesTexts, 409, func(int) url.Values {
			return url.Values{"version": {"9"}, "final": {"1"}}
		}},
		"GET " + study + "/consent/:version/:language":          {inStudy, 200, nil},
		"GET " + study + "/consent/:version/:language/edit":     {writesTexts, 409, nil}, // it is published
		"POST " + study + "/consent/:version/:language":         {writesTexts, 409, func(int) url.Values { return url.Values{"revision": {"0"}} }},
		"POST " + study + "/consent/:version/:language/discard": {writesTexts, 409, func(int) url.Values { return url.Values{"revision": {"1"}} }},

		"GET " + study + "/data":        {analyses, 200, nil},
		"POST " + study + "/data/:what": {analyses, 200, noForm},

		"POST " + study + "/erasures/:enrolment/cleared": {analyses, 303, noForm},

		"POST " + study + "/feedback": {analyses, 303, func(int) url.Values { return url.Values{"feedback": {"at_end"}} }},

		"GET " + study + "/plan":                          {analyses, 200, nil},
		"GET " + study + "/plan/edit":                     {analyses, 200, nil},
		"POST " + study + "/plan":                         {analyses, 422, noForm},
		"POST " + study + "/plan/file":                    {analyses, 422, noForm},
		"POST " + study + "/plan/lock":                    {analyses, 409, func(int) url.Values { return url.Values{"final": {"1"}} }},
		"POST " + study + "/plan/discard":                 {analyses, 409, noForm},
		"GET " + study + "/plan/:version":                 {analyses, 200, nil},
		"GET " + study + "/plan/:version/plan.json":       {analyses, 200, nil},
		"GET " + study + "/snapshots":                     {analyses, 200, nil},
		"POST " + study + "/snapshots":                    {analyses, 303, func(n int) url.Values { return url.Values{"name": {fmt.Sprint("Snapshot ", n)}} }},
		"GET " + study + "/snapshots/:snapshot":           {analyses, 200, nil},
		"POST " + study + "/snapshots/:snapshot/download": {analyses, 200, noForm},
		"POST " + study + "/snapshots/:snapshot/remove":   {analyses, 422, noForm}, // without a reason

		"GET " + study + "/results":        {analyses, 200, nil},
		"GET " + study + "/results/:table": {analyses, 200, nil},

		"GET " + study + "/report":       {analyses, 200, nil},
		"GET " + study + "/power":        {analyses, 200, nil},
		"GET " + study + "/report/:file": {analyses, 200, nil},

		"GET " + study + "/safety":  {declares, 200, nil},
		"POST " + study + "/safety": {declares, 422, noForm}, // says nothing
		// Nobody is named in these studies; alerts_test.go tries those who are.
		"GET " + study + "/alerts":         {unnamed, 200, nil},
		"POST " + study + "/alerts/:alert": {unnamed, 303, noForm},
		"GET /instruments":                 {keepsLibrary, 200, nil},
		"GET /instruments/new":             {keepsLibrary, 200, nil},
		"POST /instruments/new":            {keepsLibrary, 422, noForm},

		"GET /instruments/add/:entry":  {keepsLibrary, 200, nil},
		"POST /instruments/add/:entry": {keepsLibrary, 200, noForm}, // a look at an empty sheet

		"GET /instruments/:key":          {keepsLibrary, 200, nil},
		"GET /instruments/:key/correct":  {keepsLibrary, 404, nil}, // no version is named
		"POST /instruments/:key/correct": {keepsLibrary, 404, noForm},
		"POST /instruments/:key/retire":  {keepsLibrary, 404, noForm},

		"GET " + study + "/questionnaires":          {writesTexts, 200, nil},
		"POST " + study + "/questionnaires":         {writesTexts, 409, noForm}, // both are open already
		"POST " + study + "/questionnaires/replace": {writesTexts, 404, noForm},

		"GET /admin":       {onlyAdmin, 200, nil},
		"GET /admin/audit": {onlyAdmin, 200, nil},
		"POST /admin/users": {onlyAdmin, 303, func(n int) url.Values {
			return url.Values{"email": {numbered(n)}, "role": {"administrator"}}
		}},
		"POST " + user + "/invite":  {onlyAdmin, 200, noForm},
		"POST " + user + "/grant":   {onlyAdmin, 303, func(int) url.Values { return url.Values{"role": {"administrator"}} }},
		"POST " + user + "/disable": {onlyAdmin, 303, noForm},
		"POST /admin/studies": {onlyAdmin, 303, func(n int) url.Values {
			return url.Values{"protocol": {"learning_from_setbacks_8"}, "key": {fmt.Sprint("made-", n)}}
		}},
		"POST /admin/studies/:study/open": {opensStudies, 409, noForm}, // both are open already
	}
}

// elsewhere are the routes that other tests hold to who may use them.
func elsewhere(route string) bool {
	_, path, _ := strings.Cut(route, " ")
	for _, prefix := range []string{"/p/", "/me", "/static/", "/sign-in"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	switch path {
	case "/", "/help", "/link/lost", "/healthz", "/offline", "/service-worker.js", "/language", "/erased/:receipt", "/sign-out":
		return true
	}
	return false
}

// asker is somebody at a device; every request of theirs gets a form of its own.
type asker struct {
	who
	device *device
}

func TestEveryRouteKnowsWhoMayUseIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	other, otherRun := w.secondStudy()
	second := w.addRun(w.study, "Second run")
	for _, study := range []survey.Study{w.study, other} {
		w.plan(study)
		w.freeze(study)
	}
	grant := func(role survey.Role, study survey.StudyID, run survey.RunID) survey.Grant {
		return survey.Grant{Role: role, StudyID: study, RunID: run}
	}
	person, _ := w.arrive(t, 0)
	askers := []asker{
		{anonymous, w.device(t)},
		{participant, person},
		{admin, w.signedIn(t, "admin@example.org", administrator())},
		{researcher, w.signedIn(t, "researcher@example.org", w.researcher())},
		{leader, w.signedIn(t, "leader@example.org", w.facilitator())},
		{oneRun, w.signedIn(t, "one-run@example.org", grant(survey.RoleFacilitator, w.study.ID, w.run.ID))},
		{outsider, w.signedIn(t, "outsider@example.org",
			grant(survey.RoleResearcher, other.ID, ""), grant(survey.RoleFacilitator, other.ID, ""))},
	}
	studies := map[string]string{"own": w.study.Key, "other": other.Key, "unknown": "no-such-study"}
	runs := map[string]string{
		"own": string(w.run.ID), "second": string(second.ID), "other": string(otherRun.ID),
		"unknown": "01a16d27-fe60-7000-b9c2-67789015aa51",
	}
	table, seen := staffRoutes(), map[string]bool{}
	n := 0
	for _, r := range w.site.engine.Routes() {
		route := r.Method + " " + r.Path
		if r.Method == http.MethodHead {
			if _, known := table["GET "+r.Path]; !known && !elsewhere(route) {
				t.Errorf("%s is not in the table of rights", route)
			}
			continue
		}
		right, known := table[route]
		if !known {
			if !elsewhere(route) {
				t.Errorf("%s is not in the table of rights", route)
			}
			continue
		}
		for _, aim := range targets(r.Path) {
			for _, a := range askers {
				n++
				user := "no-such-user"
				if aim.user {
					user = string(w.account(fmt.Sprintf("target-%d@example.org", n)).ID)
				}
				path := strings.NewReplacer(":study", studies[aim.study], ":run", runs[aim.run], ":user", user,
					":meeting", "1", ":what", "long", ":language", "de", ":entry", "brs-6", ":key", "resilience", ":version", "1", ":snapshot", "1", ":table", "flow.csv", ":file", "report.json").Replace(r.Path)
				checkAccess(t, w, a, aim, right, r.Method, path, n)
			}
		}
		seen[route] = true
	}
	for route := range table {
		if !seen[route] {
			t.Errorf("%s is in the table and not among the routes", route)
		}
	}
	if n < 400 {
		t.Errorf("only %d requests were made", n)
	}
}

// targets are all that an address can name.
func targets(path string) []target {
	switch {
	case strings.Contains(path, ":run"):
		var all []target
		for _, study := range []string{"own", "other", "unknown"} {
			for _, run := range []string{"own", "second", "other", "unknown"} {
				all = append(all, target{name: study + " study, " + run + " run", study: study, run: run})
			}
		}
		return all
	case strings.Contains(path, ":study"):
		return []target{{name: "own study", study: "own"}, {name: "other study", study: "other"}, {name: "unknown study", study: "unknown"}}
	case strings.Contains(path, ":user"):
		return []target{{name: "a user", user: true}, {name: "unknown user"}}
	}
	return []target{{name: "the installation"}}
}

func checkAccess(t *testing.T, w *world, a asker, aim target, right staffRoute, method, path string, n int) {
	t.Helper()
	var values url.Values
	if right.form != nil {
		values = right.form(n)
	}
	d := a.device.plain()
	committed := w.store.committed.Load()
	s := d.do(d.request(method, path, values))
	if a.who == anonymous || a.who == participant {
		if s.status != 303 || !strings.HasPrefix(s.header.Get("Location"), "/sign-in") {
			t.Errorf("%s %s for %s: %d to %q, want the sign-in page", method, path, a.who, s.status, s.header.Get("Location"))
		}
		return
	}
	want := right.access(a.who, aim)
	if want == yes {
		want = right.status
	}
	if s.status != want {
		t.Errorf("%s %s (%s) for %s: %d, want %d", method, path, aim.name, a.who, s.status, want)
	}
	if (want == no || want == gone) && w.store.committed.Load() != committed {
		t.Errorf("%s %s for %s was refused and still wrote something", method, path, a.who)
	}
}
