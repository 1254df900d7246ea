package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"tidemark/internal/risky"
	"tidemark/survey"
	"tidemark/survey/instrument"
)

// flag lets person n give the answer that meets the rule.
func (w *world) flag(n int) {
	w.t.Helper()
	ctx := w.t.Context()
	_, part, err := w.cases.SignIns.ByPersonalLink(ctx, w.links[n])
	w.must(err)
	if !part.Consented() {
		w.must(w.cases.Enrolments.Consent(ctx, survey.ParticipantActor(part), part.Study.ConsentVersion))
		_, part, err = w.cases.SignIns.ByPersonalLink(ctx, w.links[n])
		w.must(err)
	}
	a := survey.ParticipantActor(part)
	due, err := w.cases.Assessments.Due(ctx, a)
	w.must(err)
	_, err = w.cases.Assessments.Save(ctx, a, due[0].Assessment.ID, instrument.Answers{risky.Item: instrument.NumberValue(2)})
	w.must(err)
}

// alertScreens shows the pages of the people who are named, of a study of their
// own.
func (w *world) alertScreens(t *testing.T) map[string]screen {
	t.Helper()
	into := map[string]screen{}
	r := newRiskyWorld(t, 2, risky.Linked)
	responder := r.signedIn(t, "responder@example.org")
	into["staff_alerts none"] = responder.get(r.path("/alerts")).want(200, "Nothing waits.")
	r.flag(0)
	r.flag(1)
	shown := responder.get(r.path("/alerts")).want(200, "Person 1", "12 hours left")
	into["staff_alerts"] = shown
	into["staff_alerts fault"] = responder.post(shown.forms("I take this on")[0], url.Values{"note": {strings.Repeat("<b>", 2000)}}).want(422, "This text is too long")
	into["staff_alerts done"] = responder.post(shown.forms("I take this on")[0], url.Values{"note": {"I <b>ring</b>"}}).want(200, "I <b>ring</b>")
	steps := responder.get(r.path("/alerts")).want(200).forms("Add the note")
	into["staff_alerts step fault"] = responder.post(steps[0], url.Values{"step": {"hand_over"}}).want(422, "Write a few words first.")
	into["staff_alerts steps"] = responder.post(steps[1], url.Values{"step": {"note"}, "note": {"<b>No</b> answer"}}).want(200, "<b>No</b> answer")
	into["staff_studies named"] = responder.get("/studies").want(200, "Alerts (1 waiting)")
	into["researcher_safety linked"] = responder.get(r.path("/safety")).want(200)
	return into
}

// forms are the addresses of the forms with a button of this name.
func (s screen) forms(button string) []string {
	var actions []string
	for _, f := range all(s.root, "form") {
		for _, b := range all(f, "button") {
			if strings.HasPrefix(textOf(b), button) {
				actions = append(actions, attr(f, "action"))
			}
		}
	}
	return actions
}

