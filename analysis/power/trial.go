package power

import (
	"math"

	"tidemark/analysis"
)

// Trial is a two-arm study with a measurement before and after.
type Trial struct {
	// Course and Control are the people who enrol in each arm.
	Course, Control int
	// Attrition is the share of each arm that is lost, 0 ≤ Attrition < 1.
	Attrition float64
	// Effect is the expected difference between the arms after the course, in
	// SDs within an arm.
	Effect float64
	// R is the correlation of the scores before and after, between −1 and 1.
	R float64
	// Alpha is the two-sided significance level; 0 means DefaultAlpha.
	Alpha float64
}

// TrialPower is what a trial could find, by three ways to analyse it.
type TrialPower struct {
	// Course and Control are the people left at the end, rounded down.
	Course, Control int
	// Ancova, ChangeScore and PostOnly are the powers of the three analyses.
	Ancova, ChangeScore, PostOnly analysis.Estimate
	// Detectable is the smallest effect that ANCOVA finds with 80 % power,
	// Detectable90 with 90 %.
	Detectable, Detectable90 analysis.Estimate
}

// Power computes what the trial could find. Adjusting for the score before is
// never much worse and usually better than the other two (Vickers & Altman
// 2001): the change score beats PostOnly only for R above ½.
//
// Not estimable: attrition or other numbers out of range (invalid_option); too
// few people left for a degree of freedom (n_lt_2).
func (t Trial) Power() TrialPower {
	if !(t.Attrition >= 0 && t.Attrition < 1) || t.Course < 0 || t.Control < 0 {
		e := analysis.Unknown(analysis.ReasonInvalidOption)
		return TrialPower{Ancova: e, ChangeScore: e, PostOnly: e, Detectable: e, Detectable90: e}
	}
	left := func(n int) int { return int(math.Floor(float64(n)*(1-t.Attrition) + 1e-9)) }
	p := TrialPower{Course: left(t.Course), Control: left(t.Control)}
	nx, ny := float64(p.Course), float64(p.Control)
	by := func(d Design) Test {
		return Test{Design: d, Effect: t.Effect, R: t.R, Alpha: t.Alpha}.withDefaults()
	}
	p.Ancova = by(Ancova).unequal(nx, ny)
	p.ChangeScore = by(ChangeScore).unequal(nx, ny)
	p.PostOnly = by(TwoSample).unequal(nx, ny)
	p.Detectable = by(Ancova).detectable(nx, ny, 0.8)
	p.Detectable90 = by(Ancova).detectable(nx, ny, 0.9)
	return p
}

// Point is one point of a power curve.
type Point struct {
	// N counts the people in the first arm.
	N     int
	Power analysis.Estimate
}

// Curve is the power for every n given, for a figure.
func (t Test) Curve(n []int) []Point {
	t = t.withDefaults()
	out := make([]Point, len(n))
	for i, v := range n {
		out[i] = Point{N: v, Power: t.unequal(float64(v), float64(t.second(v)))}
	}
	return out
}
