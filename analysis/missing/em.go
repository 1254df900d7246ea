package missing

import (
	"context"
	"math"

	"tidemark/analysis"
	"tidemark/analysis/internal/spd"
)

// run iterates until nothing changes.
func (e *em) run(ctx context.Context) (iterations int, why analysis.Reason, err error) {
	for i := range emLimit {
		if err := ctx.Err(); err != nil {
			return i, "", err
		}
		change, ok := e.step()
		if !ok {
			return i, analysis.ReasonSingular, nil
		}
		if change < 1e-13 {
			work := append([]float64(nil), e.cov...)
			if !spd.Factor(work, e.k, singular) {
				return i, analysis.ReasonSingular, nil
			}
			return i + 1, "", nil
		}
	}
	return emLimit, analysis.ReasonNotConverged, nil
}

// factorise writes the Cholesky factor of the observed block of the covariance
// to e.factor and reports whether it is regular.
func (e *em) factorise(p *emPattern) bool {
	o := len(p.observed)
	for a, i := range p.observed {
		for b, j := range p.observed[:a+1] {
			e.factor[a*o+b] = e.cov[i*e.k+j]
		}
	}
	return spd.Factor(e.factor, o, singular)
}

// step does one E and one M step and returns the largest change of a moment.
func (e *em) step() (change float64, ok bool) {
	clear(e.sum)
	clear(e.cross)
	for i := range e.patterns {
		if !e.expect(&e.patterns[i]) {
			return 0, false
		}
	}
	n := float64(e.n)
	for j := range e.k {
		shift := e.sum[j] / n
		e.mean[j] += shift
		change = math.Max(change, math.Abs(shift))
		e.sum[j] = shift
	}
	for i := range e.k {
		for j := range i + 1 {
			v := e.cross[i*e.k+j]/n - e.sum[i]*e.sum[j]
			change = math.Max(change, math.Abs(v-e.cov[i*e.k+j]))
			e.cov[i*e.k+j], e.cov[j*e.k+i] = v, v
		}
	}
	return change, true
}

// expect adds the expected sums and products, about the current mean, of the
// rows with one pattern.
func (e *em) expect(p *emPattern) bool {
	if !e.factorise(p) {
		return false
	}
	k, o := e.k, len(p.observed)
	// c is Σ (x − μ)(x − μ)ᵀ of the observed variables.
	c := e.block[:o*o]
	for a, i := range p.observed {
		d := p.mean[a] - e.mean[i]
		e.sum[i] += p.n * d
		for b, j := range p.observed {
			c[a*o+b] = p.squares[a*o+b] + p.n*d*(p.mean[b]-e.mean[j])
			e.cross[i*k+j] += c[a*o+b]
		}
	}
	for m, i := range p.absent {
		slope := e.slopes[m*o : (m+1)*o]
		for a, j := range p.observed {
			slope[a] = e.cov[i*k+j]
		}
		spd.Solve(e.factor, o, slope)
		for a, j := range p.observed {
			e.sum[i] += p.n * slope[a] * (p.mean[a] - e.mean[j])
			product := 0.0
			for b, s := range slope {
				product += s * c[b*o+a]
			}
			e.cross[i*k+j] += product
			e.cross[j*k+i] += product
		}
	}
	e.expectAbsent(p, c)
	return true
}

// expectAbsent adds the products among the variables that are missing: those of
// their predictions and their residual covariance.
func (e *em) expectAbsent(p *emPattern, c []float64) {
	k, o := e.k, len(p.observed)
	for m, i := range p.absent {
		left := e.slopes[m*o : (m+1)*o]
		for l, j := range p.absent[:m+1] {
			right := e.slopes[l*o : (l+1)*o]
			residual, product := e.cov[i*k+j], 0.0
			for a, v := range left {
				residual -= v * e.cov[p.observed[a]*k+j]
				for b, w := range right {
					product += v * c[a*o+b] * w
				}
			}
			v := product + p.n*residual
			e.cross[i*k+j] += v
			if i != j {
				e.cross[j*k+i] += v
			}
		}
	}
}
