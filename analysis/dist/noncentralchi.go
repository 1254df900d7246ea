package dist

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"tidemark/analysis/internal/root"
)

// NoncentralChiSquare returns P(X ≤ x) and P(X > x) of χ² with df degrees of
// freedom and noncentrality ncp: the mean of central probabilities with
// df + 2j degrees of freedom, j being Poisson with mean ncp/2 (Johnson, Kotz &
// Balakrishnan 1995, ch. 29), summed outwards from the largest terms.
func NoncentralChiSquare(x, df, ncp float64) (lower, upper float64) {
	switch {
	case x <= 0:
		return 0, 1
	case ncp <= 0:
		return mathext.GammaIncReg(df/2, x/2), mathext.GammaIncRegComp(df/2, x/2)
	}
	half := ncp / 2
	weight := func(j float64) float64 {
		lg, _ := math.Lgamma(j + 1)
		return math.Exp(j*math.Log(half) - half - lg)
	}
	lower = poissonMean(half, weight, func(j float64) float64 { return mathext.GammaIncReg(df/2+j, x/2) })
	upper = poissonMean(half, weight, func(j float64) float64 { return mathext.GammaIncRegComp(df/2+j, x/2) })
	return math.Min(1, lower), math.Min(1, upper)
}

// poissonMean sums weight·tail over all j. The product has one mode, which for
// far tails lies away from that of the weights; the sum climbs to it and goes
// on until the terms no longer count.
func poissonMean(around float64, weight, tail func(float64) float64) float64 {
	start := math.Floor(around)
	sum := weight(start) * tail(start)
	for _, step := range []float64{1, -1} {
		last := 0.0
		for j := start + step; j >= 0; j += step {
			term := weight(j) * tail(j)
			sum += term
			if term <= last && term <= 1e-18*sum || term == 0 && last == 0 && math.Abs(j-start) > 40*math.Sqrt(around+1) {
				break
			}
			last = term
		}
	}
	return sum
}

// ChiSquareNoncentrality is the ncp with P(X ≤ x) = p, and 0 where even the
// central distribution has no more than p below x.
func ChiSquareNoncentrality(x, df, p float64) float64 {
	f := func(ncp float64) float64 {
		lower, upper := NoncentralChiSquare(x, df, ncp)
		if p < 0.5 {
			return math.Log(p) - math.Log(lower)
		}
		return math.Log(upper) - math.Log1p(-p)
	}
	if !(f(0) < 0) {
		return 0
	}
	ncp, ok := root.Increasing(func(v float64) float64 { return f(math.Max(0, v)) }, math.Max(x-df, 0), 1+math.Sqrt(x))
	if !ok {
		return math.NaN()
	}
	return math.Max(0, ncp)
}
