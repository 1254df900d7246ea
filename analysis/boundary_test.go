package analysis

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEstimateJSON(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]Estimate{
		`{"value":1.5}`: {Value: 1.5},
		`{"value":0}`:   {},
		`{"value":null,"reason":"zero_variance"}`: {Reason: ReasonZeroVariance},
	} {
		b, err := json.Marshal(e)
		if err != nil || string(b) != want {
			t.Errorf("got %s, %v, want %s", b, err, want)
		}
		var back Estimate
		if err := json.Unmarshal(b, &back); err != nil || back != e {
			t.Errorf("read back %s: got %v, %v", b, back, err)
		}
	}
	for _, bad := range []string{`{}`, `{"value":1,"reason":"no_data"}`, `[]`} {
		if err := json.Unmarshal([]byte(bad), new(Estimate)); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}

func TestIntervalJSON(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]Interval{
		`{"low":-1,"high":2,"level":0.9}`:                         {Low: -1, High: 2, Level: 0.9},
		`{"low":null,"high":null,"level":0.9,"reason":"no_data"}`: {Level: 0.9, Reason: ReasonNoData},
	} {
		b, err := json.Marshal(v)
		if err != nil || string(b) != want {
			t.Errorf("got %s, %v, want %s", b, err, want)
		}
		var back Interval
		if err := json.Unmarshal(b, &back); err != nil || back != v {
			t.Errorf("read back %s: got %v, %v", b, back, err)
		}
	}
	for _, bad := range []string{`{}`, `{"low":1,"level":0.9}`, `{"low":1,"high":2,"reason":"no_data"}`} {
		if err := json.Unmarshal([]byte(bad), new(Interval)); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}

func TestUnknownReasonsAreNotValid(t *testing.T) {
	t.Parallel()
	if Reason("because").Valid() || Reason("").Valid() || !ReasonNoData.Valid() {
		t.Error("validity of reasons is wrong")
	}
}

func TestColumnsOfDifferentLengthCountAsExcluded(t *testing.T) {
	t.Parallel()
	r := PairedT([]float64{1, 2, 4, math.NaN(), 9, 9}, []float64{2, 4, 5, 7}, 0.95)
	if r.Pairs != 3 || r.Excluded != 3 {
		t.Errorf("got %d pairs and %d excluded, want 3 and 3", r.Pairs, r.Excluded)
	}
}

func TestConstantChangeIsJudgedByRange(t *testing.T) {
	t.Parallel()
	pre, post := []float64{0.1, 0.2, 0.3, 0.4, 0.5}, []float64{0.2, 0.3, 0.4, 0.5, 0.6}
	r := PairedT(pre, post, 0.95)
	if r.T.Reason != ReasonZeroVariance || r.SDChange.Value != 0 {
		t.Errorf("got t %v and SD %v, want a reason and 0", r.T, r.SDChange)
	}
}

func TestAlphaDropsDeadItemsAndSuspectsForgottenKeys(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	items := [][]float64{
		{1, 2, 4, 4, 5, 2},
		{2, 2, 3, 5, 5, 1},
		{5, 4, 2, 2, 1, 4},
		{3, 3, 3, 3, 3, 3},
		{nan, nan, nan, nan, nan, nan},
	}
	names := []string{"a", "b", "reversed", "constant", "empty"}
	r := Alpha(items, AlphaOptions{Names: names, Missing: Pairwise})
	if d := cmp.Diff(r.Dropped, []string{"constant", "empty"}); d != "" {
		t.Errorf("dropped (-got +want):\n%s", d)
	}
	if !slices.Contains(r.Suspects, "reversed") {
		t.Errorf("suspects: got %v, want the reversed item among them", r.Suspects)
	}
	keyed := Alpha(items, AlphaOptions{Names: names, Keys: []int{1, 1, -1, 1, 1}, Min: 1, Max: 5, Missing: Pairwise})
	if len(keyed.Suspects) != 0 || !(keyed.Alpha.Value > 0.9) {
		t.Errorf("keyed: got suspects %v and alpha %v, want none and above .9", keyed.Suspects, keyed.Alpha)
	}
}

func TestAlphaOfContradictoryPairsHasAReason(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	// The first item varies little where the second was answered.
	r := Alpha([][]float64{{0.1, 1, 1}, {1, 0.5, nan}}, AlphaOptions{Missing: Pairwise})
	if r.Alpha.Reason != ReasonContradictory || r.Feldt.Reason != ReasonContradictory {
		t.Errorf("got alpha %v, Feldt %v, want %q", r.Alpha, r.Feldt, ReasonContradictory)
	}
}

func TestAdjustPIgnoresMissingAndRefusesImpossibleValues(t *testing.T) {
	t.Parallel()
	got := AdjustP([]float64{0.01, math.NaN(), 0.04, 1.5}, Bonferroni)
	want := []Estimate{{Value: 0.02}, {Reason: ReasonNoData}, {Value: 0.08}, {Reason: ReasonInvalidOption}}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("adjusted (-got +want):\n%s", d)
	}
}

func TestPanelSelectsPairsByArm(t *testing.T) {
	t.Parallel()
	p, err := NewPanel([]string{"course", "wait", "course", "wait"}, "pre", "post")
	if err != nil {
		t.Fatal(err)
	}
	copy(p.Waves[0].Values, []float64{1, 2, 3, 4})
	copy(p.Waves[1].Values, []float64{3, 2, math.NaN(), 5})
	if d := cmp.Diff(p.ArmNames(), []string{"course", "wait"}); d != "" {
		t.Errorf("arms (-got +want):\n%s", d)
	}
	pre, post, err := p.Pairs("course", "pre", "post")
	if err != nil {
		t.Fatal(err)
	}
	if r := PairedT(pre, post, 0.95); r.Pairs != 1 || r.Excluded != 1 || r.MeanChange.Value != 2 {
		t.Errorf("course: got %d pairs, %d excluded, change %v", r.Pairs, r.Excluded, r.MeanChange)
	}
	changes, err := p.Changes("wait", "pre", "post")
	if d := cmp.Diff(changes, []float64{0, 1}); err != nil || d != "" {
		t.Errorf("changes: %v (-got +want):\n%s", err, d)
	}
	if all, err := p.Changes(EveryArm, "pre", "post"); err != nil || len(all) != 4 || !math.IsNaN(all[2]) {
		t.Errorf("all changes: got %v, %v", all, err)
	}
	if _, _, err := p.Pairs("course", "pre", "later"); !errors.Is(err, ErrUnknownWave) {
		t.Errorf("unknown wave: got %v", err)
	}
	if _, err := NewPanel(nil, "pre", "pre"); err == nil {
		t.Error("a repeated wave was accepted")
	}
}

// Walsh averages of 100,000 changes would be five billion numbers.
func TestHodgesLehmannOfManyPairsIsFast(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	pre, post := make([]float64, 100_000), make([]float64, 100_000)
	for i := range pre {
		pre[i] = random.NormFloat64()
		post[i] = pre[i] + 0.5 + random.NormFloat64()
	}
	start := time.Now()
	r := Wilcoxon(pre, post, 0.95)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if !(r.CI.Low < 0.5 && r.CI.High > 0.5 && r.CI.High-r.CI.Low < 0.03) || r.Method != RankNormal {
		t.Errorf("got %v by %s, want an interval around 0.5", r.CI, r.Method)
	}
	if r.PExact.Reason != ReasonTooManyForExact {
		t.Errorf("exact p: got %v", r.PExact)
	}
}
