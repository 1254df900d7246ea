package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func csvFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "codes.csv")
	do(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestSelfMadeCodesAreMatchedAndNothingIsDecided(t *testing.T) {
	t.Parallel()
	before := csvFile(t, "id;mother;father;birthplace;day;month\n"+
		"a;Ana;Bo;Ulm;12;3\nb;Eva;Jan;Kiel;7;11\nc;Ida;Max;Rom;30;5\nd;Ida;Max;Rom;30;5\n")
	after := csvFile(t, "day,month,mother,father,birthplace,id\n"+
		"21,3,ána,b,ulm,1\n07,11,e,j,k,2\n30,5,I,M,R,3\n1,1,X,Y,Z,4\n")
	r := must(t, "", "codes", before, after, "--id", "id")
	want := `first,second,agreement,probability,score,several,mother,father,birthplace,day,month
b,2,all,`
	if !strings.HasPrefix(r.stdout, want) {
		t.Errorf("the report is\n%s", r.stdout)
	}
	for _, line := range []string{"a,1,some,", ",no,same,same,same,near,same", "c,3,all,", "d,3,all,", ",yes,same,same,same,same,same"} {
		if !strings.Contains(r.stdout, line) {
			t.Errorf("%q is not in the report\n%s", line, r.stdout)
		}
	}
	if strings.Contains(r.stdout, ",4,") || strings.Count(r.stdout, "\n") != 5 {
		t.Errorf("pairs that are none are in the report\n%s", r.stdout)
	}
	if !strings.Contains(r.stderr, "4 and 4 codes of 5 parts: 3 pairs agree in all parts, 1 more are probably one person") {
		t.Errorf("it is said: %s", r.stderr)
	}
}

func TestACodeOfTooFewPartsIsWarnedOf(t *testing.T) {
	t.Parallel()
	rows := "mother\n" + strings.Repeat("Ana\nBo\n", 20)
	r := must(t, rows, "codes", "-", csvFile(t, rows), "--parts", "mother", "--out", filepath.Join(t.TempDir(), "pairs.csv"))
	if !strings.Contains(r.stderr, "The code has few parts") {
		t.Errorf("it is said: %s", r.stderr)
	}
}

func TestWhatIsWrongWithFilesOfCodesIsSaid(t *testing.T) {
	t.Parallel()
	good := csvFile(t, "mother,day\nAna,1\n")
	for want, args := range map[string][]string{
		"there is no part":  {"codes", good, good, "--parts", "shoe_size"},
		"no column of both": {"codes", good, csvFile(t, "x\n1\n")},
		"--least":           {"codes", good, good, "--least", "1"},
		"month":             {"codes", good, good, "--parts", "month"},
		"nowhere.csv":       {"codes", good, "nowhere.csv"},
	} {
		if r := tidemark(t, "", args...); r.code == exitOK || !strings.Contains(r.stderr, want) {
			t.Errorf("%v: exit %d, %s", args, r.code, r.stderr)
		}
	}
}
