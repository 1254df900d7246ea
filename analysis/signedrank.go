package analysis

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis/dist"
)

const (
	// exactPairs is the largest number of pairs enumerated exactly.
	exactPairs = 400
	// exactWork bounds the additions of one distribution of ranks (about 50 ms).
	exactWork = 1 << 26
)

// exactTails are the exact tail probabilities of a signed-rank statistic.
type exactTails struct{ two, less, greater Estimate }

// exact enumerates the signs of all ranks by the shift algorithm (Streitberg &
// Röhmel 1986). Ranks are doubled, so that midranks become integers; only the
// smaller tail is built, the distribution being symmetric.
func (r rankScore) exact() exactTails {
	n := r.used
	reach := int(math.Round(2 * math.Min(r.plus, r.minus)))
	if n > exactPairs || n*(reach+1) > exactWork {
		e := Unknown(ReasonTooManyForExact)
		return exactTails{e, e, e}
	}
	counts := subsetCounts(r.steps(), reach)
	total := 0.0
	for _, c := range counts {
		total += c
	}
	atMost := math.Ldexp(total, -n)
	atLeast := 1 - math.Ldexp(total-counts[reach], -n)
	t := exactTails{two: Known(math.Min(1, 2*atMost)), less: Known(atMost), greater: Known(atLeast)}
	if r.minus < r.plus {
		t.less, t.greater = t.greater, t.less
	}
	return t
}

// subsetCounts counts, for every sum up to reach, the subsets of the ascending
// steps with that sum. Counts up to 2^exactPairs fit a float64 exactly enough:
// they are sums of positive numbers.
func subsetCounts(steps []int, reach int) []float64 {
	counts := make([]float64, reach+1)
	counts[0] = 1
	top := 0
	for _, s := range steps {
		if s > reach {
			break
		}
		top = min(reach, top+s)
		// From the end, so that a subset takes a step once; s at a time, so that
		// what is read has not been written.
		for to := top + 1; to > s; to -= s {
			from := max(s, to-s)
			floats.Add(counts[from:to], counts[from-s:to-s])
		}
	}
	return counts
}

// signedRankQuantile returns the smallest k ≥ 1 with P(V ≤ k) ≥ p under the
// null hypothesis without ties, and P(V ≤ k − 1). Beyond exactPairs it uses the
// normal approximation with continuity correction.
func signedRankQuantile(p float64, n int) (k int, below float64) {
	total := n * (n + 1) / 2
	if n > exactPairs {
		size := float64(n)
		mean := size * (size + 1) / 4
		sd := math.Sqrt(size * (size + 1) * (2*size + 1) / 24)
		k = int(math.Ceil(mean + dist.NormalQuantile(p)*sd - 0.5))
		k = max(1, min(k, total))
		return k, dist.NormalCDF((float64(k) - 0.5 - mean) / sd)
	}
	steps := make([]int, n)
	for i := range steps {
		steps[i] = i + 1
	}
	counts := subsetCounts(steps, total/2+1)
	cumulative := 0.0
	for v, c := range counts {
		next := cumulative + math.Ldexp(c, -n)
		if next >= p*(1-1e-13) {
			if v == 0 {
				return 1, next
			}
			return v, cumulative
		}
		cumulative = next
	}
	return max(1, total/2), cumulative
}
