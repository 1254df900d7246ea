package power

import (
	"math"

	"tidemark/analysis"
	"tidemark/analysis/internal/root"
)

// largest is the number of people per arm beyond which nobody plans.
const largest = 1e8

// slack is how many people the fractional and the whole n may differ by.
const slack = 100

// Size is a number of people that reaches a power.
type Size struct {
	// Exact is the fractional n (per arm, of the first arm) with exactly the
	// power asked for, at least 2.
	Exact analysis.Estimate
	// Required is the smallest whole n that reaches it, RequiredSecond the
	// people in the second arm that go with it (0 for designs with one arm),
	// and Power what they reach. Required is 0 where Exact does not exist.
	Required, RequiredSecond int
	Power                    analysis.Estimate
	// Borm is, for Ancova, the approximate n of Borm, Fransen & Lemmens (2007):
	// 1 − R² times that of a t test without the score before.
	Borm analysis.Estimate
}

// SampleSize finds how many people reach a power between 0 and 1.
//
// Not estimable: options or a power out of range (invalid_option); an effect of
// zero, or one so small that more than 10⁸ people were needed
// (power_unreachable).
func (t Test) SampleSize(power float64) Size {
	t = t.withDefaults()
	s := t.size(power)
	if t.Design != Ancova {
		s.Borm = analysis.Unknown(analysis.ReasonInvalidOption)
		return s
	}
	plain := t
	plain.Design = TwoSample
	without := plain.size(power).Exact
	s.Borm = analysis.KnownUnless(analysis.FirstReason(t.fault(), without.Reason), without.Value*(1-t.R)*(1+t.R))
	return s
}

func (t Test) size(power float64) Size {
	power1 := func(n float64) analysis.Estimate { return t.unequal(n, n*t.Ratio) }
	whole := func(n int) analysis.Estimate { return t.unequal(float64(n), float64(t.second(n))) }
	s := search(power, t.fault(), t.smallest(), power1, whole)
	if s.Required > 0 && t.Design.Arms() == 2 {
		s.RequiredSecond = t.second(s.Required)
	}
	return s
}

// smallest is the least n of the first arm that leaves both arms two people.
func (t Test) smallest() float64 {
	return math.Max(2, 2/t.Ratio)
}

// second is the whole size of the second arm.
func (t Test) second(n int) int {
	return int(math.Ceil(float64(n)*t.Ratio - 1e-9))
}

// search finds the fractional and the whole n at which a power that grows with
// n reaches a target.
func search(target float64, why analysis.Reason, smallest float64, power func(float64) analysis.Estimate, whole func(int) analysis.Estimate) Size {
	if !(target > 0 && target < 1) {
		why = analysis.FirstReason(why, analysis.ReasonInvalidOption)
	}
	if why == "" {
		why = unreachable(target, power(largest))
	}
	if why != "" {
		return Size{Exact: analysis.Unknown(why), Power: analysis.Unknown(why)}
	}
	gap := func(logN float64) float64 { return power(math.Exp(logN)).Value - target }
	low, high := math.Log(smallest), math.Log(largest)
	exact := smallest
	if from := gap(low); from < 0 {
		exact = math.Exp(root.Brent(gap, low, from, high, gap(high)))
	}
	// Whole people in the second arm make the power of whole numbers differ a
	// little from the curve.
	least := int(math.Ceil(smallest))
	n := max(least, int(math.Ceil(exact-1e-9)))
	for last := n + slack; !reaches(whole(n), target); n++ {
		if n == last {
			none := analysis.Unknown(analysis.ReasonNotConverged)
			return Size{Exact: none, Power: none}
		}
	}
	for first := max(least, n-slack); n > first && reaches(whole(n-1), target); n-- {
	}
	return Size{Exact: analysis.Known(exact), Required: n, Power: whole(n)}
}

// reaches allows for the rounding of a power that is met exactly.
func reaches(power analysis.Estimate, target float64) bool {
	return power.Value >= target*(1-1e-12)
}

// unreachable returns the reason why not even the largest sample has the power.
func unreachable(target float64, most analysis.Estimate) analysis.Reason {
	if !most.OK() {
		return most.Reason
	}
	if !reaches(most, target) {
		return analysis.ReasonPowerUnreachable
	}
	return ""
}

// Detectable is the smallest effect above 0 that n people per arm find with a
// power above Alpha and below 1; Effect is ignored.
//
// Not estimable: as Power; a power that is not above Alpha (invalid_option).
func (t Test) Detectable(n, power float64) analysis.Estimate {
	t = t.withDefaults()
	return t.detectable(n, n*t.Ratio, power)
}

func (t Test) detectable(nx, ny, power float64) analysis.Estimate {
	t.Effect = 0
	none := t.unequal(nx, ny)
	if !none.OK() {
		return none
	}
	if !(power > t.Alpha && power < 1) {
		return analysis.Unknown(analysis.ReasonInvalidOption)
	}
	at := func(effect float64) float64 {
		t.Effect = effect
		return t.unequal(nx, ny).Value - power
	}
	m, _ := t.Design.information(nx, ny)
	step := 1 / math.Sqrt(m) / t.Design.unit(t.R)
	low, high := 0.0, step
	for at(high) < 0 {
		low, high = high, 2*high
		if !analysis.Finite(high) {
			return analysis.Unknown(analysis.ReasonNotConverged)
		}
	}
	return analysis.Known(root.Brent(at, low, at(low), high, at(high)))
}

// Enrol is how many people to take in so that n remain after a share of them is
// lost, 0 ≤ attrition < 1: n/(1 − attrition), rounded up.
//
// Not estimable: anything else (invalid_option).
func Enrol(n int, attrition float64) analysis.Estimate {
	if n < 0 || !(attrition >= 0 && attrition < 1) {
		return analysis.Unknown(analysis.ReasonInvalidOption)
	}
	return analysis.Known(math.Ceil(float64(n)/(1-attrition) - 1e-9))
}
