package filedata_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
	"tidemark/survey/report/filedata"
	"tidemark/survey/report/sheet"
)

const book = `variable,label,role,wave,scale,reverse,min,max,direction,missing codes,values
who,Person,id,,,,,,,,
g,Group,group,,,,,,,,0 = Waiting list; 1 = Course
a1,First,item,pre,mood,,1,5,higher,9,
a2,Second,item,pre,mood,yes,1,5,higher,9,
b1,First,item,post,mood,,1,5,higher,9,
b2,Second,item,post,mood,yes,1,5,higher,9,
age,Age in years,baseline,,,,,,,,
`

func TestACodebookSaysWhatTheColumnsAre(t *testing.T) {
	t.Parallel()
	b, err := filedata.ReadCodebook(sheetOf(t, book))
	if err != nil {
		t.Fatal(err)
	}
	const data = "who,g,a1,a2,b1,b2,age\nx,0,1,5,9,4,30\ny,1,2,4,3,3,40\n"
	spec := filedata.Spec{Book: b}
	b.Fill(&spec, sheetOf(t, data).Header)
	f := read(t, data, spec)
	// x: 1 and 5 turned to 1 before; 9 means missing after, so one of two is left.
	if s := fmt.Sprint(f.Data.Measures[0].Values); s != "[[1 2] [NaN 3]]" {
		t.Errorf("scores %s", s)
	}
	if m := f.Data.Measures[0].Scale; m.Direction != instrument.HigherBetter || m.Min != 1 || m.Max != 5 {
		t.Errorf("scale %+v", m)
	}
	if a := f.Data.Arms; len(a) != 2 || a[0].Name != "Course" || a[1].Name != "Waiting list" || !a[1].Control {
		t.Errorf("arms %+v", a)
	}
	if c := f.Data.Baseline; len(c) != 1 || c[0].Name != "Age in years" {
		t.Errorf("baseline %+v", c)
	}
}

func TestTheCodebookOfAnExportIsRead(t *testing.T) {
	t.Parallel()
	const exported = `variable,files,label,type,values,min,max,missing,item_or_scale,wave,wave_name,instrument,instrument_version,instrument_title,scales,reversed_in,scoring,direction,status,terms,citation
participant,long wide scores,Code of the person; contact data are kept elsewhere,text,,,,,,,,,,,,,,,,,
arm,long wide scores,Group,categorical,course = Course; wait = Waiting list,,,,,,,,,,,,,,,,
sc_pre,wide,Self-compassion,numeric,,1,5,"empty: not submitted, or too_few_answered",sc,pre,Before,self,1.0.0,Self,,,mean of q1 q2,higher_better,,,
sc_post,wide,Self-compassion,numeric,,1,5,"empty: not submitted, or too_few_answered",sc,post,After,self,1.0.0,Self,,,mean of q1 q2,higher_better,,,
`
	b, err := filedata.ReadCodebook(sheetOf(t, exported))
	if err != nil {
		t.Fatal(err)
	}
	const data = "participant,arm,sc_pre,sc_post\np,course,1,2\nq,wait,2,2\n"
	spec := filedata.Spec{Book: b}
	b.Fill(&spec, sheetOf(t, data).Header)
	if spec.ID != "participant" || spec.Group != "arm" || len(spec.Outcomes) != 1 || fmt.Sprint(spec.Outcomes[0].Columns) != "[sc_pre sc_post]" {
		t.Fatalf("spec %+v", spec)
	}
	if f := read(t, data, spec); f.Data.Measures[0].Scale.Direction != instrument.HigherBetter || f.Data.Arms[0].Name != "Course" {
		t.Errorf("%+v %+v", f.Data.Measures[0].Scale, f.Data.Arms)
	}
}

func TestACodebookWithoutVariablesIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"a,b\n1,2\n": `no column "variable"`, "variable,min\nx,low\n": `line 2, column "min": "low" is not a number`} {
		if _, err := filedata.ReadCodebook(sheetOf(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want something with %q", err, want)
		}
	}
}

func TestARunOfItemsIsWrittenOut(t *testing.T) {
	t.Parallel()
	header := []string{"id", "q01", "q02", "q03", "sad", "glad"}
	for text, want := range map[string][]string{
		"q01..q03": {"q01", "q02", "q03"}, "q02": {"q02"}, "sad..glad": {"sad", "glad"}, "q01..q02, glad": {"q01", "q02", "glad"}, "q03..sad": {"q03", "sad"},
	} {
		got, err := filedata.Expand(text, header)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if d := cmp.Diff(got, want); d != "" {
			t.Errorf("%s (-got +want):\n%s", text, d)
		}
	}
	for text, want := range map[string]string{"glad..sad": "backwards", "qq..glad": `no column "qq"`} {
		if _, err := filedata.Expand(text, header); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want something with %q", text, err, want)
		}
	}
}

func TestOutcomesAreGuessedFromTheHeader(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"id PSS_T1 BRS_T1 PSS_T2 BRS_T2": "[{PSS [PSS_T1 PSS_T2]} {BRS [BRS_T1 BRS_T2]}]", "pre_x post_x fu_x": "[{x [pre_x post_x fu_x]}]", "a b c": "[]",
	} {
		got := []string{}
		for _, o := range filedata.Guess(strings.Fields(text)) {
			got = append(got, fmt.Sprintf("{%s %v}", o.Key, o.Columns))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
}

// FuzzAnyFileIsReadOrRefused reads any file as any of several things.
func FuzzAnyFileIsReadOrRefused(f *testing.F) {
	f.Add(wide, "a..b", uint8(0))
	f.Add(long, "q1..q3", uint8(1))
	f.Add(book, "0..", uint8(2))
	f.Add("id,w,a,b\n1,1,1e308,-1e308\n1,2,,\n", "..", uint8(1))
	f.Fuzz(func(t *testing.T, text, list string, how uint8) {
		s, err := sheet.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		names, err := filedata.Expand(list, s.Header)
		if err != nil {
			names = s.Header
		}
		spec := filedata.Spec{ID: s.Header[0]}
		switch {
		case how%3 == 1 && len(s.Header) > 1:
			spec.Wave = s.Header[1]
			spec.Outcomes = []filedata.Outcome{{Key: "x", Items: [][]string{names}, Reverse: []string{"1"}}}
		case how%3 == 2:
			spec.Outcomes = []filedata.Outcome{{Key: "x", Items: [][]string{names}}, {Key: "y", Items: [][]string{{"x"}}}}
		default:
			spec.Outcomes, spec.Group = []filedata.Outcome{{Key: "x", Columns: names}}, s.Header[len(s.Header)-1]
		}
		if b, err := filedata.ReadCodebook(s); err == nil {
			spec.Book = b
		}
		file, err := filedata.Read(s, spec)
		if err != nil {
			return
		}
		for i := range file.Data.Measures {
			for _, values := range file.Data.Measures[i].Values {
				if values != nil && len(values) != len(file.Data.People) {
					t.Fatalf("%d scores of %d people", len(values), len(file.Data.People))
				}
			}
		}
	})
}
