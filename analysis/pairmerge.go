package analysis

import "math"

// merged puts blocks together in their order. It reports false where that needs
// more care: columns that hardly vary, columns whose squares may leave the range
// of doubles, and changes so small that only the tolerance tells them from none.
func merged(blocks []pairBlock, directed bool) (pairSummary, bool) {
	var s pairSummary
	of := func(column func(*pairBlock) *series) moments { return mergedMoments(blocks, column) }
	s.pre = of(func(b *pairBlock) *series { return &b.pre })
	s.post = of(func(b *pairBlock) *series { return &b.post })
	s.change = of(func(b *pairBlock) *series { return &b.change })
	magnitude := math.Max(s.pre.magnitude, s.post.magnitude)
	if !s.pre.plain(s.pre.magnitude) || !s.post.plain(s.post.magnitude) || !s.change.plain(magnitude) {
		return s, false
	}
	cross := 0.0
	for i := range blocks {
		if b := &blocks[i]; b.n > 0 {
			n := float64(b.n)
			cross += b.cross - b.pre.sum*b.post.sum/n + n*b.pre.from(s.pre.mean, n)*b.post.from(s.post.mean, n)
		}
	}
	s.r = Known(math.Max(-1, math.Min(1, cross/math.Sqrt(s.pre.ss)/math.Sqrt(s.post.ss))))
	if !directed {
		return s, true
	}
	down, zero, least := uint64(0), uint64(0), math.Inf(1)
	for i := range blocks {
		if b := &blocks[i]; b.n > 0 {
			down, zero = down+b.down, zero+b.zero
			if b.zero < uint64(b.n) {
				least = math.Min(least, b.least)
			}
		}
	}
	s.increased = float64(uint64(s.change.n)-down-zero) + float64(zero)/2
	return s, least > tolFactor*magnitude
}

// plain reports that the values surely vary and are far from the ends of doubles.
// No value may exceed the magnitude. A range is at least an SD, so that a column
// with an SD well above the tolerance is not constant.
func (m moments) plain(magnitude float64) bool {
	if m.n < 2 {
		return false
	}
	sd := math.Sqrt(m.ss / float64(m.n))
	return sd > 1e-60 && magnitude < 1e60 && sd > 2*tolFactor*magnitude
}

// mergedMoments are the moments of one column of all blocks, without its range.
// Its magnitude is one that no value exceeds.
func mergedMoments(blocks []pairBlock, column func(*pairBlock) *series) moments {
	m := moments{scale: 1}
	origin, sum := math.NaN(), 0.0 // sums from the shift of the first block stay small
	for i := range blocks {
		b, c := &blocks[i], column(&blocks[i])
		if b.n == 0 {
			continue
		}
		if m.n == 0 {
			origin = c.shift
		}
		m.n += b.n
		m.magnitude = math.Max(m.magnitude, c.magnitude())
		sum += float64(b.n)*(c.shift-origin) + c.sum
	}
	if m.n == 0 {
		return moments{}
	}
	m.mean = origin + sum/float64(m.n)
	for i := range blocks {
		b, c := &blocks[i], column(&blocks[i])
		if n := float64(b.n); b.n > 0 {
			apart := c.from(m.mean, n)
			m.ss += c.squares - c.sum*c.sum/n + n*apart*apart
		}
	}
	return m
}
