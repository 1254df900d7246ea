package mixed

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// checkResult walks a result and fails on every number that is not finite and
// on every reason that is not known.
func checkResult(t *rapid.T, path string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case analysis.Estimate:
		if x.OK() && !analysis.Finite(x.Value) || !x.OK() && !x.Reason.Valid() {
			t.Fatalf("%s = %#v", path, x)
		}
		return
	case analysis.Interval:
		if x.OK() && (!analysis.Finite(x.Low) || !analysis.Finite(x.High) || x.Low > x.High) || !x.OK() && !x.Reason.Valid() {
			t.Fatalf("%s = %#v", path, x)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				checkResult(t, path+"."+f.Name, v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkResult(t, path+"[]", v.Index(i))
		}
	case reflect.Float64:
		if !analysis.Finite(v.Float()) {
			t.Fatalf("%s = %v", path, v.Float())
		}
	}
}

// check also makes sure that the result can be written as JSON.
func check(t *rapid.T, name string, result any) {
	checkResult(t, name, reflect.ValueOf(result))
	if _, err := json.Marshal(result); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// roughValue draws values that break careless arithmetic.
func roughValue() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Float64Range(-5, 5),
		rapid.Map(rapid.IntRange(1, 4), func(i int) float64 { return float64(i) }),
		rapid.SampledFrom([]float64{
			math.NaN(), 0, 1, 1, 2, math.Inf(1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64,
			1e-300, 1e300, 1e154, -1e-160, 1e15,
		}),
	)
}

// roughTable draws a table that is mostly tame, with a response that is wild,
// constant, or determined by the other columns now and then.
func roughTable(t *rapid.T) []design.Column {
	n := rapid.IntRange(0, 24).Draw(t, "n")
	id, visit, x, y := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	kind := rapid.SampledFrom([]string{"tame", "tame", "wild", "constant", "steps", "line"}).Draw(t, "kind")
	for i := range n {
		id[i] = float64(rapid.IntRange(1, 5).Draw(t, "id"))
		visit[i] = float64(rapid.IntRange(0, 4).Draw(t, "visit"))
		x[i] = rapid.SampledFrom([]float64{0, 1, 2, 1e8, 1e-8}).Draw(t, "x")
		switch kind {
		case "tame":
			y[i] = rapid.Float64Range(-3, 3).Draw(t, "y")
		case "wild":
			y[i] = roughValue().Draw(t, "y")
			x[i] = roughValue().Draw(t, "x")
		case "constant":
			y[i] = 0.1
		case "steps":
			y[i] = id[i]
		case "line":
			y[i] = 0.1*visit[i] + id[i]/3
		}
	}
	return []design.Column{design.Numeric("id", id), design.Numeric("visit", visit), design.Numeric("x", x), design.Numeric("y", y)}
}

func TestNoInputPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := roughTable(t)
		level := rapid.SampledFrom([]float64{0, 0.95, 0.5, 1, -1, math.NaN()}).Draw(t, "level")
		ml := rapid.Bool().Draw(t, "ml")
		formula := rapid.SampledFrom([]string{
			"y ~ visit + (1 | id)", "y ~ visit*x + (visit | id)", "y ~ 1 + (x | id)", "y ~ 0 + (1 | id)",
			"y ~ factor(visit) + (1 | id) + (0 + x | id)", "y ~ x + I(2*x) + (x + visit | id)", "y ~ x + (0 + x | id)",
		}).Draw(t, "formula")
		d, err := design.Build(formula, columns)
		if err != nil {
			t.Fatal(err)
		}
		r, err := LMM(t.Context(), d, LMMOptions{ML: ml, Level: level})
		if err != nil {
			t.Fatal(err)
		}
		check(t, "LMM", r)
		check(t, "effects", r.RandomEffects())
		fitted, residuals := r.Fitted()
		if len(fitted) != len(residuals) {
			t.Fatal("fitted values and residuals differ in number")
		}
	})
}

func TestNoMarginalModelPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := roughTable(t)
		formula := rapid.SampledFrom([]string{"y ~ factor(visit)", "y ~ visit*x", "y ~ 0 + x", "y ~ 1"}).Draw(t, "formula")
		d, err := design.Build(formula, columns, "id", "visit")
		if err != nil {
			t.Fatal(err)
		}
		r, err := MMRM(t.Context(), d, MMRMOptions{
			Covariance: rapid.SampledFrom([]Covariance{
				Unstructured, HeterogeneousToeplitz, Toeplitz, HeterogeneousAR1, AR1, HeterogeneousCS, CompoundSymmetry,
			}).Draw(t, "covariance"),
			ML: rapid.Bool().Draw(t, "ml"), Fallback: Ladder(),
		})
		if err != nil {
			t.Fatal(err)
		}
		check(t, "MMRM", r)
		check(t, "SecondOrder", r.SecondOrder(make([]float64, len(d.X))))
	})
}
