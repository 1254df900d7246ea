package analysis

import (
	"cmp"
	"slices"
)

// ranked holds the midranks of a column, 1 to n in its order. Equal values get
// the mean of their ranks, so that twice a rank is an integer.
type ranked struct {
	ranks []float64
	// groups are the sizes of the groups of equal values, from the lowest up.
	groups []int
}

// newRanked ranks a column without missing values. Neighbours at most tol apart
// tie, and ties chain.
func newRanked(x []float64, tol float64) ranked {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	r := ranked{ranks: make([]float64, len(x))}
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && x[order[to]]-x[order[to-1]] <= tol {
			to++
		}
		for _, i := range order[from:to] {
			r.ranks[i] = float64(from+to+1) / 2
		}
		r.groups = append(r.groups, to-from)
		from = to
	}
	return r
}

// tied reports whether any two values are equal.
func (r ranked) tied() bool { return len(r.groups) < len(r.ranks) }

// overGroups sums f over the sizes of the groups of equal values.
func (r ranked) overGroups(f func(size float64) float64) float64 {
	sum := 0.0
	for _, g := range r.groups {
		sum += f(float64(g))
	}
	return sum
}
