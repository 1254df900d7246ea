package factor

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis"
)

// OmegaOptions steers Omega.
type OmegaOptions struct {
	Options
	// Resamples is the number of bootstrap samples behind the interval; 0 means no
	// interval. Some thousand give two stable digits.
	Resamples int
	// Interval is the kind of bootstrap interval; empty means BCa.
	Interval BootstrapInterval
	// Seed starts the random numbers.
	Seed uint64
	// Progress, if given, is told now and then how many of all samples are fitted.
	// Calls do not overlap, and change nothing.
	Progress func(done, total int)
}

// OmegaResult is what Omega returns. Every coefficient estimates which share of
// the variance of the sum of the items is due to one factor.
type OmegaResult struct {
	// N counts the people, Excluded those with a missing answer, K the items that
	// vary; Dropped names the others.
	N, Excluded, K int
	Dropped        []string

	// Omega is McDonald's (1999) ω total (Σλ)²/((Σλ)² + Σθ) of a one-factor
	// maximum-likelihood fit to the covariances of the items: the recommended
	// value for their sum or mean.
	Omega analysis.Estimate
	// CI is the bootstrap interval of Omega, not estimable without resamples.
	CI        analysis.Interval
	Bootstrap Bootstrap

	// OmegaStandardised is the same of standardised items, OmegaObserved divides
	// (Σλ)² by the observed variance of the sum.
	OmegaStandardised, OmegaObserved analysis.Estimate
	// OmegaMinres is OmegaStandardised with loadings by minres instead. OmegaPsych
	// is 1 − Σu²/ΣR of the same loadings, what psych and jamovi print.
	OmegaMinres, OmegaPsych analysis.Estimate

	// Loadings belong to the items kept.
	Loadings []OmegaLoading
	// Heywood names the items with a negative residual variance in the
	// maximum-likelihood solution, HeywoodMinres in that by minres.
	Heywood, HeywoodMinres []string
	// Fit of the one-factor model: where it is poor, ω is a reading of a wrong
	// model.
	Fit FitIndices
}

// OmegaLoading is an item's correlation with the factor, by both methods.
type OmegaLoading struct {
	Name       string
	ML, Minres analysis.Estimate
}

// Bootstrap says how an interval came about.
type Bootstrap struct {
	// Kind is the interval, Resamples how many samples were drawn from Seed, Failed
	// how many of them had no solution and did not count.
	Kind      BootstrapInterval
	Resamples int
	Failed    int
	Seed      uint64
}

// Omega estimates McDonald's omega of a scale: alpha without the assumption that
// all items measure equally well (Flora 2020).
//
// Not estimable: everything with fewer than three items that vary, linearly
// dependent items or no minimum; the coefficients of a solution with a negative
// residual variance, whose items are named. The error is that of the context.
func Omega(ctx context.Context, items [][]float64, opt OmegaOptions) (OmegaResult, error) {
	scale, why := opt.scale(items)
	if why == "" && (!opt.Interval.orDefault().Valid() || opt.Resamples < 0) {
		why = analysis.ReasonInvalidOption
	}
	r := OmegaResult{N: scale.N, Excluded: scale.Excluded, K: len(scale.Columns), Dropped: scale.Dropped}
	r.Bootstrap = Bootstrap{Kind: opt.Interval.orDefault(), Resamples: opt.Resamples, Seed: opt.Seed}
	one, err := fitOneFactor(ctx, scale, why)
	if err != nil {
		return OmegaResult{}, fmt.Errorf("estimate omega: %w", err)
	}
	r.CI = analysis.NoInterval(analysis.FirstReason(one.reason, analysis.ReasonNoResamples), opt.level())
	r.maximumLikelihood(one, scale)
	if err := r.minres(ctx, one, scale); err != nil {
		return OmegaResult{}, fmt.Errorf("estimate omega: %w", err)
	}
	if opt.Resamples > 0 && one.reason == "" {
		if err := r.resample(ctx, one, scale, opt); err != nil {
			return OmegaResult{}, fmt.Errorf("bootstrap omega: %w", err)
		}
	}
	return r, nil
}

// maximumLikelihood fills in what rests on the maximum-likelihood solution.
func (r *OmegaResult) maximumLikelihood(one oneFactor, scale analysis.Scale) {
	if one.reason != "" {
		none := analysis.Unknown(one.reason)
		r.Omega, r.OmegaStandardised, r.OmegaObserved = none, none, none
		r.Fit.withhold(one.reason)
		return
	}
	r.Fit = newFitIndices(one.d, one.solution, one.units)
	for i, v := range one.residuals {
		if v < 0 {
			r.Heywood = append(r.Heywood, scale.Names[i])
		}
	}
	why := r.Fit.Reason
	p := r.K
	s := one.d.samples[0]
	raw, standard, unique := make([]float64, p), make([]float64, p), 0.0
	observed := 0.0
	for i, l := range one.loadings {
		standard[i] = l / math.Sqrt(s.cov[i*p+i])
		unique += one.residuals[i] / s.cov[i*p+i]
		for j := range p {
			observed += one.units.relative(i) * one.units.relative(j) * s.cov[i*p+j]
		}
		raw[i] = l * one.units.relative(i)
		r.Loadings = append(r.Loadings, OmegaLoading{Name: scale.Names[i], ML: analysis.KnownUnless(why, standard[i])})
	}
	sum, general := floats.Sum(standard), floats.Sum(raw)
	r.Omega = analysis.KnownUnless(why, one.omega())
	r.OmegaStandardised = analysis.KnownUnless(why, sum*sum/(sum*sum+unique))
	r.OmegaObserved = analysis.KnownUnless(why, general*general/observed)
}

// relative is an item's standard deviation in units of the largest one, so that
// squares do not leave double precision.
func (u units) relative(i int) float64 { return u.sd[i] / floats.Max(u.sd) }

// omega is ω of the sum of the items in their own units.
func (one *oneFactor) omega() float64 {
	sum, unique := 0.0, 0.0
	for i, l := range one.loadings {
		w := one.units.relative(i)
		sum += l * w
		unique += one.residuals[i] * w * w
	}
	return sum * sum / (sum*sum + unique)
}

// minres fills in what rests on the least-squares loadings.
func (r *OmegaResult) minres(ctx context.Context, one oneFactor, scale analysis.Scale) error {
	why := one.reason
	p := r.K
	var l, cor []float64
	if one.d != nil {
		// There is a covariance matrix, whether or not maximum likelihood has a
		// solution.
		standard := one.d.samples[0].standardised()
		cor = standard.cov
		start, _ := firstGuess(cor, p)
		var err error
		if l, why, err = minres(ctx, cor, p, start); err != nil {
			return err
		}
	}
	unique := 0.0
	for i, v := range l {
		unique += 1 - v*v
		if v*v > 1 {
			r.HeywoodMinres = append(r.HeywoodMinres, scale.Names[i])
		}
	}
	if len(r.HeywoodMinres) > 0 {
		why = analysis.ReasonImproper
	}
	sum := floats.Sum(l) // its sign is free
	r.OmegaMinres = analysis.KnownUnless(why, sum*sum/(sum*sum+unique))
	r.OmegaPsych = analysis.KnownUnless(why, 1-unique/floats.Sum(cor))
	for i := range r.Loadings {
		r.Loadings[i].Minres = analysis.Unknown(why)
		if why == "" {
			r.Loadings[i].Minres = analysis.Known(l[i])
		}
	}
	return nil
}
