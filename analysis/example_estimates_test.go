package analysis_test

import (
	"fmt"
	"math"

	"tidemark/analysis"
)

func ExampleKnown() {
	fmt.Println(analysis.Known(1.5), "|", analysis.Known(math.Inf(1)))
	// Output:
	// 1.5 | not estimable: the result exceeds double precision
}

func ExampleUnknown() {
	fmt.Println(analysis.Unknown(analysis.ReasonZeroVariance))
	// Output:
	// not estimable: the values do not vary
}

func ExampleKnownUnless() {
	divide := func(a, b float64) analysis.Estimate {
		var why analysis.Reason
		if b == 0 {
			why = analysis.ReasonZeroCell
		}
		return analysis.KnownUnless(why, a/b)
	}
	fmt.Println(divide(1, 4), "|", divide(1, 0))
	// Output:
	// 0.25 | not estimable: a cell that divides is empty
}

func ExampleNewInterval() {
	fmt.Println(analysis.NewInterval(0.2, 0.8, 0.95), "|", analysis.NewInterval(0.2, math.NaN(), 0.95))
	// Output:
	// [0.2, 0.8] | not estimable: the result exceeds double precision
}

func ExampleNoInterval() {
	fmt.Println(analysis.NoInterval(analysis.ReasonNotConverged, 0.95))
	// Output:
	// not estimable: the solution did not converge
}

func ExampleFinite() {
	fmt.Println(analysis.Finite(1e300), analysis.Finite(math.NaN()), analysis.Finite(math.Inf(-1)))
	// Output:
	// true false false
}

func ExampleValidLevel() {
	fmt.Println(analysis.ValidLevel(0.95), analysis.ValidLevel(95))
	// Output:
	// true false
}

func ExampleFirstReason() {
	fmt.Println(analysis.FirstReason("", analysis.ReasonEmptyGroup, analysis.ReasonZeroVariance).Explain())
	// Output:
	// a group has no values
}

func ExampleHedgesCorrection() {
	fmt.Printf("%.4f\n", analysis.HedgesCorrection(9))
	// Output:
	// 0.9139
}
