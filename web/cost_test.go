package web

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/store"
)

// visitor asks the application without a network in between.
type visitor struct {
	t      testing.TB
	site   http.Handler
	ctx    context.Context
	cookie *http.Cookie
}

func (v *visitor) ask(method, path, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(v.ctx, method, path, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if contentType == "application/json" {
		r.Header.Set("Accept", contentType)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	answer := httptest.NewRecorder()
	v.site.ServeHTTP(answer, r)
	for _, c := range answer.Result().Cookies() {
		if strings.HasSuffix(c.Name, "_participant") {
			v.cookie = c
		}
	}
	if answer.Code >= http.StatusBadRequest {
		v.t.Fatalf("%s %s: %d", method, path, answer.Code)
	}
	return answer
}

func (v *visitor) get(path string) string { return v.ask(http.MethodGet, path, "", "").Body.String() }

func (v *visitor) post(path, form string) { v.ask(http.MethodPost, path, formType, form) }

// step is one request of a participation.
type step struct {
	name string
	do   func()
}

// participation is everything one person does to answer the first questionnaire,
// each answer saved by the script as it is given.
func participation(v *visitor, token, assessment string) []step {
	page := func(n string) string { return assessment + "/page/" + n }
	save := func(item, value string) step {
		return step{"save", func() {
			v.ask(http.MethodPost, assessment+"/save", "application/json", `{"answers":{"`+item+`":`+value+`}}`)
		}}
	}
	return []step{
		{"link", func() { v.get("/p/" + token) }},
		{"use link", func() { v.post("/p/"+token, "") }},
		{"consent", func() { v.get("/me/consent") }},
		{"agree", func() { v.post("/me/consent", "version=1&of_age=yes&decision=agree") }},
		{"home", func() { v.get("/me") }},
		{"resume", func() { v.get(assessment) }},
		{"page 1", func() { v.get(page("1")) }},
		save("sc_01", "4"), save("sc_02", "2"), save("sc_03", "3"), save("sc_04", "1"),
		{"send page 1", func() { v.post(page("1"), "sc_01=4&sc_02=2&sc_03=3&sc_04=1") }},
		{"page 2", func() { v.get(page("2")) }},
		save("sc_05", "4"), save("sc_06", "2"), save("sc_07", "3"), save("sc_08", "1"),
		{"send page 2", func() { v.post(page("2"), "sc_05=4&sc_06=2&sc_07=3&sc_08=1") }},
		{"page 3", func() { v.get(page("3")) }},
		save("sc_09", "4"), save("sc_10", "2"), save("sc_11", "3"), save("sc_12", "1"),
		{"send page 3", func() { v.post(page("3"), "sc_09=4&sc_10=2&sc_11=3&sc_12=1") }},
		{"review", func() { v.get(assessment + "/review") }},
		{"submit", func() { v.post(assessment+"/submit", "") }},
		{"done", func() { v.get(assessment + "/done") }},
	}
}

// queries are the statements each step of a participation sends to the database.
func queries(t *testing.T, people int) map[string]int {
	t.Helper()
	w := newWorld(t, people)
	v := &visitor{t: t, site: w.site.Handler(), ctx: t.Context()}
	v.get("/p/" + w.links[0])
	warm := participation(v, w.links[1], w.assessment(1, 0)) // questionnaires are read once
	for _, s := range warm {
		s.do()
	}
	v.cookie = nil
	n := map[string]int{}
	for _, s := range participation(v, w.links[0], w.assessment(0, 0)) {
		ctx, count := store.WithQueryCount(t.Context())
		v.ctx = ctx
		s.do()
		n[s.name] = max(n[s.name], count.N())
	}
	return n
}

func TestQueriesDoNotGrowWithTheStudy(t *testing.T) {
	t.Parallel()
	few, many := queries(t, 2), queries(t, 60)
	if diff := cmp.Diff(few, many); diff != "" {
		t.Errorf("a larger study asks otherwise (-2 people +60 people):\n%s", diff)
	}
	const most = 10
	for name, n := range few {
		if n == 0 || n > most {
			t.Errorf("%s: %d statements, want 1 to %d", name, n, most)
		}
	}
	t.Logf("statements: %v", few)
}

func TestTheFirstPageOfQuestionsIsLight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	addresses := []string{s.path}
	for _, n := range all(s.root, "link", "script", "img", "iframe", "source") {
		address := attr(n, "href") + attr(n, "src")
		if !strings.HasPrefix(address, "/static/") {
			t.Fatalf("the page loads %s", address)
		}
		addresses = append(addresses, address)
	}
	const mostRequests, mostBytes = 4, 50_000
	if len(addresses) > mostRequests {
		t.Errorf("%d requests, want at most %d", len(addresses), mostRequests)
	}
	sum := 0
	for _, address := range addresses {
		n := onTheWire(t, d, address)
		t.Logf("%6d bytes %s", n, address)
		sum += n
	}
	if sum >= mostBytes {
		t.Errorf("%d bytes, want under %d", sum, mostBytes)
	}
	t.Logf("%6d bytes in %d requests", sum, len(addresses))
}

func TestEachFurtherPageIsLight(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	d, s := w.arrive(t, 0)
	s.follow("Begin").form("Continue").choose("k_yes", "1").press("Continue")
	base := w.assessment(0, 0)
	d.json(base+"/save", `{"answers":{"k_long":"`+strings.Repeat("Wide and quiet. ", 18)+`"}}`).want(200)
	const most = 20_000
	for _, page := range []string{"/page/1", "/page/2", "/page/3", "/page/4", "/page/5", "/review"} {
		n := onTheWire(t, d, base+page)
		if n > most {
			t.Errorf("%s: %d bytes, want at most %d", page, n, most)
		}
		t.Logf("%6d bytes %s", n, page)
	}
}

// onTheWire is how many bytes an answer takes, its head included, for a browser
// that unpacks gzip.
func onTheWire(t *testing.T, d *device, path string) int {
	t.Helper()
	r := d.request(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	response, err := d.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	whole, err := httputil.DumpResponse(response, true)
	if err != nil {
		t.Fatal(err)
	}
	return len(whole)
}

func TestFilesAreCompressedForBrowsersThatUnpackThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.device(t)
	for name, file := range w.site.assets.files {
		path, err := w.site.assets.path(name)
		w.must(err)
		plain := func(accept string) screen {
			r := d.request(http.MethodGet, path, nil)
			r.Header.Set("Accept-Encoding", accept)
			return d.do(r).want(200)
		}
		for _, accept := range []string{"identity", "gzip;q=0", "br"} {
			if s := plain(accept); s.body != string(file.plain) || s.header.Get("Content-Encoding") != "" {
				t.Errorf("%s for %q is not the plain file", name, accept)
			}
		}
		if s := plain("br, gzip;q=1.0"); s.header.Get("Content-Encoding") != "gzip" || s.body != string(file.gzip) {
			t.Errorf("%s is not compressed", name)
		}
		s := d.get(path).want(200) // Go's client unpacks
		if !bytes.Equal([]byte(s.body), file.plain) {
			t.Errorf("%s is not what was packed", name)
		}
		if s.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || s.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %v", name, s.header)
		}
		d.get("/static/" + w.site.assets.version + "/../" + name).want(404)
	}
	d.get("/static/" + w.site.assets.version + "/nothing.css").want(404)
	if old := d.get("/static/000000000000/tidemark.css").want(200); old.header.Get("Cache-Control") != "no-store" {
		t.Error("a file under an old address is kept")
	}
}

