package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// rankSums is the distribution of U of Mann and Whitney without ties: of all
// choices of one group, counts[u] have that U. By symmetry the lower half, up to
// half the largest U, is enough.
type rankSums struct {
	counts []float64
	total  float64
	most   int // the largest U
}

// newRankSums expands the Gaussian binomial coefficient Π (1 − qⁿ⁺ⁱ)/(1 − qⁱ)
// over i = 1…m (Mann & Whitney 1947). It reports false for groups too large.
func newRankSums(m, n int) (rankSums, bool) {
	if m > n {
		m, n = n, m
	}
	d := rankSums{most: m * n, total: 1}
	half := m * n / 2
	if m+n > exactPeople || 2*m*(half+1) > exactWork {
		return rankSums{}, false
	}
	c := make([]float64, half+1)
	c[0] = 1
	for i := 1; i <= m; i++ {
		for u := half; u >= n+i; u-- {
			c[u] -= c[u-n-i]
		}
		for u := i; u <= half; u++ {
			c[u] += c[u-i]
		}
		d.total *= float64(n+i) / float64(i)
	}
	d.counts = c
	return d, true
}

// tails returns P(U ≤ u) and P(U ≥ u).
func (d rankSums) tails(u int) (less, greater float64) {
	if 2*u > d.most {
		greater, less = d.tails(d.most - u)
		return less, greater
	}
	for _, c := range d.counts[:u+1] {
		less += c
	}
	return less / d.total, 1 - (less-d.counts[u])/d.total
}

// rankSumQuantile returns the smallest k ≥ 1 with P(U ≤ k) ≥ p under the null
// hypothesis without ties, and P(U ≤ k − 1). For groups too large it uses the
// normal approximation with continuity correction.
func rankSumQuantile(p float64, m, n int) (k int, below float64) {
	d, ok := newRankSums(m, n)
	if !ok {
		mean := float64(m) * float64(n) / 2
		sd := math.Sqrt(mean * float64(m+n+1) / 6)
		k = int(math.Ceil(mean + dist.NormalQuantile(p)*sd - 0.5))
		k = max(1, min(k, m*n))
		return k, dist.NormalCDF((float64(k) - 0.5 - mean) / sd)
	}
	cumulative := 0.0
	for u, c := range d.counts {
		next := cumulative + c/d.total
		if next >= p*(1-1e-13) {
			if u == 0 {
				return 1, next
			}
			return u, cumulative
		}
		cumulative = next
	}
	return max(1, d.most/2), cumulative
}
