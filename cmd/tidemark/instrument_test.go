package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
)

func TestInstrumentsAreListedWithTheirTerms(t *testing.T) {
	t.Parallel()
	out := must(t, "", "instrument", "list").stdout
	for _, want := range []string{"self_compassion", "scs-26", "licence needed", "comes with the program"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in the list:\n%s", want, out)
		}
	}
	if strings.Contains(out, "socs-s") {
		t.Error("what is not ready is listed without being asked for")
	}
	if out := must(t, "", "instrument", "list", "--all").stdout; !strings.Contains(out, "socs-s") || !strings.Contains(out, "not ready: ") {
		t.Errorf("all:\n%s", out)
	}
}

func TestAnInstrumentIsShown(t *testing.T) {
	t.Parallel()
	out := must(t, "", "instrument", "show", "brs-6").stdout
	for _, want := range []string{"Brief Resilience Scale", "turned: 2, 4, 6", "at least 4 answered", "low 1-2.99", "no legal advice"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not shown:\n%s", want, out)
		}
	}
	if out := must(t, "", "instrument", "show", "resilience").stdout; !strings.Contains(out, "rs_01") {
		t.Errorf("own:\n%s", out)
	}
	d, err := instrument.Parse([]byte(must(t, "", "instrument", "show", "pss-10", "--json").stdout))
	if err != nil || d.Key != "pss_10" {
		t.Errorf("JSON: %v", err)
	}
	r := tidemark(t, "", "instrument", "show", "scs26")
	if r.code != exitFailure || !strings.Contains(r.stderr, "did you mean scs-26") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

func TestADefinitionIsCheckedWithThePlaceOfEveryFault(t *testing.T) {
	t.Parallel()
	sound := must(t, "", "instrument", "show", "resilience", "--json").stdout
	file := write(t, filepath.Join(t.TempDir(), "mine.json"), sound)
	if r := must(t, "", "instrument", "check", file); !strings.Contains(r.stderr, "is sound: 6 items, 1 scale") {
		t.Errorf("%s", r.stderr)
	}
	broken := strings.Replace(strings.Replace(sound, `"rs_04"`, `"RS 04"`, 1), `"mean"`, `"median"`, 1)
	r := tidemark(t, broken, "instrument", "check", "-")
	if r.code != exitFailure || !strings.Contains(r.stderr, "items[3].code") || !strings.Contains(r.stderr, "scales[0].method") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	// Under the name of a published instrument another key is told.
	published := must(t, "", "instrument", "show", "brs-6", "--json").stdout
	if r := must(t, published, "instrument", "check", "-"); !strings.Contains(r.stderr, "scores like Brief Resilience Scale") {
		t.Errorf("%s", r.stderr)
	}
	if r := must(t, strings.Replace(published, `"brs_06"
      ],
      "method"`, `"brs_05"
      ],
      "method"`, 1), "instrument", "check", "-"); !strings.Contains(r.stderr, "does not score like Brief Resilience Scale") {
		t.Errorf("%s", r.stderr)
	}
}

func TestAFileIsScored(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// 6+5+7+4+3 = 25; an answer is missing; 8 is not possible
	file := write(t, filepath.Join(dir, "life.csv"), "code;a;b;c;d;e\nx1;6;5;7;4;3\nx2;6;5;;4;3\nx3;8;5;7;4;3\n")
	want := "code,swls_total,swls_total_answered\nx1,25,5\nx2,,4\nx3,,4\n"
	for name, args := range map[string][]string{
		"inline":  {"--map", "1=a,2=b,3=c,4=d,5=e"},
		"codes":   {"--map", "swls_01=a,swls_02=b,swls_03=c,swls_04=d,swls_05=e"},
		"a file":  {"--map", write(t, filepath.Join(dir, "map.csv"), "1,a\n2,b\n3,c\n4,d\n5,e\n")},
		"a range": {"--items", "a..e"},
	} {
		r := must(t, "", append([]string{"instrument", "score", "swls-5", file, "--id", "code"}, args...)...)
		if diff := cmp.Diff(r.stdout, want); diff != "" {
			t.Errorf("%s (got − want +):\n%s", name, diff)
		}
		for _, says := range []string{"separated by semicolons", "3 rows, 2 answered every item, 1 some", "1 without: too few answers", "1 without: an impossible answer", "look at: 1 answer is not between 1 and 7"} {
			if !strings.Contains(r.stderr, says) {
				t.Errorf("%s: %q is not said:\n%s", name, says, r.stderr)
			}
		}
	}
}