func TestTheNamedTakeAlertsOnAndNobodyElseSeesThem(t *testing.T) {
	t.Parallel()
	w := newRiskyWorld(t, 2, risky.Linked)
	w.flag(0)
	responder, deputy := w.signedIn(t, "responder@example.org"), w.signedIn(t, "deputy@example.org")
	for who, d := range map[string]*device{
		"an administrator": w.signedIn(t, "boss@example.org", administrator()),
		"a researcher":     w.signedIn(t, "analyst@example.org", w.researcher()),
		"a facilitator":    w.signedIn(t, "leader@example.org", w.facilitator()),
	} {
		d.get(w.path("/alerts")).want(403)
		for _, path := range []string{w.path(""), "/studies"} {
			if s := d.get(path).want(200); strings.Contains(s.text(), "Alerts") {
				t.Errorf("%s is led to the alerts on %s", who, path)
			}
		}
	}
	w.setClock(w.now().Add(7 * time.Hour))
	_, err := w.cases.Alerts.Escalate(t.Context(), survey.SystemActor("test"))
	w.must(err)
	deputy.get("/account").want(200, "Alerts (1 waiting)")
	s := deputy.get(w.path("/alerts")).want(200, "Person 1", "5 hours left", "The deputy has been told.", "tr_02 of “ Placeholder with a rule ”", "Tuesday 24 November 2026, 10:00")
	if strings.Contains(s.text(), "Second placeholder") || strings.Contains(s.text(), "Two") {
		t.Error("the question or the answer is shown")
	}
	form := s.forms("I take this on")[0]
	deputy.post(form, url.Values{"note": {"I ring today."}}).want(200, "Nothing waits.", "Name of deputy@example.org took it on", "I ring today.")
	// Pressed again, or by the other at the same time: what is noted stays.
	responder.post(form, url.Values{"note": {"Me too."}}).want(200, "I ring today.")
	if s := responder.get(w.path("/alerts")).want(200); strings.Contains(s.text(), "Me too.") || strings.Contains(s.text(), "waiting)") {
		t.Error("an alert was taken on twice, or still waits")
	}
	w.flag(1)
	w.days(1)
	w.signedIn(t, "responder@example.org").get(w.path("/alerts")).want(200, "the promised time has passed", "Person 2")
}

func TestAnAlertIsHandedOverNotedAndOpenedAgainWithTimes(t *testing.T) {
	t.Parallel()
	w := newRiskyWorld(t, 1, risky.Linked)
	w.flag(0)
	responder, deputy := w.signedIn(t, "responder@example.org"), w.signedIn(t, "deputy@example.org")
	s := responder.get(w.path("/alerts")).want(200, "Hand over to Name of deputy@example.org", "Tell both of you now")
	take, more := s.forms("I take this on")[0], s.forms("Add the note")[0]
	responder.post(take, url.Values{"note": {"I ring."}}).want(200, "Nothing waits.", "took it on", "I ring.")
	w.setClock(w.now().Add(time.Hour))
	responder.post(more, url.Values{"step": {"hand_over"}, "note": {"I am away."}}).
		want(200, "handed it over to Name of deputy@example.org", "I am away.", "12 hours left", "I take this on")
	deputy.get("/studies").want(200, "Alerts (1 waiting)")
	deputy.get(w.path("/alerts")).want(200, "Hand over to Name of responder@example.org")
	deputy.post(take, url.Values{"note": {"Mine."}}).want(200, "Nothing waits.")
	w.setClock(w.now().Add(time.Hour))
	deputy.post(more, url.Values{"step": {"note"}, "note": {"All is well."}}).want(200, "All is well.", "Open it again")
	shown := deputy.post(more, url.Values{"step": {"reopen"}, "note": {"Not yet."}}).want(200, "opened it again", "Not yet.", "10:00", "11:00", "12:00")
	for _, pair := range [][2]string{{"I ring.", "I am away."}, {"I am away.", "Mine."}, {"Mine.", "All is well."}, {"All is well.", "Not yet."}} {
		if strings.Index(shown.text(), pair[0]) > strings.Index(shown.text(), pair[1]) {
			t.Errorf("%q stands after %q", pair[0], pair[1])
		}
	}
	w.signedIn(t, "analyst@example.org", w.researcher()).post(more, url.Values{"step": {"note"}, "note": {"x"}}).want(403)
}

