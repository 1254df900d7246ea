package analysis

import "slices"

const (
	// subsetWork bounds the additions of one enumeration that cannot be
	// cancelled (about a quarter of a second).
	subsetWork = 1 << 29
	// exactPeople is the largest group of people whose subsets are counted: their
	// number must fit a double.
	exactPeople = 1000
)

// subsetSums is the distribution of the sum of a random subset of fixed size:
// counts[s] subsets have the sum s, total there are.
type subsetSums struct {
	counts []float64
	total  float64
}

// subsetCost estimates the additions that newSubsetSums takes.
func subsetCost(scores []int, size int) float64 {
	n, reach := len(scores), 0
	sorted := slices.Sorted(slices.Values(scores))
	for _, s := range sorted[n-size:] {
		reach += s
	}
	// Rows below the full size are shorter, and the first people cannot fill
	// the last rows: on average about a quarter of the table is walked.
	return float64(n) * float64(size) * float64(reach+1) / 4
}

// newSubsetSums counts the subsets of size of non-negative whole scores by their
// sum: the shift algorithm of Streitberg & Röhmel (1986) for two samples. Counts
// are sums of positive numbers, so that even the smallest tail keeps its
// relative accuracy. It asks stop, if there is one, now
// and then, and fails with its error.
func newSubsetSums(scores []int, size int, stop func() error) (subsetSums, error) {
	sorted := slices.Sorted(slices.Values(scores))
	n := len(sorted)
	// rows[k][s] counts the subsets of k of the scores seen so far; its length
	// is what the k largest can reach.
	rows := make([][]float64, size+1)
	reach := 0
	for k := range rows {
		if k > 0 {
			reach += sorted[n-k]
		}
		rows[k] = make([]float64, reach+1)
	}
	rows[0][0] = 1
	top := make([]int, size+1) // the largest sum in each row so far
	for i, score := range sorted {
		if stop != nil {
			if err := stop(); err != nil {
				return subsetSums{}, err
			}
		}
		// Rows that the scores left can no longer fill to the size are dead.
		for k := min(i+1, size); k >= max(1, size-(n-1-i)); k-- {
			from := rows[k-1][:top[k-1]+1]
			to := rows[k][score : score+len(from)]
			for s, c := range from {
				to[s] += c
			}
			top[k] = max(top[k], score+top[k-1])
		}
	}
	d := subsetSums{counts: rows[size]}
	for _, c := range d.counts {
		d.total += c
	}
	return d, nil
}

// tails returns P(S ≤ sum), P(S ≥ sum) and the probability of a sum at least as
// far from the mean, which is size/n of the sum of all n scores.
func (d subsetSums) tails(sum, all, size, n int) (less, greater, distance float64) {
	far := abs(sum*n - size*all)
	for s, c := range d.counts {
		if s <= sum {
			less += c
		}
		if s >= sum {
			greater += c
		}
		if abs(s*n-size*all) >= far {
			distance += c
		}
	}
	return less / d.total, greater / d.total, distance / d.total
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}