func TestAnswersCountedFromAnotherNumberAreMovedWhenToldSo(t *testing.T) {
	t.Parallel()
	csv := "w1,w2,w3,w4,w5\n4,5,3,6,2\n1,2,2,6,1\n"
	r := must(t, csv, "instrument", "score", "who-5", "-", "--items", "w1..w5")
	if !strings.Contains(r.stderr, "counted from 1") {
		t.Errorf("%s", r.stderr)
	}
	// 3+4+2+5+1 = 15, times 4; 0+1+1+5+0 = 7, times 4
	r = must(t, csv, "instrument", "score", "who-5", "-", "--items", "w1..w5", "--add=-1")
	if diff := cmp.Diff(columnsOf(t, r.stdout)["who5_total"], []string{"60", "28"}); diff != "" {
		t.Errorf("(got − want +):\n%s", diff)
	}
}

func TestAKeyOnALicensedFormIsAskedFor(t *testing.T) {
	t.Parallel()
	csv := "q1,q2,q3,q4,q5,q6,q7,q8\n4,3,2,1,4,3,2,4\n"
	if r := tidemark(t, csv, "instrument", "score", "csq-8", "-"); r.code != exitWrongUse || !strings.Contains(r.stderr, "--reversed") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	// if the form turned 1 and 3: 1+3+3+1+4+3+2+4 = 21
	r := must(t, csv, "instrument", "score", "csq-8", "-", "--reversed", "1,3")
	if diff := cmp.Diff(columnsOf(t, r.stdout)["csq8_total"], []string{"21"}); diff != "" {
		t.Errorf("(got − want +):\n%s", diff)
	}
	if r := tidemark(t, csv, "instrument", "score", "brs-6", "-", "--reversed", "1"); r.code != exitWrongUse {
		t.Errorf("a known key was changed: exit %d", r.code)
	}
}

func TestWhatCannotBeScoredIsExplained(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		csv  string
		args []string
		code int
		says string
	}{
		"not ready":         {"a1\n1\n", []string{"socs-s"}, exitFailure, "not confirmed"},
		"no scales":         {"a1\n1\n", []string{"practice_recall"}, exitFailure, "nothing to score"},
		"no columns":        {"a,b\n1,2\n", []string{"brs-6"}, exitFailure, "--items"},
		"a longer form":     {"pss1,pss2,pss3,pss4,pss5\n1,2,3,4,5\n", []string{"pss-4"}, exitFailure, "--from"},
		"not a part of it":  {"pss1\n1\n", []string{"pss-4", "--from", "scs-26"}, exitWrongUse, "part of pss-10"},
		"too few columns":   {"a1,a2\n1,2\n", []string{"brs-6", "--items", "a1..a2"}, exitWrongUse, "2 columns"},
		"a word":            {"brs1,brs2,brs3,brs4,brs5,brs6\n1,2,3,4,5,often\n", []string{"brs-6"}, exitFailure, "often"},
		"a column to carry": {"brs1,brs2,brs3,brs4,brs5,brs6\n1,2,3,4,5,5\n", []string{"brs-6", "--id", "who"}, exitWrongUse, "who"},
	} {
		r := tidemark(t, c.csv, append([]string{"instrument", "score", c.args[0], "-"}, c.args[1:]...)...)
		if r.code != c.code || !strings.Contains(r.stderr, c.says) {
			t.Errorf("%s: exit %d: %s", name, r.code, r.stderr)
		}
	}
}

