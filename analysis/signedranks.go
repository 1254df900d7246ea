package analysis

import (
	"math"
	"slices"
)

// signedRanks holds the distinct sizes of the non-zero changes in ascending
// order, with how many increases and decreases have it and their midrank.
type signedRanks struct {
	sizes []signedSize
	zeros int
	used  int
	ties  bool
}

type signedSize struct {
	size     float64
	up, down int
	rank     float64
}

func (s signedSize) n() int { return s.up + s.down }

// newSignedRanks ranks the changes by size. Those of at most tol are zeros;
// neighbours at most tol apart tie, and ties chain.
func newSignedRanks(change []float64, tol float64) signedRanks {
	var s signedRanks
	if t, ok := newTally(change); ok && tol < 0.5 {
		s.count(&t)
	} else {
		s.sort(change, tol)
	}
	s.rank(tol)
	return s
}

// count takes whole changes that are counted already.
func (s *signedRanks) count(t *tally) {
	at := func(v int) int {
		if i := v - t.base; i >= 0 && i < tallied {
			return t.counts[i]
		}
		return 0
	}
	s.zeros = at(0)
	// The counts may lie far from zero, where there is nothing to walk through.
	last := t.base + tallied - 1
	nearest, farthest := max(1, t.base, -last), max(-t.base, last)
	for v := nearest; v <= farthest; v++ {
		if one := (signedSize{size: float64(v), up: at(v), down: at(-v)}); one.n() > 0 {
			s.sizes = append(s.sizes, one)
			s.used += one.n()
		}
	}
}

// sort brings changes of any kind into order.
func (s *signedRanks) sort(change []float64, tol float64) {
	keys := make([]uint64, 0, len(change))
	for _, d := range change {
		if math.Abs(d) > tol {
			keys = append(keys, sizeKey(d))
		}
	}
	s.used, s.zeros = len(keys), len(change)-len(keys)
	sortKeys(keys)
	for _, k := range keys {
		size, down := ofSizeKey(k)
		if n := len(s.sizes); n == 0 || s.sizes[n-1].size != size {
			s.sizes = append(s.sizes, signedSize{size: size})
		}
		last := &s.sizes[len(s.sizes)-1]
		if down {
			last.down++
		} else {
			last.up++
		}
	}
}

// rank gives each group of ties the mean of its ranks.
func (s *signedRanks) rank(tol float64) {
	below := 0
	for from := 0; from < len(s.sizes); {
		to, n := from+1, s.sizes[from].n()
		for to < len(s.sizes) && s.sizes[to].size-s.sizes[to-1].size <= tol {
			n += s.sizes[to].n()
			to++
		}
		for i := from; i < to; i++ {
			s.sizes[i].rank = float64(below) + float64(n+1)/2
		}
		s.ties = s.ties || n > 1
		below += n
		from = to
	}
}

// changes are the changes in ascending order, each once with its count, with or
// without the zeros.
func (s signedRanks) changes(zeros bool) column {
	size := 2*len(s.sizes) + 1
	c := column{make([]float64, 0, size), make([]int, 0, size), make([]int, 0, size+1)}
	n := 0
	add := func(v float64, count int) {
		if count > 0 {
			c.value, c.count, c.below = append(c.value, v), append(c.count, count), append(c.below, n)
			n += count
		}
	}
	for _, one := range slices.Backward(s.sizes) {
		add(-one.size, one.down)
	}
	if zeros {
		add(0, s.zeros)
	}
	for _, one := range s.sizes {
		add(one.size, one.up)
	}
	c.below = append(c.below, n)
	return c
}

// rankScore is a signed-rank statistic together with the ranks it sums.
type rankScore struct {
	sizes       []signedSize
	used        int
	shift       float64 // added to every rank: the zeros ranked below
	plus, minus float64
	squares     float64 // Σ rank²
}

// score sums the ranks, all of them raised by the number of zeros that are
// ranked below the non-zero sizes.
func (s signedRanks) score(zeros int) rankScore {
	r := rankScore{sizes: s.sizes, used: s.used, shift: float64(zeros)}
	for _, one := range s.sizes {
		v := one.rank + r.shift
		r.plus += float64(one.up) * v
		r.minus += float64(one.down) * v
		r.squares += float64(one.n()) * v * v
	}
	return r
}

// steps are the doubled ranks of everybody, in ascending order. Midranks become
// whole numbers by it.
func (r rankScore) steps() []int {
	steps := make([]int, 0, r.used)
	for _, one := range r.sizes {
		for range one.n() {
			steps = append(steps, int(math.Round(2*(one.rank+r.shift))))
		}
	}
	return steps
}

// z standardises the positive rank sum, moved towards its mean by correction.
func (r rankScore) z(correction float64) float64 {
	above := (r.plus - r.minus) / 2
	switch {
	case above > 0:
		above = math.Max(0, above-correction)
	case above < 0:
		above = math.Min(0, above+correction)
	}
	return above / math.Sqrt(r.squares/4)
}
