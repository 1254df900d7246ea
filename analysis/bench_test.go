package analysis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// benchPairs draws pairs; steps > 0 rounds the scores to that many per SD.
func benchPairs(n int, steps float64) (pre, post []float64) {
	random := rand.New(rand.NewPCG(7, 11))
	pre, post = make([]float64, n), make([]float64, n)
	for i := range pre {
		pre[i] = 20 + 6*random.NormFloat64()
		post[i] = 8 + 0.7*pre[i] + 4*random.NormFloat64()
		if steps > 0 {
			pre[i], post[i] = math.Round(pre[i]*steps)/steps, math.Round(post[i]*steps)/steps
		}
	}
	return pre, post
}

func BenchmarkPairedTOfAMillion(b *testing.B) {
	pre, post := benchPairs(1_000_000, 0)
	for b.Loop() {
		PairedT(pre, post, 0.95)
	}
}

func BenchmarkPairedEffectsOfAMillion(b *testing.B) {
	pre, post := benchPairs(1_000_000, 0)
	for b.Loop() {
		PairedEffects(pre, post, 0.95)
	}
}

func BenchmarkAlphaOf26ItemsBy100000(b *testing.B) {
	random := rand.New(rand.NewPCG(3, 5))
	items := make([][]float64, 26)
	for i := range items {
		items[i] = make([]float64, 100_000)
		for p := range items[i] {
			items[i][p] = float64(1 + random.IntN(5))
		}
	}
	for b.Loop() {
		Alpha(items, AlphaOptions{})
	}
}

func BenchmarkWilcoxonOf100000(b *testing.B) {
	for name, steps := range map[string]float64{"integer": 1, "continuous": 0} {
		pre, post := benchPairs(100_000, steps)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Wilcoxon(pre, post, 0.95)
			}
		})
	}
}

func BenchmarkWilcoxonExactOf400(b *testing.B) {
	pre, post := benchPairs(400, 0)
	for b.Loop() {
		Wilcoxon(pre, post, 0.95)
	}
}

func BenchmarkReportOf120(b *testing.B) {
	pre, post := benchPairs(120, 2)
	items := make([][]float64, 12)
	for i := range items {
		x, _ := benchPairs(120+i, 1)
		items[i] = x[i:]
	}
	for b.Loop() {
		Paired(pre, post, 0.95)
		Alpha(items, AlphaOptions{})
	}
}

func BenchmarkDescribeOfAMillion(b *testing.B) {
	x, _ := benchPairs(1_000_000, 0)
	for b.Loop() {
		Describe(x, 0.95)
	}
}

func BenchmarkMannWhitney(b *testing.B) {
	for name, c := range map[string]struct {
		n     int
		steps float64
	}{"100 each": {100, 0}, "100 each with ties": {100, 1}, "500 each": {500, 0}, "100000 each": {100_000, 0}, "100000 each with ties": {100_000, 1}} {
		x, y := benchPairs(c.n, c.steps)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				MannWhitney(x, y, 0.95)
			}
		})
	}
}

func BenchmarkBootstrap(b *testing.B) {
	for _, n := range []int{200, 2000} {
		pre, post := benchPairs(n, 0)
		for name, run := range map[string]func() (BootstrapResult, error){
			"mean": func() (BootstrapResult, error) { return BootstrapMean(b.Context(), pre, BootstrapOptions{}) },
			"difference": func() (BootstrapResult, error) {
				return BootstrapDifference(b.Context(), pre, post, BootstrapOptions{})
			},
			"dz":  func() (BootstrapResult, error) { return BootstrapDz(b.Context(), pre, post, BootstrapOptions{}) },
			"dav": func() (BootstrapResult, error) { return BootstrapDav(b.Context(), pre, post, BootstrapOptions{}) },
		} {
			b.Run(fmt.Sprintf("%s of %d", name, n), func(b *testing.B) {
				for b.Loop() {
					if _, err := run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
