package mixed

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// everyStructure with parameters at which it is positive definite for 4 visits.
func everyStructure() map[string]struct {
	structure structure
	theta     []float64
} {
	type point = struct {
		structure structure
		theta     []float64
	}
	sds := []float64{0.1, -0.2, 0.3, 0}
	return map[string]point{
		"us":     {factored{m: 4, free: freeElements(make([]int, 4))}, []float64{1.1, 0.3, 0.9, -0.2, 0.4, 1.2, 0.1, 0.2, 0.3, 0.8}},
		"toeph":  {correlated{HeterogeneousToeplitz, 4}, append(slices.Clone(sds), 0.5, 0.3, 0.1)},
		"toep":   {correlated{Toeplitz, 4}, []float64{0.2, 0.5, 0.3, 0.1}},
		"ar1h":   {correlated{HeterogeneousAR1, 4}, append(slices.Clone(sds), -0.6)},
		"ar1":    {correlated{AR1, 4}, []float64{0.2, 0.7}},
		"csh":    {correlated{HeterogeneousCS, 4}, append(slices.Clone(sds), 0.4)},
		"cs":     {correlated{CompoundSymmetry, 4}, []float64{0.2, -0.2}},
		"scaled": {scaledFactor{4}, []float64{0.1, -0.2, 0.3, 0, 0.5, 0.3, -0.1, 0.2, 0.4, 0.6}},
	}
}

func TestDerivativesOfEveryStructureAreThoseOfDifferences(t *testing.T) {
	t.Parallel()
	d := build(t, "y ~ arm*factor(week)", simulated(11, 12, 4, 0.2).columns(), "id", "week")
	mo, ok := gatherVisits(newResponse(d).columns(), d.Keys[0].Codes, 12, d.Keys[1].Codes, 4)
	if !ok {
		t.Fatal("duplicate visits")
	}
	for name, s := range everyStructure() {
		for _, ml := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ml), func(t *testing.T) {
				checkSlopes(t, &full{moments: mo, structure: s.structure, ml: ml}, s.theta)
			})
		}
	}
}

func TestBlocksOfPeopleGiveWhatTheirProductsGive(t *testing.T) {
	t.Parallel()
	d := build(t, "y ~ arm*factor(week)", simulated(22, 40, 4, 0.3).columns(), "id", "week")
	objectives := make([]*full, 2)
	for i := range objectives {
		mo, ok := gatherVisits(newResponse(d).columns(), d.Keys[0].Codes, len(d.Keys[0].Levels), d.Keys[1].Codes, 4)
		if !ok {
			t.Fatal("duplicate visits")
		}
		for _, c := range mo.classes {
			if c.summed || len(c.blocks) > 2 {
				t.Fatalf("%d designs in one class", len(c.blocks))
			}
			if i == 1 {
				c.sum(mo.k)
			}
		}
		objectives[i] = &full{moments: mo, structure: factored{m: 4, free: freeElements(make([]int, 4))}}
	}
	theta := everyStructure()["us"].theta
	a, b := objectives[0].value(theta), objectives[1].value(theta)
	if math.Abs(a-b) > 1e-12*math.Abs(b) {
		t.Errorf("value: got %v, want %v", a, b)
	}
	ga, ha := objectives[0].slopes(theta)
	gb, hb := objectives[1].slopes(theta)
	for i, want := range append(gb, hb...) {
		if got := append(ga, ha...)[i]; math.Abs(got-want) > 1e-10*(1+math.Abs(want)) {
			t.Errorf("slope %d: got %v, want %v", i, got, want)
		}
	}
}

func TestACovariateOfEachPersonIsTheDenseModelToo(t *testing.T) {
	t.Parallel()
	l := simulated(23, 26, 2, 0.1)
	age := make([]float64, len(l.y))
	for i := range age {
		age[i] = 40 + 10*math.Sin(l.id[i]*l.id[i])
	}
	d := build(t, "y ~ arm*factor(week) + age", append(l.columns(), design.Numeric("age", age)), "id", "week")
	r := fitMMRM(t, d, MMRMOptions{})
	theta := []float64{r.Covariances[0][0].Value, r.Covariances[1][0].Value, r.Covariances[1][1].Value}
	newDense(d, visitParts(d), false).check(t, theta, r.LogLikelihood.Value, r.Coefficients, nil)
}

