package mixed

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

func TestDerivativesOfTheProfiledLikelihoodAreThoseOfDifferences(t *testing.T) {
	t.Parallel()
	l := simulated(1, 15, 5, 0.2)
	for _, ml := range []bool{false, true} {
		d := build(t, "y ~ week*arm + (1 | id) + (0 + week + I(week^2) | id)", l.columns())
		z, blocks, err := randomColumns(d)
		if err != nil {
			t.Fatal(err)
		}
		z, _ = scaled(z)
		mo := gatherRandom(z, newResponse(d).columns(), d.Random[0].Codes, len(d.Random[0].Levels))
		f := &profiled{moments: mo, structure: factored{m: len(z), free: freeElements(blocks)}, ml: ml}
		checkSlopes(t, f, []float64{0.7, 0.9, -0.3, 0.4})
	}
}

// checkSlopes compares gradient and Hessian with central differences.
func checkSlopes(t *testing.T, f objective, theta []float64) {
	t.Helper()
	n := len(theta)
	moved := func(i int, h float64) []float64 {
		x := slices.Clone(theta)
		x[i] += h
		return x
	}
	f.value(theta)
	gradient, hessian := f.slopes(theta)
	const h = 1e-5
	for i := range n {
		up, down := moved(i, h), moved(i, -h)
		if got, want := gradient[i], (f.value(up)-f.value(down))/(2*h); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
			t.Errorf("gradient %d: got %v, want %v", i, got, want)
		}
		gUp, _ := f.slopes(up)
		gDown, _ := f.slopes(down)
		for j := range n {
			if got, want := hessian[i*n+j], (gUp[j]-gDown[j])/(2*h); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("hessian %d %d: got %v, want %v", i, j, got, want)
			}
		}
	}
}

func TestTwoWavesWithARandomInterceptAreThePairedTTest(t *testing.T) {
	t.Parallel()
	l := simulated(2, 40, 2, 0)
	var pre, post []float64
	for i, w := range l.week {
		if w == 0 {
			pre = append(pre, l.y[i])
		} else {
			post = append(post, l.y[i])
		}
	}
	want := analysis.PairedT(pre, post, 0.95)
	got := fitLMM(t, build(t, "y ~ week + (1 | id)", l.columns()), LMMOptions{}).Coefficients[1]
	for _, test := range []Test{got.Satterthwaite, got.KenwardRoger} {
		near(t, "change", got.Estimate, want.MeanChange.Value, 1e-11)
		near(t, "t", test.T, want.T.Value, 1e-9)
		near(t, "df", test.DF, want.DF.Value, 1e-7)
		near(t, "p", test.P, want.P.Value, 1e-7)
		near(t, "low", test.CI.LowEstimate(), want.CI.Low, 1e-7)
	}
}

func TestShiftAndScaleOfTheResponseCarryThrough(t *testing.T) {
	t.Parallel()
	l := simulated(3, 30, 6, 0.1)
	formula := "y ~ week*arm + (week | id)"
	base := fitLMM(t, build(t, formula, l.columns()), LMMOptions{})
	for _, c := range []float64{1, 1e-9, 1e9, 3e150, 1e-150} {
		moved := l
		moved.y = make([]float64, len(l.y))
		for i, y := range l.y {
			moved.y[i] = c * (y + 1000)
		}
		got := fitLMM(t, build(t, formula, moved.columns()), LMMOptions{})
		near(t, "intercept", got.Coefficients[0].Estimate, c*(base.Coefficients[0].Estimate.Value+1000), 1e-11)
		for i, k := range got.Coefficients {
			near(t, k.Name+" SE", k.Satterthwaite.SE, c*base.Coefficients[i].Satterthwaite.SE.Value, 1e-9)
			near(t, k.Name+" df", k.Satterthwaite.DF, base.Coefficients[i].Satterthwaite.DF.Value, 1e-7)
			near(t, k.Name+" KR df", k.KenwardRoger.DF, base.Coefficients[i].KenwardRoger.DF.Value, 1e-7)
		}
		near(t, "correlation", got.Random[0].Correlation[1][0], base.Random[0].Correlation[1][0].Value, 1e-6)
	}
}

