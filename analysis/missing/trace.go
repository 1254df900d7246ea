package missing

import (
	"math"

	"tidemark/analysis"
)

// Trace holds mean and standard deviation of what was imputed in a column, at
// every iteration of every chain: chains that mix freely and show no trend have
// converged.
type Trace struct {
	// Means and SDs are indexed by column, iteration and imputation. They are empty
	// for columns without missing values, SDs zero where one value is missing.
	Means, SDs [][][]float64
}

func newTrace(missing []int, iterations, imputations int) Trace {
	var t Trace
	for _, into := range []*[][][]float64{&t.Means, &t.SDs} {
		*into = make([][][]float64, len(missing))
		for j, n := range missing {
			if n == 0 {
				continue
			}
			(*into)[j] = make([][]float64, iterations)
			for it := range (*into)[j] {
				(*into)[j][it] = make([]float64, imputations)
			}
		}
	}
	return t
}

// note enters the imputed values of a column.
func (t *Trace) note(column, iteration, imputation int, x []float64, holes []int) {
	n := float64(len(holes))
	mean, ss := 0.0, 0.0
	for _, row := range holes {
		mean += x[row] / n
	}
	for _, row := range holes {
		ss += (x[row] - mean) * (x[row] - mean)
	}
	t.Means[column][iteration][imputation] = mean
	if n > 1 {
		t.SDs[column][iteration][imputation] = math.Sqrt(ss / (n - 1))
	}
}

// RHat is the potential scale reduction factor of a column's chain means over
// the second half of the iterations (Gelman & Rubin 1992): near 1 if the chains
// agree; above 1.1 they should run longer.
//
// Not estimable: nothing missing, fewer than two chains or four iterations, or
// means that do not vary.
func (t Trace) RHat(column int) analysis.Estimate {
	if column < 0 || column >= len(t.Means) {
		return analysis.Unknown(analysis.ReasonInvalidOption)
	}
	if len(t.Means[column]) == 0 {
		return analysis.Unknown(analysis.ReasonNothingMissing)
	}
	half := t.Means[column][len(t.Means[column])/2:]
	n, m := float64(len(half)), float64(len(half[0]))
	if m < 2 || n < 2 {
		return analysis.Unknown(analysis.ReasonTooFew2)
	}
	means := make([]float64, len(half[0]))
	for _, chains := range half {
		for c, v := range chains {
			means[c] += v / n
		}
	}
	within := 0.0
	for _, chains := range half {
		for c, v := range chains {
			within += (v - means[c]) * (v - means[c]) / (n - 1) / m
		}
	}
	between := analysis.Describe(means, analysis.DefaultLevel).Variance
	if !between.OK() || within == 0 {
		return analysis.Unknown(analysis.FirstReason(between.Reason, analysis.ReasonZeroVariance))
	}
	return analysis.Known(math.Sqrt((n-1)/n + between.Value/within))
}
