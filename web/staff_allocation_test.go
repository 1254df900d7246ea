package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/allocation"
)

// draftStudy makes a study that is not open yet, and somebody who does research in
// it and enrols.
func (w *world) draftStudy(t *testing.T, key string) (survey.Study, *device) {
	t.Helper()
	study, err := w.cases.Studies.Create(t.Context(), survey.SystemActor("test"), survey.NewStudy{
		Protocol: "learning_from_setbacks_8", Key: key, TimeZone: "Europe/Madrid",
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	w.must(err)
	_, err = w.cases.Safeties.Declare(t.Context(), survey.SystemActor("test"), survey.Safety{StudyID: study.ID, Shape: survey.SafetyAnonymous, TimeZone: "UTC"})
	w.must(err)
	return study, w.signedIn(t, key+"@example.org",
		survey.Grant{Role: survey.RoleResearcher, StudyID: study.ID}, survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID})
}

// chosen is a whole choice, as the form sends it.
func chosen() url.Values {
	return url.Values{
		"method": {"minimisation"}, "unit": {"person"}, "share_course": {"2"}, "share_waitlist": {"1"}, "sizes": {""}, "best": {"85"},
		"factor_1": {"run"}, "factor_1_weight": {"2"}, "factor_2_weight": {"1"},
		"factor_4": {"Site"}, "factor_4_levels": {"Harbour, Hill <b>"}, "factor_4_weight": {"3"},
	}
}

// allocationScreens are the pages of allocation, from the choice to the seed.
func (w *world) allocationScreens(t *testing.T, leader, analyst *device, s shownTo) {
	t.Helper()
	s.facilitator["staff_allocation concealed"] = leader.get(w.path("/allocation")).want(200)
	s.researcher["staff_allocation open"] = analyst.get(w.path("/allocation")).want(200)
	s.researcher["staff_allocation unsure"] = analyst.post(w.path("/close"), url.Values{}).want(422)
	study, d := w.draftStudy(t, "allotted")
	path := "/studies/" + study.Key
	s.anybody["staff_allocation draft"] = d.get(path + "/allocation").want(200)
	bad := chosen()
	bad.Set("best", "99")
	bad.Set("share_waitlist", "none")
	bad.Set("factor_4_levels", "<script>")
	s.anybody["staff_allocation fault"] = d.post(path+"/allocation", bad).want(422)
	d.post(path+"/allocation", chosen()).want(200)
	w.must(w.cases.Studies.Open(t.Context(), survey.SystemActor("test"), study.ID))
	run := "/studies/" + study.Key + "/runs/" + string(w.addRun(study, "Allotted").ID)
	s.anybody["facilitator_people facts"] = d.get(run + "/people").want(200)
	s.anybody["facilitator_people facts fault"] = d.post(run+"/people", url.Values{"people": {"Ana"}, "arm": {"x"}}).want(422)
	d.post(run+"/people", url.Values{"people": {"Ana\nBo\nCy"}, "fact_2": {"Hill <b>"}}).want(200)
	d.post(path+"/close", url.Values{"sure": {"1"}}).want(200)
	s.anybody["staff_allocation revealed"] = d.get(path + "/allocation").want(200)
}

func TestAllocationIsChosenConcealedAndRevealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	study, d := w.draftStudy(t, "allotted")
	path := "/studies/" + study.Key
	d.get(path+"/allocation").want(200, "Permuted blocks", "of 4 or 6", "When the study opens, a seed is made")
	bad := chosen()
	bad.Set("sizes", "a lot")
	bad.Set("method", "blocks")
	bad.Set("share_course", "0")
	again := d.post(path+"/allocation", bad).want(422, "Give each group a whole number of parts", "Write sizes of blocks")
	for _, given := range []string{`value="a lot"`, `value="Harbour, Hill &lt;b&gt;"`} {
		if !strings.Contains(again.body, given) {
			t.Errorf("the form has lost %s", given)
		}
	}
	d.post(path+"/allocation", chosen()).want(200, "Saved.", "Minimisation", "85 of 100", "course run, weight 2", "Site (Harbour, Hill <b>), weight 3", "Course to Waiting list: 2 to 1")
	w.must(w.cases.Studies.Open(t.Context(), survey.SystemActor("test"), study.ID))
	d.post(path+"/allocation", chosen()).want(409)
	run := path + "/runs/" + string(w.addRun(study, "Allotted").ID)
	d.get(run+"/people").want(200, "Site of all of them", "Harbour", "Why not by chance")
	d.post(run+"/people", url.Values{"people": {"Ana"}}).want(422, "it decides which list", "Ana")
	arm := w.armOf(study, "waitlist")
	d.post(run+"/people", url.Values{"people": {"Ana"}, "arm": {string(arm)}, "fact_2": {"Harbour"}}).want(422, "Say why not by chance")
	d.post(run+"/people", url.Values{"people": {"Ana"}, "arm": {string(arm)}, "fact_2": {"Harbour"}, "reason": {"sisters"}}).want(200)
	d.post(run+"/people", url.Values{"people": {"Bo\nCy\nDi"}, "fact_2": {"Hill <b>"}}).want(200)
	seal, err := w.store.AllocationSeal(t.Context(), study.ID)
	w.must(err)
	d.get(path+"/allocation").want(200, seal.Commitment, "not shown to you").lacks("85 of 100", "weight 2", "All by lot")
	d.post(path+"/allocation/file", url.Values{}).want(409)
	boss := w.signedIn(t, "boss@example.org", administrator())
	boss.get(path+"/allocation").want(200, "85 of 100", "All by lot", "By hand", "Site: Hill <b>", "Course run: Allotted").lacks("Seed</dt>")
	d.post(path+"/close", url.Values{}).want(422, "Tick the box")
	d.post(path+"/close", url.Values{"sure": {"1"}}).want(200, "its seed revealed", "equal", "3 by lot, 1 by hand", "as drawn")
	file := d.post(path+"/allocation/file", url.Values{}).want(200)
	f, err := allocation.Read(strings.NewReader(file.body))
	w.must(err)
	if _, err := f.Verify(); err != nil || f.Commitment != seal.Commitment {
		t.Errorf("the file: %v", err)
	}
	for _, name := range []string{"Ana", "P-", "sisters"} {
		if strings.Contains(file.body, name) {
			t.Errorf("the file tells %q", name)
		}
	}
	table := d.post(path+"/allocation/file", url.Values{"as": {"csv"}}).want(200)
	if lines := strings.Split(strings.TrimSpace(table.body), "\n"); len(lines) != 5 || !strings.HasPrefix(lines[0], "seq,at,kind,stratum,number,arm,factor_run,factor_Site,chain") {
		t.Errorf("the table is %q", table.body)
	}
}