func TestCompleteDataAreMultivariateLeastSquaresWithoutIteration(t *testing.T) {
	t.Parallel()
	l := simulated(12, 30, 5, 0)
	d := build(t, "y ~ arm*factor(week)", l.columns(), "id", "week")
	r := fitMMRM(t, d, MMRMOptions{})
	if r.Iterations != 0 || r.Patterns != 1 {
		t.Errorf("%d iterations, %d patterns", r.Iterations, r.Patterns)
	}
	// The residuals from the means of each arm and week, over n − 2.
	means := mat.NewDense(2, 5, nil)
	for i, y := range l.y {
		at, w := int(l.arm[i]), int(l.week[i])
		means.Set(at, w, means.At(at, w)+y/15)
	}
	for a := range 5 {
		for b := range a + 1 {
			want := 0.0
			for p := range 30 {
				at := p % 2
				want += (l.y[p*5+a] - means.At(at, a)) * (l.y[p*5+b] - means.At(at, b)) / 28
			}
			near(t, fmt.Sprint("covariance ", a, b), r.Covariances[a][b], want, 1e-10)
		}
	}
	for w := range 5 { // the difference of arms at each visit is the two-sample t test
		weights := make([]float64, 10)
		weights[1] = 1
		if w > 0 {
			weights[5+w] = 1
		}
		k := r.Contrast("arm", weights)
		var x, y []float64
		for i, v := range l.y {
			if int(l.week[i]) != w {
				continue
			}
			if l.arm[i] == 1 {
				x = append(x, v)
			} else {
				y = append(y, v)
			}
		}
		want := analysis.WelchT(x, y, 0.95).Student
		near(t, "t", k.Satterthwaite.T, want.T.Value, 1e-9)
		near(t, "df", k.Satterthwaite.DF, want.DF.Value, 1e-8)
		near(t, "low", k.Satterthwaite.CI.LowEstimate(), want.CI.Low, 1e-8)
		near(t, "KR df", k.KenwardRoger.DF, want.DF.Value, 1e-8)
		near(t, "KR SE", k.KenwardRoger.SE, k.Satterthwaite.SE.Value, 1e-9)
	}
}

func TestCompoundSymmetryIsARandomIntercept(t *testing.T) {
	t.Parallel()
	l := simulated(13, 40, 4, 0.2)
	a := fitMMRM(t, build(t, "y ~ week*arm", l.columns(), "id", "week"), MMRMOptions{Covariance: CompoundSymmetry})
	b := fitLMM(t, build(t, "y ~ week*arm + (1 | id)", l.columns()), LMMOptions{})
	near(t, "logLik", a.LogLikelihood, b.LogLikelihood.Value, 1e-12)
	near(t, "covariance", a.Covariances[1][0], b.Random[0].Variance[0].Value, 1e-7)
	near(t, "variance", a.Covariances[2][2], b.Random[0].Variance[0].Value+b.Residual.Value, 1e-8)
	for i, k := range b.Coefficients {
		near(t, k.Name, a.Coefficients[i].Estimate, k.Estimate.Value, 1e-8)
		near(t, k.Name+" df", a.Coefficients[i].Satterthwaite.DF, k.Satterthwaite.DF.Value, 1e-6)
	}
}

