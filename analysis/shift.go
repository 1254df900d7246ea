package analysis

// shifts selects order statistics of the n·m differences xᵢ − yⱼ without forming
// them. Equal values are kept once with their count.
type shifts struct {
	x, y  column // y negated, so that differences are sums
	total int
}

// column holds distinct ascending values, how often each occurs, and how many
// values come before it (one entry more than values).
type column struct {
	value []float64
	count []int
	below []int
}

// newColumn groups ascending values.
func newColumn(sorted []float64) column {
	var c column
	for i, v := range sorted {
		if k := len(c.value); k > 0 && c.value[k-1] == v {
			c.count[k-1]++
			continue
		}
		c.value = append(c.value, v)
		c.count = append(c.count, 1)
		c.below = append(c.below, i)
	}
	c.below = append(c.below, len(sorted))
	return c
}

// newShifts prepares the selection from two ascending columns.
func newShifts(x, y []float64) shifts {
	negated := make([]float64, len(y))
	for i, v := range y {
		negated[len(y)-1-i] = -v
	}
	return shifts{x: newColumn(x), y: newColumn(negated), total: len(x) * len(y)}
}

// median is the median difference: the Hodges–Lehmann estimate of the shift
// (Hodges & Lehmann 1963).
func (s shifts) median() float64 {
	upper := s.at(s.total/2 + 1)
	if s.total%2 == 1 {
		return upper
	}
	return s.at(s.total/2)/2 + upper/2
}

// at returns the k-th smallest difference, 1 ≤ k ≤ total.
func (s shifts) at(k int) float64 {
	x, y := s.x.value, s.y.value
	return selectSum(s, x[0]+y[0], x[len(x)-1]+y[len(y)-1], s.total, k)
}

// atMost counts the pairs with xᵢ − yⱼ ≤ bound.
func (s shifts) atMost(bound float64) int {
	pairs := 0
	j := len(s.y.value) - 1
	for i, v := range s.x.value {
		for j >= 0 && v+s.y.value[j] > bound {
			j--
		}
		if j < 0 {
			break
		}
		pairs += s.x.count[i] * s.y.below[j+1]
	}
	return pairs
}

// within returns the k-th smallest of the differences d with low < d ≤ high.
func (s shifts) within(low, high float64, k int) float64 {
	var cells []sumCell
	y := s.y.value
	from, to := len(y)-1, len(y)-1 // last j at most low, and high
	for i, v := range s.x.value {
		for to >= 0 && v+y[to] > high {
			to--
		}
		if to < 0 {
			break
		}
		for from >= 0 && v+y[from] > low {
			from--
		}
		for j := from + 1; j <= to; j++ {
			cells = append(cells, sumCell{v + y[j], s.x.count[i] * s.y.count[j]})
		}
	}
	return kthCell(cells, k, high)
}
