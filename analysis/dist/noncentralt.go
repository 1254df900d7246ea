package dist

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"tidemark/analysis/internal/root"
)

// NoncentralT returns P(T ≤ t) and P(T > t) of the noncentral t distribution
// with df degrees of freedom and Noncentrality ncp, T = (Z + ncp)/S with Z
// standard normal and S = √(χ²/df) independent of it.
//
// The lower tail is E Φ(tS − ncp). The expectation is an integral over
// u = log S of an entire function that decays at both ends, for which the
// trapezoidal rule converges exponentially (Trefethen & Weideman 2014). All
// terms are positive, so both tails keep their relative accuracy, unlike the
// series of Lenth (1989). Where |ncp| ≫ √df the factor Φ turns into a step in
// u, and the expectation is taken over Z instead.
func NoncentralT(t, df, ncp float64) (lower, upper float64) {
	switch {
	case ncp == 0:
		if t < 0 {
			tail := StudentTail(-t, df)
			return tail, 1 - tail
		}
		tail := StudentTail(t, df)
		return 1 - tail, tail
	case t == 0:
		return NormalCDF(-ncp), NormalCDF(ncp)
	case t < 0:
		upper, lower = NoncentralT(-t, df, -ncp)
		return lower, upper
	case ncp < -38: // P(T > 0) = Φ(ncp) is below 1e-300
		return 1, 0
	}
	integrate := noncentralOverS
	if ncp > 20*math.Sqrt(df+1) {
		integrate = noncentralOverZ
	}
	if t < ncp {
		lower = math.Min(1, integrate(t, df, ncp, 1))
		return lower, 1 - lower
	}
	upper = math.Min(1, integrate(t, df, ncp, -1))
	return 1 - upper, upper
}

// noncentralOverS is E Φ(sign·(tS − ncp)) for t > 0.
func noncentralOverS(t, df, ncp, sign float64) float64 {
	// d/du of the log integrand; it falls through zero once, because the
	// integrand is log-concave in S.
	slope := func(u float64) float64 {
		s := math.Exp(u)
		return df - df*s*s + sign*t*s*inverseMills(sign*(t*s-ncp))
	}
	low, high := -0.5, 0.5
	for slope(low) < 0 && low > -700 {
		low *= 2
	}
	for slope(high) > 0 && high < 300 {
		high *= 2
	}
	for range 30 {
		mid := (low + high) / 2
		if slope(mid) > 0 {
			low = mid
		} else {
			high = mid
		}
	}
	mode := (low + high) / 2

	// log density of u at 0: log 2 + (df/2) log(df/2) − df/2 − log Γ(df/2)
	front := math.Ln2 + 0.5*math.Log(df/2) - halfLog2Pi - StirlingError(df/2)
	term := func(u float64) float64 {
		return math.Exp(front-df*logGap(u)) * NormalCDF(sign*(t*math.Exp(u)-ncp))
	}
	sum := func(from, step float64) float64 {
		total := 0.0
		for u := from; ; u += step {
			v := term(u)
			total += v
			if !(v > 1e-18*total) { // also ends on NaN
				return total
			}
		}
	}
	s := math.Exp(mode)
	curvature := 2*df*s*s + t*s*(t*s+math.Abs(t*s-ncp)) + 4
	h := 1 / math.Sqrt(curvature)
	total := sum(mode, h) + sum(mode-h, -h)
	for range 8 {
		between := sum(mode+h/2, h) + sum(mode-h/2, -h)
		previous := total
		total += between
		h /= 2
		// Convergence is exponential in 1/h: agreement to 1e-9 before the
		// halving means full accuracy after it.
		if math.Abs(2*previous-total) <= 1e-9*total {
			break
		}
	}
	return total * h
}

// logGap is (e^{2u} − 1)/2 − u, by its series near zero.
func logGap(u float64) float64 {
	if math.Abs(u) > 0.02 {
		return math.Expm1(2*u)/2 - u
	}
	return u * u * (1 + u*(2.0/3+u*(1.0/3+u*(2.0/15+u*(2.0/45+u*(4.0/315+u/315))))))
}

// noncentralOverZ is the same expectation taken over Z, for ncp ≫ √df:
// P(S ≥ (Z + ncp)/t) or its complement is then smooth in Z.
func noncentralOverZ(t, df, ncp, sign float64) float64 {
	const h = 0.5
	total := 0.0
	for i := -60; i <= 60; i++ {
		z := h * float64(i)
		s := (z + ncp) / t
		x := df * s * s / 2
		var p float64
		switch {
		case sign > 0 && s <= 0:
			p = 1
		case sign > 0:
			p = mathext.GammaIncRegComp(df/2, x)
		case s > 0:
			p = mathext.GammaIncReg(df/2, x)
		}
		total += NormalDensity(z) * p
	}
	return total * h
}

// NoncentralTQuantile is the t with P(T ≤ t) = p. It is NaN if no solution is
// found.
func NoncentralTQuantile(p, df, ncp float64) float64 {
	if ncp == 0 {
		return StudentQuantile(p, df)
	}
	f := func(t float64) float64 {
		lower, upper := NoncentralT(t, df, ncp)
		if p < 0.5 {
			return math.Log(lower) - math.Log(p)
		}
		return math.Log1p(-p) - math.Log(upper)
	}
	step := math.Sqrt(1 + ncp*ncp/(2*df))
	t, ok := root.Increasing(f, ncp, step)
	if !ok {
		return math.NaN()
	}
	return t
}

// Noncentrality is the ncp with P(T ≤ t) = p: the pivot of intervals for
// standardised effects (Steiger & Fouladi 1997). It is NaN if no solution is
// found.
func Noncentrality(t, df, p float64) float64 {
	if math.IsNaN(t) || math.IsInf(t, 0) {
		return math.NaN()
	}
	if t == 0 {
		return -NormalQuantile(p)
	}
	f := func(ncp float64) float64 {
		lower, upper := NoncentralT(t, df, ncp)
		if p < 0.5 {
			return math.Log(p) - math.Log(lower)
		}
		return math.Log(upper) - math.Log1p(-p)
	}
	width := math.Sqrt(1 + t*t/(2*df))
	ncp, ok := root.Increasing(f, t-NormalQuantile(p)*width, width/4)
	if !ok {
		return math.NaN()
	}
	return ncp
}
