package dataset_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/export/dataset"
)

func scaled(name string, low, high float64, labels ...dataset.Label) dataset.Variable {
	return dataset.Variable{
		Name: name, Kind: dataset.Number, Measure: dataset.Scale, Low: low, High: high, Bounded: true, Labels: labels,
		Reasons: []dataset.Reason{{Key: "skipped"}, {Key: "not_shown"}},
	}
}

func TestReasonsHaveNumbersThatNoValueHas(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		variables []dataset.Variable
		want      map[string]float64
	}{
		"ordinary":       {[]dataset.Variable{scaled("a", 1, 5)}, map[string]float64{"skipped": -99, "not_shown": -98}},
		"in the range":   {[]dataset.Variable{scaled("a", 1, 5), scaled("b", -100, 100)}, map[string]float64{"skipped": -999, "not_shown": -998}},
		"at the edge":    {[]dataset.Variable{scaled("a", -98, 5)}, map[string]float64{"skipped": -999, "not_shown": -998}},
		"with a word":    {[]dataset.Variable{scaled("a", 1, 5, dataset.Label{Value: -99, Text: "none"})}, map[string]float64{"skipped": -999, "not_shown": -998}},
		"far below":      {[]dataset.Variable{scaled("a", -5000, -1)}, map[string]float64{"skipped": -9999, "not_shown": -9998}},
		"in no variable": {[]dataset.Variable{{Name: "a", Kind: dataset.Number, Measure: dataset.Scale}}, map[string]float64{}},
	} {
		if diff := cmp.Diff(dataset.Table{Variables: c.variables}.Codes(), c.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", name, diff)
		}
	}
}

// A hundred reasons have as many numbers, all below zero.
func TestManyReasonsHaveNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	v := scaled("a", 1, 5)
	v.Reasons = nil
	for i := range 150 {
		v.Reasons = append(v.Reasons, dataset.Reason{Key: strings.Repeat("x", i+1)})
	}
	seen := map[float64]bool{}
	for _, code := range (dataset.Table{Variables: []dataset.Variable{v}}).Codes() {
		if code >= 0 || seen[code] {
			t.Fatalf("the number %v is not good", code)
		}
		seen[code] = true
	}
	if len(seen) != 150 {
		t.Errorf("got %d numbers", len(seen))
	}
}

func TestShortNamesStayUnique(t *testing.T) {
	t.Parallel()
	var table dataset.Table
	for _, name := range []string{"weekly_check_in_submitted_week_1", "weekly_check_in_submitted_week_10", "weekly_check_in_submitted_week_11", "with", "WITH_2", "a"} {
		table.Variables = append(table.Variables, dataset.Variable{Name: name})
	}
	got := table.Names(32, "with")
	want := []string{"weekly_check_in_submitted_week_1", "weekly_check_in_submitted_week_2", "weekly_check_in_submitted_week_3", "with_3", "WITH_2", "a"}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
	if same := table.Names(64); !slices.Equal(same, []string{
		"weekly_check_in_submitted_week_1", "weekly_check_in_submitted_week_10", "weekly_check_in_submitted_week_11", "with", "WITH_2", "a",
	}) {
		t.Errorf("names that fit are changed to %v", same)
	}
}

func TestADescriptionIsChecked(t *testing.T) {
	t.Parallel()
	good := scaled("a", 1, 5)
	change := func(f func(*dataset.Variable)) dataset.Table {
		v := good
		f(&v)
		return dataset.Table{Variables: []dataset.Variable{v}}
	}
	if err := (dataset.Table{Variables: []dataset.Variable{good}}).Check(); err != nil {
		t.Fatal(err)
	}
	for says, table := range map[string]dataset.Table{
		"-1 rows":            {Rows: -1},
		"cannot be the name": change(func(v *dataset.Variable) { v.Name = "1st" }),
		"two variables":      {Variables: []dataset.Variable{good, scaled("A", 0, 1)}},
		"unknown kind":       change(func(v *dataset.Variable) { v.Kind = "colour" }),
		"unknown measure":    change(func(v *dataset.Variable) { v.Measure = "" }),
		"has a width":        change(func(v *dataset.Variable) { v.Kind = dataset.Text }),
		"categories of a":    change(func(v *dataset.Variable) { v.Categories = []dataset.Category{{}} }),
		"a label of no":      change(func(v *dataset.Variable) { v.Labels = []dataset.Label{{Value: math.NaN()}} }),
	} {
		if err := table.Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q", err, says)
		}
	}
}

func TestWhatIsNoValueIsNotThere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]dataset.Cell{
		"not a number": dataset.Of(math.NaN()), "infinite": dataset.Of(math.Inf(-1)), "no time": dataset.At(time.Time{}),
		"nothing": {}, "skipped": dataset.Missing("skipped"),
	} {
		if c.Given() {
			t.Errorf("%s is taken for a value", name)
		}
	}
	if !dataset.Of(0).Given() || !dataset.Words("").Given() {
		t.Error("zero or an empty text is taken for nothing")
	}
}
