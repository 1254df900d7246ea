package dist

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// NormalCDF is the standard normal distribution function Φ(x). The rounding of
// x/√2, which erfc magnifies in the far tail, is corrected to first order.
func NormalCDF(x float64) float64 {
	const high = math.Sqrt2 / 2
	const low = -4.833646656726457e-17 // 1/√2 − high
	z := -x * high
	p := 0.5 * math.Erfc(z)
	if z > 2 && z < 28 {
		lost := math.FMA(-x, high, -z) - x*low
		p -= p * math.Expm1(2*z*lost)
	}
	return p
}

// NormalDensity is the standard normal density φ(x).
func NormalDensity(x float64) float64 {
	return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
}

// NormalTwoSided is the two-sided p-value of a standard normal z.
func NormalTwoSided(z float64) float64 { return math.Min(1, 2*NormalCDF(-math.Abs(z))) }

// NormalQuantile is Φ⁻¹(p) for 0 < p < 1.
func NormalQuantile(p float64) float64 { return mathext.NormalQuantile(p) }

// NormalCritical is the two-sided critical value at a level.
func NormalCritical(level float64) float64 { return -NormalQuantile((1 - level) / 2) }

// inverseMills is φ(x)/Φ(x), by its asymptotic series where both underflow.
func inverseMills(x float64) float64 {
	if x < -30 {
		w := 1 / (x * x)
		return -x / (1 - w*(1-3*w*(1-5*w)))
	}
	return NormalDensity(x) / NormalCDF(x)
}

// ChiSquareTail is P(X > x) of χ² with df degrees of freedom.
func ChiSquareTail(x, df float64) float64 {
	if x <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(df/2, x/2)
}
