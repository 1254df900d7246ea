package web

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/instrument"
	"tidemark/survey/rehearsal"
	"tidemark/survey/report"
	"tidemark/survey/storetest"

	"github.com/google/uuid"
)

// theatre is an installation with a rehearsal in it, and its researcher.
type theatre struct {
	site       *Server
	store      survey.Store
	result     *rehearsal.Result
	researcher *device
	now        time.Time
}

func newTheatre(t *testing.T, people int) *theatre {
	t.Helper()
	h := &theatre{store: storetest.SQLite(t), now: time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)}
	secret, err := auth.NewSecret()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	h.result, err = rehearsal.Play(t.Context(), rehearsal.Options{Store: h.store, Keys: keys, Seed: 1, Now: h.now, People: people})
	if err != nil {
		t.Fatal(err)
	}
	cases := survey.NewUseCases(survey.Env{
		Store: h.store, Now: func() time.Time { return h.now }, Keys: keys, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	})
	base := serve(t, t.Output(), func(base string) *Server {
		h.site, err = New(Config{BaseURL: base, Version: "test", Now: func() time.Time { return h.now }}, cases, h.store)
		if err != nil {
			t.Fatal(err)
		}
		return h.site
	})
	h.researcher = newDevice(t, base)
	h.researcher.plain().post("/sign-in/link/"+h.result.Researcher, url.Values{}).want(303)
	return h
}

func (h *theatre) path(rest string) string {
	return "/studies/" + h.result.Study.Key + "/results" + rest
}

