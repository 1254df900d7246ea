package paper_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

func build(t testing.TB, d *paper.Dataset, p paper.PlanUsed) *paper.Paper {
	t.Helper()
	out, err := paper.Build(t.Context(), d, paper.Options{Plan: p, Now: storyEnds, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestThePrimaryEstimateIsThePlansAndComesFirst(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 1, 122)
	p := build(t, d, planned(d))
	main, ok := p.Main()
	if !ok || main.As != plan.Primary || main.Scale.Key != "sc_total" || !main.Between() {
		t.Fatalf("the main outcome is %+v", main)
	}
	e := main.Primary()
	if e.Estimator != plan.MixedModel || e.Population != plan.Everybody || e.As != plan.Primary || !e.CI.OK() {
		t.Errorf("the primary estimate is %+v", e)
	}
	for _, other := range main.Estimates[1:] {
		if other.As != plan.Varied {
			t.Errorf("%s of %s stands as %s, want sensitivity", other.Estimator, other.Population, other.As)
		}
	}
}

func TestWithoutALockedPlanEverythingIsExploratory(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 1, 60)
	used := planned(d)
	used.Version = 0
	for _, o := range build(t, d, used).Outcomes {
		for _, e := range o.Estimates {
			if o.As != plan.Exploratory || e.As != plan.Exploratory {
				t.Errorf("%s: %s by %s", o.Key, o.As, e.As)
			}
		}
	}
}

// The quick results and the paper count the same people and find the same
// change.
func TestTheChangeIsThatOfTheQuickResults(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 122)
	d := s.dataset(t)
	p := build(t, d, planned(d))
	quick, err := report.Build(t.Context(), s.db, s.actor, s.study, report.Spec{Now: storyEnds})
	if err != nil {
		t.Fatal(err)
	}
	main, _ := p.Main()
	want, _ := quick.Outcome("sc_total")
	got := main.Change.Main()
	if diff := cmp.Diff([]any{got.Pairs, got.Mean, got.CI, got.Excluded, got.Reliable.Threshold},
		[]any{want.Main().Pairs, want.Main().Mean, want.Main().CI, want.Main().Excluded, want.Main().Reliable.Threshold}); diff != "" {
		t.Errorf("change in the course (-paper +quick):\n%s", diff)
	}
	if main.Change.Comparison.Difference != want.Comparison.Difference {
		t.Errorf("difference %v, want %v", main.Change.Comparison.Difference, want.Comparison.Difference)
	}
	for _, e := range main.Estimates {
		if e.Estimator == plan.PairedChange && e.Sensitivity == "" && e.Value != want.Comparison.Difference {
			t.Errorf("the change of completers is %v, want %v", e.Value, want.Comparison.Difference)
		}
	}
}

func TestThePaperDoesNotDependOnProcessorsOrTheOrderOfRows(t *testing.T) {
	s := play(t, 2, 80)
	d := s.dataset(t)
	want := asJSON(t, build(t, d, planned(d)))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if diff := cmp.Diff(asJSON(t, build(t, d, planned(d))), want); diff != "" {
		t.Errorf("on one processor (-got +want):\n%s", diff)
	}
	shuffled := s.shuffled(t, rand.New(rand.NewPCG(1, 1)))
	if diff := cmp.Diff(asJSON(t, build(t, shuffled, planned(shuffled))), want); diff != "" {
		t.Errorf("in another order of rows (-got +want):\n%s", diff)
	}
}

func TestEveryoneAllocatedIsInOneCountAtEveryWave(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 3, 122)
	f := build(t, d, planned(d)).Flow
	total := 0
	for _, arm := range f.Arms {
		total += arm.Allocated
		for _, s := range arm.Steps {
			if n := s.Answered + s.Withdrawn + s.Lost + s.Open + s.NotYet; n != arm.Allocated {
				t.Errorf("%s at %s: %d people, %d were allocated", arm.Arm, s.Wave, n, arm.Allocated)
			}
		}
		if arm.Completers > arm.Analysed || arm.Analysed > arm.Allocated {
			t.Errorf("%+v", arm)
		}
	}
	if total != f.Enrolled {
		t.Errorf("%d allocated of %d enrolled", total, f.Enrolled)
	}
}

