package analysis

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// checkResult walks a result and fails on every number that is not finite and
// on every reason that is not known.
func checkResult(t *rapid.T, path string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case Estimate:
		if x.OK() && !Finite(x.Value) || !x.OK() && !x.Reason.Valid() {
			t.Fatalf("%s = %#v", path, x)
		}
		return
	case Interval:
		if x.OK() && (!Finite(x.Low) || !Finite(x.High) || x.Low > x.High) || !x.OK() && !x.Reason.Valid() || !Finite(x.Level) {
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
	case reflect.Float64:
		if !Finite(v.Float()) {
			t.Fatalf("%s = %v", path, v.Float())
		}
	}
}

// check walks the result and makes sure that it can be written as JSON.
func check(t *rapid.T, name string, result any) {
	checkResult(t, name, reflect.ValueOf(result))
	if _, err := json.Marshal(result); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// roughNumber draws values that break careless arithmetic.
func roughNumber() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.SampledFrom([]float64{
			math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1, -1, 3,
			math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, 1e-300, 1e300, 1e154, 1e-160, 1e15, 0.1,
		}),
		rapid.Map(rapid.IntRange(1, 5), func(i int) float64 { return float64(i) }),
		rapid.Float64(),
	)
}

// roughColumn draws columns that are empty, constant, tame or wild.
func roughColumn() *rapid.Generator[[]float64] {
	return rapid.OneOf(
		rapid.SliceOfN(roughNumber(), 0, 12),
		rapid.Custom(func(t *rapid.T) []float64 {
			x := make([]float64, rapid.IntRange(0, 8).Draw(t, "n"))
			v := roughNumber().Draw(t, "v")
			for i := range x {
				x[i] = v
			}
			return x
		}),
		rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 0, 12),
		rapid.SliceOfN(rapid.SampledFrom([]float64{1e200, 2e200, -3e200, 1e-200, 5e-200}), 0, 8),
	)
}

func roughLevel() *rapid.Generator[float64] {
	return rapid.SampledFrom([]float64{0.95, 0.9, 0.5, 0.999999, 1e-9, 0, 1, -1, 2, math.NaN(), math.Inf(1)})
}

func TestNoInputPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := roughColumn().Draw(t, "x"), roughColumn().Draw(t, "y")
		level := roughLevel().Draw(t, "level")
		check(t, "Describe", Describe(x, level))
		check(t, "ShapiroWilk", ShapiroWilk(x))
		check(t, "PairedT", PairedT(x, y, level))
		check(t, "Wilcoxon", Wilcoxon(x, y, level))
		check(t, "PairedEffects", PairedEffects(x, y, level))
		check(t, "Paired", Paired(x, y, level))
		check(t, "WelchT", WelchT(x, y, level))
		check(t, "IndependentEffects", IndependentEffects(x, y, level))
		how := rapid.SampledFrom([]Adjustment{Bonferroni, Holm, Hochberg, Hommel, BH, BY, "none"}).Draw(t, "how")
		check(t, "AdjustP", AdjustP(x, how))
		check(t, "Wilson", Wilson(rapid.IntRange(-2, 9).Draw(t, "k"), rapid.IntRange(-2, 9).Draw(t, "n"), level))
	})
}

func TestNoScalePanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(roughColumn(), 0, 5).Draw(t, "items")
		opt := AlphaOptions{
			Missing: rapid.SampledFrom([]MissingRule{"", Listwise, Pairwise, "other"}).Draw(t, "missing"),
			Level:   roughLevel().Draw(t, "level"),
			Min:     rapid.SampledFrom([]float64{0, 1, math.NaN()}).Draw(t, "min"),
			Max:     rapid.SampledFrom([]float64{0, 5, math.Inf(1)}).Draw(t, "max"),
		}
		if rapid.Bool().Draw(t, "keyed") {
			for range items {
				opt.Keys = append(opt.Keys, rapid.SampledFrom([]int{1, 1, -1, 0}).Draw(t, "key"))
			}
		}
		if rapid.Bool().Draw(t, "named") {
			opt.Names = []string{"a", "b", "c"}
		}
		check(t, "Alpha", Alpha(items, opt))
	})
}

func TestNoReliableChangePanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		opt := ReliableChangeOptions{
			Reliability: rapid.SampledFrom([]float64{0.8, 0, 1, -1, 1e-300, 0.9999999999999999, math.NaN()}).Draw(t, "r"),
			Direction:   rapid.SampledFrom([]Direction{HigherIsBetter, LowerIsBetter, 0}).Draw(t, "direction"),
			Critical:    rapid.SampledFrom([]float64{0, 1.96, -1, math.Inf(1), math.NaN()}).Draw(t, "critical"),
			SD:          rapid.SampledFrom([]float64{0, 2, 1e-300, -1, math.NaN()}).Draw(t, "sd"),
		}
		if rapid.Bool().Draw(t, "norms") {
			opt.Functional = &Norms{Mean: roughNumber().Draw(t, "mean"), SD: roughNumber().Draw(t, "sdf")}
		}
		check(t, "ReliableChange", ReliableChange(roughColumn().Draw(t, "pre"), roughColumn().Draw(t, "post"), opt))
	})
}

func TestInfiniteInputIsNamedAsTheReason(t *testing.T) {
	t.Parallel()
	x, y := []float64{1, 2, math.Inf(1), 4}, []float64{2, 3, 4, 6}
	got := map[string]Reason{
		"Describe":           Describe(x, 0.95).Mean.Reason,
		"PairedT":            PairedT(x, y, 0.95).T.Reason,
		"Wilcoxon":           Wilcoxon(x, y, 0.95).P.Reason,
		"PairedEffects":      PairedEffects(x, y, 0.95).Dz.Reason,
		"WelchT":             WelchT(x, y, 0.95).Difference.Reason,
		"IndependentEffects": IndependentEffects(x, y, 0.95).D.Reason,
		"Alpha":              Alpha([][]float64{x, y}, AlphaOptions{}).Alpha.Reason,
		"ReliableChange":     ReliableChange(x, y, ReliableChangeOptions{Reliability: 0.8, Direction: HigherIsBetter}).JT.Reason,
	}
	for name, reason := range got {
		if reason != ReasonInfiniteInput {
			t.Errorf("%s: got reason %q, want %q", name, reason, ReasonInfiniteInput)
		}
	}
}

func TestInputsAreNotChanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := roughColumn().Draw(t, "x"), roughColumn().Draw(t, "y")
		cx, cy := append([]float64(nil), x...), append([]float64(nil), y...)
		Paired(x, y, 0.95)
		WelchT(x, y, 0.95)
		IndependentEffects(x, y, 0.95)
		AdjustP(x, Hommel)
		Alpha([][]float64{x, y}, AlphaOptions{Keys: []int{-1, 1}, Min: 1, Max: 5, Missing: Pairwise})
		for i := range x {
			if math.Float64bits(x[i]) != math.Float64bits(cx[i]) {
				t.Fatalf("x[%d] changed from %v to %v", i, cx[i], x[i])
			}
		}
		for i := range y {
			if math.Float64bits(y[i]) != math.Float64bits(cy[i]) {
				t.Fatalf("y[%d] changed from %v to %v", i, cy[i], y[i])
			}
		}
	})
}
