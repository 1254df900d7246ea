package factor

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis"
	"tidemark/analysis/internal/spd"
)

// minres fits one factor to a correlation matrix by least squares of the
// off-diagonal residuals (Harman & Jones 1966): Σ_{i<j} (rᵢⱼ − lᵢlⱼ)², by
// Newton's method, with Gauss–Newton steps where the second derivatives are not
// positive definite.
func minres(ctx context.Context, r []float64, p int, start []float64) ([]float64, analysis.Reason, error) {
	l := append([]float64(nil), start...)
	g, step, next := make([]float64, p), make([]float64, p), make([]float64, p)
	hessian, normal := make([]float64, p*p), make([]float64, p*p)
	last := math.Inf(1)
	for range stepLimit {
		if err := ctx.Err(); err != nil {
			return nil, "", err
		}
		before := minresDerivatives(r, l, g, hessian, normal)
		work := append([]float64(nil), hessian...)
		newton := spd.Factor(work, p, 1e-12)
		if !newton {
			copy(work, normal)
			for i := range p {
				work[i*p+i] += 1e-6 * (1 + work[i*p+i])
			}
			if !spd.Factor(work, p, 0) {
				return nil, analysis.ReasonNotConverged, nil
			}
		}
		for i, v := range g {
			step[i] = -v
		}
		spd.Solve(work, p, step)
		decrement := -floats.Dot(step, g)
		if newton && (decrement < 1e-24 || decrement < 1e-16 && decrement >= 0.5*last) {
			return l, "", nil
		}
		last = decrement
		t := 1.0
		for ; t > 1e-10; t /= 2 {
			for i := range next {
				next[i] = l[i] + t*step[i]
			}
			if minresValue(r, next) <= before-1e-4*t*decrement || newton && decrement < 1e-12 {
				break
			}
		}
		if !(t > 1e-10) {
			return nil, analysis.ReasonNotConverged, nil
		}
		l, next = next, l
	}
	return nil, analysis.ReasonNotConverged, nil
}

// minresValue is half the sum of squared residuals above the diagonal.
func minresValue(r, l []float64) float64 {
	p, sum := len(l), 0.0
	for i := range p {
		for j := range i {
			e := r[i*p+j] - l[i]*l[j]
			sum += e * e
		}
	}
	return sum / 2
}

// minresDerivatives writes gradient, Hessian and its Gauss–Newton part.
func minresDerivatives(r, l, g, hessian, normal []float64) float64 {
	p, sum := len(l), 0.0
	clear(g)
	clear(hessian)
	clear(normal)
	for i := range p {
		for j := range i {
			e := r[i*p+j] - l[i]*l[j]
			sum += e * e
			g[i] -= e * l[j]
			g[j] -= e * l[i]
			product := l[i] * l[j]
			normal[i*p+j], normal[j*p+i] = product, product
			normal[i*p+i] += l[j] * l[j]
			normal[j*p+j] += l[i] * l[i]
			hessian[i*p+j], hessian[j*p+i] = product-e, product-e
		}
	}
	for i := range p {
		hessian[i*p+i] = normal[i*p+i]
	}
	return sum / 2
}
