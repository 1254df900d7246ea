package rest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/web/rest"
)

// list collects all pages of a list.
func list[T any](i *installation, path string) (all []T, pages int) {
	i.t.Helper()
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	next := path
	for {
		p := into[rest.Page[T]](i.get(next).want(200))
		all, pages = append(all, p.Items...), pages+1
		if p.Next == nil {
			return all, pages
		}
		next = path + separator + "cursor=" + *p.Next
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("-got +want:\n%s", d)
	}
}

func TestPagesTogetherAreTheStudysData(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	study := "/api/v1/studies/" + i.Study().Key
	people, pages := list[rest.Enrolment](i, study+"/enrolments?limit=2")
	same(t, []int{len(people), pages}, []int{3, 2})
	codes := []string{people[0].Participant, people[1].Participant, people[2].Participant}
	want := slices.Sorted(slices.Values(i.Codes))
	same(t, codes, want)

	answers, _ := list[rest.Response](i, study+"/responses?limit=7")
	stored := 0
	i.Must(i.Stage.Store.EachResponse(t.Context(), i.Study().ID, func(*survey.ResponseRow) error { stored++; return nil }))
	if len(answers) != stored || stored < 20 {
		t.Fatalf("%d answers, stored are %d", len(answers), stored)
	}
	// Each answer stands in the wide table under the name that it is given here.
	wide, err := csv.NewReader(strings.NewReader(string(i.get(study + "/tables/wide").want(200).body))).ReadAll()
	i.Must(err)
	column := map[string]int{}
	for n, name := range wide[0] {
		column[name] = n
	}
	rows := map[string][]string{}
	for _, row := range wide[1:] {
		rows[row[column["participant"]]] = row
	}
	missing := 0
	for _, a := range answers {
		if a.Variable == nil {
			t.Fatalf("%s has no column", a.Item)
		}
		got := rows[a.Participant][column[*a.Variable]]
		switch {
		case a.Missing != nil:
			missing++
			same(t, []any{got, a.Value}, []any{"", (*float64)(nil)})
		case got != fmt.Sprint(*a.Value):
			t.Errorf("%s of %s is %v here and %q in the table", *a.Variable, a.Participant, *a.Value, got)
		}
	}
	if missing == 0 {
		t.Error("no answer was left out")
	}
	scores, _ := list[rest.Score](i, study+"/scores?limit=2&participant="+i.Codes[0]+"&wave=pre")
	valid := 0
	for _, s := range scores {
		same(t, []string{s.Participant, s.Wave}, []string{i.Codes[0], "pre"})
		got := rows[s.Participant][column[*s.Variable]]
		if s.Value == nil { // too few items were answered
			same(t, got, "")
			continue
		}
		valid++
		same(t, got, fmt.Sprint(*s.Value))
	}
	if valid == 0 || valid == len(scores) {
		t.Errorf("%d of %d scores have a value", valid, len(scores))
	}
	variables, _ := list[rest.Variable](i, study+"/variables")
	for _, v := range variables {
		if _, there := column[v.Name]; !there {
			t.Errorf("%s is no column", v.Name)
		}
	}
	same(t, i.Audit(t.Context(), survey.ActionExported, "answers, page by page"), 1) // of many pages
	same(t, i.Audit(t.Context(), survey.ActionExported, "wide as csv by token tmk_"), 1)
}

func TestATokenOpensWhatItIsForAndNoMore(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	study := "/api/v1/studies/" + i.Study().Key
	asks := map[string]survey.Scope{
		study + "/variables": "", study + "/enrolments": survey.ScopePeople, study + "/assessments": survey.ScopePeople,
		study + "/responses": survey.ScopeAnswers, study + "/scores": survey.ScopeAnswers, study + "/snapshots": survey.ScopeAnswers,
		study + "/tables/long": survey.ScopeAnswers, study + "/snapshots/1/bundle": survey.ScopeAnswers,
	}
	for _, scope := range survey.Scopes() {
		token := i.NewToken(scope)
		for path, needs := range asks {
			want := http.StatusForbidden
			if needs == "" || needs == scope {
				want = http.StatusOK
			}
			i.get(path, "Authorization", "Bearer "+token).want(want)
		}
		add := i.ask("POST", study+"/runs/"+string(i.Stage.Run.ID)+"/people", `{"people": [{}]}`, "Authorization", "Bearer "+token)
		if scope == survey.ScopeWritePeople {
			add.want(201)
		} else {
			add.want(403)
		}
	}
	redcap := i.TokenOf(i.User, survey.TokenREDCap, survey.ScopeAnswers)
	i.get(study, "Authorization", "Bearer "+redcap).want(403)

	// What its person loses the token loses.
	i.Must(i.Stage.Cases.Users.Disable(t.Context(), stageActor(), i.User.User.ID))
	i.get(study).want(401)
}

func stageActor() survey.Actor { return survey.SystemActor("test") }

