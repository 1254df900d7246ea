package analysis

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// someChanges draws changes with or without a common step.
func someChanges(t *rapid.T, n int) []float64 {
	step := rapid.SampledFrom([]float64{1, 0.1, 1.0 / 12, 0}).Draw(t, "step")
	out := make([]float64, n)
	for i := range out {
		out[i] = step * float64(rapid.IntRange(-6, 6).Draw(t, "units"))
		if step == 0 {
			out[i] = math.Cbrt(float64(rapid.IntRange(-99, 99).Draw(t, "cube")))
		}
	}
	return out
}

func TestExactSignFlipsEqualEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		change := someChanges(t, rapid.IntRange(1, 9).Draw(t, "n"))
		r, err := PermutePairs(context.Background(), make([]float64, len(change)), change, PermutationOptions{})
		if err != nil || r.Method != PermutationExact {
			t.Fatalf("got %s, %v", r.Method, err)
		}
		observed := 0.0
		for _, d := range change {
			observed += d
		}
		var less, greater, far float64
		for set := range 1 << len(change) {
			sum := 0.0
			for i, d := range change {
				if set>>i&1 == 1 {
					d = -d
				}
				sum += d
			}
			less += count(sum <= observed+1e-12)
			greater += count(sum >= observed-1e-12)
			far += count(math.Abs(sum) >= math.Abs(observed)-1e-12)
		}
		all := math.Ldexp(1, len(change))
		diff(t, "less", r.PLess, Known(less/all))
		diff(t, "greater", r.PGreater, Known(greater/all))
		diff(t, "two-sided", r.P, Known(far/all))
		diff(t, "twice the smaller", r.PTwiceMin, r.P)
	})
}

func TestExactGroupPermutationEqualsEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := someChanges(t, rapid.IntRange(1, 5).Draw(t, "nx"))
		y := someChanges(t, rapid.IntRange(1, 5).Draw(t, "ny"))
		r, err := PermuteGroups(context.Background(), x, y, PermutationOptions{})
		if err != nil || r.Method != PermutationExact {
			t.Fatalf("got %s, %v", r.Method, err)
		}
		all := append(slices.Clone(x), y...)
		difference := func(in []bool) float64 {
			var a, b float64
			for i, v := range all {
				if in[i] {
					a += v / float64(len(x))
				} else {
					b += v / float64(len(y))
				}
			}
			return a - b
		}
		first := make([]bool, len(all))
		for i := range x {
			first[i] = true
		}
		observed := difference(first)
		var less, greater, far, groups float64
		eachSubset(len(all), len(x), func(in []bool) {
			d := difference(in)
			groups++
			less += count(d <= observed+1e-12)
			greater += count(d >= observed-1e-12)
			far += count(math.Abs(d) >= math.Abs(observed)-1e-12)
		})
		diff(t, "less", r.PLess, Known(less/groups))
		diff(t, "greater", r.PGreater, Known(greater/groups))
		diff(t, "distance", r.P, Known(far/groups))
		diff(t, "difference", r.Difference, Known(observed))
	})
}

func TestSwappingMirrorsPermutationTests(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		for name, test := range map[string]func(context.Context, []float64, []float64, PermutationOptions) (PermutationResult, error){
			"pairs": PermutePairs, "groups": PermuteGroups,
		} {
			a, err := test(context.Background(), x, y, PermutationOptions{})
			if err != nil {
				t.Fatal(err)
			}
			b, err := test(context.Background(), y, x, PermutationOptions{})
			if err != nil {
				t.Fatal(err)
			}
			diff(t, name+" difference", b.Difference, negated(a.Difference))
			diff(t, name+" p", b.P, a.P)
			diff(t, name+" less", b.PLess, a.PGreater)
			diff(t, name+" greater", b.PGreater, a.PLess)
		}
	})
}

// manyChanges is a sample too large and too fine to be enumerated.
func manyChanges(n int, shift float64) []float64 {
	random := rand.New(rand.NewPCG(uint64(n), 4))
	out := make([]float64, n)
	for i := range out {
		out[i] = shift + random.NormFloat64()
	}
	return out
}

