package analysis

// maxHalved is the largest number of people whose subsets are counted from two
// halves (about two million sums each).
const maxHalved = 40

// halves counts the subsets of values that are no lattice: the sums of the
// subsets of each half, by size and in ascending order, are combined in one walk
// (Horowitz & Sahni 1974).
type halves struct{ first, second [][]float64 }

// newHalves prepares the sums of all subsets with at most size members.
func newHalves(values []float64, size int) halves {
	middle := len(values) / 2
	return halves{sumsBySize(values[:middle], size), sumsBySize(values[middle:], size)}
}

// sumsBySize returns, for each size, the ascending sums of the subsets.
func sumsBySize(values []float64, size int) [][]float64 {
	sums := [][]float64{{0}}
	for _, v := range values {
		if len(sums) <= size {
			sums = append(sums, nil)
		}
		for k := len(sums) - 1; k > 0; k-- {
			sums[k] = mergeSums(sums[k], sums[k-1], v)
		}
	}
	return sums
}

// mergeSums returns the ascending values of a and of b + shift.
func mergeSums(a, b []float64, shift float64) []float64 {
	out := make([]float64, 0, len(a)+len(b))
	i := 0
	for _, v := range b {
		v += shift
		for i < len(a) && a[i] <= v {
			out = append(out, a[i])
			i++
		}
		out = append(out, v)
	}
	return append(out, a[i:]...)
}

// sumsOfSubsets returns the ascending sums of all subsets.
func sumsOfSubsets(values []float64) []float64 {
	sums := []float64{0}
	for _, v := range values {
		sums = mergeSums(sums, sums, v)
	}
	return sums
}

// atMost counts the subsets of exactly size members whose sum is at most bound.
func (h halves) atMost(size int, bound float64) float64 {
	subsets := 0.0
	for k, a := range h.first {
		if size-k >= 0 && size-k < len(h.second) {
			subsets += pairsAtMost(a, h.second[size-k], bound)
		}
	}
	return subsets
}

// pairsAtMost counts the pairs of two ascending columns with a sum up to bound.
func pairsAtMost(a, b []float64, bound float64) float64 {
	pairs, j := 0.0, len(b)
	for _, v := range a {
		for j > 0 && v+b[j-1] > bound {
			j--
		}
		pairs += float64(j)
	}
	return pairs
}
