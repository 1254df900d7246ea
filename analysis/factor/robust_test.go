package factor

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidemark/analysis"
)

func TestWhatCannotBeFittedIsNamed(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for name, c := range map[string]struct {
		items [][]float64
		opt   Options
		want  analysis.Reason
	}{
		"nothing":       {nil, Options{}, analysis.ReasonNoData},
		"nobody":        {[][]float64{{nan, nan, 1, 2}, {1, 2, nan, nan}, {2, 3, 3, 5}}, Options{}, analysis.ReasonNoData},
		"two items":     {[][]float64{{1, 2, 3, 4}, {2, 1, 4, 3}}, Options{}, analysis.ReasonItemsTooFew3},
		"constant item": {[][]float64{{1, 2, 3, 4}, {2, 1, 4, 3}, {5, 5, 5, 5}}, Options{}, analysis.ReasonItemsTooFew3},
		"repeated item": {[][]float64{{1, 2, 3, 4}, {2, 1, 4, 3}, {1, 2, 3, 4}}, Options{}, analysis.ReasonSingular},
		"few people":    {[][]float64{{1, 2, 3}, {2, 1, 3}, {1, 3, 2}}, Options{}, analysis.ReasonSingular},
		"infinite":      {[][]float64{{1, 2, math.Inf(1)}, {2, 1, 3}, {1, 3, 2}}, Options{}, analysis.ReasonInfiniteInput},
		"level":         {simulated(1, 20, 1, 1, 1), Options{Level: 3}, analysis.ReasonInvalidOption},
		"keys":          {simulated(1, 20, 1, 1, 1), Options{Keys: []int{1}}, analysis.ReasonInvalidOption},
	} {
		if r := omega(t, c.items, OmegaOptions{Options: c.opt, Resamples: 10}); r.Omega.Reason != c.want || r.CI.Reason != c.want {
			t.Errorf("%s: got omega %v, interval %v, want %q", name, r.Omega, r.CI, c.want)
		}
		r, err := CFA(context.Background(), c.items, c.opt)
		if err != nil || r.Fit.Reason != c.want || r.Fit.CFI.Reason != c.want {
			t.Errorf("%s: got fit %q (%v), want %q", name, r.Fit.Reason, err, c.want)
		}
	}
}

func TestWhatCannotBeComparedIsNamed(t *testing.T) {
	t.Parallel()
	items := simulated(3, 8, 1, 1, 1)
	same := slices.Clone(items)
	same[0] = []float64{1, 2, 3, 4, 5, 5, 5, 5}
	half := []string{"a", "a", "a", "a", "b", "b", "b", "b"}
	for name, c := range map[string]struct {
		items  [][]float64
		groups []string
		want   analysis.Reason
	}{
		"one group":              {items, []string{"a", "a", "a", "a", "a", "a", "a", ""}, analysis.ReasonEmptyGroup},
		"one person":             {items, []string{"a", "a", "a", "a", "a", "a", "a", "b"}, analysis.ReasonGroupTooFew2},
		"constant in a group":    {same, half, analysis.ReasonZeroVariance},
		"labels of other people": {items, []string{"a"}, analysis.ReasonInvalidOption},
		"two items":              {items[:2], half, analysis.ReasonItemsTooFew3},
	} {
		r, err := GroupInvariance(context.Background(), c.items, c.groups, Options{})
		if err != nil || r.Scalar.Reason != c.want || r.MetricTest.P.Reason != c.want || r.MetricTest.Reading != Unread {
			t.Errorf("%s: got %q, p %v (%v), want %q", name, r.Scalar.Reason, r.MetricTest.P, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		waves [][][]float64
		names []string
		want  analysis.Reason
	}{
		"one wave":    {[][][]float64{items}, []string{"a"}, analysis.ReasonColumnsTooFew2},
		"names":       {[][][]float64{items, items}, []string{"a"}, analysis.ReasonInvalidOption},
		"other items": {[][][]float64{items, items[:2]}, []string{"a", "b"}, analysis.ReasonInvalidOption},
		"the same":    {[][][]float64{items, items}, []string{"a", "b"}, analysis.ReasonSingular},
	} {
		r, err := WaveInvariance(context.Background(), c.waves, c.names, Options{})
		if err != nil || r.Metric.Reason != c.want {
			t.Errorf("%s: got %q (%v), want %q", name, r.Metric.Reason, err, c.want)
		}
	}
}

// checkResult fails on numbers that are not finite and reasons that are unknown.
func checkResult(t *rapid.T, path string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case analysis.Estimate:
		if x.OK() && !analysis.Finite(x.Value) || !x.OK() && !x.Reason.Valid() {
			t.Fatalf("%s = %#v", path, x)
		}
		return
	case analysis.Interval:
		if x.OK() && !(x.Low <= x.High) || !x.OK() && !x.Reason.Valid() {
			t.Fatalf("%s = %#v", path, x)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			checkResult(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkResult(t, path+"[]", v.Index(i))
		}
	}
}

func TestNoItemsPanicOrYieldNonFiniteResults(t *testing.T) {
	t.Parallel()
	number := rapid.OneOf(
		rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), 0, 1, -1, 1e300, 1e-300, math.MaxFloat64, 5e-324, 1e15}),
		rapid.Map(rapid.IntRange(1, 5), func(i int) float64 { return float64(i) }),
		rapid.Float64Range(-3, 3),
	)
	tame := rapid.Map(rapid.IntRange(1, 5), func(i int) float64 { return float64(i) })
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 14).Draw(t, "people")
		value := rapid.SampledFrom([]*rapid.Generator[float64]{number, tame, tame}).Draw(t, "kind")
		scale := rapid.SampledFrom([]float64{1, 1, 1e-200, 1e200}).Draw(t, "scale")
		items := rapid.SliceOfN(rapid.SliceOfN(value, n, n), 0, 6).Draw(t, "items")
		for _, x := range items {
			for p := range x {
				x[p] *= scale
			}
		}
		groups := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b"}), n, n).Draw(t, "groups")
		ctx := context.Background()
		r, err := Omega(ctx, items, OmegaOptions{Resamples: 5})
		c, err2 := CFA(ctx, items, Options{})
		g, err3 := GroupInvariance(ctx, items, groups, Options{})
		half := len(items) / 2
		w, err4 := WaveInvariance(ctx, [][][]float64{items[:half], items[half : 2*half]}, []string{"a", "b"}, Options{})
		if err := errors.Join(err, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		h, err := OmegaHierarchical(ctx, items, 2, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for name, result := range map[string]any{"OmegaHierarchical": h, "Omega": r, "CFA": c, "GroupInvariance": g, "WaveInvariance": w} {
			checkResult(t, name, reflect.ValueOf(result))
			if _, err := json.Marshal(result); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}
