package analysis

import (
	"context"
	"math"
)

// BootstrapMean is the bootstrap of the mean of one column. NaN entries are
// missing and counted.
//
// Not estimable: intervals below two values or when all values are equal.
func BootstrapMean(ctx context.Context, x []float64, opt BootstrapOptions) (BootstrapResult, error) {
	values, missing, fault := present(x)
	m := newMoments(values, 0)
	return bootstrapMean(ctx, BootstrapResult{N: m.n, Excluded: missing}, values, m, fault, opt)
}

// BootstrapChange is the bootstrap of the mean change post − pre. Pairs with a
// missing half are dropped and counted.
//
// Not estimable: intervals below two pairs or when every pair changed by the
// same amount.
func BootstrapChange(ctx context.Context, pre, post []float64, opt BootstrapOptions) (BootstrapResult, error) {
	p := newPairs(pre, post)
	m := newMoments(p.change, p.magnitude)
	return bootstrapMean(ctx, BootstrapResult{N: m.n, Excluded: p.excluded}, p.change, m, p.fault, opt)
}

// bootstrapMean is the bootstrap of a mean of prepared values.
func bootstrapMean(ctx context.Context, r BootstrapResult, values []float64, m moments, fault Reason, opt BootstrapOptions) (BootstrapResult, error) {
	opt, why := opt.settled()
	r.Estimate = KnownUnless(FirstReason(fault, m.needs(1)), m.mean)
	if why = FirstReason(fault, m.needsSpread(2), why); why != "" {
		r.withhold(why, opt.Level)
		return r, nil
	}
	n := float64(m.n)
	// Deviations add up with the least rounding, so that ties stay ties.
	from := deviations(values, m.mean)
	s := resampling{estimate: m.mean, influence: from, tol: tolFactor * m.magnitude}
	for _, d := range from {
		s.jackknife = append(s.jackknife, m.mean-d/(n-1))
	}
	s.worker = func() func(*dice) float64 {
		return func(d *dice) float64 { return m.mean + d.sum(from)/n }
	}
	return r.finish(ctx, s, opt)
}

// deviations returns the values less their centre.
func deviations(values []float64, centre float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v - centre
	}
	return out
}

// BootstrapDifference is the bootstrap of the difference of two means, x − y:
// each group is resampled by itself. For the difference in change between two
// arms pass the changes of the course as x and those of the control as y. The
// acceleration is that of two samples (Davison & Hinkley 1997, 5.3.2). NaN
// entries are missing and counted.
//
// Not estimable: everything if a group is empty; intervals if a group has fewer
// than two values or if both are constant.
func BootstrapDifference(ctx context.Context, x, y []float64, opt BootstrapOptions) (BootstrapResult, error) {
	xs, missingX, faultX := present(x)
	ys, missingY, faultY := present(y)
	g := groups{x: xs, y: ys, mx: newMoments(xs, 0), my: newMoments(ys, 0), fault: FirstReason(faultX, faultY)}
	opt, why := opt.settled()
	r := BootstrapResult{N: g.mx.n + g.my.n, NX: g.mx.n, NY: g.my.n, Excluded: missingX + missingY}
	r.Estimate = KnownUnless(g.nonEmpty(), g.mx.mean-g.my.mean)
	if why = FirstReason(g.spread(), why); why != "" {
		r.withhold(why, opt.Level)
		return r, nil
	}
	nx, ny := float64(g.mx.n), float64(g.my.n)
	fromX, fromY := deviations(xs, g.mx.mean), deviations(ys, g.my.mean)
	estimate := r.Estimate.Value
	s := resampling{estimate: estimate, tol: tolFactor * math.Max(g.mx.magnitude, g.my.magnitude)}
	for _, d := range fromX {
		s.jackknife = append(s.jackknife, estimate-d/(nx-1))
		s.influence = append(s.influence, d/nx)
	}
	for _, d := range fromY {
		s.jackknife = append(s.jackknife, estimate+d/(ny-1))
		s.influence = append(s.influence, -d/ny)
	}
	s.worker = func() func(*dice) float64 {
		var other dice
		return func(d *dice) float64 {
			a := d.sum(fromX) / nx
			other.random = d.random
			return estimate + a - other.sum(fromY)/ny
		}
	}
	return r.finish(ctx, s, opt)
}

// BootstrapDz is the bootstrap of d_z, the mean change over the SD of the
// changes. Pairs with a missing half are dropped and counted.
//
// Not estimable: everything below two pairs or when every pair changed by the
// same amount; BCa in addition if all pairs but one did.
func BootstrapDz(ctx context.Context, pre, post []float64, opt BootstrapOptions) (BootstrapResult, error) {
	p := newPairs(pre, post)
	m := newMoments(p.change, p.magnitude)
	r := BootstrapResult{N: m.n, Excluded: p.excluded}
	opt, invalid := opt.settled()
	why := FirstReason(p.fault, m.needsSpread(2))
	estimate := m.mean / m.sd()
	r.Estimate = KnownUnless(why, estimate)
	if why = FirstReason(r.Estimate.Reason, invalid); why != "" {
		r.withhold(why, opt.Level)
		return r, nil
	}
	// In units of the SD, from the mean: sums of squares lose nothing, and what
	// is as small as rounding is no spread.
	sd := m.sd()
	from := deviations(p.change, m.mean)
	for i := range from {
		from[i] /= sd
	}
	noise := math.Pow(tolFactor*p.magnitude/sd, 2)
	dz := func(sum, squares, n float64) float64 {
		ss := squares - sum*sum/n
		if !(ss > n*noise) || !(ss > 1e-14*squares) {
			return math.NaN()
		}
		return (estimate + sum/n) / math.Sqrt(ss/(n-1))
	}
	var sum, squares float64
	for _, d := range from {
		sum += d
		squares += d * d
	}
	n := float64(m.n)
	s := resampling{estimate: estimate, tol: tolFactor * math.Max(1, math.Abs(estimate))}
	for _, d := range from {
		s.jackknife = append(s.jackknife, dz(sum-d, squares-d*d, n-1))
	}
	s.worker = func() func(*dice) float64 {
		return func(d *dice) float64 {
			sum, squares := d.sums(from)
			return dz(sum, squares, n)
		}
	}
	return r.finish(ctx, s, opt)
}

