package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// approx accepts the rounding that reordering or rescaling may cost.
var approx = cmp.Options{
	cmpopts.EquateApprox(1e-8, 1e-9),
	cmpopts.EquateEmpty(),
}

// studyColumns draws pre and post scores in eighths, so that sums and
// differences are exact, with missing values.
func studyColumns(t *rapid.T) (pre, post []float64) {
	score := rapid.Custom(func(t *rapid.T) float64 {
		if rapid.IntRange(0, 9).Draw(t, "missing") == 0 {
			return math.NaN()
		}
		return float64(rapid.IntRange(0, 80).Draw(t, "eighths")) / 8
	})
	n := rapid.IntRange(0, 25).Draw(t, "n")
	return rapid.SliceOfN(score, n, n).Draw(t, "pre"), rapid.SliceOfN(score, n, n).Draw(t, "post")
}

func mapped(x []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = f(v)
	}
	return out
}

func negated(e Estimate) Estimate {
	if e.OK() {
		e.Value = -e.Value
	}
	return e
}

func mirrored(v Interval) Interval {
	if v.OK() {
		v.Low, v.High = -v.High, -v.Low
	}
	return v
}

func diff(t *rapid.T, what string, got, want any) {
	if d := cmp.Diff(got, want, approx); d != "" {
		t.Fatalf("%s (-got +want):\n%s", what, d)
	}
}

func TestSwappingPreAndPostFlipsSigns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pre, post := studyColumns(t)
		a, b := Paired(pre, post, 0.9), Paired(post, pre, 0.9)
		diff(t, "t", b.T.T, negated(a.T.T))
		diff(t, "p", b.T.P, a.T.P)
		diff(t, "one-sided p", b.T.PLess, a.T.PGreater)
		diff(t, "interval", b.T.CI, mirrored(a.T.CI))
		diff(t, "r", b.T.R, a.T.R)
		diff(t, "dz", b.Effects.Dz, negated(a.Effects.Dz))
		diff(t, "dz interval", b.Effects.DzCI, mirrored(a.Effects.DzCI))
		diff(t, "gav", b.Effects.Gav, negated(a.Effects.Gav))
		diff(t, "gav interval", b.Effects.GavCI, mirrored(a.Effects.GavCI))
		diff(t, "V", b.Rank.VPlus, a.Rank.VMinus)
		diff(t, "exact p", b.Rank.PExact, a.Rank.PExact)
		diff(t, "exact one-sided p", b.Rank.PExactLess, a.Rank.PExactGreater)
		diff(t, "z", b.Rank.Z, negated(a.Rank.Z))
		diff(t, "Hodges–Lehmann", b.Rank.HodgesLehmann, negated(a.Rank.HodgesLehmann))
		diff(t, "Hodges–Lehmann interval", b.Rank.CI, mirrored(a.Rank.CI))
		diff(t, "rank-biserial", b.Rank.RankBiserial, negated(a.Rank.RankBiserial))
	})
}

func TestShiftingBothWavesChangesNoDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pre, post := studyColumns(t)
		shift := float64(rapid.IntRange(-1000, 1000).Draw(t, "shift"))
		add := func(v float64) float64 { return v + shift }
		a, b := Paired(pre, post, 0.95), Paired(mapped(pre, add), mapped(post, add), 0.95)
		diff(t, "mean change", b.T.MeanChange, a.T.MeanChange)
		diff(t, "t", b.T.T, a.T.T)
		diff(t, "interval", b.T.CI, a.T.CI)
		diff(t, "effects", b.Effects, a.Effects)
		diff(t, "ranks", b.Rank, a.Rank)
		diff(t, "normality", b.Change.ShapiroWilk, a.Change.ShapiroWilk)
	})
}

func TestRescalingBothWavesKeepsStandardisedResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pre, post := studyColumns(t)
		factor := math.Ldexp(1, rapid.IntRange(-40, 40).Draw(t, "power"))
		times := func(v float64) float64 { return v * factor }
		a, b := Paired(pre, post, 0.95), Paired(mapped(pre, times), mapped(post, times), 0.95)
		diff(t, "effects", b.Effects, a.Effects)
		diff(t, "t", b.T.T, a.T.T)
		diff(t, "p", b.T.P, a.T.P)
		diff(t, "exact p", b.Rank.PExact, a.Rank.PExact)
		diff(t, "skewness", b.Change.Skewness, a.Change.Skewness)
		diff(t, "normality", b.Change.ShapiroWilk, a.Change.ShapiroWilk)
		if a.T.MeanChange.OK() {
			diff(t, "mean change", b.T.MeanChange.Value/factor, a.T.MeanChange.Value)
		}
	})
}

func TestTheOrderOfPeopleDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pre, post := studyColumns(t)
		people := make([]int, len(pre))
		for i := range people {
			people[i] = i
		}
		order := rapid.Permutation(people).Draw(t, "order")
		move := func(x []float64) []float64 {
			out := make([]float64, len(x))
			for to, from := range order {
				out[to] = x[from]
			}
			return out
		}
		diff(t, "paired", Paired(move(pre), move(post), 0.95), Paired(pre, post, 0.95))
		diff(t, "welch", WelchT(move(pre), move(post), 0.95), WelchT(pre, post, 0.95))
		diff(t, "effects", IndependentEffects(move(pre), move(post), 0.95), IndependentEffects(pre, post, 0.95))
		opt := AlphaOptions{Missing: Pairwise}
		diff(t, "alpha", Alpha([][]float64{move(pre), move(post)}, opt), Alpha([][]float64{pre, post}, opt))
	})
}

