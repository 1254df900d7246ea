package analysis

import (
	"container/heap"
	"math"
)

// cellNetwork is a table with its totals as a flow: each cell carries its count
// from its row to its column, a row total brings it to the row, a column total
// takes it from the column, and the total of everybody leads back.
type cellNetwork struct {
	rows, columns int
	edges         []cellEdge
	// at lists the edges that touch a node: rows, then columns, then the node
	// that feeds the rows and the one that gathers the columns.
	at [][]int
}

type cellEdge struct {
	from, to int
	count    int
	hidden   bool
}

// The edges: cells by row, then row totals, column totals and the total.
func (n *cellNetwork) cell(row, column int) int { return row*n.columns + column }
func (n *cellNetwork) rowTotal(row int) int     { return n.rows*n.columns + row }
func (n *cellNetwork) columnTotal(column int) int {
	return n.rows*n.columns + n.rows + column
}
func (n *cellNetwork) total() int { return n.rows*n.columns + n.rows + n.columns }

// newCellNetwork lays out a table of counts.
func newCellNetwork(counts [][]int, columns int) *cellNetwork {
	n := &cellNetwork{rows: len(counts), columns: columns}
	source, sink := n.rows+columns, n.rows+columns+1
	n.edges = make([]cellEdge, n.total()+1)
	n.edges[n.total()] = cellEdge{from: sink, to: source}
	for i := range n.rows {
		n.edges[n.rowTotal(i)] = cellEdge{from: source, to: i}
	}
	for j := range columns {
		n.edges[n.columnTotal(j)] = cellEdge{from: n.rows + j, to: sink}
	}
	for i, row := range counts {
		for j, c := range row {
			n.edges[n.cell(i, j)] = cellEdge{from: i, to: n.rows + j, count: c}
			n.edges[n.rowTotal(i)].count += c
			n.edges[n.columnTotal(j)].count += c
			n.edges[n.total()].count += c
		}
	}
	n.at = make([][]int, sink+1)
	for e, edge := range n.edges {
		n.at[edge.from] = append(n.at[edge.from], e)
		n.at[edge.to] = append(n.at[edge.to], e)
	}
	return n
}

// hideBelow hides every figure below the threshold. The totals of an empty table
// belong to nobody.
func (n *cellNetwork) hideBelow(threshold int) {
	if n.rows == 0 || n.columns == 0 {
		return
	}
	for e := range n.edges {
		if n.edges[e].count < threshold {
			n.edges[e].hidden = true
		}
	}
}

// protect hides further figures until every hidden one lies on a circle along
// which something can be shifted.
func (n *cellNetwork) protect() {
	for e := 0; e < len(n.edges); e++ {
		if !n.edges[e].hidden || n.movable(e) {
			continue
		}
		circle := n.cheapest(e)
		for _, further := range circle {
			n.edges[further].hidden = true
		}
		// What was hidden now has a circle of its own: the same one.
	}
}

// movable reports whether the hidden figures alone leave the edge a choice.
func (n *cellNetwork) movable(e int) bool {
	edge := n.edges[e]
	if _, cost := n.path(edge.to, edge.from, e, false); cost == 0 {
		return true
	}
	if edge.count == 0 {
		return false
	}
	_, cost := n.path(edge.from, edge.to, e, false)
	return cost == 0
}

// cheapest returns the figures to hide so that the edge can grow or shrink.
func (n *cellNetwork) cheapest(e int) []int {
	edge := n.edges[e]
	grow, cost := n.path(edge.to, edge.from, e, true)
	if edge.count > 0 {
		if shrink, less := n.path(edge.from, edge.to, e, true); less < cost {
			return shrink
		}
	}
	return grow
}

// cost is the price of hiding a figure: nothing if it is hidden, 1 for a cell and
// a little for its count, and more than all cells for a total.
func (n *cellNetwork) cost(e int) float64 {
	edge := n.edges[e]
	switch {
	case edge.hidden:
		return 0
	case e >= n.rows*n.columns:
		return 2 * float64(n.rows*n.columns+1)
	}
	return 1 + float64(edge.count)/float64(1+n.edges[n.total()].count)/float64(len(n.edges))
}

