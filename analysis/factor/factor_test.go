package factor

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tidemark/analysis"
)

// simulated draws answers of n people that one factor explains, item i with the
// loading and an intercept of i, unit residual variance.
func simulated(seed uint64, n int, loadings ...float64) [][]float64 {
	random := rand.New(rand.NewPCG(seed, 1))
	items := make([][]float64, len(loadings))
	for range n {
		f := random.NormFloat64()
		for i, l := range loadings {
			items[i] = append(items[i], float64(i)+l*f+random.NormFloat64())
		}
	}
	return items
}

func omega(t interface{ Fatal(...any) }, items [][]float64, opt OmegaOptions) OmegaResult {
	r, err := Omega(context.Background(), items, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDerivativesAreThoseOfDifferences(t *testing.T) {
	t.Parallel()
	items := append(simulated(1, 80, 1, 0.8, 0.9), simulated(2, 80, 0.7, 1, 0.8)...)
	s, why := newSample(items, unitsOf(items))
	if why != "" {
		t.Fatal(why)
	}
	parts := []part{newPart(block(s, 0, 3)), newPart(block(s, 3, 3))}
	m := model{structure: structure{items: 6, factors: 2, means: true, groups: make([][]element, 1)}}
	m.measurement(parts, Scalar, func(w int) (group, item, factor int) { return 0, 3 * w, w })
	m.overTime(parts, s)
	random := rand.New(rand.NewPCG(3, 3))
	at := slices.Clone(m.start)
	for i := range at {
		at[i] += 0.1 * random.NormFloat64() // away from the minimum
	}
	d := newDiscrepancy(&m.structure, []sample{s})
	if !d.at(at, true) {
		t.Fatal("the point has no covariance matrix")
	}
	gradient, hessian := slices.Clone(d.gradient), slices.Clone(d.hessian)
	const h = 1e-5
	side := func(k int, by float64) (float64, []float64) {
		x := slices.Clone(at)
		x[k] += by
		d.at(x, true)
		return d.value, slices.Clone(d.gradient)
	}
	n := m.params
	for k := range n {
		up, gUp := side(k, h)
		down, gDown := side(k, -h)
		if got, want := gradient[k], (up-down)/(2*h); math.Abs(got-want) > 1e-8 {
			t.Errorf("gradient %d: got %v, want %v", k, got, want)
		}
		for l := range n {
			if got, want := hessian[k*n+l], (gUp[l]-gDown[l])/(2*h); math.Abs(got-want) > 1e-6 {
				t.Errorf("second derivative (%d, %d): got %v, want %v", k, l, got, want)
			}
		}
	}
}

func TestOmegaOfEquallyGoodItemsIsAlpha(t *testing.T) {
	t.Parallel()
	// Equal covariances and variances: the items are parallel.
	random := rand.New(rand.NewPCG(4, 4))
	items := parallelItems(random, 40, 4, 0.6)
	r := omega(t, items, OmegaOptions{})
	alpha := analysis.Alpha(items, analysis.AlphaOptions{}).Alpha
	if d := cmp.Diff(r.Omega, alpha, cmpopts.EquateApprox(1e-9, 0)); d != "" {
		t.Errorf("omega of parallel items is not alpha (-got +want):\n%s", d)
	}
}

// parallelItems draws columns whose sample covariance is exactly r off and 1 on
// the diagonal, by the Gram–Schmidt process.
func parallelItems(random *rand.Rand, n, k int, r float64) [][]float64 {
	q := make([][]float64, k+1)
	for i := range q {
		q[i] = make([]float64, n)
		mean := 0.0
		for p := range q[i] {
			q[i][p] = random.NormFloat64()
			mean += q[i][p] / float64(n)
		}
		for p := range q[i] {
			q[i][p] -= mean
		}
		for _, other := range q[:i] {
			var dot, square float64
			for p, v := range other {
				dot += v * q[i][p]
				square += v * v
			}
			for p, v := range other {
				q[i][p] -= dot / square * v
			}
		}
		norm := 0.0
		for _, v := range q[i] {
			norm += v * v
		}
		for p := range q[i] {
			q[i][p] *= math.Sqrt(float64(n-1) / norm)
		}
	}
	items := make([][]float64, k)
	for i := range items {
		items[i] = make([]float64, n)
		for p := range items[i] {
			items[i][p] = math.Sqrt(r)*q[k][p] + math.Sqrt(1-r)*q[i][p]
		}
	}
	return items
}

func TestOmegaDoesNotDependOnOrderUnitOrKeys(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := simulated(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(30, 80).Draw(t, "people"), 1, 0.7, 0.9, 0.5)
		want := omega(t, items, OmegaOptions{})
		if !want.Omega.OK() {
			return
		}
		var moved, standard [][]float64
		for i, x := range items {
			x = slices.Clone(x)
			slices.Reverse(x)
			d := analysis.Describe(x, 0.95)
			z := slices.Clone(x)
			for p := range x {
				z[p] = (x[p] - d.Mean.Value) / d.SD.Value
				x[p] *= 8
				if i == 2 {
					x[p] = 40 - x[p]
				}
			}
			moved, standard = append(moved, x), append(standard, z)
		}
		slices.Reverse(moved)
		got := omega(t, moved, OmegaOptions{Options: Options{Keys: []int{1, -1, 1, 1}, Min: 0, Max: 40}})
		for name, pair := range map[string][2]analysis.Estimate{
			"omega":              {got.Omega, want.Omega},
			"standardised omega": {got.OmegaStandardised, want.OmegaStandardised},
			"psych's omega":      {got.OmegaPsych, want.OmegaPsych},
			"omega of z-scores":  {omega(t, standard, OmegaOptions{}).Omega, want.OmegaStandardised},
		} {
			if d := cmp.Diff(pair[0], pair[1], cmpopts.EquateApprox(1e-7, 1e-9)); d != "" {
				t.Fatalf("%s (-got +want):\n%s", name, d)
			}
		}
	})
}

