package analysis

import (
	"math"
	"testing"
)

func within(t interface {
	Helper()
	Fatalf(string, ...any)
}, what string, got, want, rel float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// Two-sided points of Student's t as in Pearson and Hartley, Biometrika Tables
// for Statisticians, vol. 1, table 12.
func TestCriticalTAgreesWithPrintedTables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ level, df, want float64 }{
		{0.95, 1, 12.706}, {0.95, 9, 2.262}, {0.95, 30, 2.042}, {0.95, 120, 1.980}, {0.99, 10, 3.169}, {0.90, 5, 2.015},
	} {
		if got := CriticalT(c.level, c.df); math.Abs(got-c.want) > 0.0005 {
			t.Errorf("CriticalT(%v, %v) = %v, want %v", c.level, c.df, got, c.want)
		}
	}
	for _, c := range [][2]float64{{0, 5}, {1, 5}, {0.95, 0}, {math.NaN(), 5}, {0.95, math.NaN()}} {
		if got := CriticalT(c[0], c[1]); !math.IsNaN(got) {
			t.Errorf("CriticalT(%v, %v) = %v, want NaN", c[0], c[1], got)
		}
	}
}

// d_z = 0.286679653131 from a million pairs: R's pt has only absolute accuracy
// here, the true interval ends were computed by quadrature.
func TestNoncentralTIntervalAtAMillionPairs(t *testing.T) {
	t.Parallel()
	v := noncentralityInterval(286.679653131, 999999, 0.95).scaled(1e-3)
	within(t, "low", v.Low, 0.284679755519, 1e-11)
	within(t, "high", v.High, 0.288679412762, 1e-11)
}

func TestHedgesCorrectionApproachesItsApproximation(t *testing.T) {
	t.Parallel()
	within(t, "J(2)", hedgesExact(2), 1/math.Sqrt(math.Pi), 1e-14)
	within(t, "J(10⁶)", hedgesExact(1e6), hedgesApprox(1e6), 1e-12)
	within(t, "J(9)", hedgesExact(9), 0.9138748917925525, 1e-14)
}
