package filedata_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/plan"
	"tidemark/survey/report/filedata"
	"tidemark/survey/report/paper"
	"tidemark/survey/report/sheet"
)

func sheetOf(t testing.TB, text string) *sheet.Sheet {
	t.Helper()
	s, err := sheet.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t testing.TB, text string, spec filedata.Spec) *filedata.File {
	t.Helper()
	f, err := filedata.Read(sheetOf(t, text), spec)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func ends(low, high float64) (a, b *float64) { return &low, &high }

const wide = `code;arm;BDI_T1;BDI_T2;BDI_T3;age;sex
b;course;20,5;10;9;30;f
a;wait;21;20;;40;m
d;wait;30;31;29;;f
c;course;25;;12;50;
e;;1;2;3;4;f
`

func wideSpec() filedata.Spec {
	return filedata.Spec{
		File: "x.csv", ID: "code", Group: "arm", Baseline: []string{"age", "sex"}, Doses: []string{"age"},
		Outcomes: []filedata.Outcome{{Key: "BDI", Columns: []string{"BDI_T1", "BDI_T2", "BDI_T3"}, Direction: instrument.LowerBetter}},
	}
}

func TestARowAPersonBecomesADataset(t *testing.T) {
	t.Parallel()
	f := read(t, wide, wideSpec())
	d := f.Data
	var waves []string
	for _, w := range d.Waves {
		waves = append(waves, w.Key+" "+string(w.Kind))
	}
	want := []string{"T1 " + string(survey.WavePre), "T2 " + string(survey.WavePost), "T3 " + string(survey.WaveFollowUp)}
	if diff := cmp.Diff(waves, want); diff != "" {
		t.Errorf("waves (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(d.Arms, []paper.Arm{{Key: "course", Name: "course"}, {Key: "wait", Name: "wait", Control: true}}); diff != "" {
		t.Errorf("arms (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(d.People, []paper.Person{{Code: "a", Arm: 1}, {Code: "b"}, {Code: "c"}, {Code: "d", Arm: 1}}); diff != "" {
		t.Errorf("people (-got +want):\n%s", diff)
	}
	scores := fmt.Sprint(d.Measures[0].Values)
	if scores != "[[21 20.5 25 30] [20 10 NaN 31] [NaN 9 12 29]]" {
		t.Errorf("scores %s", scores)
	}
	if s := fmt.Sprint(d.States); s != fmt.Sprint([][]paper.State{
		{paper.Answered, paper.Answered, paper.Answered, paper.Answered}, {paper.Answered, paper.Answered, paper.Lost, paper.Answered}, {paper.Lost, paper.Answered, paper.Answered, paper.Answered},
	}) {
		t.Errorf("states %s", s)
	}
	if sex := d.Baseline[1]; fmt.Sprint(sex.Labels, sex.Values) != "[f m] [1 0 NaN 0]" {
		t.Errorf("sex %v %v", sex.Labels, sex.Values)
	}
	notes := strings.Join(f.Notes, "\n")
	for _, w := range []string{"decimal commas", "semicolons", "1 without a group", "course − wait"} {
		if !strings.Contains(notes, w) {
			t.Errorf("the notes do not say %q:\n%s", w, notes)
		}
	}
}

func TestTheOrderOfRowsChangesNothing(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(wide), "\n")
	turned := lines[0] + "\n"
	for i := len(lines) - 1; i > 0; i-- {
		turned += lines[i] + "\n"
	}
	a, b := read(t, wide, wideSpec()), read(t, turned, wideSpec())
	if a.Data.Source.Fingerprint != b.Data.Source.Fingerprint || a.Data.Source.Fingerprint == "" {
		t.Error("the fingerprint depends on the order of the rows")
	}
}

const long = `id,week,g,x,q1,q2,q3
2,10,A,4,1,2,3
1,2,B,3,3,3,
1,10,B,5,1,1,1
2,2,A,2,2,,
3,2,A,,1,2,2
`

func TestARowAPersonAndWaveBecomesADataset(t *testing.T) {
	t.Parallel()
	low, high := ends(1, 3)
	f := read(t, long, filedata.Spec{
		File: "l.csv", ID: "id", Wave: "week", Group: "g", Control: "B",
		Outcomes: []filedata.Outcome{
			{Key: "x", Columns: []string{"x"}},
			{Key: "q", Items: [][]string{{"q1", "q2", "q3"}}, Reverse: []string{"2"}, Min: low, Max: high, MinAnswered: 2, Sum: true},
		},
	})
	if f.Data.Waves[0].Key != "2" || f.Data.Waves[1].Key != "10" {
		t.Errorf("waves %v are not in the order of their numbers", f.Data.Waves)
	}
	if s := fmt.Sprint(f.Data.Measures[0].Values); s != "[[3 2 NaN] [5 4 NaN]]" {
		t.Errorf("scores %s", s)
	}
	// Person 1 at week 2 answered 3 and 3 (turned to 1): a mean of 2, times 3.
	if s := fmt.Sprint(f.Data.Measures[1].Values); s != "[[6 NaN 5] [5 6 NaN]]" {
		t.Errorf("scores of items %s", s)
	}
	if s := f.Data.Measures[1].Scale; s.Min != 3 || s.Max != 9 {
		t.Errorf("the sum of three items runs from %g to %g", s.Min, s.Max)
	}
}

func TestWhatIsWrongIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		spec filedata.Spec
		want []string
	}{
		"columns":     {wide, filedata.Spec{ID: "cod", Outcomes: []filedata.Outcome{{Key: "x", Columns: []string{"BDI_T1", "bdi_t7"}}}}, []string{`"cod"; did you mean "code"`, `"bdi_t7"; did you mean`}},
		"text":        {"id,a,b\n1,x,2\n", outcome("a", "b"), []string{`line 2, column "a": "x" is not a number`}},
		"twice":       {"id,a,b\n1,1,2\n1,2,3\n", outcome("a", "b"), []string{`"1" stands in lines 2, 3`}},
		"two groups":  {"id,w,g,a\n1,1,A,1\n1,2,B,2\n", filedata.Spec{ID: "id", Wave: "w", Group: "g", Outcomes: []filedata.Outcome{{Key: "a", Columns: []string{"a"}}}}, []string{`line 3, column "g"`, "a person has one group"}},
		"no wave":     {"id,w,a\n1,,1\n", filedata.Spec{ID: "id", Wave: "w", Outcomes: []filedata.Outcome{{Key: "a", Columns: []string{"a"}}}}, []string{"line 2", "no wave"}},
		"other wave":  {"id,w,a\n1,pre,1\n1,post,1\n", filedata.Spec{ID: "id", Wave: "w", Post: "pots", Outcomes: []filedata.Outcome{{Key: "a", Columns: []string{"a"}}}}, []string{`"pots"; did you mean "post"`}},
		"control":     {wide, filedata.Spec{Group: "arm", Control: "wiat", Outcomes: []filedata.Outcome{{Key: "x", Columns: []string{"BDI_T1"}}}}, []string{`did you mean "wait"`, "course, wait"}},
		"many groups": {manyGroups(), filedata.Spec{Group: "b", Outcomes: []filedata.Outcome{{Key: "x", Columns: []string{"a"}}}}, []string{"more than 12 different groups"}},
		"no outcome":  {wide, filedata.Spec{}, []string{"no outcome"}},
		"same name":   {wide, filedata.Spec{Outcomes: []filedata.Outcome{{Key: "x", Columns: []string{"BDI_T1"}}, {Key: "x", Columns: []string{"BDI_T2"}}}}, []string{"different names"}},
		"item":        {wide, filedata.Spec{Outcomes: []filedata.Outcome{{Key: "x", Items: [][]string{{"BDI_T1", "BDI_T2"}}, Reverse: []string{"3"}}}}, []string{`no item "3"`}},
		"waves":       {wide, filedata.Spec{Outcomes: []filedata.Outcome{{Key: "x", Items: [][]string{{"BDI_T1", "BDI_T2"}, {"BDI_T3"}}}}}, []string{"2 items at one wave and 1 at another"}},
	} {
		_, err := filedata.Read(sheetOf(t, c.text), c.spec)
		for _, w := range c.want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: says %v, want something with %q", name, err, w)
			}
		}
	}
	_, err := filedata.Read(sheetOf(t, "id,a,b\n1,x,2\n"), outcome("a", "b"))
	if _, ok := errors.AsType[sheet.Faults](err); !ok {
		t.Errorf("%T is no list of faults", err)
	}
}