func TestANegativeResidualVarianceIsNamed(t *testing.T) {
	t.Parallel()
	// Correlations that one factor explains only if the first item has more than
	// all of its variance in common: r₁₂r₁₃/r₂₃ = 0.8·0.7/0.3 > 1.
	items := withCorrelations(50, []float64{1, 0.8, 0.7, 0.8, 1, 0.3, 0.7, 0.3, 1})
	r := omega(t, items, OmegaOptions{Options: Options{Names: []string{"calm", "kind", "clear"}}})
	if r.Omega.Reason != analysis.ReasonImproper || r.OmegaPsych.Reason != analysis.ReasonImproper {
		t.Errorf("got omega %v and %v, want a reason", r.Omega, r.OmegaPsych)
	}
	if d := cmp.Diff(append(r.Heywood, r.HeywoodMinres...), []string{"calm", "calm"}); d != "" {
		t.Errorf("Heywood cases (-got +want):\n%s", d)
	}
	c, err := CFA(context.Background(), items, Options{})
	if err != nil || c.Fit.Reason != analysis.ReasonImproper || c.Items[0].Standardised.Reason != analysis.ReasonImproper {
		t.Errorf("got fit %q, loading %v (%v)", c.Fit.Reason, c.Items[0].Standardised, err)
	}
	if !c.Fit.ChiSquare.OK() {
		t.Errorf("got χ² %v, want that of the minimum", c.Fit.ChiSquare)
	}
}

// withCorrelations returns three columns with exactly these sample correlations.
func withCorrelations(n int, r []float64) [][]float64 {
	q := parallelItems(rand.New(rand.NewPCG(6, 6)), n, 3, 0)
	l21, l31 := r[3], r[6]
	l22 := math.Sqrt(1 - l21*l21)
	l32 := (r[7] - l31*l21) / l22
	l33 := math.Sqrt(1 - l31*l31 - l32*l32)
	items := [][]float64{slices.Clone(q[0]), make([]float64, n), make([]float64, n)}
	for p := range n {
		items[1][p] = l21*q[0][p] + l22*q[1][p]
		items[2][p] = l31*q[0][p] + l32*q[1][p] + l33*q[2][p]
	}
	return items
}

func TestTheBootstrapDoesNotDependOnTheNumberOfCores(t *testing.T) {
	items := simulated(7, 60, 1, 0.8, 0.6, 0.9)
	opt := OmegaOptions{Resamples: 200, Seed: 11}
	want := omega(t, items, opt)
	before := runtime.GOMAXPROCS(1)
	got := omega(t, items, opt)
	runtime.GOMAXPROCS(before)
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("on one core (-got +want):\n%s", d)
	}
	if !(want.CI.Low < want.Omega.Value && want.Omega.Value < want.CI.High) {
		t.Errorf("got %v in %v", want.Omega, want.CI)
	}
	opt.Interval, opt.Seed = Percentile, 12
	if other := omega(t, items, opt); other.CI == want.CI || !other.CI.OK() || other.CI.High > 1 {
		t.Errorf("percentile interval of another seed: got %v beside %v", other.CI, want.CI)
	}
}

func TestTheBootstrapStopsWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Omega(ctx, simulated(8, 50, 1, 1, 1), OmegaOptions{Resamples: 1000})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
}

