package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// shownTo are the pages of each role, by the name of the template and what is
// special about the page.
type shownTo struct {
	facilitator, researcher, admin, anybody map[string]screen
	named                                   map[string]screen // to the people whom a study names
}

// staffScreens shows every template of staff pages, faults included.
func staffScreens(t *testing.T, w *world) shownTo {
	t.Helper()
	d := w.device(t)
	s := shownTo{anybody: map[string]screen{
		"staff_signin":       d.get("/sign-in").want(200),
		"staff_api":          d.get(apiPagePath).want(200, "Answers", "/studies/{study}/responses"),
		"staff_signin wrong": d.post("/sign-in", url.Values{"email": {`"><script>x`}}).want(401),
		"error dead link":    d.get("/sign-in/link/none").want(404),
	}}
	u := w.account("linked@example.org")
	token, err := w.cases.Users.Invite(t.Context(), survey.SystemActor("test"), u.ID, false)
	w.must(err)
	w.factorScreens(t, s.anybody)
	s.anybody["staff_link"] = d.get("/sign-in/link/" + token).want(200)

	leader := w.signedIn(t, "leader@example.org", w.facilitator())
	empty := "/studies/" + w.study.Key + "/runs/" + string(w.addRun(w.study, "Empty run").ID)
	s.facilitator = map[string]screen{
		"staff_studies":       leader.get("/studies").want(200),
		"staff_study":         leader.get(w.path("")).want(200),
		"staff_account":       leader.get("/account").want(200),
		"staff_account fault": leader.post("/account/password", url.Values{}).want(422),
		"facilitator_runs":    leader.get(w.path("/runs")).want(200),
		"facilitator_new_run": leader.get(w.path("/new-run")).want(200),
		"facilitator_new_run look": leader.post(w.path("/runs"), url.Values{
			"step": {"look"}, "name": {"<b>"}, "course": {"learning_from_setbacks_10"}, "starts_on": {courseStart}, "meeting_time": {"18:30"}, "time_zone": {worldZone},
		}).want(200),
		"facilitator_setup":            leader.get(w.runPath("/setup")).want(200),
		"facilitator_setup empty":      leader.get(empty + "/setup").want(200),
		"facilitator_details":          leader.get(w.runPath("/details")).want(200),
		"facilitator_details fault":    leader.post(w.runPath("/details"), url.Values{"name": {""}, "time_zone": {"<b>"}, "meeting_time": {"\"><script>x"}}).want(422),
		"facilitator_details preview":  leader.post(w.runPath("/details"), url.Values{"step": {"look"}, "name": {"<b>"}, "time_zone": {"Asia/Tokyo"}, "meeting_time": {"19:15"}}).want(200),
		"facilitator_new_run skip":     leader.post(w.path("/runs"), url.Values{"skip": {"<b>", ""}, "starts_on": {courseStart}, "course": {"learning_from_setbacks_8"}}).want(422),
		"facilitator_rehearsal":        leader.get(w.runPath("/rehearsal?seed=7")).want(200),
		"facilitator_new_run bad":      leader.post(w.path("/runs"), url.Values{}).want(422),
		"facilitator_board":            leader.get(w.runPath("")).want(200),
		"facilitator_board fault":      leader.post(w.runPath("/move"), url.Values{}).want(422),
		"facilitator_board empty":      leader.get(empty).want(200),
		"facilitator_calendar":         leader.get(w.runPath("/calendar")).want(200),
		"facilitator_calendar preview": leader.get(w.runPath("/calendar?kind=start&starts_on=2026-12-07")).want(200),
		"facilitator_calendar nothing": leader.get(w.runPath("/calendar?kind=start&starts_on=" + courseStart)).want(200),
		"facilitator_calendar fault":   leader.get(w.runPath("/calendar?kind=break&meeting=<x>&days=\">")).want(422),
		"facilitator_calendar refused": leader.post(w.runPath("/calendar"), url.Values{"kind": {"meeting"}, "meeting": {"4"}, "day": {"<b>"}}).want(422),
		"facilitator_calendar start":   leader.get(w.runPath("/calendar?kind=start&starts_on=soon")).want(422),
		"facilitator_brief":            leader.get(w.runPath("/brief")).want(200),
		"facilitator_people":           leader.get(w.runPath("/people")).want(200),
		"facilitator_people fault":     leader.post(w.runPath("/people"), url.Values{"people": {"a@\nb@"}}).want(422),
		"facilitator_list":             leader.get(w.runPath("/people/list")).want(200),
		"facilitator_list fault":       leader.post(w.runPath("/people/list"), url.Values{"list": {" "}}).want(422),
		"facilitator_entry none":       leader.get(w.runPath("/entry")).want(200),
		"facilitator_entry fault":      leader.post(w.runPath("/entry"), url.Values{"capacity": {"<b>"}, "opens_on": {"x"}}).want(422),
		"facilitator_entry":            leader.post(w.runPath("/entry"), url.Values{"allowed": {"1"}, "capacity": {"1"}, "ask_email": {"no"}}).want(200),
		"staff_calendar":               leader.get("/account/calendar?run=" + string(w.run.ID)).want(200),
		"staff_calendar made":          leader.post("/account/calendar", url.Values{"run": {""}}).want(200),
		"facilitator_list rows": leader.post(w.runPath("/people/list"), url.Values{
			"list": {"Name;Mail;Town\n\"><script>x;a@;=1+1\nAna;ana@example.org;\n;;Ulm"},
		}).want(200),
		"facilitator_crossover":     leader.get(w.runPath("/crossover")).want(200),
		"facilitator_links":         leader.post(w.runPath("/links"), url.Values{}).want(200),
		"facilitator_links empty":   leader.post(empty+"/links", url.Values{}).want(200),
		"facilitator_meeting":       leader.get(w.runPath("/meetings/3")).want(200),
		"facilitator_meeting none":  leader.get(empty + "/meetings/8").want(200),
		"facilitator_person":        leader.get(w.runPath("/people/" + w.code(0) + "/part")).want(200),
		"facilitator_transfer none": leader.get(w.runPath("/people/" + w.code(0) + "/transfer")).want(200),
		"facilitator_transfer":      leader.get(w.runPath("/people/" + w.code(0) + "/transfer?to=" + string(w.addRun(w.study, "Other <b>").ID))).want(200),
		"facilitator_live":          leader.get(w.runPath("/meetings/3/live")).want(200),
		"facilitator_live none":     leader.get(empty + "/meetings/8/live").want(200),
		"facilitator_projector":     leader.get(w.runPath("/meetings/3/projector")).want(200),
		"facilitator_handout":       leader.get(w.runPath("/meetings/3/handout")).want(200),
		"error forbidden":           leader.get("/admin").want(403),
	}
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	book, err := w.cases.Corrections.Find(t.Context(), survey.SystemActor("test"), w.study.ID, w.code(0))
	w.must(err)
	sheet := w.path("/corrections/" + string(book.Submitted[0].Assessment.ID))
	first := book.Submitted[0].Definition.Items[0].Code
	_, drafter := w.draftStudy(t, "drafted")
	hook := w.aWebhook(t)
	s.researcher = map[string]screen{
		"staff_webhooks none":          drafter.get("/studies/drafted/webhooks").want(200),
		"staff_webhooks":               analyst.get(w.path("/webhooks")).want(200),
		"staff_webhooks made":          analyst.post(w.path("/webhooks"), url.Values{"address": {`https://example.org/"><script>`}, "kinds": {"alert.raised"}}).want(200),
		"staff_webhooks fault":         analyst.post(w.path("/webhooks"), url.Values{"address": {`"><script>`}, "kinds": {"<b>"}}).want(422),
		"staff_webhook":                analyst.get(w.path("/webhooks/" + hook)).want(200),
		"staff_studies researcher":     analyst.get("/studies").want(200),
		"staff_study researcher":       analyst.get(w.path("")).want(200),
		"researcher_corrections":       analyst.get(w.path("/corrections?code=" + w.code(0))).want(200),
		"researcher_corrections fault": analyst.get(w.path("/corrections?code=<b>")).want(422),
		"researcher_correction":        analyst.get(sheet + "?item=" + first).want(200),
		"researcher_correction fault":  analyst.post(sheet, url.Values{"item": {first}, first: {"<b>"}, "was": {"\""}, "reason": {"<i>"}}).want(422),
		"researcher_data":              analyst.get(w.path("/data")).want(200),
		"staff_tokens none":            analyst.get(w.path("/tokens")).want(200),
		"staff_tokens":                 analyst.post(w.path("/tokens"), url.Values{"name": {`"><script>x`}, "shape": {"redcap"}, "scopes": {"read:answers"}, "days": {"30"}}).want(200),
		"staff_tokens fault":           analyst.post(w.path("/tokens"), url.Values{"scopes": {"<b>", "write:people"}, "days": {"9999"}}).want(422),
		"staff_texts":                  analyst.get(w.path("/texts/de")).want(200),
		"staff_texts fault":            analyst.post(w.path("/texts/es"), url.Values{"title": {strings.Repeat("x", 201)}, "wave.pre": {"<b>"}}).want(422),
		"researcher_waves":             analyst.get(w.path("/waves?saved=pre")).want(200),
		"researcher_wave":              analyst.get(w.path("/waves/week_03")).want(200),
		"researcher_wave another":      drafter.get("/studies/drafted/waves/post/another").want(200),
		"researcher_wave unnamed":      drafter.post("/studies/drafted/waves/post/another", url.Values{"name": {""}, "kind": {"<b>"}}).want(422),
		"researcher_wave needed":       drafter.post("/studies/drafted/waves/post/remove", url.Values{}).want(422),
		"researcher_waves draft":       drafter.get("/studies/drafted/waves").want(200),
		"researcher_wave fault": analyst.post(w.path("/waves/post"), url.Values{
			"name": {`"><script>x`}, "kind": {"x"}, "arm": {"x"}, "anchor": {"moon"}, "opens_day": {"<b>"}, "grace_days": {"-1"}, "late_days": {"\""},
		}).want(422),
		"results": analyst.get(w.path("/results")).want(200),
		"report":  analyst.get(w.path("/report")).want(200),
		"power":   analyst.get(w.path("/power")).want(200),

		"researcher_plan none":         analyst.get(w.path("/plan")).want(200),
		"researcher_plan_edit":         analyst.get(w.path("/plan/edit")).want(200),
		"researcher_plan_edit fault":   analyst.post(w.path("/plan"), url.Values{"alpha": {"x"}, "primary_0_scale": {"<x>"}}).want(422),
		"researcher_plan file fault":   analyst.post(w.path("/plan/file"), url.Values{"file": {`{"<b>": 1}`}}).want(422),
		"researcher_snapshots none":    analyst.get(w.path("/snapshots")).want(200),
		"researcher_others none":       analyst.get(w.path("/others")).want(200, "Take a snapshot"),
		"researcher_snapshots fault":   analyst.post(w.path("/snapshots"), url.Values{"name": {" "}}).want(422),
		"error no such plan":           analyst.get(w.path("/plan/7")).want(404),
		"error no such plan at all":    analyst.get(w.path("/plan/x")).want(404),
		"error no such snapshot":       analyst.get(w.path("/snapshots/7")).want(404),
		"error results of no snapshot": analyst.get(w.path("/results?snapshot=7")).want(404),
	}
	importScreens(w, analyst, s.researcher)
	w.planScreens(analyst, s.researcher)
	s.researcher["researcher_safety"] = analyst.get(w.path("/safety")).want(200)
	s.researcher["researcher_safety fault"] = analyst.post(w.path("/safety"), url.Values{
		"window": {"x"}, "place_2_name": {`"><script>x`}, "wording_de": {"<i>"}, "shape": {"linked"},
	}).want(422)
	s.named = w.alertScreens(t)
	w.allocationScreens(t, leader, analyst, s)
	w.selfCodeScreens(t, analyst, s)
	w.consentScreens(analyst, s.researcher)
	w.libraryScreens(t, analyst, s.researcher)
	w.messageScreens(leader, analyst, s)
	w.courseScreens(leader, s.facilitator)
	boss := w.signedIn(t, "boss@example.org", administrator())
	draft := boss.post("/admin/studies", url.Values{"protocol": {"learning_from_setbacks_8"}, "key": {"draft"}, "title": {"A <i>draft</i>"}}).want(200)
	s.admin = map[string]screen{
		"admin":             boss.get("/admin").want(200),
		"admin draft":       draft,
		"admin user fault":  boss.post("/admin/users", url.Values{"email": {"x"}, "role": {"researcher"}}).want(422),
		"admin grant fault": boss.post("/admin/users/"+string(u.ID)+"/grant", url.Values{"role": {"researcher"}}).want(422),
		"admin study fault": boss.post("/admin/studies", url.Values{"protocol": {"x"}, "key": {"X Y"}, "time_zone": {"x"}, "trend_minimum": {"2"}}).want(422),
		"admin_invite":      boss.post("/admin/users/"+string(u.ID)+"/invite", url.Values{}).want(200),
		"admin_status":      boss.get("/admin/status").want(200),
		"admin_audit":       boss.get("/admin/audit").want(200),
		"admin_audit fault": boss.get("/admin/audit?from=yesterday&object=x").want(422),
		"admin_audit study": boss.get("/admin/audit?study=" + w.study.Key).want(200),
		"staff_study draft": boss.get("/studies/draft").want(200),
		"staff_retention":   boss.get(w.path("/retention")).want(200, "Due now"),
		"staff_retention fault": boss.post(w.path("/retention"), url.Values{
			"revision": {"1"}, "anchor_contact": {"<b>"}, "days_contact": {"\"><script>x"}, "anchor_notes": {"closed"}, "days_notes": {"x"},
		}).want(422),
		"staff_retention reason": boss.post(w.path("/retention/hold"), url.Values{"hold": {"yes"}}).want(422),
		"staff_retention held":   boss.post(w.path("/retention/hold"), url.Values{"hold": {"yes"}, "reason": {"<script>inquiry"}}).want(200),
		"staff_studies admin":    boss.get("/studies").want(200),
		"staff_account admin":    boss.get("/account").want(200),
		"error no such study":    boss.get("/admin/audit?study=none").want(404),
		"error already opened":   boss.post("/admin/studies/"+w.study.Key+"/open", url.Values{}).want(409),
	}
	w.memberScreens(t, s)
	return s
}

