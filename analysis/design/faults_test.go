package design

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/analysis"
)

func TestWhatIsWrongWithTheDataIsAReason(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	for want, columns := range map[analysis.Reason][]Column{
		analysis.ReasonInfiniteInput: {Numeric("y", []float64{1, 2, 3}), Numeric("x", []float64{1, inf, 2})},
		analysis.ReasonNoData:        {Numeric("y", []float64{1, math.NaN()}), Numeric("x", []float64{math.NaN(), 2})},
		"":                           {Numeric("y", []float64{1, 2, math.NaN()}), Numeric("x", []float64{1, 3, inf})},
	} {
		d := build1(t, "y ~ x", columns)
		if d.Reason != want {
			t.Errorf("got reason %q, want %q", d.Reason, want)
		}
	}
}

func TestErrorsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	for formula, want := range map[string]string{
		"y":                      "is not of the form response ~ terms",
		"y ~ ":                   "unexpected the end at position 5",
		"y ~ x +":                "unexpected the end at position 8",
		"y ~ x $ z":              `unexpected '$' at position 7`,
		"y ~ (x":                 "unexpected the end",
		"y ~ x)":                 "unexpected ) at position 6",
		"y ~ w":                  `there is no column "w" among y, x, z, n, f, g`,
		"f ~ x":                  "the response f holds labels, not numbers",
		"y ~ tan(x)":             "unknown function tan",
		"y ~ I(f^2)":             `column "f" holds labels`,
		"y ~ 2":                  "the number 2 is not a term",
		"y ~ x^2.5":              "the power of terms is a whole number",
		"y ~ x^z":                "the power of terms is a whole number",
		"y ~ x | f":              "x | f is not a term",
		"y ~ x - (1 | f)":        "random effects cannot be subtracted",
		"y ~ (0 | f)":            "there are none",
		"y ~ (1 | f + g)":        "want a column, or a:b",
		"y ~ `x":                 "a backtick without its partner",
		"y ~ 1.2.3":              `"1.2.3" is not a number`,
		"y ~ x, z":               "unexpected ,",
		"y ~ z ~ x":              "is not arithmetic",
		strings.Repeat("(", 1e3): "levels of nesting",
		strings.Repeat("y", 2e4): "longer than",
	} {
		_, err := Build(formula, small())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s: got error %v, want %q", formula, err, want)
		}
	}
	twice := append(small(), Numeric("x", make([]float64, 6)))
	if _, err := Build("y ~ x", twice); err == nil || !strings.Contains(err.Error(), `two columns "x"`) {
		t.Errorf("got %v", err)
	}
	if _, err := Build("y ~ x", append(small(), Numeric("short", nil))); err == nil || !strings.Contains(err.Error(), "0 rows") {
		t.Errorf("got %v", err)
	}
	if _, err := Build("y ~ x", nil); err == nil {
		t.Error("an empty table is accepted")
	}
}

func FuzzNoFormulaPanics(f *testing.F) {
	for _, s := range []string{"y ~ x*f + (x || g)", "y~(x+f)^3", "-y ~ -(x - -f) : z", "y ~ I(x^z) / `n`", "((((", "y ~ 0 - 0 + 1e999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Build(s, small())
		if err != nil {
			return
		}
		if d.Reason == "" && (len(d.X) != len(d.Names) || len(d.Rows)+d.Excluded != 6) {
			t.Errorf("%q: %+v", s, d)
		}
		for _, x := range d.X {
			if len(x) != len(d.Y) {
				t.Errorf("%q: a column has %d rows, the response %d", s, len(x), len(d.Y))
			}
		}
	})
}

func TestAPointBesideWhatTheDataTellApartHasNoMean(t *testing.T) {
	t.Parallel()
	d := build1(t, "y ~ a + b", []Column{
		Numeric("y", []float64{1, 2, 4, 3}), Numeric("a", []float64{1, 2, 3, 4}), Numeric("b", []float64{3, 5, 7, 9}),
	})
	rows, err := d.At([]Column{Numeric("a", []float64{10, 10, math.Inf(1)}), Numeric("b", []float64{21, 20, 1})})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rows, []Row{
		{Weights: []float64{1, 10}}, {Reason: analysis.ReasonAliased}, {Reason: analysis.ReasonInfiniteInput},
	}); diff != "" {
		t.Errorf("rows (-got +want):\n%s", diff)
	}
}
