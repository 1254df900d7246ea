package figure

import (
	"math"
	"slices"
)

// densityGrid is the number of places at which a distribution is estimated.
const densityGrid = 81

// density estimates the distribution of xs at densityGrid even places from lo
// to hi: a Gaussian kernel with the bandwidth 0.9 min(SD, IQR/1.34) n^(-1/5)
// (Silverman 1986, eq. 3.31; "nrd0" in R), reflected at both ends so that no
// weight leaks out of the scale. It returns nil for fewer than three values or
// when they do not differ: a shape would claim more than is known.
// xs must be finite and within lo..hi.
func density(xs []float64, lo, hi float64) []float64 {
	if len(xs) < 3 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(xs))
	span := hi - lo
	if sorted[len(sorted)-1]-sorted[0] < 1e-9*span {
		return nil
	}
	step := span / (densityGrid - 1)
	// Below one grid step a peak could fall between two places.
	h := max(bandwidth(sorted), step)
	out := make([]float64, densityGrid)
	norm := 1 / (float64(len(sorted)) * h * math.Sqrt(2*math.Pi))
	const reach = 5 // in bandwidths; beyond it a kernel is below 4e-6 of its peak
	spread := func(x float64) {
		first := max(0, int(math.Ceil((x-reach*h-lo)/step)))
		last := min(densityGrid-1, int(math.Floor((x+reach*h-lo)/step)))
		for i := first; i <= last; i++ {
			z := (lo + float64(i)*step - x) / h
			out[i] += norm * math.Exp(-z*z/2)
		}
	}
	for _, x := range sorted {
		spread(x)
		spread(2*lo - x)
		spread(2*hi - x)
		// Each reflection is reflected by the other end; further ones are
		// too far away to matter.
		spread(x + 2*span)
		spread(x - 2*span)
	}
	return out
}

// bandwidth is Silverman's rule of thumb for sorted values that differ.
func bandwidth(sorted []float64) float64 {
	n := float64(len(sorted))
	mean, ss := 0.0, 0.0
	for _, x := range sorted {
		mean += x / n
	}
	for _, x := range sorted {
		ss += (x - mean) * (x - mean)
	}
	spread := math.Sqrt(ss / (n - 1))
	if iqr := quantile(sorted, .75) - quantile(sorted, .25); iqr > 0 {
		spread = min(spread, iqr/1.34)
	}
	return 0.9 * spread * math.Pow(n, -0.2)
}

// quantile is Hyndman and Fan's type 7, as R has it by default.
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
