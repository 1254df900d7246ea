package web

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
)

func TestFollowingALinkAThousandTimesChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.device(t)
	before, begun := w.state(), w.store.begun.Load()
	for i := range 1000 {
		r := d.request([]string{http.MethodGet, http.MethodHead}[i%2], "/p/"+w.links[0], nil)
		if s := d.do(r); s.status != 200 || len(s.header.Values("Set-Cookie")) != 0 {
			t.Fatalf("a scanner gets %d with cookies %v", s.status, s.header.Values("Set-Cookie"))
		}
	}
	if n := w.store.begun.Load() - begun; n != 0 {
		t.Errorf("%d transactions were begun, want none", n)
	}
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
}

func TestUsingALinkLeavesItsTokenBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	s := w.device(t).plain().post("/p/"+w.links[0], url.Values{}).want(303)
	if got := s.header.Get("Location"); got != "/me" {
		t.Errorf("the link leads to %q, want an address without the token", got)
	}
	if strings.Contains(strings.Join(s.header.Values("Set-Cookie"), " "), w.links[0]) {
		t.Error("the cookie holds the token of the link")
	}
}

func TestALinkAloneShowsNothingOfAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	_, s := w.begin(t, 0)
	answerAll(t, s, func(string) string { return "5" })
	s = w.device(t).get("/p/"+w.links[0]).want(200, "Continue")
	for _, secret := range []string{"Person 1", "answered", "Your part in this study", "Autumn evening group"} {
		if strings.Contains(s.text(), secret) {
			t.Errorf("before the button is pressed the page says %q", secret)
		}
	}
}

func TestDeadLinksOfEveryKindLookAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	ctx := t.Context()
	roster, err := w.store.Roster(ctx, w.study.ID, w.run.ID)
	w.must(err)
	w.must(w.store.InTx(ctx, func(tx survey.Tx) error {
		return tx.ReplaceLink(ctx, survey.PersonalLink{
			StudyID: w.study.ID, EnrolmentID: roster[1].ID, Generation: 2, TokenHash: "another",
			ExpiresAt: w.now().AddDate(2, 0, 0),
		}, w.now())
	}))
	alive, revoked := w.links[0], w.links[1]
	w.device(t).get("/p/" + alive).want(200)
	dead := map[string]string{
		"revoked": revoked, "unknown": strings.Repeat("a", len(alive)), "short": "x", "long": strings.Repeat("a", 4000),
		"cut off": alive[:len(alive)-1], "upper case": strings.ToUpper(alive) + "A", "not a token": "%27%20OR%201%3D1--",
		"not UTF-8": "%ff%fe", "NUL": "%00",
	}
	w.days(900)
	dead["expired"] = alive
	first := w.device(t).get("/p/"+revoked).want(404, "This link does not work", "Need to talk to someone now?")
	for kind, token := range dead {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			d := w.device(t)
			s := d.do(d.request(method, "/p/"+token, nil))
			if s.status != 404 || s.body != first.body || len(s.header.Values("Set-Cookie")) != 0 {
				t.Errorf("%s of a link that is %s answers %d, and not the page of every dead link", method, kind, s.status)
			}
		}
	}
}

func TestOtherPeoplesQuestionnairesDoNotExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d, _ := w.arrive(t, 0)
	theirs, begun := w.assessment(1, 0), w.store.begun.Load()
	before := w.state()
	for _, id := range []string{theirs, "/me/a/unknown", "/me/a/%00", "/me/a/%ff", "/me/a/..%2f..", "/me/a/" + strings.Repeat("a", 4000)} {
		for _, page := range []string{"", "/page/1", "/review", "/done"} {
			d.get(id+page).want(404, "There is nothing here", "Need to talk to someone now?")
		}
		d.post(id+"/page/1", url.Values{"sc_01": {"1"}}).want(404)
		d.post(id+"/page/2", url.Values{"sc_05": {"1"}}).want(404)
		d.post(id+"/submit", url.Values{}).want(404)
		d.json(id+"/save", `{"answers":{"sc_01":1}}`).want(404, "error.not_found")
	}
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
	if n := w.store.begun.Load() - begun; n != 0 {
		t.Errorf("%d transactions were begun, want none", n)
	}
}

func TestAnswersThatAreNoneOfTheOptionsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s.form("Continue").choose("sc_01", "5").press("Continue").want(200)
	before := w.state()
	for _, bad := range []string{"0", "6", "-1", "1.5", "NaN", "Inf", "1e400", "", " ", "four", "4;5", "٤"} {
		s := d.post(s.path, url.Values{"sc_02": {bad}, "sc_03": {"2"}}).want(422, "Nothing was saved yet", "Question 2: Choose one of the answers shown.")
		if title := textOf(all(s.root, "title")[0]); !strings.HasPrefix(title, "Error: ") {
			t.Errorf("%q: the title is %q", bad, title)
		}
		if got := s.form("Continue").fields; got.Get("sc_03") != "2" || got.Get("sc_01") != "5" {
			t.Errorf("%q: the page shows %v, want what was given and what is stored", bad, got)
		}
		summary := all(s.root, "a")
		if i := len(summary); i < 2 || attr(summary[1], "href") != "#sc_02" {
			t.Errorf("%q: the summary does not lead to the question", bad)
		}
		found := false
		for _, in := range all(s.root, "input") {
			found = found || attr(in, "id") == "sc_02" && attr(in, "name") == "sc_02" && attr(in, "value") == "1"
		}
		if !found {
			t.Errorf("%q: the summary leads nowhere", bad)
		}
	}
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
}

func TestFormsThatNoPageOfOursSendsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s.form("Continue").choose("sc_01", "5").press("Continue").want(200)
	page, before := s.path, w.state()
	base := w.assessment(0, 0)
	for _, c := range []struct {
		name        string
		path        string
		contentType string
		body        string
		want        int
	}{
		{"an unknown question", page, formType, "sc_01=1&zz_01=1", 422},
		{"a question of another questionnaire", page, formType, "rs_01=1", 422},
		{"a field sent twice", page, formType, "sc_01=1&sc_01=2", 422},
		{"invalid UTF-8 in a value", page, formType, "sc_01=%ff", 400},
		{"invalid UTF-8 in a name", page, formType, "sc%ff=1", 400},
		{"NUL in a value", page, formType, "sc_01=1%00", 400},
		{"NUL in a name", page, formType, "sc%00=1", 400},
		{"a broken escape", page, formType, "sc_01=%zz", 400},
		{"a body too large", page, formType, "sc_01=" + strings.Repeat("1", maxBody+1), 413},
		{"too many fields", page, formType, strings.Repeat("a&", 20000), 400},
		{"JSON", page, "application/json", `{"sc_01":1}`, 415},
		{"a file", page, "multipart/form-data; boundary=x", "--x--", 415},
		{"text", page, "text/plain", "sc_01=1", 415},
		{"no type", page, "", "sc_01=1", 415},
		{"a nonsense type", page, "///", "sc_01=1", 415},
		{"page 0", base + "/page/0", formType, "sc_01=1", 404},
		{"page -1", base + "/page/-1", formType, "sc_01=1", 404},
		{"page 4 of 3", base + "/page/4", formType, "sc_01=1", 404},
		{"a page without a number", base + "/page/one", formType, "sc_01=1", 404},
		{"a page beyond all numbers", base + "/page/99999999999999999999", formType, "sc_01=1", 404},
		{"a save that is a form", base + "/save", formType, "sc_01=1", 415},
		{"a save too large", base + "/save", "application/json", `{"answers":{"` + strings.Repeat("a", maxBody) + `":1}}`, 413},
		{"a save with invalid UTF-8", base + "/save", "application/json", "{\"answers\":{\"sc_01\xff\":1}}", 422},
		{"a submission that is no form", base + "/submit", "text/plain", "", 415},
		{"consent as JSON", "/me/consent", "application/json", `{"agree":"yes"}`, 415},
		{"leaving as JSON", "/me/data/leave", "application/json", `{"choice":"keep"}`, 415},
	} {
		r := d.request(http.MethodPost, c.path, nil)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(c.body)), int64(len(c.body))
		if c.contentType != "" {
			r.Header.Set("Content-Type", c.contentType)
		}
		if s := d.do(r); s.status != c.want {
			t.Errorf("%s: %d, want %d:\n%.300s", c.name, s.status, c.want, s.text())
		} else if s.root != nil && !strings.Contains(s.text(), "Need to talk to someone now?") {
			t.Errorf("%s: the page offers no help", c.name)
		}
	}
	for _, n := range []string{"0", "-1", "4", "one", "1e0", "99999999999999999999"} {
		d.get(base + "/page/" + n).want(404)
	}
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
}

const formType = "application/x-www-form-urlencoded"

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	before := w.state()
	for _, path := range []string{s.path, w.assessment(0, 0) + "/submit", w.assessment(0, 0) + "/save", "/me/consent", "/me/data/leave", "/me/forget", "/language", "/p/" + w.links[0]} {
		for name, headers := range map[string]map[string]string{
			"another origin":        {"Origin": "https://evil.example"},
			"another site":          {"Sec-Fetch-Site": "cross-site"},
			"a sibling":             {"Sec-Fetch-Site": "same-site"},
			"an origin that is not": {"Origin": "null"},
		} {
			r := d.request(http.MethodPost, path, url.Values{"leave": {"yes"}, "sc_01": {"1"}})
			r.Header.Del("Origin")
			r.Header.Del("Sec-Fetch-Site")
			for k, v := range headers {
				r.Header.Set(k, v)
			}
			d.do(r).want(403, "Sent from another site", "Need to talk to someone now?")
			_ = name
		}
	}
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
	d.get("/me").want(200)
}

func TestOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	before := w.state()
	base := w.assessment(0, 0)
	for path, methods := range map[string][]string{
		s.path:           {http.MethodPut, http.MethodPatch, http.MethodDelete, "TRACE", "PROPFIND"},
		base + "/save":   {http.MethodGet, http.MethodPut},
		base + "/submit": {http.MethodGet, http.MethodDelete},
		"/me":            {http.MethodPost, http.MethodDelete},
		"/me/data/copy":  {http.MethodGet},
		"/me/forget":     {http.MethodGet},
		"/help":          {http.MethodPost},
		"/language":      {http.MethodGet},
		"/":              {http.MethodPost},
	} {
		for _, m := range methods {
			r := d.request(m, path, nil)
			r.Header.Set("Origin", d.base)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			if s := d.do(r); s.status != 405 || s.header.Get("Allow") == "" {
				t.Errorf("%s %s: %d, Allow %q; want 405 and what is allowed", m, path, s.status, s.header.Get("Allow"))
			}
		}
	}
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
}
