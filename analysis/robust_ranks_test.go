package analysis

import (
	"context"
	"testing"

	"pgregory.net/rapid"
)

func TestNoRankTestPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := roughColumn().Draw(t, "x"), roughColumn().Draw(t, "y")
		check(t, "MannWhitney", MannWhitney(x, y, roughLevel().Draw(t, "level")))
		opt := PermutationOptions{
			Draws:  rapid.SampledFrom([]int{0, 1, 99, -1, 1 << 40}).Draw(t, "draws"),
			Sample: rapid.Bool().Draw(t, "sample"),
		}
		if opt.Draws == 0 {
			opt.Sample = false // 9,999 draws a case are too many here
		}
		for name, test := range map[string]func(context.Context, []float64, []float64, PermutationOptions) (PermutationResult, error){
			"PermutePairs": PermutePairs, "PermuteGroups": PermuteGroups,
		} {
			r, err := test(context.Background(), x, y, opt)
			if err != nil {
				t.Fatal(err)
			}
			check(t, name, r)
		}
	})
}
