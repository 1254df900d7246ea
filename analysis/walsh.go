package analysis

// walsh selects order statistics of the n(n+1)/2 Walsh averages (xᵢ + xⱼ)/2,
// i ≤ j, without forming them. Equal values are kept once with their count, so
// that integer scores cost next to nothing.
type walsh struct {
	column
	total int // number of Walsh averages
}

// newWalsh prepares the selection.
func newWalsh(c column) walsh {
	n := c.below[len(c.value)]
	return walsh{column: c, total: n * (n + 1) / 2}
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

// at returns the k-th smallest Walsh average, 1 ≤ k ≤ total.
func (w walsh) at(k int) float64 {
	return selectSum(w, 2*w.value[0], 2*w.value[len(w.value)-1], w.total, k) / 2
}

// within returns the k-th smallest of the sums s with low < s ≤ high.
func (w walsh) within(low, high float64, k int) float64 {
	var cells []sumCell
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
			cells = append(cells, sumCell{v + w.value[j], pairs})
		}
	}
	return kthCell(cells, k, high)
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
