package allocation

// balance counts for minimisation. An arm of a share of two counts as two parts,
// and so on, which are balanced like arms of their own: all parts are alike, so that
// each is as likely as any other at every draw, and the ratio holds from the first
// to the last.
type balance struct {
	factors []Factor
	arms    []int              // the arm of each part
	counts  []map[string][]int // factor → level → by part
	all     []int              // by part
}

func newBalance(s Scheme) balance {
	b := balance{factors: s.Factors, counts: make([]map[string][]int, len(s.Factors))}
	for i := range b.counts {
		b.counts[i] = map[string][]int{}
	}
	for i, a := range s.Arms {
		for range a.Share {
			b.arms = append(b.arms, i)
		}
	}
	b.all = make([]int, len(b.arms))
	return b
}

// add counts somebody with these levels.
func (b balance) add(levels []string, part int) {
	b.all[part]++
	for i, level := range levels {
		if b.counts[i][level] == nil {
			b.counts[i][level] = make([]int, len(b.arms))
		}
		b.counts[i][level][part]++
	}
}

// fewest is the first of an arm's parts that have the fewest so far.
func (b balance) fewest(arm int) int {
	fewest := -1
	for part, of := range b.arms {
		if of == arm && (fewest < 0 || b.all[part] < b.all[fewest]) {
			fewest = part
		}
	}
	return fewest
}

// best has 1 for the parts that would leave the least imbalance, else 0.
func (b balance) best(levels []string) []int {
	best, least := make([]int, len(b.arms)), -1
	for part := range b.arms {
		sum := 0
		for i, f := range b.factors {
			sum += f.Weight * rangeWith(b.counts[i][levels[i]], len(b.arms), part)
		}
		if least < 0 || sum < least {
			least = sum
			clear(best)
		}
		if sum == least {
			best[part] = 1
		}
	}
	return best
}

// rangeWith is the range of counts over n parts, if one of them had one more.
// Without counts all are 0.
func rangeWith(counts []int, n, part int) int {
	if counts == nil {
		if n == 1 {
			return 0
		}
		return 1
	}
	low, high := -1, 0
	for i, k := range counts {
		if i == part {
			k++
		}
		if low < 0 || k < low {
			low = k
		}
		high = max(high, k)
	}
	return high - low
}
