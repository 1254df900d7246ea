package analysis_test

import (
	"fmt"
	"math"

	"tidemark/analysis"
)

func ExampleScoreScale() {
	skipped := math.NaN()
	items := [][]float64{
		{4, 5, skipped},
		{2, 1, skipped}, // reversed
		{5, skipped, 3},
	}
	r := analysis.ScoreScale(items, analysis.ScaleOptions{Keys: []int{1, -1, 1}, Min: 1, Max: 5, MinAnswered: 2})
	for _, score := range r.PersonMean {
		fmt.Println(score)
	}
	fmt.Printf("%d of %d scored, M = %.2f\n", r.Scored, r.Rows, r.Mean.Value)
	// Output:
	// 4.333333333333333
	// 5
	// not estimable: too few items were answered
	// 2 of 3 scored, M = 4.67
}
