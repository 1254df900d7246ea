package mixed

import (
	"gonum.org/v1/gonum/floats"

	"tidemark/analysis/internal/spd"
)

// moments are all the likelihood needs of the data, after one pass over the
// rows. Each person's rows are turned so that their covariance is
//
//	V = base·I + R·S·Rᵀ
//
// with an r×m basis R and one m×m matrix S for all people; what the turning
// leaves over has covariance base·I. In a mixed model base is 1, S is the
// covariance of the random effects in units of the residual variance, and
// R comes from the person's Z = Q·R. In a marginal model base is 0, S is the
// covariance of the visits, and R picks those that the person attended.
//
// People with the same R form a class, for which products of the columns of
// [X y] are summed once; each evaluation of the likelihood then costs as much as
// there are classes, however many people there are.
type moments struct {
	m       int     // order of S
	k       int     // columns of [X y]
	rows    int     // rows that entered
	base    float64 // 0 or 1
	within  []float64
	classes []*class
	// class and turned rows (r×k) of each person, for random effects.
	classOf []int
	turned  [][]float64
}

// class holds the people with the same basis.
type class struct {
	people float64
	r      int
	basis  []float64 // r×m
	// products[packed(e, f)] is the packed sum over people of the symmetrised
	// product of turned rows e and f.
	products [][]float64
	// A marginal model has blocks instead, as long as there are few.
	summed  bool
	blocks  []*block
	index   map[string]int
	yy      []float64 // sums of products of the response, packed
	columns int       // of X

	inverse []float64 // V⁻¹, r×r
	a       []float64 // Rᵀ·V⁻¹, m×r
	w       []float64 // Rᵀ·V⁻¹·R, m×m
}

func newClass(basis []float64, r, m, k int) *class {
	return &class{
		r: r, basis: basis, columns: k - 1,
		inverse: make([]float64, r*r), a: make([]float64, m*r), w: make([]float64, m*m),
	}
}

// newSummed makes a class that sums products.
func newSummed(basis []float64, r, m, k int) *class {
	c := newClass(basis, r, m, k)
	c.summed, c.products = true, products(r, k)
	return c
}

// newBlocked makes a class that keeps distinct designs apart.
func newBlocked(basis []float64, r, m, k int) *class {
	c := newClass(basis, r, m, k)
	c.index, c.yy = make(map[string]int), make([]float64, packedLen(r))
	return c
}

func products(r, k int) [][]float64 {
	out := make([][]float64, packedLen(r))
	all := make([]float64, packedLen(r)*packedLen(k))
	for i := range out {
		out[i] = all[i*packedLen(k) : (i+1)*packedLen(k)]
	}
	return out
}

// add enters the turned rows of a person, r×k.
func (c *class) add(u []float64, k int) {
	c.people++
	for e := range c.r {
		x := u[e*k : (e+1)*k]
		for f := range e + 1 {
			y := u[f*k : (f+1)*k]
			sum, at := c.products[packed(e, f)], 0
			if e == f {
				for i, v := range x {
					floats.AddScaled(sum[at:at+i+1], v, x[:i+1])
					at += i + 1
				}
				continue
			}
			for i := range k {
				p, q := x[i]/2, y[i]/2
				for j := range i + 1 {
					sum[at] += p*y[j] + q*x[j]
					at++
				}
			}
		}
	}
}

// weigh adds Σ weight(e, f)·products(e, f) over all ordered pairs to sum, for a
// symmetric r×r weight, of which the lower triangle is read.
func (c *class) weigh(weight, sum []float64) {
	if !c.summed {
		c.weighBlocks(weight, sum)
		return
	}
	for e := range c.r {
		for f := range e + 1 {
			floats.AddScaled(sum, weight[e*c.r+f]*fold(e, f), c.products[packed(e, f)])
		}
	}
}

// invert computes V⁻¹ and what follows from it at S, and log|V|.
func (c *class) invert(s []float64, m int, base float64) (float64, bool) {
	v := make([]float64, c.r*c.r)
	half := make([]float64, m)
	for e := range c.r {
		row := c.basis[e*m : (e+1)*m]
		clear(half)
		for a, x := range row {
			if x != 0 {
				floats.AddScaled(half, x, s[a*m:(a+1)*m])
			}
		}
		for f := range e + 1 {
			v[e*c.r+f] = floats.Dot(half, c.basis[f*m:(f+1)*m])
		}
		v[e*c.r+e] += base
	}
	if !spd.Factor(v, c.r, definiteTolerance) {
		return 0, false
	}
	spd.Invert(v, c.r, c.inverse)
	clear(c.a)
	for e := range c.r {
		for a := range m {
			if x := c.basis[e*m+a]; x != 0 {
				floats.AddScaled(c.a[a*c.r:(a+1)*c.r], x, c.inverse[e*c.r:(e+1)*c.r])
			}
		}
	}
	clear(c.w)
	for a := range m {
		for e := range c.r {
			floats.AddScaled(c.w[a*m:(a+1)*m], c.a[a*c.r+e], c.basis[e*m:(e+1)*m])
		}
	}
	return spd.LogDet(v, c.r), true
}

// contract returns, for each pair of turned rows, tr(phi·products) of the X block
// and uᵀ·products·u, both r×r.
func (c *class) contract(k contraction) (x, u []float64) {
	x, u = make([]float64, c.r*c.r), make([]float64, c.r*c.r)
	if !c.summed {
		c.contractBlocks(k.full, k.beta, x, u)
		return x, u
	}
	for e := range c.r {
		for f := range e + 1 {
			product := c.products[packed(e, f)]
			x[e*c.r+f], u[e*c.r+f] = floats.Dot(k.phi, product), floats.Dot(k.uu, product)
			x[f*c.r+e], u[f*c.r+e] = x[e*c.r+f], u[e*c.r+f]
		}
	}
	return x, u
}

// sandwich returns A·X·Aᵀ (m×m) for a symmetric r×r matrix X.
func (c *class) sandwich(x []float64, m int) []float64 {
	half := make([]float64, m*c.r)
	for a := range m {
		for e := range c.r {
			if v := c.a[a*c.r+e]; v != 0 {
				floats.AddScaled(half[a*c.r:(a+1)*c.r], v, x[e*c.r:(e+1)*c.r])
			}
		}
	}
	out := make([]float64, m*m)
	for a := range m {
		for b := range a + 1 {
			v := floats.Dot(half[a*c.r:(a+1)*c.r], c.a[b*c.r:(b+1)*c.r])
			out[a*m+b], out[b*m+a] = v, v
		}
	}
	return out
}
