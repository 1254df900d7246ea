package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// permutations calls f with every order of 0 to n − 1.
func permutations(n int, f func([]int)) {
	order := make([]int, 0, n)
	var place func()
	place = func() {
		if len(order) == n {
			f(order)
			return
		}
		for v := range n {
			if !slices.Contains(order, v) {
				order = append(order, v)
				place()
				order = order[:len(order)-1]
			}
		}
	}
	place()
}

func TestExactRankCorrelationTailsAreThoseOfAllPermutations(t *testing.T) {
	t.Parallel()
	for n := 3; n <= 8; n++ {
		squares, inversions := map[int]float64{}, map[int]float64{}
		total := 0.0
		permutations(n, func(order []int) {
			total++
			s, v := 0, 0
			for i, a := range order {
				s += (i - a) * (i - a)
				for _, b := range order[i+1:] {
					if b < a {
						v++
					}
				}
			}
			squares[s]++
			inversions[v]++
		})
		atMost := func(counts map[int]float64, limit int) float64 {
			sum := 0.0
			for v, c := range counts {
				if v <= limit {
					sum += c
				}
			}
			return sum / total
		}
		for limit := range n*(n*n-1)/3 + 1 {
			if got, want := squaresTail(limit, n), atMost(squares, limit); math.Abs(got-want) > 1e-14 {
				t.Errorf("n = %d: P(squares ≤ %d) = %v, want %v", n, limit, got, want)
			}
		}
		for limit := range n*(n-1)/2 + 1 {
			if got, want := inversionTail(limit, n), atMost(inversions, limit); math.Abs(got-want) > 1e-14 {
				t.Errorf("n = %d: P(inversions ≤ %d) = %v, want %v", n, limit, got, want)
			}
		}
	}
}

func TestTheLargestExactSpearmanDistributionIsSymmetric(t *testing.T) {
	t.Parallel()
	const n = exactSpearman
	half := n * (n*n - 1) / 6 // sums of squares are even, so half is met or not
	below, atMost := squaresTail(half-1, n), squaresTail(half, n)
	if math.Abs(below+atMost-1) > 1e-12 {
		t.Errorf("P(S < half) + P(S ≤ half) = %v, want 1", below+atMost)
	}
}

func TestKendallCountsPairsLikeItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		score := rapid.Map(rapid.IntRange(0, 6), func(i int) float64 { return float64(i) })
		x, y := rapid.SliceOfN(score, n, n).Draw(t, "x"), rapid.SliceOfN(score, n, n).Draw(t, "y")
		var s, untiedX, untiedY float64
		sign := func(a, b float64) float64 {
			if a == b {
				return 0
			}
			return math.Copysign(1, a-b)
		}
		for i := range n {
			for j := range i {
				a, b := sign(x[i], x[j]), sign(y[i], y[j])
				s += a * b
				untiedX += a * a
				untiedY += b * b
			}
		}
		got := Correlate(x, y, 0.95).Kendall.TauB
		if untiedX == 0 || untiedY == 0 {
			if got.Reason != ReasonZeroVariance {
				t.Fatalf("got %v for a constant column", got)
			}
			return
		}
		diff(t, "τ_b", got, Known(s/math.Sqrt(untiedX*untiedY)))
	})
}

func TestCorrelationIgnoresOrderUnitsAndWhichColumnIsFirst(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		want := Correlate(x, y, 0.9)
		diff(t, "swapped", Correlate(y, x, 0.9), want)

		order := rapid.Permutation(indices(len(x))).Draw(t, "order")
		diff(t, "reordered", Correlate(picked(x, order), picked(y, order), 0.9), want)

		shift := float64(rapid.IntRange(-50, 50).Draw(t, "shift"))
		factor := math.Ldexp(1, rapid.IntRange(-30, 30).Draw(t, "power"))
		moved := mapped(x, func(v float64) float64 { return (v + shift) * factor })
		diff(t, "other unit", Correlate(moved, y, 0.9), want)

		down := Correlate(mapped(x, func(v float64) float64 { return -v }), y, 0.9)
		diff(t, "r reversed", down.Pearson.R, negated(want.Pearson.R))
		diff(t, "interval reversed", down.Pearson.CI, mirrored(want.Pearson.CI))
		diff(t, "rho reversed", down.Spearman.R, negated(want.Spearman.R))
		diff(t, "exact p reversed", down.Spearman.PExact, want.Spearman.PExact)
		diff(t, "tau reversed", down.Kendall.TauB, negated(want.Kendall.TauB))
		diff(t, "exact tau p reversed", down.Kendall.PExact, want.Kendall.PExact)
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func picked(x []float64, order []int) []float64 {
	out := make([]float64, len(order))
	for i, k := range order {
		out[i] = x[k]
	}
	return out
}

// 1 − r² of y = x + noise is known in closed form where both parts are
// orthogonal; a difference 1 − r·r would lose all its digits here.
func TestCorrelationsCloseToOneKeepTheirTest(t *testing.T) {
	t.Parallel()
	x := []float64{-3, -1, 1, 3}
	y := make([]float64, 4)
	for i, v := range []float64{1, -1, -1, 1} { // orthogonal to x and to 1
		y[i] = x[i] + v*0x1p-26
	}
	r := Correlate(x, y, 0.95).Pearson
	want := math.Sqrt(2) * math.Sqrt(20.0/4) * 0x1p26
	if !r.T.OK() || math.Abs(r.T.Value/want-1) > 1e-8 {
		t.Errorf("t = %v, want %v", r.T, want)
	}
}

func TestRankCorrelationsNameTheirDistribution(t *testing.T) {
	t.Parallel()
	few := Correlate([]float64{1, 3, 2, 5}, []float64{2, 1, 4, 6}, 0.95)
	tied := Correlate([]float64{1, 3, 3, 5}, []float64{2, 1, 4, 6}, 0.95)
	for what, c := range map[string]struct{ got, want RankMethod }{
		"Spearman":            {few.Spearman.Method, RankExact},
		"Kendall":             {few.Kendall.Method, RankExact},
		"Spearman, with ties": {tied.Spearman.Method, RankStudent},
		"Kendall, with ties":  {tied.Kendall.Method, RankNormal},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", what, c.got, c.want)
		}
	}
}

func TestFisherIntervalsCoverTheirCorrelation(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 11))
	const trials, n, rho = 4000, 25, 0.6
	covered := 0
	x, y := make([]float64, n), make([]float64, n)
	for range trials {
		for i := range n {
			x[i] = random.NormFloat64()
			y[i] = rho*x[i] + math.Sqrt(1-rho*rho)*random.NormFloat64()
		}
		if ci := Correlate(x, y, 0.95).Pearson.CI; ci.Low <= rho && rho <= ci.High {
			covered++
		}
	}
	wantCoverage(t, covered, trials, 0.95)
}

// wantCoverage fails if a count of covering intervals lies more than four
// Monte-Carlo standard errors from the level.
func wantCoverage(t *testing.T, covered, trials int, level float64) {
	t.Helper()
	got := float64(covered) / float64(trials)
	if math.Abs(got-level) > 4*math.Sqrt(level*(1-level)/float64(trials)) {
		t.Errorf("%.4f of %d intervals cover, want %v", got, trials, level)
	}
}

func TestNoCorrelationPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := roughColumn().Draw(t, "x"), roughColumn().Draw(t, "y")
		check(t, "Correlate", Correlate(x, y, roughLevel().Draw(t, "level")))
		check(t, "Correlate with itself", Correlate(x, x, 0.95))
	})
}
