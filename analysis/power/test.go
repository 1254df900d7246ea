package power

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"tidemark/analysis"
	"tidemark/analysis/dist"
)

// DefaultAlpha is the significance level used where Alpha is zero.
const DefaultAlpha = 0.05

// Test is a t test or ANCOVA that is to be planned.
type Test struct {
	Design Design
	// Effect is the standardised difference to be found, in the unit that the
	// design names.
	Effect float64
	// R is the correlation of the scores before and after, between −1 and 1,
	// for ChangeScore and Ancova; other designs ignore it.
	R float64
	// Ratio is the size of the second arm (control) divided by that of the
	// first; 0 means 1. Designs with one arm ignore it.
	Ratio float64
	// Alpha is the significance level, between 0 and 1; 0 means DefaultAlpha.
	Alpha float64
	// OneSided tests only for effects above 0.
	OneSided bool
}

// withDefaults fills in what is zero.
func (t Test) withDefaults() Test {
	if t.Alpha == 0 {
		t.Alpha = DefaultAlpha
	}
	if t.Ratio == 0 || t.Design.Arms() == 1 {
		t.Ratio = 1
	}
	return t
}

// fault returns why the test cannot be planned, or "".
func (t Test) fault() analysis.Reason {
	usable := t.Design.Valid() && analysis.Finite(t.Effect) && t.Alpha > 0 && t.Alpha < 1 &&
		t.Ratio >= 1e-6 && t.Ratio <= 1e6
	if t.Design == ChangeScore || t.Design == Ancova {
		usable = usable && t.R > -1 && t.R < 1
	}
	if !usable {
		return analysis.ReasonInvalidOption
	}
	return ""
}

// Power is the chance, from 0 to 1, that the test is significant with n people
// (in the first arm, and n·Ratio in the second), by the exact noncentral t
// distribution. n may be fractional, as it is on a curve.
//
// For Ancova the chance is averaged over the differences between the arms
// before the course that allocation by lot brings about, for normal scores
// (Shieh 2020).
//
// Not estimable: n below 2, or too few for a degree of freedom (n_lt_2);
// options out of range (invalid_option).
func (t Test) Power(n float64) analysis.Estimate {
	t = t.withDefaults()
	return t.unequal(n, n*t.Ratio)
}

// PowerUnequal is Power with the sizes of both arms given. Designs with one arm
// take the first.
//
// Not estimable: as Power.
func (t Test) PowerUnequal(first, second float64) analysis.Estimate {
	return t.withDefaults().unequal(first, second)
}

func (t Test) unequal(nx, ny float64) analysis.Estimate {
	if t.Design.Arms() == 1 {
		ny = nx
	}
	why := t.fault()
	if why == "" && !(nx <= largest*1e6 && ny <= largest*1e6) { // also NaN
		why = analysis.ReasonInvalidOption
	}
	m, df := t.Design.information(nx, ny)
	if why == "" && (nx < 1 || ny < 1 || df <= 0) {
		why = analysis.ReasonTooFew2
	}
	if why != "" {
		return analysis.Unknown(why)
	}
	ncp := t.Effect * t.Design.unit(t.R) * math.Sqrt(m)
	if t.Design == Ancova {
		return analysis.Known(t.overImbalance(ncp, df))
	}
	return analysis.Known(t.significant(ncp, df))
}

// significant is P(|T| > t crit), or P(T > t crit) for one-sided tests.
func (t Test) significant(ncp, df float64) float64 {
	return t.beyond(t.critical(df), ncp, df)
}

// critical is the t from which the test is significant.
func (t Test) critical(df float64) float64 {
	if t.OneSided {
		return -dist.StudentQuantile(t.Alpha, df)
	}
	return -dist.StudentQuantile(t.Alpha/2, df)
}

func (t Test) beyond(critical, ncp, df float64) float64 {
	_, upper := dist.NoncentralT(critical, df, ncp)
	if t.OneSided {
		return upper
	}
	lower, _ := dist.NoncentralT(-critical, df, ncp)
	return math.Min(1, upper+lower)
}

// overImbalance averages over the t statistic b of the difference before the
// course, which has df + 1 degrees of freedom and takes the share b²/(b² + df +
// 1) from the information about the arms. With tan θ = b/√(df + 1) the share is
// sin²θ and the density is proportional to cosθ to the power df.
func (t Test) overImbalance(ncp, df float64) float64 {
	const nodes = 32
	// Beyond 7.5 SDs, and never beyond π/2, the density is nothing.
	edge := math.Min(math.Pi/2, 7.5/math.Sqrt(df))
	critical := t.critical(df)
	weight := func(theta float64) float64 { return math.Exp(df / 2 * math.Log1p(-math.Sin(theta)*math.Sin(theta))) }
	weighted := func(theta float64) float64 {
		w := weight(theta)
		if w < 1e-16 {
			return 0
		}
		return w * t.beyond(critical, ncp*math.Cos(theta), df)
	}
	total := quad.Fixed(weight, 0, edge, nodes, quad.Legendre{}, 0)
	return math.Min(1, quad.Fixed(weighted, 0, edge, nodes, quad.Legendre{}, 0)/total)
}
