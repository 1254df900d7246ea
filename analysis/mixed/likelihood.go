package mixed

import (
	"gonum.org/v1/gonum/floats"

	"tidemark/analysis/internal/spd"
)

// point is the generalised least squares fit at one covariance S.
type point struct {
	p      int
	logDet float64   // Σ log|V|
	f      []float64 // [X y]ᵀ·V⁻¹·[X y], packed
	chol   []float64 // factor of XᵀV⁻¹X, p×p
	logX   float64   // log|XᵀV⁻¹X|
	beta   []float64
	rss    float64 // (y − Xβ)ᵀ·V⁻¹·(y − Xβ)
}

// at evaluates the fit at S (m×m), unless V or XᵀV⁻¹X is singular there.
func (mo *moments) at(s []float64) (*point, bool) {
	pt := &point{p: mo.k - 1, f: make([]float64, packedLen(mo.k))}
	copy(pt.f, mo.within)
	for _, c := range mo.classes {
		logDet, ok := c.invert(s, mo.m, mo.base)
		if !ok {
			return nil, false
		}
		pt.logDet += c.people * logDet
		c.weigh(c.inverse, pt.f)
	}
	return pt, pt.solve()
}

// solve fits the fixed effects to the products f.
func (pt *point) solve() bool {
	p := pt.p
	pt.chol = make([]float64, p*p)
	for i := range p {
		for j := range i + 1 {
			pt.chol[i*p+j] = pt.f[packed(i, j)]
		}
	}
	if !spd.Factor(pt.chol, p, definiteTolerance) {
		return false
	}
	pt.logX = spd.LogDet(pt.chol, p)
	pt.beta = make([]float64, p)
	for i := range p {
		pt.beta[i] = pt.f[packed(p, i)]
	}
	spd.Forward(pt.chol, p, pt.beta)
	pt.rss = pt.f[packed(p, p)] - floats.Dot(pt.beta, pt.beta)
	spd.Backward(pt.chol, p, pt.beta)
	return pt.rss > 0
}

// contrast returns (−β, 1), which turns [X y] into residuals.
func (pt *point) contrast() []float64 {
	u := make([]float64, pt.p+1)
	for i, b := range pt.beta {
		u[i] = -b
	}
	u[pt.p] = 1
	return u
}

// derivatives are the first and second derivatives of a point's numbers by the
// elements s_j of S, j = packed(a, b). With E_j = ∂S/∂s_j and F = [X y]ᵀV⁻¹[X y],
//
//	∂log|V|          = tr(W·E_j)
//	∂²log|V|         = −tr(W·E_j·W·E_k)
//	∂F = F_j         = −Σ tᵀ·E_j·t,  t = RᵀV⁻¹[X y]
//	∂²F = F_jk       = Σ tᵀ·(E_j·W·E_k + E_k·W·E_j)·t
//
// where W = RᵀV⁻¹R and the sums run over people.
type derivatives struct {
	trace []float64   // ∂log|V|
	x     [][]float64 // L⁻¹·F_j·L⁻ᵀ for the block of X, p×p, L the factor of XᵀV⁻¹X
	h     [][]float64 // L⁻¹·(F_j·u) for the block of X
	logX  []float64   // ∂log|XᵀV⁻¹X|
	rss   []float64   // ∂rss

	trace2 []float64 // Σ tr(W·E_j·W·E_k)
	logX2  []float64 // tr((XᵀV⁻¹X)⁻¹·F_jk)
	rss2   []float64 // uᵀ·F_jk·u
}

// slopes computes the derivatives at a point; the classes must still be inverted
// there.
func (mo *moments) slopes(pt *point) *derivatives {
	m, n, k := mo.m, packedLen(mo.m), mo.k
	by := pt.contraction()
	d := &derivatives{
		trace: make([]float64, n), logX: make([]float64, n), rss: make([]float64, n),
		trace2: make([]float64, n*n), logX2: make([]float64, n*n), rss2: make([]float64, n*n),
	}
	f := make([][]float64, n)
	for j := range f {
		f[j] = make([]float64, packedLen(k))
	}
	for _, c := range mo.classes {
		x, u := c.contract(by)
		d.accumulate(c, m, c.sandwich(x, m), c.sandwich(u, m))
		c.spread(m, f)
	}
	u := pt.contrast()
	for j := range f {
		d.whiten(pt, f[j], u)
	}
	return d
}

