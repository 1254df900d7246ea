package analysis

import (
	"math"
	"slices"

	"tidemark/analysis/dist"
)

// Description is what Describe returns. Every estimate is in the unit of the
// data unless said otherwise.
type Description struct {
	// N counts the values, Missing the NaN entries.
	N       int
	Missing int

	Mean, SD, Variance Estimate
	// SE is SD/√N, MeanCI the t interval of the mean, Mean ± t·SE.
	SE     Estimate
	MeanCI Interval
	Sum    Estimate

	Min, Max, Median Estimate
	// Q25 and Q75 are quartiles of type 7 (Hyndman & Fan 1996; R, jamovi);
	// the Type6 pair is the convention of SPSS.
	Q25, Q75           Estimate
	Q25Type6, Q75Type6 Estimate
	// TrimmedMean10 leaves out ⌊N/10⌋ values at each end.
	TrimmedMean10 Estimate
	// MAD is 1.4826 × the median absolute deviation from the median, which
	// estimates the SD of normal data.
	MAD Estimate

	// Skewness and Kurtosis (excess) are dimensionless.
	Skewness, Kurtosis Shape

	ShapiroWilk ShapiroWilkResult
}

// Shape is a skewness or an excess kurtosis in the three usual conventions
// (Joanes & Gill 1998).
type Shape struct {
	// Type1 is the moment coefficient g1 or g2.
	Type1 Estimate
	// Type2 is the estimator unbiased for normal data, G1 or G2, that SPSS and
	// jamovi print.
	Type2 Estimate
	// Type3 is b1 or b2, with the unbiased variance in the denominator, the
	// default of the psych package.
	Type3 Estimate
	// SE is the standard error of Type2 under normality.
	SE Estimate
}

// Describe summarises one column. NaN entries are missing and counted. Level is
// the coverage of MeanCI.
//
// Not estimable: everything without data; spread, SE and interval below two
// values; skewness below three and kurtosis below four values in type 2, below
// two in the other types, and always for constant data.
func Describe(x []float64, level float64) Description {
	values, missing, fault := present(x)
	return describe(values, missing, newMoments(values, 0), level, fault)
}

// describe is Describe of values whose moments are known.
func describe(values []float64, missing int, m moments, level float64, fault Reason) Description {
	d := Description{N: len(values), Missing: missing}
	d.describeMoments(m, level, fault)
	d.describeShape(values, m, fault)
	d.describeOrder(values, m, FirstReason(fault, m.needs(1)))
	return d
}

// describeMoments fills in what the first two moments give.
func (d *Description) describeMoments(m moments, level float64, fault Reason) {
	one, two := FirstReason(fault, m.needs(1)), FirstReason(fault, m.needs(2))
	n := float64(m.n)
	d.Mean = KnownUnless(one, m.mean)
	d.Sum = KnownUnless(one, m.mean*n)
	d.Min, d.Max = KnownUnless(one, m.min), KnownUnless(one, m.max)
	if two != "" {
		d.SD, d.Variance, d.SE = Unknown(two), Unknown(two), Unknown(two)
		d.MeanCI = NoInterval(two, level)
		return
	}
	se := m.sd() / math.Sqrt(n)
	d.SD, d.Variance, d.SE = Known(m.sd()), Known(m.variance()), Known(se)
	d.MeanCI = studentInterval(m.mean, se, n-1, level)
}

// studentInterval is estimate ± t·se.
func studentInterval(estimate, se, df, level float64) Interval {
	if !ValidLevel(level) {
		return NoInterval(ReasonInvalidOption, level)
	}
	half := dist.StudentCritical(level, df) * se
	return NewInterval(estimate-half, estimate+half, level)
}

