package plan_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/plan"
)

// design is a course against a waiting list, with a scale, one of its parts, and
// a weekly scale that only the course arm answers.
func design() plan.Design {
	asked := []string{"pre", "post", "later"}
	return plan.Design{
		Scales: []plan.Scale{
			{Key: "rs", Name: "Resilience", Min: 1, Max: 5, Waves: asked},
			{Key: "sc", Name: "Self-compassion", Min: 1, Max: 5, Waves: asked},
			{Key: "sc_part", Name: "Kindness", Part: true, Min: 1, Max: 5, Waves: asked},
			{Key: "weekly", Name: "Week", Min: 0, Max: 10, Waves: []string{"week"}},
		},
		Waves: []plan.Wave{
			{Key: "pre", Name: "Before", First: true}, {Key: "week", Name: "Week", Arm: "course"},
			{Key: "post", Name: "After", Later: true}, {Key: "later", Name: "Later", Later: true, Arm: "course"},
		},
		Arms:         []plan.Arm{{Key: "course", Name: "Course"}, {Key: "wait", Name: "Waiting", Control: true}},
		PrimaryScale: "sc", Meetings: 8,
	}
}

func TestADefaultPlanIsFreeOfFaultsAndAnnouncesWhatTheStudyCanAnswer(t *testing.T) {
	t.Parallel()
	d := design()
	p := plan.Default(d)
	if faults := p.Check(&d); len(faults) != 0 {
		t.Error(faults)
	}
	between := func(scale, post string) plan.Outcome {
		return plan.Outcome{Scale: scale, Pre: "pre", Post: post, Arm: "course", Against: "wait"}
	}
	within := func(scale, post string) plan.Outcome {
		return plan.Outcome{Scale: scale, Pre: "pre", Post: post, Arm: "course"}
	}
	if diff := cmp.Diff(p.Primary, []plan.Outcome{between("sc", "post")}); diff != "" {
		t.Error(diff)
	}
	// The control is not asked later, so there the change within is left.
	want := []plan.Outcome{within("sc", "post"), between("rs", "post"), within("sc", "later"), within("rs", "later")}
	if diff := cmp.Diff(p.Secondary, want); diff != "" {
		t.Error(diff)
	}
	if p.Level() != 0.95 || p.Populations[2] != (plan.Population{Kind: plan.PerProtocol, Sessions: 6}) {
		t.Errorf("level %v, populations %v", p.Level(), p.Populations)
	}
	if _, ok := p.Threshold("sc"); !ok {
		t.Error("an outcome has no threshold to fill in")
	}
	if _, ok := p.Threshold("weekly"); ok {
		t.Error("a scale that is no outcome has a threshold")
	}
}

func TestADefaultPlanForAStudyWithNothingToCompareSaysWhatIsLacking(t *testing.T) {
	t.Parallel()
	d := plan.Design{}
	faults := plan.Default(d).Check(&d)
	if diff := cmp.Diff(faults, plan.Faults{"primary_0_scale": "plan.no_primary"}); diff != "" {
		t.Error(diff)
	}
}

