package analysis

// AncovaResult is what Ancova returns. Effects are course − control, in the unit
// of the scores unless said otherwise.
type AncovaResult struct {
	// N counts the people used, Course and Control those of each arm, Excluded
	// the others.
	N, Course, Control, Excluded int

	// Effect is the difference after the course, adjusted for the score before
	// it, with its t test on N − 3 degrees of freedom and its interval; RobustSE
	// is HC3, RobustCI and RobustP go with it.
	Effect, SE, T, DF, P Estimate
	CI                   Interval
	RobustSE, RobustP    Estimate
	RobustCI             Interval

	// Slope is the coefficient of the score before, Intercept that of nobody:
	// the control at a score of 0.
	Slope, SlopeSE, Intercept Estimate
	// Sigma is the residual SD, R2 the share of variance explained and
	// PartialEta2 that of the arm beside the score before, both from 0 to 1.
	Sigma, R2, PartialEta2 Estimate

	// MeanCourse and MeanControl are adjusted to the mean score before of
	// everybody.
	MeanCourse, MeanControl AdjustedMean

	// D is Effect over the pooled SD after the course, G its small-sample
	// correction with N − 2 degrees of freedom; GCI is the interval of Effect in
	// that unit, which takes the SD as known. GPre divides by the pooled SD
	// before, DResidual by Sigma, which makes effects look larger the better the
	// score before predicts.
	D, G      Estimate
	GCI       Interval
	GPre      Estimate
	DResidual Estimate

	// SlopeDifference is the slope of the course minus that of the control, and
	// SlopeP its test. If it is not zero, the effect depends on the score before.
	SlopeDifference, SlopeP Estimate

	// Change compares the change scores of the same people.
	Change WelchTResult
}

// AdjustedMean is a mean at a chosen covariate.
type AdjustedMean struct {
	Mean, SE Estimate
	CI       Interval
}

// Ancova compares two arms after a course, adjusted for the score before it
// (Vickers & Altman 2001). arm is 0 for control and 1 for the course. People who
// miss one of the three are dropped and counted.
//
// Not estimable: everything unless arm is 0 or 1 throughout (invalid_option) and
// both arms have people (groups_lt_2); below four people (n_too_small); where
// the score before is the same for everybody (covariate_zero_variance) or
// follows from the arm (aliased); tests where the model fits perfectly. The
// comparison of slopes needs five people and scores before that vary in both
// arms.
func Ancova(arm, pre, post []float64, level float64) AncovaResult {
	d := newRepeated([][]float64{arm, pre, post})
	r := AncovaResult{N: d.people(), Excluded: d.excluded}
	a, b, y := d.columns[0], d.columns[1], d.columns[2]
	why := d.fault
	for _, v := range a {
		if v != 0 && v != 1 {
			why = FirstReason(why, ReasonInvalidOption)
		}
		if v == 1 {
			r.Course++
		}
	}
	r.Control = r.N - r.Course
	before, after := byArm(a, b), byArm(a, y)
	if why != "" {
		r.Course, r.Control = 0, 0
		r.Change = groups{fault: why}.compare(why, why, level)
		r.withhold(why, level)
		return r
	}
	r.Change = changeByArm(before, after, level)
	m := newMoments(b, 0)
	switch {
	case r.N == 0:
		why = ReasonNoData
	case r.Course == 0 || r.Control == 0:
		why = ReasonGroupsTooFew2
	case r.N < 4:
		why = ReasonPeopleTooFew
	case m.constant:
		why = ReasonCovariateConstant
	}
	var f *leastSquares
	if why == "" {
		if f = fitLeastSquares(y, [][]float64{a, b}, true); len(f.kept) < 2 {
			why = ReasonAliased
		}
	}
	if why != "" {
		r.withhold(why, level)
		return r
	}
	r.fill(f, m.mean, level)
	r.standardise(before, after)
	r.compareSlopes(a, b, y, m.mean)
	return r
}

// byArm splits a column; x is the course, y the control.
func byArm(arm, values []float64) groups {
	var g groups
	for i, v := range values {
		if arm[i] == 1 {
			g.x = append(g.x, v)
		} else {
			g.y = append(g.y, v)
		}
	}
	g.mx, g.my = newMoments(g.x, 0), newMoments(g.y, 0)
	return g
}

// changeByArm compares the changes of the arms. A change is constant relative to
// the scores that it is the difference of.
func changeByArm(before, after groups, level float64) WelchTResult {
	change := func(pre, post []float64) ([]float64, moments) {
		p := newPairs(pre, post)
		m := newMoments(p.change, p.magnitude)
		m.magnitude = p.magnitude
		return p.change, m
	}
	var g groups
	g.x, g.mx = change(before.x, after.x)
	g.y, g.my = change(before.y, after.y)
	return g.compare("", "", level)
}

