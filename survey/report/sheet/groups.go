package sheet

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// Group is the rows that have the same label in each of some columns.
type Group struct {
	Labels []string
	// N counts the numbers that are there.
	N int
	// Mean is NaN without any, SD (divisor N − 1) below two.
	Mean, SD float64
}

// Groups describes a column of numbers in each combination of labels that
// occurs, in the order of their first rows. Number and by are positions in
// Numbers and Labels.
func (t *Table) Groups(number int, by ...int) []Group {
	cells, first := t.cells(by)
	x := t.Numbers[number]
	shift := make([]float64, len(first))
	for i, s := range sumCells(x, cells, shift) {
		shift[i] = s.from / float64(s.n)
	}
	// Deviations from a mean sum to what rounding left of it, which is taken off
	// again (Chan, Golub & LeVeque 1983).
	groups := make([]Group, len(first))
	for i, s := range sumCells(x, cells, shift) {
		n := float64(s.n)
		g := Group{N: s.n, Mean: shift[i] + s.from/n, SD: math.NaN()}
		if g.N > 1 {
			g.SD = math.Sqrt(max(0, s.squares-s.from*s.from/n) / (n - 1))
		}
		for _, l := range by {
			g.Labels = append(g.Labels, t.Labels[l].Names[t.Labels[l].Codes[first[i]]])
		}
		groups[i] = g
	}
	return groups
}

// cells numbers the combinations of labels that occur, in the order of their
// first rows, which are given too.
func (t *Table) cells(by []int) (cells []uint32, first []int) {
	cells = make([]uint32, t.Rows)
	if t.Rows > 0 {
		first = []int{0}
	}
	for _, l := range by {
		cells, first = combine(cells, len(first), t.Labels[l].Codes, len(t.Labels[l].Names))
	}
	return cells, first
}

// combine numbers the pairs of two numberings that occur.
func combine(a []uint32, as int, b []uint32, bs int) (pairs []uint32, first []int) {
	const none = math.MaxUint32
	pairs = make([]uint32, len(a))
	if as*bs <= 1<<20 {
		known := make([]uint32, as*bs)
		for i := range known {
			known[i] = none
		}
		for row, x := range a {
			at := int(x)*bs + int(b[row])
			if known[at] == none {
				known[at] = uint32(len(first))
				first = append(first, row)
			}
			pairs[row] = known[at]
		}
		return pairs, first
	}
	known := map[[2]uint32]uint32{}
	for row, x := range a {
		pair := [2]uint32{x, b[row]}
		code, ok := known[pair]
		if !ok {
			code = uint32(len(first))
			known[pair] = code
			first = append(first, row)
		}
		pairs[row] = code
	}
	return pairs, first
}

// cellSum sums the numbers of a cell that are there, and their squares, both from
// a shift.
type cellSum struct {
	n             int
	from, squares float64
}

// sumCells sums a column by cells. Blocks of rows do not depend on the number of
// processors, and so their sums do not either.
func sumCells(x []float64, cells []uint32, shift []float64) []cellSum {
	block := 1 << 15
	if len(shift) > block/8 { // so many cells would cost more than they save
		block = max(1, len(x))
	}
	parts := make([][]cellSum, (len(x)+block-1)/block)
	inParallel(len(parts), func(p int) {
		sums := make([]cellSum, len(shift))
		from := p * block
		to := min(len(x), from+block)
		for i, cell := range cells[from:to] {
			v := x[from+i]
			if v != v {
				continue
			}
			s := &sums[cell]
			d := v - shift[cell]
			s.n++
			s.from += d
			s.squares += d * d
		}
		parts[p] = sums
	})
	all := make([]cellSum, len(shift))
	for _, part := range parts {
		for i, s := range part {
			all[i].n += s.n
			all[i].from += s.from
			all[i].squares += s.squares
		}
	}
	return all
}

// inParallel does n pieces of work on all processors.
func inParallel(n int, work func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	wg.Wait()
}