func TestSampledPermutationsComeCloseToExactOnes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	x, y := manyChanges(20, 0.4), manyChanges(18, 0)
	for name, test := range map[string]func(PermutationOptions) (PermutationResult, error){
		"pairs": func(o PermutationOptions) (PermutationResult, error) {
			return PermutePairs(ctx, make([]float64, 20), x, o)
		},
		"groups": func(o PermutationOptions) (PermutationResult, error) { return PermuteGroups(ctx, x, y, o) },
	} {
		exact, err := test(PermutationOptions{})
		if err != nil || exact.Method != PermutationExact {
			t.Fatalf("%s: got %s, %v", name, exact.Method, err)
		}
		drawn, err := test(PermutationOptions{Draws: 40_000, Seed: 7, Sample: true})
		if err != nil || drawn.Method != PermutationSampled || drawn.Draws != 40_000 || drawn.Seed != 7 {
			t.Fatalf("%s: got %+v, %v", name, drawn, err)
		}
		for _, p := range [][2]Estimate{{drawn.P, exact.P}, {drawn.PLess, exact.PLess}, {drawn.PGreater, exact.PGreater}} {
			se := math.Sqrt(p[1].Value*(1-p[1].Value)/40_000) + 1e-4
			if math.Abs(p[0].Value-p[1].Value) > 4*se {
				t.Errorf("%s: sampled %v, exact %v", name, p[0], p[1])
			}
		}
	}
}

func TestSampledPermutationsDependOnTheSeedAlone(t *testing.T) {
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	x, y := manyChanges(300, 0.1), manyChanges(250, 0)
	run := func(cores int, seed uint64) [2]PermutationResult {
		runtime.GOMAXPROCS(cores)
		a, err := PermutePairs(context.Background(), make([]float64, 300), x, PermutationOptions{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		b, err := PermuteGroups(context.Background(), x, y, PermutationOptions{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return [2]PermutationResult{a, b}
	}
	one, four, other := run(1, 5), run(4, 5), run(4, 6)
	if one != four {
		t.Errorf("one core: %+v, four: %+v", one, four)
	}
	if one[0].Method != PermutationSampled || one[0].Draws != DefaultDraws || one[0].P == other[0].P {
		t.Errorf("another seed changed nothing: %+v", other[0])
	}
}

// No sampled p-value is 0, however strong the effect: the observed arrangement
// is one of those that might have been.
func TestSampledPIsNeverZero(t *testing.T) {
	t.Parallel()
	r, err := PermutePairs(context.Background(), make([]float64, 1100), manyChanges(1100, 9), PermutationOptions{Draws: 99})
	if err != nil || r.P.Value != 0.01 || r.PGreater.Value != 0.01 {
		t.Errorf("got %v and %v, %v, want 0.01", r.P, r.PGreater, err)
	}
}

func TestPermutationsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x := manyChanges(500, 0)
	if _, err := PermutePairs(ctx, make([]float64, 500), x, PermutationOptions{}); err == nil {
		t.Error("pairs: no error")
	}
	if _, err := PermuteGroups(ctx, x[:200], x[200:], PermutationOptions{}); err == nil {
		t.Error("groups: no error")
	}
	whole := mapped(x, math.Round)
	if _, err := PermuteGroups(ctx, whole[:50], whole[50:100], PermutationOptions{}); err == nil {
		t.Error("groups of whole scores: no error")
	}
}

func TestLatticeFindsTheStepOfScores(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]float64{1, 0.1, 0.25, 1.0 / 12, 1.0 / 7, 1e-6, 1e9, 1e-200}).Draw(t, "step")
		units := rapid.SliceOfN(rapid.IntRange(-2000, 2000), 1, 20).Draw(t, "units")
		x := make([]float64, len(units))
		magnitude := 0.0
		for i, k := range units {
			x[i] = step * float64(k)
			magnitude = math.Max(magnitude, math.Abs(x[i]))
		}
		l, ok := newLattice(x, tolFactor*magnitude)
		if !ok {
			t.Fatal("no lattice was found")
		}
		for i, k := range l.unit {
			if math.Abs(float64(k)*l.step-x[i]) > tolFactor*magnitude {
				t.Fatalf("%v is not %d steps of %v", x[i], k, l.step)
			}
		}
	})
	if _, ok := newLattice([]float64{1, math.Sqrt2, math.Pi}, 1e-15); ok {
		t.Error("irrational numbers have a common step")
	}
}
