package analysis

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/floats"
	"pgregory.net/rapid"
)

// studyArms draws an arm for each of n people.
func studyArms(t *rapid.T, n int) []float64 {
	arm := rapid.SampledFrom([]float64{0, 1, 1, 0, 0, 1, 1, math.NaN()})
	return rapid.SliceOfN(arm, n, n).Draw(t, "arm")
}

func TestOnePredictorIsACorrelation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		m := LinearModel(y, []Predictor{{Name: "x", Values: x}}, LinearModelOptions{})
		r := Correlate(x, y, 0.95).Pearson
		if m.Coefficients[1].T.OK() && r.T.OK() {
			diff(t, "t", m.Coefficients[1].T, r.T)
			diff(t, "p", m.Coefficients[1].P, r.P)
			diff(t, "R²", m.R2, squared(r.R))
			diff(t, "F", m.F.F, squared(r.T))
		}
	})
}

func TestAnArmAsPredictorIsTheTTest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, y := studyColumns(t)
		arm := studyArms(t, len(y))
		var course, control []float64
		for i, a := range arm {
			switch a {
			case 1:
				course = append(course, y[i])
			case 0:
				control = append(control, y[i])
			}
		}
		m := LinearModel(y, []Predictor{{Name: "arm", Values: arm}}, LinearModelOptions{Level: 0.9})
		test := WelchT(course, control, 0.9)
		if test.Student.T.OK() && m.Coefficients[1].T.OK() {
			diff(t, "difference", m.Coefficients[1].Estimate, test.Difference)
			diff(t, "t", m.Coefficients[1].T, test.Student.T)
			diff(t, "interval", m.Coefficients[1].CI, test.Student.CI)
		}
	})
}

func TestResidualsAreOrthogonalAndLeveragesCountCoefficients(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, y := studyColumns(t)
		b := rapid.SliceOfN(rapid.Float64Range(-3, 3), len(a), len(a)).Draw(t, "b")
		m := LinearModel(y, []Predictor{{"a", a}, {"b", b}}, LinearModelOptions{})
		if m.N == 0 {
			return
		}
		diff(t, "Σ residuals", floats.Sum(m.Residuals), 0.0)
		diff(t, "residuals and a", floats.Dot(m.Residuals, picked(a, m.Rows)), 0.0)
		diff(t, "Σ leverage", floats.Sum(m.Leverage), float64(3-len(m.Aliased)))
		diff(t, "fitted + residual", floats.AddTo(make([]float64, m.N), m.Fitted, m.Residuals), picked(y, m.Rows))
	})
}

func TestCombinationsOfEarlierPredictorsAreNamed(t *testing.T) {
	t.Parallel()
	x := []float64{1, 2, 3, 5, 8}
	z := []float64{2, 1, 5, 0, 3}
	y := []float64{1, 3, 2, 6, 7}
	sum := floats.AddTo(make([]float64, 5), x, z)
	m := LinearModel(y, []Predictor{{"x", x}, {"ones", []float64{1, 1, 1, 1, 1}}, {"z", z}, {"sum", sum}}, LinearModelOptions{})
	if d := cmp.Diff(m.Aliased, []string{"ones", "sum"}); d != "" {
		t.Errorf("aliased (-got +want):\n%s", d)
	}
	if got := m.Coefficients[4].Estimate; got.Reason != ReasonAliased {
		t.Errorf("got %v for a sum of predictors", got)
	}
	without := LinearModel(y, []Predictor{{"x", x}, {"z", z}}, LinearModelOptions{})
	if d := cmp.Diff([]Coefficient{m.Coefficients[0], m.Coefficients[1], m.Coefficients[3]}, without.Coefficients, approx); d != "" {
		t.Errorf("the others (-got +want):\n%s", d)
	}
}

func TestAModelSaysWhereItCannotJudge(t *testing.T) {
	t.Parallel()
	line := LinearModel([]float64{0.1, 0.2, 0.3, 0.4}, []Predictor{{"x", []float64{1, 2, 3, 4}}}, LinearModelOptions{})
	if got := line.Coefficients[1]; !got.Estimate.OK() || got.SE.Reason != ReasonPerfectFit {
		t.Errorf("points on a line: got %+v", got)
	}
	two := LinearModel([]float64{1, 5}, []Predictor{{"x", []float64{1, 2}}}, LinearModelOptions{})
	if got := two.Coefficients[1]; got.Estimate.Value != 4 || got.SE.Reason != ReasonPeopleTooFew {
		t.Errorf("two points: got %+v", got)
	}
	alone := LinearModel([]float64{1, 2, 4, 9}, []Predictor{{"last", []float64{0, 0, 0, 1}}}, LinearModelOptions{})
	if got := alone.Coefficients[1]; !got.SE.OK() || got.RobustSE.Reason != ReasonLeverage {
		t.Errorf("one person in a group: got %+v", got)
	}
}

func TestAncovaIsTheComparisonOfTwoModels(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pre, post := studyColumns(t)
		arm := studyArms(t, len(pre))
		r := Ancova(arm, pre, post, 0.95)
		if !r.T.OK() {
			return
		}
		full := LinearModel(post, []Predictor{{"arm", arm}, {"pre", pre}}, LinearModelOptions{})
		diff(t, "effect", r.Effect, full.Coefficients[1].Estimate)
		diff(t, "HC3", r.RobustSE, full.Coefficients[1].RobustSE)

		used := func(x []float64) []float64 { return picked(x, full.Rows) }
		small := LinearModel(used(post), []Predictor{{"pre", used(pre)}}, LinearModelOptions{})
		rss := func(m LinearModelResult) float64 { return floats.Dot(m.Residuals, m.Residuals) }
		f := (rss(small) - rss(full)) / (rss(full) / full.DF.Value)
		diff(t, "F = t²", r.T.Value*r.T.Value, f)
		diff(t, "partial η²", r.PartialEta2.Value, (rss(small)-rss(full))/rss(small))
		diff(t, "adjusted means", r.MeanCourse.Mean.Value-r.MeanControl.Mean.Value, r.Effect.Value)
	})
}

