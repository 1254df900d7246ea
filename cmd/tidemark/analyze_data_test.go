package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// realData is a folder of real answers with the figures that another program
// found in them, expected.json. None of it may be published, so it is not part
// of the project; where there is no such folder, the same check runs on a small
// one of our own.
func realData(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("TIDEMARK_ANALYZE_DATA"); dir != "" {
		return dir
	}
	return filepath.Join("testdata", "analyze", "expected")
}

// figures are numbers by their paths: "nadler2020/waitlist/PSS/t".
type figures map[string]float64

// flatten reads every number of a JSON value under its path.
func (f figures) flatten(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, child := range v {
			f.flatten(path+"/"+k, child)
		}
	case []any:
		for i, child := range v {
			f.flatten(fmt.Sprintf("%s/%d", path, i), child)
		}
	case float64:
		f[strings.TrimPrefix(path, "/")] = v
	}
}

// reported is what a report says, table by table.
type reported struct {
	t       *testing.T
	details map[string][]map[string]any
	kinds   []string
	notes   string
}

// whole analyses a file and reads the report.
func whole(t *testing.T, stdin string, args ...string) *reported {
	t.Helper()
	r := must(t, stdin, append([]string{"analyze", "--format", "json"}, args...)...)
	var page struct {
		Details  map[string][]map[string]any `json:"details"`
		Warnings []struct{ Kind, Of, Text string }
		Notes    []string
	}
	if err := json.Unmarshal([]byte(r.stdout), &page); err != nil {
		t.Fatalf("%v\n%.400s", err, r.stdout)
	}
	out := &reported{t: t, details: page.Details, notes: strings.Join(page.Notes, "\n")}
	for _, w := range page.Warnings {
		out.kinds = append(out.kinds, w.Kind)
	}
	return out
}

// row finds the row of a table in which cells have some values.
func (r *reported) row(table string, cells ...string) map[string]any {
	r.t.Helper()
	for _, row := range r.details[table] {
		fits := true
		for i := 0; i < len(cells); i += 2 {
			have := fmt.Sprint(row[cells[i]])
			fits = fits && (have == cells[i+1] || cells[i+1] == "" && row[cells[i]] == nil)
		}
		if fits {
			return row
		}
	}
	r.t.Errorf("no row of %s has %v", table, cells)
	return map[string]any{}
}

// number reads a cell: "welch.t" is t of welch; [low] and [high] are the ends of
// an interval.
func (r *reported) number(row map[string]any, cell string) float64 {
	r.t.Helper()
	var v any = row
	for part := range strings.SplitSeq(cell, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			r.t.Errorf("%s is not in the report", cell)
			return math.NaN()
		}
		v = m[part]
	}
	if m, ok := v.(map[string]any); ok {
		v = m["value"]
	}
	n, ok := v.(float64)
	if !ok {
		r.t.Errorf("%s is %v", cell, v)
		return math.NaN()
	}
	return n
}

// check compares cells of a row with expected figures; names are pairs of the
// figure and the cell.
func (c *comparison) check(r *reported, path string, row map[string]any, names ...string) {
	c.t.Helper()
	for i := 0; i < len(names); i += 2 {
		want, ok := c.want[path+"/"+names[i]]
		if !ok {
			continue
		}
		c.same(path+"/"+names[i], r.number(row, names[i+1]), want)
	}
}

// comparison notes which figures were compared.
type comparison struct {
	t    *testing.T
	dir  string
	want figures
	seen map[string]bool
}

// same holds a number to the digits it is given with: twelve.
func (c *comparison) same(path string, got, want float64) {
	c.t.Helper()
	c.seen[path] = true
	if tolerance := max(5e-11*math.Abs(want), 5e-13); !(math.Abs(got-want) <= tolerance) {
		c.t.Errorf("%s: got %.12g, want %.12g", path, got, want)
	}
}

func (c *comparison) file(name string) string { return filepath.Join(c.dir, name) }

// paired are the figures of a change and where the report has them. Those
// expected use the mean of the two SDs in d_av and the approximate correction in
// g_z.
func paired() []string {
	return []string{
		"n", "n", "pre_mean", "mean_pre", "pre_sd", "sd_pre", "post_mean", "mean_post", "post_sd", "sd_post", "r", "r", "diff", "change",
		"diff_sd", "change_sd", "t", "t", "df", "df", "p", "p", "ci95_low", "change_ci.low", "ci95_high", "change_ci.high", "d_z", "d_z",
		"d_pre", "d_pre", "d_av", "d_av_mean_sd", "d_rm", "d_rm", "g_z_J_df", "g_z_approx",
	}
}

func scored() []string { return []string{"n", "n", "mean", "mean", "sd", "sd", "alpha", "alpha"} }

// TestTheFiguresOfRealFilesComeOut makes a report of every file there is and
// holds it to every figure that is expected.
func TestTheFiguresOfRealFilesComeOut(t *testing.T) {
	t.Parallel()
	dir := realData(t)
	text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var topics map[string]any
	if err := json.Unmarshal(text, &topics); err != nil {
		t.Fatal(err)
	}
	compare := map[string]func(*comparison){
		"scs26": (*comparison).selfCompassion, "scs_sf_from_26": (*comparison).shortForm, "phq9": (*comparison).depression, "gad7": (*comparison).anxiety,
		"pss10": (*comparison).stress, "nadler2020": (*comparison).course, "claus2020": (*comparison).inPatients,
		"lakens2013": (*comparison).twoLists, "student1908": (*comparison).twoLists,
	}
	compared := 0
	for topic, values := range topics {
		t.Run(topic, func(t *testing.T) {
			do := compare[topic]
			if do == nil {
				t.Fatalf("nothing is known of %s", topic)
			}
			c := &comparison{t: t, dir: dir, want: figures{}, seen: map[string]bool{}}
			c.want.flatten(topic, values)
			do(c)
			for path := range c.want {
				if !c.seen[path] {
					t.Errorf("%s was not compared", path)
				}
			}
			compared += len(c.seen)
			t.Logf("%d figures", len(c.seen))
		})
	}
	t.Logf("%d figures in all", compared)
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

// note says that figures which are inputs, or compared in another form, are done.
func (c *comparison) note(paths ...string) {
	for _, p := range paths {
		for path := range c.want {
			if path == p || strings.HasPrefix(path, p+"/") {
				c.seen[path] = true
			}
		}
	}
}

func warned(r *reported, kind string) bool { return slices.Contains(r.kinds, kind) }
