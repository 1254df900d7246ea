package mixed

import (
	"encoding/binary"
	"math"

	"gonum.org/v1/gonum/floats"
)

// block is the people of a class whose effects have the same rows, as those of
// one arm have without covariates. Their products need not be kept: they follow
// from the rows.
type block struct {
	people float64
	x      []float64 // r×p
	y      []float64 // sum over people, r
}

// maxBlocks is how many distinct designs a class holds apart; with more, summed
// products cost less.
const maxBlocks = 16

// enter adds the rows of a person, r×k with the response last, to the block with
// the same design.
func (c *class) enter(u []float64, k int) {
	if c.summed {
		c.add(u, k)
		return
	}
	p := k - 1
	key := make([]byte, 0, 8*c.r*p)
	for e := range c.r {
		for _, v := range u[e*k : e*k+p] {
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(v))
		}
	}
	i, ok := c.index[string(key)]
	if !ok {
		if i = len(c.blocks); i == maxBlocks {
			c.sum(k)
			c.add(u, k)
			return
		}
		c.index[string(key)] = i
		b := &block{y: make([]float64, c.r)}
		for e := range c.r {
			b.x = append(b.x, u[e*k:e*k+p]...)
		}
		c.blocks = append(c.blocks, b)
	}
	b := c.blocks[i]
	b.people++
	c.people++
	for e := range c.r {
		y := u[e*k+p]
		b.y[e] += y
		for f := range e + 1 {
			c.yy[packed(e, f)] += y * u[f*k+p]
		}
	}
}

// sum turns blocks into products.
func (c *class) sum(k int) {
	c.products = products(c.r, k)
	p := k - 1
	for e := range c.r {
		for f := range e + 1 {
			to := c.products[packed(e, f)]
			for _, b := range c.blocks {
				x, y := b.x[e*p:(e+1)*p], b.x[f*p:(f+1)*p]
				at := 0
				for i := range p {
					for j := range i + 1 {
						to[at] += b.people / 2 * (x[i]*y[j] + y[i]*x[j])
						at++
					}
				}
				for j := range p {
					to[at+j] += (x[j]*b.y[f] + y[j]*b.y[e]) / 2
				}
			}
			to[len(to)-1] += c.yy[packed(e, f)]
		}
	}
	c.summed, c.blocks, c.index = true, nil, nil
}

// response is the sum of products of the response in two rows.
func (c *class) response(e, f int) float64 {
	if !c.summed {
		return c.yy[packed(e, f)]
	}
	product := c.products[packed(e, f)]
	return product[len(product)-1]
}

// weighBlocks is weigh for blocks.
func (c *class) weighBlocks(weight, sum []float64) {
	p := c.columns
	half, column := make([]float64, c.r*p), make([]float64, c.r)
	for _, b := range c.blocks {
		clear(half)
		clear(column)
		for e := range c.r {
			for f := range c.r {
				v := weight[max(e, f)*c.r+min(e, f)]
				floats.AddScaled(half[e*p:(e+1)*p], v, b.x[f*p:(f+1)*p])
				column[e] += v * b.y[f]
			}
		}
		for e := range c.r {
			at, x := 0, b.x[e*p:(e+1)*p]
			for i, v := range half[e*p : (e+1)*p] {
				floats.AddScaled(sum[at:at+i+1], b.people*v, x[:i+1])
				at += i + 1
			}
			floats.AddScaled(sum[at:at+p], column[e], x)
		}
	}
	last := len(sum) - 1
	for e := range c.r {
		for f := range e + 1 {
			sum[last] += fold(e, f) * weight[e*c.r+f] * c.yy[packed(e, f)]
		}
	}
}

// contractBlocks is contract for blocks; phi is (XᵀV⁻¹X)⁻¹ in full.
func (c *class) contractBlocks(phi, beta, x, u []float64) {
	p := c.columns
	half, fitted := make([]float64, c.r*p), make([]float64, c.r)
	for e := range c.r {
		for f := range e + 1 {
			u[e*c.r+f] = c.yy[packed(e, f)]
		}
	}
	for _, b := range c.blocks {
		for e := range c.r {
			row := b.x[e*p : (e+1)*p]
			fitted[e] = floats.Dot(row, beta)
			for i := range p {
				half[e*p+i] = floats.Dot(phi[i*p:(i+1)*p], row)
			}
		}
		for e := range c.r {
			for f := range e + 1 {
				x[e*c.r+f] += b.people * floats.Dot(half[e*p:(e+1)*p], b.x[f*p:(f+1)*p])
				u[e*c.r+f] += b.people*fitted[e]*fitted[f] - fitted[e]*b.y[f] - fitted[f]*b.y[e]
			}
		}
	}
	for e := range c.r {
		for f := range e {
			x[f*c.r+e], u[f*c.r+e] = x[e*c.r+f], u[e*c.r+f]
		}
	}
}

// spreadBlocks is spread for blocks: with t = RᵀV⁻¹X of a block, each F_j is an
// outer product of two rows of t.
func (c *class) spreadBlocks(m int, f [][]float64) {
	p := c.columns
	t, ty := make([]float64, m*p), make([]float64, m)
	for _, b := range c.blocks {
		clear(t)
		for a := range m {
			ra := c.a[a*c.r : (a+1)*c.r]
			for e, v := range ra {
				floats.AddScaled(t[a*p:(a+1)*p], v, b.x[e*p:(e+1)*p])
			}
			ty[a] = floats.Dot(ra, b.y)
		}
		for a := range m {
			ta := t[a*p : (a+1)*p]
			for g := range a + 1 {
				tg, to, at := t[g*p:(g+1)*p], f[packed(a, g)], 0
				scale := -b.people * fold(a, g) / 2
				for i := range p {
					floats.AddScaled(to[at:at+i+1], scale*ta[i], tg[:i+1])
					floats.AddScaled(to[at:at+i+1], scale*tg[i], ta[:i+1])
					at += i + 1
				}
				floats.AddScaled(to[at:at+p], -fold(a, g)/2*ty[g], ta)
				floats.AddScaled(to[at:at+p], -fold(a, g)/2*ty[a], tg)
			}
		}
	}
	c.spreadResponse(m, f)
}

// spreadResponse adds the products of the response alone.
func (c *class) spreadResponse(m int, f [][]float64) {
	full := make([]float64, c.r*c.r)
	for e := range c.r {
		for g := range e + 1 {
			v := c.yy[packed(e, g)]
			full[e*c.r+g], full[g*c.r+e] = v, v
		}
	}
	s := c.sandwich(full, m)
	for a := range m {
		for g := range a + 1 {
			to := f[packed(a, g)]
			to[len(to)-1] -= fold(a, g) * s[a*m+g]
		}
	}
}
