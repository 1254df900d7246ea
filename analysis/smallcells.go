package analysis

import "math"

// DefaultThreshold is the smallest count that is shown where the options leave
// it at zero.
const DefaultThreshold = 5

// Cell is a place in a table, from 0.
type Cell struct{ Row, Column int }

// Bounds are the least and the greatest count that the published figures leave
// possible. High is −1 where there is no greatest.
type Bounds struct{ Low, High int }

// SmallCellsResult is what SmallCells returns. The tables of booleans say what
// is hidden; nothing tells a small cell from one that is hidden to protect it,
// and a page must not either.
type SmallCellsResult struct {
	Threshold int
	// Hidden has the shape of the table, HiddenRows and HiddenColumns are its
	// totals, HiddenTotal is that of everybody.
	Hidden                    [][]bool
	HiddenRows, HiddenColumns []bool
	HiddenTotal               bool
	// Primary are the cells below the threshold, Complementary the other hidden
	// ones, both by row and column. Totals are in neither.
	Primary, Complementary []Cell
	// Bounds are what somebody who knows every published figure and how tables
	// add up can still say about each cell; a published one has Low = High.
	Bounds [][]Bounds
	// Reason is set if the table is not one of counts; everything is then hidden.
	Reason Reason
}

// SmallCells decides which cells of a table of counts must be hidden so that no
// count below the threshold can be read, or computed from the totals of rows and
// columns and of everybody, which are published beside it. A threshold of 0
// means DefaultThreshold.
//
// A count below the threshold is hidden, and so is a total; 0 counts too: that
// nobody of a group got worse says something about each of its members. A hidden
// cell is safe when the published figures leave at least two counts possible.
// The counts of a table with totals are a flow (rows to columns, and back
// through the totals), so that this is the case exactly when the cell lies on a
// circle of hidden cells along which something can be shifted (Gusfield 1988).
// Where there is no such circle the cheapest one is closed by hiding further
// cells: few before small, and totals only if it must be.
//
// What stays: the bounds can be narrow, and whoever knows how cells are chosen
// may guess which of a circle is the small one. A threshold is no anonymity; do
// not publish two tables that differ by one person.
//
// Not estimable: ragged tables, negative counts and thresholds, and counts beyond
// 31 bits (invalid_option, too_many); everything is then hidden.
func SmallCells(counts [][]int, threshold int) SmallCellsResult {
	if threshold == 0 {
		threshold = DefaultThreshold
	}
	r := SmallCellsResult{Threshold: threshold, Hidden: make([][]bool, len(counts)), Bounds: make([][]Bounds, len(counts))}
	columns := 0
	if len(counts) > 0 {
		columns = len(counts[0])
	}
	r.Reason = countsFault(counts, columns, threshold)
	if r.Reason != "" {
		r.hideAll(counts)
		return r
	}
	n := newCellNetwork(counts, columns)
	n.hideBelow(threshold)
	n.protect()
	n.report(&r, counts, threshold)
	return r
}

// countsFault returns the reason why the counts cannot be a table, or "".
func countsFault(counts [][]int, columns, threshold int) Reason {
	if threshold < 0 {
		return ReasonInvalidOption
	}
	total := 0
	for _, row := range counts {
		if len(row) != columns {
			return ReasonInvalidOption
		}
		for _, c := range row {
			if c < 0 || c > math.MaxInt32 {
				return ReasonInvalidOption
			}
			total += c
		}
	}
	if total > math.MaxInt32 {
		return ReasonTooMany
	}
	return ""
}

// hideAll hides everything of a table that cannot be understood.
func (r *SmallCellsResult) hideAll(counts [][]int) {
	columns := 0
	for i, row := range counts {
		columns = max(columns, len(row))
		r.Hidden[i], r.Bounds[i] = make([]bool, len(row)), make([]Bounds, len(row))
		for j := range row {
			r.Hidden[i][j], r.Bounds[i][j] = true, Bounds{High: -1}
		}
	}
	r.HiddenTotal = true
	r.HiddenRows, r.HiddenColumns = make([]bool, len(counts)), make([]bool, columns)
	for i := range r.HiddenRows {
		r.HiddenRows[i] = true
	}
	for j := range r.HiddenColumns {
		r.HiddenColumns[j] = true
	}
}

// report fills in the result.
func (n *cellNetwork) report(r *SmallCellsResult, counts [][]int, threshold int) {
	r.HiddenRows, r.HiddenColumns = make([]bool, n.rows), make([]bool, n.columns)
	for i := range n.rows {
		r.HiddenRows[i] = n.edges[n.rowTotal(i)].hidden
		r.Hidden[i], r.Bounds[i] = make([]bool, n.columns), make([]Bounds, n.columns)
		for j := range n.columns {
			e := n.cell(i, j)
			r.Hidden[i][j] = n.edges[e].hidden
			r.Bounds[i][j] = n.bounds(e)
			switch {
			case counts[i][j] < threshold:
				r.Primary = append(r.Primary, Cell{i, j})
			case n.edges[e].hidden:
				r.Complementary = append(r.Complementary, Cell{i, j})
			}
		}
	}
	for j := range n.columns {
		r.HiddenColumns[j] = n.edges[n.columnTotal(j)].hidden
	}
	r.HiddenTotal = n.edges[n.total()].hidden
}