// A paper of a few people tells nothing that rests on fewer than five.
func TestAPaperOfAFewPeopleHidesTheirAnswers(t *testing.T) {
	t.Parallel()
	d := first(rehearsed(t, 4, 60), 14)
	text := asJSON(t, build(t, d, planned(d)))
	if !strings.Contains(text, string(report.ReasonTooFewPeople)) {
		t.Error("nothing is hidden")
	}
	for _, p := range d.People {
		if strings.Contains(text, p.Code) {
			t.Errorf("the paper names %s", p.Code)
		}
	}
	for _, o := range build(t, d, planned(d)).Outcomes {
		for _, e := range o.Estimates {
			if e.N < 10 && o.Between() && e.Value.OK() && e.Population == plan.Completers {
				t.Errorf("%s: an estimate of %d people in two arms is shown", o.Key, e.N)
			}
		}
		for _, c := range o.Items {
			if c.N < 5 && c.Mean.OK() {
				t.Errorf("%s: the mean of %d people is shown", c.Code, c.N)
			}
		}
	}
}

func TestNothingInAPaperIsNotANumber(t *testing.T) {
	t.Parallel()
	d := first(rehearsed(t, 5, 20), 0)
	if text := asJSON(t, build(t, d, planned(d))); bytes.Contains([]byte(text), []byte("NaN")) {
		t.Error("a paper about nobody has NaN")
	}
}

func TestPracticeIsTheMeanOfTheWeeksThatWereAnswered(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 1, 122)
	for _, dose := range d.Doses {
		known := 0
		for i, v := range dose.Values {
			if v == v {
				known++
				if v < 0 || dose.Key == "meetings" && v > 8 {
					t.Errorf("%s of %s is %v", dose.Key, d.People[i].Code, v)
				}
				if d.Arms[d.People[i].Arm].Control && dose.Key == "practice" {
					t.Errorf("%s waits and has practised", d.People[i].Code)
				}
			}
		}
		if known < 20 {
			t.Errorf("%s is known of %d people", dose.Key, known)
		}
	}
	if len(d.Doses) != 2 {
		t.Errorf("%d doses, want meetings and practice", len(d.Doses))
	}
}

func TestEveryStructureOfTheModelAnswersThePlan(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 1, 122)
	values := map[plan.Structure]float64{}
	for _, structure := range plan.Structures() {
		for _, df := range plan.DFs() {
			used := planned(d)
			used.Content.Model = plan.Model{Structure: structure, DF: df}
			p := build(t, d, used)
			main, _ := p.Main()
			e := main.Primary()
			if !e.CI.OK() || !e.DF.OK() || e.DF.Value < 10 {
				t.Errorf("%s, %s: %+v", structure, df, e)
			}
			values[structure] = e.Value.Value
			if tr, _ := p.Trajectory("sc_total"); tr.People == 0 || len(tr.Variances) == 0 || len(tr.Arms) != 2 {
				t.Errorf("%s: the model is %+v", structure, tr)
			}
		}
	}
	// What is assumed of the covariances moves the estimate a little, not much.
	for s, v := range values {
		if v < 0.3 || v > 0.9 || values[plan.RandomIntercept]-v > 0.1 || v-values[plan.RandomIntercept] > 0.1 {
			t.Errorf("the estimate by %s is %v, by random intercepts %v", s, v, values[plan.RandomIntercept])
		}
	}
}

func TestCourseRunsArePutTogetherByTheirPrecision(t *testing.T) {
	t.Parallel()
	d := inTwoRuns(rehearsed(t, 1, 122))
	p := build(t, d, planned(d))
	if len(p.Pooled) != 1 || len(p.Pooled[0].Runs) != 2 {
		t.Fatalf("pooled: %+v", p.Pooled)
	}
	x := p.Pooled[0]
	low, high := min(x.Runs[0].Effect.Value, x.Runs[1].Effect.Value), max(x.Runs[0].Effect.Value, x.Runs[1].Effect.Value)
	if !x.Effect.OK() || x.Effect.Value < low || x.Effect.Value > high {
		t.Errorf("the mean %v is not between %v and %v", x.Effect, low, high)
	}
	main, _ := p.Main()
	people := 0
	for _, r := range x.Runs {
		people += r.Course + r.Control
	}
	for _, e := range main.Estimates {
		if e.Estimator == plan.PairedChange && e.Sensitivity == "" && e.N != people {
			t.Errorf("%d people in the runs, %d with both scores", people, e.N)
		}
	}
	if one := build(t, rehearsed(t, 1, 122), planned(d)); len(one.Pooled) != 0 {
		t.Errorf("a single run was pooled: %+v", one.Pooled)
	}
}