func TestPeopleAreAddedOnceAndFaultsAreNamed(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	path := "/api/v1/studies/" + i.Study().Key + "/runs/" + string(i.Stage.Run.ID) + "/people"
	ask := func(body string, headers ...string) reply { return i.ask("POST", path, body, headers...) }
	added := into[rest.Added](ask(`{"people": [{"name": "Bo Li", "email": "bo@example.org", "language": "de"}, {}]}`, "Idempotency-Key", "1").want(201))
	same(t, len(added.Participants), 2)
	ask(`{"people": [{}]}`, "Idempotency-Key", "1").want(409)
	e := into[rest.Enrolment](i.get("/api/v1/studies/" + i.Study().Key + "/enrolments/" + added.Participants[0]).want(200))
	same(t, e.Run, string(i.Stage.Run.ID))
	for body, want := range map[string]map[string]string{
		`{"people": []}`: {"people": "people.none"},
		`{"people": [{"email": "bo@example.org"}]}`:                      {"bo@example.org": "people.already"},
		`{"people": [{"email": "nobody"}]}`:                              {"people/0/email": "no e-mail address"},
		`{"people": [{}, {"name": "` + strings.Repeat("x", 400) + `"}]}`: {"people/1": "cannot be read as a person"},
	} {
		p := into[rest.Problem](ask(body).want(422))
		same(t, p.Faults, want)
	}
	ask(`{"people": [{"nme": "x"}]}`).want(400)
	ask(`{"people": `).want(400)
	ask(`[]`).want(400)
	i.ask("POST", path, "people=x", "Content-Type", "application/x-www-form-urlencoded").want(415)
	ask(`{"people": [{"name": "` + strings.Repeat("x", 1<<20) + `"}]}`).want(413)
}

func TestWhatIsRefusedIsAProblem(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	study := "/api/v1/studies/" + i.Study().Key
	for _, c := range []struct {
		method, path string
		status       int
		header       string
	}{
		{"GET", "/api/v1/nothing", 404, ""},
		{"GET", "/api/v1", 404, ""},
		{"DELETE", study, 405, "Allow"},
		{"POST", study + "/enrolments", 405, "Allow"},
		{"GET", study + "/enrolments?limit=0", 400, ""},
		{"GET", study + "/enrolments?limit=1001", 400, ""},
		{"GET", study + "/enrolments?limit=1&limit=2", 400, ""},
		{"GET", study + "/enrolments?cursor=%21", 400, ""},
		{"GET", study + "/responses?cursor=YQ", 400, ""}, // of another list
		{"GET", study + "/responses?wave=never", 400, ""},
		{"GET", study + "/tables/long?format=pdf", 400, ""},
		{"GET", study + "/snapshots/x", 404, ""},
	} {
		r := i.ask(c.method, c.path, "").want(c.status)
		same(t, r.header.Get("Content-Type"), "application/problem+json")
		p := into[rest.Problem](r)
		same(t, []any{p.Type, p.Status, p.Title}, []any{"about:blank", c.status, http.StatusText(c.status)})
		if p.Detail == "" || c.header != "" && r.header.Get(c.header) == "" {
			t.Errorf("%s %s: %s", c.method, c.path, r.body)
		}
	}
	r := i.get(study, "Authorization", "Basic YWRhOnNlY3JldA==").want(401)
	same(t, r.header.Get("WWW-Authenticate"), `Bearer realm="Tidemark"`)
	for range 60 { // tokens that nobody has
		i.get(study, "Authorization", "Bearer tmk_guess")
	}
	many := i.get(study, "Authorization", "Bearer tmk_guess").want(429)
	if many.header.Get("Retry-After") == "" {
		t.Error("nobody says how long to wait")
	}
	i.get(study).want(200)
}

func TestHeadersAndFormatsAreNegotiated(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	study := "/api/v1/studies/" + i.Study().Key
	tables := map[string]string{
		"csv": "text/csv; charset=utf-8; header=present", "jsonl": "application/jsonl", "sav": "application/x-spss-sav", "dta": "application/x-stata-dta",
	}
	for _, format := range slices.Sorted(maps.Keys(tables)) {
		r := i.get(study + "/tables/scores?format=" + format).want(200)
		same(t, r.header.Get("Content-Type"), tables[format])
		if len(r.body) == 0 || !strings.Contains(r.header.Get("Content-Disposition"), "_scores."+format) {
			t.Errorf("%s: %d bytes as %q", format, len(r.body), r.header.Get("Content-Disposition"))
		}
		sum := sha256.Sum256(r.body)
		if got := r.trailer.Get("Repr-Digest"); got != "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":" || r.trailer.Get("Tidemark-Bytes") != strconv.Itoa(len(r.body)) || (r.trailer.Get("Tidemark-Rows") != "") != (format == "csv") {
			t.Errorf("%s ends with %v", format, r.trailer)
		}
	}
	each := i.get(study + "/tables/questionnaires").want(200)
	if !strings.HasPrefix(string(each.body), "PK") || !strings.Contains(each.header.Get("Content-Disposition"), "_questionnaires.csv.zip") {
		t.Errorf("questionnaires are sent as %v", each.header)
	}
	i.get(study + "/tables/questionnaires?format=sav").want(404)
	for accept, status := range map[string]int{
		"": 200, "*/*": 200, "application/*;q=0.5, text/html": 200, "text/html, application/json;q=0.1": 200, "application/json;q=0": 406, "text/csv": 406,
	} {
		i.get(study, "Accept", accept).want(status)
	}
	first := i.get(study + "/enrolments").want(200)
	tag := first.header.Get("ETag")
	same(t, len(i.get(study+"/enrolments", "If-None-Match", `"x", W/`+tag).want(304).body), 0)
	_, err := i.Stage.Add(t.Context(), 1)
	i.Must(err)
	i.get(study+"/enrolments", "If-None-Match", tag).want(200)
	head := i.ask(http.MethodHead, study+"/enrolments", "").want(200)
	if len(head.body) != 0 || head.header.Get("Content-Length") == "" {
		t.Error("HEAD is not GET without a body")
	}
}
