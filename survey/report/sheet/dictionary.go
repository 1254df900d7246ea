package sheet

import (
	"encoding/binary"
	"math/bits"
)

// dictionary numbers names in the order they are first seen.
type dictionary struct {
	names []string
	hash  []uint64
	slot  []uint32 // a hash table: position in names, from 1; a power of two long
	seen  [1 << seenBits]seenName
}

// seenName is a name of at most eight bytes, none of which is 0, and its position
// in names from 1.
type seenName struct {
	bytes    uint64
	position uint32
}

// seenBits is how many bits find a name among those seen lately: most columns of
// labels have fewer different ones.
const seenBits = 6

func newDictionary() *dictionary { return &dictionary{slot: make([]uint32, 64)} }

// code is the number of a name.
func (d *dictionary) code(name []byte) uint32 {
	if len(name) > 8 || len(name) == 0 {
		return find(d, name, hashOf(name))
	}
	packed := pack(name)
	s := &d.seen[packed*odd>>(64-seenBits)]
	if s.bytes != packed {
		*s = seenName{packed, find(d, name, hashOf(name)) + 1}
	}
	return s.position - 1
}

// pack puts at most eight bytes into a number.
func pack(b []byte) uint64 {
	if cap(b) >= 8 { // there is more of the file behind it
		return binary.LittleEndian.Uint64(b[:8]) & (1<<(8*len(b)) - 1)
	}
	var packed uint64
	for i, c := range b {
		packed |= uint64(c) << (8 * i)
	}
	return packed
}

// find is the number of a name whose hash is known.
func find[T []byte | string](d *dictionary, name T, hash uint64) uint32 {
	mask := uint64(len(d.slot) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		k := d.slot[at]
		if k == 0 {
			d.names, d.hash = append(d.names, string(name)), append(d.hash, hash)
			d.slot[at] = uint32(len(d.names))
			if 2*len(d.names) > len(d.slot) {
				d.grow()
			}
			return uint32(len(d.names) - 1)
		}
		if d.hash[k-1] == hash && d.names[k-1] == string(name) {
			return k - 1
		}
	}
}

func (d *dictionary) grow() {
	d.slot = make([]uint32, 4*len(d.slot))
	mask := uint64(len(d.slot) - 1)
	for i, hash := range d.hash {
		at := hash & mask
		for d.slot[at] != 0 {
			at = (at + 1) & mask
		}
		d.slot[at] = uint32(i + 1)
	}
}

// merge numbers the names of another dictionary and says which number each got.
func (d *dictionary) merge(other *dictionary) []uint32 {
	codes := make([]uint32, len(other.names))
	for i, name := range other.names {
		codes[i] = find(d, name, other.hash[i])
	}
	return codes
}

// hashOf mixes eight bytes at a time by multiplication. It need not resist anybody
// who looks for collisions: they would slow down their own file.
func hashOf(b []byte) uint64 {
	h := uint64(len(b)) * odd
	for len(b) >= 8 {
		h = mix(h ^ binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	return mix(h ^ pack(b))
}

// odd is 2⁶⁴ over the golden ratio, which spreads numbers by multiplication.
const odd = 0x9e3779b97f4a7c15

func mix(x uint64) uint64 {
	high, low := bits.Mul64(x^0x2545f4914f6cdd1d, odd)
	return high ^ low
}
