package dist

import (
	"math"

	"tidemark/analysis/internal/root"
)

const halfLog2Pi = 0.91893853320467274178

// BetaTails returns the regularised incomplete beta function I_x(a, b) and its
// complement. It takes x and y = 1 − x separately, so that neither end loses
// digits. The prefactor follows Loader (2000). Around and below its mean a tail
// is a series of positive terms, which does not lose digits however large a and
// b are; beyond it is the continued fraction of Press et al. (2007, §6.4).
func BetaTails(x, y, a, b float64) (lower, upper float64) {
	switch {
	case x <= 0:
		return 0, 1
	case y <= 0:
		return 1, 0
	}
	n := a + b
	// x^a y^b Γ(a+b) / (Γ(a) Γ(b)), without the cancellation of log gammas.
	front := math.Sqrt(a/n*b/(2*math.Pi)) * math.Exp(
		StirlingError(n)-StirlingError(a)-StirlingError(b)-devianceTerm(a, n*x)-devianceTerm(b, n*y))
	if n*y < b+2.5 && y < 0.9 {
		upper = math.Min(1, front*betaSeries(y, a, b)/b)
		return 1 - upper, upper
	}
	if n*x < a+2.5 && x < 0.9 {
		lower = math.Min(1, front*betaSeries(x, b, a)/a)
		return lower, 1 - lower
	}
	if x < (a+1)/(n+2) {
		lower = math.Min(1, front*betaFraction(x, a, b)/a)
		return lower, 1 - lower
	}
	upper = math.Min(1, front*betaFraction(y, b, a)/b)
	return 1 - upper, upper
}

// BetaQuantile returns the x with I_x(a, b) = p, for 0 < p < 1, and 1 − x. Both
// keep their relative accuracy, because the search runs on log(x/(1 − x)). They
// are NaN if no solution is found.
func BetaQuantile(p, a, b float64) (x, y float64) {
	ends := func(w float64) (x, y float64) { return 1 / (1 + math.Exp(-w)), 1 / (1 + math.Exp(w)) }
	f := func(w float64) float64 {
		x, y := ends(w)
		lower, upper := BetaTails(x, y, a, b)
		if p < 0.5 {
			return math.Log(lower) - math.Log(p)
		}
		return math.Log1p(-p) - math.Log(upper)
	}
	w, ok := root.Increasing(f, math.Log(a/b), 0.5)
	if !ok {
		return math.NaN(), math.NaN()
	}
	return ends(w)
}

// betaSeries is Σ (a+b)(a+b+1)…(a+b+k−1) / ((b+1)…(b+k)) · yᵏ, the factor of
// the front in I_y(b, a)·b.
func betaSeries(y, a, b float64) float64 {
	sum, term := 1.0, 1.0
	for k := 0.0; k < 1e6; k++ {
		term *= y * (a + b + k) / (b + 1 + k)
		sum += term
		if term <= 1e-17*sum {
			break
		}
	}
	return sum
}

// betaFraction evaluates the continued fraction of the incomplete beta.
func betaFraction(x, a, b float64) float64 {
	const tiny = 1e-300
	guard := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/guard(1-(a+b)*x/(a+1))
	h := d
	for m := 1.0; m < 1e6; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / guard(1+even*d)
		c = guard(1 + even/c)
		h *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / guard(1+odd*d)
		c = guard(1 + odd/c)
		step := d * c
		h *= step
		if math.Abs(step-1) < 1e-16 {
			break
		}
	}
	return h
}

// StirlingError is log Γ(z) − [(z − ½) log z − z + ½ log 2π].
func StirlingError(z float64) float64 {
	if z < 16 {
		lg, _ := math.Lgamma(z)
		return lg - (z-0.5)*math.Log(z) + z - halfLog2Pi
	}
	w := 1 / (z * z)
	return (1.0/12 - w*(1.0/360-w*(1.0/1260-w*(1.0/1680-w*(1.0/1188-w*691.0/360360))))) / z
}

// devianceTerm is x log(x/m) + m − x, accurate where x is close to m
// (Loader 2000).
func devianceTerm(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	s := (x - m) * v
	term := 2 * x * v
	for j := 3.0; j < 1000; j += 2 {
		term *= v * v
		next := s + term/j
		if next == s {
			break
		}
		s = next
	}
	return s
}
