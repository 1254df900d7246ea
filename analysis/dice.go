package analysis

import (
	"math/bits"
	"math/rand/v2"
)

// dice draws row numbers. One random word of 64 bits gives several of them: the
// digits of a number below nᵏ, taken by repeated multiplication, are k numbers
// below n, exactly uniform after one rejection (Lemire 2019; Brackett-Rozinsky &
// Lemire 2024).
type dice struct {
	random rand.PCG
	// n is the number of faces, throws how many of them one word gives, and
	// reject the words' remainders below which they are thrown again; rejects has
	// one for each number of throws.
	n       uint64
	throws  int
	rejects [maxThrows + 1]uint64
}

// maxThrows is the largest number of throws from one word.
const maxThrows = 12

// faces prepares for numbers below n ≥ 1.
func (d *dice) faces(n int) {
	if d.n == uint64(n) {
		return
	}
	d.n = uint64(n)
	bound := uint64(1)
	d.throws = 0
	// Up to 2⁵⁶ fewer than one word in 256 is rejected.
	for d.throws < maxThrows {
		high, next := bits.Mul64(bound, d.n)
		if high != 0 || d.throws > 0 && next > 1<<56 {
			break
		}
		bound = next
		d.throws++
		d.rejects[d.throws] = -bound % bound // 2⁶⁴ mod nᵏ
	}
}

// rows fills the slice with row numbers below n.
func (d *dice) rows(drawn []int, n int) {
	d.faces(n)
	for len(drawn) > 0 {
		k := min(d.throws, len(drawn))
		for {
			word := d.random.Uint64()
			for i := range k {
				row, rest := bits.Mul64(word, d.n)
				drawn[i], word = int(row), rest
			}
			if word >= d.rejects[k] {
				break
			}
		}
		drawn = drawn[k:]
	}
}

// sum draws as many values as there are and adds them up.
func (d *dice) sum(values []float64) float64 {
	d.faces(len(values))
	n, total := d.n, 0.0
	for left := len(values); left > 0; {
		k := min(d.throws, left)
		reject := d.rejects[k]
		for {
			word, part := d.random.Uint64(), 0.0
			for range k {
				row, rest := bits.Mul64(word, n)
				part += values[row]
				word = rest
			}
			if word >= reject {
				total += part
				break
			}
		}
		left -= k
	}
	return total
}

// sums draws as many values as there are and adds up them and their squares.
func (d *dice) sums(values []float64) (sum, squares float64) {
	d.faces(len(values))
	n := d.n
	for left := len(values); left > 0; {
		k := min(d.throws, left)
		reject := d.rejects[k]
		for {
			word, part, square := d.random.Uint64(), 0.0, 0.0
			for range k {
				row, rest := bits.Mul64(word, n)
				v := values[row]
				part += v
				square += v * v
				word = rest
			}
			if word >= reject {
				sum += part
				squares += square
				break
			}
		}
		left -= k
	}
	return sum, squares
}

// pairSumsOf holds the sums of drawn pairs.
type pairSumsOf struct{ pre, post, preSquares, postSquares float64 }

// pairs draws as many pairs as there are and adds up both halves and their
// squares.
func (d *dice) pairs(values [][2]float64) (s pairSumsOf) {
	d.faces(len(values))
	n := d.n
	for left := len(values); left > 0; {
		k := min(d.throws, left)
		reject := d.rejects[k]
		for {
			word, part := d.random.Uint64(), pairSumsOf{}
			for range k {
				row, rest := bits.Mul64(word, n)
				v := &values[row]
				part.pre += v[0]
				part.post += v[1]
				part.preSquares += v[0] * v[0]
				part.postSquares += v[1] * v[1]
				word = rest
			}
			if word >= reject {
				s.pre += part.pre
				s.post += part.post
				s.preSquares += part.preSquares
				s.postSquares += part.postSquares
				break
			}
		}
		left -= k
	}
	return s
}