func TestAncovaIgnoresOrderAndUnits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pre, post := studyColumns(t)
		arm := studyArms(t, len(pre))
		r := Ancova(arm, pre, post, 0.95)
		order := rapid.Permutation(indices(len(pre))).Draw(t, "order")
		diff(t, "order", Ancova(picked(arm, order), picked(pre, order), picked(post, order), 0.95), r)

		swapped := Ancova(mapped(arm, func(v float64) float64 { return 1 - v }), pre, post, 0.95)
		diff(t, "other arm", swapped.Effect, negated(r.Effect))
		diff(t, "interval", swapped.CI, mirrored(r.CI))
		diff(t, "means", swapped.MeanCourse, r.MeanControl)
		diff(t, "g", swapped.G, negated(r.G))

		shift := float64(rapid.IntRange(-100, 100).Draw(t, "shift"))
		factor := math.Ldexp(1, rapid.IntRange(-20, 20).Draw(t, "power"))
		unit := func(v float64) float64 { return (v + shift) * factor }
		moved := Ancova(arm, mapped(pre, unit), mapped(post, unit), 0.95)
		diff(t, "t", moved.T, r.T)
		diff(t, "p", moved.P, r.P)
		diff(t, "g in other units", moved.G, r.G)
		diff(t, "g interval in other units", moved.GCI, r.GCI)
		diff(t, "slope", moved.Slope, r.Slope)
		diff(t, "slopes", moved.SlopeP, r.SlopeP)
		if r.Effect.OK() {
			diff(t, "effect", moved.Effect.Value/factor, r.Effect.Value)
		}
	})
}

func TestAncovaIntervalsCoverTheirEffect(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(23, 29))
	const trials, n, effect = 2500, 40, 0.4
	arm, pre, post := make([]float64, n), make([]float64, n), make([]float64, n)
	for name, noise := range map[string]func(arm float64) float64{
		"normal": func(float64) float64 { return random.NormFloat64() },
		"skewed": func(float64) float64 { return random.ExpFloat64() - 1 },
	} {
		var model, robust, change int
		for range trials {
			for i := range n {
				arm[i] = float64(i % 2)
				pre[i] = random.NormFloat64()
				post[i] = 0.6*pre[i] + effect*arm[i] + noise(arm[i])
			}
			r := Ancova(arm, pre, post, 0.95)
			covers := func(ci Interval) int {
				if ci.Low <= effect && effect <= ci.High {
					return 1
				}
				return 0
			}
			model += covers(r.CI)
			robust += covers(r.RobustCI)
			change += covers(r.Change.Welch.CI)
		}
		t.Log(name)
		wantCoverage(t, model, trials, 0.95)
		// HC3 is cautious in small samples (Long & Ervin 2000).
		if share := float64(robust) / trials; share < 0.935 || share > 0.98 {
			t.Errorf("the robust interval covers in %v", share)
		}
		wantCoverage(t, change, trials, 0.95)
	}
}

// Where the smaller arm varies more, the model's SE is too small and HC3 holds.
func TestRobustIntervalsCoverWhereVariancesDiffer(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(31, 37))
	const trials, n, effect = 2000, 60, 0.4
	arm, pre, post := make([]float64, n), make([]float64, n), make([]float64, n)
	var model, robust int
	for range trials {
		for i := range n {
			arm[i] = 0
			if i%4 == 0 {
				arm[i] = 1
			}
			pre[i] = random.NormFloat64()
			post[i] = 0.6*pre[i] + effect*arm[i] + (1+2*arm[i])*random.NormFloat64()
		}
		r := Ancova(arm, pre, post, 0.95)
		if r.CI.Low <= effect && effect <= r.CI.High {
			model++
		}
		if r.RobustCI.Low <= effect && effect <= r.RobustCI.High {
			robust++
		}
	}
	if share := float64(model) / trials; share > 0.9 {
		t.Errorf("the model's interval covers in %v, so this shows nothing", share)
	}
	if share := float64(robust) / trials; share < 0.92 {
		t.Errorf("the robust interval covers in %v only", share)
	}
}

func TestNoLinearModelPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(t, "n")
		column := rapid.OneOf(rapid.SliceOfN(roughNumber(), n, n), rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), n, n), roughColumn())
		y := column.Draw(t, "y")
		var predictors []Predictor
		for range rapid.IntRange(0, 4).Draw(t, "k") {
			predictors = append(predictors, Predictor{Name: "x", Values: column.Draw(t, "x")})
		}
		level := roughLevel().Draw(t, "level")
		opt := LinearModelOptions{Level: level, NoIntercept: rapid.Bool().Draw(t, "origin")}
		check(t, "LinearModel", LinearModel(y, predictors, opt))
		arm := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 1, 0, 1, 0, math.NaN(), 2}), n, n).Draw(t, "arm")
		check(t, "Ancova", Ancova(arm, column.Draw(t, "pre"), y, level))
		tame := mapped(arm, func(v float64) float64 { return math.Min(v, 1) })
		check(t, "Ancova of two arms", Ancova(tame, column.Draw(t, "pre"), y, level))
	})
}