func TestSwappingGroupsFlipsSigns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		a, b := WelchT(x, y, 0.95), WelchT(y, x, 0.95)
		diff(t, "t", b.Welch.T, negated(a.Welch.T))
		diff(t, "df", b.Welch.DF, a.Welch.DF)
		diff(t, "interval", b.Welch.CI, mirrored(a.Welch.CI))
		diff(t, "Levene", b.Levene, a.Levene)
		e, f := IndependentEffects(x, y, 0.95), IndependentEffects(y, x, 0.95)
		diff(t, "g", f.G, negated(e.G))
		diff(t, "g interval", f.GCI, mirrored(e.GCI))
		diff(t, "Cliff's delta", f.CliffsDelta, negated(e.CliffsDelta))
	})
}

func TestStandardisedItemsMakeAlphaEqualStandardisedAlpha(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 20).Draw(t, "people")
		answer := rapid.Map(rapid.IntRange(1, 5), func(i int) float64 { return float64(i) })
		var raw, standard [][]float64
		for range rapid.IntRange(2, 6).Draw(t, "items") {
			x := rapid.SliceOfN(answer, n, n).Draw(t, "answers")
			raw = append(raw, x)
			d := Describe(x, 0.95)
			standard = append(standard, mapped(x, func(v float64) float64 {
				if d.SD.Value == 0 {
					return 0
				}
				return (v - d.Mean.Value) / d.SD.Value
			}))
		}
		a, b := Alpha(raw, AlphaOptions{}), Alpha(standard, AlphaOptions{})
		if a.AlphaStd.OK() && b.Alpha.OK() {
			// Near-zero variance of the sum magnifies rounding without limit.
			if math.Abs(a.AlphaStd.Value) > 1e6 {
				t.Skip("the sum score hardly varies")
			}
			diff(t, "alpha of z-scores", b.Alpha, a.AlphaStd)
		}
		listwise, pairwise := a, Alpha(raw, AlphaOptions{Missing: Pairwise})
		diff(t, "deletion without missing answers", pairwise, listwise)
	})
}

func TestWalshSelectionEqualsSorting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.OneOf(
			rapid.Map(rapid.IntRange(-4, 4), func(i int) float64 { return float64(i) }),
			rapid.Float64Range(-10, 10),
		), 1, 30).Draw(t, "x")
		slices.Sort(x)
		var all []float64
		for i, a := range x {
			for _, b := range x[i:] {
				all = append(all, (a+b)/2)
			}
		}
		slices.Sort(all)
		w := newWalsh(newColumn(x))
		for k := range all {
			if got := w.at(k + 1); got != all[k] {
				t.Fatalf("Walsh average %d: got %v, want %v", k+1, got, all[k])
			}
		}
	})
}

func TestWalshSelectionEqualsSortingForLargerSamples(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 8))
	for name, draw := range map[string]func() float64{
		"continuous": random.NormFloat64,
		"skewed":     func() float64 { return math.Exp(3 * random.NormFloat64()) },
		"rounded":    func() float64 { return math.Round(40*random.NormFloat64()) / 12 },
		"two values": func() float64 { return float64(random.IntN(2)) },
	} {
		x := make([]float64, 300)
		for i := range x {
			x[i] = draw()
		}
		slices.Sort(x)
		var all []float64
		for i, a := range x {
			for _, b := range x[i:] {
				all = append(all, (a+b)/2)
			}
		}
		slices.Sort(all)
		w := newWalsh(newColumn(x))
		for k := 1; k <= len(all); k += 331 {
			if got := w.at(k); got != all[k-1] {
				t.Fatalf("%s: Walsh average %d: got %v, want %v", name, k, got, all[k-1])
			}
		}
	}
}

func TestExactSignedRankEqualsEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "n")
		change := make([]float64, n)
		for i := range change {
			change[i] = float64(rapid.IntRange(-4, 4).Draw(t, "change"))
		}
		s := newSignedRanks(change, 0)
		if s.used == 0 {
			t.Skip("nothing to rank")
		}
		for _, zeros := range []int{0, s.zeros} {
			score := s.score(zeros)
			steps := score.steps()
			var less, greater int
			for signs := range 1 << len(steps) {
				v := 0.0
				for i, doubled := range steps {
					if signs>>i&1 == 1 {
						v += float64(doubled) / 2
					}
				}
				if v <= score.plus {
					less++
				}
				if v >= score.plus {
					greater++
				}
			}
			all := float64(int(1) << len(steps))
			tails := score.exact()
			diff(t, "less", tails.less.Value, float64(less)/all)
			diff(t, "greater", tails.greater.Value, float64(greater)/all)
			diff(t, "two-sided", tails.two.Value, math.Min(1, 2*math.Min(float64(less), float64(greater))/all))
		}
	})
}
