package filedata_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tidemark/survey/report/filedata"
)

// answers are those of n people to six items about one thing, from 1 to 5; the
// last three are worded the other way round. Edit changes a row.
func answers(n int, edit func(i int, row []int)) string {
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("id,q1,q2,q3,q4,q5,q6\n")
	for i := range n {
		level := rng.NormFloat64()
		row := make([]int, 6)
		for k := range row {
			v := int(3 + level + 0.6*rng.NormFloat64() + 0.5)
			row[k] = min(5, max(1, v))
			if k >= 3 {
				row[k] = 6 - row[k]
			}
		}
		if edit != nil {
			edit(i, row)
		}
		fmt.Fprintf(&b, "%d", i)
		for _, v := range row {
			fmt.Fprintf(&b, ",%d", v)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func six(reverse ...string) filedata.Spec {
	low, high := ends(1, 5)
	return filedata.Spec{ID: "id", Outcomes: []filedata.Outcome{{Key: "q", Items: [][]string{{"q1", "q2", "q3", "q4", "q5", "q6"}}, Reverse: reverse, Min: low, Max: high}}}
}

func kinds(f *filedata.File) []filedata.Kind {
	var out []filedata.Kind
	for _, w := range f.Warnings {
		if !w.Kind.Valid() {
			panic(w.Kind)
		}
		out = append(out, w.Kind)
	}
	return slices.Compact(out)
}

func TestARightKeyIsNotWarnedOf(t *testing.T) {
	t.Parallel()
	if f := read(t, answers(60, nil), six("4", "5", "6")); len(f.Warnings) > 0 {
		t.Errorf("warned: %v", f.Warnings)
	}
}

func TestWhatIsLikelyWrongIsWarnedOf(t *testing.T) {
	t.Parallel()
	turned := func(_ int, row []int) {
		for k := 3; k < 6; k++ {
			row[k] = 6 - row[k]
		}
	}
	unknown := six("4", "5", "6")
	unknown.Outcomes[0].Min, unknown.Outcomes[0].Max = nil, nil
	free := six()
	free.Outcomes[0].Min, free.Outcomes[0].Max = nil, nil
	for name, c := range map[string]struct {
		text string
		spec filedata.Spec
		kind filedata.Kind
		want string
	}{
		"nothing is turned":         {answers(60, nil), six(), filedata.NotTurned, "q4, q5, q6 run against"},
		"one key is forgotten":      {answers(60, nil), six("4", "5"), filedata.NotTurned, "q6 runs against"},
		"the file turned them":      {answers(60, turned), six("4", "5", "6"), filedata.TurnedTwice, "leave out --reverse"},
		"99 beyond the range":       {answers(60, func(i int, row []int) { row[0] = map[bool]int{true: 99, false: row[0]}[i == 4] }), six("4", "5", "6"), filedata.MissingCode, "99 (line 6) is not between 1 and 5; if it means missing, say --missing"},
		"-9 without a range":        {answers(60, func(i int, row []int) { row[0] = map[bool]int{true: -9, false: row[0]}[i < 2] }), free, filedata.MissingCode, "-9 (lines 2, 3)"},
		"999 without a range":       {answers(60, func(i int, row []int) { row[1] = map[bool]int{true: 999, false: row[1]}[i == 0] }), free, filedata.MissingCode, "999 (line 2)"},
		"a slip":                    {answers(60, func(i int, row []int) { row[2] = map[bool]int{true: 33, false: row[2]}[i == 1] }), six("4", "5", "6"), filedata.OutOfRange, "33 (line 3)"},
		"stored one higher":         {answers(60, func(_ int, row []int) { row[0]++ }), six("4", "5", "6"), filedata.Shifted, "stored one higher"},
		"an item all answer alike":  {answers(60, func(_ int, row []int) { row[5] = 2 }), six("4", "5", "6"), filedata.Constant, "everybody has 2"},
		"turned by what there is":   {answers(60, nil), unknown, filedata.UnknownEnds, "--min and --max"},
		"waves against each other":  {opposite(), outcome("a", "b"), filedata.Opposite, "run against each other"},
		"a column nobody has":       {"id,a,b\n1,1,\n2,2,\n3,4,\n", outcome("a", "b"), filedata.Empty, "nobody has a value"},
		"age that changes":          {"id,w,x,age\n1,1,2,30\n1,2,3,40\n", filedata.Spec{ID: "id", Wave: "w", Baseline: []string{"age"}, Outcomes: []filedata.Outcome{{Key: "x", Columns: []string{"x"}}}}, filedata.Varies, "1 people"},
		"means over mixed wordings": {narrow(), narrowSpec(), filedata.NarrowScores, "worded both ways"},
	} {
		f := read(t, c.text, c.spec)
		if !slices.ContainsFunc(f.Warnings, func(w filedata.Warning) bool {
			return w.Kind == c.kind && strings.Contains(w.String(), c.want)
		}) {
			t.Errorf("%s: warned of %v, want %s with %q", name, f.Warnings, c.kind, c.want)
		}
	}
}

// opposite are forty people, whose second score is coded the other way round.
func opposite() string {
	rng := rand.New(rand.NewPCG(3, 4))
	text := "id,a,b\n"
	for i := range 40 {
		v := rng.NormFloat64()
		text += fmt.Sprintf("%d,%.3f,%.3f\n", i, 10+v, 10-v+0.3*rng.NormFloat64())
	}
	return text
}

// narrow are five scales as means, one of which hardly varies.
func narrow() string {
	rng := rand.New(rand.NewPCG(5, 6))
	text := "id,a,b,c,d,e\n"
	for i := range 50 {
		text += fmt.Sprintf("%d,%.3f,%.3f,%.3f,%.3f,%.3f\n", i, 3+0.8*rng.NormFloat64(), 3+0.7*rng.NormFloat64(), 3.2+0.8*rng.NormFloat64(), 3+0.9*rng.NormFloat64(), 3+0.2*rng.NormFloat64())
	}
	return text
}

func narrowSpec() filedata.Spec {
	spec := filedata.Spec{ID: "id"}
	for _, c := range []string{"a", "b", "c", "d", "e"} {
		spec.Outcomes = append(spec.Outcomes, filedata.Outcome{Key: c, Columns: []string{c}})
	}
	return spec
}

func TestNothingIsChangedByAWarning(t *testing.T) {
	t.Parallel()
	f := read(t, "id,a,b\n1,1,99\n2,2,3\n3,3,4\n4,2,4\n", outcome("a", "b"))
	if got := f.Data.Measures[0].Values[1][0]; got != 99 {
		t.Errorf("99 became %v", got)
	}
	if !slices.Contains(kinds(f), filedata.MissingCode) {
		t.Errorf("warned of %v", f.Warnings)
	}
	spec := outcome("a", "b")
	spec.Missing = []string{"99"}
	if f := read(t, "id,a,b\n1,1,99\n2,2,3\n3,3,4\n4,2,4\n", spec); len(f.Warnings) > 0 || f.Data.Measures[0].Values[1][0] == 99 {
		t.Errorf("99 was named as missing: %v, %v", f.Warnings, f.Data.Measures[0].Values)
	}
}