// The interval should cover the true ω in 95 % of samples: in 114 of 120, give or
// take 2.4.
func TestTheBootstrapIntervalCoversTheTrueOmega(t *testing.T) {
	t.Parallel()
	const samples = 120
	l := []float64{1, 0.8, 0.7, 0.9}
	sum := 0.0
	for _, v := range l {
		sum += v
	}
	truth, covered := sum*sum/(sum*sum+float64(len(l))), 0
	for s := range uint64(samples) {
		r := omega(t, simulated(100+s, 150, l...), OmegaOptions{Resamples: 300, Seed: s})
		if r.CI.OK() && r.CI.Low <= truth && truth <= r.CI.High {
			covered++
		}
	}
	if covered < 106 {
		t.Errorf("the interval covers the true value in %d of %d samples", covered, samples)
	}
}

func TestWhatCannotBeFittedIsNamed(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for name, c := range map[string]struct {
		items [][]float64
		opt   Options
		want  analysis.Reason
	}{
		"nothing":       {nil, Options{}, analysis.ReasonNoData},
		"nobody":        {[][]float64{{nan, nan, 1, 2}, {1, 2, nan, nan}, {2, 3, 3, 5}}, Options{}, analysis.ReasonNoData},
		"two items":     {[][]float64{{1, 2, 3, 4}, {2, 1, 4, 3}}, Options{}, analysis.ReasonItemsTooFew3},
		"constant item": {[][]float64{{1, 2, 3, 4}, {2, 1, 4, 3}, {5, 5, 5, 5}}, Options{}, analysis.ReasonItemsTooFew3},
		"repeated item": {[][]float64{{1, 2, 3, 4}, {2, 1, 4, 3}, {1, 2, 3, 4}}, Options{}, analysis.ReasonSingular},
		"few people":    {[][]float64{{1, 2, 3}, {2, 1, 3}, {1, 3, 2}}, Options{}, analysis.ReasonSingular},
		"infinite":      {[][]float64{{1, 2, math.Inf(1)}, {2, 1, 3}, {1, 3, 2}}, Options{}, analysis.ReasonInfiniteInput},
		"level":         {simulated(1, 20, 1, 1, 1), Options{Level: 3}, analysis.ReasonInvalidOption},
		"keys":          {simulated(1, 20, 1, 1, 1), Options{Keys: []int{1}}, analysis.ReasonInvalidOption},
	} {
		if r := omega(t, c.items, OmegaOptions{Options: c.opt, Resamples: 10}); r.Omega.Reason != c.want || r.CI.Reason != c.want {
			t.Errorf("%s: got omega %v, interval %v, want %q", name, r.Omega, r.CI, c.want)
		}
		r, err := CFA(context.Background(), c.items, c.opt)
		if err != nil || r.Fit.Reason != c.want || r.Fit.CFI.Reason != c.want {
			t.Errorf("%s: got fit %q (%v), want %q", name, r.Fit.Reason, err, c.want)
		}
	}
}