func outcome(columns ...string) filedata.Spec {
	return filedata.Spec{ID: "id", Outcomes: []filedata.Outcome{{Key: "x", Columns: columns}}}
}

func manyGroups() string {
	text := "a,b\n"
	for i := range 20 {
		text += fmt.Sprintf("%d,%d\n", i, i)
	}
	return text
}

func TestAPlanIsHeldToTheFile(t *testing.T) {
	t.Parallel()
	f := read(t, wide, wideSpec())
	p := f.Plan()
	if err := f.CheckPlan(p); err != nil {
		t.Errorf("the plan to begin from does not fit its file: %v", err)
	}
	if o := p.Primary[0]; o != (plan.Outcome{Scale: "BDI", Pre: "T1", Post: "T2", Arm: "course", Against: "wait"}) {
		t.Errorf("primary outcome %+v", o)
	}
	p.Primary[0].Scale, p.Primary[0].Post = "BID", "T9"
	p.Covariates = []plan.Covariate{{Kind: plan.CovariateColumn, Key: "agee"}}
	err := f.CheckPlan(p)
	for _, w := range []string{`no scale "BID"; did you mean "BDI"`, `no wave "T9"`, `no column "agee"; did you mean "age"`} {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("says %v, want something with %q", err, w)
		}
	}
	found, err := filedata.PlanColumns(f.Plan(), []string{"code", "BDI_T1", "BDI_T2", "BDI_T3"})
	if err != nil || len(found) != 1 || fmt.Sprint(found[0].Columns) != "[BDI_T1 BDI_T2 BDI_T3]" {
		t.Errorf("columns of the plan: %v, %v", found, err)
	}
}

func TestTheReportOfAFileIsThatOfAStudy(t *testing.T) {
	t.Parallel()
	f := read(t, wide, wideSpec())
	made, err := paper.Build(t.Context(), f.Data, paper.Options{Plan: paper.PlanUsed{Content: f.Plan()}, Minimum: -1, Now: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if made.Flow.Enrolled != 4 || len(made.Outcomes) == 0 {
		t.Fatalf("%d enrolled, %d outcomes", made.Flow.Enrolled, len(made.Outcomes))
	}
	d, err := f.Describe(t.Context(), made)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range d.Effects {
		if e.Pre == "T1" && e.Post == "T2" && e.Group == "" {
			if e.N != 3 || math.Abs(e.Change.Value-(-1-10.5+1)/3.0) > 1e-12 {
				t.Errorf("change of everyone %+v", e)
			}
		}
	}
	if len(d.Effects) == 0 || len(d.Contrasts) == 0 || len(d.Tables()) != len(d.Frames()) {
		t.Errorf("%d effects, %d contrasts, %d tables, %d frames", len(d.Effects), len(d.Contrasts), len(d.Tables()), len(d.Frames()))
	}
}
