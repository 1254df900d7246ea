package analysis

import (
	"math"
	"slices"

	"tidemark/analysis/dist"
)

// intervals fills in everything that follows from the replicates, which it
// sorts. Replicates that do not exist are left out and counted.
func (r *BootstrapResult) intervals(s resampling, replicates []float64, level float64) {
	values := make([]float64, 0, len(replicates))
	for _, v := range replicates {
		if Finite(v) {
			values = append(values, v)
		}
	}
	r.Failed = len(replicates) - len(values)
	slices.Sort(values)
	for _, v := range s.jackknife {
		e := Known(v)
		if math.IsNaN(v) {
			e = Unknown(ReasonZeroVariance)
		}
		r.Jackknife = append(r.Jackknife, e)
	}
	m := newMoments(values, math.Max(math.Abs(s.estimate), s.tol/tolFactor))
	if why := m.needsSpread(2); why != "" {
		r.withhold(why, level)
		return
	}
	r.ReplicateMean, r.SE = Known(m.mean), Known(m.sd())
	r.Bias = Known(m.mean - s.estimate)
	r.Below, _ = slices.BinarySearch(values, s.estimate-s.tol)
	above, _ := slices.BinarySearchFunc(values, s.estimate+s.tol, func(v, bound float64) int {
		if v <= bound {
			return -1
		}
		return 1
	})
	r.Tied = above - r.Below

	if !ValidLevel(level) {
		mean, sd, bias := r.ReplicateMean, r.SE, r.Bias
		r.withhold(ReasonInvalidOption, level)
		r.ReplicateMean, r.SE, r.Bias = mean, sd, bias
		return
	}
	q := ordered{values}
	tail := (1 - level) / 2
	low, high := q.normal(tail), q.normal(1-tail)
	r.Percentile = NewInterval(low, high, level)
	r.Basic = NewInterval(2*s.estimate-high, 2*s.estimate-low, level)
	half := dist.NormalCritical(level) * r.SE.Value
	r.Normal = NewInterval(s.estimate-r.Bias.Value-half, s.estimate-r.Bias.Value+half, level)
	r.Acceleration = s.acceleration()
	r.correct(q, level)
}

// correct fills in the intervals by BCa.
func (r *BootstrapResult) correct(q ordered, level float64) {
	n := float64(len(q.values))
	r.Z0 = medianBias(float64(r.Below), n)
	r.Z0MidTie = medianBias(float64(r.Below)+float64(r.Tied)/2, n)
	r.AlphaLow, r.AlphaHigh = corrected(r.Z0, r.Acceleration, level)
	r.BCa = q.between(r.AlphaLow, r.AlphaHigh, level, q.normal)
	r.BCaType6 = q.between(r.AlphaLow, r.AlphaHigh, level, q.linear)
	low, high := corrected(r.Z0MidTie, r.Acceleration, level)
	r.BCaMidTie = q.between(low, high, level, q.normal)
}

// acceleration is Σu³/(6(Σu²)^1.5) of the influences, which the jackknife's
// deviations below its mean estimate up to a factor (Efron 1987).
func (s resampling) acceleration() Estimate {
	influence := s.influence
	if influence == nil {
		for _, v := range s.jackknife {
			influence = append(influence, -v)
		}
	}
	if slices.ContainsFunc(influence, math.IsNaN) {
		return Unknown(ReasonZeroVariance)
	}
	m := newMoments(influence, 0)
	if why := m.needsSpread(2); why != "" {
		return Unknown(why)
	}
	var cubes float64
	unit := m.scale / math.Sqrt(m.ss) // deviations in units of √Σu²
	for _, v := range influence {
		u := (v - m.mean) * unit
		cubes += u * u * u
	}
	return Known(cubes / 6)
}

// medianBias is Φ⁻¹ of the share of replicates below the estimate.
func medianBias(below, n float64) Estimate {
	if below <= 0 || below >= n {
		return Unknown(ReasonOneSided)
	}
	return Known(dist.NormalQuantile(below / n))
}

// corrected returns the shares of replicates at which the ends of BCa lie.
func corrected(z0, a Estimate, level float64) (low, high Estimate) {
	if why := FirstReason(a.Reason, z0.Reason); why != "" {
		return Unknown(why), Unknown(why)
	}
	share := func(z float64) Estimate {
		w := z0.Value + z
		if a.Value*w >= 1 {
			return Unknown(ReasonOutOfRange) // the correction has no end
		}
		return Known(dist.NormalCDF(z0.Value + w/(1-a.Value*w)))
	}
	z := dist.NormalCritical(level)
	return share(-z), share(z)
}

// ordered are replicates in ascending order.
type ordered struct{ values []float64 }

// between is the interval from one share of the replicates to another.
func (q ordered) between(low, high Estimate, level float64, quantile func(float64) float64) Interval {
	if why := FirstReason(low.Reason, high.Reason); why != "" {
		return NoInterval(why, level)
	}
	return NewInterval(quantile(low.Value), quantile(high.Value), level)
}

// normal is the quantile at a share p, interpolated between the neighbouring
// replicates on the scale of the normal distribution; beyond the outermost
// replicates it stays at them.
func (q ordered) normal(p float64) float64 {
	n := len(q.values)
	at := p * float64(n+1)
	k := int(at)
	switch {
	case k < 1:
		return q.values[0]
	case k >= n:
		return q.values[n-1]
	}
	low, high := q.values[k-1], q.values[k]
	if at == float64(k) || low == high {
		return low
	}
	all := float64(n + 1)
	from, to := dist.NormalQuantile(float64(k)/all), dist.NormalQuantile(float64(k+1)/all)
	return low + (dist.NormalQuantile(p)-from)/(to-from)*(high-low)
}

// linear is the quantile at a share p of type 6.
func (q ordered) linear(p float64) float64 {
	n := len(q.values)
	at := p * float64(n+1)
	k := int(at)
	switch {
	case k < 1:
		return q.values[0]
	case k >= n:
		return q.values[n-1]
	}
	return q.values[k-1] + (at-float64(k))*(q.values[k]-q.values[k-1])
}
