package main

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sleepFile is R's sleep as write.csv gives it: Student (1908), Biometrika 6:1-25.
const sleepFile = "testdata/analyze/sleep.csv"

// numbers is the part of the JSON that the tests look at.
type numbers struct {
	Notes   []string
	Outcome struct {
		Groups []struct {
			Group         string
			People, Pairs int
			MeanPre       value `json:"mean_pre"`
			SDPre         value `json:"sd_pre"`
			MeanPost      value `json:"mean_post"`
			R, T, P       value
			DZ            value                       `json:"d_z"`
			ChangeCI      struct{ Low, High float64 } `json:"change_ci"`
			Wilcoxon      struct{ P value }
			Reliable      struct {
				Better, Same, Worse, Recovered struct{ N *int }
				CutOff                         value `json:"cut_off_c"`
			} `json:"reliable_change"`
		}
		Comparison *struct {
			Course, Control string
			Difference      value
		}
	}
}

type value struct {
	Value  *float64
	Reason string
}

// is holds a number to one that was printed: half a unit of its last digit.
func (v value) is(t *testing.T, what string, want, half float64) {
	t.Helper()
	if v.Value == nil || math.Abs(*v.Value-want) > half {
		t.Errorf("%s is %+v, want %v ± %v", what, v, want, half)
	}
}

func analyze(t *testing.T, stdin string, args ...string) numbers {
	t.Helper()
	r := must(t, stdin, append([]string{"analyze", "--format", "json"}, args...)...)
	if strings.Contains(r.stdout, "NaN") {
		t.Error("the JSON holds NaN")
	}
	var n numbers
	if err := json.Unmarshal([]byte(r.stdout), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheSleepDataAsRWritesThemComeOut(t *testing.T) {
	t.Parallel()
	n := analyze(t, "", sleepFile, "--id", "ID", "--wave", "group", "--score", "extra", "--pre", "1", "--post", "2")
	g := n.Outcome.Groups[0]
	g.MeanPre.is(t, "mean before", 0.75, 1e-12)
	g.MeanPost.is(t, "mean after", 2.33, 1e-12)
	g.R.is(t, "r", .795, .0005)
	g.T.is(t, "t", 4.0621, .00005)
	g.P.is(t, "p", .002833, .0000005)
	g.DZ.is(t, "d_z", 1.285, .0005)
	g.Wilcoxon.P.is(t, "Wilcoxon", .0039, .00005)
	if math.Abs(g.ChangeCI.Low-0.7001) > .00005 || math.Abs(g.ChangeCI.High-2.4599) > .00005 {
		t.Errorf("interval %+v, want 0.7001 to 2.4599", g.ChangeCI)
	}
}

// The ratings of Lakens (2013), Frontiers in Psychology 4:863, as a German
// spreadsheet writes them.
func TestTheRatingsOfLakensComeOut(t *testing.T) {
	t.Parallel()
	n := analyze(t, "", "testdata/analyze/lakens.csv", "--id", "person", "--pre", "vorher", "--post", "nachher")
	g := n.Outcome.Groups[0]
	g.T.is(t, "t", 4.74, .005)
	g.DZ.is(t, "d_z", 1.50, .005)
	g.R.is(t, "r", .73, .005)
	if math.Abs(g.ChangeCI.Low-.52) > .005 || math.Abs(g.ChangeCI.High-1.48) > .005 {
		t.Errorf("interval %+v, want 0.52 to 1.48", g.ChangeCI)
	}
	want := []string{"Columns are separated by semicolons.", "Numbers have decimal commas."}
	if d := cmp.Diff(n.Notes, want); d != "" {
		t.Errorf("notes (-got +want):\n%s", d)
	}
}

const arms = "testdata/analyze/arms.csv"

func TestTwoGroupsAreComparedAndItIsSaidWhichWay(t *testing.T) {
	t.Parallel()
	base := []string{arms, "--id", "code", "--pre", "bdi_1", "--post", "bdi_2", "--group", "arm"}
	n := analyze(t, "", base...)
	d := n.Outcome.Comparison
	if d == nil || d.Course != "course" || d.Control != "waitlist" {
		t.Fatalf("compared %+v, want course − waitlist", d)
	}
	if !strings.Contains(strings.Join(n.Notes, " "), "course − waitlist") {
		t.Errorf("notes %q do not say which way", n.Notes)
	}
	var sum [2]float64
	for i, g := range n.Outcome.Groups {
		if g.People != 7 || g.Pairs != 6 {
			t.Errorf("%s: %d people, %d pairs; want 7 and 6", g.Group, g.People, g.Pairs)
		}
		sum[i] = *g.MeanPost.Value - *g.MeanPre.Value
	}
	d.Difference.is(t, "difference", sum[0]-sum[1], 1e-12)

	turned := analyze(t, "", append(base, "--control", "course")...).Outcome.Comparison
	if turned == nil || turned.Course != "waitlist" {
		t.Fatalf("compared %+v, want waitlist − course", turned)
	}
	turned.Difference.is(t, "difference turned round", -*d.Difference.Value, 1e-12)
}

func TestTheControlIsKnownByItsName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, course, control string }{
		{"Control", "Training", "Training", "Control"},
		{"MBCT", "TAU", "MBCT", "TAU"},
		{"Waiting list", "Zen", "Zen", "Waiting list"},
		{"A", "B", "A", "B"},
		{"0", "1", "1", "0"},
	} {
		course, control := (&analyzeCmd{}).pair([]string{c.a, c.b})
		if course != c.course || control != c.control {
			t.Errorf("%s and %s: %s − %s, want %s − %s", c.a, c.b, course, control, c.course, c.control)
		}
	}
}

