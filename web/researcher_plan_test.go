package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/survey/plan"
)

// planScreens walks through the life of a plan and of a snapshot.
func (w *world) planScreens(analyst *device, screens map[string]screen) {
	w.t.Helper()
	form := analyst.get(w.path("/plan/edit")).values(w.path("/plan"))
	form.Set("rationale", "Because <i>so</i>.")
	screens["researcher_plan draft"] = analyst.post(w.path("/plan"), form).want(200)
	screens["researcher_plan unconfirmed"] = analyst.post(w.path("/plan/lock"), url.Values{"revision": {"1"}}).want(422)
	screens["researcher_plan locked"] = analyst.post(w.path("/plan/lock"), url.Values{"revision": {"1"}, "final": {"1"}}).want(200)
	amend := analyst.get(w.path("/plan/edit")).want(200)
	screens["researcher_plan_edit amend"] = amend
	screens["researcher_plan_edit no reason"] = analyst.post(w.path("/plan"), amend.values(w.path("/plan"))).want(422)
	form = amend.values(w.path("/plan"))
	form.Set("reason", "A <u>stricter</u> level.")
	form.Set("alpha", "0,01")
	screens["researcher_plan amended"] = analyst.post(w.path("/plan"), form).want(200)
	screens["researcher_plan_version"] = analyst.get(w.path("/plan/1")).want(200)
	screens["researcher_plan_version draft"] = analyst.get(w.path("/plan/2")).want(200)
	screens["researcher_snapshot"] = analyst.post(w.path("/snapshots"), url.Values{"name": {"First <b>look</b>"}, "note": {"n"}}).want(200)
	screens["researcher_snapshots"] = analyst.get(w.path("/snapshots")).want(200)
	screens["researcher_others"] = analyst.get(w.path("/others?snapshot=1")).want(200)
	screens["researcher_others public"] = analyst.get(w.path("/others?snapshot=1&profile=public&leave=run&leave=sc_01")).want(200)
	screens["researcher_others fault"] = analyst.get(w.path("/others?snapshot=1&profile=shared&leave=nonsense")).want(200, "is not in this snapshot")
	screens["researcher_files none"] = analyst.get(w.path("/files")).want(200)
	screens["researcher_file waiting"] = analyst.post(w.path("/files"), url.Values{"file": {"bundle.zip"}, "snapshot": {"1"}, "profile": {"public"}, "leave": {"run"}}).want(200)
	screens["researcher_files"] = analyst.get(w.path("/files")).want(200)
	screens["results frozen"] = analyst.get(w.path("/results?snapshot=1")).want(200)
	screens["researcher_snapshot fault"] = analyst.post(w.path("/snapshots/1/remove"), url.Values{}).want(422)
	analyst.post(w.path("/snapshots"), url.Values{"name": {"Second"}}).want(200)
	screens["researcher_snapshot removed"] = analyst.post(w.path("/snapshots/2/remove"), url.Values{"reason": {"erasure"}}).want(200)
	screens["error removed"] = analyst.get(w.path("/results?snapshot=2")).want(410)
}

func TestAPlanIsWrittenLockedAndAmendedByFormsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	d.get(w.path("/plan")).want(200, "No plan yet")
	form := d.get(w.path("/plan/edit")).want(200).values(w.path("/plan"))
	d.post(w.path("/plan"), form).want(200, "Draft", "nobody has opened results or exported data")
	// What the study suggests comes through the form as it was.
	b, err := w.cases.Plans.Book(t.Context(), survey.SystemActor("test"), w.study.ID)
	w.must(err)
	draft, _ := b.Draft()
	for _, s := range b.Design.Scales { // a form offers thresholds for every main scale
		if _, there := b.Default.Threshold(s.Key); !there && !s.Part {
			b.Default.Thresholds = append(b.Default.Thresholds, plan.Threshold{Scale: s.Key, Reliability: plan.Reliability{Source: plan.SampleAlpha}})
		}
	}
	if diff := cmp.Diff(draft.Content, b.Default); diff != "" {
		t.Errorf("draft (-), default (+):\n%s", diff)
	}
	d.post(w.path("/plan/lock"), url.Values{"revision": {"1"}}).want(422, "Tick the box")
	d.post(w.path("/plan/lock"), url.Values{"revision": {"1"}, "final": {"1"}}).want(200, "Version 1 is locked",
		"before any questionnaire after the course had been submitted and before anyone had opened results")
	d.post(w.path("/plan/lock"), url.Values{"revision": {"1"}, "final": {"1"}}).want(409)

	d.get(w.path("/results")).want(200)
	w.post(t, 2)
	d = w.signedIn(t, "analyst@example.org") // signing in lasts for hours
	d.post(w.path("/data/long"), url.Values{}).want(200)
	form = d.get(w.path("/plan/edit")).want(200, "Amend the plan").values(w.path("/plan"))
	d.post(w.path("/plan"), form).want(422, "Say why the locked plan is changed")
	form.Set("reason", "One more outcome.")
	d.post(w.path("/plan"), form).want(200, "Draft of an amendment, version 2", "Version 1 is locked")
	s := d.post(w.path("/plan/lock"), url.Values{"revision": {"1"}, "final": {"1"}}).want(200, "Version 2 is locked",
		"after 6 post-course questionnaires of 2 people had been received and results had been opened once and data had been exported once")
	if strings.Contains(s.text(), "Draft") {
		t.Error("a draft is left")
	}
	d.get(w.path("/plan/1")).want(200, "before any questionnaire after the course")
}

