package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/survey/instrument"
)

func TestAQuestionnaireIsCarriedFromFormatToFormat(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dictionary, questionnaire := filepath.Join(dir, "dictionary.csv"), filepath.Join(dir, "questionnaire.json")
	r := must(t, "", "instrument", "convert", "resilience", "--to", "redcap", "--out", dictionary)
	if !strings.Contains(r.stderr, "introduction") {
		t.Errorf("what a dictionary cannot hold is not told: %s", r.stderr)
	}
	must(t, "", "instrument", "convert", dictionary, "--to", "fhir", "--out", questionnaire)
	own := must(t, "", "instrument", "convert", questionnaire).stdout
	d, err := instrument.Parse([]byte(own))
	if err != nil {
		t.Fatal(err)
	}
	want, err := instrument.BuiltinByKey("resilience")
	if err != nil {
		t.Fatal(err)
	}
	for i, it := range want.Items {
		if d.Items[i].Code != it.Code || d.Items[i].Text != it.Text {
			t.Errorf("item %d came as %+v", i, d.Items[i])
		}
	}
	answers := instrument.Numbers{"rs_01": 4, "rs_02": 2, "rs_03": 5, "rs_05": 4, "rs_06": 1}
	if got, want := d.Score(answers)[0].Value, want.Score(answers)[0].Value; got != want {
		t.Errorf("scores %v, want %v", got, want)
	}
}

func TestWhatCannotBeConvertedIsExplained(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	two := filepath.Join(dir, "two.csv")
	if err := os.WriteFile(two, []byte("field_name,form_name,field_type,field_label\na,first,text,A\nb,second,text,B\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken.xls")
	if err := os.WriteFile(broken, []byte("\xd0\xcf\x11\xe0"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, says string }{
		{two, "choose one with --form"},
		{two + " --form third", "there are first, second"},
		{broken, "Save it as"},
		{"phq-9 --to fhir", "has no wording in the program"},
		{"nothing-like-it", "no such file"},
	} {
		r := tidemark(t, "", append([]string{"instrument", "convert"}, strings.Fields(c.args)...)...)
		if r.code != exitFailure || !strings.Contains(r.stderr, c.says) {
			t.Errorf("%s: exit %d: %s", c.args, r.code, r.stderr)
		}
	}
	if out := must(t, "", "instrument", "convert", two, "--form", "second").stdout; !strings.Contains(out, `"code": "b"`) {
		t.Errorf("the second form: %s", out)
	}
}
