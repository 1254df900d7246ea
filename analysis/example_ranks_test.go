package analysis_test

import (
	"context"
	"fmt"

	"tidemark/analysis"
)

// Changes of two small arms, in points.
var (
	courseChange = []float64{4, 6, 3, 9, 5, 7, 2, 8}
	waitChange   = []float64{1, 3, 0, 4, -2, 2, 5, 1}
)

func ExampleMannWhitney() {
	r := analysis.MannWhitney(courseChange, waitChange, 0.95)
	fmt.Printf("U = %.1f, %s p = %.4f, shift %.0f [%.0f, %.0f], delta %.2f\n",
		r.UX.Value, r.Method, r.P.Value, r.HodgesLehmann.Value, r.CI.Low, r.CI.High, r.CliffsDelta.Value)
	// Output: U = 56.0, exact p = 0.0106, shift 4 [1, 6], delta 0.75
}

func ExamplePermutePairs() {
	r, err := analysis.PermutePairs(context.Background(), drug1, drug2, analysis.PermutationOptions{})
	fmt.Printf("mean change %.2f, %s p = %.4f, %v\n", r.Difference.Value, r.Method, r.P.Value, err)
	// Output: mean change 1.58, exact p = 0.0039, <nil>
}

func ExamplePermuteGroups() {
	r, err := analysis.PermuteGroups(context.Background(), courseChange, waitChange, analysis.PermutationOptions{})
	fmt.Printf("difference %.2f, %s p = %.4f, %v\n", r.Difference.Value, r.Method, r.P.Value, err)
	// Output: difference 3.75, exact p = 0.0103, <nil>
}
