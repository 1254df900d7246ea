package factor

import (
	"gonum.org/v1/gonum/floats"

	"tidemark/analysis/internal/spd"
)

// discrepancy evaluates the maximum-likelihood discrepancy of a structure,
//
//	F = Σ_g n_g/N · [log|Σ| + tr(TΣ⁻¹) − log|S| − p],  T = S + (m − μ)(m − μ)ᵀ,
//
// with its derivatives. N·F is the likelihood ratio against saturated moments.
// Every entry of a matrix moves Σ by a matrix of rank at most two,
// w(uvᵀ + vuᵀ), and μ by a vector, so that the derivatives are bilinear forms
// in u and v (Jöreskog 1969; Bollen 1989, appendix 4B).
type discrepancy struct {
	s       *structure
	samples []sample

	value    float64
	gradient []float64
	// hessian holds the second derivatives, fisher their expectation; half of N
	// times the latter is the information matrix.
	hessian, fisher []float64

	groups []workspace
}

// workspace holds what belongs to one group at the current parameters.
type workspace struct {
	m                    matrices
	sigma, lambdaPsi, mu []float64
	inverse, residual    []float64 // W = Σ⁻¹ and G = W − WTW
	off                  []float64 // m − μ
	pull                 []float64 // W(m − μ)
	moves                []move
}

// move is how a free element moves Σ and μ.
type move struct {
	element
	w          float64
	u, v       []float64
	shift      []float64 // of μ, nil if none
	wu, wv     []float64 // W·u, W·v
	gu, gv     []float64 // G·u, G·v
	wshift     []float64 // W·shift
	upull      float64   // uᵀW(m − μ)
	vpull      float64
	hasNoSigma bool
}

func newDiscrepancy(s *structure, samples []sample) *discrepancy {
	p, f, k := s.items, s.factors, s.params
	d := &discrepancy{
		s: s, samples: samples,
		gradient: make([]float64, k), hessian: make([]float64, k*k), fisher: make([]float64, k*k),
	}
	for _, group := range s.groups {
		w := workspace{
			m: newMatrices(p, f), sigma: make([]float64, p*p), lambdaPsi: make([]float64, p*f), mu: make([]float64, p),
			inverse: make([]float64, p*p), residual: make([]float64, p*p), off: make([]float64, p), pull: make([]float64, p),
		}
		for _, e := range group {
			if e.param != fixed {
				w.moves = append(w.moves, newMove(e, p))
			}
		}
		d.groups = append(d.groups, w)
	}
	return d
}

func newMove(e element, p int) move {
	m := move{element: e, w: 1}
	store := make([]float64, 8*p)
	part := func(i int) []float64 { return store[i*p : (i+1)*p] }
	m.u, m.v, m.wu, m.wv, m.gu, m.gv = part(0), part(1), part(2), part(3), part(4), part(5)
	switch e.kind {
	case loading:
		m.u[e.i] = 1
		m.shift, m.wshift = part(6), part(7)
	case residual:
		m.u[e.i], m.v[e.j] = 1, 1
	case intercept, mean:
		m.hasNoSigma = true
		m.shift, m.wshift = part(6), part(7)
	case covariance: // its directions follow the loadings: prepare fills them in
	}
	if e.i == e.j && (e.kind == residual || e.kind == covariance) {
		m.w = 0.5
	}
	return m
}

// at evaluates the discrepancy and, if asked, its derivatives. It reports false
// where an implied covariance matrix is not positive definite.
func (d *discrepancy) at(params []float64, derivatives bool) bool {
	d.value = 0
	if derivatives {
		clear(d.gradient)
		clear(d.hessian)
		clear(d.fisher)
	}
	n := total(d.samples)
	for g := range d.groups {
		w, share := &d.groups[g], d.samples[g].n/n
		w.m.fill(d.s, d.s.groups[g], params)
		f, ok := w.evaluate(d.s, d.samples[g])
		if !ok {
			return false
		}
		d.value += share * f
		if derivatives {
			w.prepare(d.s)
			d.differentiate(w, share)
		}
	}
	return true
}

// evaluate computes the discrepancy of a group, Σ⁻¹ and what the derivatives
// are made of.
func (w *workspace) evaluate(s *structure, o sample) (float64, bool) {
	p := s.items
	w.m.implied(p, s.factors, w.sigma, w.lambdaPsi, w.mu)
	if !spd.Factor(w.sigma, p, 1e-13) {
		return 0, false
	}
	spd.Invert(w.sigma, p, w.inverse)
	f := spd.LogDet(w.sigma, p) - o.logDet - float64(p)
	f += floats.Dot(o.cov, w.inverse)
	clear(w.off)
	clear(w.pull)
	if s.means {
		floats.SubTo(w.off, o.mean, w.mu)
		multiply(w.inverse, w.off, w.pull)
		f += floats.Dot(w.off, w.pull)
	}
	// G = W − W·T·W.
	ws := make([]float64, p*p)
	for i := range p {
		multiply(o.cov, w.inverse[i*p:(i+1)*p], ws[i*p:(i+1)*p])
	}
	for i := range p {
		for j := range i + 1 {
			v := w.inverse[i*p+j] - floats.Dot(ws[i*p:(i+1)*p], w.inverse[j*p:(j+1)*p]) - w.pull[i]*w.pull[j]
			w.residual[i*p+j], w.residual[j*p+i] = v, v
		}
	}
	return f, true
}

