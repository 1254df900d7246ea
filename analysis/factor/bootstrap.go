package factor

import (
	"context"
	"math"

	"tidemark/analysis"
)

// BootstrapInterval is a way to make an interval of bootstrap replicates.
type BootstrapInterval string

// The kinds of bootstrap interval.
const (
	// BCa is bias-corrected and accelerated (Efron 1987). It is the default.
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

// resample fills in the bootstrap interval: people are drawn with replacement. A
// sample whose best solution is improper counts with the ω of that solution, at
// most 1, because leaving it out would cut a tail off.
func (r *OmegaResult) resample(ctx context.Context, one oneFactor, scale analysis.Scale, opt OmegaOptions) error {
	rows := one.rows(scale)
	b, err := analysis.Bootstrap(ctx, scale.N, func(people []int) float64 {
		return one.again(ctx, rows, people)
	}, analysis.BootstrapOptions{Resamples: opt.Resamples, Level: opt.level(), Seed: opt.Seed, Progress: opt.Progress})
	if err != nil {
		return err
	}
	r.Bootstrap.Failed = b.Failed
	why := r.Omega.Reason
	if float64(b.Failed) > failureShare*float64(opt.Resamples) {
		why = analysis.FirstReason(why, analysis.ReasonNotConverged)
	}
	r.CI = b.BCa
	if r.Bootstrap.Kind == Percentile {
		r.CI = b.Percentile
	}
	if why != "" {
		r.CI = analysis.NoInterval(why, opt.level())
	}
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

// again is ω of a resample of people, or NaN.
func (one *oneFactor) again(ctx context.Context, rows []float64, people []int) float64 {
	p := len(one.loadings)
	s := sample{n: float64(len(people)), cov: make([]float64, p*p), mean: make([]float64, p)}
	for _, k := range people {
		row := rows[k*p : (k+1)*p]
		for i, v := range row {
			s.mean[i] += v
			for j, w := range row[:i+1] {
				s.cov[i*p+j] += v * w
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
