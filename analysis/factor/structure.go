package factor

import "math"

// A structure says which moments a model implies: Σ = ΛΨΛᵀ + Θ and μ = ν + Λα
// in every group. Its elements are the entries of these matrices that are not
// zero; each is fixed, or free and then one of the parameters, which several
// elements may share.
type structure struct {
	items, factors int
	groups         [][]element
	params         int
	means          bool // whether ν and α are part of the model
}

// kind is the matrix an element belongs to.
type kind string

const (
	loading    kind = "Λ" // item i, factor j
	covariance kind = "Ψ" // factors i ≥ j
	residual   kind = "Θ" // items i ≥ j
	intercept  kind = "ν" // item i
	mean       kind = "α" // factor i
)

// fixed is the parameter number of an element that is not estimated.
const fixed = -1

// element is one entry of a matrix.
type element struct {
	kind  kind
	i, j  int
	param int
	value float64 // where fixed
}

// free adds a parameter and returns its number.
func (s *structure) free() int {
	s.params++
	return s.params - 1
}

// matrices are the values of a structure in one group.
type matrices struct {
	lambda []float64 // items × factors
	psi    []float64 // factors × factors
	theta  []float64 // items × items
	nu     []float64
	alpha  []float64
}

func newMatrices(p, f int) matrices {
	return matrices{
		lambda: make([]float64, p*f), psi: make([]float64, f*f), theta: make([]float64, p*p),
		nu: make([]float64, p), alpha: make([]float64, f),
	}
}

// fill writes the elements of a group at the parameters given.
func (m *matrices) fill(s *structure, group []element, at []float64) {
	p, f := s.items, s.factors
	for _, e := range group {
		v := e.value
		if e.param != fixed {
			v = at[e.param]
		}
		switch e.kind {
		case loading:
			m.lambda[e.i*f+e.j] = v
		case covariance:
			m.psi[e.i*f+e.j], m.psi[e.j*f+e.i] = v, v
		case residual:
			m.theta[e.i*p+e.j], m.theta[e.j*p+e.i] = v, v
		case intercept:
			m.nu[e.i] = v
		case mean:
			m.alpha[e.i] = v
		}
	}
}

// implied writes Σ to sigma, ΛΨ to lambdaPsi and μ to mu.
func (m *matrices) implied(p, f int, sigma, lambdaPsi, mu []float64) {
	for i := range p {
		row := m.lambda[i*f : (i+1)*f]
		mu[i] = m.nu[i]
		for h := range f {
			sum := 0.0
			for g, l := range row {
				sum += l * m.psi[g*f+h]
			}
			lambdaPsi[i*f+h] = sum
			mu[i] += row[h] * m.alpha[h]
		}
	}
	for i := range p {
		for j := range i + 1 {
			sum := m.theta[i*p+j]
			for h := range f {
				sum += lambdaPsi[i*f+h] * m.lambda[j*f+h]
			}
			sigma[i*p+j], sigma[j*p+i] = sum, sum
		}
	}
}

// sample holds the observed moments of one group.
type sample struct {
	n    float64
	cov  []float64 // divisor n
	mean []float64
	// logDet is log|cov|.
	logDet float64
}

// total counts the people of all groups.
func total(samples []sample) float64 {
	n := 0.0
	for _, s := range samples {
		n += s.n
	}
	return n
}

// moments counts what a model has to explain.
func (s *structure) moments() int {
	p := s.items
	each := p * (p + 1) / 2
	if s.means {
		each += p
	}
	return each * len(s.groups)
}

// degrees are the degrees of freedom.
func (s *structure) degrees() int { return s.moments() - s.params }

// improper lists the items with a negative residual variance and reports
// whether a factor's variance is not positive or a correlation of factors
// beyond 1.
func (s *structure) improper(at []float64) (items []int, factors bool) {
	seen := make([]bool, s.items)
	for _, group := range s.groups {
		m := newMatrices(s.items, s.factors)
		m.fill(s, group, at)
		for i := range s.items {
			if m.theta[i*s.items+i] < 0 && !seen[i] {
				seen[i] = true
				items = append(items, i)
			}
		}
		f := s.factors
		for i := range f {
			for j := range i {
				if math.Abs(m.psi[i*f+j]) > math.Sqrt(math.Max(0, m.psi[i*f+i]*m.psi[j*f+j])) {
					factors = true
				}
			}
			factors = factors || m.psi[i*f+i] <= 0
		}
	}
	return items, factors
}
