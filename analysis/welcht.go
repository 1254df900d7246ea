package analysis

import (
	"math"
	"slices"

	"tidemark/analysis/dist"
)

// WelchTResult is what WelchT returns. Means, SDs and the difference are in the
// unit of the data.
type WelchTResult struct {
	// NX and NY count the values, MissingX and MissingY the NaN entries.
	NX, NY             int
	MissingX, MissingY int

	MeanX, MeanY, SDX, SDY Estimate
	// Difference is MeanX − MeanY.
	Difference Estimate

	// Welch (1947) does not assume equal variances; it is the one to report.
	Welch MeanTest
	// Student pools the variances.
	Student MeanTest

	// Levene (1960) compares the spread of the groups around their means,
	// BrownForsythe (1974) around their medians.
	Levene, BrownForsythe SpreadTest
}

// MeanTest is a t test of a difference of means with its two-sided interval.
type MeanTest struct {
	T, DF, P Estimate
	CI       Interval
}

// SpreadTest is an F test on absolute deviations with DF1 = 1 and DF2 = n − 2.
type SpreadTest struct{ F, P Estimate }

// WelchT compares the means of two independent groups, x − y. For the
// difference in change between two arms pass the changes of the course as x and
// those of the control as y. NaN entries are missing and counted.
//
// Not estimable: the difference if a group is empty; tests and intervals if a
// group has fewer than two values or if both groups are constant; the spread
// tests if the absolute deviations do not vary within the groups.
func WelchT(x, y []float64, level float64) WelchTResult {
	xs, missingX, faultX := present(x)
	ys, missingY, faultY := present(y)
	g := groups{x: xs, y: ys, mx: newMoments(xs, 0), my: newMoments(ys, 0), fault: FirstReason(faultX, faultY)}
	r := g.compare(faultX, faultY, level)
	r.MissingX, r.MissingY = missingX, missingY
	return r
}

// compare is WelchT of prepared groups; the faults are those of each column.
func (g groups) compare(faultX, faultY Reason, level float64) WelchTResult {
	a, b := g.mx, g.my
	r := WelchTResult{
		NX: a.n, NY: b.n,
		MeanX:      KnownUnless(FirstReason(faultX, a.needs(1)), a.mean),
		MeanY:      KnownUnless(FirstReason(faultY, b.needs(1)), b.mean),
		SDX:        KnownUnless(FirstReason(faultX, a.needs(2)), a.sd()),
		SDY:        KnownUnless(FirstReason(faultY, b.needs(2)), b.sd()),
		Difference: KnownUnless(g.nonEmpty(), a.mean-b.mean),
	}
	why := g.spread()
	r.Welch = g.meanTest(why, level, true)
	r.Student = g.meanTest(why, level, false)
	r.Levene = g.spreadTest(a.mean, b.mean)
	r.BrownForsythe = g.spreadTest(medianOf(g.x), medianOf(g.y))
	return r
}

// groups are two columns without missing values and their moments.
type groups struct {
	x, y   []float64
	mx, my moments
	fault  Reason
}

// nonEmpty returns the reason why the groups cannot be compared at all, or "".
func (g groups) nonEmpty() Reason {
	if g.fault == "" && (g.mx.n == 0 || g.my.n == 0) {
		return ReasonEmptyGroup
	}
	return g.fault
}

// sized asks for two values in each group.
func (g groups) sized() Reason {
	if r := g.nonEmpty(); r != "" {
		return r
	}
	if g.mx.n < 2 || g.my.n < 2 {
		return ReasonGroupTooFew2
	}
	return ""
}

// spread asks in addition that at least one group varies.
func (g groups) spread() Reason {
	if r := g.sized(); r != "" {
		return r
	}
	if g.mx.constant && g.my.constant {
		return ReasonZeroVariance
	}
	return ""
}

// pooledSD is the root of the pooled variance, free of overflow.
func (g groups) pooledSD() float64 {
	nx, ny := float64(g.mx.n), float64(g.my.n)
	return math.Hypot(g.mx.sd()*math.Sqrt((nx-1)/(nx+ny-2)), g.my.sd()*math.Sqrt((ny-1)/(nx+ny-2)))
}

// meanTest is Welch's or Student's test.
func (g groups) meanTest(why Reason, level float64, welch bool) MeanTest {
	if why != "" {
		return MeanTest{T: Unknown(why), DF: Unknown(why), P: Unknown(why), CI: NoInterval(why, level)}
	}
	nx, ny := float64(g.mx.n), float64(g.my.n)
	df := nx + ny - 2
	se := g.pooledSD() * math.Sqrt(1/nx+1/ny)
	if welch {
		ex, ey := g.mx.sd()/math.Sqrt(nx), g.my.sd()/math.Sqrt(ny)
		se = math.Hypot(ex, ey)
		// Welch–Satterthwaite, from the shares of the squared SE.
		sx, sy := (ex/se)*(ex/se), (ey/se)*(ey/se)
		df = 1 / (sx*sx/(nx-1) + sy*sy/(ny-1))
	}
	difference := g.mx.mean - g.my.mean
	t := difference / se
	if !Finite(t) || !Finite(df) {
		return g.meanTest(ReasonOutOfRange, level, welch)
	}
	return MeanTest{
		T: Known(t), DF: Known(df), P: Known(dist.StudentTwoSided(t, df)),
		CI: studentInterval(difference, se, df, level),
	}
}

// spreadTest is the one-way F test of |value − centre|.
func (g groups) spreadTest(centreX, centreY float64) SpreadTest {
	why := g.sized()
	if why != "" {
		return SpreadTest{F: Unknown(why), P: Unknown(why)}
	}
	magnitude := math.Max(g.mx.magnitude, g.my.magnitude)
	deviations := func(x []float64, centre float64) moments {
		d := make([]float64, len(x))
		for i, v := range x {
			d[i] = math.Abs(v - centre)
		}
		return newMoments(d, magnitude)
	}
	d := groups{mx: deviations(g.x, centreX), my: deviations(g.y, centreY)}
	if why = d.spread(); why != "" {
		return SpreadTest{F: Unknown(why), P: Unknown(why)}
	}
	t := d.meanTest("", 0, false).T
	if !t.OK() {
		return SpreadTest{F: t, P: t}
	}
	f := t.Value * t.Value
	_, p := dist.FisherTails(f, 1, float64(g.mx.n+g.my.n-2))
	return SpreadTest{F: Known(f), P: Known(p)}
}

// medianOf is the median of unsorted values, 0 without any.
func medianOf(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	s := slices.Clone(x)
	sortAscending(s)
	return medianSorted(s)
}
