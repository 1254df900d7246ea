package analysis

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// ratings draws people × columns in halves, with missing values.
func ratings(t *rapid.T) [][]float64 {
	n := rapid.IntRange(0, 12).Draw(t, "people")
	value := rapid.Custom(func(t *rapid.T) float64 {
		if rapid.IntRange(0, 19).Draw(t, "missing") == 0 {
			return math.NaN()
		}
		return float64(rapid.IntRange(0, 12).Draw(t, "halves")) / 2
	})
	return rapid.SliceOfN(rapid.SliceOfN(value, n, n), 2, 5).Draw(t, "columns")
}

// iccWithin compares two results of the same data in other units: the mean
// squares of b are those of a times squared units.
func iccWithin(t *rapid.T, what string, b, a ICCResult, unit float64) {
	for _, e := range []*Estimate{&a.MSBetween, &a.MSOccasion, &a.MSError, &a.MSWithin} {
		e.Value *= unit * unit
	}
	for _, e := range []*Estimate{&a.SEMAgreement, &a.SEMConsistency, &a.SDC95} {
		e.Value *= unit
	}
	diff(t, what, b, a)
}

func TestIntraclassCorrelationsDoNotDependOnOrderOrUnit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := ratings(t)
		want := ICC(columns, 0.9)
		iccWithin(t, "columns reversed", ICC(func() [][]float64 {
			c := slices.Clone(columns)
			slices.Reverse(c)
			return c
		}(), 0.9), want, 1)
		unit := math.Ldexp(1, rapid.IntRange(-12, 12).Draw(t, "power"))
		var people, scaled, mirror [][]float64
		for _, x := range columns {
			x = slices.Clone(x)
			slices.Reverse(x)
			people = append(people, x)
			scaled = append(scaled, mapped(x, func(v float64) float64 { return (v + 16) * unit }))
			mirror = append(mirror, mapped(x, func(v float64) float64 { return 6 - v }))
		}
		iccWithin(t, "people reversed", ICC(people, 0.9), want, 1)
		iccWithin(t, "shifted and scaled", ICC(scaled, 0.9), want, unit)
		iccWithin(t, "items reverse-keyed", ICC(mirror, 0.9), want, 1)
	})
}

func TestConsistencyOfTheMeanIsAlpha(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := ratings(t)
		icc, alpha := ICC(columns, 0.95), Alpha(columns, AlphaOptions{})
		if !icc.ConsistencyMean.Value.OK() || len(alpha.Dropped) > 0 || !alpha.Alpha.OK() {
			return
		}
		diff(t, "coefficient", icc.ConsistencyMean.Value, alpha.Alpha)
		diff(t, "interval", icc.ConsistencyMean.CI, alpha.Feldt)
	})
}

func TestAgreementTakesAShiftOfOneOccasionAsError(t *testing.T) {
	t.Parallel()
	x := []float64{1, 2, 4, 5, 7}
	y := mapped(x, func(v float64) float64 { return v + 0.1 }) // a constant change, up to rounding
	r := ICC([][]float64{x, y}, 0.95)
	if got := r.Consistency.Value; !got.OK() || got.Value != 1 {
		t.Errorf("consistency: got %v, want 1", got)
	}
	if got := r.Consistency.F.Reason; got != ReasonNoErrorVariance {
		t.Errorf("F of consistency: got reason %q, want %q", got, ReasonNoErrorVariance)
	}
	if got := r.Agreement.Value.Value; !(got < 1 && got > 0.99) {
		t.Errorf("agreement: got %v, want a little below 1", got)
	}
	if !r.OneWay.P.OK() {
		t.Errorf("one-way: got %v, want a p-value", r.OneWay.P)
	}
}

func TestNoRatingsPanicOrYieldNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.SliceOfN(roughColumn(), 0, 4).Draw(t, "columns")
		check(t, "ICC", ICC(columns, roughLevel().Draw(t, "level")))
		x := roughColumn().Draw(t, "repeated")
		check(t, "ICC", ICC([][]float64{x, slices.Clone(x)}, 0.95))
	})
}