func TestTheOrderOfRowsDoesNotMatter(t *testing.T) {
	t.Parallel()
	l := simulated(4, 25, 7, 0.15)
	back := long{}
	for i := range l.y {
		j := (i*61 + 7) % len(l.y) // 61 and 175 have no common factor
		back.id, back.week = append(back.id, l.id[j]), append(back.week, l.week[j])
		back.arm, back.y = append(back.arm, l.arm[j]), append(back.y, l.y[j])
	}
	formula := "y ~ week*arm + (week | id)"
	a := fitLMM(t, build(t, formula, l.columns()), LMMOptions{})
	b := fitLMM(t, build(t, formula, back.columns()), LMMOptions{})
	near(t, "logLik", b.LogLikelihood, a.LogLikelihood.Value, 1e-13)
	for i, k := range a.Coefficients {
		near(t, k.Name, b.Coefficients[i].Estimate, k.Estimate.Value, 1e-10)
		near(t, k.Name+" p", b.Coefficients[i].Satterthwaite.P, k.Satterthwaite.P.Value, 1e-7)
	}
	for i, e := range a.RandomEffects() {
		got := b.RandomEffects()[i]
		if got.Level != e.Level || math.Abs(got.Value.Value-e.Value.Value) > 1e-8 {
			t.Errorf("random effect: got %v, want %v", got, e)
		}
	}
}

func TestFittedAndResidualsAddUpToTheResponse(t *testing.T) {
	t.Parallel()
	d := build(t, "y ~ week + (week | id)", simulated(5, 20, 5, 0.2).columns())
	r := fitLMM(t, d, LMMOptions{})
	fitted, residuals := r.Fitted()
	var ss, conditional float64
	for i, y := range d.Y {
		if math.Abs(fitted[i]+residuals[i]-y) > 1e-12*math.Abs(y) {
			t.Fatalf("row %d: %v + %v ≠ %v", i, fitted[i], residuals[i], y)
		}
		// The predictions minimise Σe² + σ²·bᵀG⁻¹b, which is Σe·(y − Xβ).
		marginal := y
		for j, x := range d.X {
			marginal -= x[i] * r.Coefficients[j].Estimate.Value
		}
		ss += residuals[i] * marginal
		conditional += residuals[i] * residuals[i]
	}
	near(t, "residual variance", r.Residual, ss/float64(len(d.Y)-2), 1e-10)
	if conditional >= ss {
		t.Errorf("Σe² = %v is not below %v", conditional, ss)
	}
}

func TestABetweenVarianceOfZeroIsNamedAndLeavesTheFixedEffects(t *testing.T) {
	t.Parallel()
	l := simulated(6, 30, 4, 0)
	for i := range l.y { // remove each person's mean: less than no variance between
		at := i / 4 * 4
		if i == at {
			mean := (l.y[at] + l.y[at+1] + l.y[at+2] + l.y[at+3]) / 4
			for k := range 4 {
				l.y[at+k] -= mean
			}
		}
	}
	r := fitLMM(t, build(t, "y ~ week + (1 | id)", l.columns()), LMMOptions{})
	if !r.Singular || r.Random[0].Variance[0].Value != 0 || r.ICC.Value != 0 {
		t.Errorf("singular %v, variance %v, ICC %v", r.Singular, r.Random[0].Variance[0], r.ICC)
	}
	near(t, "df", r.Coefficients[1].Satterthwaite.DF, 30*4-2, 1e-9)
	if !r.Coefficients[1].Satterthwaite.CI.OK() || !r.Coefficients[1].KenwardRoger.CI.OK() {
		t.Error("the fixed effects are not estimated")
	}
	r = fitLMM(t, build(t, "y ~ week + (week | id)", l.columns()), LMMOptions{})
	if !r.Singular || r.Reason != "" || !r.Coefficients[1].Satterthwaite.P.OK() {
		t.Errorf("singular %v, reason %q", r.Singular, r.Reason)
	}
}

