package root

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestARootIsFoundFromAnyGuess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Float64Range(-1e3, 1e3).Draw(t, "root")
		guess := rapid.Float64Range(-1e6, 1e6).Draw(t, "guess")
		step := rapid.Float64Range(1e-3, 1e3).Draw(t, "step")
		got, ok := Increasing(func(x float64) float64 { return (x - want) * (1 + (x-want)*(x-want)) }, guess, step)
		if !ok || math.Abs(got-want) > 4*0x1p-52*math.Abs(want)+1e-290 {
			t.Fatalf("got %v (%v), want %v", got, ok, want)
		}
	})
}

func TestWithoutARootNothingIsFound(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func(float64) float64{
		"above zero":   func(x float64) float64 { return 1 + math.Exp(x) },
		"not a number": func(float64) float64 { return math.NaN() },
		"ends early":   func(x float64) float64 { return math.Log(x - 5) },
	} {
		if x, ok := Increasing(f, 1, 1); ok {
			t.Errorf("%s: got %v", name, x)
		}
	}
	if x, ok := Increasing(func(x float64) float64 { return x }, math.Inf(1), 1); ok {
		t.Errorf("guess without bound: got %v", x)
	}
}

func TestInfiniteValuesForceBisection(t *testing.T) {
	t.Parallel()
	f := func(x float64) float64 {
		if x > 4 {
			return math.Inf(1)
		}
		return x - math.Pi
	}
	if got := Brent(f, 0, f(0), 1e9, f(1e9)); math.Abs(got-math.Pi) > 1e-15 {
		t.Errorf("got %v, want π", got)
	}
}
