package missing

import (
	"math"
	"slices"
	"sort"
)

// donor is an observed value and what the regression predicts for it.
type donor struct{ predicted, value float64 }

// manyDonors are sorted faster by the bytes of their predictions than by comparing
// them.
const manyDonors = 512

// sortDonors sorts donors by their predictions. Every column of every imputation is
// imputed again and again from donors in another order: of whole reports on many
// people, comparing them took a third of the time.
func (m *matcher) sortDonors() {
	if len(m.donorList) < manyDonors {
		slices.SortFunc(m.donorList, func(a, b donor) int {
			if a.predicted < b.predicted {
				return -1
			}
			if a.predicted > b.predicted {
				return 1
			}
			return 0
		})
		return
	}
	var counts [8][256]int
	for _, d := range m.donorList {
		key := d.key()
		for digit := range 8 {
			counts[digit][byte(key>>(8*digit))]++
		}
	}
	from, to := m.donorList, slices.Grow(m.sorting[:0], len(m.donorList))[:len(m.donorList)]
	for digit := range 8 {
		count := &counts[digit]
		if count[byte(from[0].key()>>(8*digit))] == len(from) {
			continue
		}
		next := 0
		for i, c := range count {
			count[i] = next
			next += c
		}
		for _, d := range from {
			at := &count[byte(d.key()>>(8*digit))]
			to[*at] = d
			*at++
		}
		from, to = to, from
	}
	m.donorList, m.sorting = from, to
}

// key orders donors by their predictions, as an integer.
func (d donor) key() uint64 {
	bits := math.Float64bits(d.predicted + 0) // −0 becomes 0
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

// nearest draws one of the donors whose predictions are nearest.
func (m *matcher) nearest(predicted float64) float64 {
	d := m.donorList
	k := min(m.donors, len(d))
	high := sort.Search(len(d), func(i int) bool { return d[i].predicted >= predicted })
	low := high // the nearest so far are d[low:high]
	for high-low < k {
		switch {
		case low == 0:
			high++
		case high == len(d) || predicted-d[low-1].predicted <= d[high].predicted-predicted:
			low--
		default:
			high++
		}
	}
	return d[low+m.random.IntN(k)].value
}
