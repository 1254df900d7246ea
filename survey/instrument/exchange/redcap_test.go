package exchange_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

func TestADictionaryComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	d := parse(t, sample)
	var b bytes.Buffer
	lost, err := exchange.WriteREDCap(&b, d)
	if err != nil {
		t.Fatal(err)
	}
	if !told(lost, "introduction") {
		t.Errorf("that the introduction is lost is not told: %v", lost)
	}
	back, lost, err := exchange.ReadREDCap(&b)
	if err != nil {
		t.Fatal(err)
	}
	if len(back) != 1 || back[0].Key != "evening" {
		t.Fatalf("%d forms came back", len(back))
	}
	if diff := cmp.Diff(essence(back[0]), essence(d)); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
	if !told(lost, "record number") {
		t.Errorf("that the record number is no question is not told: %v", lost)
	}
}

func TestTheDictionaryOfEveryBuiltInScoresTheSame(t *testing.T) {
	t.Parallel()
	all, err := instrument.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	scored := 0
	for _, d := range all {
		var b bytes.Buffer
		if _, err := exchange.WriteREDCap(&b, d); err != nil {
			t.Fatal(err)
		}
		back, lost, err := exchange.ReadREDCap(&b)
		if err != nil || len(back) != 1 {
			t.Fatalf("%s: %d forms, %v (%v)", d.Key, len(back), err, lost)
		}
		for _, v := range d.Vectors {
			for _, want := range d.Score(v.Answers) {
				for _, got := range back[0].Score(v.Answers) {
					if got.Scale == want.Scale {
						scored++
						if diff := cmp.Diff(got, want); diff != "" {
							t.Errorf("%s, %s: got -, want +:\n%s", d.Key, v.Name, diff)
						}
					}
				}
			}
		}
	}
	if scored < 50 {
		t.Errorf("only %d scores were compared", scored)
	}
}

// Two versions of one questionnaire, and others, make a project in which every field
// has a name of its own; it is read back to questionnaires that score the same.
func TestAProjectOfManyFormsScoresTheSame(t *testing.T) {
	t.Parallel()
	all, err := instrument.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	newer := *all[0]
	newer.Version = "9.0.0"
	forms := exchange.REDCapProject(append(all, &newer)...)
	var b bytes.Buffer
	if _, err := exchange.WriteREDCapProject(&b, forms); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if seen[row[0]] || len(row[0]) > 26 {
			t.Errorf("the field %q is there twice, or too long", row[0])
		}
		seen[row[0]] = true
	}
	back, _, err := exchange.ReadREDCap(&b)
	if err != nil || len(back) != len(forms) {
		t.Fatalf("%d forms came back of %d: %v", len(back), len(forms), err)
	}
	scored := 0
	for i, f := range forms {
		if back[i].Key != f.Name || f.Name == all[0].Key && i > 0 {
			t.Errorf("form %d is called %s, want %s", i+1, back[i].Key, f.Name)
		}
		for _, v := range f.Definition.Vectors {
			renamed := instrument.Numbers{}
			for code, answer := range v.Answers {
				renamed[f.Fields[code]] = answer
			}
			for _, want := range f.Definition.Score(v.Answers) {
				for _, got := range back[i].Score(renamed) {
					if got.Scale == f.Fields[want.Scale] {
						scored++
						got.Scale = want.Scale
						if diff := cmp.Diff(got, want); diff != "" {
							t.Errorf("%s, %s: got -, want +:\n%s", f.Name, v.Name, diff)
						}
					}
				}
			}
		}
	}
	if scored < 50 {
		t.Errorf("only %d scores were compared", scored)
	}
}

// foreign is a dictionary as another project might hand it over.
const foreign = `"Variable / Field Name","Form Name","Section Header","Field Type","Field Label","Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",Identifier?,"Branching Logic (Show field only if...)","Required Field?","Custom Alignment","Question Number (surveys only)","Matrix Group Name","Matrix Ranking?","Field Annotation"
record_id,base,,text,Record ID,,,,,,,,,,,,,
mail,base,,text,"<b>Your</b> address",,,email,,,y,,,,,,,
Mood_A,base,,radio,Mood,"a, Bad | b, Good",,,,,,,,RH,1,,,@HIDDEN
born,base,,text,Born,,,date_dmy,1900-01-01,,,"[mood_a] = 'b' and [visit_1][mood_a] = 'a'",,,,,,
pic,base,,file,Picture,,,,,,,,,,,,,
odd,base,,calc,Odd,"datediff([born],'today','y')",,,,,,,,,,,,
s1,second,,radio,One,"0, No | 1, Yes",,,,,,,y,,,m,,
s2,second,,radio,Two,"0, No | 1, Yes",,,,,,"[s1] <> '1'",,,,m,,
tot,second,,calc,Total,"sum([s1], (1-[s2]))",,,,,,,,,,,,
wrong,second,,calc,Wrong,"sum([s1], (2-[s2]))",,,,,,,,,,,,
`

