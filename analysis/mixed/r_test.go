package mixed

import (
	"math"
	"testing"

	"tidemark/analysis"
)

// Values of this file were computed with R 4.2.2: lme4 1.1-31 (bobyqa, rhoend
// 1e-9), lmerTest 3.1-3, pbkrtest 0.5.2 and nlme 3.1-162, on files of the
// reference data. They carry the optimisers' slack, so the tolerances are wide.

// rows of estimate, SE, Satterthwaite df, Kenward–Roger SE and df.
type rEffect [5]float64

func checkEffects(t *testing.T, got []Coefficient, want []rEffect, rel float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d effects, want %d", len(got), len(want))
	}
	for i, w := range want {
		k := got[i]
		near(t, k.Name, k.Estimate, w[0], rel)
		near(t, k.Name+" SE", k.Satterthwaite.SE, w[1], rel)
		near(t, k.Name+" df", k.Satterthwaite.DF, w[2], 1e-4)
		near(t, k.Name+" KR SE", k.KenwardRoger.SE, w[3], rel)
		near(t, k.Name+" KR df", k.KenwardRoger.DF, w[4], 1e-5)
	}
}

func TestIndependentInterceptsAndSlopesAgreeWithR(t *testing.T) {
	t.Parallel()
	for _, formula := range []string{"reaction ~ days + (1|subject) + (0+days|subject)", "reaction ~ days + (days || subject)"} {
		r := fitLMM(t, build(t, formula, table(t, "sleepstudy.csv")), LMMOptions{})
		near(t, "logLik", r.LogLikelihood, -871.834646791, 1e-11)
		near(t, "intercepts", r.Random[0].Variance[0], 627.56911673, 1e-5)
		near(t, "slopes", r.Random[1].Variance[0], 35.85820178, 1e-5)
		near(t, "residual", r.Residual, 653.58380495, 1e-6)
		checkEffects(t, r.Coefficients, []rEffect{
			{251.405105, 6.8853815, 18.156202, 6.8853815, 18.187476},
			{10.467286, 1.5595660, 18.156202, 1.5595660, 18.187476},
		}, 1e-6)
		if r.Parameters != 5 || r.ICC.Reason != analysis.ReasonNotApplicable {
			t.Errorf("parameters %d, ICC %v", r.Parameters, r.ICC)
		}
	}
}

func TestASingularFitAgreesWithR(t *testing.T) {
	t.Parallel()
	r := fitLMM(t, build(t, "y ~ t + (t|id)", table(t, "no_between_variance.csv")), LMMOptions{})
	if !r.Singular {
		t.Error("the fit is not called singular")
	}
	near(t, "logLik", r.LogLikelihood, -56.2194261868, 1e-10)
	near(t, "intercepts", r.Random[0].Variance[0], 0.08202325740, 1e-5)
	near(t, "slopes", r.Random[0].Variance[1], 0.03644165367, 1e-5)
	near(t, "correlation", r.Random[0].Correlation[1][0], -1, 1e-7)
	// pbkrtest gives the intercept 11 degrees of freedom.
	checkEffects(t, r.Coefficients, []rEffect{
		{5.18930000, 0.19408675, 17.352880, 0.19408675, 11},
		{0.54046667, 0.10884223, 11.000001, 0.10884223, 11},
	}, 1e-6)
}

func TestFactorsOfTextAgreeWithR(t *testing.T) {
	t.Parallel()
	r := fitLMM(t, build(t, "distance ~ sex*factor(age) + (1|subject)", table(t, "orthodont.csv")), LMMOptions{})
	near(t, "logLik", r.LogLikelihood, -211.704266414, 1e-11)
	want := []rEffect{
		{21.18181818, 0.69153493, 46.079119, 0.69153493, 46.07912}, {1.69318182, 0.89833022, 46.079119, 0.89833022, 46.07912},
		{1.04545455, 0.59924769, 75, 0.59924769, 75}, {1.90909091, 0.59924769, 75, 0.59924769, 75},
		{2.90909091, 0.59924769, 75, 0.59924769, 75}, {-0.10795455, 0.77844559, 75, 0.77844559, 75},
		{0.93465909, 0.77844559, 75, 0.77844559, 75}, {1.68465909, 0.77844559, 75, 0.77844559, 75},
	}
	checkEffects(t, r.Coefficients, want, 1e-7)
	if name := r.Coefficients[5].Name; name != "sexMale:factor(age)10" {
		t.Errorf("got %q", name)
	}
}

func TestMissedWeeksAndACurveAgreeWithR(t *testing.T) {
	t.Parallel()
	r := fitLMM(t, build(t, "y ~ factor(arm)*week + I(week^2) + (week|id)", table(t, "course_weekly.csv")), LMMOptions{})
	near(t, "logLik", r.LogLikelihood, -2937.87417448, 1e-11)
	checkEffects(t, r.Coefficients, []rEffect{
		{20.573496186, 0.637060804, 163.58729, 0.637071075, 164.59691},
		{-0.793847372, 0.891678845, 156.94575, 0.891698608, 157.91696},
		{0.105408961, 0.097999658, 948.18194, 0.098038852, 951.37076},
		{0.001886938, 0.011010393, 925.78613, 0.011014545, 928.11085},
		{0.344763376, 0.065706852, 128.19571, 0.065810271, 131.01943},
	}, 3e-6)
}

func TestStructuredCovariancesAgreeWithR(t *testing.T) {
	t.Parallel()
	d := build(t, "y ~ arm*factor(visit)", table(t, "course_visits.csv"), "id", "visit")
	for covariance, want := range map[Covariance]struct {
		logLik, rho, sd float64 // of the first visit; nlme's reference is visit 1
		effect, se      float64 // arm at visit 5
	}{
		HeterogeneousCS:  {-1758.13636669, 0.85191641, 6.19252736, 2.604657860, 0.59968726},
		HeterogeneousAR1: {-1795.6278496, 0.86804916, 6.14149727, 2.56408448, 0.98296833},
		CompoundSymmetry: {-1760.50228331, 0.85150488, 6.10776267, 2.608401463, 0.59281812},
	} {
		r := fitMMRM(t, d, MMRMOptions{Covariance: covariance})
		near(t, string(covariance)+" logLik", r.LogLikelihood, want.logLik, 1e-10)
		near(t, string(covariance)+" correlation", r.Correlations[1][0], want.rho, 1e-4)
		near(t, string(covariance)+" SD", analysis.Known(math.Sqrt(r.Covariances[0][0].Value)), want.sd, 1e-3)
		near(t, string(covariance)+" effect", r.Coefficients[9].Estimate, want.effect, 1e-4)
		near(t, string(covariance)+" SE", r.Coefficients[9].Satterthwaite.SE, want.se, 1e-4)
	}
}
