package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The reference suite "distributions" holds the values; here are the
// properties between functions.

func within(t interface {
	Helper()
	Fatalf(string, ...any)
}, what string, got, want, rel float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func TestNoncentralTQuantileInvertsTheDistribution(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df := rapid.Float64Range(1, 5000).Draw(t, "df")
		ncp := rapid.Float64Range(-60, 60).Draw(t, "ncp")
		p := rapid.Float64Range(1e-6, 1-1e-6).Draw(t, "p")
		q := noncentralTQuantile(p, df, ncp)
		lower, upper := noncentralT(q, df, ncp)
		within(t, "lower tail", lower, p, 1e-9)
		within(t, "upper tail", upper, 1-p, 1e-9)
	})
}

func TestNoncentralityInvertsTheDistribution(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df := rapid.Float64Range(1, 5000).Draw(t, "df")
		observed := rapid.OneOf(rapid.Float64Range(-30, 30), rapid.Float64Range(-4000, 4000)).Draw(t, "t")
		p := rapid.Float64Range(0.001, 0.999).Draw(t, "p")
		lower, _ := noncentralT(observed, df, noncentrality(observed, df, p))
		within(t, "lower tail", lower, p, 1e-8)
	})
}

func TestBothFormsOfTheNoncentralTAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df := rapid.Float64Range(1, 60).Draw(t, "df")
		ncp := rapid.Float64Range(30, 150).Draw(t, "ncp")
		x := ncp * rapid.Float64Range(0.7, 1.6).Draw(t, "ratio")
		for _, sign := range []float64{1, -1} {
			s, z := noncentralOverS(x, df, ncp, sign), noncentralOverZ(x, df, ncp, sign)
			if s > 1e-12 {
				within(t, "expectation over Z", z, s, 1e-10)
			}
		}
	})
}

func TestStudentQuantileInvertsTheTail(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df := math.Exp(rapid.Float64Range(0, 16).Draw(t, "log df"))
		p := math.Exp(rapid.Float64Range(-60, -0.7).Draw(t, "log p"))
		within(t, "tail", studentTail(-studentQuantile(p, df), df), p, 1e-11)
	})
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

func TestFisherQuantileInvertsTheDistribution(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df1, df2 := rapid.Float64Range(1, 3000).Draw(t, "df1"), rapid.Float64Range(1, 3000).Draw(t, "df2")
		p := rapid.Float64Range(0.001, 0.999).Draw(t, "p")
		lower, upper := fisherTails(fisherQuantile(p, df1, df2), df1, df2)
		within(t, "lower tail", lower, p, 1e-10)
		within(t, "upper tail", upper, 1-p, 1e-10)
	})
}

func TestFisherWithOneNumeratorDegreeIsSquaredStudent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df, x := rapid.Float64Range(1, 500).Draw(t, "df"), rapid.Float64Range(0.01, 30).Draw(t, "t")
		_, upper := fisherTails(x*x, 1, df)
		within(t, "tail", upper, studentTwoSided(x, df), 1e-11)
	})
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
