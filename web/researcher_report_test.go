package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/report/paper"
)

// frozen takes a snapshot of the theatre's study.
func (h *theatre) frozen(t *testing.T) survey.Snapshot {
	t.Helper()
	taken, err := h.site.use.Snapshots.Freeze(t.Context(), survey.SystemActor("test"), h.result.Study.ID, survey.NewSnapshot{Name: "Frozen"})
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

func (h *theatre) report(rest string) string {
	return "/studies/" + h.result.Study.Key + "/report" + rest
}

// of finds the paper of live data that the page shows.
func (h *theatre) paper(t *testing.T) *paper.Paper {
	t.Helper()
	inForce, err := h.site.use.Plans.InForce(t.Context(), survey.SystemActor("test"), h.result.Study.ID)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := paper.OfStudy(t.Context(), h.store, survey.SystemActor("test"), h.result.Study.ID, paper.StudyOptions{
		Options: paper.Options{Version: "test", Now: h.now}, PlanInForce: &inForce,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheReportHasTheAnswerFirstAndEverySection(t *testing.T) {
	t.Parallel()
	h := newTheatre(t, 122)
	p := h.paper(t)
	page := h.researcher.get(h.report("")).want(200, "was locked on", p.Source.Fingerprint, "allotted in the ratio 1:1")
	checkFrame(t, page)
	checkNamed(t, page)
	first := all(all(page.root, "main")[0], "h2")[0]
	if !strings.Contains(textOf(first), "confidence interval") {
		t.Errorf("the first heading is %q, without uncertainty", textOf(first))
	}
	for _, table := range p.Tables() {
		if !strings.Contains(page.body, h.report("/"+table.Name+".csv")) {
			t.Errorf("table %s is not on the page", table.Name)
		}
	}
	if n := len(all(page.root, "script")); n != 0 {
		t.Errorf("the page has %d scripts", n)
	}
	german := h.researcher.get(h.report("?texts=de")).want(200, "Wer teilnahm")
	for _, h2 := range all(german.root, "h2")[1:3] {
		if attr(h2, "lang") != "de" {
			t.Errorf("the heading %q does not say that it is German", textOf(h2))
		}
	}
	other := p.Outcomes[len(p.Outcomes)-1]
	h.researcher.get(h.report("?outcome="+url.QueryEscape(other.Key))).want(200, other.Name())
	for _, q := range []string{"?outcome=x", "?texts=fr", "?snapshot=99", "?snapshot=x", "?outcome=%00"} {
		h.researcher.get(h.report(q)).want(404)
	}
}

func TestEveryFormOfTheReportCanBeDownloaded(t *testing.T) {
	t.Parallel()
	h := newTheatre(t, 122)
	p := h.paper(t)
	taken := h.frozen(t)
	query := "?snapshot=" + strconv.Itoa(taken.Number)
	page := h.researcher.get(h.report(query)).want(200, "frozen")
	formats := map[string]int{}
	for _, a := range all(page.root, "a") {
		href := attr(a, "href")
		if !strings.HasPrefix(href, h.report("/")) {
			continue
		}
		if !strings.HasSuffix(href, query) {
			t.Errorf("%s forgets the snapshot", href)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(href, h.report("/")), "?")
		file := h.researcher.get(href).want(200)
		_, format, _ := strings.Cut(name, ".")
		formats[format]++
		if d := file.header.Get("Content-Disposition"); !strings.Contains(d, "simulated_") || !strings.Contains(d, "snapshot-") || !strings.HasSuffix(d, "."+format+`"`) {
			t.Errorf("%s is saved as %s", name, d)
		}
		checkReportFile(t, p, name, file)
	}
	for format, least := range map[string]int{"html": 1, "json": 1, "txt": 1, "csv": 10, "svg": 8, "png": 8, "pdf": 8} {
		if formats[format] < least {
			t.Errorf("%d files are %s, want at least %d", formats[format], format, least)
		}
	}
	for _, name := range []string{"none.csv", "outcomes.svg", "forest.gif", "forest", "report.pdf", ".csv"} {
		h.researcher.get(h.report("/" + name)).want(404)
	}
	head := h.researcher.do(h.researcher.request(http.MethodHead, h.report("/report.json"), nil)).want(200)
	if head.body != "" || head.header.Get("Content-Length") == "" {
		t.Error("HEAD of the report has a body or no length")
	}
}

func checkReportFile(t *testing.T, p *paper.Paper, name string, file screen) {
	t.Helper()
	stem, format, _ := strings.Cut(name, ".")
	switch body := []byte(file.body); format {
	case "csv":
		records, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
		f, ok := p.Frame(stem)
		if err != nil || !ok || len(records) != len(f.Rows)+1 {
			t.Errorf("%s: %d records (%v)", name, len(records), err)
		}
	case "json":
		var back struct{ Outcomes []struct{ Key string } }
		if err := json.Unmarshal(body, &back); err != nil || stem == "report" && len(back.Outcomes) != len(p.Outcomes) {
			t.Errorf("%s: %d outcomes (%v)", name, len(back.Outcomes), err)
		}
	case "png":
		if _, err := png.Decode(bytes.NewReader(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	case "pdf":
		if !bytes.HasPrefix(body, []byte("%PDF-")) {
			t.Errorf("%s is no PDF", name)
		}
	case "svg":
		if !bytes.Contains(body, []byte(`role="img"`)) {
			t.Errorf("%s is no drawing", name)
		}
	case "html":
		if bytes.Contains(body, []byte("<link")) || bytes.Contains(body, []byte("<script")) {
			t.Error("the file asks for something else")
		}
	}
}

func TestNoCodeOfAPersonIsInAReport(t *testing.T) {
	t.Parallel()
	h := newTheatre(t, 122)
	people, err := h.store.Enrolments(t.Context(), h.result.Study.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "/report.html", "/report.json", "/report.txt", "/reliable-change.svg", "/raincloud.svg", "/dose-response.csv", "/items.csv"} {
		body := h.researcher.get(h.report(path)).want(200).body
		for _, e := range people {
			if strings.Contains(body, string(e.Code)) || strings.Contains(body, string(e.ID)) || strings.Contains(body, string(e.ParticipantID)) {
				t.Fatalf("%q names a person", path)
			}
		}
	}
}

func TestOpeningTheReportIsCountedByAPlanThatIsLockedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.answer(0, always(2))
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	w.freeze(w.study)
	analyst.get(w.path("/report")).want(200, "exploratory")
	analyst.get(w.path("/report/flow.csv?snapshot=1")).want(200)
	analyst.do(analyst.request(http.MethodHead, w.path("/report"), nil)).want(200)
	analyst.get(w.path("/report/none.csv")).want(404)
	events, err := w.store.AuditEvents(t.Context(), w.study.ID, 2)
	w.must(err)
	if events[0].Action != survey.ActionReportViewed || events[0].Detail != "flow.csv, snapshot 1" || events[1].Detail != "report, live data" {
		t.Errorf("the trail says %+v", events)
	}
	if p := w.plan(w.study); p.Lock.Seen.ReportsOpened != 2 {
		t.Errorf("the plan counts %d looks, want 2", p.Lock.Seen.ReportsOpened)
	}
	w.store.broken.Store(true)
	analyst.get(w.path("/report")).want(500)
}

func TestFrozenAnalysesAreKeptUntilTheirContentIsRemoved(t *testing.T) {
	t.Parallel()
	h := newTheatre(t, 60)
	taken := h.frozen(t)
	path := h.report("?snapshot=" + strconv.Itoa(taken.Number))
	h.researcher.get(path).want(200)
	h.researcher.get(h.report("")).want(200)
	if n := len(h.site.papers.kept); n != 1 {
		t.Fatalf("%d analyses are kept, want that of the snapshot only", n)
	}
	kept := h.site.papers.kept[0]
	h.researcher.get(path).want(200)
	if h.site.papers.kept[0].paper != kept.paper {
		t.Error("the same snapshot was analysed again")
	}
	err := h.site.use.Snapshots.Remove(t.Context(), survey.SystemActor("test"), h.result.Study.ID, taken.Number, "A person asked for erasure")
	if err != nil {
		t.Fatal(err)
	}
	h.researcher.get(path).want(410)
	if n := len(h.site.papers.kept); n != 0 {
		t.Errorf("%d analyses of erased data are kept", n)
	}
}

func TestTheAnalysisUsedLongestAgoMakesRoom(t *testing.T) {
	t.Parallel()
	var k papers
	key := func(n int) paperKey { return paperKey{hash: strconv.Itoa(n)} }
	for n := range maxPapers {
		k.keep(keptPaper{key: key(n)})
	}
	k.find(key(0))
	k.keep(keptPaper{key: key(maxPapers)})
	if _, ok := k.find(key(0)); !ok {
		t.Error("what was just used is gone")
	}
	if _, ok := k.find(key(1)); ok || len(k.kept) != maxPapers {
		t.Errorf("%d are kept", len(k.kept))
	}
	changed := key(0)
	changed.planHash = "another plan"
	if _, ok := k.find(changed); ok {
		t.Error("another plan found the same analysis")
	}
}

func TestThePowerPagePlansTheNextStudy(t *testing.T) {
	t.Parallel()
	h := newTheatre(t, 122)
	path := "/studies/" + h.result.Study.Key + "/power"
	page := h.researcher.get(path).want(200, "What this study could find", "Take in")
	checkFrame(t, page)
	checkNamed(t, page)
	query := "?arms=2&effect=0.5&r=0&attrition=0.2&alpha=0.05&power=0.8&ratio=1"
	h.researcher.get(path+query).want(200, "65 and 65 of them", "Take in 82 + 82 = 164 people")
	h.researcher.get(path+"?arms=1&effect=0,5&attrition=0&alpha=.05&power=.8").want(200, "Take in 34 people")
	wrong := h.researcher.get(path+"?effect=big&attrition=2").want(422, "The effect must be above 0", "The share of people lost")
	checkNamed(t, wrong)
	if strings.Contains(wrong.body, "NaN") {
		t.Error("the page says NaN")
	}
}