// contraction is what products are contracted with at a point.
type contraction struct {
	full, beta []float64 // (XᵀV⁻¹X)⁻¹, p×p, and the effects
	// phi and uu are packed, so that a scalar product with a packed k×k matrix F
	// gives tr((XᵀV⁻¹X)⁻¹·F) of its X block, and uᵀ·F·u.
	phi, uu []float64
}

func (pt *point) contraction() contraction {
	p := pt.p
	k := contraction{
		full: make([]float64, p*p), beta: pt.beta,
		phi: make([]float64, packedLen(p+1)), uu: make([]float64, packedLen(p+1)),
	}
	spd.Invert(pt.chol, p, k.full)
	u := pt.contrast()
	for i := range p + 1 {
		for j := range i + 1 {
			if i < p {
				k.phi[packed(i, j)] = k.full[i*p+j] * fold(i, j)
			}
			k.uu[packed(i, j)] = u[i] * u[j] * fold(i, j)
		}
	}
	return k
}

// accumulate adds a class to the sums of scalars; x and u are t contracted to
// m×m.
func (d *derivatives) accumulate(c *class, m int, x, u []float64) {
	n := packedLen(m)
	w := c.w
	for a := range m {
		for b := range a + 1 {
			j := packed(a, b)
			fj := fold(a, b)
			d.trace[j] += c.people * fj * w[a*m+b]
			d.logX[j] -= fj * x[a*m+b]
			d.rss[j] -= fj * u[a*m+b]
			for e := range a + 1 {
				for g := range e + 1 {
					k := packed(e, g)
					if k > j {
						break
					}
					fk := fj * fold(e, g)
					ae, ag, be, bg := w[a*m+e], w[a*m+g], w[b*m+e], w[b*m+g]
					d.trace2[j*n+k] += c.people * fk / 2 * (ag*be + bg*ae)
					d.logX2[j*n+k] += fk / 2 * (x[a*m+g]*be + x[b*m+g]*ae + x[a*m+e]*bg + x[b*m+e]*ag)
					d.rss2[j*n+k] += fk / 2 * (u[a*m+g]*be + u[b*m+g]*ae + u[a*m+e]*bg + u[b*m+e]*ag)
				}
			}
		}
	}
}

// spread adds the class's part of every F_j.
func (c *class) spread(m int, f [][]float64) {
	if !c.summed {
		c.spreadBlocks(m, f)
		return
	}
	weight := make([]float64, c.r*c.r)
	for a := range m {
		ra := c.a[a*c.r : (a+1)*c.r]
		for b := range a + 1 {
			rb := c.a[b*c.r : (b+1)*c.r]
			for e, v := range ra {
				for g := range e + 1 {
					weight[e*c.r+g] = -fold(a, b) * (v*rb[g] + ra[g]*rb[e]) / 2
				}
			}
			c.weigh(weight, f[packed(a, b)])
		}
	}
}

// whiten appends F_j in the coordinates in which XᵀV⁻¹X is the identity.
func (d *derivatives) whiten(pt *point, f, u []float64) {
	p := pt.p
	x := make([]float64, p*p)
	h := make([]float64, p)
	for i := range p {
		for j := range p {
			x[i*p+j] = f[packed(i, j)]
		}
		for j := range p + 1 {
			h[i] += f[packed(i, j)] * u[j]
		}
	}
	for range 2 { // L⁻¹ from the left, transposed, and again
		for i := range p {
			spd.Forward(pt.chol, p, x[i*p:(i+1)*p])
		}
		for i := range p {
			for j := range i {
				x[i*p+j], x[j*p+i] = x[j*p+i], x[i*p+j]
			}
		}
	}
	spd.Forward(pt.chol, p, h)
	d.x, d.h = append(d.x, x), append(d.h, h)
}

// each calls f for every pair j ≥ k of elements of S, with the curvature of
// log|V|, of log|XᵀV⁻¹X| and of rss.
func (d *derivatives) each(f func(j, k int, logDet, logX, rss float64)) {
	n := len(d.trace)
	for j := range n {
		for k := range j + 1 {
			at := j*n + k
			f(j, k, -d.trace2[at], d.logX2[at]-floats.Dot(d.x[j], d.x[k]), d.rss2[at]-2*floats.Dot(d.h[j], d.h[k]))
		}
	}
}
