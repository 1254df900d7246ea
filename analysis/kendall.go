package analysis

import (
	"cmp"
	"math"
	"slices"

	"tidemark/analysis/dist"
)

// exactKendall is the largest number of pairs whose permutations are counted.
const exactKendall = 400

// kendall computes τ_b in O(n log n): discordant pairs are the exchanges of a
// merge sort (Knight 1966).
func kendall(a, b ranked) KendallCorrelation {
	n := len(a.ranks)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		if c := cmp.Compare(a.ranks[i], a.ranks[j]); c != 0 {
			return c
		}
		return cmp.Compare(b.ranks[i], b.ranks[j])
	})
	both := 0 // pairs tied in both columns
	y := make([]float64, n)
	for i, run := 0, 0; i < n; i++ {
		y[i] = b.ranks[order[i]]
		if i > 0 && a.ranks[order[i]] == a.ranks[order[i-1]] && y[i] == y[i-1] {
			run++
		} else {
			run = 0
		}
		both += run
	}
	discordant := exchanges(y, make([]float64, n))
	size := float64(n)
	pairs := func(t float64) float64 { return t * (t - 1) / 2 }
	total, tiedA, tiedB := pairs(size), a.overGroups(pairs), b.overGroups(pairs)
	score := total - tiedA - tiedB + float64(both) - 2*float64(discordant)

	var k KendallCorrelation
	if total == tiedA || total == tiedB { // chained ties may leave one rank
		e := Unknown(ReasonZeroVariance)
		return KendallCorrelation{TauB: e, Z: e, PNormal: e, PExact: e, PBest: e}
	}
	tau := score / math.Sqrt(total-tiedA) / math.Sqrt(total-tiedB)
	k.TauB = Known(math.Max(-1, math.Min(1, tau)))
	var why Reason
	if n < 3 {
		why = ReasonTooFew3
	}
	z := score / math.Sqrt(kendallVariance(a, b))
	k.Z, k.PNormal = KnownUnless(why, z), KnownUnless(why, dist.NormalTwoSided(z))
	switch {
	case why != "":
	case a.tied() || b.tied():
		why = ReasonTies
	case n > exactKendall:
		why = ReasonTooManyForExact
	}
	k.PExact, k.PBest, k.Method = Unknown(why), k.PNormal, RankNormal
	if why == "" {
		fewer := min(discordant, n*(n-1)/2-discordant)
		k.PExact = Known(math.Min(1, 2*inversionTail(fewer, n)))
		k.PBest, k.Method = k.PExact, RankExact
	}
	return k
}

// kendallVariance is the variance of concordant minus discordant pairs under
// independence, given the ties (Kendall 1970, ch. 4).
func kendallVariance(a, b ranked) float64 {
	n := float64(len(a.ranks))
	cubic := func(t float64) float64 { return t * (t - 1) * (2*t + 5) }
	square := func(t float64) float64 { return t * (t - 1) }
	triple := func(t float64) float64 { return t * (t - 1) * (t - 2) }
	return (cubic(n)-a.overGroups(cubic)-b.overGroups(cubic))/18 +
		a.overGroups(square)*b.overGroups(square)/(2*n*(n-1)) +
		a.overGroups(triple)*b.overGroups(triple)/(9*n*(n-1)*(n-2))
}

// exchanges sorts y and counts the pairs that stood in descending order.
func exchanges(y, buffer []float64) int {
	if len(y) < 2 {
		return 0
	}
	half := len(y) / 2
	count := exchanges(y[:half], buffer[:half]) + exchanges(y[half:], buffer[half:])
	copy(buffer, y)
	left, right := buffer[:half], buffer[half:]
	for i := range y {
		if len(right) == 0 || len(left) > 0 && left[0] <= right[0] {
			y[i], left = left[0], left[1:]
			continue
		}
		count += len(left)
		y[i], right = right[0], right[1:]
	}
	return count
}

// inversionTail is P(inversions ≤ limit) over all permutations of n. A new last
// element adds 0 to i − 1 inversions with equal chances.
func inversionTail(limit, n int) float64 {
	chance := make([]float64, limit+1)
	chance[0] = 1
	cumulated := make([]float64, limit+2)
	for i := 2; i <= n; i++ {
		for k, c := range chance {
			cumulated[k+1] = cumulated[k] + c
		}
		for k := range chance {
			chance[k] = (cumulated[k+1] - cumulated[max(0, k+1-i)]) / float64(i)
		}
	}
	total := 0.0
	for _, c := range chance {
		total += c
	}
	return total
}