// cpu is the processor time this process has used.
func cpu(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkParticipation is one person from the link to the thanks: the cookie,
// the consent, three pages, twelve saves, the review and the submission. Every
// write is on the disk before it is answered; cpu-ms/op is what the machine pays.
func BenchmarkParticipation(b *testing.B) {
	const people = 3000
	w := newWorld(b, people)
	v := &visitor{t: b, site: w.site.Handler(), ctx: b.Context()}
	tokens, addresses := w.links, make([]string, people)
	roster, err := w.store.Roster(b.Context(), w.study.ID, w.run.ID)
	w.must(err)
	for i, e := range roster {
		due, err := w.store.Due(b.Context(), w.study.ID, e.ID)
		w.must(err)
		addresses[i] = assessmentPath(due[0].Assessment.ID)
	}
	next := 0
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		if next == people {
			b.Fatal("everybody has taken part; ask for fewer rounds with -benchtime")
		}
		v.cookie = nil
		for _, s := range participation(v, tokens[next], addresses[next]) {
			s.do()
		}
		next++
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(time.Millisecond)/float64(b.N), "cpu-ms/op")
}

// BenchmarkQuestionsPage is one page of four questions, read from the database
// and rendered.
func BenchmarkQuestionsPage(b *testing.B) {
	w := newWorld(b, 1)
	v := &visitor{t: b, site: w.site.Handler(), ctx: b.Context()}
	v.post("/p/"+w.links[0], "")
	v.post("/me/consent", "version=1&of_age=yes&decision=agree")
	path := w.assessment(0, 0) + "/page/1"
	b.ReportAllocs()
	for b.Loop() {
		v.get(path)
	}
}

// BenchmarkPageOfEveryKind is a page on which nothing is rendered ahead.
func BenchmarkPageOfEveryKind(b *testing.B) {
	w := newWorldOf(b, everyKind(b), 1)
	v := &visitor{t: b, site: w.site.Handler(), ctx: b.Context()}
	v.post("/p/"+w.links[0], "")
	v.post("/me/consent", "version=1&of_age=yes&decision=agree")
	path := w.assessment(0, 0) + "/page/2"
	b.ReportAllocs()
	for b.Loop() {
		v.get(path)
	}
}
