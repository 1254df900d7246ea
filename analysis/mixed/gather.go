package mixed

import (
	"encoding/binary"
	"math"

	"gonum.org/v1/gonum/floats"
)

// rowsOf sorts rows by their group: group g has the rows order[start[g]:start[g+1]].
func rowsOf(codes []int, groups int) (order, start []int) {
	start = make([]int, groups+1)
	for _, c := range codes {
		start[c+1]++
	}
	for g := range groups {
		start[g+1] += start[g]
	}
	order = make([]int, len(codes))
	next := append([]int{}, start[:groups]...)
	for row, c := range codes {
		order[next[c]] = row
		next[c]++
	}
	return order, start
}

// gatherer enters people into moments one by one.
type gatherer struct {
	out   *moments
	index map[string]int
	key   []byte
	z, x  [][]float64 // the columns on one person's rows
	basis []float64
	u     []float64
}

// gatherRandom sums the moments of a mixed model: z are the columns of the
// random effects, x those of [Q e], all over the same rows.
func gatherRandom(z, x [][]float64, codes []int, groups int) *moments {
	m, k := len(z), len(x)
	order, start := rowsOf(codes, groups)
	longest := 0
	for g := range groups {
		longest = max(longest, start[g+1]-start[g])
	}
	g := &gatherer{
		out: &moments{
			m: m, k: k, rows: len(codes), base: 1, within: make([]float64, packedLen(k)),
			classOf: make([]int, groups), turned: make([][]float64, groups),
		},
		index: make(map[string]int), z: buffers(m, longest), x: buffers(k, longest),
		basis: make([]float64, m*m), u: make([]float64, m*k),
	}
	store := make([]float64, 0, groups*m*k)
	for i := range groups {
		rows := order[start[i]:start[i+1]]
		pick(g.z, z, rows)
		pick(g.x, x, rows)
		g.key = g.key[:0]
		r := g.turn(len(rows))
		c := g.class(r)
		at := len(store)
		store = append(store, g.u[:r*k]...)
		g.out.classOf[i], g.out.turned[i] = c, store[at:]
		g.out.classes[c].add(store[at:], k)
	}
	return g.out
}

func buffers(n, length int) [][]float64 {
	all := make([]float64, n*length)
	out := make([][]float64, n)
	for i := range out {
		out[i] = all[i*length : (i+1)*length]
	}
	return out
}

// pick copies some rows of columns to the beginning of buffers.
func pick(to, from [][]float64, rows []int) {
	contiguous := len(rows) > 0 && rows[len(rows)-1]-rows[0] == len(rows)-1
	for c, column := range from {
		if contiguous {
			copy(to[c], column[rows[0]:rows[0]+len(rows)])
			continue
		}
		for i, r := range rows {
			to[c][i] = column[r]
		}
	}
}

// turn orthonormalises a person's z, leaving the basis R in g.basis, the turned
// rows in g.u and adding the products of what lies outside the span of z to the
// moments. It returns the rank. The key of the class is ZᵀZ, which does not
// depend on the order of the rows when the entries are small whole numbers.
func (g *gatherer) turn(n int) int {
	m, k, r := g.out.m, g.out.k, 0
	clear(g.basis)
	for a := range m {
		for b := range a + 1 {
			g.key = binary.LittleEndian.AppendUint64(g.key, math.Float64bits(floats.Dot(g.z[a][:n], g.z[b][:n])))
		}
	}
	var q [][]float64
	for a := range m {
		column := g.z[a][:n]
		whole := floats.Norm(column, 2)
		for range 2 {
			for e, unit := range q {
				c := floats.Dot(unit, column)
				floats.AddScaled(column, -c, unit)
				g.basis[e*m+a] += c
			}
		}
		left := floats.Norm(column, 2)
		if left <= 1e-10*whole {
			continue
		}
		floats.Scale(1/left, column)
		g.basis[r*m+a] = left
		q = append(q, column)
		r++
	}
	for j := range k {
		column := g.x[j][:n]
		for e, unit := range q {
			c := floats.Dot(unit, column)
			floats.AddScaled(column, -c, unit)
			g.u[e*k+j] = c
		}
	}
	for i := range k {
		for j := range i + 1 {
			g.out.within[packed(i, j)] += floats.Dot(g.x[i][:n], g.x[j][:n])
		}
	}
	return r
}

// class returns the index of the class of the person just turned.
func (g *gatherer) class(r int) int {
	if i, ok := g.index[string(g.key)]; ok {
		return i
	}
	m := g.out.m
	i := len(g.out.classes)
	g.index[string(g.key)] = i
	g.out.classes = append(g.out.classes, newSummed(append([]float64{}, g.basis[:r*m]...), r, m, g.out.k))
	return i
}

// gatherVisits sums the moments of a marginal model: visit gives the visit, of
// m, of each row. It reports false if a person has two rows at one visit.
func gatherVisits(x [][]float64, person []int, people int, visit []int, m int) (*moments, bool) {
	k := len(x)
	order, start := rowsOf(person, people)
	out := &moments{m: m, k: k, rows: len(person), within: make([]float64, packedLen(k))}
	index := make(map[string]int)
	at := make([]int, m) // the row of each visit, +1
	var key []byte
	var u []float64
	for i := range people {
		clear(at)
		for _, row := range order[start[i]:start[i+1]] {
			if at[visit[row]] != 0 {
				return nil, false
			}
			at[visit[row]] = row + 1
		}
		key = key[:0]
		u = u[:0]
		for v, row := range at {
			if row == 0 {
				continue
			}
			key = binary.LittleEndian.AppendUint32(key, uint32(v))
			for _, column := range x {
				u = append(u, column[row-1])
			}
		}
		c, ok := index[string(key)]
		if !ok {
			c = len(out.classes)
			index[string(key)] = c
			out.classes = append(out.classes, newBlocked(selection(at, m), len(u)/k, m, k))
		}
		out.classes[c].enter(u, k)
	}
	return out, true
}

// selection is the basis that picks the visits attended.
func selection(at []int, m int) []float64 {
	var basis []float64
	for v, row := range at {
		if row > 0 {
			line := make([]float64, m)
			line[v] = 1
			basis = append(basis, line...)
		}
	}
	return basis
}
