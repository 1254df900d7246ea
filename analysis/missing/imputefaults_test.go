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

func TestWhatCannotBeImputedIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		columns [][]float64
		opt     ImputeOptions
		want    analysis.Reason
	}{
		"nothing":        {nil, ImputeOptions{}, analysis.ReasonNoData},
		"nobody":         {[][]float64{{}}, ImputeOptions{}, analysis.ReasonNoData},
		"empty column":   {[][]float64{{1, 2}, {nan, nan}}, ImputeOptions{}, analysis.ReasonNoDonors},
		"one value":      {[][]float64{{1, 2}, {nan, 1}}, ImputeOptions{}, analysis.ReasonNoDonors},
		"lengths differ": {[][]float64{{1, 2}, {1}}, ImputeOptions{}, analysis.ReasonInvalidOption},
		"infinite":       {[][]float64{{1, math.Inf(1)}, {1, nan}}, ImputeOptions{}, analysis.ReasonInfiniteInput},
		"huge":           {[][]float64{{1, 1e200}, {1, nan}}, ImputeOptions{}, analysis.ReasonOutOfRange},
		"imputations":    {[][]float64{{1, 2}}, ImputeOptions{M: -1}, analysis.ReasonInvalidOption},
		"visit":          {[][]float64{{1, 2}}, ImputeOptions{Visit: "backwards"}, analysis.ReasonInvalidOption},
		"arms":           {[][]float64{{1, 2}}, ImputeOptions{Arms: []string{"a"}}, analysis.ReasonInvalidOption},
		"within no arms": {[][]float64{{1, 2}}, ImputeOptions{WithinArms: true}, analysis.ReasonInvalidOption},
	} {
		r := impute(t, c.columns, c.opt)
		if r.Reason != c.want || r.Completed(0, nil) != nil {
			t.Errorf("%s: got reason %q, want %q", name, r.Reason, c.want)
		}
		q, err := Pool(context.Background(), &r, PoolOptions{}, nil)
		if err != nil || q[0].Estimate.Reason != c.want {
			t.Errorf("%s, pooled: got %v (%v)", name, q, err)
		}
	}
}

func TestImputationStopsWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Impute(ctx, readColumns(t), ImputeOptions{M: 1000, Progress: func(done, _ int) {
		if done == 2 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
}

func TestAnErrorOfTheAnalysisIsReturned(t *testing.T) {
	t.Parallel()
	r := impute(t, [][]float64{{1, 2, nan}}, ImputeOptions{M: 4})
	fault := errors.New("no such column")
	if _, err := Pool(context.Background(), &r, PoolOptions{}, func([][]float64) (Fit, error) { return Fit{}, fault }); !errors.Is(err, fault) {
		t.Errorf("got error %v, want %v", err, fault)
	}
}

func TestNoTableBreaksImputation(t *testing.T) {
	t.Parallel()
	number := rapid.OneOf(
		rapid.SampledFrom([]float64{nan, nan, 0, 1, 1e149, -1e149, 5e-324, 1e-300, 1e15, 1e15 + 1, math.Inf(1)}),
		rapid.Map(rapid.IntRange(1, 3), func(i int) float64 { return float64(i) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 10).Draw(t, "people")
		columns := rapid.SliceOfN(rapid.SliceOfN(number, n, n), 0, 5).Draw(t, "columns")
		before := make([][]float64, len(columns))
		for j, x := range columns {
			before[j] = slices.Clone(x)
		}
		r := impute(t, columns, ImputeOptions{M: 2, Iterations: 2})
		for _, c := range r.All {
			for _, x := range c {
				for _, v := range x {
					if !analysis.Finite(v) {
						t.Fatalf("completed with %v", v)
					}
				}
			}
		}
		if d := cmp.Diff(columns, before, cmpopts.EquateNaNs()); d != "" {
			t.Fatalf("columns changed:\n%s", d)
		}
		for j := range columns {
			if e := r.Trace.RHat(j); e.OK() && !analysis.Finite(e.Value) || !e.OK() && !e.Reason.Valid() {
				t.Fatalf("got R̂ %#v", e)
			}
		}
	})
}