// describeShape fills in skewness and kurtosis.
func (d *Description) describeShape(x []float64, m moments, fault Reason) {
	n := float64(m.n)
	g1, g2 := shapeMoments(x, m)
	spread := FirstReason(fault, m.needsSpread(2))
	three, four := FirstReason(fault, m.needs(3)), FirstReason(fault, m.needs(4))

	seSkew := math.Sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))
	d.Skewness = Shape{
		Type1: KnownUnless(spread, g1),
		Type2: KnownUnless(FirstReason(three, spread), g1*math.Sqrt(n*(n-1))/(n-2)),
		Type3: KnownUnless(spread, g1*math.Pow((n-1)/n, 1.5)),
		SE:    KnownUnless(three, seSkew),
	}
	d.Kurtosis = Shape{
		Type1: KnownUnless(spread, g2),
		Type2: KnownUnless(FirstReason(four, spread), (n-1)/((n-2)*(n-3))*((n+1)*g2+6)),
		Type3: KnownUnless(spread, (g2+3)*(1-1/n)*(1-1/n)-3),
		SE:    KnownUnless(four, 2*seSkew*math.Sqrt((n*n-1)/((n-3)*(n+5)))),
	}
}

// shapeMoments returns g1 = m3/m2^1.5 and g2 = m4/m2² − 3.
func shapeMoments(x []float64, m moments) (g1, g2 float64) {
	if m.n < 2 || m.constant {
		return 0, 0
	}
	centre := m.mean * m.scale
	var s3, s4 float64
	for _, v := range x {
		d := v*m.scale - centre
		s3 += d * d * d
		s4 += d * d * d * d
	}
	n := float64(m.n)
	m2 := m.ss / n
	return s3 / n / (m2 * math.Sqrt(m2)), s4/n/(m2*m2) - 3
}

// describeOrder fills in what needs the sorted values.
func (d *Description) describeOrder(x []float64, m moments, none Reason) {
	if none != "" {
		for _, e := range []*Estimate{&d.Median, &d.Q25, &d.Q75, &d.Q25Type6, &d.Q75Type6, &d.TrimmedMean10, &d.MAD} {
			*e = Unknown(none)
		}
		d.ShapiroWilk = ShapiroWilkResult{W: Unknown(none), P: Unknown(none)}
		return
	}
	sorted := slices.Clone(x)
	sortAscending(sorted)
	d.Median = Known(medianSorted(sorted))
	d.Q25, d.Q75 = Known(quantileType7(sorted, 0.25)), Known(quantileType7(sorted, 0.75))
	d.Q25Type6, d.Q75Type6 = Known(quantileType6(sorted, 0.25)), Known(quantileType6(sorted, 0.75))
	cut := len(sorted) / 10
	d.TrimmedMean10 = Known(newMoments(sorted[cut:len(sorted)-cut], 0).mean)
	d.MAD = Known(1.4826 * medianDeviation(sorted))
	d.ShapiroWilk = shapiroSorted(sorted, m)
}

// medianSorted is the median of sorted values.
func medianSorted(s []float64) float64 {
	n := len(s)
	if n%2 == 1 {
		return s[n/2]
	}
	return s[n/2-1]/2 + s[n/2]/2
}

// quantileType7 interpolates at 1 + (n − 1)p (Hyndman & Fan 1996).
func quantileType7(s []float64, p float64) float64 {
	return quantileAt(s, float64(len(s)-1)*p)
}

// quantileType6 interpolates at (n + 1)p (Hyndman & Fan 1996).
func quantileType6(s []float64, p float64) float64 {
	return quantileAt(s, float64(len(s)+1)*p-1)
}

// quantileAt interpolates between order statistics at a 0-based position, which
// is clamped to the range of the data.
func quantileAt(s []float64, h float64) float64 {
	h = math.Max(0, math.Min(h, float64(len(s)-1)))
	i := int(h)
	if i+1 >= len(s) {
		return s[len(s)-1]
	}
	return s[i] + (h-float64(i))*(s[i+1]-s[i])
}

// medianDeviation is the median of |x − median|. The deviations below and above
// the median are already sorted, so that merging them up to the middle is
// enough.
func medianDeviation(s []float64) float64 {
	centre := medianSorted(s)
	n := len(s)
	right := n / 2
	left := right - 1
	var last, before float64
	for taken := 0; taken <= n/2; taken++ {
		before = last
		if left < 0 || (right < n && s[right]-centre < centre-s[left]) {
			last = s[right] - centre
			right++
		} else {
			last = centre - s[left]
			left--
		}
	}
	if n%2 == 1 {
		return last
	}
	return before/2 + last/2
}
