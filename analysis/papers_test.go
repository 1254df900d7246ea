package analysis

import (
	"math"
	"testing"
)

// printed checks a number against a table, to half a unit of the last digit
// printed.
func printed(t *testing.T, what string, got Estimate, want float64, digits int) {
	t.Helper()
	if !got.OK() || math.Abs(got.Value-want) > 0.5000001*math.Pow(10, -float64(digits)) {
		t.Errorf("%s: got %v, printed %v", what, got, want)
	}
}

func printedInterval(t *testing.T, what string, got Interval, low, high float64, digits int) {
	t.Helper()
	printed(t, what+" low", got.LowEstimate(), low, digits)
	printed(t, what+" high", got.HighEstimate(), high, digits)
}

// Lakens (2013, doi 10.3389/fpsyg.2013.00863), worked example.
func TestLakens2013(t *testing.T) {
	t.Parallel()
	movie1 := []float64{9, 7, 8, 9, 8, 9, 9, 10, 9, 9}
	movie2 := []float64{9, 6, 7, 8, 7, 9, 8, 8, 8, 7}
	r := PairedT(movie2, movie1, 0.95)
	printed(t, "M1", r.MeanPost, 8.7, 2)
	printed(t, "SD1", r.SDPost, 0.82, 2)
	printed(t, "M2", r.MeanPre, 7.7, 2)
	printed(t, "SD2", r.SDPre, 0.95, 2)
	printed(t, "r", r.R, 0.73, 2)
	printed(t, "t", r.T, 4.74, 2)
	printed(t, "df", r.DF, 9, 0)
	printed(t, "p", r.P, 0.001, 3)
	printedInterval(t, "interval", r.CI, 0.52, 1.48, 2)

	e := PairedEffects(movie2, movie1, 0.95)
	printed(t, "dz", e.Dz, 1.50, 2)
	printed(t, "drm", e.Drm, 1.11, 2)
	printed(t, "dav", e.DavMeanSD, 1.13, 2)
	printed(t, "CL", e.CommonLanguage, 0.93, 2)

	w := WelchT(movie1, movie2, 0.95)
	printed(t, "t between", w.Student.T, 2.52, 2)
	printed(t, "df between", w.Student.DF, 18, 0)
	printed(t, "p between", w.Student.P, 0.022, 3)
	b := IndependentEffects(movie1, movie2, 0.95)
	printed(t, "ds", b.D, 1.13, 2)
	printed(t, "gs", b.G, 1.08, 2)
	// The paper corrects dav with 18 degrees of freedom, not with the 9 of the
	// paired design that Gav uses.
	printed(t, "gav", Known(e.DavMeanSD.Value*b.JApprox.Value), 1.08, 2)
}

// Student (1908): additional hours of sleep with two drugs.
func TestStudent1908(t *testing.T) {
	t.Parallel()
	drug1 := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	drug2 := []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	r := Paired(drug1, drug2, 0.95)
	printed(t, "M1", r.T.MeanPre, 0.75, 2)
	printed(t, "SD1", r.T.SDPre, 1.79, 2)
	printed(t, "M2", r.T.MeanPost, 2.33, 2)
	printed(t, "SD2", r.T.SDPost, 2.00, 2)
	printed(t, "r", r.T.R, 0.795, 3)
	printed(t, "t", r.T.T, 4.0621, 4)
	printed(t, "p", r.T.P, 0.002833, 6)
	printedInterval(t, "interval", r.T.CI, 0.7001, 2.4599, 4)
	printed(t, "dz", r.Effects.Dz, 1.285, 3)
	printed(t, "exact signed-rank p", r.Rank.P, 0.0039, 4)
	printed(t, "p with continuity correction", r.Rank.PNormalCorrected, 0.0091, 4)
	printed(t, "z as SPSS prints it", r.Rank.Z, 2.67, 2)
}

// Newcombe (1998, Statistics in Medicine 17, 857–872), table I, method 3.
func TestNewcombe1998WilsonIntervals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		successes, n int
		low, high    float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		s := Wilson(c.successes, c.n, 0.95)
		printedInterval(t, "Wilson", s.CI, c.low, c.high, 4)
	}
	if full := Wilson(20, 20, 0.95); full.CI.High != 1 || full.CI.Low >= 1 {
		t.Errorf("20 of 20: got %v, want an interval that ends at 1", full.CI)
	}
}
