package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tidemark/analysis/dist"
)

func TestEquivalenceAgreesWithItsInterval(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		opt := EquivalenceOptions{
			Low:   -rapid.Float64Range(0.1, 4).Draw(t, "low"),
			High:  rapid.Float64Range(0.1, 4).Draw(t, "high"),
			Alpha: rapid.SampledFrom([]float64{0, 0.05, 0.2}).Draw(t, "alpha"),
		}
		for name, r := range map[string]EquivalenceResult{
			"pairs": EquivalencePairs(x, y, opt), "groups": EquivalenceGroups(x, y, opt),
		} {
			if !r.P.OK() || math.Abs(r.P.Value-r.Alpha) < 1e-9 {
				continue
			}
			if within := r.CI.Low > opt.Low && r.CI.High < opt.High; within != r.Equivalent {
				t.Fatalf("%s: equivalent %v with %v in %v", name, r.Equivalent, r.CI, opt)
			}
		}
	})
}

func TestSwappingMirrorsEquivalence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		opt, mirror := EquivalenceOptions{Low: -1, High: 2}, EquivalenceOptions{Low: -2, High: 1}
		for name, test := range map[string]func(x, y []float64, opt EquivalenceOptions) EquivalenceResult{
			"pairs": EquivalencePairs, "groups": EquivalenceGroups,
		} {
			a, b := test(x, y, opt), test(y, x, mirror)
			diff(t, name+" t", b.TLower, negated(a.TUpper))
			diff(t, name+" p", b.P, a.P)
			diff(t, name+" interval", b.CI, mirrored(a.CI))
			same := test(mapped(x, func(v float64) float64 { return 4 * v }), mapped(y, func(v float64) float64 { return 4 * v }),
				EquivalenceOptions{Low: -4, High: 8})
			diff(t, name+" in another unit", same.P, a.P)
		}
	})
}

func TestEquivalenceIsTheTTestAtItsBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pre, post := studyColumns(t)
		r := EquivalencePairs(pre, post, EquivalenceOptions{Low: -1.5, High: 0.5})
		above := PairedT(mapped(pre, func(v float64) float64 { return v - 1.5 }), post, 0.95)
		below := PairedT(mapped(pre, func(v float64) float64 { return v + 0.5 }), post, 0.95)
		diff(t, "above the lower bound", r.PLower, above.PGreater)
		diff(t, "below the upper bound", r.PUpper, below.PLess)
	})
}

// The Bayes factor by another way: the density of the noncentral t, averaged
// over the Cauchy prior, beside that of the central one.
func TestBayesFactorIsARatioOfAveragedDensities(t *testing.T) {
	t.Parallel()
	density := func(t, df, ncp float64) float64 {
		_, wide := dist.NoncentralT(t*math.Sqrt(1+2/df), df+2, ncp)
		_, upper := dist.NoncentralT(t, df, ncp)
		return df / t * (upper - wide)
	}
	for _, c := range []struct{ t, df, n, scale float64 }{
		{2, 9, 10, math.Sqrt2 / 2}, {0.4, 30, 31, 1}, {3.1, 58, 15, 0.5}, {5, 19, 20, math.Sqrt2 / 2},
	} {
		const steps = 600
		sum := 0.0
		for i := range steps { // midpoints of the prior's quantiles
			effect := c.scale * math.Tan(math.Pi*((float64(i)+0.5)/steps-0.5))
			if ncp := effect * math.Sqrt(c.n); math.Abs(ncp) < 60 {
				sum += density(c.t, c.df, ncp)
			}
		}
		want := math.Log(sum / steps / density(c.t, c.df, 0))
		if got := logBayesFactor(c.t, c.df, c.n, c.scale); math.Abs(got-want) > 1e-2 {
			t.Errorf("%+v: got %v, want %v", c, got, want)
		}
	}
}

// Values by integrate() of R on the same integral, at corners where the terms
// leave double precision or the peak is far from the prior's.
func TestBayesFactorHoldsAtItsCorners(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ t, df, n, scale, want float64 }{
		{0, 9, 10, math.Sqrt2 / 2, -1.17508232663},
		{1e-9, 999999, 1e6, math.Sqrt2 / 2, -6.78697504134},
		{60, 4999, 5000, math.Sqrt2 / 2, 1350.99049432},
		{1000, 999999, 1e6, math.Sqrt2 / 2, 346565.954696},
		{12, 1, 2, 0.01, 0.0240817695331},
		{2, 1e5, 1e5, 100, -8.58744427545},
	} {
		if got := logBayesFactor(c.t, c.df, c.n, c.scale); math.Abs(got/c.want-1) > 1e-10 {
			t.Errorf("%+v: got %.12g", c, got)
		}
	}
}

func TestBayesFactorGrowsWithTheEffectAndIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df := rapid.Float64Range(1, 1e4).Draw(t, "df")
		scale := rapid.Float64Range(0.05, 3).Draw(t, "scale")
		low := rapid.Float64Range(0, 20).Draw(t, "t")
		high := low + rapid.Float64Range(0.01, 5).Draw(t, "more")
		a, b := logBayesFactor(low, df, df+1, scale), logBayesFactor(high, df, df+1, scale)
		if !(b > a) {
			t.Fatalf("t %v gives %v, t %v gives %v", low, a, high, b)
		}
		if c := logBayesFactor(-high, df, df+1, scale); c != b {
			t.Fatalf("−t gives %v, t gives %v", c, b)
		}
	})
}

func TestNoEvidencePanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := roughColumn().Draw(t, "x"), roughColumn().Draw(t, "y")
		opt := EquivalenceOptions{Low: roughNumber().Draw(t, "low"), High: roughNumber().Draw(t, "high"), Alpha: roughLevel().Draw(t, "alpha")}
		check(t, "EquivalencePairs", EquivalencePairs(x, y, opt))
		check(t, "EquivalenceGroups", EquivalenceGroups(x, y, opt))
		scale := roughNumber().Draw(t, "scale")
		check(t, "BayesFactorPairs", BayesFactorPairs(x, y, scale))
		check(t, "BayesFactorGroups", BayesFactorGroups(x, y, scale))
	})
}
