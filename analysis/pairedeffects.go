package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// PairedEffectSizes is what PairedEffects returns. All effects are
// dimensionless; positive means increase. The denominator differs, which is
// why each has its own name.
type PairedEffectSizes struct {
	// Pairs counts the complete pairs, Excluded those with a missing half.
	Pairs    int
	Excluded int
	// R is the Pearson correlation of pre and post.
	R Estimate

	// JExact is the small-sample correction of Hedges (1981) with df =
	// Pairs − 1, JApprox its approximation 1 − 3/(4df − 1). Every g below is
	// JExact times its d.
	JExact, JApprox Estimate

	// Dz is the mean change over the SD of the changes, Gz its corrected form;
	// the interval inverts the noncentral t distribution (Steiger & Fouladi
	// 1997). DzSE is the normal approximation √(1/n + dz²/2n).
	Dz, Gz     Estimate
	DzCI, GzCI Interval
	DzSE       Estimate

	// Dav is the mean change over the root mean square of the two SDs
	// (Cumming 2012), Gav its corrected form. DavCI is the interval of Bird
	// (2002), t·DavSE on either side with DavSE = SE of the change / average
	// SD; GavCI is JExact times it. DavCIScaled is the interval of dz in the
	// unit of dav.
	Dav, Gav     Estimate
	DavCI, GavCI Interval
	DavSE        Estimate
	DavCIScaled  Interval
	// DavMeanSD divides by the mean of the two SDs (Lakens 2013), GavMeanSD is
	// its corrected form.
	DavMeanSD, GavMeanSD Estimate

	// Drm = dz·√(2(1 − r)) (Morris & DeShon 2002), with its corrected form and
	// SE √((1/n + drm²/2n)·2(1 − r)).
	Drm, Grm, DrmSE Estimate
	// Dpre divides by the SD at pre (Becker 1988), with its corrected form and
	// SE √(2(1 − r)/n + dpre²/2n).
	Dpre, Gpre, DpreSE Estimate

	// CommonLanguage is Φ(dz): the probability, for normal changes, that a
	// person increases (McGraw & Wong 1992), from 0 to 1.
	CommonLanguage   Estimate
	CommonLanguageCI Interval
	// ShareIncreased is the observed share with an increase plus half the
	// share without change, from 0 to 1.
	ShareIncreased Estimate
}

// PairedEffects computes the standardised mean changes of a pre/post design.
// Pairs with a missing half are dropped and counted; level is the coverage of
// the intervals.
//
// Not estimable: everything without a complete pair; all effects below two
// pairs; corrected effects below three pairs (df < 2) or when every
// pair changed by the same amount; dz likewise; dav when both columns are
// constant, drm when one of them is, dpre when pre is.
func PairedEffects(pre, post []float64, level float64) PairedEffectSizes {
	return pairedEffects(newPairSummary(pre, post, true), level)
}

// pairedEffects is PairedEffects of summarised pairs.
func pairedEffects(p pairSummary, level float64) PairedEffectSizes {
	pre, post, change := p.pre, p.post, p.change
	two := FirstReason(p.fault, change.needs(2))
	spread := FirstReason(two, change.needsSpread(2))
	e := PairedEffectSizes{Pairs: change.n, Excluded: p.excluded, R: Unknown(two)}
	if two == "" {
		e.R = p.r
	}
	n := float64(change.n)
	e.corrections(spread, n-1)
	e.fromChange(spread, change, level)
	e.fromScores(two, spread, pre, post, change, level)
	e.ShareIncreased = KnownUnless(two, p.increased/n)
	return e
}

// corrections fills in the small-sample corrections.
func (e *PairedEffectSizes) corrections(spread Reason, df float64) {
	e.JApprox = KnownUnless(spread, hedgesApprox(df))
	if spread == "" && df < 2 {
		spread = ReasonDF2
	}
	if spread != "" {
		e.JExact = Unknown(spread)
		return
	}
	e.JExact = Known(hedgesExact(df))
}

// corrected is JExact times an effect.
func (e *PairedEffectSizes) corrected(d Estimate) Estimate {
	return KnownUnless(FirstReason(d.Reason, e.JExact.Reason), d.Value*e.JExact.Value)
}

