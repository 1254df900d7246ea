package factor

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tidemark/analysis"
)

// simulated draws answers of n people that one factor explains, item i with the
// loading and an intercept of i, unit residual variance.
func simulated(seed uint64, n int, loadings ...float64) [][]float64 {
	random := rand.New(rand.NewPCG(seed, 1))
	items := make([][]float64, len(loadings))
	for range n {
		f := random.NormFloat64()
		for i, l := range loadings {
			items[i] = append(items[i], float64(i)+l*f+random.NormFloat64())
		}
	}
	return items
}

func omega(t interface{ Fatal(...any) }, items [][]float64, opt OmegaOptions) OmegaResult {
	r, err := Omega(context.Background(), items, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDerivativesAreThoseOfDifferences(t *testing.T) {
	t.Parallel()
	items := append(simulated(1, 80, 1, 0.8, 0.9), simulated(2, 80, 0.7, 1, 0.8)...)
	s, why := newSample(items, unitsOf(items))
	if why != "" {
		t.Fatal(why)
	}
	parts := []part{newPart(block(s, 0, 3)), newPart(block(s, 3, 3))}
	m := model{structure: structure{items: 6, factors: 2, means: true, groups: make([][]element, 1)}}
	m.measurement(parts, Scalar, func(w int) (group, item, factor int) { return 0, 3 * w, w })
	m.overTime(parts, s)
	random := rand.New(rand.NewPCG(3, 3))
	at := slices.Clone(m.start)
	for i := range at {
		at[i] += 0.1 * random.NormFloat64() // away from the minimum
	}
	d := newDiscrepancy(&m.structure, []sample{s})
	if !d.at(at, true) {
		t.Fatal("the point has no covariance matrix")
	}
	gradient, hessian := slices.Clone(d.gradient), slices.Clone(d.hessian)
	const h = 1e-5
	side := func(k int, by float64) (float64, []float64) {
		x := slices.Clone(at)
		x[k] += by
		d.at(x, true)
		return d.value, slices.Clone(d.gradient)
	}
	n := m.params
	for k := range n {
		up, gUp := side(k, h)
		down, gDown := side(k, -h)
		if got, want := gradient[k], (up-down)/(2*h); math.Abs(got-want) > 1e-8 {
			t.Errorf("gradient %d: got %v, want %v", k, got, want)
		}
		for l := range n {
			if got, want := hessian[k*n+l], (gUp[l]-gDown[l])/(2*h); math.Abs(got-want) > 1e-6 {
				t.Errorf("second derivative (%d, %d): got %v, want %v", k, l, got, want)
			}
		}
	}
}

func TestOmegaOfEquallyGoodItemsIsAlpha(t *testing.T) {
	t.Parallel()
	// Equal covariances and variances: the items are parallel.
	random := rand.New(rand.NewPCG(4, 4))
	items := parallelItems(random, 40, 4, 0.6)
	r := omega(t, items, OmegaOptions{})
	alpha := analysis.Alpha(items, analysis.AlphaOptions{}).Alpha
	if d := cmp.Diff(r.Omega, alpha, cmpopts.EquateApprox(1e-9, 0)); d != "" {
		t.Errorf("omega of parallel items is not alpha (-got +want):\n%s", d)
	}
}

// parallelItems draws columns whose sample covariance is exactly r off and 1 on
// the diagonal, by the Gram–Schmidt process.
func parallelItems(random *rand.Rand, n, k int, r float64) [][]float64 {
	q := make([][]float64, k+1)
	for i := range q {
		q[i] = make([]float64, n)
		mean := 0.0
		for p := range q[i] {
			q[i][p] = random.NormFloat64()
			mean += q[i][p] / float64(n)
		}
		for p := range q[i] {
			q[i][p] -= mean
		}
		for _, other := range q[:i] {
			var dot, square float64
			for p, v := range other {
				dot += v * q[i][p]
				square += v * v
			}
			for p, v := range other {
				q[i][p] -= dot / square * v
			}
		}
		norm := 0.0
		for _, v := range q[i] {
			norm += v * v
		}
		for p := range q[i] {
			q[i][p] *= math.Sqrt(float64(n-1) / norm)
		}
	}
	items := make([][]float64, k)
	for i := range items {
		items[i] = make([]float64, n)
		for p := range items[i] {
			items[i][p] = math.Sqrt(r)*q[k][p] + math.Sqrt(1-r)*q[i][p]
		}
	}
	return items
}

func TestOmegaDoesNotDependOnOrderUnitOrKeys(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := simulated(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(30, 80).Draw(t, "people"), 1, 0.7, 0.9, 0.5)
		want := omega(t, items, OmegaOptions{})
		if !want.Omega.OK() {
			return
		}
		var moved, standard [][]float64
		for i, x := range items {
			x = slices.Clone(x)
			slices.Reverse(x)
			d := analysis.Describe(x, 0.95)
			z := slices.Clone(x)
			for p := range x {
				z[p] = (x[p] - d.Mean.Value) / d.SD.Value
				x[p] *= 8
				if i == 2 {
					x[p] = 40 - x[p]
				}
			}
			moved, standard = append(moved, x), append(standard, z)
		}
		slices.Reverse(moved)
		got := omega(t, moved, OmegaOptions{Options: Options{Keys: []int{1, -1, 1, 1}, Min: 0, Max: 40}})
		for name, pair := range map[string][2]analysis.Estimate{
			"omega":              {got.Omega, want.Omega},
			"standardised omega": {got.OmegaStandardised, want.OmegaStandardised},
			"psych's omega":      {got.OmegaPsych, want.OmegaPsych},
			"omega of z-scores":  {omega(t, standard, OmegaOptions{}).Omega, want.OmegaStandardised},
		} {
			if d := cmp.Diff(pair[0], pair[1], cmpopts.EquateApprox(1e-7, 1e-9)); d != "" {
				t.Fatalf("%s (-got +want):\n%s", name, d)
			}
		}
	})
}