// BootstrapDav is the bootstrap of d_av, the mean change over the root mean
// square of both SDs, which stays comparable between designs (Cumming 2012).
// Pairs with a missing half are dropped and counted.
//
// Not estimable: everything below two pairs or when both columns are constant;
// intervals in addition when every pair changed by the same amount of 0 and both
// SDs are equal, so that d_av does not vary.
func BootstrapDav(ctx context.Context, pre, post []float64, opt BootstrapOptions) (BootstrapResult, error) {
	p := newPairs(pre, post)
	a, b := newMoments(p.pre, 0), newMoments(p.post, 0)
	change := newMoments(p.change, p.magnitude)
	r := BootstrapResult{N: change.n, Excluded: p.excluded}
	opt, invalid := opt.settled()
	why := FirstReason(p.fault, change.needs(2))
	if why == "" && a.constant && b.constant {
		why = ReasonZeroVariance
	}
	rms := math.Hypot(a.sd(), b.sd()) / math.Sqrt2
	estimate := change.mean / rms
	r.Estimate = KnownUnless(why, estimate)
	if why = FirstReason(r.Estimate.Reason, invalid); why != "" {
		r.withhold(why, opt.Level)
		return r, nil
	}
	// In units of d_av's denominator, from both means.
	from := make([][2]float64, len(p.pre))
	for i := range from {
		from[i] = [2]float64{(p.pre[i] - a.mean) / rms, (p.post[i] - b.mean) / rms}
	}
	noise := math.Pow(tolFactor*p.magnitude/rms, 2)
	dav := func(s pairSumsOf, n float64) float64 {
		squares := s.preSquares + s.postSquares
		ss := squares - s.pre*s.pre/n - s.post*s.post/n
		if !(ss > n*noise) || !(ss > 1e-14*squares) {
			return math.NaN()
		}
		return (estimate + (s.post-s.pre)/n) / math.Sqrt(ss/2/(n-1))
	}
	var all pairSumsOf
	for _, v := range from {
		all.add(v, 1)
	}
	n := float64(change.n)
	s := resampling{estimate: estimate, tol: tolFactor * math.Max(1, math.Abs(estimate))}
	for _, v := range from {
		rest := all
		rest.add(v, -1)
		s.jackknife = append(s.jackknife, dav(rest, n-1))
	}
	s.worker = func() func(*dice) float64 {
		return func(d *dice) float64 { return dav(d.pairs(from), n) }
	}
	return r.finish(ctx, s, opt)
}

// add takes a pair into the sums, or out of them with a weight of −1.
func (s *pairSumsOf) add(v [2]float64, weight float64) {
	s.pre += weight * v[0]
	s.post += weight * v[1]
	s.preSquares += weight * v[0] * v[0]
	s.postSquares += weight * v[1] * v[1]
}

// MeanBootstrap is what the ideal bootstrap of a mean says without a resample.
type MeanBootstrap struct {
	// N counts the values, Missing the NaN entries.
	N, Missing int
	Mean       Estimate
	// Acceleration is Σd³/(6(Σd²)^1.5) of the deviations from the mean: a sixth
	// of the skewness over √N.
	Acceleration Estimate
	// IdealSE is the SE over all nⁿ resamples, √(Σd²)/n; JackknifeSE is that of
	// the jackknife, √(Σd²/(n(n − 1))), the usual one.
	IdealSE, JackknifeSE Estimate
}

// IdealBootstrapOfMean gives the closed forms of the bootstrap of a mean (Efron
// & Tibshirani 1993, ch. 6 and 14). NaN entries are missing and counted.
//
// Not estimable: acceleration when all values are equal; JackknifeSE below two
// values.
func IdealBootstrapOfMean(x []float64) MeanBootstrap {
	values, missing, fault := present(x)
	m := newMoments(values, 0)
	r := MeanBootstrap{N: m.n, Missing: missing}
	one, two := FirstReason(fault, m.needs(1)), FirstReason(fault, m.needs(2))
	n := float64(m.n)
	r.Mean = KnownUnless(one, m.mean)
	r.IdealSE = KnownUnless(one, math.Sqrt(m.ss)/n/m.scale)
	r.JackknifeSE = KnownUnless(two, m.sd()/math.Sqrt(n))
	r.Acceleration = Unknown(FirstReason(fault, m.needsSpread(2)))
	if r.Acceleration.OK() {
		cubes, unit := 0.0, m.scale/math.Sqrt(m.ss)
		for _, v := range values {
			d := (v - m.mean) * unit
			cubes += d * d * d
		}
		r.Acceleration = Known(cubes / 6)
	}
	return r
}
