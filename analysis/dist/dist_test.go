package dist

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
		q := NoncentralTQuantile(p, df, ncp)
		lower, upper := NoncentralT(q, df, ncp)
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
		lower, _ := NoncentralT(observed, df, Noncentrality(observed, df, p))
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
		within(t, "tail", StudentTail(-StudentQuantile(p, df), df), p, 1e-11)
	})
}

func TestFisherQuantileInvertsTheDistribution(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df1, df2 := rapid.Float64Range(1, 3000).Draw(t, "df1"), rapid.Float64Range(1, 3000).Draw(t, "df2")
		p := rapid.Float64Range(0.001, 0.999).Draw(t, "p")
		lower, upper := FisherTails(FisherQuantile(p, df1, df2), df1, df2)
		within(t, "lower tail", lower, p, 1e-10)
		within(t, "upper tail", upper, 1-p, 1e-10)
	})
}

func TestFisherWithOneNumeratorDegreeIsSquaredStudent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df, x := rapid.Float64Range(1, 500).Draw(t, "df"), rapid.Float64Range(0.01, 30).Draw(t, "t")
		_, upper := FisherTails(x*x, 1, df)
		within(t, "tail", upper, StudentTwoSided(x, df), 1e-11)
	})
}

func TestStudentQuantileInvertsTheTailBelowOneDegreeOfFreedom(t *testing.T) {
	t.Parallel()
	for _, df := range []float64{0.005, 0.02, 0.1, 0.5} {
		for _, p := range []float64{0.3, 0.1, 0.025} {
			q := -StudentQuantile(p, df)
			if got := StudentTail(q, df); !(math.Abs(got-p) < 1e-11*p) {
				t.Errorf("df %v: the tail beyond the quantile %v of %v is %v", df, q, p, got)
			}
		}
	}
	if q := StudentQuantile(0.025, 0.001); !math.IsNaN(q) {
		t.Errorf("df 0.001: got quantile %v, want none in double precision", q)
	}
}

func TestNoncentralChiSquareAgreesWithTheNormal(t *testing.T) {
	t.Parallel()
	// With one degree of freedom X is (Z + √ncp)².
	for _, ncp := range []float64{0, 0.3, 4, 60, 900} {
		for _, x := range []float64{0.1, 2, 30, 700, 1100} {
			root, shift := math.Sqrt(x), math.Sqrt(ncp)
			wantUpper := NormalCDF(shift-root) + NormalCDF(-root-shift)
			_, upper := NoncentralChiSquare(x, 1, ncp)
			if math.Abs(upper-wantUpper) > 1e-10*wantUpper {
				t.Errorf("ncp %v, x %v: got upper tail %v, want %v", ncp, x, upper, wantUpper)
			}
		}
	}
}

func TestChiSquareNoncentralityInvertsTheDistribution(t *testing.T) {
	t.Parallel()
	for _, df := range []float64{1, 5, 54} {
		for _, x := range []float64{3, 60, 360, 5000} {
			for _, p := range []float64{0.95, 0.05} {
				ncp := ChiSquareNoncentrality(x, df, p)
				lower, _ := NoncentralChiSquare(x, df, ncp)
				central, _ := NoncentralChiSquare(x, df, 0)
				if ncp == 0 && central <= p {
					continue
				}
				if math.Abs(lower-p) > 1e-10 {
					t.Errorf("df %v, x %v: P = %v at ncp %v, want %v", df, x, lower, ncp, p)
				}
			}
		}
	}
}