func (s shownTo) all() map[string]screen {
	all := map[string]screen{}
	for _, m := range []map[string]screen{s.anybody, s.facilitator, s.researcher, s.admin, s.named} {
		maps.Copy(all, m)
	}
	return all
}

func TestEveryStaffPageIsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.answer(0, always(2))
	w.days(12)
	shown := staffScreens(t, w).all()
	seen := map[string]bool{}
	for name, s := range shown {
		template, _, _ := strings.Cut(name, " ")
		seen[template] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkFrame(t, s)
			checkNamed(t, s)
		})
	}
	for p := range w.site.pages.byName {
		if slices.ContainsFunc(staffTemplates, func(begin string) bool { return strings.HasPrefix(p.name, begin) }) && !seen[p.name] {
			t.Errorf("template %s was not shown", p.name)
		}
	}
}

// Values that no scale has, so that wherever they appear an answer or a score
// was shown.
const (
	answerCanary = 31337.25
	scoreCanary  = 27182.75
)

// plant gives person n an answer and scores that stand out.
func (w *world) plant(n int) {
	w.t.Helper()
	ctx := w.t.Context()
	roster, err := w.store.Roster(ctx, w.study.ID, w.run.ID)
	w.must(err)
	due, err := w.store.Due(ctx, w.study.ID, roster[n].ID)
	w.must(err)
	w.must(w.store.InTx(ctx, func(tx survey.Tx) error {
		for _, it := range due {
			id := it.Assessment.ID
			if _, err := tx.MarkSubmitted(ctx, w.study.ID, roster[n].ID, id, w.now()); err != nil {
				return err
			}
			v, err := tx.InstrumentVersion(ctx, it.Instrument)
			if err != nil {
				return err
			}
			var scores []instrument.Score
			for _, scale := range v.Definition.Scales {
				scores = append(scores, instrument.Score{Scale: scale.Key, Value: scoreCanary, Valid: true, Answered: 4, Items: 4, Rule: "canary"})
			}
			answer := survey.Response{Item: v.Definition.Items[0].Code, Value: answerCanary, AnsweredAt: w.now()}
			if err := tx.PutResponses(ctx, w.study.ID, id, []survey.Response{answer}); err != nil {
				return err
			}
			if err := tx.CreateScores(ctx, w.study.ID, id, scores, w.now()); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestNobodySeesMoreThanTheirRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 4)
	for n := range 4 {
		w.plant(n)
	}
	w.days(200) // every wave has closed: only the number of people hides them
	s := staffScreens(t, w)
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	answers := []string{"31337", "27182"}
	people := []string{"Person 1", "Person 2", "Person 3", "Person 4"}
	var codes []string
	for _, e := range roster {
		codes = append(codes, e.Code)
	}
	for _, c := range []struct {
		role   string
		pages  map[string]screen
		hidden []string
	}{
		{"a facilitator", s.facilitator, answers},
		{"an administrator", s.admin, slices.Concat(answers, people, codes)},
		{"anybody", s.anybody, slices.Concat(answers, people, codes)},
		{"a researcher", s.researcher, people},
	} {
		for name, page := range c.pages {
			for _, canary := range c.hidden {
				if strings.Contains(page.body, canary) {
					t.Errorf("%s sees %q on %s", c.role, canary, name)
				}
			}
		}
	}
	// A test that looks for nothing proves nothing: the canaries are there.
	analyst := w.signedIn(t, "analyst@example.org")
	for what, canary := range map[string]string{"long": "31337.25", "wide": "27182.75", "scores": "27182.75"} {
		body := analyst.post(w.path("/data/"+what), url.Values{}).want(200).body
		if !strings.Contains(body, canary) {
			t.Errorf("the %s file lacks what was planted", what)
		}
		for _, name := range people {
			if strings.Contains(body, name) {
				t.Errorf("the %s file holds %q", what, name)
			}
		}
	}
	if !strings.Contains(s.facilitator["facilitator_board"].body, "Person 1") {
		t.Error("the board lacks the people's names")
	}
}

func TestNamesAreNeverTakenForMarkup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	const evil = `<script>alert(1)</script><img src=x onerror=alert(1)>"'--><svg/onload=alert(1)>`
	ctx, system := t.Context(), survey.SystemActor("test")
	_, err := w.cases.Users.Create(ctx, system, survey.NewUser{Email: "evil@example.org", Name: evil, Grants: []survey.Grant{w.facilitator(), administrator(), w.researcher()}})
	w.must(err)
	_, err = w.cases.Studies.Create(ctx, system, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "evil", Title: evil})
	w.must(err)
	w.run, err = w.cases.Runs.Create(ctx, system, w.study.ID, survey.NewRun{Name: evil, Location: evil, StartsOn: courseStart, MeetingTime: "18:30", CourseKey: "learning_from_setbacks_8"})
	w.must(err)
	_, err = w.cases.Runs.AddPeople(ctx, system, w.study.ID, w.run.ID, []survey.Person{{Name: evil}}, "")
	w.must(err)
	d := w.signedIn(t, "evil@example.org")
	printed := 0
	for name, s := range map[string]screen{
		"account": d.get("/account"), "studies": d.get("/studies"), "study": d.get("/studies/evil"), "runs": d.get(w.path("/runs")),
		"board": d.get(w.runPath("")), "people": d.get(w.runPath("/people")), "meeting": d.get(w.runPath("/meetings/1")),
		"links": d.post(w.runPath("/links"), url.Values{}), "admin": d.get("/admin"), "audit": d.get("/admin/audit"), "status": d.get("/admin/status"), "data": d.get(w.path("/data")),
	} {
		s.want(200)
		for _, n := range all(s.root, "script", "img") {
			if n.Data != "script" || !strings.HasPrefix(attr(n, "src"), "/static/") || textOf(n) != "" { // ours
				t.Errorf("%s: a name became <%s>", name, n.Data)
			}
		}
		for n := range s.root.Descendants() {
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: a name became the attribute %s", name, a.Key)
				}
			}
		}
		printed += strings.Count(s.text(), "<script>alert(1)</script>")
	}
	if printed < 8 {
		t.Errorf("the name was shown %d times", printed)
	}
}

func TestDownloadsAreNotedNamedAndReadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.answer(0, always(2))
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := d.get(w.path("/data")).want(200, "Before the course 3 1 33% 0 2 0 0 0 0", "Week 1 0 0 – 0 0 0 0 0 3")
	for what, rows := range map[string]int{"long": 22, "wide": 3, "scores": 9, "codebook": -1} {
		s := d.post(w.path("/data/"+what), page.values(w.path("/data/"+what))).want(200)
		if got, want := s.header.Get("Content-Disposition"), `attachment; filename="`+w.study.Key+"_"+what+`_2026-11-24.csv"`; got != want {
			t.Errorf("%s is saved as %s, want %s", what, got, want)
		}
		if got := s.header.Get("Content-Type"); !strings.HasPrefix(got, "text/csv; charset=utf-8") {
			t.Errorf("%s has the type %q", what, got)
		}
		records, err := csv.NewReader(strings.NewReader(s.body)).ReadAll()
		if err != nil || rows >= 0 && len(records)-1 != rows {
			t.Errorf("%s: %d rows (%v), want %d", what, len(records)-1, err, rows)
		}
		sum := sha256.Sum256([]byte(s.body))
		if got := s.trailer.Get("Repr-Digest"); got != "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":" || s.trailer.Get("Tidemark-Rows") != strconv.Itoa(len(records)-1) ||
			s.trailer.Get("Tidemark-Bytes") != strconv.Itoa(len(s.body)) {
			t.Errorf("%s ends with %v", what, s.trailer)
		}
		events, err := w.store.AuditEvents(t.Context(), w.study.ID, 1)
		w.must(err)
		if events[0].Action != survey.ActionExported || events[0].Detail != what {
			t.Errorf("the newest line of the audit trail is %s %q", events[0].Action, events[0].Detail)
		}
	}
	each := d.post(w.path("/data/questionnaires"), url.Values{"format": {"csv"}}).want(200)
	if got := each.header.Get("Content-Type"); got != "application/zip" || !strings.HasPrefix(each.body, "PK") || each.trailer.Get("Tidemark-Rows") != "" {
		t.Errorf("questionnaires are %q, end with %v", got, each.trailer)
	}
	d.post(w.path("/data/questionnaires"), url.Values{"format": {"sav"}}).want(400)
	d.post(w.path("/data/passwords"), url.Values{}).want(404)
	d.get(w.path("/data/long")).want(405)
}

func TestNothingLeavesWithoutALineInTheTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.answer(0, always(2))
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	w.store.broken.Store(true)
	s := d.post(w.path("/data/long"), url.Values{}).want(500, "Something went wrong on our side")
	if s.header.Get("Content-Disposition") != "" || strings.Contains(s.body, "sc_01") {
		t.Error("data were sent although they could not be noted")
	}
}

func TestADownloadThatBreaksDoesNotLookWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 60)
	for n := range 60 {
		w.answer(n, always(2))
	}
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	whole := d.post(w.path("/data/long"), url.Values{}).want(200)
	const rows = 60 * 22
	for name, after := range map[string]int64{"at once": 1, "on the way": rows - 10} {
		w.store.readsLeft.Store(after)
		response, err := d.client.Do(d.request("POST", w.path("/data/long"), url.Values{}))
		if err != nil {
			continue // broken off before the first byte
		}
		n, err := response.Body.Read(make([]byte, 1))
		for err == nil {
			var k int
			k, err = response.Body.Read(make([]byte, 4096))
			n += k
		}
		response.Body.Close()
		if response.StatusCode == 200 && err.Error() == "EOF" {
			t.Errorf("broken %s: %d of %d bytes came and looked whole", name, n, len(whole.body))
		}
		if name == "at once" && response.StatusCode != 500 {
			t.Errorf("broken %s: status %d, want 500", name, response.StatusCode)
		}
	}
}

func TestTheAuditTrailSpeaksInWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.answer(0, always(3))
	leader := w.signedIn(t, "leader@example.org", w.facilitator())
	leader.post(w.runPath("/move"), url.Values{"starts_on": {"2027-01-14"}}).want(200)
	w.setClock(w.now().Add(time.Second))
	boss := w.signedIn(t, "boss@example.org", administrator())
	boss.get("/admin/audit").want(200, "24 Nov 2026 09:00:00",
		"Name of leader@example.org moved a course run: 2026-12-03 → 2027-01-14",
		"A participant submitted a questionnaire", "A participant gave consent", "Test added a person",
		"Name of boss@example.org signed in", "Test gave a role: Administrator")
	one := boss.get("/admin/audit?study="+w.study.Key).want(200, "moved a course run")
	if strings.Contains(one.text(), "Name of boss@example.org signed in") {
		t.Error("the trail of a study holds what is about the installation")
	}
}

func TestAnAdministratorMakesAccountsAndStudies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	boss := w.signedIn(t, "boss@example.org", administrator())
	typed := url.Values{"email": {"new@example.org"}, "name": {"New <b>Person</b>"}, "role": {"researcher"}, "study": {""}}
	s := boss.post("/admin/users", typed).want(422, "Choose a role, and the study it is for.")
	for name := range typed {
		if got := s.values("/admin/users").Get(name); got != typed.Get(name) {
			t.Errorf("%s comes back as %q, want %q", name, got, typed.Get(name))
		}
	}
	typed.Set("study", w.study.Key)
	boss.post("/admin/users", typed).want(200, "New <b>Person</b>", "Researcher, Learning from setbacks")
	boss.post("/admin/users", typed).want(409, "There is something with this name already")
	users, err := w.cases.Users.List(t.Context(), survey.SystemActor("test"))
	w.must(err)
	var made, self survey.User
	for _, u := range users {
		switch u.Email {
		case "new@example.org":
			made = u
		case "boss@example.org":
			self = u
		}
	}
	user := "/admin/users/" + string(made.ID)
	link := boss.post(user+"/invite", url.Values{}).want(200, "It works once and for 7 days")
	token := link.text()[strings.Index(link.text(), "/sign-in/link/"):]
	token = strings.Fields(token)[0]
	w.device(t).get(token).want(200, "Sign in as")
	if strings.Contains(boss.get("/admin").body, token) {
		t.Error("the link is shown a second time")
	}
	boss.post(user+"/grant", url.Values{"role": {"facilitator"}, "study": {w.study.Key}}).want(200, "Facilitator, Learning from setbacks")
	boss.post(user+"/grant", url.Values{"role": {"emperor"}, "study": {w.study.Key}}).want(422, "Choose a role")
	boss.post("/admin/users/"+string(self.ID)+"/disable", url.Values{}).want(422, "You cannot close your own account")
	boss.post(user+"/disable", url.Values{}).want(200, "closed")
	w.device(t).get(token).want(404)
	boss.post(user+"/invite", url.Values{}).want(404)

	study := url.Values{"protocol": {"learning_from_setbacks_8"}, "title": {"Second"}, "key": {w.study.Key}, "trend_minimum": {"4"},
		"team": {"The Harbour Institute"}, "contact": {"ines@example.org"}, "ethics": {"Board of Harbour, 12/2026"}}
	boss.post("/admin/studies", study).want(422, "A group trend needs at least 5 people.")
	study.Set("trend_minimum", "5")
	boss.post("/admin/studies", study).want(409, "There is something with this name already")
	study.Set("key", "second")
	boss.post("/admin/studies", study).want(200, "Second being prepared")
	boss.post("/admin/studies/second/open", url.Values{}).want(422, "Say whether the study is linked and monitored, or anonymous.")
	second, err := w.cases.Studies.ByKey(t.Context(), survey.SystemActor("test"), "second")
	w.must(err)
	w.declare(second)
	boss.post("/admin/studies/second/open", url.Values{}).want(200, "Second open")
	boss.post("/admin/studies/second/open", url.Values{}).want(409, "Something changed meanwhile")
}
