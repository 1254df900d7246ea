package analysis

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
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

// Rough columns, repeated until they fill blocks, must give what the slower way gives,
// as far as rounding lets either tell.
func TestLongRoughColumnsInBlocksGiveWhatPairsAtOnceGive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		short := [2][]float64{roughColumn().Draw(t, "pre"), roughColumn().Draw(t, "post")}
		var c [2][]float64
		for k, x := range short {
			for len(x) > 0 && len(c[k]) < blockRows+5 {
				c[k] = append(c[k], x...)
			}
		}
		check(t, "PairedT", PairedT(c[0], c[1], 0.95))
		check(t, "PairedEffects", PairedEffects(c[0], c[1], 0.95))
		got, want := newPairSummary(c[0], c[1], true), newPairs(c[0], c[1]).summary()
		if got.change.n != want.change.n || got.excluded != want.excluded || got.fault != want.fault {
			t.Fatalf("%d pairs, %d excluded, fault %q; want %d, %d, %q", got.change.n, got.excluded, got.fault, want.change.n, want.excluded, want.fault)
		}
		if want.fault != "" {
			return
		}
		magnitude := math.Max(want.pre.magnitude, want.post.magnitude)
		near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Abs(b)+1e-13*magnitude }
		wide := true
		for k, m := range [][2]moments{{got.pre, want.pre}, {got.post, want.post}, {got.change, want.change}} {
			a, b := m[0], m[1]
			if a.constant != b.constant || !near(a.mean, b.mean) || b.n > 1 && !near(a.sd(), b.sd()) {
				t.Fatalf("column %d: %+v, want %+v", k, a, b)
			}
			wide = wide && b.n > 1 && b.sd() > 1e-6*magnitude
		}
		if got.increased != want.increased {
			t.Fatalf("%g increased, want %g", got.increased, want.increased)
		}
		if got.r.Reason != want.r.Reason || wide && math.Abs(got.r.Value-want.r.Value) > 1e-8 {
			t.Fatalf("r %v, want %v", got.r, want.r)
		}
	})
}
