package analysis

import (
	"math"
	"slices"
)

// worthRadix is how many numbers are sorted faster by their digits than by
// comparing them.
const worthRadix = 512

// sortAscending sorts numbers, none of which is NaN. Whole numbers close together
// are counted, others sorted by the digits of their bits.
func sortAscending(x []float64) {
	if len(x) < worthRadix {
		slices.Sort(x)
		return
	}
	if t, ok := newTally(x); ok {
		at := 0
		for i, c := range t.counts {
			for range c {
				x[at] = float64(t.base + i)
				at++
			}
		}
		return
	}
	keys := make([]uint64, len(x))
	for i, v := range x {
		keys[i] = orderedBits(v)
	}
	sortKeys(keys)
	for i, k := range keys {
		x[i] = fromOrderedBits(k)
	}
}

// sortKeys sorts integers by their bytes, from the last to the first (radix
// sort). A byte that all of them share costs nothing.
func sortKeys(keys []uint64) {
	if len(keys) < worthRadix {
		slices.Sort(keys)
		return
	}
	var counts [8][256]int
	for _, k := range keys {
		for digit := range 8 {
			counts[digit][byte(k>>(8*digit))]++
		}
	}
	from, to := keys, make([]uint64, len(keys))
	for digit := range 8 {
		count := &counts[digit]
		if count[byte(from[0]>>(8*digit))] == len(keys) {
			continue
		}
		next := 0
		for i, c := range count {
			count[i] = next
			next += c
		}
		for _, k := range from {
			at := &count[byte(k>>(8*digit))]
			to[*at] = k
			*at++
		}
		from, to = to, from
	}
	if &from[0] != &keys[0] {
		copy(keys, from)
	}
}

// sizeKey orders numbers by size and, within a size, puts increases first.
func sizeKey(v float64) uint64 {
	bits := math.Float64bits(v)
	return bits<<1 | bits>>63
}

// ofSizeKey is the size of a number and whether it was below 0.
func ofSizeKey(k uint64) (size float64, down bool) {
	return math.Float64frombits(k >> 1), k&1 == 1
}
