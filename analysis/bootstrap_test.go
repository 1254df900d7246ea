package analysis

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tidemark/analysis/dist"
	"tidemark/analysis/internal/parallel"
)

// bootstrapped runs a bootstrap that must not fail.
func bootstrapped(t interface {
	Helper()
	Fatal(...any)
}, r BootstrapResult, err error) BootstrapResult {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The quick ways and the general one draw the same rows from the same seed.
func TestQuickBootstrapsEqualTheGeneralOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 20).Draw(t, "n")
		score := rapid.Map(rapid.IntRange(0, 80), func(i int) float64 { return float64(i) / 8 })
		pre, post := rapid.SliceOfN(score, n, n).Draw(t, "pre"), rapid.SliceOfN(score, n, n).Draw(t, "post")
		opt := BootstrapOptions{Resamples: 49, Level: 0.9, Seed: rapid.Uint64().Draw(t, "seed")}
		ctx := context.Background()
		pick := func(x []float64, rows []int) []float64 {
			out := make([]float64, len(rows))
			for i, row := range rows {
				out[i] = x[row]
			}
			return out
		}
		same := func(what string, quick, general BootstrapResult) {
			if !quick.BCa.OK() || !general.BCa.OK() {
				return // the quick ways know better why
			}
			general.Below, general.Tied = quick.Below, quick.Tied // other tolerances
			general.Z0, general.Z0MidTie = quick.Z0, quick.Z0MidTie
			general.AlphaLow, general.AlphaHigh = quick.AlphaLow, quick.AlphaHigh
			general.BCa, general.BCaType6, general.BCaMidTie = quick.BCa, quick.BCaType6, quick.BCaMidTie
			diff(t, what, quick, general)
		}
		quick, err := BootstrapMean(ctx, pre, opt)
		bootstrapped(t, quick, err)
		general, err := Bootstrap(ctx, n, func(rows []int) float64 { return Describe(pick(pre, rows), 0.95).Mean.Value }, opt)
		same("mean", quick, bootstrapped(t, general, err))

		estimate := func(e Estimate) float64 {
			if !e.OK() {
				return math.NaN()
			}
			return e.Value
		}
		quick, err = BootstrapDz(ctx, pre, post, opt)
		bootstrapped(t, quick, err)
		general, err = Bootstrap(ctx, n, func(rows []int) float64 {
			return estimate(PairedEffects(pick(pre, rows), pick(post, rows), 0.95).Dz)
		}, opt)
		same("dz", quick, bootstrapped(t, general, err))

		quick, err = BootstrapDav(ctx, pre, post, opt)
		bootstrapped(t, quick, err)
		general, err = Bootstrap(ctx, n, func(rows []int) float64 {
			return estimate(PairedEffects(pick(pre, rows), pick(post, rows), 0.95).Dav)
		}, opt)
		same("dav", quick, bootstrapped(t, general, err))
	})
}

// Sums of eighths are exact, so that replicates can be compared with the
// estimate without a tolerance.
func TestTiedReplicatesAreFoundAndAreNotBelow(t *testing.T) {
	t.Parallel()
	for _, n := range []int{10, 500} {
		x, eighths := make([]float64, n), make([]int, n)
		random := rand.New(rand.NewPCG(uint64(n), 1))
		all := 0
		for i := range x {
			eighths[i] = random.IntN(5)
			x[i] = 0.1 * float64(eighths[i]) // tenths, which doubles do not hold
			all += eighths[i]
		}
		r, err := BootstrapMean(context.Background(), x, BootstrapOptions{Resamples: 3000, Seed: 9})
		bootstrapped(t, r, err)
		below, tied := 0, 0
		var d dice
		rows := make([]int, n)
		for i := range 3000 {
			parallel.Stream(&d.random, 9, i)
			d.rows(rows, n)
			sum := 0
			for _, row := range rows {
				sum += eighths[row]
			}
			if sum < all {
				below++
			}
			if sum == all {
				tied++
			}
		}
		if r.Below != below || r.Tied != tied || tied == 0 {
			t.Errorf("n = %d: got %d below and %d tied, want %d and %d", n, r.Below, r.Tied, below, tied)
		}
	}
}