// correctedInterval is JExact times an interval.
func (e *PairedEffectSizes) correctedInterval(v Interval) Interval {
	if r := FirstReason(v.Reason, e.JExact.Reason); r != "" {
		return NoInterval(r, v.Level)
	}
	return v.scaled(e.JExact.Value)
}

// fromChange fills in what depends on the changes alone.
func (e *PairedEffectSizes) fromChange(spread Reason, change moments, level float64) {
	if spread != "" {
		e.Dz, e.Gz, e.DzSE, e.CommonLanguage = Unknown(spread), Unknown(spread), Unknown(spread), Unknown(spread)
		e.DzCI, e.GzCI = NoInterval(spread, level), NoInterval(spread, level)
		e.CommonLanguageCI = NoInterval(spread, level)
		return
	}
	n := float64(change.n)
	dz := change.mean / change.sd()
	e.Dz = Known(dz)
	e.DzSE = Known(math.Sqrt(1/n + dz*dz/(2*n)))
	e.CommonLanguage = Known(dist.NormalCDF(dz))
	if ValidLevel(level) {
		e.DzCI = noncentralityInterval(dz*math.Sqrt(n), n-1, level).scaled(1 / math.Sqrt(n))
	} else {
		e.DzCI = NoInterval(ReasonInvalidOption, level)
	}
	e.CommonLanguageCI = e.DzCI
	if e.DzCI.OK() {
		e.CommonLanguageCI = NewInterval(dist.NormalCDF(e.DzCI.Low), dist.NormalCDF(e.DzCI.High), level)
	}
	e.Gz, e.GzCI = e.corrected(e.Dz), e.correctedInterval(e.DzCI)
}

// fromScores fills in the effects in units of the SD of the scores.
func (e *PairedEffectSizes) fromScores(two, spread Reason, pre, post, change moments, level float64) {
	n := float64(change.n)
	s1, s2 := pre.sd(), post.sd()
	rms := math.Hypot(s1, s2) / math.Sqrt2

	av := two
	if pre.constant && post.constant {
		av = FirstReason(av, ReasonZeroVariance)
	}
	e.Dav = KnownUnless(av, change.mean/rms)
	e.DavMeanSD = KnownUnless(av, change.mean/(s1/2+s2/2))
	e.Gav, e.GavMeanSD = e.corrected(e.Dav), e.corrected(e.DavMeanSD)
	e.intervalsOfAverage(FirstReason(av, spread), rms, change, level)

	only := two
	if pre.constant {
		only = FirstReason(only, ReasonZeroVariance)
	}
	e.Dpre = KnownUnless(only, change.mean/s1)
	e.Gpre = e.corrected(e.Dpre)

	why := FirstReason(spread, e.R.Reason)
	gap := 2 * (1 - e.R.Value)
	e.Drm = KnownUnless(why, e.Dz.Value*math.Sqrt(gap))
	e.Grm = e.corrected(e.Drm)
	e.DrmSE = KnownUnless(why, math.Sqrt((1/n+e.Drm.Value*e.Drm.Value/(2*n))*gap))
	e.DpreSE = KnownUnless(FirstReason(why, only), math.Sqrt(gap/n+e.Dpre.Value*e.Dpre.Value/(2*n)))
}

// intervalsOfAverage fills in the intervals of dav, why being the reason that
// stands against them.
func (e *PairedEffectSizes) intervalsOfAverage(why Reason, rms float64, change moments, level float64) {
	if why != "" {
		e.DavSE = Unknown(why)
		e.DavCI, e.GavCI, e.DavCIScaled = NoInterval(why, level), NoInterval(why, level), NoInterval(why, level)
		return
	}
	n := float64(change.n)
	se := change.sd() / math.Sqrt(n) / rms
	e.DavSE = Known(se)
	e.DavCI = studentInterval(change.mean/rms, se, n-1, level)
	e.GavCI = e.correctedInterval(e.DavCI)
	e.DavCIScaled = e.DzCI.scaled(change.sd() / rms)
}
