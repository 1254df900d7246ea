package factor

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"tidemark/analysis"
	"tidemark/analysis/dist"
	"tidemark/analysis/internal/parallel"
)

// BootstrapInterval is a way to make an interval of bootstrap replicates.
type BootstrapInterval string

// The kinds of bootstrap interval.
const (
	// BCa is bias-corrected and accelerated (Efron 1987), with jackknife
	// acceleration. It is the default.
	BCa BootstrapInterval = "bca"
	// Percentile takes the quantiles of the replicates.
	Percentile BootstrapInterval = "percentile"
)

// Valid reports whether b is a known kind.
func (b BootstrapInterval) Valid() bool { return b == BCa || b == Percentile }

func (b BootstrapInterval) orDefault() BootstrapInterval {
	if b == "" {
		return BCa
	}
	return b
}

// failureShare is how many replicates may fail for an interval to be given.
const failureShare = 0.05

// resample fills in the bootstrap interval: people are drawn with replacement,
// each sample from its own stream of random numbers. A sample whose best
// solution is improper counts with the ω of that solution, at most 1, because
// leaving it out would cut a tail off.
func (r *OmegaResult) resample(ctx context.Context, one oneFactor, scale analysis.Scale, opt OmegaOptions) error {
	rows := one.rows(scale)
	level := opt.level()
	replicates := make([]float64, opt.Resamples)
	err := parallel.Do(ctx, opt.Resamples, 8, func(from, to int) {
		var source rand.PCG
		counts := make([]float64, scale.N)
		for b := from; b < to; b++ {
			parallel.Stream(&source, opt.Seed, b)
			random := rand.New(&source)
			clear(counts)
			for range scale.N {
				counts[random.IntN(scale.N)]++
			}
			replicates[b] = one.again(ctx, rows, counts)
		}
	})
	if err != nil {
		return err
	}
	kept := slices.DeleteFunc(replicates, math.IsNaN)
	r.Bootstrap.Failed = opt.Resamples - len(kept)
	why := r.Omega.Reason
	if len(kept) < 2 || float64(r.Bootstrap.Failed) > failureShare*float64(opt.Resamples) {
		why = analysis.FirstReason(why, analysis.ReasonNotConverged)
	}
	if why != "" {
		r.CI = analysis.NoInterval(why, level)
		return nil
	}
	slices.Sort(kept)
	z0, a := 0.0, 0.0
	if r.Bootstrap.Kind == BCa {
		left, err := one.jackknife(ctx, rows)
		if err != nil {
			return err
		}
		z0, a = bias(kept, r.Omega.Value), acceleration(left)
	}
	r.CI = bootstrapLimits(kept, z0, a, level)
	return nil
}

// rows are the people's answers in units, row by row.
func (one *oneFactor) rows(scale analysis.Scale) []float64 {
	p := len(scale.Columns)
	rows := make([]float64, scale.N*p)
	for i, x := range scale.Columns {
		for k, v := range x {
			rows[k*p+i] = (v - one.units.centre[i]) / one.units.sd[i]
		}
	}
	return rows
}

// again is ω of the people counted counts[person] times, or NaN.
func (one *oneFactor) again(ctx context.Context, rows, counts []float64) float64 {
	p := len(one.loadings)
	s := sample{cov: make([]float64, p*p), mean: make([]float64, p)}
	for k, c := range counts {
		if c == 0 {
			continue
		}
		s.n += c
		row := rows[k*p : (k+1)*p]
		for i, v := range row {
			s.mean[i] += c * v
			for j, w := range row[:i+1] {
				s.cov[i*p+j] += c * v * w
			}
		}
	}
	for i := range p {
		s.mean[i] /= s.n
		for j := range i + 1 {
			v := s.cov[i*p+j]/s.n - s.mean[i]*s.mean[j]
			s.cov[i*p+j], s.cov[j*p+i] = v, v
		}
	}
	if s.measure() != "" {
		return math.NaN()
	}
	other := oneFactor{units: one.units}
	if err := other.fit(ctx, s, one.params); err != nil {
		return math.NaN()
	}
	if other.reason != "" { // start afresh
		l, t := firstGuess(s.cov, p)
		if err := other.fit(ctx, s, append(l, t...)); err != nil || other.reason != "" {
			return math.NaN()
		}
	}
	return math.Min(1, other.omega())
}

// jackknife is ω without each person in turn.
func (one *oneFactor) jackknife(ctx context.Context, rows []float64) ([]float64, error) {
	n := len(rows) / len(one.loadings)
	left := make([]float64, n)
	err := parallel.Do(ctx, n, 8, func(from, to int) {
		counts := make([]float64, n)
		for i := range counts {
			counts[i] = 1
		}
		for k := from; k < to; k++ {
			counts[k] = 0
			left[k] = one.again(ctx, rows, counts)
			counts[k] = 1
		}
	})
	return slices.DeleteFunc(left, math.IsNaN), err
}

// bias is z₀ = Φ⁻¹ of the share of replicates below the estimate.
func bias(sorted []float64, estimate float64) float64 {
	below, _ := slices.BinarySearch(sorted, estimate)
	share := float64(below) / float64(len(sorted))
	return dist.NormalQuantile(min(max(share, 0.5/float64(len(sorted))), 1-0.5/float64(len(sorted))))
}

// acceleration is Σd³/(6(Σd²)^1.5) of the jackknife's d = mean − value.
func acceleration(left []float64) float64 {
	mean := 0.0
	for _, v := range left {
		mean += v / float64(len(left))
	}
	var square, cube float64
	for _, v := range left {
		d := mean - v
		square += d * d
		cube += d * d * d
	}
	if square == 0 {
		return 0
	}
	return cube / (6 * square * math.Sqrt(square))
}

// bootstrapLimits are the quantiles of sorted replicates at the adjusted levels
// Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))).
func bootstrapLimits(sorted []float64, z0, a, level float64) analysis.Interval {
	z := dist.NormalCritical(level)
	end := func(z float64) float64 {
		w := z0 + z
		return normalScaleQuantile(sorted, dist.NormalCDF(z0+w/(1-a*w)))
	}
	return analysis.NewInterval(end(-z), end(z), level)
}

// normalScaleQuantile interpolates between order statistics on the normal scale
// (Davison & Hinkley 1997, eq. 5.8); beyond the outermost it stays there.
func normalScaleQuantile(sorted []float64, p float64) float64 {
	m := float64(len(sorted))
	k := math.Floor((m + 1) * p)
	switch {
	case k < 1:
		return sorted[0]
	case k >= m:
		return sorted[len(sorted)-1]
	}
	low, high := dist.NormalQuantile(k/(m+1)), dist.NormalQuantile((k+1)/(m+1))
	share := (dist.NormalQuantile(p) - low) / (high - low)
	i := int(k) - 1
	return sorted[i] + share*(sorted[i+1]-sorted[i])
}