func TestReliableChangeAndRecoveryAreCounted(t *testing.T) {
	t.Parallel()
	n := analyze(t, "", arms, "--id", "code", "--pre", "bdi_1", "--post", "bdi_2", "--lower-better",
		"--reliability", "0.801", "--sd", "8.16", "--norm-mean", "7.69", "--norm-sd", "7.52")
	r := n.Outcome.Groups[0].Reliable
	// The smallest reliable change is 1.96 · 8.16 · √2 · √.199 = 10.09 points:
	// P-01 (−18), P-05 (−13) and P-09 (−18).
	if *r.Better.N != 3 || *r.Same.N != 9 || *r.Worse.N != 0 {
		t.Errorf("%d better, %d same, %d worse; want 3, 9, 0", *r.Better.N, *r.Same.N, *r.Worse.N)
	}
	if r.CutOff.Value == nil || *r.Recovered.N != 3 {
		t.Errorf("%v recovered by cut-off %+v", r.Recovered.N, r.CutOff)
	}
}

func TestSmallGroupsAreHiddenOnRequest(t *testing.T) {
	t.Parallel()
	n := analyze(t, "", arms, "--id", "code", "--pre", "bdi_1", "--post", "bdi_2", "--group", "arm", "--hide-below", "7")
	for _, g := range n.Outcome.Groups {
		if g.MeanPre.Value != nil || g.MeanPre.Reason != "too_few_people" {
			t.Errorf("%s: mean %+v is not hidden", g.Group, g.MeanPre)
		}
	}
}

func TestStandardInputIsRead(t *testing.T) {
	t.Parallel()
	n := analyze(t, "id,a,b\n1,1,2\n2,2,2\n3,1,4\n", "-", "--id", "id", "--pre", "a", "--post", "b")
	if n.Outcome.Groups[0].Pairs != 3 {
		t.Errorf("%d pairs, want 3", n.Outcome.Groups[0].Pairs)
	}
}

func TestAnAnalysisReadsAsText(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"sleep": {sleepFile, "--id", "ID", "--wave", "group", "--score", "extra", "--pre", "1", "--post", "2", "--higher-better", "--name", "Sleep"},
		"arms": {arms, "--id", "code", "--pre", "bdi_1", "--post", "bdi_2", "--group", "arm", "--lower-better",
			"--reliability", "0.801", "--range", "0..63", "--name", "Depression"},
	} {
		r := must(t, "", append([]string{"analyze"}, args...)...)
		got := strings.Replace(r.stdout, readBuild().short(), "VERSION", 1)
		golden := filepath.Join("testdata", "analyze", name+".txt")
		if *update {
			write(t, golden, got)
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(strings.Split(got, "\n"), strings.Split(string(want), "\n")); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
	}
}

func TestAnAnalysisAsAPageStandsAlone(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "arms.html")
	must(t, "", "analyze", arms, "--id", "code", "--pre", "bdi_1", "--post", "bdi_2", "--group", "arm", "--format", "html",
		"--reliability", ".8", "--name", "<script>alert(1)</script>", "--out", out)
	page, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for _, w := range []string{"<svg", "Everyone’s change: course", "Both groups", "For your paper", "<caption>", `scope="col"`, "Welch"} {
		if !strings.Contains(text, w) {
			t.Errorf("the page has no %q", w)
		}
	}
	for _, w := range []string{"<script", "http://", "https://", "src=", "@import", "NaN"} {
		if strings.Contains(strings.ReplaceAll(text, `xmlns="http://www.w3.org/2000/svg"`, ""), w) {
			t.Errorf("the page has %q", w)
		}
	}
}

func TestWrongUseOfAnalyzeSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := write(t, filepath.Join(dir, "bad.csv"), "id,a,b\n1,1,2\n2,two,2\n1,3,4\n")
	wide := []string{arms, "--id", "code", "--pre", "bdi_1", "--post", "bdi_2"}
	for _, c := range []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"no file", []string{"--pre", "a", "--post", "b"}, exitWrongUse, []string{"<file>", "tidemark analyze --help"}},
		{"no columns", []string{arms}, exitWrongUse, []string{"--pre", "--post"}},
		{"file that is not there", []string{filepath.Join(dir, "none.csv"), "--pre", "a", "--post", "b"}, exitFailure, []string{"none.csv"}},
		{"folder", []string{dir, "--pre", "a", "--post", "b"}, exitFailure, []string{"directory"}},
		{"unknown column", []string{arms, "--id", "who", "--pre", "a", "--post", "b"}, exitWrongUse, []string{`no column "a"`, `"bdi_1"`, "tidemark analyze --help"}},
		{"bad cells", []string{bad, "--id", "id", "--pre", "a", "--post", "b"}, exitFailure, []string{`line 3, column "a": "two"`, `"1" stands in lines 2, 4`, "--wave COL"}},
		{"wave without score", append(wide, "--wave", "x"), exitWrongUse, []string{"--score"}},
		{"score without wave", append(wide, "--score", "x"), exitWrongUse, []string{"--wave"}},
		{"the same column", []string{arms, "--pre", "bdi_1", "--post", "bdi_1"}, exitWrongUse, []string{"same column"}},
		{"control without group", append(wide, "--control", "x"), exitWrongUse, []string{"--group"}},
		{"unknown control", append(wide, "--group", "arm", "--control", "x"), exitWrongUse, []string{"course, waitlist"}},
		{"scores as groups", append(wide, "--group", "code"), exitWrongUse, []string{"14 different groups"}},
		{"both directions", append(wide, "--higher-better", "--lower-better"), exitWrongUse, []string{"--lower-better"}},
		{"reliability of 1", append(wide, "--reliability", "1"), exitWrongUse, []string{"between 0 and 1"}},
		{"reliability that is none", append(wide, "--reliability", "NaN"), exitWrongUse, []string{"between 0 and 1"}},
		{"spread without reliability", append(wide, "--sd", "3"), exitWrongUse, []string{"--reliability"}},
		{"negative spread", append(wide, "--reliability", ".8", "--sd=-3"), exitWrongUse, []string{"above 0"}},
		{"half a norm", append(wide, "--norm-mean", "3", "--reliability", ".8"), exitWrongUse, []string{"go together"}},
		{"level of 95", append(wide, "--level", "95"), exitWrongUse, []string{"as 0.95"}},
		{"range that is none", append(wide, "--range", "1-5"), exitWrongUse, []string{"1..5"}},
		{"range turned round", append(wide, "--range", "5..1"), exitWrongUse, []string{"smaller"}},
		{"unknown format", append(wide, "--format", "pdf"), exitWrongUse, []string{"html"}},
		{"folder to write to", append(wide, "--out", filepath.Join(dir, "none", "x.txt")), exitFailure, []string{"no such file"}},
	} {
		r := tidemark(t, "", append([]string{"analyze"}, c.args...)...)
		if r.code != c.code {
			t.Errorf("%s: exit %d, want %d (%s)", c.name, r.code, c.code, r.stderr)
		}
		for _, w := range c.want {
			if !strings.Contains(r.stderr, w) {
				t.Errorf("%s: says %q, want something with %q", c.name, r.stderr, w)
			}
		}
		if r.stdout != "" {
			t.Errorf("%s: wrote %q", c.name, r.stdout)
		}
	}
}

// Numbers at the edge of what a float holds, and groups with nobody in them.
func TestDegenerateFilesAreAnswered(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nobody has both":     "id,a,b\n1,1,\n2,,2\n",
		"one person":          "id,a,b\n1,1,2\n",
		"all alike":           "id,a,b\n1,3,4\n2,3,4\n3,3,4\n4,3,4\n5,3,4\n",
		"all missing":         "id,a,b\n1,,\n2,,\n",
		"huge":                "id,a,b\n1,1e308,-1e308\n2,-1e308,1e308\n3,1e308,1e308\n",
		"tiny":                "id,a,b\n1,1e-300,2e-300\n2,3e-300,1e-300\n3,1e-300,5e-300\n",
		"nobody in one group": "id,a,b,g\n1,1,2,x\n2,2,3,x\n3,3,5,x\n4,,2,y\n5,1,,y\n",
	} {
		for _, format := range []string{"text", "json", "html"} {
			args := []string{"analyze", "-", "--id", "id", "--pre", "a", "--post", "b", "--reliability", ".8", "--format", format}
			if strings.Contains(text, ",g\n") {
				args = append(args, "--group", "g")
			}
			r := must(t, text, args...)
			if strings.Contains(r.stdout, "NaN") || strings.Contains(r.stdout, "Inf") || strings.Contains(r.stdout, "not estimable: .") {
				t.Errorf("%s as %s:\n%s", name, format, r.stdout)
			}
		}
	}
}
