package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// coarse draws a group of few whole scores, so that ties abound.
func coarse(t *rapid.T, name string, from, to int) []float64 {
	score := rapid.Map(rapid.IntRange(0, 5), func(i int) float64 { return float64(i) })
	return rapid.SliceOfN(score, from, to).Draw(t, name)
}

func TestExactRankSumEqualsEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := coarse(t, "x", 1, 6), coarse(t, "y", 1, 6)
		r := MannWhitney(x, y, 0.95)
		u := func(x, y []float64) float64 {
			sum := 0.0
			for _, a := range x {
				for _, b := range y {
					switch {
					case a > b:
						sum++
					case a == b:
						sum += 0.5
					}
				}
			}
			return sum
		}
		all := append(slices.Clone(x), y...)
		observed, mean := u(x, y), float64(len(x)*len(y))/2
		var less, greater, far, groups float64
		eachSubset(len(all), len(x), func(in []bool) {
			var a, b []float64
			for i, v := range all {
				if in[i] {
					a = append(a, v)
				} else {
					b = append(b, v)
				}
			}
			v := u(a, b)
			groups++
			less += count(v <= observed)
			greater += count(v >= observed)
			far += count(math.Abs(v-mean) >= math.Abs(observed-mean))
		})
		diff(t, "U", r.UX, Known(observed))
		diff(t, "less", r.PExactLess, Known(less/groups))
		diff(t, "greater", r.PExactGreater, Known(greater/groups))
		diff(t, "distance", r.PExactDistance, Known(far/groups))
		diff(t, "twice the smaller", r.PExactTwiceMin, Known(math.Min(1, 2*math.Min(less, greater)/groups)))
	})
}

func count(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// eachSubset calls f with every choice of size out of n.
func eachSubset(n, size int, f func(in []bool)) {
	for set := range 1 << n {
		in, members := make([]bool, n), 0
		for i := range in {
			if in[i] = set>>i&1 == 1; in[i] {
				members++
			}
		}
		if members == size {
			f(in)
		}
	}
}

func TestBothFormsOfTheRankSumDistributionAgree(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1, 1}, {1, 7}, {5, 3}, {20, 20}, {8, 60}, {45, 50}} {
		m, n := size[0], size[1]
		scores := make([]int, m+n)
		for i := range scores {
			scores[i] = i
		}
		want, err := newSubsetSums(scores, m, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := newRankSums(m, n)
		if !ok {
			t.Fatalf("%d and %d are too many", m, n)
		}
		all := (m + n) * (m + n - 1) / 2
		for u := 0; u <= m*n; u += 1 + m*n/50 {
			less, greater := got.tails(u)
			wantLess, wantGreater, _ := want.tails(u+m*(m-1)/2, all, m, m+n)
			if math.Abs(less/wantLess-1) > 1e-11 || math.Abs(greater/wantGreater-1) > 1e-11 {
				t.Errorf("%d and %d, U = %d: got %v and %v, want %v and %v", m, n, u, less, greater, wantLess, wantGreater)
			}
		}
	}
}

func TestShiftSelectionEqualsSorting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(
			rapid.Map(rapid.IntRange(-4, 4), func(i int) float64 { return float64(i) }),
			rapid.Float64Range(-10, 10),
		)
		x, y := rapid.SliceOfN(value, 1, 60).Draw(t, "x"), rapid.SliceOfN(value, 1, 60).Draw(t, "y")
		var all []float64
		for _, a := range x {
			for _, b := range y {
				all = append(all, a-b)
			}
		}
		slices.Sort(all)
		slices.Sort(x)
		slices.Sort(y)
		s := newShifts(x, y)
		for k := range all {
			if got := s.at(k + 1); got != all[k] {
				t.Fatalf("difference %d: got %v, want %v", k+1, got, all[k])
			}
		}
	})
}

func TestSwappingGroupsMirrorsTheirRankTest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		a, b := MannWhitney(x, y, 0.9), MannWhitney(y, x, 0.9)
		diff(t, "U", b.UX, a.UY)
		diff(t, "distance", b.PExactDistance, a.PExactDistance)
		diff(t, "twice the smaller", b.PExactTwiceMin, a.PExactTwiceMin)
		diff(t, "one-sided", b.PExactLess, a.PExactGreater)
		diff(t, "z", b.Z, negated(a.Z))
		diff(t, "corrected z", b.ZCorrected, negated(a.ZCorrected))
		diff(t, "delta", b.CliffsDelta, negated(a.CliffsDelta))
		diff(t, "shift", b.HodgesLehmann, negated(a.HodgesLehmann))
		diff(t, "interval", b.CI, mirrored(a.CI))
		// The effect sizes leave out groups of one.
		if e := IndependentEffects(x, y, 0.9); e.CliffsDelta.OK() {
			diff(t, "delta of the effect sizes", e.CliffsDelta, a.CliffsDelta)
		}
	})
}

func TestRankTestMovesWithItsGroups(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		shift := float64(rapid.IntRange(-1000, 1000).Draw(t, "shift"))
		factor := math.Ldexp(1, rapid.IntRange(-30, 30).Draw(t, "power"))
		a := MannWhitney(x, y, 0.95)
		moved := MannWhitney(mapped(x, func(v float64) float64 { return v + shift }), y, 0.95)
		if a.HodgesLehmann.OK() {
			diff(t, "shift", moved.HodgesLehmann.Value, a.HodgesLehmann.Value+shift)
			diff(t, "low", moved.CI.Low, a.CI.Low+shift)
			diff(t, "high", moved.CI.High, a.CI.High+shift)
		}
		scaled := func(v float64) float64 { return (v + shift) * factor }
		both := MannWhitney(mapped(x, scaled), mapped(y, scaled), 0.95)
		diff(t, "p", both.P, a.P)
		diff(t, "U", both.UX, a.UX)
		if a.HodgesLehmann.OK() {
			diff(t, "scaled shift", both.HodgesLehmann.Value/factor, a.HodgesLehmann.Value)
		}
	})
}

// The differences of two groups of 100,000 would be ten billion numbers.
func TestMannWhitneyOfManyIsFast(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 1))
	x, y := make([]float64, 100_000), make([]float64, 100_000)
	for i := range x {
		x[i], y[i] = 0.3+random.NormFloat64(), random.NormFloat64()
	}
	start := time.Now()
	r := MannWhitney(x, y, 0.95)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if !(r.CI.Low < 0.3 && r.CI.High > 0.3 && r.CI.High-r.CI.Low < 0.03) || r.Method != RankNormal {
		t.Errorf("got %v by %s, want an interval around 0.3", r.CI, r.Method)
	}
	if r.PExactDistance.Reason != ReasonTooManyForExact {
		t.Errorf("exact p: got %v", r.PExactDistance)
	}
}

// As far as the exact distribution reaches, the approximation is close to it.
func TestNormalRankSumComesCloseToTheExactOne(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(8, 2))
	for _, steps := range []float64{1, 1e9} {
		x, y := make([]float64, 60), make([]float64, 70)
		for i := range x {
			x[i] = math.Round((0.4+random.NormFloat64())*steps) / steps
		}
		for i := range y {
			y[i] = math.Round(random.NormFloat64()*steps) / steps
		}
		r := MannWhitney(x, y, 0.95)
		if !r.PExactDistance.OK() || math.Abs(r.PNormal.Value-r.PExactDistance.Value) > 0.1*r.PExactDistance.Value {
			t.Errorf("steps %v: normal %v, exact %v", steps, r.PNormal, r.PExactDistance)
		}
	}
}
