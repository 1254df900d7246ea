package missing

import (
	"context"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

func impute(t interface{ Fatal(...any) }, columns [][]float64, opt ImputeOptions) Imputations {
	r, err := Impute(context.Background(), columns, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// readColumns reads testdata/mar.csv: arm, pre, mid and post of 160 simulated
// people, missing at random.
func readColumns(t *testing.T) [][]float64 {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "mar.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := make([][]float64, len(rows[0]))
	for _, row := range rows[1:] {
		for j, cell := range row {
			v := nan
			if cell != "" {
				if v, err = strconv.ParseFloat(cell, 64); err != nil {
					t.Fatal(err)
				}
			}
			columns[j] = append(columns[j], v)
		}
	}
	return columns
}

// What mice 3.15 finds with 400 imputations of 10 iterations of pmm for post ~ pre
// + arm: estimate, between and within variance. Two runs of 400 differ by √(2b/400);
// the estimates must agree within four times that, variances within what chance
// gives (7 % for the between variance).
func TestImputationsAreThoseOfMice(t *testing.T) {
	t.Parallel()
	columns := readColumns(t)
	r := impute(t, columns, ImputeOptions{M: 400, Seed: 5})
	pooled, err := Pool(context.Background(), &r, PoolOptions{}, func(c [][]float64) (Fit, error) {
		return Regress("post ~ pre + arm", []design.Column{
			design.Numeric("arm", c[0]), design.Numeric("pre", c[1]), design.Numeric("post", c[3]),
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	means, err := Pool(context.Background(), &r, PoolOptions{}, func(c [][]float64) (Fit, error) {
		return Regress("post ~ 1", []design.Column{design.Numeric("post", c[3])})
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][3]float64{
		{8.86620744, 0.9443580861, 1.2355068117},
		{0.58176962, 0.0013810881, 0.0020425823},
		{1.77767958, 0.1274028766, 0.2129998851},
		{23.54594, 0.0313574, 0.1146269},
	} {
		q := append(pooled, means...)[i]
		if off := math.Abs(q.Estimate.Value - want[0]); off > 4*math.Sqrt(2*want[1]/400) {
			t.Errorf("%s: got %v, mice has %v", q.Name, q.Estimate, want[0])
		}
		if ratio := q.Between.Value / want[1]; ratio < 0.7 || ratio > 1.4 {
			t.Errorf("%s: got between variance %v, mice has %v", q.Name, q.Between, want[1])
		}
		if ratio := q.Within.Value / want[2]; ratio < 0.93 || ratio > 1.07 {
			t.Errorf("%s: got within variance %v, mice has %v", q.Name, q.Within, want[2])
		}
	}
	if rhat := r.Trace.RHat(3); !(rhat.Value > 0.9 && rhat.Value < 1.1) {
		t.Errorf("got R̂ %v", rhat)
	}
}

// Whoever starts low is more likely to drop out: complete cases overestimate the
// mean, the pooled interval covers it as often as it says.
func TestPooledIntervalsCoverUnderMissingAtRandom(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(21, 4))
	const samples, n = 200, 400
	covered, low := 0, 0
	for s := range uint64(samples) {
		pre, post := make([]float64, n), make([]float64, n)
		for i := range n {
			pre[i] = random.NormFloat64()
			post[i] = 0.8*pre[i] + 0.6*random.NormFloat64()
			if random.Float64() < 1/(1+math.Exp(0.5+0.5*pre[i])) {
				post[i] = nan
			}
		}
		r := impute(t, [][]float64{pre, post}, ImputeOptions{M: 20, Iterations: 1, Seed: s})
		pooled, err := Pool(context.Background(), &r, PoolOptions{}, func(c [][]float64) (Fit, error) {
			d := analysis.Describe(c[1], 0.95)
			return Fit{Names: []string{"mean"}, Estimates: []float64{d.Mean.Value},
				Variances: []float64{d.SE.Value * d.SE.Value}, DF: n - 1}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if ci := pooled[0].CI; ci.Low <= 0 && 0 <= ci.High {
			covered++
		}
		if analysis.Describe(post, 0.95).MeanCI.Low > 0 {
			low++
		}
	}
	// 95 % of 200 are 190; 181 is three standard errors less.
	if covered < 181 || covered > 199 {
		t.Errorf("the pooled interval covers in %d of %d samples", covered, samples)
	}
	if low < 100 {
		t.Errorf("complete cases are above the true mean in %d samples only: the test tests nothing", low)
	}
}

func TestImputedValuesAreObservedOnes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := table(t)
		arms := make([]string, len(columns[0]))
		for i := range arms {
			arms[i] = []string{"course", "wait-list"}[i%2]
		}
		opt := ImputeOptions{
			M: 3, Iterations: 2, Seed: rapid.Uint64().Draw(t, "seed"), Arms: arms,
			WithinArms: rapid.Bool().Draw(t, "within"),
			Visit:      rapid.SampledFrom([]Visit{"", FewestFirst}).Draw(t, "visit"),
		}
		r := impute(t, columns, opt)
		if r.Reason != "" {
			return
		}
		for i, completed := range r.All {
			for j, x := range completed {
				for p, v := range x {
					observed := columns[j][p]
					if !math.IsNaN(observed) {
						if v != observed {
							t.Fatalf("imputation %d changed an observed value", i)
						}
						continue
					}
					if !slices.ContainsFunc(peopleOf(columns[j], arms, arms[p], opt.WithinArms), func(o float64) bool { return o == v }) {
						t.Fatalf("imputed value %v of column %d is nobody's", v, j)
					}
				}
			}
		}
	})
}

// peopleOf lists the observed values that may be given to somebody.
func peopleOf(x []float64, arms []string, arm string, within bool) []float64 {
	var values []float64
	for p, v := range x {
		if !math.IsNaN(v) && (!within || arms[p] == arm) {
			values = append(values, v)
		}
	}
	return values
}

func TestImputationsDependOnTheSeedOnly(t *testing.T) {
	columns := readColumns(t)
	var told []int
	opt := ImputeOptions{M: 7, Iterations: 3, Seed: 9, Progress: func(done, _ int) { told = append(told, done) }}
	want := impute(t, columns, opt)
	if d := cmp.Diff(told, []int{1, 2, 3, 4, 5, 6, 7}); d != "" {
		t.Errorf("progress (-got +want):\n%s", d)
	}
	before := runtime.GOMAXPROCS(1)
	got := impute(t, columns, opt)
	runtime.GOMAXPROCS(before)
	for i := range want.M {
		if d := cmp.Diff(got.Completed(i, nil), want.Completed(i, nil)); d != "" {
			t.Fatalf("on one core, imputation %d (-got +want):\n%s", i, d)
		}
	}
	if d := cmp.Diff(got.Trace, want.Trace); d != "" {
		t.Errorf("trace on one core (-got +want):\n%s", d)
	}
	opt.Seed = 10
	if cmp.Equal(impute(t, columns, opt).Trace, want.Trace) {
		t.Error("another seed gives the same imputations")
	}
}

func TestDonorsAreOfTheSameArmWithinArms(t *testing.T) {
	t.Parallel()
	// The arms have no value in common.
	columns := [][]float64{
		{1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4},
		{1, 2, 3, nan, 2, 1, 11, nan, 12, 13, nan, 14},
	}
	arms := []string{"a", "a", "a", "a", "a", "a", "b", "b", "b", "b", "b", "b"}
	r := impute(t, columns, ImputeOptions{Arms: arms, WithinArms: true})
	for _, c := range r.All {
		if c[1][3] > 3 || c[1][7] < 11 || c[1][10] < 11 {
			t.Fatalf("got %v from the other arm", c[1])
		}
	}
	few := ImputeOptions{Arms: []string{"a", "a", "a", "c", "a", "a", "b", "b", "b", "b", "b", "b"}, WithinArms: true}
	if r := impute(t, columns, few); r.Reason != analysis.ReasonNoDonors || r.Column != 1 {
		t.Errorf("an arm without donors: got %q at column %d", r.Reason, r.Column)
	}
}

func TestShiftsMoveWhatWasImputedInOneArm(t *testing.T) {
	t.Parallel()
	columns := [][]float64{{1, 2, 3, 4, 5, 6}, {1, nan, 3, 4, nan, 6}}
	r := impute(t, columns, ImputeOptions{M: 2, Arms: []string{"a", "a", "a", "b", "b", "b"}})
	worse := r.Shift(1, "b", -2)
	both := worse.Shift(1, analysis.EveryArm, 0.5)
	plain, moved, twice := r.Completed(1, nil), worse.Completed(1, nil), both.Completed(1, nil)
	want := slices.Clone(plain[1])
	want[4] -= 2
	if d := cmp.Diff(moved[1], want); d != "" {
		t.Errorf("shifted in one arm (-got +want):\n%s", d)
	}
	want[1] += 0.5
	want[4] += 0.5
	if d := cmp.Diff(twice[1], want); d != "" {
		t.Errorf("shifted again (-got +want):\n%s", d)
	}
	if &plain[0][0] != &columns[0][0] {
		t.Error("a complete column was copied")
	}
	if bad := r.Shift(2, "a", 1); bad.Reason != analysis.ReasonInvalidOption || bad.Completed(0, nil) != nil {
		t.Errorf("shift of no column: got %q", bad.Reason)
	}
}
