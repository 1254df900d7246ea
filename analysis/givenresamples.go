package analysis

import (
	"math"
	"slices"
)

// BootstrapGiven finds the intervals from resamples that were drawn elsewhere,
// so that programs can be compared replicate by replicate. Each resample lists
// rows of x, from 0; the statistic gets the values and returns NaN where it does
// not exist. A replicate within 8ε times the largest |x| of the estimate ties
// with it.
//
// Not estimable: everything if x has missing or infinite values or a resample
// names a row that is not there (invalid_option), or where the statistic of x
// does not exist.
func BootstrapGiven(x []float64, resamples [][]int, statistic func(values []float64) float64, level float64) BootstrapResult {
	r := BootstrapResult{N: len(x), Resamples: len(resamples)}
	if why := givenFault(x, resamples); why != "" {
		r.Estimate = Unknown(why)
		r.withhold(why, level)
		return r
	}
	m := newMoments(x, 0)
	s := resampling{estimate: statistic(x), tol: tolFactor * m.magnitude}
	if why := r.begin(s); why != "" {
		r.withhold(why, level)
		return r
	}
	rest := make([]float64, len(x)-1)
	for i := range x {
		copy(rest, x[:i])
		copy(rest[i:], x[i+1:])
		s.jackknife = append(s.jackknife, statistic(rest))
	}
	replicates := make([]float64, len(resamples))
	var values []float64
	for i, rows := range resamples {
		values = values[:0]
		for _, row := range rows {
			values = append(values, x[row])
		}
		replicates[i] = statistic(values)
	}
	r.intervals(s, replicates, level)
	return r
}

// givenFault returns the reason why the resamples cannot be used, or "".
func givenFault(x []float64, resamples [][]int) Reason {
	if slices.ContainsFunc(x, math.IsNaN) {
		return ReasonInvalidOption
	}
	if _, _, fault := present(x); fault != "" {
		return fault
	}
	if len(x) == 0 {
		return ReasonNoData
	}
	for _, rows := range resamples {
		if slices.ContainsFunc(rows, func(row int) bool { return row < 0 || row >= len(x) }) {
			return ReasonInvalidOption
		}
	}
	return ""
}
