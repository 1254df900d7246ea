package analysis

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func squared(e Estimate) Estimate {
	if e.OK() {
		e.Value *= e.Value
	}
	return e
}

// sameIfBoth compares two estimates that need not fail for the same reason.
func sameIfBoth(t *rapid.T, what string, got, want Estimate) {
	if got.OK() != want.OK() {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
	if got.OK() {
		diff(t, what, got, want)
	}
}

func TestOneWayOfTwoGroupsIsTheTTest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := studyColumns(t)
		anova, test := OneWay([][]float64{x, y}), WelchT(x, y, 0.95)
		if test.Student.T.OK() {
			diff(t, "F", anova.F, squared(test.Student.T))
			diff(t, "p", anova.P, test.Student.P)
			diff(t, "df", anova.DF2, test.Student.DF)
		}
		if anova.Welch.F.OK() {
			diff(t, "Welch F", anova.Welch.F, squared(test.Welch.T))
			diff(t, "Welch df", anova.Welch.DF2, test.Welch.DF)
			diff(t, "Welch p", anova.Welch.P, test.Welch.P)
		}
	})
}

// studyTable draws a table of occasions in eighths, with missing values.
func studyTable(t *rapid.T) [][]float64 {
	k, n := rapid.IntRange(2, 5).Draw(t, "k"), rapid.IntRange(0, 15).Draw(t, "n")
	columns := make([][]float64, k)
	for j := range columns {
		columns[j] = make([]float64, n)
		for i := range n {
			columns[j][i] = float64(rapid.IntRange(0, 80).Draw(t, "eighths")) / 8
			if rapid.IntRange(0, 14).Draw(t, "missing") == 0 {
				columns[j][i] = math.NaN()
			}
		}
	}
	return columns
}

func remade(columns [][]float64, f func([]float64) []float64) [][]float64 {
	out := make([][]float64, len(columns))
	for j, x := range columns {
		out[j] = f(x)
	}
	return out
}

func TestAnovaIgnoresOrderAndUnits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := studyTable(t)
		oneWay, repeated := OneWay(columns), RepeatedAnova(columns)
		order := rapid.Permutation(indices(len(columns[0]))).Draw(t, "order")
		rows := remade(columns, func(x []float64) []float64 { return picked(x, order) })
		diff(t, "rows of one-way", OneWay(rows), oneWay)
		diff(t, "people", RepeatedAnova(rows), repeated)

		shift := float64(rapid.IntRange(-100, 100).Draw(t, "shift"))
		factor := math.Ldexp(1, rapid.IntRange(-20, 20).Draw(t, "power"))
		moved := remade(columns, func(x []float64) []float64 {
			return mapped(x, func(v float64) float64 { return (v + shift) * factor })
		})
		diff(t, "repeated in other units", RepeatedAnova(moved), repeated)
		other := OneWay(moved)
		diff(t, "F in other units", other.F, oneWay.F)
		diff(t, "Welch in other units", other.Welch, oneWay.Welch)
		diff(t, "η²", other.Eta2, oneWay.Eta2)
		if oneWay.SSWithin.OK() {
			diff(t, "SS", other.SSWithin.Value/factor/factor, oneWay.SSWithin.Value)
		}
		turned := remade(columns, func(x []float64) []float64 { return x })
		turned[0], turned[1] = turned[1], turned[0]
		got := RepeatedAnova(turned)
		got.Friedman.MeanRanks, repeated.Friedman.MeanRanks = nil, nil
		diff(t, "order of occasions", got, repeated)
	})
}

func TestRepeatedAnovaOfTwoOccasionsIsThePairedTTest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pre, post := studyColumns(t)
		anova, test := RepeatedAnova([][]float64{pre, post}), PairedT(pre, post, 0.95)
		sameIfBoth(t, "F", anova.F, squared(test.T))
		sameIfBoth(t, "p", anova.P, test.P)
		if anova.F.OK() && (anova.GreenhouseGeisser.Value != 1 || anova.PGG != anova.P || anova.PHF != anova.P) {
			t.Fatalf("two occasions are spherical, got %+v", anova)
		}
		if anova.MauchlyW.OK() {
			t.Fatalf("two occasions have no test of sphericity, got %v", anova.MauchlyW)
		}
	})
}

// The level of a person may be huge beside the changes.
func TestRepeatedAnovaKeepsItsDigitsBesideLargeLevels(t *testing.T) {
	t.Parallel()
	columns := [][]float64{{1, 2, 4, 3}, {2, 4, 5, 3}, {4, 4, 7, 5}}
	want := RepeatedAnova(columns)
	for i, level := range []float64{1e9, -2e9, 3e9, 0} {
		for j := range columns {
			columns[j][i] += level
		}
	}
	got := RepeatedAnova(columns)
	got.Eta2Generalized, got.Friedman = want.Eta2Generalized, want.Friedman
	if d := cmp.Diff(got, want, approx); d != "" {
		t.Errorf("with levels (-got +want):\n%s", d)
	}
}

