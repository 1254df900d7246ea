package analysis

import (
	"cmp"
	"math"
	"slices"
)

// pairSums are the sums of many pairs of values, sorted along the rows and
// columns of a matrix that is never formed.
type pairSums interface {
	// atMost counts the sums up to a bound.
	atMost(sum float64) int
	// within returns the k-th smallest of the sums s with low < s ≤ high.
	within(low, high float64, k int) float64
}

// selectSum returns the k-th smallest of total sums that lie between least and
// most. Rounded sums are still sorted along rows and columns, so that counting
// those up to a bound walks a staircase once. Interpolating on the count narrows
// the bound until the sums left are few enough to be sorted. Where ties keep
// them many, it bisects on the bit patterns of doubles: the smallest double with
// at least k sums up to it is itself one of the sums.
func selectSum(p pairSums, least, most float64, total, k int) float64 {
	low, high := math.Nextafter(least, math.Inf(-1)), most
	below, upTo := 0, total
	const few = 1024 // worth sorting
	for step := 0; step < 60 && upTo-below > few; step++ {
		x := low/2 + high/2
		if step%3 != 2 { // every third step halves, whatever the shape
			x = low + (high-low)*((float64(k-below)-0.5)/float64(upTo-below))
		}
		if !(x > low && x < high) {
			break
		}
		if c := p.atMost(x); c >= k {
			high, upTo = x, c
		} else {
			low, below = x, c
		}
	}
	if upTo-below <= few {
		return p.within(low, high, k-below)
	}
	return bisectSums(p, low, high, k)
}

// bisectSums returns the smallest double from low to high with at least k sums
// up to it.
func bisectSums(p pairSums, from, to float64, k int) float64 {
	low, high := orderedBits(from), orderedBits(to)
	for low < high {
		mid := low + (high-low)/2
		if p.atMost(fromOrderedBits(mid)) >= k {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return fromOrderedBits(low)
}

// sumCell is a sum and how many pairs have it.
type sumCell struct {
	sum   float64
	pairs int
}

// kthCell sorts the cells and returns the k-th smallest sum of their pairs, or
// last if there are fewer.
func kthCell(cells []sumCell, k int, last float64) float64 {
	slices.SortFunc(cells, func(a, b sumCell) int { return cmp.Compare(a.sum, b.sum) })
	for _, c := range cells {
		if k -= c.pairs; k <= 0 {
			return c.sum
		}
	}
	return last
}

// orderedBits maps doubles to integers in the same order.
func orderedBits(v float64) uint64 {
	b := math.Float64bits(v + 0) // −0 becomes 0
	if b>>63 == 1 {
		return ^b
	}
	return b | 1<<63
}

// fromOrderedBits is the inverse of orderedBits.
func fromOrderedBits(b uint64) float64 {
	if b>>63 == 1 {
		return math.Float64frombits(b &^ (1 << 63))
	}
	return math.Float64frombits(^b)
}
