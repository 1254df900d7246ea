package analysis

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestTheIndirectEffectIsTotalMinusDirect(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		m := rapid.SliceOfN(rapid.Float64Range(-3, 3), len(x), len(x)).Draw(t, "m")
		r := Mediate(x, m, y, 0.95)
		if r.Indirect.OK() {
			diff(t, "indirect", r.Indirect.Value, r.Total.Estimate.Value-r.Direct.Estimate.Value)
		}
		order := rapid.Permutation(indices(len(x))).Draw(t, "order")
		again := Mediate(picked(x, order), picked(m, order), picked(y, order), 0.95)
		diff(t, "order", again.Indirect, r.Indirect)

		up := Mediate(x, m, mapped(y, func(v float64) float64 { return -4*v + 3 }), 0.95)
		diff(t, "z turned", up.SobelZ, negated(r.SobelZ))
		if r.CI.OK() && up.CI.OK() {
			diff(t, "interval turned", Interval{Low: up.CI.Low / 4, High: up.CI.High / 4, Level: 0.95}, mirrored(r.CI))
		}
	})
}

func TestProductIntervalsCoverTheIndirectEffect(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(47, 53))
	const trials, n, a, b = 500, 80, 0.4, 0.3
	x, m, y := make([]float64, n), make([]float64, n), make([]float64, n)
	covered := 0
	for range trials {
		for i := range n {
			x[i] = random.NormFloat64()
			m[i] = a*x[i] + random.NormFloat64()
			y[i] = b*m[i] + 0.1*x[i] + random.NormFloat64()
		}
		if ci := Mediate(x, m, y, 0.95).CI; ci.Low <= a*b && a*b <= ci.High {
			covered++
		}
	}
	wantCoverage(t, covered, trials, 0.95)
}

func TestBootstrappedMediationAgreesWithTheProduct(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(59, 61))
	const n = 200
	x, m, y := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		x[i] = 50 + 10*random.NormFloat64()
		m[i] = 0.05*x[i] + random.NormFloat64()
		y[i] = 3*m[i] + random.NormFloat64()
	}
	x[0] = math.NaN()
	want := Mediate(x, m, y, 0.95)
	opt := BootstrapOptions{Resamples: 2000, Seed: 5}
	got, err := MediateBootstrap(context.Background(), x, m, y, opt)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.Estimate.Value/want.Indirect.Value-1) > 1e-12 {
		t.Errorf("indirect effect %v, want %v", got.Estimate, want.Indirect)
	}
	width := want.CI.High - want.CI.Low
	if math.Abs(got.BCa.Low-want.CI.Low) > 0.15*width || math.Abs(got.BCa.High-want.CI.High) > 0.15*width {
		t.Errorf("BCa %v lies far from %v", got.BCa, want.CI)
	}
	if got.N != n-1 || got.Excluded != 1 || got.Seed != 5 {
		t.Errorf("got n = %d, excluded %d, seed %d", got.N, got.Excluded, got.Seed)
	}
	again, err := MediateBootstrap(context.Background(), x, m, y, opt)
	if err != nil || again.BCa != got.BCa {
		t.Errorf("the same seed gives %v after %v (%v)", again.BCa, got.BCa, err)
	}
}

func TestMediationSaysWhatCannotBeToldApart(t *testing.T) {
	t.Parallel()
	x := []float64{1, 2, 3, 4, 6}
	y := []float64{2, 1, 4, 3, 7}
	r := Mediate(x, mapped(x, func(v float64) float64 { return 2 * v }), y, 0.95)
	if r.Indirect.Reason != ReasonAliased || r.Direct.Estimate.Reason != ReasonAliased || !r.Total.SE.OK() {
		t.Errorf("a mediator that follows from x: got %+v", r)
	}
	got, err := MediateBootstrap(context.Background(), x, x, y, BootstrapOptions{Resamples: 50})
	if err != nil || got.Estimate.OK() {
		t.Errorf("bootstrap: got %v, %v", got.Estimate, err)
	}
}

func TestDoseResponseIsTheSlopeOfPostAdjustedForPre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pre, post := studyColumns(t)
		dose := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 200), func(i int) float64 { return float64(i) }), len(pre), len(pre)).Draw(t, "dose")
		r := DoseResponse(dose, pre, post, DoseOptions{Points: 5})
		m := LinearModel(post, []Predictor{{"dose", dose}, {"pre", pre}}, LinearModelOptions{})
		if !r.Slope.SE.OK() || len(m.Aliased) > 0 {
			return
		}
		diff(t, "slope", r.Slope.Estimate, m.Coefficients[1].Estimate)
		diff(t, "interval", r.Slope.CI, m.Coefficients[1].CI)
		diff(t, "HC3", r.Slope.RobustSE, m.Coefficients[1].RobustSE)
		first, last := r.Band[0], r.Band[4]
		diff(t, "band", (last.Change.Value-first.Change.Value)/(last.Dose-first.Dose), r.Slope.Estimate.Value)
	})
}

func TestDoseResponseSaysWhereItCannotJudge(t *testing.T) {
	t.Parallel()
	pre, post := []float64{1.1, 2.2, 3.3, 4.4, 5}, []float64{1.2, 2.3, 3.4, 4.5, 5.1}
	equal := DoseResponse([]float64{1, 5, 2, 4, 4}, pre, post, DoseOptions{})
	if got := equal.Slope.SE; got.Reason != ReasonPerfectFit {
		t.Errorf("everybody changed by 0.1: got SE %v", got)
	}
	flat := DoseResponse([]float64{3, 3, 3, 3, 3}, pre, []float64{1, 5, 2, 7, 7}, DoseOptions{})
	if got := flat.Slope.Estimate; got.Reason != ReasonZeroVariance || len(flat.Band) != 0 {
		t.Errorf("the same dose for all: got %v", got)
	}
	same := DoseResponse([]float64{1, 2, 3, 5}, []float64{4, 4, 4, 4}, []float64{5, 6, 6, 8}, DoseOptions{})
	if !same.Slope.P.OK() || same.Before.Estimate.Reason != ReasonAliased || !same.Band[0].CI.OK() {
		t.Errorf("the same score before for all: got %+v", same)
	}
}

func TestNoMediationPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, m, y := roughColumn().Draw(t, "x"), roughColumn().Draw(t, "m"), roughColumn().Draw(t, "y")
		level := roughLevel().Draw(t, "level")
		check(t, "Mediate", Mediate(x, m, y, level))
		check(t, "DoseResponse", DoseResponse(x, m, y, DoseOptions{Level: level, Points: rapid.IntRange(-1, 4).Draw(t, "points")}))
		r, err := MediateBootstrap(context.Background(), x, m, y, BootstrapOptions{Resamples: 20, Level: level})
		if err != nil {
			t.Fatal(err)
		}
		check(t, "MediateBootstrap", r)
	})
}