func TestANegativeResidualVarianceIsNamed(t *testing.T) {
	t.Parallel()
	// Correlations that one factor explains only if the first item has more than
	// all of its variance in common: r₁₂r₁₃/r₂₃ = 0.8·0.7/0.3 > 1.
	items := withCorrelations(50, []float64{1, 0.8, 0.7, 0.8, 1, 0.3, 0.7, 0.3, 1})
	r := omega(t, items, OmegaOptions{Options: Options{Names: []string{"calm", "kind", "clear"}}})
	if r.Omega.Reason != analysis.ReasonImproper || r.OmegaPsych.Reason != analysis.ReasonImproper {
		t.Errorf("got omega %v and %v, want a reason", r.Omega, r.OmegaPsych)
	}
	if d := cmp.Diff(append(r.Heywood, r.HeywoodMinres...), []string{"calm", "calm"}); d != "" {
		t.Errorf("Heywood cases (-got +want):\n%s", d)
	}
	c, err := CFA(context.Background(), items, Options{})
	if err != nil || c.Fit.Reason != analysis.ReasonImproper || c.Items[0].Standardised.Reason != analysis.ReasonImproper {
		t.Errorf("got fit %q, loading %v (%v)", c.Fit.Reason, c.Items[0].Standardised, err)
	}
	if !c.Fit.ChiSquare.OK() {
		t.Errorf("got χ² %v, want that of the minimum", c.Fit.ChiSquare)
	}
}

// withCorrelations returns three columns with exactly these sample correlations.
func withCorrelations(n int, r []float64) [][]float64 {
	q := parallelItems(rand.New(rand.NewPCG(6, 6)), n, 3, 0)
	l21, l31 := r[3], r[6]
	l22 := math.Sqrt(1 - l21*l21)
	l32 := (r[7] - l31*l21) / l22
	l33 := math.Sqrt(1 - l31*l31 - l32*l32)
	items := [][]float64{slices.Clone(q[0]), make([]float64, n), make([]float64, n)}
	for p := range n {
		items[1][p] = l21*q[0][p] + l22*q[1][p]
		items[2][p] = l31*q[0][p] + l32*q[1][p] + l33*q[2][p]
	}
	return items
}

// Every item loads 0.6 on a general factor and 0.5 on one of three others, so
// that the shares are known.
func TestTheGeneralFactorIsToldFromGroupFactors(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 9))
	const n, perGroup, groups = 20000, 4, 3
	items := make([][]float64, perGroup*groups)
	for range n {
		general := random.NormFloat64()
		for g := range groups {
			own := random.NormFloat64()
			for i := range perGroup {
				unique := math.Sqrt(1-0.36-0.25) * random.NormFloat64()
				items[g*perGroup+i] = append(items[g*perGroup+i], 0.6*general+0.5*own+unique)
			}
		}
	}
	r, err := OmegaHierarchical(context.Background(), items, groups, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Of the variance of the sum, (12·0.6)² is general, 3·(4·0.5)² of groups.
	all := 7.2*7.2 + 3*4 + 12*(1-0.36-0.25)
	for name, pair := range map[string][2]float64{
		"hierarchical": {r.Hierarchical.Value, 7.2 * 7.2 / all},
		"total":        {r.Total.Value, 1 - 12*(1-0.36-0.25)/all},
	} {
		if math.Abs(pair[0]-pair[1]) > 0.02 {
			t.Errorf("%s: got %v, want about %v", name, pair[0], pair[1])
		}
	}
	for factors, want := range map[int]analysis.Reason{1: analysis.ReasonInvalidOption, 9: analysis.ReasonNotIdentified} {
		r, err := OmegaHierarchical(context.Background(), items, factors, Options{})
		if err != nil || r.Total.Reason != want || r.Hierarchical.Reason != want {
			t.Errorf("%d factors: got %v (%v), want %q", factors, r.Total, err, want)
		}
	}
}