// path finds the cheapest way from one node to another for one unit of flow
// (Dijkstra 1959), along edges or, where there is something to take back,
// against them; without is left out, and only hidden figures are used unless
// others may be hidden. It returns the edges of the way that cost something; the
// cost is infinite if there is no way.
func (n *cellNetwork) path(from, to, without int, others bool) ([]int, float64) {
	cost, by := make([]float64, len(n.at)), make([]int, len(n.at))
	for v := range cost {
		cost[v], by[v] = math.Inf(1), -1
	}
	cost[from] = 0
	queue := &nodeQueue{{from, 0}}
	for queue.Len() > 0 {
		next := heap.Pop(queue).(queuedNode)
		if next.cost > cost[next.node] {
			continue
		}
		for _, e := range n.at[next.node] {
			edge := n.edges[e]
			other := edge.to
			if other == next.node {
				other = edge.from
				if edge.count == 0 {
					continue // nothing to take back
				}
			}
			if e == without || !edge.hidden && !others {
				continue
			}
			if c := next.cost + n.cost(e); c < cost[other] {
				cost[other], by[other] = c, e
				heap.Push(queue, queuedNode{other, c})
			}
		}
	}
	if math.IsInf(cost[to], 1) {
		return nil, cost[to]
	}
	var way []int
	for v := to; v != from; {
		e := by[v]
		if !n.edges[e].hidden {
			way = append(way, e)
		}
		if n.edges[e].from == v {
			v = n.edges[e].to
		} else {
			v = n.edges[e].from
		}
	}
	return way, cost[to]
}

type queuedNode struct {
	node int
	cost float64
}

type nodeQueue []queuedNode

func (q nodeQueue) Len() int           { return len(q) }
func (q nodeQueue) Less(i, j int) bool { return q[i].cost < q[j].cost }
func (q nodeQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *nodeQueue) Push(v any)        { *q = append(*q, v.(queuedNode)) }

func (q *nodeQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// bounds are the least and greatest count that the published figures leave to an
// edge: what can flow around it in either direction, by augmenting paths (Ford &
// Fulkerson 1956).
func (n *cellNetwork) bounds(e int) Bounds {
	edge := n.edges[e]
	if !edge.hidden {
		return Bounds{edge.count, edge.count}
	}
	high := n.flow(edge.to, edge.from, e, -1)
	if high >= 0 {
		high += edge.count
	}
	return Bounds{edge.count - n.flow(edge.from, edge.to, e, edge.count), high}
}

// flow is the most that can be sent from one node to another through hidden
// figures other than one, up to a limit unless that is negative; −1 means
// without limit.
func (n *cellNetwork) flow(from, to, without, limit int) int {
	left := make([]int, len(n.edges)) // what can be taken back
	for e, edge := range n.edges {
		left[e] = edge.count
	}
	sent := 0
	for limit < 0 || sent < limit {
		by, amount := n.augment(left, from, to, without)
		if by == nil {
			return sent
		}
		if amount < 0 && limit < 0 {
			return -1
		}
		if limit >= 0 && (amount < 0 || amount > limit-sent) {
			amount = limit - sent
		}
		for v := to; v != from; {
			e := by[v]
			if n.edges[e].to == v {
				left[e] += amount
				v = n.edges[e].from
			} else {
				left[e] -= amount
				v = n.edges[e].to
			}
		}
		sent += amount
	}
	return sent
}

// augment finds the shortest way along which something can be sent, and how
// much; −1 means without limit. The way is given by the edge into each node.
func (n *cellNetwork) augment(left []int, from, to, without int) (by []int, amount int) {
	by, room := make([]int, len(n.at)), make([]int, len(n.at))
	for v := range by {
		by[v] = -1
	}
	room[from] = -1
	seen := make([]bool, len(n.at))
	seen[from] = true
	for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
		v := queue[0]
		if v == to {
			return by, room[to]
		}
		for _, e := range n.at[v] {
			edge := n.edges[e]
			other, through := edge.to, -1
			if other == v {
				other, through = edge.from, left[e]
			}
			if e == without || !edge.hidden || through == 0 || seen[other] {
				continue
			}
			seen[other], by[other], room[other] = true, e, room[v]
			if through > 0 && (room[v] < 0 || through < room[v]) {
				room[other] = through
			}
			queue = append(queue, other)
		}
	}
	return nil, 0
}