func TestWhatCannotBeFittedIsAReason(t *testing.T) {
	t.Parallel()
	l := simulated(7, 8, 3, 0)
	constant, exact, steps, infinite := make([]float64, 24), make([]float64, 24), make([]float64, 24), slices.Clone(l.y)
	missing := make([]float64, 24)
	for i := range constant {
		constant[i], exact[i], steps[i] = 0.1, 3+0.1*l.week[i], l.id[i]+0.3*l.week[i]
		missing[i] = math.NaN()
	}
	infinite[3] = math.Inf(1)
	columns := append(l.columns(), design.Numeric("constant", constant), design.Numeric("exact", exact),
		design.Numeric("steps", steps), design.Numeric("infinite", infinite), design.Numeric("one", constant),
		design.Numeric("missing", missing))
	for formula, want := range map[string]analysis.Reason{
		"constant ~ week + (1 | id)":             analysis.ReasonPerfectFit,
		"exact ~ week + (1 | id)":                analysis.ReasonPerfectFit,
		"steps ~ week + (1 | id)":                analysis.ReasonPerfectFit,
		"infinite ~ week + (1 | id)":             analysis.ReasonInfiniteInput,
		"missing ~ week + (1 | id)":              analysis.ReasonNoData,
		"y ~ week + (1 | one)":                   analysis.ReasonGroupsTooFew2,
		"y ~ week + (1 | id:week)":               analysis.ReasonNotIdentified,
		"y ~ week + (factor(week) | id)":         analysis.ReasonNotIdentified,
		"y ~ factor(id)*week + (1 | id)":         "",
		"y ~ factor(id)*factor(week) + (1 | id)": analysis.ReasonNotIdentified,
	} {
		r := fitLMM(t, build(t, formula, columns), LMMOptions{})
		if r.Reason != want {
			t.Errorf("%s: got reason %q, want %q", formula, r.Reason, want)
		}
		if want != "" && (r.Coefficients[0].Satterthwaite.P.Reason != want || r.Residual.Reason != want || r.AIC.Reason != want) {
			t.Errorf("%s: the estimates do not carry the reason: %+v", formula, r)
		}
	}
	r := fitLMM(t, build(t, "exact ~ week + (1 | id)", columns), LMMOptions{})
	near(t, "slope of a perfect fit", r.Coefficients[1].Estimate, 0.1, 1e-14)
	r = fitLMM(t, build(t, "y ~ week + I(2*week) + (1 | id)", columns), LMMOptions{})
	if got := r.Coefficients[2]; got.Estimate.Reason != analysis.ReasonAliased || !r.Coefficients[1].Satterthwaite.P.OK() {
		t.Errorf("aliased effect: %+v", got)
	}
	r = fitLMM(t, build(t, "y ~ week + (1 | id)", columns), LMMOptions{Level: 2})
	if r.Reason != analysis.ReasonInvalidOption {
		t.Errorf("level 2: got reason %q", r.Reason)
	}
}

func TestAPersonWithOneRowStillCounts(t *testing.T) {
	t.Parallel()
	l := simulated(8, 12, 4, 0)
	for i := range l.y {
		if i < 16 && i%4 != 0 {
			l.y[i] = math.NaN()
		}
	}
	r := fitLMM(t, build(t, "y ~ week + (week | id)", l.columns()), LMMOptions{})
	if r.Groups != 12 || r.Rows != 36 || r.Excluded != 12 || r.Reason != "" {
		t.Errorf("groups %d, rows %d, excluded %d, reason %q", r.Groups, r.Rows, r.Excluded, r.Reason)
	}
	if n := len(r.RandomEffects()); n != 24 {
		t.Errorf("%d random effects", n)
	}
}

func TestModelsThatAreNotSupportedAreErrors(t *testing.T) {
	t.Parallel()
	columns := simulated(9, 6, 3, 0).columns()
	for formula, want := range map[string]error{
		"y ~ week":                        ErrNoRandomEffects,
		"y ~ week + (1 | id) + (1 | arm)": ErrSeveralGroups,
	} {
		if _, err := LMM(t.Context(), build(t, formula, columns), LMMOptions{}); !errors.Is(err, want) {
			t.Errorf("%s: got %v", formula, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := LMM(ctx, build(t, "y ~ week + (1 | id)", columns), LMMOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

func TestAModelAnswersAfterItsDesignGaveUpItsColumns(t *testing.T) {
	t.Parallel()
	columns := simulated(5, 20, 5, 0.2).columns()
	for _, formula := range []string{"y ~ week*arm + (week | id)", "y ~ 0 + arm + week + (1 | id)"} {
		d := build(t, formula, columns)
		r := fitLMM(t, d, LMMOptions{})
		weights := make([]float64, len(d.X))
		weights[0], weights[len(weights)-1] = 1, -1
		before := r.Contrast("difference", weights)
		fitted, residuals := r.Fitted()
		d.Release()
		if diff := cmp.Diff(r.Contrast("difference", weights), before); diff != "" {
			t.Errorf("%s: %s", formula, diff)
		}
		againFitted, againResiduals := r.Fitted()
		if diff := cmp.Diff([][]float64{againFitted, againResiduals}, [][]float64{fitted, residuals}); diff != "" {
			t.Errorf("%s: %s", formula, diff)
		}
	}
}
