package analysis

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// tolFactor is 8ε: values closer than tolFactor × magnitude are the same.
const tolFactor = 8 * 0x1p-52

// moments holds the first two moments of a column without missing values.
// Sums of squares are kept in scaled units so that they neither overflow nor
// underflow: a scaled value is the value times scale, a power of two.
type moments struct {
	n         int
	mean      float64
	ss        float64 // Σ (x − mean)², scaled twice
	min, max  float64
	magnitude float64 // largest |x|
	scale     float64
	constant  bool
}

// newMoments computes the moments in two passes, the second one corrected for
// the rounding of the mean (Chan, Golub & LeVeque 1983). magnitude is the
// largest magnitude that entered the computation of x, if that is more than
// the largest |x|: a difference of two large numbers is constant relative to
// those.
func newMoments(x []float64, magnitude float64) moments {
	m := moments{n: len(x), scale: 1}
	if m.n == 0 {
		return m
	}
	// Deviations from the first value are small where the data sit far from 0.
	low, high, origin := x[0], x[0], x[0]
	var sum float64
	for _, v := range x {
		if v < low {
			low = v
		}
		if v > high {
			high = v
		}
		sum += v - origin
	}
	m.min, m.max = low, high
	m.magnitude = math.Max(math.Abs(low), math.Abs(high))
	m.scale = scaleFor(m.magnitude)
	m.constant = constantRange(low, high, math.Max(magnitude, m.magnitude))
	s := m.scale
	if s != 1 {
		sum, origin = 0, origin*s
		for _, v := range x {
			sum += v*s - origin
		}
	}
	mean := sum / float64(m.n) // scaled, from the origin
	var ss, rest float64
	for _, v := range x {
		d := v*s - origin - mean
		ss += d * d
		rest += d
	}
	mean += rest / float64(m.n)
	m.ss = ss - rest*rest/float64(m.n)
	m.mean = (origin + mean) / s
	if m.constant {
		m.ss = 0
	}
	return m
}

// variance is the unbiased variance with divisor n − 1.
func (m moments) variance() float64 { return m.ss / float64(m.n-1) / m.scale / m.scale }

// sd is the square root of variance, safe where the variance itself would
// leave the range of doubles.
func (m moments) sd() float64 { return math.Sqrt(m.ss/float64(m.n-1)) / m.scale }

// needs returns the reason why a statistic that needs at least n values does
// not exist, or "".
func (m moments) needs(n int) Reason {
	switch {
	case m.n == 0:
		return ReasonNoData
	case n <= 2 && m.n < n:
		return ReasonTooFew2
	case n == 3 && m.n < n:
		return ReasonTooFew3
	case m.n < n:
		return ReasonTooFew4
	}
	return ""
}

// needsSpread is needs, and in addition asks that the values vary.
func (m moments) needsSpread(n int) Reason {
	if r := m.needs(n); r != "" {
		return r
	}
	if m.constant {
		return ReasonZeroVariance
	}
	return ""
}

// scaleFor returns the power of two that brings a magnitude to about 1, or 1
// where fourth powers are safe anyway.
func scaleFor(magnitude float64) float64 {
	if magnitude == 0 || (magnitude > 1e-60 && magnitude < 1e60) || !Finite(magnitude) {
		return 1
	}
	_, e := math.Frexp(magnitude)
	return math.Ldexp(1, min(max(-e, -1000), 1000))
}

// constantRange reports whether a range is indistinguishable from rounding.
func constantRange(low, high, magnitude float64) bool {
	return high-low <= tolFactor*magnitude
}

// magnitudeFault returns the reason why values of that size cannot enter: they
// are infinite, or so large that a sum of two changes would be.
func magnitudeFault(magnitude float64) Reason {
	switch {
	case math.IsInf(magnitude, 0):
		return ReasonInfiniteInput
	case magnitude > math.MaxFloat64/4:
		return ReasonOutOfRange
	}
	return ""
}

// present splits a column into its values and the number missing; fault is a
// reason that applies to every statistic of them. Without missing values the
// column itself is returned; callers must not change it.
func present(x []float64) (values []float64, missing int, fault Reason) {
	magnitude := 0.0
	for _, v := range x {
		if math.IsNaN(v) {
			missing++
		} else if a := math.Abs(v); a > magnitude {
			magnitude = a
		}
	}
	fault = magnitudeFault(magnitude)
	if missing == 0 {
		return x, 0, fault
	}
	values = make([]float64, 0, len(x)-missing)
	for _, v := range x {
		if !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	return values, missing, fault
}

// pairs holds complete pre/post pairs and their change.
type pairs struct {
	pre, post, change []float64
	excluded          int
	// fault is a reason that applies to every statistic of the pairs.
	fault Reason
	// magnitude is the largest |value| of either column; tol is the distance
	// below which two changes tie or a change is zero.
	magnitude, tol float64
}

// newPairs keeps the pairs with both halves present. Where the columns differ
// in length, the values beyond the shorter one have no partner and count as
// excluded.
func newPairs(pre, post []float64) pairs {
	n := min(len(pre), len(post))
	p := pairs{excluded: max(len(pre), len(post)) - n}
	pre, post = pre[:n], post[:n]
	missing, magnitude := 0, 0.0
	for i, a := range pre {
		b := post[i]
		if math.IsNaN(a) || math.IsNaN(b) {
			missing++
			continue
		}
		if a = math.Abs(a); a > magnitude {
			magnitude = a
		}
		if b = math.Abs(b); b > magnitude {
			magnitude = b
		}
	}
	p.magnitude = magnitude
	p.excluded += missing
	p.fault = magnitudeFault(p.magnitude)
	p.tol = tolFactor * p.magnitude
	if missing == 0 {
		p.pre, p.post = pre, post
	} else {
		buf := make([]float64, 0, 2*(n-missing))
		for i, a := range pre {
			if !math.IsNaN(a) && !math.IsNaN(post[i]) {
				buf = append(buf, a)
			}
		}
		p.pre = buf[: n-missing : n-missing]
		for i, b := range post {
			if !math.IsNaN(b) && !math.IsNaN(pre[i]) {
				buf = append(buf, b)
			}
		}
		p.post = buf[n-missing:]
	}
	p.change = make([]float64, len(p.pre))
	floats.SubTo(p.change, p.post, p.pre)
	return p
}

// correlation is the Pearson correlation of two aligned columns whose moments
// are known, clamped to [−1, 1].
func correlation(x, y []float64, mx, my moments) Estimate {
	if r := FirstReason(mx.needsSpread(2), my.needsSpread(2)); r != "" {
		return Unknown(r)
	}
	cx, cy := mx.mean*mx.scale, my.mean*my.scale
	var cross, rx, ry float64
	for i, v := range x {
		dx, dy := v*mx.scale-cx, y[i]*my.scale-cy
		cross += dx * dy
		rx += dx
		ry += dy
	}
	cross -= rx * ry / float64(len(x))
	r := cross / math.Sqrt(mx.ss) / math.Sqrt(my.ss)
	return Known(math.Max(-1, math.Min(1, r)))
}