func TestEachFaultIsFoundInItsField(t *testing.T) {
	t.Parallel()
	number := func(v float64) *float64 { return &v }
	for name, c := range map[string]struct {
		change func(*plan.Plan)
		field  string
		want   string
	}{
		"schema":            {func(p *plan.Plan) { p.Schema = "x" }, "schema", "plan.bad_schema"},
		"no primary":        {func(p *plan.Plan) { p.Primary = nil }, "primary_0_scale", "plan.no_primary"},
		"unknown scale":     {func(p *plan.Plan) { p.Primary[0].Scale = "x" }, "primary_0_scale", "plan.unknown_scale"},
		"unknown wave":      {func(p *plan.Plan) { p.Primary[0].Post = "x" }, "primary_0_post", "plan.unknown_wave"},
		"same wave":         {func(p *plan.Plan) { p.Primary[0].Post = "pre" }, "primary_0_post", "plan.same_wave"},
		"reversed":          {func(p *plan.Plan) { p.Primary[0].Pre, p.Primary[0].Post = "post", "pre" }, "primary_0_post", "plan.waves_reversed"},
		"not asked":         {func(p *plan.Plan) { p.Primary[0].Pre = "week" }, "primary_0_pre", "plan.scale_not_asked"},
		"unknown arm":       {func(p *plan.Plan) { p.Primary[0].Arm = "x" }, "primary_0_arm", "plan.unknown_arm"},
		"against itself":    {func(p *plan.Plan) { p.Primary[0].Against = "course" }, "primary_0_against", "plan.bad_contrast"},
		"everyone against":  {func(p *plan.Plan) { p.Primary[0].Arm = "" }, "primary_0_against", "plan.bad_contrast"},
		"arm not asked":     {func(p *plan.Plan) { p.Primary[0].Post = "later" }, "primary_0_against", "plan.arm_not_asked"},
		"twice":             {func(p *plan.Plan) { p.Secondary[0] = p.Primary[0] }, "secondary_0_scale", "plan.outcome_twice"},
		"alpha 0":           {func(p *plan.Plan) { p.Alpha = 0 }, "alpha", "plan.bad_alpha"},
		"alpha NaN":         {func(p *plan.Plan) { p.Alpha = math.NaN() }, "alpha", "plan.bad_alpha"},
		"alpha 5":           {func(p *plan.Plan) { p.Alpha = 5 }, "alpha", "plan.bad_alpha"},
		"no population":     {func(p *plan.Plan) { p.Populations = nil }, "populations", "plan.no_population"},
		"population twice":  {func(p *plan.Plan) { p.Populations[1] = p.Populations[0] }, "populations", "plan.unknown_choice"},
		"too many sessions": {func(p *plan.Plan) { p.Populations[2].Sessions = 9 }, "sessions", "plan.bad_sessions"},
		"sessions for all":  {func(p *plan.Plan) { p.Populations[0].Sessions = 3 }, "sessions", "plan.unknown_choice"},
		"no estimator":      {func(p *plan.Plan) { p.Estimators = nil }, "estimators", "plan.no_estimator"},
		"unknown estimator": {func(p *plan.Plan) { p.Estimators[1] = "x" }, "estimators", "plan.unknown_choice"},
		"ancova alone": {func(p *plan.Plan) {
			p.Primary[0].Against, p.Secondary = "", nil
			p.Estimators, p.Missing.Strategy = []plan.Estimator{plan.ANCOVA}, plan.CompleteCases
		}, "estimators", "plan.ancova_needs_arms"},
		"structure":         {func(p *plan.Plan) { p.Model.Structure = "x" }, "structure", "plan.unknown_choice"},
		"df":                {func(p *plan.Plan) { p.Model.DF = "" }, "df", "plan.unknown_choice"},
		"adjustment":        {func(p *plan.Plan) { p.Multiplicity.Primary = "x" }, "multiplicity_primary", "plan.unknown_choice"},
		"sensitivity":       {func(p *plan.Plan) { p.Sensitivity[0] = "x" }, "sensitivity", "plan.unknown_choice"},
		"strategy":          {func(p *plan.Plan) { p.Missing.Strategy = "x" }, "strategy", "plan.unknown_choice"},
		"one imputation":    {func(p *plan.Plan) { p.Missing.Imputations = 1 }, "imputations", "plan.bad_imputations"},
		"seed":              {func(p *plan.Plan) { p.Missing.Seed = 1 << 53 }, "seed", "plan.bad_seed"},
		"no delta":          {func(p *plan.Plan) { p.Missing.Deltas = nil }, "deltas", "plan.bad_deltas"},
		"delta NaN":         {func(p *plan.Plan) { p.Missing.Deltas[0] = math.NaN() }, "deltas", "plan.bad_deltas"},
		"likelihood of t":   {func(p *plan.Plan) { p.Estimators = p.Estimators[1:] }, "strategy", "plan.likelihood_needs_model"},
		"imputation unused": {func(p *plan.Plan) { p.Missing.Strategy, p.Estimators = plan.Imputation, p.Estimators[:1] }, "strategy", "plan.imputation_not_listed"},
		"covariate":         {func(p *plan.Plan) { p.Covariates = []plan.Covariate{{Kind: "x"}} }, "covariates", "plan.unknown_choice"},
		"covariate scale": {func(p *plan.Plan) { p.Covariates = []plan.Covariate{{Kind: plan.CovariateScale, Key: "x"}} },
			"covariates", "plan.unknown_scale"},
		"a study has no columns": {func(p *plan.Plan) { p.Covariates = []plan.Covariate{{Kind: plan.CovariateColumn, Key: "age"}} },
			"covariates", "plan.unknown_choice"},
		"subgroup": {func(p *plan.Plan) { p.Subgroups = []plan.Subgroup{{Kind: plan.SubgroupRun, Key: "x"}} },
			"subgroups", "plan.unknown_choice"},
		"subgroup cut": {func(p *plan.Plan) { p.Subgroups = []plan.Subgroup{{Kind: plan.SubgroupRun, Cut: number(3)}} },
			"subgroups", "plan.bad_number"},
		"mcid":        {func(p *plan.Plan) { p.Thresholds[0].MCID = number(4.5) }, "threshold_0_mcid", "plan.bad_mcid"},
		"mcid 0":      {func(p *plan.Plan) { p.Thresholds[0].MCID = number(0) }, "threshold_0_mcid", "plan.bad_mcid"},
		"reliability": {func(p *plan.Plan) { p.Thresholds[0].Reliability.Source = plan.Published }, "threshold_0_value", "plan.bad_reliability"},
		"unused": {func(p *plan.Plan) { p.Thresholds[0].Reliability.Value = number(0.9) },
			"threshold_0_source", "plan.reliability_unused"},
		"norm":            {func(p *plan.Plan) { p.Thresholds[0].Norm = &plan.Norm{Mean: 3} }, "threshold_0_norm_sd", "plan.bad_sd"},
		"threshold twice": {func(p *plan.Plan) { p.Thresholds[1].Scale = p.Thresholds[0].Scale }, "threshold_1_scale", "plan.threshold_twice"},
		"rationale":       {func(p *plan.Plan) { p.Rationale = "a\x00b" }, "rationale", "text.unreadable"},
		"long rationale":  {func(p *plan.Plan) { p.Rationale = strings.Repeat("a", plan.MaxText+1) }, "rationale", "text.too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := design()
			p := plan.Default(d)
			c.change(&p)
			if diff := cmp.Diff(p.Check(&d), plan.Faults{c.field: c.want}); diff != "" {
				t.Errorf("got (-), want (+):\n%s", diff)
			}
		})
	}
}

