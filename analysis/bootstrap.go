package analysis

import (
	"context"
	"math"

	"tidemark/analysis/internal/parallel"
)

// DefaultResamples is the number of bootstrap resamples where the options leave
// it at zero.
const DefaultResamples = 10_000

// maxResamples bounds what a caller may ask for.
const maxResamples = 10_000_000

// BootstrapOptions steers the bootstrap. The zero value means DefaultResamples,
// DefaultLevel and seed 0.
type BootstrapOptions struct {
	// Resamples is the number of resamples; 0 means DefaultResamples.
	Resamples int
	// Level is the coverage of the intervals; 0 means DefaultLevel.
	Level float64
	// Seed starts the random numbers. The same seed gives the same interval on
	// any number of cores: each resample has a stream of its own.
	Seed uint64
	// Progress, if given, is told now and then how many of all resamples are
	// drawn. Calls do not overlap, and change nothing.
	Progress func(done, total int)
}

// settled returns the options with their defaults filled in, or a reason.
func (o BootstrapOptions) settled() (BootstrapOptions, Reason) {
	if o.Resamples == 0 {
		o.Resamples = DefaultResamples
	}
	if o.Level == 0 {
		o.Level = DefaultLevel
	}
	if o.Resamples < 0 || o.Resamples > maxResamples || !ValidLevel(o.Level) {
		return o, ReasonInvalidOption
	}
	return o, ""
}

// BootstrapResult is what the bootstrap returns. Intervals are in the unit of
// the statistic.
type BootstrapResult struct {
	// N counts what was resampled: people, pairs or rows; NX and NY the groups
	// where there are two. Excluded counts those with missing values.
	N, NX, NY int
	Excluded  int
	// Resamples that were drawn, from Seed. Failed of them have no statistic (a
	// resample of equal changes has no SD) and are left out of everything below.
	Resamples, Failed int
	Seed              uint64

	// Estimate is the statistic of the data. ReplicateMean and SE are the mean
	// and SD of the replicates, Bias is ReplicateMean − Estimate.
	Estimate                Estimate
	ReplicateMean, Bias, SE Estimate

	// Below counts the replicates below the estimate, Tied those within the
	// tolerance for ties of it, which are not below.
	Below, Tied int
	// Z0 is the median bias in units of the normal distribution,
	// Φ⁻¹(Below/replicates), and Acceleration the rate at which the SE changes
	// with the estimate, from the jackknife (Efron 1987).
	Z0, Acceleration Estimate
	// AlphaLow and AlphaHigh are the shares of replicates at which the ends of
	// BCa lie.
	AlphaLow, AlphaHigh Estimate
	// BCa is the bias-corrected and accelerated interval, the one to report. Its
	// ends are interpolated on the normal scale (Davison & Hinkley 1997, 5.8).
	BCa Interval
	// BCaType6 interpolates linearly instead; Z0MidTie counts half of the ties as
	// below, and BCaMidTie is the interval by it.
	BCaType6  Interval
	Z0MidTie  Estimate
	BCaMidTie Interval
	// Percentile takes the shares of the normal level, Basic reflects it at the
	// estimate, Normal is estimate − bias ± z·SE.
	Percentile, Basic, Normal Interval

	// Jackknife are the statistics without each of the rows; for two groups,
	// first those of x.
	Jackknife []Estimate
}

// withhold marks everything that has no value yet as not estimable.
func (r *BootstrapResult) withhold(why Reason, level float64) {
	for _, e := range []*Estimate{
		&r.ReplicateMean, &r.Bias, &r.SE, &r.Z0, &r.Acceleration, &r.AlphaLow, &r.AlphaHigh, &r.Z0MidTie,
	} {
		*e = Unknown(why)
	}
	for _, v := range []*Interval{&r.BCa, &r.BCaType6, &r.BCaMidTie, &r.Percentile, &r.Basic, &r.Normal} {
		*v = NoInterval(why, level)
	}
}