// post lets the first n people answer after the course.
func (w *world) post(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		w.answer(i, always(2))
	}
	w.days(9 + 55) // the world begins nine days before the course
	for i := range n {
		w.answer(i, always(3))
	}
}

func TestAPlanFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	form := d.get(w.path("/plan/edit")).want(200).values(w.path("/plan"))
	form.Set("alpha", "five")
	form.Set("seed", "1.5")
	form.Set("threshold_0_mcid", "lots")
	form.Set("threshold_0_norm_sd", "0,5")
	form.Set("primary_0_scale", "")
	form.Set("deltas", "0,2; x")
	s := d.post(w.path("/plan"), form).want(422, "Write a level between 0 and 0.5", "Write a whole number", "Write a number of points above 0",
		"A norm needs mean and standard deviation", "Choose at least one primary outcome", "Write different numbers")
	got := s.values(w.path("/plan"))
	for _, field := range []string{"alpha", "seed", "threshold_0_mcid", "threshold_0_norm_sd", "deltas", "primary_0_scale"} {
		if got.Get(field) != form.Get(field) {
			t.Errorf("%s is shown again as %q, was %q", field, got.Get(field), form.Get(field))
		}
	}
	if _, err := w.store.Plan(t.Context(), w.study.ID, 1); err == nil {
		t.Error("it was kept")
	}
}

func TestAPlanSurvivesTheFormWhateverIsInIt(t *testing.T) {
	t.Parallel()
	value := func(v float64) *float64 { return &v }
	d := plan.Design{
		Scales:       []plan.Scale{{Key: "a", Name: "A", Max: 5, Waves: []string{"pre", "post"}}, {Key: "b", Part: true, Waves: []string{"pre", "post"}}},
		Waves:        []plan.Wave{{Key: "pre", First: true}, {Key: "post", Later: true}},
		Arms:         []plan.Arm{{Key: "c"}, {Key: "w", Control: true}},
		PrimaryScale: "a", Meetings: 8,
	}
	p := plan.Default(d)
	p.Primary = append(p.Primary, plan.Outcome{Scale: "b", Pre: "pre", Post: "post"})
	p.Secondary = []plan.Outcome{{Scale: "a", Pre: "pre", Post: "post", Arm: "w"}}
	p.Populations = []plan.Population{{Kind: plan.PerProtocol, Sessions: 5}, {Kind: plan.Everybody}}
	p.Estimators = []plan.Estimator{plan.ANCOVA, plan.MixedModel}
	p.Covariates = []plan.Covariate{{Kind: plan.CovariateRun}, {Kind: plan.CovariateScale, Key: "b"}}
	p.Subgroups = []plan.Subgroup{{Kind: plan.SubgroupRun}, {Kind: plan.SubgroupScale, Key: "a", Cut: value(2.5)}, {Kind: plan.SubgroupScale, Key: "b"}}
	p.Missing = plan.Missing{Strategy: plan.CompleteCases, Imputations: 50, Seed: 1<<53 - 1, Deltas: []float64{0.1, -0.25}}
	p.Sensitivity = []plan.Sensitivity{plan.DeltaAdjusted, plan.RobustErrors}
	p.Thresholds = []plan.Threshold{{
		Scale: "a", MCID: value(0.3), MCIDSource: "x", Norm: &plan.Norm{Mean: 3, SD: 0.7, Citation: "y"},
		Reliability: plan.Reliability{Source: plan.Published, Value: value(0.89), SD: value(0.6), Citation: "z"},
	}}
	p.Rationale = "Why\n\nso?"
	got, faults := planOf(planValues(p, d))
	if len(faults) > 0 {
		t.Error(faults)
	}
	if got.Hash() != p.Hash() {
		t.Errorf("got (-), want (+):\n%s", cmp.Diff(got, p))
	}
}

func TestAPlanTravelsByItsFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	locked := w.plan(w.study)
	other, _ := w.secondStudy()
	d := w.signedIn(t, "analyst@example.org", w.researcher(), survey.Grant{Role: survey.RoleResearcher, StudyID: other.ID})
	file := d.get(w.path("/plan/1/plan.json")).want(200)
	if name := file.header.Get("Content-Disposition"); name != `attachment; filename="`+w.study.Key+`_plan_v1.json"` {
		t.Errorf("the file is saved as %s", name)
	}
	d.post("/studies/"+other.Key+"/plan/file", url.Values{"file": {file.body}}).want(200, "Draft")
	taken, err := w.store.Plan(t.Context(), other.ID, 1)
	w.must(err)
	if taken.Content.Hash() != locked.Lock.Hash {
		t.Error("the hash changed on the way")
	}
	d.post("/studies/"+other.Key+"/plan/file", url.Values{"file": {`{"schema":"tidemark.plan/1","alhpa":1}`}}).
		want(422, "This is not a plan file", "alhpa")
	wrong := strings.Replace(file.body, `"alpha": 0.05`, `"alpha": 5`, 1)
	d.post("/studies/"+other.Key+"/plan/file", url.Values{"file": {wrong}}).want(422, "Write a level between 0 and 0.5", "Keep the draft")
}

