package analysis

import "math"

// pairSummary is what the t test and the effect sizes need to know of complete
// pairs.
type pairSummary struct {
	pre, post, change moments
	// r is the Pearson correlation, known from two pairs on.
	r        Estimate
	excluded int
	// fault is a reason that applies to every statistic of the pairs.
	fault Reason
	// increased counts the pairs with an increase, those without change half.
	increased float64
}

// summary summarises pairs that are at hand.
func (p pairs) summary() pairSummary {
	s := pairSummary{
		pre: newMoments(p.pre, 0), post: newMoments(p.post, 0), change: newMoments(p.change, p.magnitude),
		excluded: p.excluded, fault: p.fault,
	}
	if p.fault == "" {
		s.r = correlation(p.pre, p.post, s.pre, s.post)
	}
	for _, d := range p.change {
		switch {
		case math.Abs(d) <= p.tol:
			s.increased += 0.5
		case d > 0:
			s.increased++
		}
	}
	return s
}

// blockRows is small enough for a block of both columns to stay in the nearest
// cache, where it is looked at again if need be.
const blockRows = 1024

// newPairSummary summarises two columns in one pass, block by block, without
// forming the changes, and counts who increased only if that is asked for. What
// sums cannot decide is left to the slower way; a summary of blocks has no ranges.
func newPairSummary(pre, post []float64, directed bool) pairSummary {
	n := min(len(pre), len(post))
	if n < blockRows {
		return newPairs(pre, post).summary()
	}
	blocks := make([]pairBlock, (n+blockRows-1)/blockRows)
	inBlocks(n, blockRows, func(b, from, to int) { blocks[b] = newPairBlock(pre[from:to], post[from:to], directed) })
	s, ok := merged(blocks, directed)
	if !ok {
		return newPairs(pre, post).summary()
	}
	s.excluded = max(len(pre), len(post)) - s.change.n
	return s
}
