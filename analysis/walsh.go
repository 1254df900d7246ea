package analysis

import "math"

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

// at returns the k-th smallest Walsh average, 1 ≤ k ≤ total. It bisects on the
// bit patterns of doubles: rounded sums are still sorted along rows and
// columns, so that the smallest double with at least k sums up to it is itself
// one of the sums. Each of at most 64 counts walks the sums' staircase once,
// O(n) in all.
func (w walsh) at(k int) float64 {
	last := len(w.value) - 1
	low, high := orderedBits(2*w.value[0]), orderedBits(2*w.value[last])
	for low < high {
		mid := low + (high-low)/2
		if w.atMost(fromOrderedBits(mid)) >= k {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return fromOrderedBits(low) / 2
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
