package analysis

import (
	"math"
	"math/bits"
)

// exactSpearman is the largest number of pairs whose permutations are counted.
const exactSpearman = 14

// spearman correlates midranks.
func spearman(a, b ranked, level float64) RankCorrelation {
	ma, mb := newMoments(a.ranks, 0), newMoments(b.ranks, 0)
	why := FirstReason(ma.needsSpread(2), mb.needsSpread(2)) // chained ties may leave one rank
	r := RankCorrelation{Correlation: newCorrelation(a.ranks, b.ranks, ma, mb, why, level), Method: RankStudent}
	n := len(a.ranks)
	switch {
	case why != "":
	case n < 3:
		why = ReasonTooFew3
	case a.tied() || b.tied():
		why = ReasonTies
	case n > exactSpearman:
		why = ReasonTooManyForExact
	}
	r.PExact, r.PBest = Unknown(why), r.P
	if why != "" {
		return r
	}
	squares := 0
	for i, v := range a.ranks {
		d := int(v - b.ranks[i])
		squares += d * d
	}
	// Reversing one order maps the sum of squares to its maximum minus the sum.
	squares = min(squares, n*(n*n-1)/3-squares)
	r.PExact = Known(math.Min(1, 2*squaresTail(squares, n)))
	r.PBest, r.Method = r.PExact, RankExact
	return r
}

// squaresTail is P(Σ(i − π(i))² ≤ limit) over all permutations π of n. The sum
// falls into the first and the second half of the positions: what a half can
// reach is counted for every set of values it may take, and the second half is
// the first one seen from behind.
func squaresTail(limit, n int) float64 {
	first := n / 2
	low, high := halfCounts(limit, n, first), halfCounts(limit, n, n-first)
	all := uint(1)<<n - 1
	total := 0.0
	for set, counts := range low {
		rest := mirrorBits(all&^set, n)
		cumulated, ok := high[rest]
		if !ok { // out of reach within the limit
			continue
		}
		for i := 1; i < len(cumulated); i++ {
			cumulated[i] += cumulated[i-1]
		}
		for d, c := range counts {
			total += c * cumulated[limit-d]
		}
	}
	return total / math.Gamma(float64(n+1))
}

// halfCounts counts, for every set of positions of size, the orders of its
// values over the first positions by their sum of squares up to limit.
func halfCounts(limit, n, size int) map[uint][]float64 {
	level := map[uint][]float64{0: append([]float64{1}, make([]float64, limit)...)}
	for position := range size {
		next := map[uint][]float64{}
		for set, counts := range level {
			for value := range n {
				bit := uint(1) << value
				step := (value - position) * (value - position)
				if set&bit != 0 || step > limit {
					continue
				}
				into, ok := next[set|bit]
				if !ok {
					into = make([]float64, limit+1)
					next[set|bit] = into
				}
				for d, c := range counts[:limit+1-step] {
					into[d+step] += c
				}
			}
		}
		level = next
	}
	return level
}

// mirrorBits turns the lowest n bits around.
func mirrorBits(set uint, n int) uint { return bits.Reverse(set) >> (bits.UintSize - n) }