// Hand computed: ranks 1 2 3, 1 3 2, 1.5 1.5 3 give sums 3.5, 6.5, 8; the
// numerator is 12·(2.5² + 0.5² + 2²) = 126, the denominator 3·3·4 − 6/2 = 33.
func TestFriedmanCorrectsForTies(t *testing.T) {
	t.Parallel()
	r := Friedman([][]float64{{1, 0, 2}, {2, 5, 2}, {3, 4, 9}})
	if got, want := r.ChiSquare.Value, 126.0/33; math.Abs(got-want) > 1e-12 {
		t.Errorf("χ² = %v, want %v", got, want)
	}
	if got := Friedman([][]float64{{1, 2}, {1, 2}}).P; got.Reason != ReasonZeroVariance {
		t.Errorf("got %v where everybody is the same", got)
	}
}

func TestAnovaTestsKeepTheirLevel(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 5))
	const trials, k, n = 3000, 3, 12
	columns := make([][]float64, k)
	var kept, welch, repeated int
	for range trials {
		for j := range columns {
			columns[j] = make([]float64, n+4*j)
			for i := range columns[j] {
				columns[j][i] = random.NormFloat64()
			}
		}
		r := OneWay(columns)
		if r.P.Value >= 0.05 {
			kept++
		}
		if r.Welch.P.Value >= 0.05 {
			welch++
		}
		for i := range n { // one level for each person
			level := 5 * random.NormFloat64()
			for j := range columns {
				columns[j][i] += level
			}
		}
		for j := range columns {
			columns[j] = columns[j][:n]
		}
		if RepeatedAnova(columns).P.Value >= 0.05 {
			repeated++
		}
	}
	wantCoverage(t, kept, trials, 0.95)
	wantCoverage(t, welch, trials, 0.95)
	wantCoverage(t, repeated, trials, 0.95)
}

func TestPrePostControlIsAboutTheDifferenceBetweenArms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := studyColumns(t)
		c, d := studyColumns(t)
		r, swapped := PrePostControl(a, b, c, d, 0.95), PrePostControl(c, d, a, b, 0.95)
		diff(t, "d1", swapped.DPPC1, negated(r.DPPC1))
		diff(t, "d2", swapped.DPPC2, negated(r.DPPC2))
		diff(t, "d3", swapped.DPPC3, negated(r.DPPC3))
		diff(t, "variance", swapped.Variance, r.Variance)
		diff(t, "interval", swapped.CI, mirrored(r.CI))

		add := func(v float64) float64 { return 4*v + 7 }
		moved := PrePostControl(mapped(a, add), mapped(b, add), mapped(c, add), mapped(d, add), 0.95)
		diff(t, "d1 in other units", moved.DPPC1, r.DPPC1)
		diff(t, "d2 in other units", moved.DPPC2, r.DPPC2)
		diff(t, "d3 in other units", moved.DPPC3, r.DPPC3)
		diff(t, "variance in other units", moved.Variance, r.Variance)
	})
}

func TestPrePostControlIntervalsCoverTheirEffect(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(17, 19))
	const trials, n, r, effect = 3000, 40, 0.6, 0.5
	arm := func(shift float64) (pre, post []float64) {
		pre, post = make([]float64, n), make([]float64, n)
		for i := range n {
			pre[i] = random.NormFloat64()
			post[i] = r*pre[i] + math.Sqrt(1-r*r)*random.NormFloat64() + shift
		}
		return pre, post
	}
	covered := 0
	for range trials {
		a, b := arm(0.2 + effect)
		c, d := arm(0.2)
		if ci := PrePostControl(a, b, c, d, 0.95).CI; ci.Low <= effect && effect <= ci.High {
			covered++
		}
	}
	wantCoverage(t, covered, trials, 0.95)
}

func TestNoAnovaPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.SliceOfN(roughColumn(), 0, 5).Draw(t, "columns")
		check(t, "OneWay", OneWay(columns))
		check(t, "RepeatedAnova", RepeatedAnova(columns))
		check(t, "Friedman", Friedman(columns))
		if len(columns) >= 4 {
			level := roughLevel().Draw(t, "level")
			check(t, "PrePostControl", PrePostControl(columns[0], columns[1], columns[2], columns[3], level))
		}
		n := rapid.IntRange(0, 5).Draw(t, "rows")
		even := make([][]float64, rapid.IntRange(0, 4).Draw(t, "k"))
		for j := range even {
			even[j] = rapid.SliceOfN(roughNumber(), n, n).Draw(t, "column")
		}
		check(t, "RepeatedAnova of equal columns", RepeatedAnova(even))
	})
}