// cups is a sheet of our own for an instrument of six items.
func cups(from int) string {
	var b strings.Builder
	for i := range 5 {
		fmt.Fprintf(&b, "%d = Choice %s\n", from+i, strings.Repeat("i", i+1))
	}
	for n := 1; n <= 6; n++ {
		fmt.Fprintf(&b, "%d. My cup number %s is full.\n", n, strings.Repeat("i", n))
	}
	return b.String()
}

func TestWordingIsAddedFromASheet(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	sheet := write(t, filepath.Join(t.TempDir(), "sheet.txt"), cups(1))
	add := []string{"instrument", "add", "--database", db, "--wording-of", "brs-6", sheet}
	if r := must(t, "", append(add, "--dry-run")...); !strings.Contains(r.stderr, "2  My cup number ii is full.  [turned]") {
		t.Errorf("%s", r.stderr)
	}
	if r := tidemark(t, "", add...); r.code != exitFailure || !strings.Contains(r.stderr, "--accept-terms") || !strings.Contains(r.stderr, "--compared") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	add = append(add, "--compared", "--accept-terms", "Ana Ruiz")
	if r := must(t, "", add...); !strings.Contains(r.stderr, "brs_6 1.0.0 was added") {
		t.Errorf("%s", r.stderr)
	}
	if r := tidemark(t, "", add...); r.code != exitFailure || !strings.Contains(r.stderr, "already") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	if r := tidemark(t, cups(1)[60:], "instrument", "add", "--database", db, "--wording-of", "brs-6", "-"); r.code != exitFailure || !strings.Contains(r.stderr, "to be mended") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

func TestADefinitionIsAddedAndItsNextVersionNeedsAWord(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	text := strings.Replace(must(t, "", "instrument", "show", "resilience", "--json").stdout, `"key": "resilience"`, `"key": "mine"`, 1)
	version := func(v string) string {
		return regexp.MustCompile(`(?m)^  "version": "[0-9.]+"`).ReplaceAllString(text, `  "version": "`+v+`"`)
	}
	text = version("1.0.0")
	add := func(text string, args ...string) result {
		file := write(t, filepath.Join(t.TempDir(), "mine.json"), text)
		return tidemark(t, "", append([]string{"instrument", "add", "--database", db, file}, args...)...)
	}
	if r := add(text); r.code != exitOK || !strings.Contains(r.stderr, "mine 1.0.0 was added") {
		t.Fatalf("exit %d: %s", r.code, r.stderr)
	}
	if r := add(text); r.code != exitFailure || !strings.Contains(r.stderr, "count the version up") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	text = version("1.1.0")
	if r := add(text); r.code != exitFailure || !strings.Contains(r.stderr, "--note") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	if r := add(text, "--note", "a word"); r.code != exitOK {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

func TestAReportScoresItemsByTheKeyOfAnInstrument(t *testing.T) {
	t.Parallel()
	file := filepath.Join("testdata", "score", "phq9_gad7_pss10_students_n223.csv")
	byKey := whole(t, "", file, "--items", "pss=pss1..pss10", "--items", "phq=phq1..phq9", "--instrument", "pss=pss-10", "--instrument", "phq=phq-9")
	byHand := whole(t, "", file, "--items", "pss=pss1..pss10", "--items", "phq=phq1..phq9", "--sum", "pss,phq", "--reverse", "pss=4,5,7,8",
		"--min", "0", "--max", "pss=4", "--max", "phq=3")
	for _, scale := range []string{"pss", "phq"} {
		for _, cell := range []string{"n", "mean", "sd", "alpha"} {
			key, hand := byKey.number(byKey.row("scales", "scale", scale), cell), byHand.number(byHand.row("scales", "scale", scale), cell)
			if key != hand {
				t.Errorf("%s of %s: %v by the key, %v by hand", cell, scale, key, hand)
			}
		}
	}
	r := tidemark(t, "", "analyze", file, "--items", "pss=pss1..pss9", "--instrument", "pss=pss-10")
	if r.code != exitWrongUse || !strings.Contains(r.stderr, "has 10 items") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	r = tidemark(t, "", "analyze", file, "--items", "pss=pss1..pss10", "--instrument", "gad=pss-10")
	if r.code != exitWrongUse || !strings.Contains(r.stderr, "gad") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}
