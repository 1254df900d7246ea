package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// PrePostControlResult is what PrePostControl returns. Effects are
// dimensionless; positive means that the course changed more than the control.
type PrePostControlResult struct {
	// Course and Control count the complete pairs of each arm, the excluded
	// ones miss a half.
	Course, Control                 int
	ExcludedCourse, ExcludedControl int

	// ChangeCourse and ChangeControl are the mean changes, post − pre, in the
	// unit of the scores.
	ChangeCourse, ChangeControl Estimate
	// PooledR is the correlation of pre and post, averaged over the arms by
	// their size.
	PooledR Estimate

	// DPPC1 divides each arm's change by its own SD at pre (Becker 1988).
	DPPC1 Estimate
	// DPPC2 divides the difference of the changes by the pooled SD at pre; it is
	// the one recommended. Variance is its sampling variance, and CI the normal
	// interval by it.
	DPPC2, Variance Estimate
	CI              Interval
	// DPPC3 divides by the SD pooled over both waves and arms.
	DPPC3 Estimate
}

// PrePostControl computes the three standardised differences in change of a
// pre/post/control design after Morris (2008, Organizational Research Methods
// 11, eqs. 4–25), each corrected for small samples by 1 − 3/(4df − 1). Pairs with
// a missing half are dropped and counted.
//
// Not estimable: changes of an arm without a pair; effects if an arm has fewer
// than two pairs or if the SD that divides them is zero; the variance and its
// interval with fewer than five pairs in all or when a column is constant.
func PrePostControl(preCourse, postCourse, preControl, postControl []float64, level float64) PrePostControlResult {
	x, y := newPairs(preCourse, postCourse), newPairs(preControl, postControl)
	a, b := newArmChange(x), newArmChange(y)
	r := PrePostControlResult{
		Course: a.change.n, Control: b.change.n,
		ExcludedCourse: x.excluded, ExcludedControl: y.excluded,
		ChangeCourse:  KnownUnless(FirstReason(x.fault, a.change.needs(1)), a.change.mean),
		ChangeControl: KnownUnless(FirstReason(y.fault, b.change.needs(1)), b.change.mean),
	}
	pre := groups{mx: a.pre, my: b.pre, fault: FirstReason(x.fault, y.fault)}
	post := groups{mx: a.post, my: b.post}
	sized := pre.sized()
	r.PooledR = Unknown(sized)
	if sized == "" {
		nx, ny := float64(r.Course), float64(r.Control)
		rx, ry := correlation(x.pre, x.post, a.pre, a.post), correlation(y.pre, y.post, b.pre, b.post)
		r.PooledR = KnownUnless(FirstReason(rx.Reason, ry.Reason), (nx*rx.Value+ny*ry.Value)/(nx+ny))
	}
	r.standardise(pre, post, a.change.mean, b.change.mean)
	r.vary(level)
	return r
}

// armChange holds the moments of one arm.
type armChange struct{ pre, post, change moments }

func newArmChange(p pairs) armChange {
	return armChange{
		pre: newMoments(p.pre, 0), post: newMoments(p.post, 0), change: newMoments(p.change, p.magnitude),
	}
}

// standardise fills in the three effects.
func (r *PrePostControlResult) standardise(pre, post groups, changeX, changeY float64) {
	sized, spread := pre.sized(), pre.spread()
	own, all := spread, spread
	if sized == "" {
		if pre.mx.constant || pre.my.constant {
			own = ReasonZeroVariance
		}
		if !post.mx.constant || !post.my.constant {
			all = ""
		}
	}
	dx, dy := float64(r.Course-1), float64(r.Control-1)
	r.DPPC1 = KnownUnless(own, hedgesApprox(dx)*changeX/pre.mx.sd()-hedgesApprox(dy)*changeY/pre.my.sd())
	r.DPPC2 = KnownUnless(spread, hedgesApprox(dx+dy)*(changeX-changeY)/pre.pooledSD())
	both := math.Hypot(pre.pooledSD(), post.pooledSD()) / math.Sqrt2
	r.DPPC3 = KnownUnless(all, hedgesApprox(2*(dx+dy))*(changeX-changeY)/both)
}

// vary fills in the sampling variance of DPPC2 (Morris 2008, eq. 25) and its
// interval.
func (r *PrePostControlResult) vary(level float64) {
	why := FirstReason(r.DPPC2.Reason, r.PooledR.Reason)
	n := float64(r.Course + r.Control)
	if why == "" && n < 5 {
		why = ReasonPeopleTooFew
	}
	if why != "" {
		r.Variance, r.CI = Unknown(why), NoInterval(why, level)
		return
	}
	d, c := r.DPPC2.Value, hedgesApprox(n-2)
	noise := 2 * (1 - r.PooledR.Value) * n / (float64(r.Course) * float64(r.Control))
	// 2c²(1 − ρ)(…)(1 + δ²/(2(1 − ρ)…)) − δ², multiplied out so that ρ = 1 has a
	// value too.
	r.Variance = Known(c*c*(n-2)/(n-4)*(noise+d*d) - d*d)
	if !ValidLevel(level) {
		r.CI = NoInterval(ReasonInvalidOption, level)
		return
	}
	if r.CI.Reason = r.Variance.Reason; !r.CI.OK() {
		return
	}
	half := dist.NormalCritical(level) * math.Sqrt(math.Max(0, r.Variance.Value))
	r.CI = NewInterval(d-half, d+half, level)
}
