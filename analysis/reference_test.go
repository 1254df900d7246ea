package analysis

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
)

// This file reads conformance suites: JSON files with cases whose expected
// values come from other software or from definitions. It knows the format;
// reference_methods_test.go knows the methods.
//
// ANALYSIS_REFERENCE_DIR names another directory of suites, and
// ANALYSIS_REFERENCE_SUITES restricts the run to a comma-separated list.

type refSuite struct {
	Suite string     `json:"suite"`
	Cases []*refCase `json:"cases"`
}

type refCase struct {
	ID           string                     `json:"id"`
	Method       string                     `json:"method"`
	Data         refData                    `json:"data"`
	Options      map[string]json.RawMessage `json:"options"`
	Expected     map[string]any             `json:"expected"`
	NotEstimable map[string]string          `json:"not_estimable"`
	Tol          refTolerance               `json:"tol"`
	FieldTol     map[string]refTolerance    `json:"field_tol"`

	dir      string
	usedOpts map[string]bool
}

type refTolerance struct {
	Rel float64 `json:"rel"`
	Abs float64 `json:"abs"`
}

type refData struct {
	Inline  map[string]refColumns `json:"inline"`
	File    string                `json:"file"`
	Columns map[string]refNames   `json:"columns"`
	Filter  map[string]any        `json:"filter"`
	Derive  json.RawMessage       `json:"derive"`
}

// refNames is a column name or a list of them.
type refNames []string

func (n *refNames) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		*n = make(refNames, 1)
		return json.Unmarshal(b, &(*n)[0])
	}
	return json.Unmarshal(b, (*[]string)(n))
}

// refColumns is a list of values, or an object of named lists whose order
// counts.
type refColumns struct {
	names  []string
	values [][]float64
}

func (c *refColumns) UnmarshalJSON(b []byte) error {
	if b[0] == '[' {
		x, err := refValues(b)
		c.values = [][]float64{x}
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		x, err := refValues(raw)
		if err != nil {
			return err
		}
		c.names, c.values = append(c.names, name.(string)), append(c.values, x)
	}
	return nil
}

func refValues(b []byte) ([]float64, error) {
	var raw []*float64
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	x := make([]float64, len(raw))
	for i, v := range raw {
		x[i] = math.NaN()
		if v != nil {
			x[i] = *v
		}
	}
	return x, nil
}

// columns returns the columns of a role, from inline values or from the file.
func (c *refCase) columns(role string) (refColumns, error) {
	if x, ok := c.Data.Inline[role]; ok {
		return x, nil
	}
	names, ok := c.Data.Columns[role]
	if !ok {
		return refColumns{}, fmt.Errorf("no data for role %q", role)
	}
	if len(c.Data.Derive) > 0 {
		return refColumns{}, errors.New("derived columns are not supported")
	}
	rows, err := readCSV(filepath.Join(c.dir, c.Data.File))
	if err != nil {
		return refColumns{}, err
	}
	out := refColumns{names: names, values: make([][]float64, len(names))}
	index := make([]int, len(names))
	for k, name := range names {
		if index[k] = slices.Index(rows[0], name); index[k] < 0 {
			return refColumns{}, fmt.Errorf("no column %q in %s", name, c.Data.File)
		}
	}
	for _, row := range rows[1:] {
		keep, err := c.keeps(rows[0], row)
		if err != nil {
			return refColumns{}, err
		}
		if !keep {
			continue
		}
		for k, i := range index {
			v := math.NaN()
			if row[i] != "" {
				if v, err = strconv.ParseFloat(row[i], 64); err != nil {
					return refColumns{}, err
				}
			}
			out.values[k] = append(out.values[k], v)
		}
	}
	return out, nil
}

// keeps applies the filter to a row.
func (c *refCase) keeps(header, row []string) (bool, error) {
	for name, want := range c.Data.Filter {
		i := slices.Index(header, name)
		if i < 0 {
			return false, fmt.Errorf("no column %q to filter by", name)
		}
		number, isNumber := want.(float64)
		if isNumber {
			v, err := strconv.ParseFloat(row[i], 64)
			if err != nil || v != number {
				return false, nil
			}
		} else if row[i] != fmt.Sprint(want) {
			return false, nil
		}
	}
	return true, nil
}

func readCSV(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err == nil && len(rows) == 0 {
		err = io.ErrUnexpectedEOF
	}
	return rows, err
}

// column returns the single column of a role.
func (c *refCase) column(role string) ([]float64, error) {
	x, err := c.columns(role)
	if err == nil && len(x.values) != 1 {
		err = fmt.Errorf("role %q has %d columns, want one", role, len(x.values))
	}
	if err != nil {
		return nil, err
	}
	return x.values[0], nil
}

// two returns the columns of two roles.
func (c *refCase) two(first, second string) (a, b []float64, err error) {
	if a, err = c.column(first); err != nil {
		return nil, nil, err
	}
	b, err = c.column(second)
	return a, b, err
}

// option reads an option into v, which keeps its value if there is none.
func (c *refCase) option(name string, v any) error {
	c.usedOpts[name] = true
	raw, ok := c.Options[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("option %s: %w", name, err)
	}
	return nil
}

// level reads the level of confidence.
func (c *refCase) level() (float64, error) {
	level := DefaultLevel
	return level, c.option("level", &level)
}

// text checks an option that only states a convention of ours.
func (c *refCase) text(name, want string) error {
	got := want
	if err := c.option(name, &got); err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("option %s is %q, supported is %q", name, got, want)
	}
	return nil
}

// outcome of the comparison of one case.
type refOutcome struct {
	problems []string
	fields   int
	worst    float64 // relative error
	worstAt  string
}

func (o *refOutcome) fail(format string, args ...any) {
	o.problems = append(o.problems, fmt.Sprintf(format, args...))
}

// run computes a case and compares every expected field.
func (c *refCase) run() refOutcome {
	var o refOutcome
	method, ok := refMethods[c.Method]
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
		o.compare(name, value, c.Expected[name], c.tolerance(name))
	}
	return o
}

// compare checks one field; got is an Estimate, a number, text, a boolean or a
// slice of those.
func (o *refOutcome) compare(name string, got, want any, tol refTolerance) {
	o.fields++
	switch want := want.(type) {
	case nil:
		e, ok := got.(Estimate)
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
	case Estimate:
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
		"derive":     `{"method": "descriptives", "data": {"file": "data/sleep.csv", "columns": {"x": "drug1"}, "derive": {"y": "drug1"}}, "expected": {"n": 10}}`,
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
	fmt.Fprintln(w, "suite\tcases\tpassed\tfailed\tfields\tworst relative error\tat")
	suites := 0
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		if name == "manifest" || (len(only) > 0 && !slices.Contains(only, name)) {
			continue
		}
		suites++
		t.Run(name, func(t *testing.T) { fmt.Fprintln(w, runSuite(t, path)) })
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
	var failed, fields int
	var worst float64
	worstAt := "-"
	for _, c := range s.Cases {
		c.dir = filepath.Dir(path)
		o := c.run()
		fields += o.fields
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
	return fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t%.1e\t%s",
		s.Suite, len(s.Cases), len(s.Cases)-failed, failed, fields, worst, worstAt)
}
