//go:build papers

package analysis

import (
	"encoding/csv"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// The raw data of some papers are public, but not ours to hand on. Whoever has
// them names their directory in ANALYSIS_PAPERS_DIR and builds with the tag
// papers; without it this test is not there, rather than there and empty. There
// is a subtest for each paper whose file is there, and one must be.
//
//	claus2020*.csv   id, time, bdi: JSS doi 10.18637/jss.v111.i01
//	nadler2020*.csv  group, BRS_TOT_T1, BRS_TOT_T2, …: doi 10.3389/fpsyg.2020.00255
func TestPapersFromRawData(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("ANALYSIS_PAPERS_DIR")
	if dir == "" {
		t.Fatal("ANALYSIS_PAPERS_DIR names no directory")
	}
	found := 0
	for pattern, check := range map[string]func(*testing.T, []map[string]string){
		"claus2020*.csv": reliableChangeOfClaus, "nadler2020*.csv": courseOfNadler,
	} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			found++
			t.Run(filepath.Base(path), func(t *testing.T) {
				t.Parallel()
				check(t, rawRows(t, path))
			})
		}
	}
	if found == 0 {
		t.Errorf("%s holds no file of a known paper", dir)
	}
}

// rawRows reads a CSV file as one map from column to text a row.
func rawRows(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]map[string]string, 0, len(all))
	for _, line := range all[1:] {
		row := make(map[string]string, len(line))
		for i, name := range all[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// rawNumber reads a cell; an empty one and R's NA are missing.
func rawNumber(t *testing.T, text string) float64 {
	t.Helper()
	if text == "" || text == "NA" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// reliableChangeOfClaus is the worked example of the paper: BDI-II from the
// first to the fourth wave, and every figure printed for it.
func reliableChangeOfClaus(t *testing.T, rows []map[string]string) {
	t.Helper()
	first, last := map[string]float64{}, map[string]float64{}
	for _, row := range rows {
		switch row["time"] {
		case "1":
			first[row["id"]] = rawNumber(t, row["bdi"])
		case "4":
			last[row["id"]] = rawNumber(t, row["bdi"])
		}
	}
	var pre, post []float64
	for _, id := range slices.Sorted(maps.Keys(first)) {
		after, came := last[id]
		if !came {
			after = math.NaN()
		}
		pre, post = append(pre, first[id]), append(post, after)
	}
	r := ReliableChange(pre, post, ReliableChangeOptions{
		Reliability: 0.801, Direction: LowerIsBetter, Functional: &Norms{Mean: 7.69, SD: 7.52},
	})
	if r.Pairs != 40 || r.Excluded != 3 {
		t.Errorf("pairs: got %d and %d excluded, printed 40 and 3", r.Pairs, r.Excluded)
	}
	// The mean is 35.475, which they round up.
	printed(t, "M", r.MeanPre, 35.48, 2)
	printed(t, "SD", r.SDPre, 8.16, 2)
	printed(t, "SE", r.SEM, 3.640, 3)
	printed(t, "S_diff", r.SDiff, 5.147, 3)
	printed(t, "smallest reliable change", r.MDC95, 10.09, 2)
	printed(t, "cut-off c", r.CutoffC.Value, 21.02, 2)
	got := [...]int{r.CutoffC.Recovered, r.CutoffC.Improved, r.CutoffC.Unchanged, r.CutoffC.Deteriorated, r.CutoffC.Harmed}
	if want := [...]int{10, 8, 22, 0, 0}; got != want {
		t.Errorf("recovered, improved, unchanged, worse, harmed: got %v, printed %v", got, want)
	}
}

// courseOfNadler computes from the people what TestPaperCourseAgainstWaitlist
// computes from the moments.
func courseOfNadler(t *testing.T, rows []map[string]string) {
	t.Helper()
	columns := map[string][]float64{}
	var arm []float64
	for _, row := range rows {
		arm = append(arm, count(row["group"] == "intervention"))
		for name, text := range row {
			if name != "group" && name != "row" {
				key := row["group"] + " " + name
				columns[key] = append(columns[key], rawNumber(t, text))
				columns[name] = append(columns[name], rawNumber(t, text))
			}
		}
	}
	for _, c := range []struct {
		group, scale string
		n            int
		m1, s1       float64
		m2, s2       float64
		t, dz        float64
	}{
		{"intervention", "BRS_TOT", 37, 3.29, 0.77, 3.77, 0.69, 4.31, 0.71},
		{"intervention", "PANAS_N", 37, 2.23, 0.61, 1.68, 0.48, -7.10, -1.17},
		{"intervention", "PANAS_P", 37, 3.28, 0.81, 3.70, 0.67, 4.55, 0.75},
		{"waitlist", "BRS_TOT", 65, 3.63, 0.71, 3.41, 0.75, -3.73, -0.46},
	} {
		r := Paired(columns[c.group+" "+c.scale+"_T1"], columns[c.group+" "+c.scale+"_T2"], 0.95)
		what := c.group + " " + c.scale + " "
		if r.T.Pairs != c.n {
			t.Errorf("%spairs: got %d, printed %d", what, r.T.Pairs, c.n)
		}
		printed(t, what+"M before", r.T.MeanPre, c.m1, 2)
		printed(t, what+"SD before", r.T.SDPre, c.s1, 2)
		printed(t, what+"M after", r.T.MeanPost, c.m2, 2)
		printed(t, what+"SD after", r.T.SDPost, c.s2, 2)
		printed(t, what+"t", r.T.T, c.t, 2)
		printed(t, what+"dz", r.Effects.Dz, c.dz, 2)
	}
	a := Ancova(arm, columns["BRS_TOT_T1"], columns["BRS_TOT_T2"], 0.95)
	printed(t, "adjusted difference", a.Effect, 0.601, 3)
	printed(t, "its t", a.T, 5.53, 2)
	printed(t, "t of the change", a.Change.Welch.T, 5.54, 2)
	printed(t, "its df", a.Change.Welch.DF, 56.0, 1)
	d := PrePostControl(columns["intervention BRS_TOT_T1"], columns["intervention BRS_TOT_T2"],
		columns["waitlist BRS_TOT_T1"], columns["waitlist BRS_TOT_T2"], 0.95)
	printed(t, "d_ppc2", d.DPPC2, 0.95, 2)
}
