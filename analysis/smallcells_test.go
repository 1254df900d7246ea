package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
	"pgregory.net/rapid"

	"tidemark/analysis"
)

// attack is what somebody can do who sees the published figures: the equations
// by which a table adds up, solved for what is hidden.
type attack struct {
	names []string
	cells map[analysis.Cell]int // unknowns that are cells
	rows  [][]*big.Rat          // reduced equations; the last entry is the right side
	pivot []int                 // the unknown that each row is solved for
}

// newAttack knows the counts that are not hidden, and no others.
func newAttack(counts [][]int, r analysis.SmallCellsResult) *attack {
	a := &attack{cells: map[analysis.Cell]int{}}
	unknown := func(name string) int {
		a.names = append(a.names, name)
		return len(a.names) - 1
	}
	columns := len(r.HiddenColumns)
	rowTotal, columnTotal := make([]int, len(counts)), make([]int, columns)
	everybody := 0
	for i, row := range counts {
		for j, c := range row {
			rowTotal[i] += c
			columnTotal[j] += c
			everybody += c
		}
	}
	// A figure is an unknown or a number.
	type figure struct{ unknown, count int }
	number := func(hidden bool, name string, count int) figure {
		if hidden {
			return figure{unknown(name), 0}
		}
		return figure{-1, count}
	}
	total := number(r.HiddenTotal, "total", everybody)
	inRow, inColumn := make([][]figure, len(counts)), make([][]figure, columns)
	for i, row := range counts {
		for j, c := range row {
			f := number(r.Hidden[i][j], fmt.Sprintf("cell %d,%d", i, j), c)
			if f.unknown >= 0 {
				a.cells[analysis.Cell{Row: i, Column: j}] = f.unknown
			}
			inRow[i], inColumn[j] = append(inRow[i], f), append(inColumn[j], f)
		}
	}
	var equations [][]figure // parts, and the sum at the end
	var rowSums, columnSums []figure
	for i := range counts {
		sum := number(r.HiddenRows[i], fmt.Sprintf("row %d", i), rowTotal[i])
		equations, rowSums = append(equations, append(inRow[i], sum)), append(rowSums, sum)
	}
	for j := range columns {
		sum := number(r.HiddenColumns[j], fmt.Sprintf("column %d", j), columnTotal[j])
		equations, columnSums = append(equations, append(inColumn[j], sum)), append(columnSums, sum)
	}
	equations = append(equations, append(rowSums, total), append(columnSums, total))
	for _, parts := range equations {
		line := make([]*big.Rat, len(a.names)+1)
		for k := range line {
			line[k] = new(big.Rat)
		}
		for k, f := range parts {
			sign := int64(1)
			if k == len(parts)-1 {
				sign = -1
			}
			if f.unknown >= 0 {
				line[f.unknown].Add(line[f.unknown], big.NewRat(sign, 1))
			} else {
				line[len(a.names)].Sub(line[len(a.names)], big.NewRat(sign*int64(f.count), 1))
			}
		}
		a.rows = append(a.rows, line)
	}
	a.eliminate()
	return a
}

// eliminate is Gauss–Jordan elimination with exact fractions.
func (a *attack) eliminate() {
	next := 0
	for k := range a.names {
		found := -1
		for i := next; i < len(a.rows); i++ {
			if a.rows[i][k].Sign() != 0 {
				found = i
				break
			}
		}
		if found < 0 {
			continue
		}
		a.rows[next], a.rows[found] = a.rows[found], a.rows[next]
		inverse := new(big.Rat).Inv(a.rows[next][k])
		for c := range a.rows[next] {
			a.rows[next][c].Mul(a.rows[next][c], inverse)
		}
		for i := range a.rows {
			if i == next || a.rows[i][k].Sign() == 0 {
				continue
			}
			factor := new(big.Rat).Set(a.rows[i][k])
			for c := range a.rows[i] {
				a.rows[i][c].Sub(a.rows[i][c], new(big.Rat).Mul(factor, a.rows[next][c]))
			}
		}
		a.pivot = append(a.pivot, k)
		next++
	}
	a.rows = a.rows[:next]
}

