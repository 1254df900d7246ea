package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/plan"
)

// course is a made-up study: two outcomes of three waves, two groups, some of
// whom are lost.
func course() string {
	rng := rand.New(rand.NewPCG(8, 9))
	var b strings.Builder
	b.WriteString("code,arm,age,minutes,kind_T1,kind_T2,kind_T3,worry_T1,worry_T2,worry_T3\n")
	for i := range 24 {
		arm, gain := "course", 0.8
		if i%2 == 1 {
			arm, gain = "wait-list", 0.1
		}
		level := 3 + 0.6*rng.NormFloat64()
		fmt.Fprintf(&b, "P%02d,%s,%d,%d", i, arm, 25+i, 10*(i%7))
		for _, way := range []float64{1, -1} {
			for w := range 3 {
				v := level + way*gain*float64(min(w, 1)) + 0.3*rng.NormFloat64()
				if i%9 == 4 && w > 0 {
					b.WriteByte(',')
					continue
				}
				fmt.Fprintf(&b, ",%.2f", v)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func courseFlags() []string {
	return []string{"analyze", "-", "--id", "code", "--group", "arm", "--outcome", "kind=kind_T1,kind_T2,kind_T3", "--outcome", "worry=worry_T1,worry_T2,worry_T3",
		"--higher", "kind", "--lower", "worry", "--range", "0..7", "--covariate", "age", "--dose", "minutes", "--mcid", "kind=0.5", "--reliability", "kind=0.85", "--label", "kind=Kindness"}
}

func TestAWholeReportReadsAsText(t *testing.T) {
	t.Parallel()
	r := must(t, course(), courseFlags()...)
	for _, w := range []string{
		"24 enrolled · course 12 · wait-list 12", "Kindness", "course − wait-list", "For your method section", "For your results section",
		"ANCOVA", "Multiple imputation", "Participant flow", "Reliable and clinically significant change",
	} {
		if !strings.Contains(r.stdout, w) {
			t.Errorf("the report does not say %q", w)
		}
	}
	for _, w := range []string{"NaN", "+Inf", "-Inf"} {
		if strings.Contains(r.stdout, w) {
			t.Errorf("the report says %q", w)
		}
	}
}

func TestItemsOfOneWaveAreDescribed(t *testing.T) {
	t.Parallel()
	const data = "id,q1,q2,q3,q4\n1,1,2,4,1\n2,2,2,3,2\n3,4,5,2,4\n4,5,4,1,5\n5,3,3,3,99\n6,2,1,5,\n"
	r := must(t, data, "analyze", "-", "--id", "id", "--items", "mood=q1..q4", "--reverse", "3", "--min", "1", "--max", "5", "--sum", "mood", "--bands", "4..11,12..20", "--label", "mood=Mood")
	if !strings.Contains(r.stderr, "warning: q4: 99 (line 6) is not between 1 and 5; if it means missing, say --missing") {
		t.Errorf("no warning of 99: %s", r.stderr)
	}
	r = must(t, data, "analyze", "-", "--id", "id", "--items", "mood=q1..q4", "--reverse", "3", "--min", "1", "--max", "5", "--sum", "mood", "--bands", "4..11,12..20", "--label", "mood=Mood", "--missing", "99")
	if r.stderr != "" {
		t.Errorf("warned: %s", r.stderr)
	}
	_, got, found := strings.Cut(r.stdout, "What was measured")
	if !found {
		t.Fatalf("no description:\n%s", r.stdout)
	}
	got, _, _ = strings.Cut(got, "\nFor your method section")
	if strings.Contains(r.stdout, "Little") {
		t.Error("a test of what is missing over the waves is told of one wave")
	}
	golden := filepath.Join("testdata", "analyze", "items.txt")
	if *update {
		write(t, golden, got)
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(got, "\n"), strings.Split(string(want), "\n")); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func TestAReportIsInGermanOnRequest(t *testing.T) {
	t.Parallel()
	r := must(t, course(), append(courseFlags(), "--language", "de")...)
	if !strings.Contains(r.stdout, "Konfidenzintervall") || strings.Contains(r.stdout, "For your method section") {
		t.Errorf("the paragraphs are not German:\n%.600s", r.stdout)
	}
}

func TestTablesAndFiguresGoIntoFolders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, tables, pictures := filepath.Join(dir, "report.html"), filepath.Join(dir, "tables"), filepath.Join(dir, "figures")
	must(t, course(), append(courseFlags(), "--format", "html", "--out", out, "--tables", tables, "--figures", pictures)...)
	for _, path := range []string{
		filepath.Join(tables, "outcomes.csv"), filepath.Join(tables, "effect-sizes.csv"), filepath.Join(tables, "scales.csv"),
		filepath.Join(pictures, "forest.svg"), filepath.Join(pictures, "flow.png"), filepath.Join(pictures, "kind-T1-T2-raincloud.pdf"),
	} {
		if info, err := os.Stat(path); err != nil || info.Size() < 50 {
			t.Errorf("%s: %v", path, err)
		}
	}
	page, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(page), `xmlns="http://www.w3.org/2000/svg"`, "")
	for _, w := range []string{"<svg", "Kindness", "The file", "Scales and items"} {
		if !strings.Contains(text, w) {
			t.Errorf("the page has no %q", w)
		}
	}
	for _, w := range []string{"<script", "src=\"http", "@import", "NaN"} {
		if strings.Contains(text, w) {
			t.Errorf("the page has %q", w)
		}
	}
}

func TestAPlanIsBegunFollowedAndRegistered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, data := filepath.Join(dir, "plan.json"), write(t, filepath.Join(dir, "data.csv"), course())
	must(t, "", "analyze", data, "--id", "code", "--group", "arm", "--plan-template", "--out", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if want := (plan.Outcome{Scale: "kind", Pre: "T1", Post: "T2", Arm: "course", Against: "wait-list"}); len(p.Primary) != 1 || p.Primary[0] != want {
		t.Fatalf("primary outcomes %+v, want %+v", p.Primary, want)
	}
	r := must(t, "", "analyze", data, "--id", "code", "--group", "arm", "--plan", file, "--plan-locked", "2026-03-01")
	for _, w := range []string{"registered on 1 March 2026", "primary", "secondary"} {
		if !strings.Contains(r.stdout, w) {
			t.Errorf("the report does not say %q", w)
		}
	}
	if r := must(t, "", "analyze", data, "--id", "code", "--group", "arm", "--plan", file); !strings.Contains(r.stdout, "count as exploratory") {
		t.Error("a plan of unknown age is taken for one from before")
	}
}

func TestALongFileIsReportedOverAllWaves(t *testing.T) {
	t.Parallel()
	r := whole(t, "id,w,x,y\n1,1,2,3\n1,2,3,3\n1,3,4,5\n2,1,1,2\n2,2,3,4\n2,3,2,2\n3,1,5,4\n3,2,5,6\n3,3,7,7\n", "-", "--id", "id", "--wave", "w", "--score", "x,y", "--pre", "1", "--post", "3")
	row := r.row("effects", "scale", "x", "post", "w 3")
	if got := r.number(row, "change"); math.Abs(got-5.0/3) > 1e-12 {
		t.Errorf("change %v, want 5/3", got)
	}
	if n := len(r.details["scales"]); n != 6 {
		t.Errorf("%d rows of scales, want two scales at three waves", n)
	}
}

func TestWrongUseOfTheWholeReportSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := write(t, filepath.Join(dir, "bad.json"), `{"schema":"tidemark.plan/1","alhpa":1}`)
	other := write(t, filepath.Join(dir, "book.csv"), "a,b\n1,2\n")
	base := courseFlags()
	for name, c := range map[string]struct {
		args []string
		code int
		want []string
	}{
		"a wrong column":        {append(slices.Clone(base), "--baseline", "agee"), exitWrongUse, []string{`"agee"; did you mean "age"`}},
		"a wrong scale":         {append(slices.Clone(base), "--mcid", "kidn=1"), exitWrongUse, []string{`no scale "kidn"; did you mean "kind"`}},
		"both directions":       {append(slices.Clone(base), "--lower", "kind"), exitWrongUse, []string{"--higher and by --lower"}},
		"no number":             {append(slices.Clone(base), "--sd", "kind=x"), exitWrongUse, []string{"--sd must be a number"}},
		"half a range":          {append(slices.Clone(base), "--min", "worry=1"), exitWrongUse, []string{"--min and --max of worry"}},
		"bands turned round":    {append(slices.Clone(base), "--bands", "kind=4..1"), exitWrongUse, []string{"--bands must look like"}},
		"bands of no scale":     {append(slices.Clone(base), "--bands", "1..4"), exitWrongUse, []string{"NAME=1..4"}},
		"an outcome by itself":  {append(slices.Clone(base), "--outcome", "kind_T1"), exitWrongUse, []string{"NAME=pre_column"}},
		"items by themselves":   {append(slices.Clone(base), "--items", "kind_T1"), exitWrongUse, []string{"NAME=item1"}},
		"a group that is not":   {append(slices.Clone(base), "--control", "waitlist"), exitFailure, []string{`did you mean "wait-list"`}},
		"locked without a plan": {append(slices.Clone(base), "--plan-locked", "2026-01-01"), exitWrongUse, []string{"--plan"}},
		"no day":                {append(slices.Clone(base), "--plan", bad, "--plan-locked", "soon"), exitWrongUse, []string{"2026-03-01"}},
		"a broken plan":         {append(slices.Clone(base), "--plan", bad), exitFailure, []string{"alhpa"}},
		"a plan of two minds":   {append(slices.Clone(base), "--plan", bad, "--plan-template"), exitWrongUse, []string{"--plan-template"}},
		"no codebook":           {append(slices.Clone(base), "--codebook", other), exitFailure, []string{`"variable"`}},
		"nothing to report":     {[]string{"analyze", "-", "--baseline", "age"}, exitWrongUse, []string{"--outcome NAME=PRE,POST", "kind_T1"}},
		"a language":            {append(slices.Clone(base), "--language", "fr"), exitWrongUse, []string{"de"}},
	} {
		r := tidemark(t, course(), c.args...)
		if r.code != c.code {
			t.Errorf("%s: exit %d, want %d (%s)", name, r.code, c.code, r.stderr)
		}
		for _, w := range c.want {
			if !strings.Contains(r.stderr, w) {
				t.Errorf("%s: says %q, want something with %q", name, r.stderr, w)
			}
		}
		if r.stdout != "" {
			t.Errorf("%s: wrote %q", name, r.stdout)
		}
	}
}

func TestAReportThatIsStoppedWritesNothing(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	out := filepath.Join(t.TempDir(), "report.html")
	var stdout, stderr strings.Builder
	code := run(ctx, append(courseFlags(), "--out", out), strings.NewReader(course()), &stdout, &stderr)
	if code != exitFailure || !strings.Contains(stderr.String(), "stopped") {
		t.Errorf("exit %d, says %q", code, stderr.String())
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("something was written")
	}
}

func TestDegenerateFilesAreReported(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nobody has both":     "id,a,b,g\n1,1,,x\n2,,2,y\n",
		"one person":          "id,a,b,g\n1,1,2,x\n",
		"all alike":           "id,a,b,g\n1,3,4,x\n2,3,4,y\n3,3,4,x\n4,3,4,y\n5,3,4,x\n",
		"all missing":         "id,a,b,g\n1,,,x\n2,,,y\n",
		"huge":                "id,a,b,g\n1,1e300,-1e300,x\n2,-1e300,1e300,y\n3,1e300,1e300,x\n",
		"tiny":                "id,a,b,g\n1,1e-300,2e-300,x\n2,3e-300,1e-300,y\n3,1e-300,5e-300,y\n",
		"nobody in one group": "id,a,b,g\n1,1,2,x\n2,2,3,x\n3,3,5,x\n4,,2,y\n5,1,,y\n",
	} {
		for _, format := range []string{"text", "json", "html"} {
			for _, flags := range [][]string{{"--outcome", "s=a,b"}, {"--items", "s=a,b", "--reverse", "1"}} {
				r := must(t, text, append([]string{"analyze", "-", "--id", "id", "--group", "g", "--format", format, "--reliability", ".8"}, flags...)...)
				for _, w := range []string{"NaN", "+Inf", "-Inf", "not estimable: ."} {
					if strings.Contains(r.stdout, w) {
						t.Errorf("%s as %s %v says %q", name, format, flags, w)
					}
				}
			}
		}
	}
}

func FuzzAnyFlagsAreUnderstoodOrRefused(f *testing.F) {
	f.Add("kind=kind_T1,kind_T2", "q=kind_T1..kind_T3", "1", "q=0..4")
	f.Add("=", "..", "=,=", "..,..")
	f.Fuzz(func(t *testing.T, outcome, items, reverse, bands string) {
		var stdout, stderr strings.Builder
		args := append(strings.Split("analyze - --plan-template", " "), "--outcome="+outcome, "--items="+items, "--reverse="+reverse, "--bands="+bands)
		code := run(t.Context(), args, strings.NewReader(course()), &stdout, &stderr)
		if strings.Contains(stderr.String(), "fault in the program") || code != exitOK && stderr.Len() == 0 {
			t.Errorf("exit %d: %s", code, stderr.String())
		}
	})
}
