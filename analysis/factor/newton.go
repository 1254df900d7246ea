package factor

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis"
	"tidemark/analysis/internal/spd"
)

// stepLimit bounds the iterations; well-behaved models take about ten.
const stepLimit = 500

// solution is the minimum of a discrepancy.
type solution struct {
	params     []float64
	value      float64 // F
	iterations int
	reason     analysis.Reason
}

// minimise searches from a start at which Σ is positive definite: Newton's
// method where the second derivatives are positive definite, else Fisher
// scoring, with steps halved until F falls. It has converged when Newton's
// decrement gᵀH⁻¹g is below 1e-20, or no longer falls below 1e-14, and H is
// positive definite.
func (d *discrepancy) minimise(ctx context.Context, start []float64) (solution, error) {
	k := d.s.params
	at := append([]float64(nil), start...)
	next, step, work := make([]float64, k), make([]float64, k), make([]float64, k*k)
	r := solution{reason: analysis.ReasonNotConverged}
	last := math.Inf(1)
	for ; r.iterations < stepLimit; r.iterations++ {
		if err := ctx.Err(); err != nil {
			return solution{}, err
		}
		if !d.at(at, true) {
			return r, nil
		}
		decrement, newton := d.direction(step, work)
		if math.IsNaN(decrement) || floats.HasNaN(step) {
			return r, nil
		}
		if newton && (decrement < 1e-20 || decrement < 1e-14 && decrement >= 0.5*last) {
			r.params, r.value, r.reason = at, math.Max(0, d.value), ""
			return r, nil
		}
		last = decrement
		if !d.advance(at, step, next, decrement, newton) {
			return r, nil
		}
		at, next = next, at
	}
	return r, nil
}

// direction writes the step to take and returns the decrement.
func (d *discrepancy) direction(step, work []float64) (decrement float64, newton bool) {
	k := d.s.params
	copy(work, d.hessian)
	newton = spd.Factor(work, k, 1e-12)
	for ridge := 1e-8; !newton; ridge *= 100 {
		copy(work, d.fisher)
		for i := range k {
			work[i*k+i] += ridge * (1 + work[i*k+i])
		}
		if spd.Factor(work, k, 1e-12) {
			break
		}
		if ridge > 1e8 {
			return math.NaN(), false
		}
	}
	for i, g := range d.gradient {
		step[i] = -g
	}
	spd.Solve(work, k, step)
	return -floats.Dot(step, d.gradient), newton
}

// advance writes at + t·step to next with the largest t = 1, ½, … that lowers F
// enough. Close to the minimum, where F no longer tells, it takes the whole step.
func (d *discrepancy) advance(at, step, next []float64, decrement float64, newton bool) bool {
	before := d.value
	t := 1.0
	// A step of many standardised units says that a quadratic is a bad picture.
	if long := floats.Norm(step, math.Inf(1)); long > 1 {
		t = 1 / long
	}
	for range 40 {
		for i := range next {
			next[i] = at[i] + t*step[i]
		}
		if d.at(next, false) && (d.value <= before-1e-4*t*decrement || newton && decrement < 1e-10) {
			return true
		}
		t /= 2
	}
	return false
}