// computed lists the unknowns that the equations determine.
func (a *attack) computed() []string {
	var found []string
	for i, row := range a.rows {
		others := false
		for k := range a.names {
			others = others || k != a.pivot[i] && row[k].Sign() != 0
		}
		if !others {
			found = append(found, a.names[a.pivot[i]])
		}
	}
	return found
}

// bounds are the least and greatest value of an unknown, nothing being below 0,
// by linear programming. High is −1 if there is none.
func (a *attack) bounds(t interface{ Fatal(...any) }, unknown int) analysis.Bounds {
	n := len(a.names)
	ends := [2]int{}
	for side, sign := range []float64{1, -1} {
		objective := make([]float64, n)
		objective[unknown] = sign
		if len(a.rows) == 0 { // nothing is known
			ends = [2]int{0, -1}
			break
		}
		left, right := mat.NewDense(len(a.rows), n, nil), make([]float64, len(a.rows))
		for i, row := range a.rows {
			for k := range n {
				v, _ := row[k].Float64()
				left.Set(i, k, v)
			}
			right[i], _ = row[n].Float64()
		}
		best, _, err := lp.Simplex(objective, left, right, 1e-9, nil)
		switch {
		case errors.Is(err, lp.ErrUnbounded):
			ends[side] = -1
		case err != nil:
			t.Fatal(err)
		default:
			ends[side] = int(math.Round(sign * best))
		}
	}
	return analysis.Bounds{Low: ends[0], High: ends[1]}
}

// recovered lists what an attacker finds out, by equations or because nothing is
// below 0.
func recovered(t interface{ Fatal(...any) }, counts [][]int, r analysis.SmallCellsResult) []string {
	a := newAttack(counts, r)
	if found := a.computed(); len(found) > 0 {
		return found
	}
	var found []string
	for k, name := range a.names {
		if b := a.bounds(t, k); b.Low == b.High {
			found = append(found, name)
		}
	}
	return found
}

func someCounts(t *rapid.T) [][]int {
	rows, columns := rapid.IntRange(1, 5).Draw(t, "rows"), rapid.IntRange(1, 5).Draw(t, "columns")
	counts := make([][]int, rows)
	count := rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(5, 40), rapid.Just(0))
	for i := range counts {
		counts[i] = rapid.SliceOfN(count, columns, columns).Draw(t, "counts")
	}
	return counts
}

func TestNoHiddenCountCanBeRecovered(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		counts := someCounts(t)
		r := analysis.SmallCells(counts, rapid.IntRange(1, 12).Draw(t, "threshold"))
		if found := recovered(t, counts, r); len(found) > 0 {
			t.Fatalf("%v of %v with %+v", found, counts, r)
		}
	})
}

func TestEveryCountBelowTheThresholdIsHidden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		counts := someCounts(t)
		threshold := rapid.IntRange(1, 12).Draw(t, "threshold")
		r := analysis.SmallCells(counts, threshold)
		hidden, total := 0, 0
		columns := make([]int, len(counts[0]))
		for i, row := range counts {
			sum := 0
			for j, c := range row {
				sum, columns[j] = sum+c, columns[j]+c
				if c < threshold && !r.Hidden[i][j] {
					t.Fatalf("%d in cell %d,%d is shown", c, i, j)
				}
				if r.Hidden[i][j] {
					hidden++
				}
			}
			if sum < threshold && !r.HiddenRows[i] {
				t.Fatalf("%d of row %d is shown", sum, i)
			}
			total += sum
		}
		for j, sum := range columns {
			if sum < threshold && !r.HiddenColumns[j] {
				t.Fatalf("%d of column %d is shown", sum, j)
			}
		}
		if total < threshold && !r.HiddenTotal {
			t.Fatalf("the total %d is shown", total)
		}
		if hidden != len(r.Primary)+len(r.Complementary) {
			t.Fatalf("%d hidden, %v and %v", hidden, r.Primary, r.Complementary)
		}
		if len(r.Primary) == 0 && (hidden > 0 || r.HiddenTotal) {
			t.Fatalf("nothing is small, but hidden is %v", r.Complementary)
		}
	})
}

