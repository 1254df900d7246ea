package analysis_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"tidemark/analysis"
)

// This file runs conformance suites: JSON files with cases whose expected
// values come from other software or from definitions. The format is read in
// reference_format_test.go, its tables in reference_table_test.go, the methods
// stand in reference_methods_test.go.
//
// ANALYSIS_REFERENCE_DIR names another directory of suites, and
// ANALYSIS_REFERENCE_SUITES restricts the run to a comma-separated list.

// refOutcome is the comparison of one case.
type refOutcome struct {
	problems []string
	fields   int
	disputed int
	worst    float64 // relative error
	worstAt  string
}

func (o *refOutcome) fail(format string, args ...any) {
	o.problems = append(o.problems, fmt.Sprintf(format, args...))
}

// run computes a case and compares every expected field.
func (c *refCase) run() refOutcome {
	var o refOutcome
	method, ok := refMethods()[c.Method]
	if !ok {
		o.fail("unsupported method %q", c.Method)
		return o
	}
	c.usedOpts = make(map[string]bool)
	got, err := method(c)
	if err != nil {
		o.fail("%v", err)
		return o
	}
	for name := range c.Options {
		if !c.usedOpts[name] {
			o.fail("unsupported option %q", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Expected)) {
		if strings.HasPrefix(name, "peer_") {
			continue
		}
		value, ok := got[name]
		if !ok {
			o.fail("unsupported expected field %q", name)
			continue
		}
		if right, ok := refDisputed(c.ID, name); ok {
			o.dispute(name, value, c.Expected[name], right, c.tolerance(name))
			continue
		}
		o.compare(name, value, c.Expected[name], c.tolerance(name))
	}
	return o
}

// dispute compares a field whose expected value is known to be wrong with what is
// right, and makes sure that it is still wrong.
func (o *refOutcome) dispute(name string, got, wrong, right any, tol refTolerance) {
	o.compare(name, got, right, tol)
	var with refOutcome
	if with.compare(name, got, wrong, tol); len(with.problems) == 0 {
		o.fail("%s: the expected value is right and no longer to be disputed", name)
	}
	o.disputed++
}

// compare checks one field; got is an Estimate, a number, text, a boolean or a
// slice of those.
func (o *refOutcome) compare(name string, got, want any, tol refTolerance) {
	o.fields++
	switch want := want.(type) {
	case nil:
		e, ok := got.(analysis.Estimate)
		if !ok || e.OK() || !e.Reason.Valid() {
			o.fail("%s: got %v, want a reason", name, got)
		}
	case float64:
		o.number(name, got, want, tol)
	case string:
		if want == "Infinity" || want == "-Infinity" {
			o.number(name, got, math.Inf(map[string]int{"Infinity": 1, "-Infinity": -1}[want]), tol)
		} else if got != any(want) {
			o.fail("%s: got %v, want %q", name, got, want)
		}
	case bool:
		if got != any(want) {
			o.fail("%s: got %v, want %v", name, got, want)
		}
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			o.fail("%s: got %v, want %d entries", name, got, len(want))
			return
		}
		for i, w := range want {
			o.compare(fmt.Sprintf("%s[%d]", name, i), list[i], w, tol)
		}
	default:
		o.fail("%s: unsupported expected value %v", name, want)
	}
}

// number compares within max(abs, rel·|want|).
func (o *refOutcome) number(name string, got any, want float64, tol refTolerance) {
	var v float64
	switch got := got.(type) {
	case float64:
		v = got
	case int:
		v = float64(got)
	case analysis.Estimate:
		if !got.OK() {
			o.fail("%s: got %v, want %v", name, got, want)
			return
		}
		v = got.Value
	default:
		o.fail("%s: got %v (%T), want %v", name, got, got, want)
		return
	}
	if v == want {
		return
	}
	off := math.Abs(v - want)
	if !(off <= math.Max(tol.Abs, tol.Rel*math.Abs(want))) {
		o.fail("%s: got %v, want %v (off by %.3g)", name, v, want, off)
		return
	}
	if tol.Rel == 0 {
		return
	}
	// Below abs/rel the absolute tolerance governs, and relative to a number
	// that small the error means nothing.
	if rel := off / math.Max(math.Abs(want), tol.Abs/tol.Rel); rel > o.worst {
		o.worst, o.worstAt = rel, name
	}
}

