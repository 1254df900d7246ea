package analysis

import (
	"math"
	"slices"
)

// Adjustment names a correction for multiple testing.
type Adjustment string

// The corrections for multiple testing.
const (
	// Bonferroni multiplies by the number of tests.
	Bonferroni Adjustment = "bonferroni"
	// Holm (1979) steps down; the choice for a declared family of primaries.
	Holm Adjustment = "holm"
	// Hochberg (1988) steps up, for independent or positively dependent tests.
	Hochberg Adjustment = "hochberg"
	// Hommel (1988) is slightly more powerful than Hochberg.
	Hommel Adjustment = "hommel"
	// BH controls the false discovery rate (Benjamini & Hochberg 1995); the
	// choice for exploratory sets.
	BH Adjustment = "bh"
	// BY does so under any dependence (Benjamini & Yekutieli 2001).
	BY Adjustment = "by"
)

// Valid reports whether a is a known correction.
func (a Adjustment) Valid() bool {
	switch a {
	case Bonferroni, Holm, Hochberg, Hommel, BH, BY:
		return true
	}
	return false
}

// AdjustP corrects a family of p-values, in their order. NaN entries are
// missing and do not count as tests.
//
// Not estimable: missing entries (no_data), values outside [0, 1] and unknown
// corrections (invalid_option).
func AdjustP(p []float64, how Adjustment) []Estimate {
	out := make([]Estimate, len(p))
	order := make([]int, 0, len(p))
	for i, v := range p {
		switch {
		case math.IsNaN(v):
			out[i] = Unknown(ReasonNoData)
		case v < 0 || v > 1 || !how.Valid():
			out[i] = Unknown(ReasonInvalidOption)
		default:
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	sorted := make([]float64, len(order))
	for k, i := range order {
		sorted[k] = p[i]
	}
	for k, v := range adjustSorted(sorted, how) {
		out[order[k]] = Known(math.Min(1, v))
	}
	return out
}

// HolmAdjust is AdjustP with Holm's step-down correction.
func HolmAdjust(p []float64) []Estimate { return AdjustP(p, Holm) }

// BenjaminiHochberg is AdjustP with the false discovery rate correction.
func BenjaminiHochberg(p []float64) []Estimate { return AdjustP(p, BH) }

// adjustSorted corrects ascending p-values; the result may exceed 1.
func adjustSorted(p []float64, how Adjustment) []float64 {
	n := float64(len(p))
	out := make([]float64, len(p))
	switch how {
	case Bonferroni:
		for k, v := range p {
			out[k] = n * v
		}
	case Holm:
		for k, v := range p {
			out[k] = (n - float64(k)) * v
			if k > 0 {
				out[k] = math.Max(out[k], out[k-1])
			}
		}
	case Hochberg:
		stepUp(p, out, func(k int) float64 { return n - float64(k) })
	case BH:
		stepUp(p, out, func(k int) float64 { return n / float64(k+1) })
	case BY:
		harmonic := 0.0
		for k := range p {
			harmonic += 1 / float64(k+1)
		}
		stepUp(p, out, func(k int) float64 { return harmonic * n / float64(k+1) })
	case Hommel:
		hommel(p, out)
	}
	return out
}

// stepUp fills in the running minimum of factor(k)·p[k] from the largest p.
func stepUp(p, out []float64, factor func(k int) float64) {
	least := math.Inf(1)
	for k := len(p) - 1; k >= 0; k-- {
		least = math.Min(least, factor(k)*p[k])
		out[k] = least
	}
}

// hommel follows the algorithm of Wright (1992): every size m of an
// intersection hypothesis gives lower bounds, and the largest wins.
func hommel(p, out []float64) {
	n := len(p)
	simes := func(m int) float64 { // over the m largest p-values
		least := math.Inf(1)
		for j := 1; j <= m; j++ {
			least = math.Min(least, float64(m)*p[n-m+j-1]/float64(j))
		}
		return least
	}
	copy(out, p)
	if n == 0 {
		return
	}
	whole := simes(n)
	for k := range out {
		out[k] = math.Max(out[k], whole)
	}
	for m := n - 1; m >= 2; m-- {
		// Simes' bound without the term that belongs to the smallest of them.
		bound := math.Inf(1)
		for j := 2; j <= m; j++ {
			bound = math.Min(bound, float64(m)*p[n-m+j-1]/float64(j))
		}
		var q float64
		for k := 0; k <= n-m; k++ {
			q = math.Min(float64(m)*p[k], bound)
			out[k] = math.Max(out[k], q)
		}
		for k := n - m + 1; k < n; k++ {
			out[k] = math.Max(out[k], q)
		}
	}
}