// resampling is a statistic that can be bootstrapped.
type resampling struct {
	// estimate is the statistic of the data.
	estimate float64
	// jackknife are the statistics without each row, NaN where there is none.
	jackknife []float64
	// influence are how far each row pulls the statistic up, for acceleration;
	// nil means by the jackknife.
	influence []float64
	// tol is the distance below which a replicate ties with the estimate.
	tol float64
	// replicate computes one replicate from random rows; it is NaN where the
	// statistic does not exist. worker starts a core's own copy of it.
	worker func() func(*dice) float64
}

// bootstrap draws the replicates of a statistic and finds its intervals.
func (r *BootstrapResult) bootstrap(ctx context.Context, s resampling, opt BootstrapOptions) error {
	r.Resamples, r.Seed = opt.Resamples, opt.Seed
	replicates := make([]float64, opt.Resamples)
	err := parallel.Do(ctx, len(replicates), 128, parallel.Watched(ctx, len(replicates), opt.Progress, func(from, to int) {
		var d dice
		replicate := s.worker()
		for i := from; i < to; i++ {
			parallel.Stream(&d.random, opt.Seed, i)
			replicates[i] = replicate(&d)
		}
	}))
	if err != nil {
		return err
	}
	r.intervals(s, replicates, opt.Level)
	return nil
}

// Bootstrap is the bootstrap of any statistic of n rows, by BCa and simpler
// intervals. The statistic gets the numbers of the rows of a resample, with
// repetitions, and returns NaN where it does not exist; it must depend on
// nothing else, must not keep or change the slice, and is called from several
// goroutines at once. The error is that of a context that ended early.
//
// Not estimable: everything where the statistic of the data does not exist;
// intervals below two rows, or where all replicates are equal; BCa where the
// jackknife does not vary or all replicates are on one side of the estimate.
func Bootstrap(ctx context.Context, n int, statistic func(rows []int) float64, opt BootstrapOptions) (BootstrapResult, error) {
	opt, why := opt.settled()
	r := BootstrapResult{N: max(0, n)}
	if n < 1 {
		why = FirstReason(ReasonNoData, why)
	}
	if why != "" {
		r.Estimate = Unknown(why)
		r.withhold(why, opt.Level)
		return r, nil
	}
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	s := resampling{estimate: statistic(rows), jackknife: make([]float64, n)}
	s.tol = tolFactor * math.Abs(s.estimate)
	rest := make([]int, n-1)
	for i := range n {
		if err := ctx.Err(); err != nil {
			return BootstrapResult{}, err
		}
		copy(rest, rows[:i])
		copy(rest[i:], rows[i+1:])
		s.jackknife[i] = math.NaN()
		if n > 1 {
			s.jackknife[i] = statistic(rest)
		}
	}
	s.worker = func() func(*dice) float64 {
		drawn := make([]int, n)
		return func(d *dice) float64 {
			d.rows(drawn, n)
			return statistic(drawn)
		}
	}
	if why = r.begin(s); why != "" {
		r.withhold(why, opt.Level)
		return r, nil
	}
	return r.finish(ctx, s, opt)
}

// begin notes the estimate and returns the reason why nothing can follow.
func (r *BootstrapResult) begin(s resampling) Reason {
	switch {
	case math.IsNaN(s.estimate):
		r.Estimate = Unknown(ReasonZeroVariance)
		return ReasonZeroVariance
	case math.IsInf(s.estimate, 0):
		r.Estimate = Unknown(ReasonOutOfRange)
		return ReasonOutOfRange
	}
	r.Estimate = Known(s.estimate)
	if r.N < 2 {
		return ReasonTooFew2
	}
	return ""
}

// finish is bootstrap as the last step of a public function.
func (r BootstrapResult) finish(ctx context.Context, s resampling, opt BootstrapOptions) (BootstrapResult, error) {
	if err := r.bootstrap(ctx, s, opt); err != nil {
		return BootstrapResult{}, err
	}
	return r, nil
}
