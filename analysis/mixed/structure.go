package mixed

// structure maps parameters to the m×m matrix S of a likelihood.
type structure interface {
	// matrix returns S in full.
	matrix(theta []float64) []float64
	// jacobian returns, for each parameter, the derivative of S, packed.
	jacobian(theta []float64) [][]float64
	// curvature returns Σ_j g_j·∂²s_j/∂θ∂θᵀ for a packed g.
	curvature(theta, g []float64) []float64
}

// factored is S = L·Lᵀ for a lower triangular L. Its parameters are the elements
// of L that are free; the others are zero. It makes S positive semidefinite
// without any bounds: the likelihood is the same for either sign of a column, so
// that a variance of zero is an ordinary stationary point, a minimum if the
// likelihood falls away from it.
type factored struct {
	m    int
	free [][2]int // (row, column) of the elements of L
}

func (f factored) lower(theta []float64) []float64 {
	l := make([]float64, f.m*f.m)
	for i, at := range f.free {
		l[at[0]*f.m+at[1]] = theta[i]
	}
	return l
}

func (f factored) matrix(theta []float64) []float64 {
	l, m := f.lower(theta), f.m
	s := make([]float64, m*m)
	for a := range m {
		for b := range a + 1 {
			v := 0.0
			for c := range b + 1 {
				v += l[a*m+c] * l[b*m+c]
			}
			s[a*m+b], s[b*m+a] = v, v
		}
	}
	return s
}

func (f factored) jacobian(theta []float64) [][]float64 {
	l, m := f.lower(theta), f.m
	out := make([][]float64, len(f.free))
	for i, at := range f.free {
		out[i] = make([]float64, packedLen(m))
		for b := range m {
			out[i][packed(at[0], b)] += l[b*m+at[1]]
		}
		out[i][packed(at[0], at[0])] += l[at[0]*m+at[1]]
	}
	return out
}

func (f factored) curvature(_, g []float64) []float64 {
	n := len(f.free)
	out := make([]float64, n*n)
	for i, p := range f.free {
		for j, q := range f.free {
			if p[1] == q[1] {
				out[i*n+j] = g[packed(p[0], q[0])]
				if p[0] == q[0] {
					out[i*n+j] *= 2
				}
			}
		}
	}
	return out
}

// parameters returns the free elements of a factor.
func (f factored) parameters(l []float64) []float64 {
	theta := make([]float64, len(f.free))
	for i, at := range f.free {
		theta[i] = l[at[0]*f.m+at[1]]
	}
	return theta
}

// chain turns derivatives by the elements of S, packed, into derivatives by the
// parameters.
func chain(s structure, theta, g, h []float64) (gradient, hessian []float64) {
	jacobian := s.jacobian(theta)
	n, m := len(theta), len(g)
	gradient = make([]float64, n)
	hessian = s.curvature(theta, g)
	half := make([]float64, m)
	for i, ji := range jacobian {
		clear(half)
		for j, v := range ji {
			if v == 0 {
				continue
			}
			gradient[i] += v * g[j]
			for k := range m {
				half[k] += v * h[j*m+k]
			}
		}
		for k, jk := range jacobian {
			for j, v := range jk {
				hessian[i*n+k] += half[j] * v
			}
		}
	}
	for i := range n { // rounding must not leave it unsymmetric
		for k := range i {
			v := (hessian[i*n+k] + hessian[k*n+i]) / 2
			hessian[i*n+k], hessian[k*n+i] = v, v
		}
	}
	return gradient, hessian
}