// multiply writes a·x for a symmetric matrix a.
func multiply(a, x, out []float64) {
	p := len(x)
	for i := range p {
		out[i] = floats.Dot(a[i*p:(i+1)*p], x)
	}
}

// prepare fills in the directions of the moves that depend on the parameters.
func (w *workspace) prepare(s *structure) {
	p, f := s.items, s.factors
	column := func(a []float64, j int, out []float64) {
		for i := range p {
			out[i] = a[i*f+j]
		}
	}
	for k := range w.moves {
		m := &w.moves[k]
		switch m.kind {
		case loading:
			column(w.lambdaPsi, m.j, m.v)
			m.shift[m.i] = w.m.alpha[m.j]
		case covariance:
			column(w.m.lambda, m.i, m.u)
			column(w.m.lambda, m.j, m.v)
		case intercept:
			m.shift[m.i] = 1
		case mean:
			column(w.m.lambda, m.i, m.shift)
		case residual: // its directions never change: newMove set them
		}
		if !m.hasNoSigma {
			multiply(w.inverse, m.u, m.wu)
			multiply(w.inverse, m.v, m.wv)
			multiply(w.residual, m.u, m.gu)
			multiply(w.residual, m.v, m.gv)
			m.upull, m.vpull = floats.Dot(m.u, w.pull), floats.Dot(m.v, w.pull)
		}
		if m.shift != nil && s.means {
			multiply(w.inverse, m.shift, m.wshift)
		}
	}
}

// differentiate adds the derivatives of one group.
func (d *discrepancy) differentiate(w *workspace, share float64) {
	k := d.s.params
	for x := range w.moves {
		a := &w.moves[x]
		d.gradient[a.param] += share * a.slope(w, d.s.means)
		for y := range x + 1 {
			b := &w.moves[y]
			expected, rest := a.curvature(b, d.s.means)
			rest += w.second(a, b, d.s)
			if x != y && a.param == b.param {
				expected, rest = 2*expected, 2*rest
			}
			i, j := a.param, b.param
			d.fisher[i*k+j] += share * expected
			d.hessian[i*k+j] += share * (expected + rest)
			if i != j {
				d.fisher[j*k+i] += share * expected
				d.hessian[j*k+i] += share * (expected + rest)
			}
		}
	}
}

// slope is tr(G·Σ_a) − 2(m − μ)ᵀW·μ_a.
func (a *move) slope(w *workspace, means bool) float64 {
	g := 0.0
	if !a.hasNoSigma {
		g = 2 * a.w * floats.Dot(a.v, a.gu)
	}
	if means && a.shift != nil {
		g -= 2 * floats.Dot(a.shift, w.pull)
	}
	return g
}

// curvature is the part of the second derivative that comes from first
// derivatives of the moments: its expectation tr(WΣ_aWΣ_b) + 2μ_aᵀWμ_b, and
// what the residuals add, −2tr(WΣ_aGΣ_b) and the products of Σ_a with μ_b.
func (a *move) curvature(b *move, means bool) (expected, rest float64) {
	if !a.hasNoSigma && !b.hasNoSigma {
		vx, vy := floats.Dot(b.u, a.wv), floats.Dot(b.v, a.wv)
		ux, uy := floats.Dot(b.u, a.wu), floats.Dot(b.v, a.wu)
		ww := a.w * b.w
		expected = 2 * ww * (vx*uy + vy*ux)
		gvx, gvy := floats.Dot(b.u, a.gv), floats.Dot(b.v, a.gv)
		gux, guy := floats.Dot(b.u, a.gu), floats.Dot(b.v, a.gu)
		rest = -2 * ww * (gvx*uy + gvy*ux + gux*vy + guy*vx)
	}
	if !means {
		return expected, rest
	}
	if a.shift != nil && b.shift != nil {
		expected += 2 * floats.Dot(a.shift, b.wshift)
	}
	if !a.hasNoSigma && b.shift != nil {
		rest += 2 * a.w * (a.upull*floats.Dot(a.wv, b.shift) + a.vpull*floats.Dot(a.wu, b.shift))
	}
	if !b.hasNoSigma && a.shift != nil {
		rest += 2 * b.w * (b.upull*floats.Dot(b.wv, a.shift) + b.vpull*floats.Dot(b.wu, a.shift))
	}
	return expected, rest
}

// second is tr(G·Σ_ab) − 2(m − μ)ᵀW·μ_ab, what the second derivatives of the
// moments add.
func (w *workspace) second(a, b *move, s *structure) float64 {
	if b.kind == loading && a.kind != loading {
		a, b = b, a
	}
	if a.kind != loading {
		return 0
	}
	p, f := s.items, s.factors
	// gl is entry (a.i, h) of G·Λ.
	gl := func(h int) float64 {
		sum := 0.0
		for i := range p {
			sum += w.residual[a.i*p+i] * w.m.lambda[i*f+h]
		}
		return sum
	}
	switch b.kind {
	case loading:
		return 2 * w.m.psi[a.j*f+b.j] * w.residual[a.i*p+b.i]
	case covariance:
		switch {
		case a.j == b.i:
			return 2 * gl(b.j)
		case a.j == b.j:
			return 2 * gl(b.i)
		}
	case mean:
		if a.j == b.i && s.means {
			return -2 * w.pull[a.i]
		}
	case residual, intercept: // they enter the moments in no product with a loading
	}
	return 0
}
