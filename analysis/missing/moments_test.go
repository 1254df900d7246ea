package missing

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tidemark/analysis"
)

var nan = math.NaN()

// table draws 2 to 4 columns in halves with missing values and some relation
// between neighbours.
func table(t *rapid.T) [][]float64 {
	n := rapid.IntRange(8, 25).Draw(t, "people")
	columns := make([][]float64, rapid.IntRange(2, 4).Draw(t, "columns"))
	level := rapid.SliceOfN(rapid.IntRange(0, 8), n, n).Draw(t, "level")
	for j := range columns {
		columns[j] = make([]float64, n)
		for i := range columns[j] {
			columns[j][i] = float64(level[i]+rapid.IntRange(0, 6).Draw(t, "own")) / 2
			if rapid.IntRange(0, 5).Draw(t, "missing") == 0 {
				columns[j][i] = nan
			}
		}
	}
	return columns
}

func little(t interface{ Fatal(...any) }, columns [][]float64) LittleResult {
	r, err := Little(context.Background(), columns)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLittlesTestDoesNotDependOnOrderOrUnit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := table(t)
		want := little(t, columns)
		if !want.P.OK() {
			return
		}
		var moved [][]float64
		for j, x := range columns {
			x = slices.Clone(x)
			slices.Reverse(x)
			for i := range x {
				x[i] = x[i]*float64(-2-j) + 100
			}
			moved = append(moved, x)
		}
		slices.Reverse(moved)
		got := little(t, moved)
		for name, pair := range map[string][2]analysis.Estimate{
			"d²": {got.ChiSquare, want.ChiSquare}, "p": {got.P, want.P}, "df": {got.DF, want.DF},
		} {
			if d := cmp.Diff(pair[0], pair[1], cmpopts.EquateApprox(1e-6, 1e-9)); d != "" {
				t.Fatalf("%s (-got +want):\n%s", name, d)
			}
		}
	})
}

func TestMomentsOfCompleteColumnsAreTheUsualOnes(t *testing.T) {
	t.Parallel()
	x, y := []float64{1, 2, 4, 5, 9}, []float64{2, 1, 5, 5, 7}
	m, err := Moments(context.Background(), [][]float64{x, y})
	if err != nil {
		t.Fatal(err)
	}
	want := MomentsResult{
		N: 5, Patterns: 1, Mean: []float64{4.2, 4}, Covariance: [][]float64{{7.76, 5.6}, {5.6, 4.8}},
		LogLikelihood: m.LogLikelihood, Iterations: m.Iterations,
	}
	if d := cmp.Diff(m, want, cmpopts.EquateApprox(1e-12, 0)); d != "" {
		t.Errorf("moments (-got +want):\n%s", d)
	}
	if got := little(t, [][]float64{x, y}).P.Reason; got != analysis.ReasonNothingMissing {
		t.Errorf("Little's test of complete data: got reason %q, want %q", got, analysis.ReasonNothingMissing)
	}
}

func TestMomentsThatDoNotExistAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		columns [][]float64
		want    analysis.Reason
	}{
		"no columns":       {nil, analysis.ReasonNoData},
		"no values":        {[][]float64{{nan, nan}, {nan}}, analysis.ReasonNoData},
		"one empty column": {[][]float64{{1, 2, 3}, {nan, nan, nan}}, analysis.ReasonNoData},
		"one value":        {[][]float64{{1, 2, 3}, {nan, 4, nan}}, analysis.ReasonTooFew2},
		"constant":         {[][]float64{{1, 2, 3}, {4, 4, 4}}, analysis.ReasonZeroVariance},
		"never together":   {[][]float64{{1, 2, nan, nan}, {nan, nan, 3, 4}}, analysis.ReasonNoPairs},
		"dependent":        {[][]float64{{1, 2, 3, 5, 1}, {2, 4, 6, 10, nan}}, analysis.ReasonSingular},
		"infinite":         {[][]float64{{1, 2, math.Inf(1)}, {1, 2, 3}}, analysis.ReasonInfiniteInput},
	} {
		m, err := Moments(context.Background(), c.columns)
		if err != nil || m.Reason != c.want || m.LogLikelihood.Reason != c.want {
			t.Errorf("%s: got reason %q (%v), want %q", name, m.Reason, err, c.want)
		}
		if p := little(t, c.columns).P; p.Reason != c.want {
			t.Errorf("%s, Little's test: got %v, want %q", name, p, c.want)
		}
	}
}

func TestMomentsStopWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Moments(ctx, [][]float64{{1, 2, 4}, {1, nan, 3}}); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
}

func TestPatternsCountWhoAnsweredWhat(t *testing.T) {
	t.Parallel()
	got := Patterns([][]float64{{1, 2, 3, nan, 5}, {1, nan, 2, nan, 5}, {nan, nan, 1}})
	want := Missingness{
		N: 5, Complete: 1, Empty: 1, Observed: []int{4, 3, 1}, Monotone: true,
		Patterns: []Pattern{
			{[]bool{true, true, false}, 2},
			{[]bool{true, true, true}, 1},
			{[]bool{true, false, false}, 1},
			{[]bool{false, false, false}, 1},
		},
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("patterns (-got +want):\n%s", d)
	}
	if Patterns([][]float64{{nan, 1}, {2, 1}}).Monotone {
		t.Error("a gap counts as monotone")
	}
}
