package analysis

import (
	"cmp"
	"math"
	"slices"
)

// walsh selects order statistics of the n(n+1)/2 Walsh averages (xᵢ + xⱼ)/2,
// i ≤ j, without forming them. Equal values are kept once with their count, so
// that integer scores cost next to nothing.
type walsh struct {
	value []float64 // distinct, ascending
	count []int
	below []int // values before each distinct one; one entry more than value
	total int   // number of Walsh averages
}

// newWalsh prepares the selection from ascending values.
func newWalsh(sorted []float64) walsh {
	w := walsh{total: len(sorted) * (len(sorted) + 1) / 2}
	for i, v := range sorted {
		if k := len(w.value); k > 0 && w.value[k-1] == v {
			w.count[k-1]++
			continue
		}
		w.value = append(w.value, v)
		w.count = append(w.count, 1)
		w.below = append(w.below, i)
	}
	w.below = append(w.below, len(sorted))
	return w
}

// median is the median of the Walsh averages: the Hodges–Lehmann estimate
// (Hodges & Lehmann 1963).
func (w walsh) median() float64 {
	upper := w.at(w.total/2 + 1)
	if w.total%2 == 1 {
		return upper
	}
	return w.at(w.total/2)/2 + upper/2
}

// at returns the k-th smallest Walsh average, 1 ≤ k ≤ total. Rounded sums
// xᵢ + xⱼ are still sorted along rows and columns, so that counting those up to
// a bound walks a staircase once, O(n). Interpolating on the count narrows the
// bound until the sums left are few enough to be sorted. Where ties keep them
// many, it bisects on the bit patterns of doubles: the smallest double with at
// least k sums up to it is itself one of the sums.
func (w walsh) at(k int) float64 {
	low, high := math.Nextafter(2*w.value[0], math.Inf(-1)), 2*w.value[len(w.value)-1]
	below, upTo := 0, w.total
	const few = 1024 // worth sorting
	for step := 0; step < 60 && upTo-below > few; step++ {
		x := low/2 + high/2
		if step%3 != 2 { // every third step halves, whatever the shape
			x = low + (high-low)*((float64(k-below)-0.5)/float64(upTo-below))
		}
		if !(x > low && x < high) {
			break
		}
		if c := w.atMost(x); c >= k {
			high, upTo = x, c
		} else {
			low, below = x, c
		}
	}
	if upTo-below <= few {
		return w.within(low, high, k-below) / 2
	}
	return w.bisect(low, high, k) / 2
}

// within returns the k-th smallest of the sums s with low < s ≤ high.
func (w walsh) within(low, high float64, k int) float64 {
	type cell struct {
		sum   float64
		pairs int
	}
	var cells []cell
	from, to := len(w.value)-1, len(w.value)-1 // last j at most low, and high
	for i, v := range w.value {
		for to >= i && v+w.value[to] > high {
			to--
		}
		if to < i {
			break
		}
		for from >= i && v+w.value[from] > low {
			from--
		}
		for j := max(i, from+1); j <= to; j++ {
			pairs := w.count[i] * w.count[j]
			if j == i {
				pairs = w.count[i] * (w.count[i] + 1) / 2
			}
			cells = append(cells, cell{v + w.value[j], pairs})
		}
	}
	slices.SortFunc(cells, func(a, b cell) int { return cmp.Compare(a.sum, b.sum) })
	for _, c := range cells {
		if k -= c.pairs; k <= 0 {
			return c.sum
		}
	}
	return high
}

// bisect returns the smallest double above low with at least k sums up to it.
func (w walsh) bisect(from, to float64, k int) float64 {
	low, high := orderedBits(from), orderedBits(to)
	for low < high {
		mid := low + (high-low)/2
		if w.atMost(fromOrderedBits(mid)) >= k {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return fromOrderedBits(low)
}

// atMost counts the pairs i ≤ j with xᵢ + xⱼ ≤ sum.
func (w walsh) atMost(sum float64) int {
	pairs := 0
	j := len(w.value) - 1
	for i, v := range w.value {
		for j >= i && v+w.value[j] > sum {
			j--
		}
		if j < i {
			break
		}
		c := w.count[i]
		pairs += c*(c+1)/2 + c*(w.below[j+1]-w.below[i+1])
	}
	return pairs
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