func TestBootstrapsDependOnTheSeedAlone(t *testing.T) {
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	x, y := manyChanges(60, 0.3), manyChanges(40, 0)
	run := func(cores int, seed uint64) []BootstrapResult {
		runtime.GOMAXPROCS(cores)
		opt := BootstrapOptions{Resamples: 2000, Seed: seed}
		a, err := BootstrapDifference(context.Background(), x, y, opt)
		bootstrapped(t, a, err)
		b, err := BootstrapDz(context.Background(), y, x[:40], opt)
		return []BootstrapResult{a, bootstrapped(t, b, err)}
	}
	one, four, other := run(1, 5), run(4, 5), run(4, 6)
	if d := cmp.Diff(four, one); d != "" {
		t.Errorf("four cores (-got +want):\n%s", d)
	}
	if one[0].Seed != 5 || one[0].BCa == other[0].BCa {
		t.Errorf("another seed changed nothing: %v", other[0].BCa)
	}
}

func TestBootstrapOfAMeanComesCloseToItsClosedForm(t *testing.T) {
	t.Parallel()
	x := manyChanges(50, 2)
	for i := range x {
		x[i] = math.Exp(x[i] / 2)
	}
	r, err := BootstrapMean(context.Background(), x, BootstrapOptions{Resamples: 40_000, Seed: 3})
	bootstrapped(t, r, err)
	ideal := IdealBootstrapOfMean(x)
	diff1 := math.Abs(r.SE.Value/ideal.IdealSE.Value - 1)
	if diff1 > 0.02 || math.Abs(r.Bias.Value) > 4*ideal.IdealSE.Value/200 {
		t.Errorf("SE %v, ideal %v; bias %v", r.SE, ideal.IdealSE, r.Bias)
	}
	if math.Abs(r.Acceleration.Value-ideal.Acceleration.Value) > 1e-12 {
		t.Errorf("acceleration %v, closed form %v", r.Acceleration, ideal.Acceleration)
	}
	if !(r.BCa.Low > r.Basic.Low && r.BCa.High > r.Basic.High) {
		t.Errorf("skewed data: BCa %v, basic %v", r.BCa, r.Basic)
	}
}

func TestBootstrapMovesWithItsData(t *testing.T) {
	t.Parallel()
	x := manyChanges(25, 1)
	opt := BootstrapOptions{Resamples: 999, Seed: 2}
	run := func(f func(float64) float64) BootstrapResult {
		r, err := BootstrapMean(context.Background(), mapped(x, f), opt)
		return bootstrapped(t, r, err)
	}
	a := run(func(v float64) float64 { return v })
	moved := run(func(v float64) float64 { return 4*v + 10 })
	turned := run(func(v float64) float64 { return -v })
	for what, pair := range map[string][2]Interval{
		"moved BCa":        {moved.BCa, NewInterval(4*a.BCa.Low+10, 4*a.BCa.High+10, 0.95)},
		"moved percentile": {moved.Percentile, NewInterval(4*a.Percentile.Low+10, 4*a.Percentile.High+10, 0.95)},
		"turned BCa":       {turned.BCa, mirrored(a.BCa)},
		"turned normal":    {turned.Normal, mirrored(a.Normal)},
	} {
		if d := cmp.Diff(pair[0], pair[1], approx); d != "" {
			t.Errorf("%s (-got +want):\n%s", what, d)
		}
	}
	// Standardised effects do not know the unit.
	pre, post := manyChanges(25, 0), x
	r, err := BootstrapDav(context.Background(), pre, post, opt)
	first := bootstrapped(t, r, err)
	times := func(v float64) float64 { return 1000*v + 5 }
	r, err = BootstrapDav(context.Background(), mapped(pre, times), mapped(post, times), opt)
	if d := cmp.Diff(bootstrapped(t, r, err), first, approx); d != "" {
		t.Errorf("another unit (-got +want):\n%s", d)
	}
}

func TestSwappingGroupsAndHalvesMirrorsTheBootstrap(t *testing.T) {
	t.Parallel()
	pre, post := manyChanges(30, 0), manyChanges(31, 0.5)[:30]
	opt := BootstrapOptions{Resamples: 1999}
	for name, run := range map[string]func(a, b []float64) (BootstrapResult, error){
		"dz":  func(a, b []float64) (BootstrapResult, error) { return BootstrapDz(context.Background(), a, b, opt) },
		"dav": func(a, b []float64) (BootstrapResult, error) { return BootstrapDav(context.Background(), a, b, opt) },
	} {
		r, err := run(pre, post)
		a := bootstrapped(t, r, err)
		r, err = run(post, pre)
		if b := bootstrapped(t, r, err); cmp.Diff(b.BCa, mirrored(a.BCa), approx) != "" {
			t.Errorf("%s: got %v, mirrored %v", name, b.BCa, a.BCa)
		}
	}
}