func TestAPlanForAFileNamesColumnsOfItsOwn(t *testing.T) {
	t.Parallel()
	p := plan.Default(design())
	p.Primary[0].Scale, p.Covariates = "SCS total", []plan.Covariate{{Kind: plan.CovariateColumn, Key: "age"}}
	if faults := p.Check(nil); len(faults) != 0 {
		t.Error(faults)
	}
	p.Primary[0].Scale = ""
	if faults := p.Check(nil); len(faults) != 1 {
		t.Errorf("got %v, want one fault", faults)
	}
}

func TestTheCanonicalFormIsFixed(t *testing.T) {
	t.Parallel()
	value := 0.89
	p := plan.Plan{
		Schema:      plan.Schema,
		Primary:     []plan.Outcome{{Scale: "sc", Pre: "pre", Post: "post", Arm: "course"}},
		Populations: []plan.Population{{Kind: plan.Everybody}},
		Estimators:  []plan.Estimator{plan.MixedModel},
		Model:       plan.Model{Structure: plan.RandomIntercept, DF: plan.Satterthwaite},
		Alpha:       0.05, Multiplicity: plan.Multiplicity{Primary: plan.Holm, Secondary: plan.Holm, Exploratory: plan.Unadjusted},
		Missing:    plan.Missing{Strategy: plan.Likelihood, Imputations: 20, Seed: 1, Deltas: []float64{}},
		Thresholds: []plan.Threshold{{Scale: "sc", Reliability: plan.Reliability{Source: plan.Published, Value: &value}}},
		Rationale:  " Wärme < Kälte & \"so\"\r\nweiter\u2028 ",
	}
	const want = `{"alpha":0.05,"estimators":["mixed_model"],"missing":{"imputations":20,"seed":1,"strategy":"maximum_likelihood"},` +
		`"model":{"df":"satterthwaite","structure":"random_intercept"},` +
		`"multiplicity":{"exploratory":"none","primary":"holm","secondary":"holm"},` +
		`"populations":[{"kind":"everybody"}],"primary":[{"arm":"course","post":"post","pre":"pre","scale":"sc"}],` +
		`"rationale":"Wärme < Kälte & \"so\"\nweiter","schema":"tidemark.plan/1",` +
		`"thresholds":[{"reliability":{"source":"published","value":0.89},"scale":"sc"}]}`
	got, err := p.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("got (-), want (+):\n%s", diff)
	}
	sum := sha256.Sum256([]byte(want))
	if p.Hash() != hex.EncodeToString(sum[:]) {
		t.Error("the hash is not that of the canonical form")
	}
	changed := p
	changed.Alpha = 0.01
	if changed.Hash() == p.Hash() {
		t.Error("two plans have one hash")
	}
	changed.Alpha = math.Inf(1)
	if changed.Hash() != "" {
		t.Error("an undefined number has a hash")
	}
}

