package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// noncentralityInterval is the two-sided interval of the Noncentrality given an
// observed t.
func noncentralityInterval(t, df, level float64) Interval {
	tail := (1 - level) / 2
	low, high := dist.Noncentrality(t, df, 1-tail), dist.Noncentrality(t, df, tail)
	if math.IsNaN(low) || math.IsNaN(high) {
		return NoInterval(ReasonNotConverged, level)
	}
	return NewInterval(low, high, level)
}

// hedgesExact is the small-sample correction J(df) = Γ(df/2) / (√(df/2)
// Γ((df−1)/2)) of Hedges (1981), without the cancellation of log gammas. It
// exists for df ≥ 2.
func hedgesExact(df float64) float64 {
	x := df / 2
	return math.Exp(-(x-1)*math.Log1p(-0.5/x) - 0.5 + dist.StirlingError(x) - dist.StirlingError(x-0.5))
}

// HedgesCorrection is the factor J that takes the bias off a standardised
// difference whose SD has df degrees of freedom (Hedges 1981), exact. It is NaN
// below 2 degrees of freedom.
func HedgesCorrection(df float64) float64 {
	if !(df >= 2) {
		return math.NaN()
	}
	return hedgesExact(df)
}

// hedgesApprox is the usual approximation 1 − 3/(4 df − 1) of hedgesExact.
func hedgesApprox(df float64) float64 { return 1 - 3/(4*df-1) }
