package power

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"tidemark/analysis"
	"tidemark/analysis/dist"
)

// Equivalence is a pair of one-sided tests (TOST, Schuirmann 1987) that is to
// be planned. Bounds and effect are in the same standardised unit as the effect
// of a Test of that design.
type Equivalence struct {
	// Design is OneSample, Paired, TwoSample or ChangeScore.
	Design Design
	// Low and High are the bounds within which the arms, or the waves, count as
	// equivalent, Low < High.
	Low, High float64
	// Effect is the true effect; equivalence can be shown between the bounds.
	Effect float64
	// R, Ratio and Alpha as in Test; Alpha is that of each of the two tests.
	R, Ratio, Alpha float64
}

// Power is the chance that both tests are significant with n people per arm:
// the integral of Φ(b − ts) − Φ(a + ts) over the distribution of the SD, where
// b and a are the distances of the effect from the bounds in standard errors
// (Owen 1965; Phillips 1990).
//
// Not estimable: as Test.Power.
func (e Equivalence) Power(n float64) analysis.Estimate {
	t := e.test()
	return e.power(t, n, n*t.Ratio)
}

// SampleSize finds how many people reach a power between 0 and 1.
//
// Not estimable: as Test.SampleSize; an effect outside the bounds is
// power_unreachable.
func (e Equivalence) SampleSize(power float64) Size {
	t := e.test()
	fractional := func(n float64) analysis.Estimate { return e.power(t, n, n*t.Ratio) }
	whole := func(n int) analysis.Estimate { return e.power(t, float64(n), float64(t.second(n))) }
	s := search(power, e.fault(t), t.smallest(), fractional, whole)
	if s.Required > 0 && t.Design.Arms() == 2 {
		s.RequiredSecond = t.second(s.Required)
	}
	s.Borm = analysis.Unknown(analysis.ReasonInvalidOption)
	return s
}

func (e Equivalence) test() Test {
	return Test{Design: e.Design, Effect: e.Effect, R: e.R, Ratio: e.Ratio, Alpha: e.Alpha, OneSided: true}.withDefaults()
}

// fault returns why the tests cannot be planned, or "".
func (e Equivalence) fault(t Test) analysis.Reason {
	usable := e.Low < e.High && analysis.Finite(e.Low) && analysis.Finite(e.High) && t.Alpha < 0.5 && t.Design != Ancova
	if !usable {
		return analysis.ReasonInvalidOption
	}
	return t.fault()
}

func (e Equivalence) power(t Test, nx, ny float64) analysis.Estimate {
	one := t.unequal(nx, ny)
	if why := analysis.FirstReason(e.fault(t), one.Reason); why != "" {
		return analysis.Unknown(why)
	}
	m, df := t.Design.information(nx, ny)
	scale := t.Design.unit(t.R) * math.Sqrt(m)
	critical := -dist.StudentQuantile(t.Alpha, df)
	a, b := (e.Low-e.Effect)*scale, (e.High-e.Effect)*scale

	// S = √(χ²/df) lies within 12/√(2 df) of 1; above most both tests cannot
	// be significant.
	most := (b - a) / (2 * critical)
	spread := 12 / math.Sqrt(2*df)
	from, to := math.Max(0, 1-spread), math.Min(most, 1+spread)
	if from >= to {
		return analysis.Known(0)
	}
	front := math.Ln2 + 0.5*math.Log(df/2) - 0.5*math.Log(2*math.Pi) - dist.StirlingError(df/2)
	inside := func(s float64) float64 {
		density := math.Exp(front + (df-1)*math.Log(s) - df/2*(s*s-1))
		return density * (dist.NormalCDF(b-critical*s) - dist.NormalCDF(a+critical*s))
	}
	total := 0.0
	const pieces, nodes = 16, 24
	step := (to - from) / pieces
	for i := range pieces {
		low := from + float64(i)*step
		total += quad.Fixed(inside, low, low+step, nodes, quad.Legendre{}, 0)
	}
	return analysis.Known(math.Max(0, math.Min(1, total)))
}