// The counts of every pair of neighbouring throws are as uniform as they should
// be: χ² of n² cells.
func TestDiceAreFairAndIndependent(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 3, 7, 24, 60} {
		var d dice
		parallel.Stream(&d.random, 11, n)
		counts := make([]int, n*n)
		throws := max(200*n*n, 20_000)
		rows := make([]int, 2*1000)
		for range throws / 1000 {
			d.rows(rows, n)
			for i := 0; i < len(rows); i += 2 {
				counts[rows[i]*n+rows[i+1]]++
			}
		}
		expected := float64(throws/1000*1000) / float64(n*n)
		chi := 0.0
		for _, c := range counts {
			chi += (float64(c) - expected) * (float64(c) - expected) / expected
		}
		if cells := n * n; cells > 1 {
			if p := dist.ChiSquareTail(chi, float64(cells-1)); p < 1e-4 {
				t.Errorf("%d faces: χ² = %.1f, p = %v", n, chi, p)
			}
		}
	}
	var d dice
	d.faces(1 << 40) // rows far beyond any study still fit
	if d.throws != 1 {
		t.Errorf("huge dice give %d throws a word, want 1", d.throws)
	}
}

func TestBootstrapsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x := manyChanges(50, 0)
	if _, err := BootstrapMean(ctx, x, BootstrapOptions{}); err == nil {
		t.Error("mean: no error")
	}
	if _, err := Bootstrap(ctx, 50, func(rows []int) float64 { return float64(rows[0]) }, BootstrapOptions{}); err == nil {
		t.Error("general: no error")
	}
}

func TestResamplesWithoutAStatisticAreCounted(t *testing.T) {
	t.Parallel()
	// One resample in nine takes the same pair every time, or is of pairs with
	// the same change.
	r, err := BootstrapDz(context.Background(), []float64{0, 0, 0}, []float64{1, 2, 4}, BootstrapOptions{Resamples: 900})
	bootstrapped(t, r, err)
	if r.Failed < 60 || r.Failed > 140 || !r.Percentile.OK() {
		t.Errorf("got %d failed and %v", r.Failed, r.Percentile)
	}
	same, err := BootstrapMean(context.Background(), []float64{2, 2, 2}, BootstrapOptions{})
	bootstrapped(t, same, err)
	if same.BCa.Reason != ReasonZeroVariance || same.Estimate.Value != 2 {
		t.Errorf("equal values: got %v and %v", same.Estimate, same.BCa)
	}
	extreme, err := Bootstrap(context.Background(), 20, func(rows []int) float64 {
		largest := 0
		for _, row := range rows {
			largest = max(largest, row)
		}
		return float64(largest)
	}, BootstrapOptions{Resamples: 500})
	bootstrapped(t, extreme, err)
	if extreme.Estimate.Value != 19 || !extreme.Percentile.OK() {
		t.Errorf("maximum: got %+v", extreme)
	}
}

func TestNoBootstrapPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := roughColumn().Draw(t, "x"), roughColumn().Draw(t, "y")
		opt := BootstrapOptions{
			Resamples: rapid.SampledFrom([]int{1, 2, 50, -1, 1 << 40}).Draw(t, "resamples"),
			Level:     roughLevel().Draw(t, "level"),
		}
		ctx := context.Background()
		for name, run := range map[string]func() (BootstrapResult, error){
			"mean":       func() (BootstrapResult, error) { return BootstrapMean(ctx, x, opt) },
			"change":     func() (BootstrapResult, error) { return BootstrapChange(ctx, x, y, opt) },
			"difference": func() (BootstrapResult, error) { return BootstrapDifference(ctx, x, y, opt) },
			"dz":         func() (BootstrapResult, error) { return BootstrapDz(ctx, x, y, opt) },
			"dav":        func() (BootstrapResult, error) { return BootstrapDav(ctx, x, y, opt) },
			"general": func() (BootstrapResult, error) {
				return Bootstrap(ctx, len(x), func(rows []int) float64 { return x[rows[0]] }, opt)
			},
		} {
			r, err := run()
			check(t, name, bootstrapped(t, r, err))
		}
		check(t, "ideal", IdealBootstrapOfMean(x))
		rows := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(-1, 8), 0, 5), 0, 5).Draw(t, "rows")
		first := func(v []float64) float64 {
			if len(v) == 0 {
				return math.NaN()
			}
			return v[0]
		}
		check(t, "given", BootstrapGiven(x, rows, first, opt.Level))
	})
}
