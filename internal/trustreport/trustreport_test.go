package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tidemark/internal/trials"
)

// root is the module's, from this folder.
const root = "../.."

var testName = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// testsOfTheTree are all tests there are, with their folders.
func testsOfTheTree(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "testdata") {
			return errorOr(err, fs.SkipDir)
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		for _, m := range testName.FindAllSubmatch(text, -1) {
			all[filepath.ToSlash(folder)+"."+string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func errorOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func TestEveryTestThatAPromiseNamesExists(t *testing.T) {
	t.Parallel()
	there := testsOfTheTree(t)
	for _, s := range table() {
		for _, r := range s.rows {
			for _, name := range r.tests {
				if !there[name] {
					t.Errorf("%q names %s, which does not exist", r.promise, name)
				}
			}
			if len(r.tests) == 0 && r.missing == "" {
				t.Errorf("%q has neither a test nor a reason why not", r.promise)
			}
			if strings.HasSuffix(r.promise+r.goal+r.missing, ".") {
				t.Errorf("%q ends with a full stop, which the report adds", r.promise)
			}
		}
	}
}

func TestTheReportIsThatOfTheResults(t *testing.T) {
	t.Parallel()
	results, err := trials.Read(filepath.Join(root, "docs/trust-results"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := render(table(), results)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, "docs/trust-report.md"))
	if err != nil || string(got) != want {
		t.Errorf("docs/trust-report.md is not up to date (%v): go run ./internal/trustreport", err)
	}
	for _, r := range results {
		if !r.Passed {
			t.Errorf("what was kept last has failed: %s", r)
		}
	}
}

func TestAPromiseStandsAsItsResultsSay(t *testing.T) {
	t.Parallel()
	r := row{key: "x", promise: "It holds", atLeast: 100, tests: []string{"web.TestIt"}}
	result := func(n int, passed bool) trials.Result {
		return trials.Result{Row: "x", Test: "TestIt/a_part", Database: "SQLite", Trials: n, Passed: passed, At: time.Unix(0, 0), Commit: "abc"}
	}
	half := r
	half.missing = "the rest"
	for _, c := range []struct {
		row     row
		results []trials.Result
		want    state
	}{
		{r, nil, tested},
		{r, []trials.Result{result(100, true)}, heldInFull},
		{r, []trials.Result{result(100, true), result(99, true)}, heldInShort},
		{r, []trials.Result{result(100, false)}, failed},
		{half, []trials.Result{result(100, true)}, inPart},
		{half, []trials.Result{result(100, false)}, failed},
		{row{promise: "It holds", missing: "all of it"}, nil, notTested},
	} {
		if got := c.row.state(c.results); got != c.want {
			t.Errorf("%+v with %d results is %q, want %q", c.row, len(c.results), got, c.want)
		}
	}
	text, err := render([]section{{"A part", []row{r}}}, []trials.Result{result(7, true)})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"### It holds", "**Held, in fewer trials than the goal.**", "| SQLite, a part | 7 | 0 |", "* `TestIt` in `web`", "1970-01-01"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q:\n%s", want, text)
		}
	}
	if _, err := render(nil, []trials.Result{result(1, true)}); err == nil {
		t.Error("a result that belongs to no promise is passed over")
	}
}