func TestBoundsAreThoseOfLinearProgramming(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		counts := someCounts(t)
		r := analysis.SmallCells(counts, rapid.IntRange(1, 12).Draw(t, "threshold"))
		a := newAttack(counts, r)
		for cell, unknown := range a.cells {
			if got, want := r.Bounds[cell.Row][cell.Column], a.bounds(t, unknown); got != want {
				t.Fatalf("cell %v of %v: got %+v, want %+v", cell, counts, got, want)
			}
		}
		for i, row := range counts {
			for j, c := range row {
				if b := r.Bounds[i][j]; !r.Hidden[i][j] && b != (analysis.Bounds{Low: c, High: c}) {
					t.Fatalf("published %d has bounds %+v", c, b)
				}
			}
		}
	})
}

func TestHiddenCellsAreFew(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		counts        [][]int
		complementary int
	}{
		"a rectangle":            {[][]int{{12, 3, 8}, {22, 9, 15}}, 3},
		"one already there":      {[][]int{{12, 3, 8}, {22, 9, 15}, {7, 11, 2}}, 2},
		"a rectangle of its own": {[][]int{{2, 3, 8}, {1, 4, 15}}, 0},
		"one row":                {[][]int{{12, 3, 8}}, 1},
		"nothing small":          {[][]int{{12, 5, 8}, {22, 9, 15}}, 0},
	} {
		r := analysis.SmallCells(c.counts, 0)
		if len(r.Complementary) != c.complementary || r.HiddenTotal {
			t.Errorf("%s: got %v beside %v, total hidden %v", name, r.Complementary, r.Primary, r.HiddenTotal)
		}
	}
}

func TestWhatIsNoTableIsHiddenWhole(t *testing.T) {
	t.Parallel()
	for name, counts := range map[string][][]int{
		"ragged": {{1, 2}, {3}}, "negative": {{-1, 7}}, "huge": {{math.MaxInt, 8}},
	} {
		r := analysis.SmallCells(counts, 5)
		if r.Reason != analysis.ReasonInvalidOption || !r.HiddenTotal || !r.Hidden[0][0] || !r.HiddenRows[0] {
			t.Errorf("%s: got %+v", name, r)
		}
	}
	if r := analysis.SmallCells([][]int{{7}}, -1); r.Reason != analysis.ReasonInvalidOption || !r.Hidden[0][0] {
		t.Errorf("negative threshold: got %+v", r)
	}
	if r := analysis.SmallCells(nil, 5); r.Reason != "" || r.HiddenTotal {
		t.Errorf("no table: got %+v", r)
	}
}

func ExampleSmallCells() {
	// Better, the same, worse; by arm.
	r := analysis.SmallCells([][]int{{12, 3, 8}, {22, 9, 15}}, 5)
	for i, row := range [][]int{{12, 3, 8}, {22, 9, 15}} {
		for j, c := range row {
			if r.Hidden[i][j] {
				fmt.Print("  –")
			} else {
				fmt.Printf("%3d", c)
			}
		}
		fmt.Println()
	}
	b := r.Bounds[0][1]
	fmt.Printf("the small cell may hold %d to %d\n", b.Low, b.High)
	// Output:
	//  12  –  –
	//  22  –  –
	// the small cell may hold 0 to 11
}

// The attack of these tests finds what is not protected: by subtraction, and
// because no count is below 0.
func TestTheAttackFindsWhatIsNotProtected(t *testing.T) {
	t.Parallel()
	pattern := func(cells ...analysis.Cell) analysis.SmallCellsResult {
		r := analysis.SmallCellsResult{
			Hidden: [][]bool{make([]bool, 3), make([]bool, 3)}, HiddenRows: make([]bool, 2), HiddenColumns: make([]bool, 3),
		}
		for _, c := range cells {
			r.Hidden[c.Row][c.Column] = true
		}
		return r
	}
	alone := pattern(analysis.Cell{Row: 0, Column: 1})
	if found := recovered(t, [][]int{{12, 3, 8}, {22, 9, 15}}, alone); len(found) != 1 || found[0] != "cell 0,1" {
		t.Errorf("alone: got %v", found)
	}
	// A rectangle whose two empty corners cannot give and cannot take.
	rectangle := pattern(analysis.Cell{}, analysis.Cell{Column: 1}, analysis.Cell{Row: 1}, analysis.Cell{Row: 1, Column: 1})
	if found := recovered(t, [][]int{{0, 0, 8}, {22, 9, 15}}, rectangle); len(found) != 4 {
		t.Errorf("empty row: got %v", found)
	}
}
