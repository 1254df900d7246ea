package paper_test

import (
	"math"
	"testing"

	"tidemark/analysis"
	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
)

// agrees holds an estimate against R's value: closed forms to 1e-9, what is
// optimised to 1e-6, relative.
func agrees(t *testing.T, what string, got analysis.Estimate, want, tolerance float64) {
	t.Helper()
	if !got.OK() || math.Abs(got.Value-want) > tolerance*math.Abs(want) {
		t.Errorf("%s is %v, in R %v", what, got, want)
	}
}

const (
	closed    = 1e-9
	optimised = 1e-6
)

// estimateBy finds the estimate of an outcome by one way.
func estimateBy(t *testing.T, o *paper.Outcome, e plan.Estimator, k plan.PopulationKind, s plan.Sensitivity) *paper.Estimate {
	t.Helper()
	for i := range o.Estimates {
		if x := &o.Estimates[i]; x.Estimator == e && x.Population == k && x.Sensitivity == s {
			return x
		}
	}
	t.Fatalf("%s has no estimate by %s of %s %s", o.Key, e, k, s)
	return nil
}

// The figures are those of R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, pbkrtest,
// sandwich and coin; the data are made in both by the lines at arithmetic.
func TestAPaperAgreesWithR(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	p := build(t, d, arithmeticPlan(d))
	main, _ := p.Main()

	// m <- lmer(y ~ 0 + cell + (1 | i), d); L <- c(-1, 1, 0, 1, -1, 0)
	// contest1D(m, L, confint = TRUE)
	e := estimateBy(t, main, plan.MixedModel, plan.Everybody, "")
	agrees(t, "the contrast", e.Value, -3.46545218826, optimised)
	agrees(t, "its standard error", e.SE, 0.915305335529, optimised)
	agrees(t, "its df by Satterthwaite", e.DF, 71.8014697617, optimised)
	agrees(t, "its p", e.P, 0.000314787237627, 1e-5)
	agrees(t, "its lower limit", e.CI.LowEstimate(), -5.29016622504, optimised)
	agrees(t, "its upper limit", e.CI.HighEstimate(), -1.64073815147, optimised)
	// VarCorr(m)
	tr, _ := p.Trajectory("stress")
	agrees(t, "the variance between people", tr.Variances[0].Value, 27.44161496991, optimised)
	agrees(t, "the residual variance", tr.Residual, 4.17703028419, optimised)
	agrees(t, "the intraclass correlation", tr.ICC, 27.44161496991/(27.44161496991+4.17703028419), optimised)
	// contest1D(m, c(0, 1, 0, 0, 0, 0), confint = TRUE)
	after := tr.Arms[0].Points[1]
	agrees(t, "the mean of the course after it", after.Model, 24.3188749583, optimised)
	agrees(t, "its lower limit", after.CI.LowEstimate(), 21.9853060693, optimised)

	// ch <- post - pre; t.test(ch[arm == 0], ch[arm == 1])
	e = estimateBy(t, main, plan.PairedChange, plan.Completers, "")
	agrees(t, "the difference in change", e.Value, -3.1-1.0/3, closed)
	agrees(t, "its t", e.T, -3.908824005, closed)
	agrees(t, "its df by Welch", e.DF, 34.26542034, closed)
	agrees(t, "its p", e.P, 0.000416344446, 1e-8)
	// wilcox_test(ch ~ factor(arm), distribution = "exact")
	// median(outer(na.omit(ch[arm == 0]), na.omit(ch[arm == 1]), "-"))
	e = estimateBy(t, main, plan.PairedChange, plan.Completers, plan.RankBased)
	agrees(t, "the shift", e.Value, -3.5, closed)
	agrees(t, "its exact p", e.P, 0.000556054758, 1e-8)
	// a <- lm(post ~ I(arm == 0) + pre); summary(a); confint(a)
	e = estimateBy(t, main, plan.ANCOVA, plan.Completers, "")
	agrees(t, "the ANCOVA effect", e.Value, -3.450080375375, closed)
	agrees(t, "its standard error", e.SE, 0.8896007308902, closed)
	agrees(t, "its lower limit", e.CI.LowEstimate(), -5.256065872132, closed)
	// sqrt(diag(vcovHC(a, "HC3")))
	e = estimateBy(t, main, plan.ANCOVA, plan.Completers, plan.RobustErrors)
	agrees(t, "its robust standard error", e.SE, 0.9397219314489, closed)

	// s <- sd(pre, na.rm = TRUE); J <- exp(lgamma(43/2) - lgamma(42/2)) / sqrt(43/2)
	j := math.Exp(lgamma(43.0/2)-lgamma(42.0/2)) / math.Sqrt(43.0/2)
	agrees(t, "g", main.G, j*-3.46545218826/5.21382128067, optimised)
	// smd of na.omit(pre[is.na(post)]) and na.omit(pre[!is.na(post)]), pooled SD
	agrees(t, "how the lost began", p.Baseline[0].Loss, 0.193324281059, closed)
	// rma(yi, sei, method = "REML", test = "knha") of Welch's differences by run
	pooled := p.Pooled[0]
	agrees(t, "run 1", pooled.Runs[0].Effect, -3.30769230769, closed)
	agrees(t, "run 2", pooled.Runs[1].Effect, -3.68571428571, closed)
	agrees(t, "the mean of runs", pooled.Effect, -3.4028, 1e-5)
	agrees(t, "its lower limit", pooled.CI.LowEstimate(), -5.4871, 1e-5)
	// table(arm, -ch >= 4) of those with a score before: 9 of 22, and 1 of 22
	if r := main.Responders; r.Everyone[0].Responded.N != 9 || r.Everyone[0].N != 22 || r.Completers[0].N != 20 {
		t.Errorf("responders: %+v", r.Everyone)
	}
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// Other models of the same data.
func TestAPapersModelsAgreeWithR(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	for _, c := range []struct {
		name          string
		change        func(*plan.Plan)
		value, se, df float64
		mean          float64 // of the course after it
		tolerance     float64
	}{
		// contest1D(m, L, ddf = "Kenward-Roger")
		{"Kenward–Roger", func(p *plan.Plan) { p.Model.DF = plan.KenwardRoger }, -3.46545218826, 0.915703762418, 71.9408629785, 24.3188749583, optimised},
		// d$x <- d$run - mean(d$run); lmer(y ~ 0 + cell + x + (1 | i), d): the mean
		// is that of the average run, not of the first
		{"the run as a covariate", func(p *plan.Plan) { p.Covariates = []plan.Covariate{{Kind: plan.CovariateRun}} },
			-3.46264712388, 0.915362304853, 71.7848059169, 24.3199210404, optimised},
		// gls(y ~ 0 + cell, d, correlation = corSymm(form = ~ wave | i), weights =
		// varIdent(form = ~ 1 | wave)); its df are not Satterthwaite's
		{"unstructured", func(p *plan.Plan) { p.Model.Structure = plan.Unstructured }, -3.4404234961, 0.857560917269, 0, 0, optimised},
	} {
		used := arithmeticPlan(d)
		c.change(&used.Content)
		p := build(t, d, used)
		main, _ := p.Main()
		e := main.Primary()
		agrees(t, c.name+": the contrast", e.Value, c.value, c.tolerance)
		agrees(t, c.name+": its standard error", e.SE, c.se, c.tolerance)
		if c.df > 0 {
			tr, _ := p.Trajectory("stress")
			agrees(t, c.name+": its df", e.DF, c.df, c.tolerance)
			agrees(t, c.name+": the mean of the course", tr.Arms[0].Points[1].Model, c.mean, c.tolerance)
		}
	}
}

// The n of an estimate is of whom it is about.
func TestAnEstimateOfOneArmCountsThePeopleOfThatArm(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	used := arithmeticPlan(d)
	used.Content.Primary = []plan.Outcome{{Scale: "stress", Pre: "pre", Post: "post", Arm: "course"}}
	used.Content.Estimators = []plan.Estimator{plan.MixedModel}
	main, _ := build(t, d, used).Main()
	if n := main.Primary().N; n != 24 {
		t.Errorf("the change in the course is of %d people, want 24", n)
	}
}

// A primary estimator that needs both scores is primary all the same, and a
// varied assumption that the plan announces is a sensitivity analysis whatever it
// is computed by.
func TestWhatAPlanAnnouncesIsNotExploratory(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	used := arithmeticPlan(d)
	used.Content.Populations = []plan.Population{{Kind: plan.Everybody}}
	used.Content.Estimators = []plan.Estimator{plan.ANCOVA}
	main, _ := build(t, d, used).Main()
	for i, e := range main.Estimates {
		want := plan.Varied
		if i == 0 {
			want = plan.Primary
		}
		if e.As != want {
			t.Errorf("%s stands as %s, want %s", e.Label(), e.As, want)
		}
	}
}

// People who are not asked at a wave have not failed to respond at it.
func TestWhoIsNotAskedIsNoNonResponder(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	for i, person := range d.People {
		if person.Arm == 1 {
			d.States[2][i], d.Measures[0].Values[2][i] = paper.NotAsked, math.NaN()
		}
	}
	used := arithmeticPlan(d)
	used.Content.Primary = []plan.Outcome{{Scale: "stress", Pre: "pre", Post: "later", Arm: "course"}}
	used.Content.Secondary = nil
	used.Content.Estimators = []plan.Estimator{plan.MixedModel, plan.MultipleImputation}
	p := build(t, d, used)
	main, _ := p.Main()
	if arms := main.Responders.Everyone; len(arms) != 1 || arms[0].Arm != "Course" {
		t.Errorf("responders of %+v, want of the course alone", arms)
	}
	if e := main.Estimates[1]; e.Estimator != plan.MultipleImputation || !e.CI.OK() {
		t.Errorf("the imputed change of the arm that is asked is %+v", e)
	}
}
