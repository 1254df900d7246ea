package analysis

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// columnsForBlocks are long enough for many blocks, and each hard in its way.
func columnsForBlocks() map[string][2][]float64 {
	const n = 5*blockRows + 37
	random := rand.New(rand.NewPCG(1, 2))
	fill := func(f func(i int) (a, b float64)) [2][]float64 {
		var c [2][]float64
		for i := range n {
			a, b := f(i)
			c[0], c[1] = append(c[0], a), append(c[1], b)
		}
		return c
	}
	noise := random.NormFloat64
	rough := func(v float64) float64 { return math.Round(v*8) / 8 } // no difference but 0 below the tolerance
	holes := fill(func(int) (float64, float64) { return noise(), noise() })
	for i := range n {
		if i%3 == 0 || i > blockRows && i < 3*blockRows {
			holes[i%2][i] = math.NaN()
		}
	}
	return map[string][2][]float64{
		"normal":            fill(func(int) (float64, float64) { return 20 + 6*noise(), 19 + 5*noise() }),
		"whole numbers":     fill(func(int) (float64, float64) { return float64(random.IntN(5)), float64(random.IntN(5)) }),
		"far from zero":     fill(func(int) (float64, float64) { return 1e9 + rough(noise()), 1e9 + rough(noise()) }),
		"alternating":       fill(func(i int) (float64, float64) { return 1e7 + 0.2 + 0.1*float64(i%2*2-1), 1e7 + 0.1*float64(i%3) }),
		"ascending":         fill(func(i int) (float64, float64) { return float64(i), float64(2 * i) }),
		"one far off":       fill(func(i int) (float64, float64) { return rough(noise()) + float64(i/(n-1))*1e8, rough(noise()) }),
		"first far off":     fill(func(i int) (float64, float64) { return rough(noise()) - 1e10*float64(1-min(i, 1)), rough(noise()) }),
		"constant":          fill(func(int) (float64, float64) { return 0.1, 0.3 }),
		"constant change":   fill(func(i int) (float64, float64) { return float64(i % 7), float64(i%7) + 2 }),
		"no change":         fill(func(i int) (float64, float64) { return float64(i % 7), float64(i % 7) }),
		"holes":             holes,
		"nobody":            fill(func(int) (float64, float64) { return math.NaN(), 1 }),
		"tiny":              fill(func(int) (float64, float64) { return 1e-200 * noise(), 1e-200 * noise() }),
		"huge":              fill(func(int) (float64, float64) { return 1e200 * noise(), 1e200 * noise() }),
		"infinite":          fill(func(i int) (float64, float64) { return math.Inf(i%2*2 - 1), math.Inf(1) }),
		"below tolerance":   fill(func(i int) (float64, float64) { return 1, 1 + float64(i%3)*0x1p-52 }),
		"zeros of a sign":   fill(func(i int) (float64, float64) { return 0, math.Copysign(0, float64(i%2)-0.5) }),
		"minus zero less 0": fill(func(int) (float64, float64) { return 0, math.Copysign(0, -1) }),
	}
}

func TestPairsInBlocksGiveWhatPairsAtOnceGive(t *testing.T) {
	t.Parallel()
	for name, c := range columnsForBlocks() {
		got, want := newPairSummary(c[0], c[1], true), newPairs(c[0], c[1]).summary()
		equal := cmp.Options{
			cmp.AllowUnexported(pairSummary{}, moments{}), cmpopts.EquateNaNs(),
			cmpopts.IgnoreFields(moments{}, "min", "max", "magnitude"), // blocks do not look for them
			cmpopts.EquateApprox(1e-12, 1e-15),
		}
		if d := cmp.Diff(got, want, equal); d != "" && want.fault == "" {
			t.Errorf("%s (-blocks +at once):\n%s", name, d)
		}
		if got.fault != want.fault {
			t.Errorf("%s: fault %q, want %q", name, got.fault, want.fault)
		}
	}
}

func TestMeansTogetherAreThoseOneByOne(t *testing.T) {
	t.Parallel()
	for name, c := range columnsForBlocks() {
		gotT, gotEffects := PairedMeans(c[0], c[1], 0.9)
		if d := cmp.Diff(gotT, PairedT(c[0], c[1], 0.9)); d != "" {
			t.Errorf("%s: t test (-together +alone):\n%s", name, d)
		}
		if d := cmp.Diff(gotEffects, PairedEffects(c[0], c[1], 0.9)); d != "" {
			t.Errorf("%s: effects (-together +alone):\n%s", name, d)
		}
	}
}

// Not parallel: it changes the number of processors.
func TestBlocksGiveTheSameOnAnyNumberOfProcessors(t *testing.T) {
	columns := columnsForBlocks()
	first := map[string]PairedEffectSizes{}
	for _, processors := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(processors)
		for name, c := range columns {
			e := PairedEffects(c[0], c[1], 0.95)
			if processors == 1 {
				first[name] = e
			} else if e != first[name] {
				t.Errorf("%s on %d processors (-got +want):\n%s", name, processors, cmp.Diff(e, first[name]))
			}
		}
		runtime.GOMAXPROCS(before)
	}
}

func TestASDWellAboveTheToleranceIsNeededToGoByBlocks(t *testing.T) {
	t.Parallel()
	for name, c := range columnsForBlocks() {
		blocks := []pairBlock{newPairBlock(c[0][:blockRows], c[1][:blockRows], true), newPairBlock(c[0][blockRows:2*blockRows], c[1][blockRows:2*blockRows], true)}
		_, got := merged(blocks, true)
		var want bool
		switch name {
		case "normal", "whole numbers", "far from zero", "alternating", "ascending", "one far off", "first far off", "holes":
			want = true
		}
		if got != want {
			t.Errorf("%s: by blocks is %t, want %t", name, got, want)
		}
	}
}