// armOf finds an arm by its key.
func (w *world) armOf(study survey.Study, key string) survey.ArmID {
	w.t.Helper()
	d, err := w.store.Design(w.t.Context(), study.ID)
	w.must(err)
	for _, a := range d.Arms {
		if a.Key == key {
			return a.ID
		}
	}
	w.t.Fatalf("no arm %s", key)
	return ""
}

func TestAParticipantOfAClosedStudyIsToldSoKindly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	person, _ := w.arrive(t, 0)
	due := person.get("/me").want(200)
	newcomer, _ := w.newcomer(t, 1)
	w.must(w.cases.Studies.Close(t.Context(), survey.SystemActor("test"), w.study.ID, true))
	person.get("/me").want(200, "This study has ended", "Thank you for every answer", "Your data").lacks("Begin")
	asked := 0
	for _, a := range all(due.root, "a") {
		if link := attr(a, "href"); strings.HasPrefix(link, "/me/a/") {
			asked++
			person.get(link).want(410, "Nothing more is asked")
			person.json(link+"/save", `{"answers":{"sc_01":1}}`).want(410, "error.study_closed")
		}
	}
	if asked == 0 {
		t.Error("nothing was asked before")
	}
	person.get("/me/data").want(200)
	newcomer.get("/me").want(200, "This study has ended")
}
