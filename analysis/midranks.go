package analysis

import "math"

// rankTies tells how far ties reach.
type rankTies struct {
	any bool
	// cubes is Σ(t³ − t) over the groups of t tied values, which the variance of
	// rank sums loses.
	cubes float64
}

// midranks ranks two ascending columns among each other by merging them. Values
// at most tol above their neighbour tie, ties chain, and a group of ties gets
// the mean of its ranks.
func midranks(a, b []float64, tol float64) (rankA, rankB []float64, ties rankTies) {
	rankA, rankB = make([]float64, len(a)), make([]float64, len(b))
	for i, j := 0, 0; i < len(a) || j < len(b); {
		// One group of ties: everything chained to the smallest value left.
		fromA, fromB := i, j
		last := math.Inf(1)
		if i < len(a) {
			last = a[i]
		}
		if j < len(b) {
			last = math.Min(last, b[j])
		}
		for {
			if i < len(a) && a[i] <= last+tol {
				last = math.Max(last, a[i])
				i++
			} else if j < len(b) && b[j] <= last+tol {
				last = math.Max(last, b[j])
				j++
			} else {
				break
			}
		}
		size := i - fromA + j - fromB
		if size > 1 {
			t := float64(size)
			ties.any, ties.cubes = true, ties.cubes+(t*t*t-t)
		}
		rank := float64(fromA+fromB) + float64(size+1)/2
		for k := fromA; k < i; k++ {
			rankA[k] = rank
		}
		for k := fromB; k < j; k++ {
			rankB[k] = rank
		}
	}
	return rankA, rankB, ties
}