// tolerance returns the tolerance of a field. It widens one kind of case:
// quantiles computed with 30 digits whose true value is 0 come out as noise near
// 1e-30, which no relative tolerance accepts.
func (c *refCase) tolerance(name string) refTolerance {
	tol, ok := c.FieldTol[name]
	if !ok {
		tol = c.Tol
	}
	want, isNumber := c.Expected[name].(float64)
	if c.Method == "distribution" && isNumber && math.Abs(want) < 1e-28 &&
		bytes.Contains(c.Options["function"], []byte("quantile")) {
		tol = refTolerance{Abs: math.Max(tol.Abs, 1e-28)}
	}
	return tol
}

func TestHarnessRefusesWhatItDoesNotSupport(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]string{
		"method":     `{"method": "tarot"}`,
		"option":     `{"method": "p_adjust", "data": {"inline": {"p": [0.5]}}, "options": {"sides": 1}, "expected": {"holm": [0.5]}}`,
		"convention": `{"method": "paired_t", "data": {"inline": {"pre": [1, 2], "post": [2, 4]}}, "options": {"difference": "pre - post"}, "expected": {"mean_diff": 1.5}}`,
		"field":      `{"method": "p_adjust", "data": {"inline": {"p": [0.5]}}, "expected": {"sidak": [0.5]}}`,
		"value":      `{"method": "p_adjust", "data": {"inline": {"p": [0.5]}}, "expected": {"holm": [0.51]}, "tol": {"rel": 1e-3}}`,
		"length":     `{"method": "p_adjust", "data": {"inline": {"p": [0.5]}}, "expected": {"holm": [0.5, 0.5]}}`,
		"reason":     `{"method": "descriptives", "data": {"inline": {"x": [1, 2]}}, "expected": {"sd": null}}`,
		"derive":     `{"method": "descriptives", "data": {"file": "data/sleep.csv", "derive": {"x": "tan(drug1)"}}, "expected": {"n": 10}}`,
	} {
		rc := refCase{dir: filepath.Join("testdata", "reference")}
		if err := json.Unmarshal([]byte(c), &rc); err != nil {
			t.Fatal(err)
		}
		if o := rc.run(); len(o.problems) != 1 {
			t.Errorf("%s: got problems %q, want one", name, o.problems)
		}
	}
}

func TestReferenceSuites(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("ANALYSIS_REFERENCE_DIR")
	if dir == "" {
		dir = filepath.Join("testdata", "reference")
	}
	only := strings.FieldsFunc(os.Getenv("ANALYSIS_REFERENCE_SUITES"), func(r rune) bool { return r == ',' })
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	line := func(text any) { _, _ = fmt.Fprintln(w, text) } // a failure is told by Flush
	line("suite\tcases\tpassed\tfailed\tfields\tdisputed\tworst relative error\tat")
	suites := 0
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		if name == "manifest" || (len(only) > 0 && !slices.Contains(only, name)) {
			continue
		}
		suites++
		t.Run(name, func(t *testing.T) { line(runSuite(t, path)) })
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("reference suites in %s\n%s", dir, table.String())
	if suites == 0 {
		t.Fatalf("no suites in %s", dir)
	}
}

// runSuite runs every case of a file and returns its line of the table.
func runSuite(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s refSuite
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Cases) == 0 {
		t.Error("the suite has no cases")
	}
	var failed, fields, disputed int
	var worst float64
	worstAt := "-"
	for _, c := range s.Cases {
		c.dir = filepath.Dir(path)
		o := c.run()
		fields += o.fields
		disputed += o.disputed
		if o.fields == 0 && len(o.problems) == 0 {
			o.fail("nothing was compared")
		}
		if len(o.problems) > 0 {
			failed++
			t.Errorf("%s:\n\t%s", c.ID, strings.Join(o.problems, "\n\t"))
		}
		if o.worst > worst {
			worst, worstAt = o.worst, c.ID+" "+o.worstAt
		}
	}
	return fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t%d\t%.1e\t%s",
		s.Suite, len(s.Cases), len(s.Cases)-failed, failed, fields, disputed, worst, worstAt)
}