func (h *theatre) build(t *testing.T, spec report.Spec) *report.Report {
	t.Helper()
	spec.Now, spec.Version = h.now, "test"
	r, err := report.Build(t.Context(), h.store, survey.SystemActor("test"), h.result.Study.ID, spec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheResultsPageSaysWhatTheReportSays(t *testing.T) {
	t.Parallel()
	h := newTheatre(t, 122)
	r := h.build(t, report.Spec{})
	o := &r.Outcomes[0]
	page := h.researcher.get(h.path("")).want(200, "Self-compassion, before and after", o.Headline(), "Sentence for your paper",
		"38% lost", o.ThresholdSentence(o.Main()), r.Basis.Fingerprint, r.Basis.ShortFingerprint(), "Holm (1979)")
	checkFrame(t, page)
	checkNamed(t, page)
	shown := html.UnescapeString(page.body)
	for _, sentence := range []report.Sentence{o.Paper(o.Main()), o.PaperComparison()} {
		if !strings.Contains(page.body, string(sentence.HTML())) {
			t.Errorf("the page does not have the sentence %s", sentence)
		}
	}
	for _, table := range r.Tables() {
		for _, row := range table.Rows {
			for _, cell := range row.Cells {
				if !strings.Contains(shown, ">"+cell+"</") {
					t.Errorf("table %s: the page has no cell %q", table.Name, cell)
				}
			}
		}
	}
	if got := attr(all(page.root, "main")[0], "data-answered-pre"); got != strconv.Itoa(r.FlowOf("pre", "").Answered) {
		t.Errorf("answered before the course: %s, want %d", got, r.FlowOf("pre", "").Answered)
	}
	drawings := 0
	for _, svg := range all(page.root, "svg") {
		if attr(svg, "role") == "img" && attr(svg, "aria-labelledby") != "" {
			drawings++
		}
	}
	if drawings != 6 {
		t.Errorf("%d named drawings, want raincloud, shares and arms in two sizes", drawings)
	}
}

func TestTheFormChoosesOutcomeGroupAndSurvey(t *testing.T) {
	t.Parallel()
	h := newTheatre(t, 122)
	first := h.researcher.get(h.path("")).want(200)
	form := all(first.root, "form")
	for _, f := range form {
		if attr(f, "method") == "get" && attr(f, "action") != h.path("") {
			t.Errorf("the form goes to %q", attr(f, "action"))
		}
	}
	offered := map[string][]string{}
	for _, s := range all(first.root, "select") {
		for _, o := range all(s, "option") {
			offered[attr(s, "name")] = append(offered[attr(s, "name")], attr(o, "value"))
		}
	}
	if len(offered["outcome"]) != 9 || strings.Join(offered["arm"], " ") != "course waitlist all" || strings.Join(offered["wave"], " ") != "post followup_3m" {
		t.Fatalf("the form offers %v", offered)
	}
	for _, outcome := range offered["outcome"] {
		for _, arm := range offered["arm"] {
			for _, wave := range offered["wave"] {
				q := url.Values{"outcome": {outcome}, "arm": {arm}, "wave": {wave}}
				r := h.build(t, report.Spec{Arm: arm, Post: wave})
				o, _ := r.Outcome(outcome)
				page := h.researcher.get(h.path("?"+q.Encode())).want(200, o.Headline())
				for _, s := range all(page.root, "option") {
					if _, on := attrOK(s, "selected"); on && !strings.Contains(q.Encode(), attr(s, "value")) {
						t.Errorf("%s: the form shows %s", q.Encode(), attr(s, "value"))
					}
				}
			}
		}
	}
	for _, q := range []string{"?outcome=x", "?arm=x", "?wave=x", "?wave=week_01", "?arm=%00", "?outcome=%ff"} {
		h.researcher.get(h.path(q)).want(404)
	}
}

func TestEveryTableAndFigureCanBeDownloaded(t *testing.T) {
	t.Parallel()
	h := newTheatre(t, 122)
	page := h.researcher.get(h.path("?arm=course&outcome=rs_total")).want(200)
	r := h.build(t, report.Spec{})
	names := map[string]bool{}
	for _, a := range all(page.root, "a") {
		href := attr(a, "href")
		if !strings.HasPrefix(href, h.path("/")) {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(href, h.path("/")), "?")
		if !strings.Contains(href, "outcome=rs_total") {
			t.Errorf("%s forgets the choice", href)
		}
		file := h.researcher.get(href).want(200)
		if names[name] {
			continue
		}
		names[name] = true
		disposition := file.header.Get("Content-Disposition")
		if !strings.HasPrefix(disposition, `attachment; filename="simulated_learning-from-setbacks_`) || !strings.HasSuffix(disposition, `_2026-11-24`+name[strings.Index(name, "."):]+`"`) {
			t.Errorf("%s is saved as %s", name, disposition)
		}
		checkDownload(t, r, name, file)
		head := h.researcher.do(h.researcher.request(http.MethodHead, href, nil)).want(200)
		if head.body != "" || head.header.Get("Content-Length") != strconv.Itoa(len(file.body)) {
			t.Errorf("HEAD of %s: %d bytes, length %s", name, len(head.body), head.header.Get("Content-Length"))
		}
	}
	for _, name := range append(report.TableNames(), "raincloud", "arms") {
		if !names[name+".csv"] && !names[name+".svg"] {
			t.Errorf("%s is not offered: %v", name, names)
		}
	}
	for _, name := range []string{"none.csv", "outcomes.svg", "outcomes.xlsx", "outcomes", "raincloud.csv", ".csv", "report.csv", "raincloud.svg.csv"} {
		h.researcher.get(h.path("/" + name)).want(404)
	}
}

func checkDownload(t *testing.T, r *report.Report, name string, file screen) {
	t.Helper()
	stem, format, _ := strings.Cut(name, ".")
	switch kind := file.header.Get("Content-Type"); format {
	case "csv":
		records, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
		f, ok := r.Frame(stem)
		if err != nil || !ok || len(records) != len(f.Rows)+1 || !strings.HasPrefix(kind, "text/csv") {
			t.Errorf("%s: %d records (%v) as %s", name, len(records), err, kind)
		}
	case "json":
		var back struct {
			Outcomes []struct{ Scale struct{ Key string } }
		}
		if err := json.Unmarshal([]byte(file.body), &back); err != nil || len(back.Outcomes) != len(r.Outcomes) || !strings.HasPrefix(kind, "application/json") {
			t.Errorf("%s: %d outcomes (%v) as %s", name, len(back.Outcomes), err, kind)
		}
	case "svg":
		d := xml.NewDecoder(strings.NewReader(file.body))
		var err error
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) || !strings.Contains(file.body, `xmlns="http://www.w3.org/2000/svg"`) || !strings.HasPrefix(kind, "image/svg+xml") {
			t.Errorf("%s is no drawing (%v) as %s", name, err, kind)
		}
	case "txt":
		if !strings.Contains(file.body, r.Outcomes[0].Headline()) {
			t.Errorf("%s has no headline", name)
		}
	}
}

func TestNobodyIsDrawnInASmallGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 9)
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	checkFrame(t, analyst.get(w.path("/results")).want(200, "No one has answered both surveys yet"))
	for n := range 4 {
		w.answer(n, always(float64(1+n)))
	}
	w.days(9 + 50) // the day after the last meeting
	for n := range 4 {
		w.answer(n, func(instrument.Item) float64 { return float64(2 + n%2) })
	}
	analyst = w.signedIn(t, "analyst@example.org") // the sign-in of two months ago has run out
	page := analyst.get(w.path("/results")).want(200, "So few people have answered both surveys", "drawn once at least 5 have answered", "So far 4 have")
	checkFrame(t, page)
	for _, mark := range []string{"<circle", "rose by"} {
		if strings.Contains(page.body, mark) {
			t.Errorf("the page has %q", mark)
		}
	}
	for _, name := range []string{"raincloud.svg", "change.svg"} {
		analyst.get(w.path("/results/" + name)).want(404)
	}
	table := analyst.get(w.path("/results/outcomes.csv")).want(200, "so few people")
	records, err := csv.NewReader(strings.NewReader(table.body)).ReadAll()
	w.must(err)
	for i, cell := range records[1] {
		if strings.HasPrefix(records[0][i], "mean") && cell != "" {
			t.Errorf("%s of four people is %s", records[0][i], cell)
		}
	}
	w.answer(4, always(3)) // the fifth comes too late for the first survey
	if strings.Contains(analyst.get(w.path("/results")).want(200).body, "rose by") {
		t.Error("somebody with one score only made the group large enough")
	}
}

func TestOpeningResultsLeavesALineInTheTrailAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.answer(0, always(2))
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	before := w.store.begun.Load()
	analyst.get(w.path("/results")).want(200)
	analyst.get(w.path("/results/flow.csv")).want(200)
	analyst.do(analyst.request(http.MethodHead, w.path("/results"), nil))
	if n := w.store.begun.Load() - before; n != 2 {
		t.Errorf("%d transactions were begun, want one for each look", n)
	}
	events, err := w.store.AuditEvents(t.Context(), w.study.ID, 2)
	w.must(err)
	if events[0].Action != survey.ActionReportViewed || events[0].Detail != "flow.csv, live data" || events[1].Detail != "live data" {
		t.Errorf("the trail says %+v", events)
	}
	w.store.broken.Store(true)
	if s := analyst.get(w.path("/results")).want(500); strings.Contains(s.body, "Self-compassion") {
		t.Error("results were shown although that could not be noted")
	}
}
