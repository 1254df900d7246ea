package power_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tidemark/analysis"
	"tidemark/analysis/power"
)

func value(t interface {
	Helper()
	Fatalf(string, ...any)
}, e analysis.Estimate) float64 {
	t.Helper()
	if !e.OK() {
		t.Fatalf("got %v, want a number", e)
	}
	return e.Value
}

func near(t interface {
	Helper()
	Fatalf(string, ...any)
}, what string, got, want, rel float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func designs() *rapid.Generator[power.Design] {
	return rapid.SampledFrom([]power.Design{
		power.OneSample, power.Paired, power.TwoSample, power.ChangeScore, power.Ancova,
	})
}

// tests draws tests that people plan.
func tests() *rapid.Generator[power.Test] {
	cheap := rapid.SampledFrom([]power.Design{power.OneSample, power.Paired, power.TwoSample, power.ChangeScore})
	design := rapid.OneOf(cheap, cheap, cheap, designs()) // ANCOVA takes an integral
	return rapid.Custom(func(t *rapid.T) power.Test {
		return power.Test{
			Design:   design.Draw(t, "design"),
			Effect:   rapid.Float64Range(0.1, 1.5).Draw(t, "effect"),
			R:        rapid.Float64Range(-0.5, 0.9).Draw(t, "r"),
			Ratio:    rapid.SampledFrom([]float64{0, 1, 0.5, 2}).Draw(t, "ratio"),
			Alpha:    rapid.SampledFrom([]float64{0, 0.01, 0.1}).Draw(t, "alpha"),
			OneSided: rapid.Bool().Draw(t, "one-sided"),
		}
	})
}

// Expected values by numerical integration in R 4.2 (pt with ncp, dt, dchisq).
func TestPowerAgreesWithNumericalIntegration(t *testing.T) {
	t.Parallel()
	ancova := power.Test{Design: power.Ancova, Effect: 0.5, R: 0.6}
	near(t, "ANCOVA", value(t, ancova.Power(40)), 0.782962842581, 1e-9)
	near(t, "ANCOVA, unequal", value(t, ancova.PowerUnequal(40, 25)), 0.667918018866, 1e-9)
	few := power.Test{Design: power.Ancova, Effect: 2, R: 0.5}
	near(t, "ANCOVA of seven", value(t, few.PowerUnequal(3, 4)), 0.545811758128, 1e-8)
	near(t, "ANCOVA, effect", value(t, ancova.Detectable(40, 0.8)), 0.5108338556, 1e-8)
	near(t, "two arms, unequal", value(t, power.Test{Design: power.TwoSample, Effect: 0.6}.PowerUnequal(40, 20)), 0.577149574557, 1e-9)

	pairs := power.Equivalence{Design: power.Paired, Low: -0.3, High: 0.3}
	near(t, "TOST", value(t, pairs.Power(100)), 0.817975007469, 1e-9)
	pairs = power.Equivalence{Design: power.Paired, Low: -0.6, High: 0.6, Effect: 0.1}
	near(t, "TOST off centre", value(t, pairs.Power(30)), 0.830283686682, 1e-9)
	arms := power.Equivalence{Design: power.TwoSample, Low: -0.6, High: 0.6, Effect: 0.1}
	near(t, "TOST of arms", value(t, arms.Power(50)), 0.765373385502, 1e-9)
}

func TestPowerWithoutAnEffectIsAlpha(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		test := tests().Draw(t, "test")
		test.Effect = 0
		alpha := test.Alpha
		if alpha == 0 {
			alpha = power.DefaultAlpha
		}
		near(t, "power", value(t, test.Power(rapid.Float64Range(5, 500).Draw(t, "n"))), alpha, 1e-9)
	})
}

func TestPowerGrowsWithPeopleAndEffect(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		test := tests().Draw(t, "test")
		n := rapid.Float64Range(5, 60).Draw(t, "n")
		base := value(t, test.Power(n))
		if more := value(t, test.Power(n*1.5)); more < base {
			t.Fatalf("power falls from %v to %v with more people", base, more)
		}
		larger := test
		larger.Effect *= 1.3
		if more := value(t, larger.Power(n)); more < base {
			t.Fatalf("power falls from %v to %v with a larger effect", base, more)
		}
	})
}

func TestRequiredPeopleAreTheFewestThatReachThePower(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		test := tests().Draw(t, "test")
		target := rapid.Float64Range(0.3, 0.98).Draw(t, "power")
		s := test.SampleSize(target)
		second := float64(s.RequiredSecond)
		got := value(t, test.PowerUnequal(float64(s.Required), second))
		near(t, "power told", value(t, s.Power), got, 1e-12)
		if got < target-1e-9 {
			t.Fatalf("%d people reach %v, not %v", s.Required, got, target)
		}
		exact := value(t, s.Exact)
		if exact > 2.001/math.Min(1, max(test.Ratio, 0.5)) {
			near(t, "power of the fractional n", value(t, test.Power(exact)), target, 1e-9)
		}
		if fewer := s.Required - 1; fewer >= 4 {
			ratio := test.Ratio
			if ratio == 0 || test.Design.Arms() == 1 {
				ratio = 1
			}
			less := value(t, test.PowerUnequal(float64(fewer), math.Ceil(float64(fewer)*ratio)))
			if less >= target {
				t.Fatalf("%d people already reach %v", fewer, less)
			}
		}
	})
}

