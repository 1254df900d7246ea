package dist

import (
	"math"

	"tidemark/analysis/internal/root"
)

// quadratureDF is where the continued fraction of the beta function begins to
// lose digits to its many steps; above it the tail is E Φ(−tS) by quadrature.
const quadratureDF = 200

// StudentTail is P(T > t) of Student's t with df degrees of freedom.
func StudentTail(t, df float64) float64 {
	if t < 0 {
		return 1 - StudentTail(-t, df)
	}
	if df > quadratureDF && t > 2 {
		return noncentralOverS(t, df, 0, -1)
	}
	x, y := studentBeta(t, df)
	if x < 1e-280 { // it may have underflowed, which a small df does not forgive
		return farStudentTail(t, df)
	}
	lower, _ := BetaTails(x, y, df/2, 0.5)
	return lower / 2
}

// farStudentTail is the first term of the series of the tail in x = df/t²,
// x^a Γ(a + ½)/(2 Γ(a + 1) Γ(½)) with a = df/2, next to which the others vanish.
func farStudentTail(t, df float64) float64 {
	a := df / 2
	above, _ := math.Lgamma(a + 0.5)
	below, _ := math.Lgamma(a + 1)
	return 0.5 * math.Exp(a*(math.Log(df)-2*math.Log(t))+above-below-math.Log(math.Pi)/2)
}

// StudentTwoSided is P(|T| > |t|).
func StudentTwoSided(t, df float64) float64 {
	return math.Min(1, 2*StudentTail(math.Abs(t), df))
}

// studentBeta maps t to the arguments of the incomplete beta function.
func studentBeta(t, df float64) (x, y float64) {
	q := t / math.Sqrt(df)
	if math.Abs(q) > 1e150 {
		return 1 / q / q, 1
	}
	return 1 / (1 + q*q), q * q / (1 + q*q)
}

// StudentQuantile is the t with P(T ≤ t) = p, for 0 < p < 1.
func StudentQuantile(p, df float64) float64 {
	switch {
	case p == 0.5:
		return 0
	case p > 0.5:
		return -StudentQuantile(1-p, df)
	}
	var f func(w float64) float64
	if p > 0.25 { // the centre, where the tail says little about t
		f = func(w float64) float64 {
			x, y := studentBeta(math.Exp(w), df)
			_, centre := BetaTails(x, y, df/2, 0.5)
			return math.Log(centre/2) - math.Log(0.5-p)
		}
	} else {
		f = func(w float64) float64 { return math.Log(p) - math.Log(StudentTail(math.Exp(w), df)) }
	}
	w, ok := root.Increasing(f, math.Log(math.Abs(NormalQuantile(p))), 0.25)
	if !ok || w > 709 { // beyond double precision
		return math.NaN()
	}
	return -math.Exp(w)
}

// StudentCritical is the two-sided critical value at a level.
func StudentCritical(level, df float64) float64 { return -StudentQuantile((1-level)/2, df) }

// FisherTails returns P(F ≤ x) and P(F > x) of the F distribution.
func FisherTails(x, df1, df2 float64) (lower, upper float64) {
	if x <= 0 {
		return 0, 1
	}
	num, den := df1*x, df2
	lower, upper = BetaTails(num/(num+den), den/(num+den), df1/2, df2/2)
	return lower, upper
}

// FisherQuantile is the x with P(F ≤ x) = p, for 0 < p < 1. It is NaN if no
// solution is found.
func FisherQuantile(p, df1, df2 float64) float64 {
	f := func(w float64) float64 {
		lower, upper := FisherTails(math.Exp(w), df1, df2)
		if p < 0.5 {
			return math.Log(lower) - math.Log(p)
		}
		return math.Log1p(-p) - math.Log(upper)
	}
	w, ok := root.Increasing(f, 0, 0.5)
	if !ok {
		return math.NaN()
	}
	return math.Exp(w)
}
