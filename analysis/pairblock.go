package analysis

import "math"

// series is one column of a block: its range, and sums from a shift near the
// mean.
type series struct {
	low, high           float64
	shift, sum, squares float64
}

// newSeries has nothing in its range.
func newSeries() series { return series{low: math.Inf(1), high: math.Inf(-1)} }

// pairBlock is a block of complete pairs. Squares are taken from a guess of the
// mean; the identity Σ(x − mean)² = Σ(x − shift)² − n(mean − shift)² then loses
// at most a binary digit, which is checked (Chan, Golub & LeVeque 1983).
type pairBlock struct {
	n                 int
	pre, post, change series
	cross             float64 // Σ (pre − shift)(post − shift)
	down, zero        int     // changes below 0 and at 0
	least             float64 // the smallest size of a change other than 0
}

// newPairBlock summarises a block of at most blockRows pairs.
func newPairBlock(pre, post []float64) pairBlock {
	var b pairBlock
	if !b.look(pre, post) {
		var kept [2][blockRows]float64
		n := 0
		for i, x := range pre {
			if !math.IsNaN(x) && !math.IsNaN(post[i]) {
				kept[0][n], kept[1][n] = x, post[i]
				n++
			}
		}
		pre, post = kept[0][:n], kept[1][:n]
		b.look(pre, post)
	}
	if b.n == 0 {
		return b
	}
	b.pre.shift, b.post.shift = thinned(pre), thinned(post)
	b.sum(pre, post)
	if n := float64(b.n); b.pre.far(n) || b.post.far(n) || b.change.far(n) {
		b.pre.shift += b.pre.sum / n
		b.post.shift += b.post.sum / n
		b.sum(pre, post)
	}
	return b
}

// thinned is the mean of every sixteenth value.
func thinned(x []float64) float64 {
	sum, n := 0.0, 0.0
	for i := 0; i < len(x); i += 16 {
		sum += x[i]
		n++
	}
	return sum / n
}

// look finds ranges and directions. It reports false when something is missing.
func (b *pairBlock) look(pre, post []float64) bool {
	first, second, change := newSeries(), newSeries(), newSeries()
	down, zero, least := uint64(0), 0, math.Inf(1)
	post = post[:len(pre)]
	for i, x := range pre {
		y := post[i]
		d := y - x
		if d != d && (math.IsNaN(x) || math.IsNaN(y)) {
			return false
		}
		if x < first.low {
			first.low = x
		}
		if x > first.high {
			first.high = x
		}
		if y < second.low {
			second.low = y
		}
		if y > second.high {
			second.high = y
		}
		if d < change.low {
			change.low = d
		}
		if d > change.high {
			change.high = d
		}
		if d == 0 {
			zero++
			continue
		}
		if size := math.Abs(d); size < least {
			least = size
		}
		down += math.Float64bits(d) >> 63 // a branch would be guessed wrong half of the time
	}
	*b = pairBlock{n: len(pre), pre: first, post: second, change: change, down: int(down), zero: zero, least: least}
	return true
}

// sum sums from the shifts of the block.
func (b *pairBlock) sum(pre, post []float64) {
	shiftX, shiftY := b.pre.shift, b.post.shift
	shift := shiftY - shiftX
	var x1, x2, y1, y2, d1, d2, cross float64
	post = post[:len(pre)]
	for i, x := range pre {
		y := post[i]
		d := y - x - shift
		x -= shiftX
		y -= shiftY
		x1 += x
		y1 += y
		d1 += d
		x2 += x * x
		y2 += y * y
		d2 += d * d
		cross += x * y
	}
	b.pre.sum, b.pre.squares = x1, x2
	b.post.sum, b.post.squares = y1, y2
	b.change.shift, b.change.sum, b.change.squares = shift, d1, d2
	b.cross = cross
}

// far reports that the shift is so far from the mean that sums from it do not
// give the sum of squares from the mean.
func (s series) far(n float64) bool { return s.sum*s.sum > n*s.squares/2 }

// merged puts blocks together in their order. It reports false where that needs
// more care: columns whose squares may leave the range of doubles, and changes so
// small that only the tolerance tells them from none.
func merged(blocks []pairBlock) (pairSummary, bool) {
	var s pairSummary
	of := func(column func(*pairBlock) *series) moments { return mergedMoments(blocks, column) }
	s.pre = of(func(b *pairBlock) *series { return &b.pre })
	s.post = of(func(b *pairBlock) *series { return &b.post })
	s.change = of(func(b *pairBlock) *series { return &b.change })
	magnitude := math.Max(s.pre.magnitude, s.post.magnitude)
	s.change.constant = s.change.n > 0 && constantRange(s.change.min, s.change.max, magnitude)
	down, zero, least, cross := 0, 0, math.Inf(1), 0.0
	for i := range blocks {
		b := &blocks[i]
		down, zero, least = down+b.down, zero+b.zero, math.Min(least, b.least)
		if n := float64(b.n); n > 0 {
			cross += b.cross - b.pre.sum*b.post.sum/n + n*b.pre.from(s.pre.mean, n)*b.post.from(s.post.mean, n)
		}
	}
	s.increased = float64(s.change.n-down-zero) + float64(zero)/2
	for _, m := range []*moments{&s.pre, &s.post, &s.change} {
		if m.constant {
			m.ss = 0
		}
		if m.scale = 1; scaleFor(m.magnitude) != 1 {
			return s, false
		}
	}
	if s.r.Reason = FirstReason(s.pre.needsSpread(2), s.post.needsSpread(2)); s.r.OK() {
		s.r = Known(math.Max(-1, math.Min(1, cross/math.Sqrt(s.pre.ss)/math.Sqrt(s.post.ss))))
	}
	return s, least > tolFactor*magnitude && magnitudeFault(magnitude) == ""
}

// from is how far the mean of a block lies from another.
func (s series) from(mean, n float64) float64 { return s.shift - mean + s.sum/n }

// mergedMoments are the moments of one column of all blocks. A column that is
// constant is so by its own magnitude.
func mergedMoments(blocks []pairBlock, column func(*pairBlock) *series) moments {
	m := moments{min: math.Inf(1), max: math.Inf(-1)}
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
		m.min, m.max = math.Min(m.min, c.low), math.Max(m.max, c.high)
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
	m.magnitude = math.Max(math.Abs(m.min), math.Abs(m.max))
	m.constant = constantRange(m.min, m.max, m.magnitude)
	return m
}