func TestAPlanTravelsAsAFile(t *testing.T) {
	t.Parallel()
	p := plan.Default(design())
	p.Rationale = "Because\r\nof <this>."
	var file bytes.Buffer
	if err := p.WriteJSON(&file); err != nil {
		t.Fatal(err)
	}
	back, err := plan.Parse(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if back.Hash() != p.Hash() || p.Hash() == "" {
		t.Errorf("the hash changed on the way: %s, %s", back.Hash(), p.Hash())
	}
	canonical, err := p.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	again, err := plan.Parse(canonical)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(again, back); diff != "" {
		t.Errorf("canonical (-), file (+):\n%s", diff)
	}
}

func TestAFileThatIsNoPlanIsRefusedWithItsPlaces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{`:                                      "line 1",
		`{"schema":"tidemark.plan/9"}`:           "tidemark.plan/9",
		`{"schema":"tidemark.plan/1","alhpa":1}`: "alhpa",
		`{"schema":"tidemark.plan/1","alpha":""}`: "alpha: must be a number",
		`[]`: "must be an object",
		``:   "JSON",
	} {
		_, err := plan.Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", text, err, want)
		}
	}
}

func FuzzAPlanThatIsReadKeepsItsHash(f *testing.F) {
	canonical, err := plan.Default(design()).Canonical()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(canonical)
	f.Add([]byte(`{"schema":"tidemark.plan/1","rationale":"\u2028 x","thresholds":[{"norm":{}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := plan.Parse(data)
		if err != nil {
			return
		}
		d := design()
		_ = p.Check(&d) // never panics
		again, err := p.Canonical()
		if err != nil || !json.Valid(again) {
			t.Fatalf("no canonical form: %v", err)
		}
		back, err := plan.Parse(again)
		if err != nil {
			t.Fatal(err)
		}
		if back.Hash() != p.Hash() {
			t.Errorf("%s is read back as another plan", again)
		}
	})
}

func TestWhatThePlanDidNotAnnounceIsExploratory(t *testing.T) {
	t.Parallel()
	p := plan.Default(design())
	p.Subgroups = []plan.Subgroup{{Kind: plan.SubgroupRun}}
	main := plan.Result{Outcome: p.Primary[0]}
	for name, c := range map[string]struct {
		change func(*plan.Result)
		want   plan.Standing
	}{
		"the primary outcome":         {func(*plan.Result) {}, plan.Primary},
		"named in full":               {func(r *plan.Result) { r.Estimator, r.Population = plan.MixedModel, plan.Everybody }, plan.Primary},
		"a secondary outcome":         {func(r *plan.Result) { r.Outcome = p.Secondary[0] }, plan.Secondary},
		"another estimator":           {func(r *plan.Result) { r.Estimator = plan.ANCOVA }, plan.Varied},
		"another population":          {func(r *plan.Result) { r.Population = plan.Completers }, plan.Varied},
		"a varied assumption":         {func(r *plan.Result) { r.Sensitivity = plan.RankBased }, plan.Varied},
		"an unannounced assumption":   {func(r *plan.Result) { r.Sensitivity = plan.Permutation }, plan.Exploratory},
		"a subgroup":                  {func(r *plan.Result) { r.Subgroup = &p.Subgroups[0] }, plan.InSubgroup},
		"an unannounced subgroup":     {func(r *plan.Result) { r.Subgroup = &plan.Subgroup{Kind: plan.SubgroupScale, Key: "rs"} }, plan.Exploratory},
		"another scale":               {func(r *plan.Result) { r.Scale = "sc_part" }, plan.Exploratory},
		"another wave":                {func(r *plan.Result) { r.Post = "later" }, plan.Exploratory},
		"another arm":                 {func(r *plan.Result) { r.Arm, r.Against = "wait", "" }, plan.Exploratory},
		"an unannounced estimator":    {func(r *plan.Result) { r.Estimator = "x" }, plan.Exploratory},
		"a subgroup of another scale": {func(r *plan.Result) { r.Scale, r.Subgroup = "sc_part", &p.Subgroups[0] }, plan.Exploratory},
	} {
		r := main
		c.change(&r)
		if got := p.Standing(r); got != c.want || !got.Valid() {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	if got := (plan.Plan{}).Standing(main); got != plan.Exploratory {
		t.Errorf("no plan: %s", got)
	}
}