func TestWhatCannotBeComparedIsNamed(t *testing.T) {
	t.Parallel()
	items := simulated(3, 8, 1, 1, 1)
	same := slices.Clone(items)
	same[0] = []float64{1, 2, 3, 4, 5, 5, 5, 5}
	half := []string{"a", "a", "a", "a", "b", "b", "b", "b"}
	for name, c := range map[string]struct {
		items  [][]float64
		groups []string
		want   analysis.Reason
	}{
		"one group":              {items, []string{"a", "a", "a", "a", "a", "a", "a", ""}, analysis.ReasonEmptyGroup},
		"one person":             {items, []string{"a", "a", "a", "a", "a", "a", "a", "b"}, analysis.ReasonGroupTooFew2},
		"constant in a group":    {same, half, analysis.ReasonZeroVariance},
		"labels of other people": {items, []string{"a"}, analysis.ReasonInvalidOption},
		"two items":              {items[:2], half, analysis.ReasonItemsTooFew3},
	} {
		r, err := GroupInvariance(context.Background(), c.items, c.groups, Options{})
		if err != nil || r.Scalar.Reason != c.want || r.MetricTest.P.Reason != c.want || r.MetricTest.Reading != Unread {
			t.Errorf("%s: got %q, p %v (%v), want %q", name, r.Scalar.Reason, r.MetricTest.P, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		waves [][][]float64
		names []string
		want  analysis.Reason
	}{
		"one wave":    {[][][]float64{items}, []string{"a"}, analysis.ReasonColumnsTooFew2},
		"names":       {[][][]float64{items, items}, []string{"a"}, analysis.ReasonInvalidOption},
		"other items": {[][][]float64{items, items[:2]}, []string{"a", "b"}, analysis.ReasonInvalidOption},
		"the same":    {[][][]float64{items, items}, []string{"a", "b"}, analysis.ReasonSingular},
	} {
		r, err := WaveInvariance(context.Background(), c.waves, c.names, Options{})
		if err != nil || r.Metric.Reason != c.want {
			t.Errorf("%s: got %q (%v), want %q", name, r.Metric.Reason, err, c.want)
		}
	}
}

// Every item loads 0.6 on a general factor and 0.5 on one of three others, so
// that the shares are known.
func TestTheGeneralFactorIsToldFromGroupFactors(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 9))
	const n, perGroup, groups = 20000, 4, 3
	items := make([][]float64, perGroup*groups)
	for range n {
		general := random.NormFloat64()
		for g := range groups {
			own := random.NormFloat64()
			for i := range perGroup {
				unique := math.Sqrt(1-0.36-0.25) * random.NormFloat64()
				items[g*perGroup+i] = append(items[g*perGroup+i], 0.6*general+0.5*own+unique)
			}
		}
	}
	r, err := OmegaHierarchical(context.Background(), items, groups, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Of the variance of the sum, (12·0.6)² is general, 3·(4·0.5)² of groups.
	all := 7.2*7.2 + 3*4 + 12*(1-0.36-0.25)
	for name, pair := range map[string][2]float64{
		"hierarchical": {r.Hierarchical.Value, 7.2 * 7.2 / all},
		"total":        {r.Total.Value, 1 - 12*(1-0.36-0.25)/all},
	} {
		if math.Abs(pair[0]-pair[1]) > 0.02 {
			t.Errorf("%s: got %v, want about %v", name, pair[0], pair[1])
		}
	}
	for factors, want := range map[int]analysis.Reason{1: analysis.ReasonInvalidOption, 9: analysis.ReasonNotIdentified} {
		r, err := OmegaHierarchical(context.Background(), items, factors, Options{})
		if err != nil || r.Total.Reason != want || r.Hierarchical.Reason != want {
			t.Errorf("%d factors: got %v (%v), want %q", factors, r.Total, err, want)
		}
	}
}

// checkResult fails on numbers that are not finite and reasons that are unknown.
func checkResult(t *rapid.T, path string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case analysis.Estimate:
		if x.OK() && !analysis.Finite(x.Value) || !x.OK() && !x.Reason.Valid() {
			t.Fatalf("%s = %#v", path, x)
		}
		return
	case analysis.Interval:
		if x.OK() && !(x.Low <= x.High) || !x.OK() && !x.Reason.Valid() {
			t.Fatalf("%s = %#v", path, x)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			checkResult(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkResult(t, path+"[]", v.Index(i))
		}
	}
}

func TestNoItemsPanicOrYieldNonFiniteResults(t *testing.T) {
	t.Parallel()
	number := rapid.OneOf(
		rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), 0, 1, -1, 1e300, 1e-300, math.MaxFloat64, 5e-324, 1e15}),
		rapid.Map(rapid.IntRange(1, 5), func(i int) float64 { return float64(i) }),
		rapid.Float64Range(-3, 3),
	)
	tame := rapid.Map(rapid.IntRange(1, 5), func(i int) float64 { return float64(i) })
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 14).Draw(t, "people")
		value := rapid.SampledFrom([]*rapid.Generator[float64]{number, tame, tame}).Draw(t, "kind")
		scale := rapid.SampledFrom([]float64{1, 1, 1e-200, 1e200}).Draw(t, "scale")
		items := rapid.SliceOfN(rapid.SliceOfN(value, n, n), 0, 6).Draw(t, "items")
		for _, x := range items {
			for p := range x {
				x[p] *= scale
			}
		}
		groups := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b"}), n, n).Draw(t, "groups")
		ctx := context.Background()
		r, err := Omega(ctx, items, OmegaOptions{Resamples: 5})
		c, err2 := CFA(ctx, items, Options{})
		g, err3 := GroupInvariance(ctx, items, groups, Options{})
		half := len(items) / 2
		w, err4 := WaveInvariance(ctx, [][][]float64{items[:half], items[half : 2*half]}, []string{"a", "b"}, Options{})
		if err := errors.Join(err, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		h, err := OmegaHierarchical(ctx, items, 2, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for name, result := range map[string]any{"OmegaHierarchical": h, "Omega": r, "CFA": c, "GroupInvariance": g, "WaveInvariance": w} {
			checkResult(t, name, reflect.ValueOf(result))
			if _, err := json.Marshal(result); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}