func TestStructuresNestInEachOther(t *testing.T) {
	t.Parallel()
	d := build(t, "y ~ arm*factor(week)", simulated(14, 40, 4, 0.2).columns(), "id", "week")
	logLik := map[Covariance]float64{}
	for _, c := range []Covariance{Unstructured, HeterogeneousToeplitz, Toeplitz, HeterogeneousAR1, AR1, HeterogeneousCS, CompoundSymmetry} {
		r := fitMMRM(t, d, MMRMOptions{Covariance: c})
		if r.Reason != "" || r.CovarianceParameters != c.Parameters(4) {
			t.Fatalf("%s: reason %q, %d parameters", c, r.Reason, r.CovarianceParameters)
		}
		logLik[c] = r.LogLikelihood.Value
	}
	for _, pair := range [][2]Covariance{
		{Unstructured, HeterogeneousToeplitz}, {HeterogeneousToeplitz, Toeplitz}, {HeterogeneousToeplitz, HeterogeneousAR1},
		{HeterogeneousToeplitz, HeterogeneousCS}, {Toeplitz, AR1}, {Toeplitz, CompoundSymmetry}, {HeterogeneousAR1, AR1},
		{HeterogeneousCS, CompoundSymmetry},
	} {
		if logLik[pair[0]] < logLik[pair[1]]-1e-9 {
			t.Errorf("%s has a lower likelihood than %s, which it contains", pair[0], pair[1])
		}
	}
	two := build(t, "y ~ factor(week)", simulated(15, 30, 2, 0.1).columns(), "id", "week")
	us := fitMMRM(t, two, MMRMOptions{Covariance: HeterogeneousCS})
	near(t, "two visits", fitMMRM(t, two, MMRMOptions{}).LogLikelihood, us.LogLikelihood.Value, 1e-12)
}

func TestScaleShiftAndOrderCarryThroughAMarginalModel(t *testing.T) {
	t.Parallel()
	l := simulated(16, 30, 4, 0.2)
	formula := "y ~ arm*factor(week)"
	base := fitMMRM(t, build(t, formula, l.columns(), "id", "week"), MMRMOptions{})
	for _, c := range []float64{1, 1e-9, 1e120} {
		var moved long
		for i := range l.y {
			j := (i*37 + 5) % len(l.y)
			moved.id, moved.week = append(moved.id, l.id[j]), append(moved.week, l.week[j])
			moved.arm, moved.y = append(moved.arm, l.arm[j]), append(moved.y, c*(l.y[j]-500))
		}
		r := fitMMRM(t, build(t, formula, moved.columns(), "id", "week"), MMRMOptions{})
		near(t, "intercept", r.Coefficients[0].Estimate, c*(base.Coefficients[0].Estimate.Value-500), 1e-10)
		for i, k := range base.Coefficients {
			near(t, k.Name+" SE", r.Coefficients[i].Satterthwaite.SE, c*k.Satterthwaite.SE.Value, 1e-8)
			near(t, k.Name+" df", r.Coefficients[i].Satterthwaite.DF, k.Satterthwaite.DF.Value, 1e-7)
		}
	}
}

func TestTheLadderFallsToWhatTheDataAllow(t *testing.T) {
	t.Parallel()
	// Three people at four visits are too few for ten covariances.
	d := build(t, "y ~ factor(week)", simulated(17, 3, 4, 0).columns(), "id", "week")
	r := fitMMRM(t, d, MMRMOptions{})
	if r.Reason == "" || r.Coefficients[1].Estimate.OK() || r.Covariances[0][0].OK() {
		t.Fatalf("three people carry ten covariances: %+v", r.Coefficients)
	}
	r = fitMMRM(t, d, MMRMOptions{Fallback: Ladder()})
	if r.Reason != "" || r.Covariance == Unstructured || len(r.Attempts) < 2 || r.Attempts[0].Reason == "" {
		t.Errorf("used %q after %v, reason %q", r.Covariance, r.Attempts, r.Reason)
	}
	if last := r.Attempts[len(r.Attempts)-1]; last.Covariance != r.Covariance || last.Reason != "" {
		t.Errorf("last attempt %v, used %q", last, r.Covariance)
	}
}