// withhold marks the model as not estimable.
func (r *AncovaResult) withhold(why Reason, level float64) {
	for _, e := range []*Estimate{
		&r.Effect, &r.SE, &r.T, &r.DF, &r.P, &r.RobustSE, &r.RobustP, &r.Slope, &r.SlopeSE, &r.Intercept,
		&r.Sigma, &r.R2, &r.PartialEta2, &r.D, &r.G, &r.GPre, &r.DResidual, &r.SlopeDifference, &r.SlopeP,
	} {
		*e = Unknown(why)
	}
	none := NoInterval(why, level)
	r.CI, r.RobustCI, r.GCI = none, none, none
	r.MeanCourse = AdjustedMean{Mean: Unknown(why), SE: Unknown(why), CI: none}
	r.MeanControl = r.MeanCourse
}

// fill in the model.
func (r *AncovaResult) fill(f *leastSquares, meanPre, level float64) {
	leverage := f.leverage()
	value, unit := f.slope(0)
	arm := f.coefficient("", 0, value, unit, leverage, level)
	r.Effect, r.SE, r.T, r.P, r.CI = arm.Estimate, arm.SE, arm.T, arm.P, arm.CI
	r.RobustSE, r.RobustP, r.RobustCI = arm.RobustSE, arm.RobustP, arm.RobustCI
	why := f.judged()
	df := float64(f.df())
	r.DF = KnownUnless(why, df)

	value, unit = f.slope(1)
	r.Slope, r.SlopeSE = Known(value), KnownUnless(why, f.sigma()*unit)
	value, _ = f.at([]float64{0, 0})
	r.Intercept = Known(value)
	r.Sigma = KnownUnless(why, f.sigma()/f.yScale)
	r.R2 = Unknown(ReasonZeroVariance)
	if f.explained+f.rss > 0 {
		r.R2 = Known(f.explained / (f.explained + f.rss))
	}
	r.PartialEta2 = KnownUnless(r.T.Reason, 1/(1+df/(r.T.Value*r.T.Value)))
	r.MeanCourse = f.adjusted([]float64{1, meanPre}, level)
	r.MeanControl = f.adjusted([]float64{0, meanPre}, level)
}

// adjusted is the mean at a point of the columns.
func (f *leastSquares) adjusted(point []float64, level float64) AdjustedMean {
	value, unit := f.at(point)
	m := AdjustedMean{Mean: Known(value)}
	m.SE, _, _, m.CI = f.judge(value, KnownUnless(f.judged(), f.sigma()*unit), level)
	return m
}

// standardise fills in the effects without a unit.
func (r *AncovaResult) standardise(before, after groups) {
	j := hedgesExact(float64(r.N - 2))
	sdAfter, sdBefore := after.withinSD(), before.withinSD()
	flatAfter, flatBefore := r.Effect.Reason, r.Effect.Reason
	if sdAfter == 0 {
		flatAfter = FirstReason(flatAfter, ReasonZeroVariance)
	}
	if sdBefore == 0 {
		flatBefore = FirstReason(flatBefore, ReasonZeroVariance)
	}
	r.D = KnownUnless(flatAfter, r.Effect.Value/sdAfter)
	r.G = KnownUnless(flatAfter, j*r.Effect.Value/sdAfter)
	r.GPre = KnownUnless(flatBefore, j*r.Effect.Value/sdBefore)
	why := FirstReason(r.Effect.Reason, r.Sigma.Reason)
	r.DResidual = KnownUnless(why, r.Effect.Value/r.Sigma.Value)
	r.GCI = r.CI.scaled(j / sdAfter)
	if flatAfter != "" {
		r.GCI = NoInterval(flatAfter, r.CI.Level)
	}
}

// withinSD is the pooled SD, which is that of the other arm where one arm has a
// single person.
func (g groups) withinSD() float64 {
	switch {
	case g.mx.n == 1:
		return g.my.sd()
	case g.my.n == 1:
		return g.mx.sd()
	}
	return g.pooledSD()
}

// compareSlopes adds the product of arm and score before to the model. The score
// is centred first, which leaves the coefficient of the product as it is.
func (r *AncovaResult) compareSlopes(arm, pre, post []float64, meanPre float64) {
	product := make([]float64, len(arm))
	for i, v := range arm {
		product[i] = v * (pre[i] - meanPre)
	}
	f := fitLeastSquares(post, [][]float64{arm, pre, product}, true)
	if len(f.kept) < 3 {
		r.SlopeDifference, r.SlopeP = Unknown(ReasonAliased), Unknown(ReasonAliased)
		return
	}
	value, unit := f.slope(2)
	r.SlopeDifference = Known(value)
	_, _, r.SlopeP, _ = f.judge(value, KnownUnless(f.judged(), f.sigma()*unit), DefaultLevel)
}
