package design

import (
	"fmt"
	"math/bits"
)

// maxColumns bounds a model matrix; more comes of a factor that was meant to be
// a number.
const maxColumns = 2000

// block is the columns of one or more terms with their names.
type block struct {
	names   []string
	columns [][]float64
	term    []int // of each column
	// leading is the factor whose levels the first columns indicate, one each,
	// so that no two of them have a row in common; nil if they do not.
	leading *factor
}

// modelMatrix makes the columns of terms, which are sorted by order. The
// variables are already on the rows used.
func modelMatrix(terms []term, variables []variable, rows int) (block, error) {
	var out block
	whole := firstFactor(terms, variables)
	for i, t := range terms {
		b := block{names: []string{"(Intercept)"}, columns: [][]float64{constant(rows)}}
		if t != 0 {
			b = block{names: []string{""}, columns: [][]float64{nil}}
		}
		for rest := uint64(t); rest != 0; rest &= rest - 1 {
			k := bits.TrailingZeros64(rest)
			all := wholeFactor(terms, i, k) || whole == [2]int{i, k}
			b = b.times(variables[k], all)
			if len(b.names) > maxColumns {
				return out, fmt.Errorf("the term with %s has more than %d columns", variables[k].name, maxColumns)
			}
		}
		if i == 0 {
			out.leading = wholeLeader(t, variables, len(b.names))
		}
		out.names = append(out.names, b.names...)
		out.columns = append(out.columns, b.columns...)
		for range b.names {
			out.term = append(out.term, i)
		}
	}
	if len(out.names) > maxColumns {
		return out, fmt.Errorf("the formula has %d columns, more than %d", len(out.names), maxColumns)
	}
	return out, nil
}

// firstFactor finds the factor that has to carry the mean of a model without
// intercept: the first one, as (term, variable); none is (−1, −1).
func firstFactor(terms []term, variables []variable) [2]int {
	for i, t := range terms {
		if t == 0 {
			break
		}
		for k, v := range variables {
			if t&(1<<k) != 0 && v.factor != nil {
				return [2]int{i, k}
			}
		}
	}
	return [2]int{-1, -1}
}

// wholeLeader is the factor of which a term consists if its columns are all of its
// levels.
func wholeLeader(t term, variables []variable, columns int) *factor {
	if bits.OnesCount64(uint64(t)) != 1 {
		return nil
	}
	f := variables[bits.TrailingZeros64(uint64(t))].factor
	if f == nil || len(f.levels) != columns {
		return nil
	}
	return f
}

func constant(rows int) []float64 {
	x := make([]float64, rows)
	for i := range x {
		x[i] = 1
	}
	return x
}

// times multiplies a block by a variable: its own columns vary fastest, as in R.
func (b block) times(v variable, all bool) block {
	names, columns := []string{v.name}, [][]float64{v.values}
	if v.factor != nil {
		names, columns = indicators(v, all)
	}
	var out block
	for j, right := range columns {
		for i, left := range b.columns {
			name, x := names[j], right
			if left != nil {
				name = b.names[i] + ":" + name
				x = make([]float64, len(right))
				for r, w := range right {
					x[r] = left[r] * w
				}
			}
			out.names, out.columns = append(out.names, name), append(out.columns, x)
		}
	}
	return out
}

// indicators are the columns of a factor, without its first level unless all
// are asked for.
func indicators(v variable, all bool) (names []string, columns [][]float64) {
	first := 1
	if all {
		first = 0
	}
	for _, level := range v.factor.levels[min(first, len(v.factor.levels)):] {
		names, columns = append(names, v.name+level), append(columns, make([]float64, len(v.factor.codes)))
	}
	for r, c := range v.factor.codes {
		if c >= first {
			columns[c-first][r] = 1
		}
	}
	return names, columns
}