func TestTheDetectableEffectIsFoundWithThatPower(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		test := tests().Draw(t, "test")
		n := rapid.Float64Range(5, 200).Draw(t, "n")
		target := rapid.Float64Range(0.3, 0.98).Draw(t, "power")
		test.Effect = value(t, test.Detectable(n, target))
		near(t, "power", value(t, test.Power(n)), target, 1e-8)
	})
}

func TestDesignsAgreeWhereTheyAreTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Float64Range(4, 100).Draw(t, "n")
		d := rapid.Float64Range(-1, 1).Draw(t, "d")
		by := func(design power.Design, r float64) float64 {
			return value(t, power.Test{Design: design, Effect: d, R: r}.Power(n))
		}
		near(t, "change at r = ½", by(power.ChangeScore, 0.5), by(power.TwoSample, 0), 1e-12)
		near(t, "pairs", by(power.Paired, 0), by(power.OneSample, 0), 1e-12)
		if n > 30 {
			// Without a correlation the covariate costs a degree of freedom and
			// the imbalance, no more.
			near(t, "ANCOVA at r = 0", by(power.Ancova, 0), by(power.TwoSample, 0), 0.05)
		}
		r := rapid.Float64Range(0, 0.9).Draw(t, "r")
		if ancova, post := by(power.Ancova, r), by(power.TwoSample, 0); r > 0.4 && n > 10 && ancova < post-1e-9 {
			t.Fatalf("adjusting costs power: %v < %v", ancova, post)
		}
	})
}

func TestEquivalenceIsMirroredAndLessLikelyOffCentre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := power.Equivalence{
			Design: rapid.SampledFrom([]power.Design{power.Paired, power.TwoSample, power.ChangeScore}).Draw(t, "design"),
			R:      rapid.Float64Range(-0.5, 0.9).Draw(t, "r"),
			Low:    -0.5, High: 0.5,
			Effect: rapid.Float64Range(0, 0.4).Draw(t, "effect"),
		}
		n := rapid.Float64Range(3, 300).Draw(t, "n")
		got := value(t, e.Power(n))
		e.Effect = -e.Effect
		mirror := value(t, e.Power(n))
		if math.Abs(got-mirror) > 1e-12 {
			t.Fatalf("%v at the effect and %v at its opposite", got, mirror)
		}
		e.Effect = 0
		if centre := value(t, e.Power(n)); centre < got-1e-12 {
			t.Fatalf("%v in the centre is below %v off it", centre, got)
		}
	})
}

func TestEquivalenceAtABoundIsShownWithAlpha(t *testing.T) {
	t.Parallel()
	e := power.Equivalence{Design: power.TwoSample, Low: -1, High: 1, Effect: 1}
	near(t, "power", value(t, e.Power(200)), 0.05, 1e-9)
	if got := e.SampleSize(0.8).Exact; got.Reason != analysis.ReasonPowerUnreachable {
		t.Errorf("got %v for an effect at the bound", got)
	}
}

func TestTrialsCountWhoRemains(t *testing.T) {
	t.Parallel()
	whole := power.Trial{Course: 40, Control: 36, Effect: 0.5, R: 0.5}
	lossy := power.Trial{Course: 50, Control: 45, Attrition: 0.2, Effect: 0.5, R: 0.5}
	a, b := whole.Power(), lossy.Power()
	if a != b {
		t.Errorf("got %+v with losses, want %+v", b, a)
	}
	if got := (power.Trial{Course: 1, Control: 1}).Power().Ancova; got.Reason != analysis.ReasonTooFew2 {
		t.Errorf("got %v for two people", got)
	}
	if e := power.Enrol(80, 0.2); value(t, e) != 100 {
		t.Errorf("got %v people to enrol, want 100", e)
	}
}

func TestNothingThatCannotBePlannedPanics(t *testing.T) {
	t.Parallel()
	rough := rapid.SampledFrom([]float64{
		0, 1, -1, 0.5, 2, 3, 5e-324, 1e-300, 1e300, math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1),
	})
	rapid.Check(t, func(t *rapid.T) {
		test := power.Test{
			Design: rapid.OneOf(designs(), rapid.Just(power.Design("other"))).Draw(t, "design"),
			Effect: rough.Draw(t, "effect"), R: rough.Draw(t, "r"), Ratio: rough.Draw(t, "ratio"),
			Alpha: rough.Draw(t, "alpha"), OneSided: rapid.Bool().Draw(t, "one-sided"),
		}
		n, target := rough.Draw(t, "n"), rough.Draw(t, "power")
		e := power.Equivalence{
			Design: test.Design, Effect: test.Effect, R: test.R, Ratio: test.Ratio, Alpha: test.Alpha,
			Low: rough.Draw(t, "low"), High: rough.Draw(t, "high"),
		}
		trial := power.Trial{
			Course: rapid.IntRange(-2, 6).Draw(t, "course"), Control: rapid.IntRange(-2, 6).Draw(t, "control"),
			Attrition: rough.Draw(t, "attrition"), Effect: test.Effect, R: test.R, Alpha: test.Alpha,
		}.Power()
		size, both := test.SampleSize(target), e.SampleSize(target)
		for i, got := range []analysis.Estimate{
			test.Power(n), test.PowerUnequal(n, target), test.Detectable(n, target),
			size.Exact, size.Power, size.Borm, e.Power(n), both.Exact, both.Power, both.Borm,
			trial.Ancova, trial.ChangeScore, trial.PostOnly, trial.Detectable, trial.Detectable90,
			power.Enrol(trial.Course, n),
		} {
			if got.OK() && !analysis.Finite(got.Value) || !got.OK() && !got.Reason.Valid() {
				t.Fatalf("result %d is %#v", i, got)
			}
		}
	})
}
