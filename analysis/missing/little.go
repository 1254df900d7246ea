package missing

import (
	"context"
	"fmt"

	"tidemark/analysis"
	"tidemark/analysis/dist"
)

// LittleResult is what Little returns.
type LittleResult struct {
	// N counts the rows with at least one value, Empty those without any, which
	// do not enter; Patterns the distinct patterns among the N.
	N, Empty, Patterns int
	// ChiSquare is Little's d²: how far, in all, the means of the patterns are
	// from the maximum-likelihood means, by the maximum-likelihood covariance
	// (divisor N). DF are its degrees of freedom.
	ChiSquare, DF, P analysis.Estimate
	// The Unbiased pair uses the covariance times N/(N − 1), as Little (1988)
	// does.
	ChiSquareUnbiased, PUnbiased analysis.Estimate
	// Moments are the estimates beneath the test.
	Moments MomentsResult
}

// Little tests whether values are missing completely at random (Little 1988):
// whether the means of the observed values differ between patterns of missing
// values. A small p speaks against it; a large one does not show that values
// are missing at random, which no test can. The test assumes normal columns and
// needs patterns that are not too rare.
//
// Not estimable: where Moments are not, and where there is one pattern only.
// The error is that of the context.
func Little(ctx context.Context, columns [][]float64) (LittleResult, error) {
	e, m, err := solveEM(ctx, columns)
	if err != nil {
		return LittleResult{}, fmt.Errorf("test missingness: %w", err)
	}
	r := LittleResult{N: m.N, Empty: m.Empty, Patterns: m.Patterns, Moments: m}
	why := m.Reason
	if why == "" && r.Patterns == 1 { // of all columns, as each has values
		why = analysis.ReasonNothingMissing
	}
	if why != "" {
		none := analysis.Unknown(why)
		r.ChiSquare, r.DF, r.P, r.ChiSquareUnbiased, r.PUnbiased = none, none, none, none, none
		return r, nil
	}
	d2, df := 0.0, -e.k
	for i := range e.patterns {
		d2 += e.distance(&e.patterns[i], false)
		df += len(e.patterns[i].observed)
	}
	unbiased := d2 * float64(r.N-1) / float64(r.N)
	r.ChiSquare, r.ChiSquareUnbiased, r.DF = analysis.Known(d2), analysis.Known(unbiased), analysis.Known(float64(df))
	r.P = analysis.Known(dist.ChiSquareTail(d2, float64(df)))
	r.PUnbiased = analysis.Known(dist.ChiSquareTail(unbiased, float64(df)))
	return r, nil
}
