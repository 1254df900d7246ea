package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// columnsToSort are long enough to be sorted by digits, or counted.
func columnsToSort() map[string][]float64 {
	random := rand.New(rand.NewPCG(8, 9))
	draw := func(f func() float64) []float64 {
		x := make([]float64, 3*worthRadix+1)
		for i := range x {
			x[i] = f()
		}
		return x
	}
	odd := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64, -math.MaxFloat64, 1, -1, 1e-310}
	return map[string][]float64{
		"answers":    draw(func() float64 { return float64(random.IntN(7)) }),
		"far apart":  draw(func() float64 { return float64(random.IntN(1e6) - 5e5) }),
		"halves":     draw(func() float64 { return float64(random.IntN(9)) / 2 }),
		"normal":     draw(random.NormFloat64),
		"any bits":   draw(func() float64 { return math.Float64frombits(random.Uint64() &^ (1 << 62)) }),
		"odd":        draw(func() float64 { return odd[random.IntN(len(odd))] }),
		"the same":   draw(func() float64 { return 0.1 }),
		"a few only": draw(random.NormFloat64)[:worthRadix/2],
	}
}

func TestSortingByDigitsIsSorting(t *testing.T) {
	t.Parallel()
	for name, x := range columnsToSort() {
		want := slices.Clone(x)
		slices.Sort(want)
		sortAscending(x)
		if d := cmp.Diff(x, want); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
	}
}

// Counting whole changes and sorting any other must come to the same ranks.
func TestCountedChangesRankAsSortedOnes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 4))
	for _, n := range []int{0, 1, 2, 50, 3 * worthRadix} {
		change := make([]float64, n)
		for i := range change {
			change[i] = float64(random.IntN(25) - 9)
		}
		got := newSignedRanks(change, 1e-9)
		var want signedRanks
		want.sort(change, 1e-9)
		want.rank(1e-9)
		if d := cmp.Diff(got, want, cmp.AllowUnexported(signedRanks{}, signedSize{})); d != "" {
			t.Errorf("%d changes (-counted +sorted):\n%s", n, d)
		}
		all := slices.Clone(change)
		slices.Sort(all)
		if d := cmp.Diff(got.changes(true), newColumn(all), cmp.AllowUnexported(column{})); d != "" && n > 0 {
			t.Errorf("%d changes in order (-got +want):\n%s", n, d)
		}
	}
}
