package analysis

import "math"

// series is one column of a block: sums from a shift near the mean.
type series struct{ shift, sum, squares float64 }

// pairBlock is a block of complete pairs. Squares are taken from a guess of the
// mean; the identity Σ(x − mean)² = Σ(x − shift)² − n(mean − shift)² then loses
// at most a binary digit, which is checked (Chan, Golub & LeVeque 1983).
//
// Ranges are not looked for: comparing takes longer than adding. That a column
// varies and stays far from the ends of doubles follows from its sums, except
// where it hardly does, and there [merged] says so.
type pairBlock struct {
	n                 int
	pre, post, change series
	cross             float64 // Σ (pre − shift)(post − shift)
	directions
}

// directions are those of the changes of a block.
type directions struct {
	down, zero uint64  // changes below 0 and at 0
	least      float64 // the smallest size of a change other than 0
}

// newPairBlock summarises a block of at most blockRows pairs, with the directions
// of the changes if they are asked for.
func newPairBlock(pre, post []float64, directed bool) pairBlock {
	var b pairBlock
	if b.add(pre, post, directed); math.IsNaN(b.change.squares) {
		var kept [2][blockRows]float64
		n := 0
		for i, x := range pre {
			if !math.IsNaN(x) && !math.IsNaN(post[i]) {
				kept[0][n], kept[1][n] = x, post[i]
				n++
			}
		}
		if n == 0 {
			return pairBlock{}
		}
		b.add(kept[0][:n], kept[1][:n], directed)
	}
	return b
}

// add takes in pairs. The squares of the changes are NaN if anything is missing.
func (b *pairBlock) add(pre, post []float64, directed bool) {
	sum := b.sum
	if directed {
		sum = b.sumDirected
	}
	b.n = len(pre)
	b.pre.shift, b.post.shift = thinned(pre), thinned(post)
	sum(pre, post)
	if n := float64(b.n); b.pre.far(n) || b.post.far(n) || b.change.far(n) {
		b.pre.shift += b.pre.sum / n
		b.post.shift += b.post.sum / n
		sum(pre, post)
	}
}

// thinned is the mean of some values from all over a column, which reads few lines
// of memory.
func thinned(x []float64) float64 {
	sum, n := 0.0, 0.0
	for i := 0; i < len(x); i += blockRows / 16 {
		sum += x[i]
		n++
	}
	return sum / n
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

// sumDirected is sum, and counts directions by the bits of the changes: branches
// would be guessed wrong half of the time, and beside the sums this costs a third of
// what it costs alone.
func (b *pairBlock) sumDirected(pre, post []float64) {
	shiftX, shiftY := b.pre.shift, b.post.shift
	shift := shiftY - shiftX
	var x1, x2, y1, y2, d1, d2, cross float64
	var down, zero uint64
	least := uint64(math.MaxUint64)
	post = post[:len(pre)]
	for i, x := range pre {
		y := post[i]
		d := y - x
		bits := math.Float64bits(d)
		before := bits&^(1<<63) - 1 // of the size; what is before 0 is the largest number there is
		none := before >> 63
		zero += none
		down += bits >> 63 &^ none // −0 is not below 0
		least = min(least, before)
		d -= shift
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
	b.cross, b.directions = cross, directions{down, zero, math.Float64frombits(least + 1)}
}

// far reports that the shift is so far from the mean that sums from it do not
// give the sum of squares from the mean.
func (s series) far(n float64) bool { return s.sum*s.sum > n*s.squares/2 }

// magnitude is a size that no value of the block exceeds.
func (s series) magnitude() float64 { return math.Abs(s.shift) + math.Sqrt(s.squares) }

// from is how far the mean of a block lies from another.
func (s series) from(mean, n float64) float64 { return s.shift - mean + s.sum/n }