func TestWhatADictionaryHasBeyondQuestionsIsListed(t *testing.T) {
	t.Parallel()
	forms, lost, err := exchange.ReadREDCap(strings.NewReader("\xef\xbb\xbf" + foreign))
	if err != nil {
		t.Fatal(err)
	}
	if len(forms) != 2 || len(forms[0].Items) != 3 || len(forms[1].Items) != 2 {
		t.Fatalf("%d forms: %+v", len(forms), forms)
	}
	for _, want := range []string{
		"record number", "identifying", "markup", "email", `"Mood_A" became "mood_a"`, "a = 1, b = 2", "alignment", "numbered",
		"@HIDDEN", "earliest", "another event", "type file", "datediff", "counts as 0", "2 − s2",
	} {
		if !told(lost, want) {
			t.Errorf("%q is not told in:\n%v", want, lost)
		}
	}
	second := forms[1]
	want := []instrument.Scale{{
		Key: "tot", Name: "Total", Label: "Total", Items: []string{"s1", "s2"}, Reversed: []string{"s2"}, Method: "sum", MinAnswered: 2,
		Direction: instrument.Neutral, Primary: true,
	}}
	if diff := cmp.Diff(second.Scales, want); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
	if second.Items[0].RequiredIf != "true" || second.Items[1].ShowIf != "not (s1 == 1)" || len(second.Options) != 2 {
		t.Errorf("required %q, shown if %q, shared %v", second.Items[0].RequiredIf, second.Items[1].ShowIf, second.Options)
	}
	if forms[0].Items[0].Text != "Your address" {
		t.Errorf("the label is %q", forms[0].Items[0].Text)
	}
}

func TestAFileThatIsNoDictionarySaysSo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, says string }{
		"empty":      {"", "empty"},
		"other CSV":  {"a,b\n1,2\n", "no column"},
		"no fields":  {strings.SplitAfter(foreign, "\n")[0], "no question"},
		"not text":   {"\xff\xfe\x00", "UTF-8"},
		"too large":  {strings.Repeat("x", exchange.MaxBytes+1), "larger"},
		"one answer": {"field_name,form_name,field_type,field_label,select_choices_or_calculations\na,f,radio,A,\"1, Only\"\n", "single option"},
	} {
		_, _, err := exchange.ReadREDCap(strings.NewReader(c.file))
		if _, ok := errors.AsType[*exchange.FileError](err); !ok || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADictionaryHasTheColumnsInOrder(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if _, err := exchange.WriteREDCap(&b, parse(t, sample)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"ev_far", "evening", "Outside", "text", "How far did you walk?", "", "", "integer", "0", "50", "", "[ev_calm] = '2' and [ev_who(9)] = '0'", "", "", "", "", "", ""},
		{"ev_rush", "evening", "", "radio", "Today I was in a rush.", "0, Not once | 1, Now and then | 2, Much of the day", "Think of the whole day.", "", "", "", "", "", "", "", "", "evening_often", "", ""},
		{"ev_sum", "evening", "", "calc", "Calm, sum", `if(sum(if([ev_calm]<>"",1,0),if([ev_rush]<>"",1,0))>=1,mean([ev_calm],(2-[ev_rush]))*2,"")`, "", "", "", "", "", "", "", "", "", "", "", ""},
	}
	for i, at := range []int{5, 3, 13} {
		if diff := cmp.Diff(rows[at], want[i]); diff != "" {
			t.Errorf("got -, want +:\n%s", diff)
		}
	}
}

func FuzzReadREDCap(f *testing.F) {
	f.Add([]byte(foreign))
	var b bytes.Buffer
	if d, err := instrument.Parse([]byte(sample)); err == nil {
		_, _ = exchange.WriteREDCap(&b, d)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		forms, _, err := exchange.ReadREDCap(bytes.NewReader(data))
		sound(t, err, forms...)
	})
}

// sound holds what was read to what everything else may rely on.
func sound(t *testing.T, err error, definitions ...*instrument.Definition) {
	t.Helper()
	if _, ok := errors.AsType[*exchange.FileError](err); err != nil && !ok {
		t.Errorf("a fault of the file is told as %v", err)
	}
	for _, d := range definitions {
		if d == nil {
			continue
		}
		data, err := d.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := instrument.Parse(data); err != nil {
			t.Errorf("what was read is not sound: %v", err)
		}
	}
}