func TestResultsComeFromTheSnapshotThatIsChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 12)
	w.post(t, 8)
	w.plan(w.study)
	taken := w.freeze(w.study)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	before := d.get(w.path("/results/report.json?snapshot=1")).want(200)
	frozen := d.get(w.path("/results?snapshot=1")).want(200, "snapshot 1", taken.Hash, "Primary outcome of the plan")
	for i := 8; i < 12; i++ {
		w.answer(i, always(1))
	}
	w.days(200)
	d = w.signedIn(t, "analyst@example.org") // signing in lasts for hours
	if after := d.get(w.path("/results/report.json?snapshot=1")).want(200); after.body != before.body {
		t.Errorf("the report from the snapshot changed:\n%s", cmp.Diff(after.body, before.body))
	}
	live := d.get(w.path("/results")).want(200, "live data", "Live, as of now", "these are live data")
	if strings.Contains(live.body, taken.Hash) || strings.Contains(frozen.text(), "live data") {
		t.Error("it does not say which data are meant")
	}
	d.get(w.path("/results?outcome=sc_kindness")).want(200, "Exploratory: not in a locked plan")
}

func TestASnapshotIsDownloadedAsItWasFrozen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.answer(0, always(2))
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	d.post(w.path("/snapshots"), d.get(w.path("/snapshots")).values(w.path("/snapshots"))).want(422)
	form := d.get(w.path("/snapshots")).values(w.path("/snapshots"))
	form.Set("name", "Primary")
	page := d.post(w.path("/snapshots"), form).want(200, "1 · Primary", "none was locked")
	d.post(w.path("/snapshots"), form).want(200, "Taken so far") // the button was pressed twice
	taken, err := w.store.Snapshots(t.Context(), w.study.ID)
	w.must(err)
	if len(taken) != 1 || !strings.Contains(page.body, taken[0].Hash) {
		t.Fatalf("%d snapshots, or the page does not show the hash", len(taken))
	}
	s := d.post(w.path("/snapshots/1/download"), url.Values{}).want(200)
	zip, err := gzip.NewReader(bytes.NewReader([]byte(s.body)))
	w.must(err)
	text, err := io.ReadAll(zip)
	w.must(err)
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != taken[0].Hash {
		t.Error("the file does not have the hash that is shown")
	}
	if name := s.header.Get("Content-Disposition"); name != fmt.Sprintf("attachment; filename=%q", w.study.Key+"_snapshot_1_2026-11-24.jsonl.gz") {
		t.Errorf("the file is saved as %s", name)
	}
	d.post(w.path("/snapshots/1/remove"), url.Values{"reason": {"P-1 asked"}}).want(200, "The data were removed", "P-1 asked")
	d.post(w.path("/snapshots/1/download"), url.Values{}).want(410)
	if options := d.get(w.path("/results")).want(200); strings.Contains(options.body, "Snapshot 1: Primary") {
		t.Error("a snapshot without data is offered")
	}
}

func TestEveryChoiceOfAPlanHasWords(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"populations", "estimators", "structures", "dfs", "adjustments", "strategies", "sensitivities"} {
		choices := planChoices(kind)
		if len(choices) == 0 {
			t.Errorf("%s offers nothing", kind)
		}
		for _, choice := range choices {
			if planWords(choice) == choice {
				t.Errorf("%s has no words", choice)
			}
		}
	}
	for _, s := range []plan.Standing{plan.Primary, plan.Secondary, plan.Varied, plan.InSubgroup, plan.Exploratory} {
		if standingWords(s) == "" {
			t.Errorf("%s has no words", s)
		}
	}
}

func TestWhatWasSeenIsSaidInWords(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 3, 9, 30, 0, 0, time.UTC)
	for want, seen := range map[string]survey.DataSeen{
		"before any questionnaire after the course had been submitted and before anyone had opened results or exported data.": {},
		"before any questionnaire after the course had been submitted; results had been opened 4 times.":                      {ReportsOpened: 4},
		"after 31 post-course questionnaires of 11 people had been received and results had been opened 4 times and data had been exported once.": {
			PostSubmitted: 31, PostPeople: 11, ReportsOpened: 4, Exports: 1,
		},
		"after 1 post-course questionnaire of 1 person had been received and before anyone had opened results or exported data.": {PostSubmitted: 1, PostPeople: 1},
	} {
		got := lockWords(survey.PlanLock{At: at, By: survey.Author{Name: "Ana"}, Seen: seen})
		if !strings.HasPrefix(got, "Locked on ") || !strings.HasSuffix(got, " by Ana, "+want) {
			t.Errorf("got %q, want %q at its end", got, want)
		}
	}
}
