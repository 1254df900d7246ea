package analysis

import (
	"math"

	"tidemark/analysis/dist"
	"tidemark/analysis/internal/root"
)

// momentTau2 is the estimate of DerSimonian & Laird (1986), not below 0.
func (p pooled) momentTau2() float64 {
	sum, products := p.weights()
	return math.Max(0, (p.q(0)-float64(len(p.v)-1))/(products/sum))
}

// weights are the sum of the inverse variances, and (Σw)² − Σw² added up from the
// products of pairs: taken as a difference nothing is left of it when one run is far
// more precise than the others.
func (p pooled) weights() (sum, products float64) {
	for _, v := range p.v {
		products += 2 * sum / v
		sum += 1 / v
	}
	return sum, products
}

// remlTau2 maximises the restricted likelihood over variances from 0 up. The
// likelihood may have several maxima: the best of a grid is polished where its
// derivative is zero.
func (p pooled) remlTau2() (float64, bool) {
	smallest, spread := math.Inf(1), 0.0
	mean := newMoments(p.y, 0).mean
	for i, y := range p.y {
		smallest = math.Min(smallest, p.v[i])
		spread += (y - mean) * (y - mean)
	}
	if spread == 0 {
		return 0, true
	}
	// Beyond Σ (y − mean)² the likelihood falls.
	const points = 200
	low, high := math.Log(smallest*1e-4), math.Log(4*spread)
	grid := []float64{0}
	for i := range points + 1 {
		if x := low + (high-low)*float64(i)/points; high > low {
			grid = append(grid, math.Exp(x))
		}
	}
	best := 0
	for i, tau2 := range grid {
		if p.restricted(tau2) > p.restricted(grid[best]) {
			best = i
		}
	}
	from, to := grid[max(0, best-1)], grid[min(len(grid)-1, best+1)]
	a, b := p.slope(from), p.slope(to)
	switch {
	case best == 0 && a <= 0: // the likelihood falls from 0 on
		return 0, true
	case !Finite(a) || !Finite(b) || (a > 0) == (b > 0):
		return grid[best], best == 0
	}
	return root.Brent(p.slope, from, a, to, b), true
}

// restricted is the restricted log-likelihood, apart from a constant.
func (p pooled) restricted(tau2 float64) float64 {
	mean, total := p.mean(tau2)
	sum := math.Log(total)
	for i, y := range p.y {
		v := p.v[i] + tau2
		d := y - mean
		sum += math.Log(v) + d*d/v
	}
	return -sum / 2
}

// slope is the derivative of the restricted log-likelihood.
func (p pooled) slope(tau2 float64) float64 {
	mean, total := p.mean(tau2)
	var squares, misfit float64
	for i, y := range p.y {
		w := 1 / (p.v[i] + tau2)
		d := w * (y - mean)
		squares += w * w
		misfit += d * d
	}
	return (squares/total - total + misfit) / 2
}

// typical is the typical variance within runs of Higgins & Thompson (2002).
func (p pooled) typical() float64 {
	sum, products := p.weights()
	return float64(len(p.v)-1) * sum / products
}

// heterogeneity fills in the share of variance between runs and the intervals.
func (p pooled) heterogeneity(r *CombinedRuns, tau2, level float64) {
	s2 := p.typical()
	r.I2 = Known(tau2 / (tau2 + s2))
	if !ValidLevel(level) {
		r.Tau2CI, r.I2CI = NoInterval(ReasonInvalidOption, level), NoInterval(ReasonInvalidOption, level)
		return
	}
	low, okLow := p.profile((1 - level) / 2)
	high, okHigh := p.profile((1 + level) / 2)
	if !okLow || !okHigh || !Finite(high) {
		r.Tau2CI, r.I2CI = NoInterval(ReasonNotConverged, level), NoInterval(ReasonNotConverged, level)
		return
	}
	back := 1 / p.scale
	r.Tau2CI = NewInterval(low*back*back, high*back*back, level)
	r.I2CI = NewInterval(low/(low+s2), high/(high+s2), level)
}

// profile is the variance between runs at which Q has the upper tail given, 0 if
// it is smaller without one.
func (p pooled) profile(tail float64) (float64, bool) {
	df := float64(len(p.y) - 1)
	gap := func(tau2 float64) float64 { return dist.ChiSquareTail(p.q(tau2), df) - tail }
	from := gap(0)
	if from >= 0 {
		return 0, true
	}
	high := p.typical()
	for range 2000 {
		if to := gap(high); to >= 0 {
			return root.Brent(gap, 0, from, high, to), true
		}
		high *= 2
	}
	return 0, false
}
