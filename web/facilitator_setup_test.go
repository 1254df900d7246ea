package web

import (
	"net/url"
	"testing"

	"tidemark/survey"
)

// A run is set up by forms alone: the calendar is looked at before anything is kept,
// what was typed stays, what is missing is said, and one can go on elsewhere.
func TestARunIsSetUpStepByStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	runs := func() int {
		all, err := w.store.Runs(t.Context(), w.study.ID)
		w.must(err)
		return len(all)
	}
	before := runs()
	form := d.get(w.path("/new-run")).want(200).form("Start the course run").
		choose("course", "learning_from_setbacks_10").enter("name", "Winter group").enter("starts_on", courseStart).enter("location", "Room 7")
	page := form.with("step", "look").send().want(200, "What follows from these dates", "Meeting 10", "Reminder 1", "8 meetings, the first of them meeting 1, Thu 3 Dec 2026, 18:30, are at the same time as meetings of Autumn evening group.")
	page.want(200, "“After the course”") // the study's waves are those of eight weeks
	if runs() != before {
		t.Error("looking at a run has made one")
	}
	form = page.form("Start the course run")
	if form.fields.Get("name") != "Winter group" || form.fields.Get("location") != "Room 7" || form.fields.Get("course") != "learning_from_setbacks_10" {
		t.Errorf("what was typed became %v", form.fields)
	}
	page = form.enter("starts_on", "2026-12-04").press("Start the course run").want(200, "Set up Winter group", "3 of 4 steps are done", "nobody yet", "10 weeks, version 1.0.0")
	if runs() != before+1 {
		t.Error("the run is not there")
	}
	path := page.path
	page.follow("Type or paste them").want(200).form("Add").enter("people", "Ana Ruiz, ana@example.org").press("Add").want(200)

	// Elsewhere, another day: what is done is known.
	w.days(1)
	other := w.signedIn(t, "second@example.org", w.facilitator())
	page = other.get(path).want(200, "4 of 4 steps are done", "1 person", "Print their links and QR codes")
	page.follow("A link to enrol by").want(200, "Winter group")
	page.follow("To the board").want(200, "Winter group").follow("Set-up").want(200, "4 of 4 steps are done")
}

func TestADraftStudySaysThatItIsNotOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	study, err := w.cases.Studies.Create(t.Context(), survey.SystemActor("test"), survey.NewStudy{Protocol: "learning_from_setbacks_10", Key: "draft"})
	w.must(err)
	d := w.signedIn(t, "drafter@example.org", survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID})
	d.post("/studies/draft/runs", url.Values{
		"name": {"Early"}, "course": {"learning_from_setbacks_10"}, "starts_on": {courseStart}, "meeting_time": {"18:00"}, "time_zone": {"UTC"},
	}).want(200, "Set up Early", "2 of 4 steps are done", "the study is not open yet", "Nothing clashes", "An administrator or a lead opens the study")
}

// People are added, looked at and taken off before the study opens, and it is opened
// from the run that is being set up.
func TestPeopleAreAddedBeforeTheStudyOpens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "maker@example.org", survey.Grant{Role: survey.RoleAdministrator})
	d.post("/admin/studies", url.Values{"protocol": {"learning_from_setbacks_8"}, "key": {"led"}, "title": {"Led"}, "leads": {"1"}, "team": {"T"}, "contact": {"C"}, "ethics": {"E"}}).want(200)
	page := d.post("/studies/led/runs", url.Values{
		"name": {"First"}, "course": {"learning_from_setbacks_8"}, "starts_on": {courseStart}, "meeting_time": {"18:00"}, "time_zone": {"UTC"},
	}).want(200, "Set up First", "2 of 4 steps are done", "nobody is written to before", "Open the study")
	path := page.path
	page = page.follow("Type or paste them").want(200, "0 people").form("Add").enter("people", "Eva Lind, eva@example.org\nBo").press("Add").
		want(200, "2 people added", "Eva Lind", "eva@example.org", "Bo", "groups are drawn when the study opens")
	page.form("Add").enter("people", "eva@example.org").press("Add").want(422, "in the course run already", "Eva Lind")
	d.get(path[:len(path)-len("/setup")]).want(200, "2 people are enrolled when the study opens")
	page.form("Remove Eva Lind").press("Remove Eva Lind").want(200, "Removed, with all that was stored", "1 person").lacks("Eva Lind")
	// What the study lacks is said, and then it is opened from here.
	d.get(path).form("Open the study").send().want(422)
	study, err := w.store.StudyByKey(t.Context(), "led")
	w.must(err)
	_, err = w.cases.Safeties.Declare(t.Context(), survey.SystemActor("test"), survey.Safety{StudyID: study.ID, Shape: survey.SafetyAnonymous, TimeZone: "UTC"})
	w.must(err)
	d.get(path).form("Open the study").send().want(200, "Set up First", "4 of 4 steps are done", "1 person", "Print their links")
}
