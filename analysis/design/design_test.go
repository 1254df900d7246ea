package design

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/floats"

	"tidemark/analysis"
)

// small is the table on which R's model.matrix gave the names below.
func small() []Column {
	return []Column{
		Numeric("y", []float64{1, 2, 3, 4, 5, 6}),
		Numeric("x", []float64{1, 2, 4, 3, 5, 9}),
		Numeric("z", []float64{2, 1, 1, 0, 3, 5}),
		Numeric("n", []float64{10, 2, 2, 10, 33, 33}),
		Factor("f", []string{"b", "a", "c", "a", "b", "c"}),
		Factor("g", []string{"u", "v", "u", "v", "v", "u"}),
	}
}

func build1(t *testing.T, formula string, columns []Column) *Design {
	t.Helper()
	d, err := Build(formula, columns)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func effectNames(d *Design) string {
	names := make([]string, len(d.Effects))
	for i, e := range d.Effects {
		names[i] = e.Name
	}
	return strings.Join(names, " ")
}

func TestColumnsStandInTheOrderAndUnderTheNamesOfR(t *testing.T) {
	t.Parallel()
	for formula, want := range map[string]string{
		"y~x":              "(Intercept) x",
		"y~x*f":            "(Intercept) x fb fc x:fb x:fc",
		"y~0+f":            "fa fb fc",
		"y~f+x-1":          "fa fb fc x",
		"y~x:f":            "(Intercept) x:fa x:fb x:fc",
		"y~f:g":            "(Intercept) fa:gu fb:gu fc:gu fa:gv fb:gv fc:gv",
		"y~0+f+g":          "fa fb fc gv",
		"y~f*g":            "(Intercept) fb fc gv fb:gv fc:gv",
		"y~x+f:x":          "(Intercept) x x:fb x:fc",
		"y~0+f:g":          "fa:gu fb:gu fc:gu fa:gv fb:gv fc:gv",
		"y~g/x":            "(Intercept) gv gu:x gv:x",
		"y~(x+f+g)^2":      "(Intercept) x fb fc gv x:fb x:fc x:gv fb:gv fc:gv",
		"y~x*f-x":          "(Intercept) fb fc x:fa x:fb x:fc",
		"y~f+f:g":          "(Intercept) fb fc fa:gv fb:gv fc:gv",
		"y~I(x^2)+log(x)":  "(Intercept) I(x^2) log(x)",
		"y~factor(n)":      "(Intercept) factor(n)10 factor(n)33",
		"y~x*z*g":          "(Intercept) x z gv x:z x:gv z:gv x:z:gv",
		"y~g:x+x":          "(Intercept) x gv:x",
		"y~0+x:f":          "x:fa x:fb x:fc",
		"y~x+0":            "x",
		"y~1":              "(Intercept)",
		"y~f:x+g":          "(Intercept) gv fa:x fb:x fc:x",
		"y~I(x-z)+I(x*z)":  "(Intercept) I(x - z) I(x * z)",
		"y~ -1+x*g":        "x gu gv x:gv",
		"y ~ (1|f)":        "(Intercept)",
		"y ~ x + (x|f) -1": "x",
	} {
		if got := effectNames(build1(t, formula, small())); got != want {
			t.Errorf("%s: got %q, want %q", formula, got, want)
		}
	}
}

func TestInteractionsMultiplyTheirColumns(t *testing.T) {
	t.Parallel()
	d := build1(t, "y ~ x*g", small())
	want := [][]float64{{1, 1, 1, 1, 1, 1}, {1, 2, 4, 3, 5, 9}, {0, 1, 0, 1, 1, 0}, {0, 2, 0, 3, 5, 0}}
	if diff := cmp.Diff(d.X, want); diff != "" {
		t.Errorf("X (-got +want):\n%s", diff)
	}
	if got := d.Effects[3].Term; got != "x:g" {
		t.Errorf("term of the interaction: got %q", got)
	}
}

func TestTheFirstLevelGivenIsTheReference(t *testing.T) {
	t.Parallel()
	labels := []string{"course", "waitlist", "course", "waitlist"}
	d := build1(t, "y ~ arm", []Column{Numeric("y", []float64{1, 2, 3, 5}), Factor("arm", labels, "waitlist", "course", "unused")})
	if got := effectNames(d); got != "(Intercept) armcourse" {
		t.Errorf("got %q", got)
	}
}

func TestRowsThatMissAnythingNamedAreLeftOutAndCounted(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	d := build1(t, "y ~ x*arm + (1 | id)", []Column{
		Numeric("y", []float64{1, nan, 3, 4, 5, 6, 7}),
		Numeric("x", []float64{1, 2, nan, 4, 5, 6, 7}),
		Numeric("unused", []float64{nan, nan, nan, nan, nan, nan, nan}),
		Factor("arm", []string{"a", "b", "a", "", "a", "b", "b"}),
		Factor("id", []string{"p2", "p1", "p1", "p1", "p10", "p2", ""}),
	})
	if diff := cmp.Diff(d.Rows, []int{0, 4, 5}); diff != "" || d.Excluded != 4 {
		t.Errorf("excluded %d, rows (-got +want):\n%s", d.Excluded, diff)
	}
	if diff := cmp.Diff(d.Y, []float64{1, 5, 6}); diff != "" {
		t.Errorf("Y (-got +want):\n%s", diff)
	}
	r := d.Random[0]
	if diff := cmp.Diff(r, Random{
		Group: "id", Levels: []string{"p10", "p2"}, Codes: []int{1, 0, 1}, Names: []string{"(Intercept)"}, Z: [][]float64{{1, 1, 1}},
	}); diff != "" {
		t.Errorf("random (-got +want):\n%s", diff)
	}
}

func TestRandomTermsKeepTheirGroupsAndCorrelations(t *testing.T) {
	t.Parallel()
	type random struct{ Group, Names string }
	for formula, want := range map[string][]random{
		"y ~ x + (x | n)":               {{"n", "(Intercept) x"}},
		"y ~ x + (0 + x | n)":           {{"n", "x"}},
		"y ~ x + (1 | n) + (x - 1 | n)": {{"n", "(Intercept)"}, {"n", "x"}},
		"y ~ x + (x || n)":              {{"n", "(Intercept)"}, {"n", "x"}},
		"y ~ (x + I(x^2) | factor(n))":  {{"factor(n)", "(Intercept) x I(x^2)"}},
		"y ~ (1 | f:g) + x":             {{"f:g", "(Intercept)"}},
	} {
		var got []random
		for _, r := range build1(t, formula, small()).Random {
			got = append(got, random{r.Group, strings.Join(r.Names, " ")})
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", formula, diff)
		}
	}
	r := build1(t, "y ~ (1 | f:g)", small()).Random[0]
	if diff := cmp.Diff(r.Levels, []string{"a:v", "b:u", "b:v", "c:u"}); diff != "" {
		t.Errorf("levels (-got +want):\n%s", diff)
	}
}

func TestLinearCombinationsAreAliasedAndNamed(t *testing.T) {
	t.Parallel()
	n := 40
	y, a, b, sum, tiny, zero := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range y {
		a[i], b[i] = math.Sin(float64(i)), float64(i*i%7)/10
		sum[i] = 0.1*a[i] + 3*b[i] + 1e6
		tiny[i] = 1e8 + math.Cos(float64(i*i)) // far from constant in double precision
		y[i] = float64(i)
	}
	columns := []Column{Numeric("y", y), Numeric("a", a), Numeric("b", b), Numeric("sum", sum), Numeric("tiny", tiny), Numeric("zero", zero)}
	for formula, want := range map[string][]string{
		"y ~ a + b":              nil,
		"y ~ a + b + sum + tiny": {"sum"},
		"y ~ sum + a + b":        {"b"},
		"y ~ zero + a":           {"zero"},
		"y ~ a + I(a*1e-200)":    {"I(a * 1e-200)"},
		"y ~ a + I(a^2*1e-200)":  nil,
		"y ~ 0 + a + I(2*a) + b": {"I(2 * a)"},
	} {
		d := build1(t, formula, columns)
		if diff := cmp.Diff(d.Aliased(), want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", formula, diff)
		}
		for _, e := range d.Effects {
			if (e.Column < 0) != (e.Reason == analysis.ReasonAliased) || e.Column >= 0 && d.Names[e.Column] != e.Name {
				t.Errorf("%s: effect %+v does not fit names %q", formula, e, d.Names)
			}
		}
	}
}

func TestOrthonormalColumnsReproduceTheMatrix(t *testing.T) {
	t.Parallel()
	x := make([]float64, 50)
	y := make([]float64, 50)
	for i := range x {
		x[i] = 1e6 + float64(i)
		y[i] = float64(i % 3)
	}
	d := build1(t, "y ~ x + I((x-1e6)^2)", []Column{Numeric("y", y), Numeric("x", x)})
	q, r := d.Orthonormal()
	for j, column := range d.X {
		for i, want := range column {
			got := 0.0
			for k, c := range r[j] {
				got += c * q[k][i]
			}
			if math.Abs(got-want) > 1e-12*math.Abs(column[len(column)-1]) {
				t.Fatalf("column %d row %d: got %v, want %v", j, i, got, want)
			}
		}
		for k := range j + 1 {
			dot := 0.0
			for i := range q[j] {
				dot += q[j][i] * q[k][i]
			}
			if want := map[bool]float64{true: 1, false: 0}[j == k]; math.Abs(dot-want) > 1e-14 {
				t.Errorf("q[%d]·q[%d] = %v", j, k, dot)
			}
		}
	}
}

func TestTheIndicatorsOfALeadingFactorAreOrthonormalisedToo(t *testing.T) {
	t.Parallel()
	labels := []string{"b", "a", "c", "a", "", "c", "c", "b", "a", "c"}
	x, y := make([]float64, len(labels)), make([]float64, len(labels))
	for i := range x {
		x[i], y[i] = float64(i*i), float64(i%4)
	}
	d := build1(t, "y ~ 0 + g + x", []Column{Numeric("y", y), Factor("g", labels, "a", "never", "b", "c"), Numeric("x", x)})
	q, r := d.Orthonormal()
	if got, want := len(d.X), 4; got != want {
		t.Fatalf("%d columns, want %d: %q", got, want, d.Names)
	}
	for j, column := range d.X {
		if j < 3 && r[j][j] != math.Sqrt([]float64{3, 2, 4}[j]) {
			t.Errorf("column %s has length %v", d.Names[j], r[j][j])
		}
		for i, want := range column {
			got := 0.0
			for k, c := range r[j] {
				got += c * q[k][i]
			}
			if math.Abs(got-want) > 1e-13 {
				t.Errorf("column %s row %d: got %v, want %v", d.Names[j], i, got, want)
			}
		}
		for k := range j + 1 {
			if got, want := floats.Dot(q[j], q[k]), map[bool]float64{true: 1, false: 0}[j == k]; math.Abs(got-want) > 1e-14 {
				t.Errorf("q[%d]·q[%d] = %v", j, k, got)
			}
		}
	}
}

func TestCodesAreTheLabelsTheyStandFor(t *testing.T) {
	t.Parallel()
	levels := []string{"b", "never", "a", ""}
	codes := []int{2, 0, -1, 2, 4, 0, 0, 3, 2}
	labels := make([]string, len(codes))
	y := make([]float64, len(codes))
	for i, c := range codes {
		y[i] = float64(i)
		if c >= 0 && c < len(levels) {
			labels[i] = levels[c]
		}
	}
	given := slices.Clone(codes)
	build := func(c Column) *Design {
		d, err := Build("y ~ g + (1 | g)", []Column{Numeric("y", y), c}, "g")
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	coded, labelled := build(Coded("g", codes, levels)), build(Factor("g", labels, levels[:3]...))
	if diff := cmp.Diff(coded, labelled, cmpopts.IgnoreUnexported(Design{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(codes, given); diff != "" {
		t.Errorf("the given codes were changed: %s", diff)
	}
}

func TestDerivedColumnsFollowTheirExpression(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	columns := []Column{Numeric("pre", []float64{1, 2, nan}), Numeric("post", []float64{4, nan, 1}), Factor("f", []string{"a", "", "b"})}
	for expression, want := range map[string][]float64{
		"post - pre":            {3, nan, nan},
		"pre^2":                 {1, 4, nan},
		"-pre^2":                {-1, -4, nan},
		"2^3^2 - pre":           {511, 510, nan},
		"pre^0":                 {1, 1, nan},
		"1^pre":                 {1, 1, nan},
		"(pre + 1) * 2 / 4 - 1": {0, 0.5, nan},
		"log(pre - 2)":          {nan, math.Inf(-1), nan},
		"abs(-pre) + sqrt(4)":   {3, 4, nan},
		"pre":                   {1, 2, nan},
		".5e1":                  {5, 5, 5},
	} {
		got, err := Derive("new", expression, columns)
		if err != nil || got.Name != "new" || !cmp.Equal(got.Values, want, cmp.Comparer(sameFloat)) {
			t.Errorf("%s: got %v, %v, want %v", expression, got, err, want)
		}
	}
	renamed, err := Derive("arm", "f", columns)
	if err != nil || !slices.Equal(renamed.Labels, columns[2].Labels) {
		t.Errorf("got %v, %v", renamed, err)
	}
	for _, bad := range []string{"f + 1", "tan(pre)", "pre ~ post", "pre:post", "", "nothing", "factor(pre)"} {
		if _, err := Derive("new", bad, columns); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func sameFloat(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func TestOtherPointsAreCodedAsTheDataAre(t *testing.T) {
	t.Parallel()
	d := build1(t, "y ~ x*f + g", []Column{
		Numeric("y", []float64{1, 2, 3, 4, 5, 6, 3, 2, 6}),
		Numeric("x", []float64{1, 2, 4, 3, 5, 9, 8, 8, 7}),
		Factor("f", []string{"b", "a", "c", "a", "b", "c", "a", "b", "c"}),
		Factor("g", []string{"u", "v", "u", "v", "v", "u", "u", "v", "v"}),
	})
	rows, err := d.At([]Column{
		Factor("f", []string{"c", "a", "d", "b", ""}),
		Numeric("x", []float64{2, 3, 1, math.NaN(), 1}),
		Factor("g", []string{"v", "u", "u", "u", "u"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{
		{Weights: []float64{1, 2, 0, 1, 1, 0, 2}},
		{Weights: []float64{1, 3, 0, 0, 0, 0, 0}},
		{Reason: analysis.ReasonNoData}, {Reason: analysis.ReasonNoData}, {Reason: analysis.ReasonNoData},
	}
	if diff := cmp.Diff(rows, want); diff != "" {
		t.Errorf("rows (-got +want):\n%s", diff)
	}
	if _, err := d.At([]Column{Numeric("x", []float64{1})}); err == nil {
		t.Error("missing columns are accepted")
	}
	if _, err := d.At([]Column{Numeric("x", []float64{1}), Numeric("f", nil)}); err == nil {
		t.Error("columns of different length are accepted")
	}
}