func TestWhatAMarginalModelCannotFitIsAReason(t *testing.T) {
	t.Parallel()
	l := simulated(18, 20, 3, 0)
	constant, oneVisit, never, twice := make([]float64, 60), slices.Clone(l.y), slices.Clone(l.y), slices.Clone(l.week)
	for i := range constant {
		constant[i] = 0.1
		if l.week[i] == 1 {
			oneVisit[i] = 7
		}
		if p := int(l.id[i]); l.week[i] == float64(1+p%2) {
			never[i] = math.NaN() // nobody has weeks 1 and 2
		}
	}
	twice[1] = 0
	columns := append(l.columns(), design.Numeric("constant", constant), design.Numeric("oneVisit", oneVisit),
		design.Numeric("never", never), design.Numeric("twice", twice), design.Numeric("all", constant))
	for _, c := range []struct {
		formula string
		keys    [2]string
		want    analysis.Reason
	}{
		{"constant ~ arm", [2]string{"id", "week"}, analysis.ReasonPerfectFit},
		{"oneVisit ~ arm*factor(week)", [2]string{"id", "week"}, analysis.ReasonSingularCovariance},
		{"never ~ arm*factor(week)", [2]string{"id", "week"}, analysis.ReasonNoPairs},
		{"y ~ arm", [2]string{"id", "twice"}, analysis.ReasonDuplicateVisit},
		{"y ~ arm", [2]string{"all", "week"}, analysis.ReasonGroupsTooFew2},
		{"y ~ factor(id)*factor(week)", [2]string{"id", "week"}, analysis.ReasonNotIdentified},
	} {
		r := fitMMRM(t, build(t, c.formula, columns, c.keys[0], c.keys[1]), MMRMOptions{})
		if r.Reason != c.want || r.Coefficients[0].Satterthwaite.P.OK() || r.AIC.OK() {
			t.Errorf("%s: got reason %q, want %q", c.formula, r.Reason, c.want)
		}
	}
	r := fitMMRM(t, build(t, "y ~ arm", columns[:4], "id", "id"), MMRMOptions{})
	if r.Reason == "" {
		t.Error("one visit a person, all different, is fitted")
	}
}

func TestOneVisitIsOrdinaryRegression(t *testing.T) {
	t.Parallel()
	l := simulated(19, 30, 1, 0)
	r := fitMMRM(t, build(t, "y ~ arm", l.columns(), "id", "week"), MMRMOptions{})
	if r.Reason != "" || r.Coefficients[1].Satterthwaite.DF.Value-28 > 1e-8 {
		t.Errorf("reason %q, df %v", r.Reason, r.Coefficients[1].Satterthwaite.DF)
	}
	for _, c := range []Covariance{AR1, CompoundSymmetry, Toeplitz, HeterogeneousToeplitz} {
		again := fitMMRM(t, build(t, "y ~ arm", l.columns(), "id", "week"), MMRMOptions{Covariance: c})
		near(t, string(c), again.Coefficients[1].Satterthwaite.P, r.Coefficients[1].Satterthwaite.P.Value, 1e-9)
	}
}

func TestMarginalModelsThatAreNotSupportedAreErrors(t *testing.T) {
	t.Parallel()
	columns := simulated(20, 6, 3, 0).columns()
	if _, err := MMRM(t.Context(), build(t, "y ~ week", columns), MMRMOptions{}); !errors.Is(err, ErrKeys) {
		t.Errorf("no keys: got %v", err)
	}
	if _, err := MMRM(t.Context(), build(t, "y ~ week + (1|id)", columns, "id", "week"), MMRMOptions{}); !errors.Is(err, ErrRandomEffects) {
		t.Errorf("random effects: got %v", err)
	}
	d := build(t, "y ~ week", columns, "id", "week")
	if _, err := MMRM(t.Context(), d, MMRMOptions{Fallback: []Covariance{"sp_exp"}}); !errors.Is(err, ErrCovariance) {
		t.Errorf("structure: got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	incomplete := build(t, "y ~ week", simulated(21, 20, 3, 0.3).columns(), "id", "week")
	if _, err := MMRM(ctx, incomplete, MMRMOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}
