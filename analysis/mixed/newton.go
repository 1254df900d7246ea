package mixed

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// objective is a function to minimise, in units of −2·log-likelihood.
type objective interface {
	// value is +Inf where the function is not defined.
	value(theta []float64) float64
	// slopes returns the gradient and the full Hessian where value is finite.
	slopes(theta []float64) (gradient, hessian []float64)
}

// minimum is what minimise has found.
type minimum struct {
	theta      []float64
	value      float64
	iterations int
	converged  bool
}

// Convergence is judged by the Newton decrement gᵀ·H⁻¹·g, which is twice what
// the function would still fall, whatever the units of theta. At settled the
// iteration has arrived to within 1e-9 standard errors; where rounding keeps it
// from getting there, acceptable (1e-6 standard errors) will do.
const (
	maxIterations = 200
	nearby        = 1e-6
	settled       = 1e-18
	acceptable    = 1e-12
)

// minimise runs Newton's method within a trust region (Moré & Sorensen 1983,
// SIAM Journal on Scientific and Statistical Computing 4, 553–572): the step
// minimises the quadratic model within a radius, and negative curvature is
// followed downhill, so it does not stop at saddle points.
// Progress, if given, is told how many iterations there were.
func minimise(ctx context.Context, f objective, start []float64, progress func(iterations int)) (minimum, error) {
	best := minimum{theta: start, value: f.value(start)}
	if math.IsInf(best.value, 1) {
		return best, nil
	}
	radius := 0.5 * (1 + floats.Norm(start, 2))
	gradient, hessian := f.slopes(start)
	last := math.Inf(1)
	for ; best.iterations < maxIterations; best.iterations++ {
		if err := ctx.Err(); err != nil {
			return best, err
		}
		if progress != nil && best.iterations > 0 {
			progress(best.iterations)
		}
		q, ok := newQuadratic(gradient, hessian)
		if !ok {
			return best, nil
		}
		decrement, convex := q.decrement()
		if convex && (decrement <= settled || decrement <= acceptable && decrement >= last/4) {
			best.converged = true
			return best.polished(f, q), nil
		}
		step, predicted := q.step(radius)
		if convex && decrement < nearby {
			// So near the minimum the function differs by its rounding only: the
			// gradient alone is trusted.
			next := add(best.theta, step)
			if v := f.value(next); !math.IsInf(v, 1) {
				best.theta, best.value, last = next, v, decrement
				gradient, hessian = f.slopes(next)
				continue
			}
		}
		next := add(best.theta, step)
		v := f.value(next)
		gain := (best.value - v) / predicted
		switch length := floats.Norm(step, 2); {
		case !(gain > 0.25):
			radius = length / 4
		case gain > 0.75 && length > 0.8*radius:
			radius = 3 * length
		}
		if gain > 1e-4 {
			best.theta, best.value = next, v
			gradient, hessian = f.slopes(next)
		} else if radius < 1e-14*(1+floats.Norm(best.theta, 2)) {
			best.converged = convex && decrement <= 1e-9
			return best, nil
		}
	}
	return best, nil
}

// polished takes the last step, which squares what error is left, unless it
// leaves the region where the function is defined.
func (m minimum) polished(f objective, q *quadraticModel) minimum {
	step, _ := q.step(math.Inf(1))
	next := add(m.theta, step)
	if v := f.value(next); v <= m.value+1e-9*(1+math.Abs(m.value)) {
		m.theta, m.value = next, v
	}
	return m
}

func add(x, step []float64) []float64 {
	out := make([]float64, len(x))
	return floats.AddTo(out, x, step)
}

// quadratic model of a function in the eigenvectors of its Hessian.
type quadraticModel struct {
	values  []float64
	vectors mat.Dense
	g       []float64 // the gradient in the eigenvectors
}

// flat is the curvature, relative to the largest, below which a direction
// counts as having none.
const flat = 1e-13

func newQuadratic(gradient, hessian []float64) (*quadraticModel, bool) {
	n := len(gradient)
	for _, v := range hessian {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
	}
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, hessian), true) {
		return nil, false
	}
	q := &quadraticModel{values: e.Values(nil), g: make([]float64, n)}
	e.VectorsTo(&q.vectors)
	for j := range n {
		for i := range n {
			q.g[j] += q.vectors.At(i, j) * gradient[i]
		}
	}
	return q, true
}

// floor is the curvature that counts as none.
func (q *quadraticModel) floor() float64 {
	largest := 0.0
	for _, v := range q.values {
		largest = math.Max(largest, math.Abs(v))
	}
	return flat * largest
}

// decrement returns gᵀ·H⁻¹·g over the directions that curve, and whether none
// of them curves downwards.
func (q *quadraticModel) decrement() (sum float64, convex bool) {
	floor := q.floor()
	for i, v := range q.values {
		if v < -floor {
			return math.Inf(1), false
		}
		if v > floor {
			sum += q.g[i] * q.g[i] / v
		}
	}
	return sum, true
}

// step returns the step of at most a length that lowers the model most, and by
// how much.
func (q *quadraticModel) step(radius float64) (step []float64, gain float64) {
	floor := q.floor()
	lowest := q.values[0] // they ascend
	shift := 0.0
	if lowest <= floor {
		shift = math.Max(floor, 1e-300) - lowest
	}
	if q.length(shift) > radius {
		shift = q.shiftFor(shift, radius)
	}
	along := make([]float64, len(q.g))
	for i, v := range q.values {
		if v <= floor && v >= -floor && math.Abs(q.g[i]) < 1e-7 {
			continue // nothing changes that way: two parameters do the work of one
		}
		along[i] = -q.g[i] / (v + shift)
	}
	if lowest < -floor { // the hard case: go down the steepest curvature
		if left := radius*radius - floats.Dot(along, along); left > 0 {
			along[0] += math.Copysign(math.Sqrt(left), -q.g[0])
		}
	}
	step = make([]float64, len(q.g))
	for j, a := range along {
		gain -= q.g[j]*a + q.values[j]*a*a/2
		for i := range step {
			step[i] += a * q.vectors.At(i, j)
		}
	}
	return step, math.Max(gain, math.SmallestNonzeroFloat64)
}

// length of the step at a shift.
func (q *quadraticModel) length(shift float64) float64 {
	s := 0.0
	for i, v := range q.values {
		s += (q.g[i] / (v + shift)) * (q.g[i] / (v + shift))
	}
	return math.Sqrt(s)
}

// shiftFor finds, by bisection of its logarithm, the shift above low at which
// the step has a length.
func (q *quadraticModel) shiftFor(low, radius float64) float64 {
	high := math.Max(2*low, floats.Norm(q.g, 2)/radius)
	for q.length(high) > radius {
		high *= 2
	}
	base := math.Max(0, -q.values[0])
	a, b := math.Max(low-base, 1e-300), high-base
	for range 60 {
		mid := math.Sqrt(a * b)
		if q.length(base+mid) > radius {
			a = mid
		} else {
			b = mid
		}
	}
	return base + b
}