func TestAResearcherDeclaresHowTheStudyLooksAfterItsPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	ctx, system := t.Context(), survey.SystemActor("test")
	study, err := w.cases.Studies.Create(ctx, system, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "new", Title: "New", TimeZone: worldZone,
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	w.must(err)
	w.must(risky.AddTo(ctx, w.store, study.ID, w.now()))
	grant := survey.Grant{Role: survey.RoleResearcher, StudyID: study.ID}
	analyst, boss := w.signedIn(t, "ada@example.org", grant), w.signedIn(t, "boss@example.org", administrator())
	ada, err := w.cases.Users.ByEmail(ctx, system, "ada@example.org")
	w.must(err)
	ben := w.account("ben@example.org", survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID})
	// Opening says what is missing, on the page where it is put right.
	boss.post("/admin/studies/new/open", url.Values{}).want(422, "Say whether the study is linked and monitored, or anonymous.", "Whom people can turn to")
	s := analyst.get("/studies/new/safety").want(200, "This study asks about risk: Placeholder with a rule", "Before the study can open")
	f := s.form("Save")
	f.choose("shape", "linked").press("Save").want(200, "Saved. Some things are still missing", "Name who reads such answers first", "Name at least one place")
	boss.post("/admin/studies/new/open", url.Values{}).want(422, "Name a deputy", "Say within how many hours")
	whole := url.Values{
		"shape": {"linked"}, "responder": {string(ada.ID)}, "deputy": {string(ben.ID)}, "office_hours": {"Monday to Friday"},
		"time_zone": {worldZone}, "window": {"12"}, "revision": {"1"}, "wording_en": {"Ada reads."}, "wording_de": {"Ada liest."},
		"place_2_name": {"Somebody"}, "place_2_country": {"es"}, "place_2_phone": {"no digits"},
	}
	// What was typed is there again, and the fault is at its line.
	s = analyst.post("/studies/new/safety", whole).want(422, "A telephone number has digits in it.", "Place 2")
	if s.values("/studies/new/safety").Get("place_2_phone") != "no digits" || s.values("/studies/new/safety").Get("wording_de") != "Ada liest." {
		t.Error("what was typed is lost")
	}
	whole.Set("place_2_phone", "024")
	analyst.post("/studies/new/safety", whole).want(200, "Saved")
	analyst.post("/studies/new/safety", whole).want(200, "Saved") // pressed twice
	whole.Set("window", "24")
	analyst.post("/studies/new/safety", whole).want(409) // somebody else saved meanwhile
	boss.get("/studies/new/safety").want(200, "Everything is declared").form("Open the study").press("Open the study").want(200, "New open")
	boss.get("/admin").want(200, "Mail is off.", "--mail-smtp")
	boss.get("/admin/audit?study=new").want(200, "declared how the study looks after its people")
	whole.Set("revision", "2")
	whole.Set("shape", "anonymous")
	analyst.post("/studies/new/safety", whole).want(422, "this cannot change once it is open")
}

func TestAnAlertLetterSaysThatSomethingWaitsAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newRiskyWorld(t, 1, risky.Linked)
	w.flag(0)
	var letters []survey.Letter
	box := collect(func(l survey.Letter) { letters = append(letters, l) })
	for _, hours := range []time.Duration{0, 3, 3, 6} {
		w.setClock(w.now().Add(hours * time.Hour))
		_, err := w.cases.Alerts.Escalate(t.Context(), survey.SystemActor("test"))
		w.must(err)
		_, err = w.cases.Outbox.Deliver(t.Context(), survey.SystemActor("test"), w.site, box)
		w.must(err)
	}
	if len(letters) != 5 {
		t.Fatalf("%d letters were sent, want 5", len(letters))
	}
	for i, want := range []string{"has come in", "You were told of an answer", "Half of the time", "has passed", "has passed"} {
		text := letters[i].Subject + letters[i].Body
		if !strings.Contains(text, want) || !strings.Contains(text, w.base+w.path("/alerts")) || !strings.Contains(text, "Tuesday 24 November, 22:00 CET") {
			t.Errorf("letter %d says %s", i, text)
		}
		for _, secret := range []string{"Person 1", "placeholder", "Placeholder", "tr_02", "P-"} {
			if strings.Contains(text, secret) {
				t.Errorf("letter %d tells %q: %s", i, secret, text)
			}
		}
	}
}

// collect is a mail server that keeps letters.
type collect func(survey.Letter)

// Send takes a letter.
func (c collect) Send(_ context.Context, l survey.Letter) error {
	c(l)
	return nil
}
