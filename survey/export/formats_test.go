package export_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/readers"
	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/export/parquet"
)

// jsonRow is a row with every value in the writing of CSV, and why some are not
// there.
type jsonRow struct {
	values  map[string]string
	missing map[string]string
}

func inJSON(t *testing.T, l *little, what string) []jsonRow {
	t.Helper()
	var b bytes.Buffer
	f, _ := export.FormatOf(what, "jsonl")
	n, err := export.In(t.Context(), f, what, l.store, system(), l.study.ID, &b)
	l.must(err)
	var rows []jsonRow
	for line := range strings.Lines(b.String()) {
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		var raw map[string]any
		l.must(d.Decode(&raw))
		row := jsonRow{values: map[string]string{}, missing: map[string]string{}}
		for name, value := range raw {
			switch {
			case name == "_missing":
				for variable, why := range value.(map[string]any) {
					row.missing[variable] = why.(string)
				}
			case value == nil:
				row.values[name] = ""
			default:
				row.values[name] = fmt.Sprint(value)
			}
		}
		rows = append(rows, row)
	}
	if n != len(rows) {
		t.Errorf("%s: %d rows are told of, %d written", what, n, len(rows))
	}
	return rows
}

// Every table holds the same in every format: cell by cell as CSV has it.
func TestTheTablesOfAllFormatsAreThoseOfCSV(t *testing.T) {
	t.Parallel()
	l, code := everyKind(t)
	for _, what := range export.Tables() {
		want := given(t, read(t, files()[what], l.store, l.study.ID)) // disarmed for spreadsheets alone
		got := inJSON(t, l, what)
		if len(got) != len(want) || len(got) == 0 {
			t.Fatalf("%s has %d rows, %d as CSV", what, len(got), len(want))
		}
		for i, row := range got {
			if what != "wide" {
				row.values["missing"] = row.missing["value"]
			}
			if diff := cmp.Diff(row.values, want[i]); diff != "" {
				t.Fatalf("%s, row %d (-JSON +CSV):\n%s", what, i+1, diff)
			}
		}
		if what != "wide" {
			continue
		}
		i := slices.IndexFunc(got, func(r jsonRow) bool { return r.values["participant"] == code })
		for variable, why := range map[string]string{
			"k_single_kinds": "skipped", "k_must_kinds": "not_shown", "k_days_kinds": "skipped", "k_yes_kinds": "",
		} {
			if got[i].missing[variable] != why {
				t.Errorf("%s is missing as %q, want %q", variable, got[i].missing[variable], why)
			}
		}
	}
}

// What haven reads of an SPSS and of a Stata file is what JSON Lines say, which are
// compared with CSV above.
func TestHavenReadsTheTablesOfAStudy(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	for _, what := range export.Tables() {
		want := inJSON(t, l, what)
		for _, key := range []string{"sav", "dta"} {
			f, _ := export.FormatOf(what, key)
			path := filepath.Join(t.TempDir(), "data."+key)
			file, err := os.Create(path)
			l.must(err)
			_, err = export.In(t.Context(), f, what, l.store, system(), l.study.ID, file)
			l.must(errors.Join(err, file.Close()))
			got := readers.Haven(t, key, path)
			if len(got.Columns) != len(want[0].values) {
				t.Errorf("%s as %s has %d columns, want %d", what, key, len(got.Columns), len(want[0].values))
			}
			for _, c := range got.Columns {
				for _, note := range got.Notes { // Stata's names are short
					if whole, is := strings.CutPrefix(note, c.Name[0]+" is "); is {
						c.Name[0], _, _ = strings.Cut(whole, ":")
					}
				}
				compareColumn(t, what+" as "+key, c, want)
			}
		}
	}
}

func compareColumn(t *testing.T, file string, c readers.Column, want []jsonRow) {
	t.Helper()
	name := c.Name[0]
	if c.Label[0] == "" {
		t.Errorf("%s: %s has no label", file, name)
	}
	said := map[string]string{} // what a code or a letter means
	if want, known := labelled(t)[name]; known && strings.HasSuffix(file, "sav") {
		compareLabels(t, file, c, strings.ReplaceAll(want.label, "\n", " "), want.values)
	}
	for _, l := range c.Labels {
		if len(l.Value) > 0 && l.Value[0] != nil {
			said[fmt.Sprint(l.Value[0])] = l.Text[0]
		} else {
			said["."+l.Tag[0]] = l.Text[0]
		}
	}
	whys := map[string]string{
		"skipped": "left out by the person", "not_shown": "not asked, because of other answers",
		"too_few_answered": "too few items answered for a score", "in_texts": "answered in the person's own words, which are in the file texts",
	}
	for i, row := range want {
		value, ok := row.values[name]
		if !ok {
			t.Fatalf("%s: nothing is called %s", file, name)
		}
		got := ""
		if len(c.Values[i]) > 0 && c.Values[i][0] != nil {
			got = fmt.Sprint(c.Values[i][0])
		}
		if why := row.missing[name]; why != "" {
			if got == "" {
				got = "." + c.Tags[i]
			}
			if said[got] != whys[why] {
				t.Errorf("%s: %s in row %d is %q, which is %q, want %q", file, name, i+1, got, said[got], whys[why])
			}
			continue
		}
		if !same(got, value) {
			t.Errorf("%s: %s in row %d is %q, want %q", file, name, i+1, got, value)
		}
	}
}

// compareLabels compares labels with those of a definition, as far as SPSS holds
// them: 255 bytes of a variable's, 120 of a value's.
func compareLabels(t *testing.T, file string, c readers.Column, label string, values map[float64]string) {
	t.Helper()
	begins := func(got, whole string, most int) bool {
		got = strings.TrimSuffix(got, "…")
		return got == whole || len(whole) > most && len(got) > most-8 && strings.HasPrefix(whole, got)
	}
	if !begins(c.Label[0], label, 255) {
		t.Errorf("%s: the label of %s is %q, want %q", file, c.Name[0], c.Label[0], label)
	}
	found := 0
	for _, l := range c.Labels {
		if len(l.Value) == 0 || l.Value[0] == nil {
			continue
		}
		v, err := strconv.ParseFloat(fmt.Sprint(l.Value[0]), 64)
		if whole, known := values[v]; err == nil && known {
			found++
			if !begins(l.Text[0], whole, 120) {
				t.Errorf("%s: the value %v of %s is %q, want %q", file, v, c.Name[0], l.Text[0], whole)
			}
		}
	}
	if found != len(values) {
		t.Errorf("%s: %s has %d labels of values, want %d", file, c.Name[0], found, len(values))
	}
}

// same compares what R gives with what JSON says: numbers as numbers, instants in
// milliseconds.
func same(got, want string) bool {
	if got == want {
		return true
	}
	a, err := strconv.ParseFloat(got, 64)
	if err != nil {
		return false
	}
	if b, err := strconv.ParseFloat(want, 64); err == nil {
		return a == b
	}
	at, err := time.Parse(time.RFC3339, want)
	return err == nil && float64(at.UnixMilli()) == a
}

func TestOnlyWhoMayAnalyseGetsTables(t *testing.T) {
	t.Parallel()
	r := newSynthetic(t, 2)
	r.responses = 10
	for _, f := range export.Formats() {
		for _, what := range export.Tables() {
			var b bytes.Buffer
			if _, err := export.In(t.Context(), f, what, r, survey.Actor{}, syntheticStudy, &b); !errors.Is(err, survey.ErrForbidden) || b.Len() > 0 {
				t.Errorf("%s as %s for nobody: %v and %d bytes", what, f.Name, err, b.Len())
			}
			if what == "scores" && f.Key == "jsonl" {
				continue // there are none, so nothing is written
			}
			broken := errors.New("broken")
			if _, err := export.In(t.Context(), f, what, r, system(), syntheticStudy, failing{broken}); !errors.Is(err, broken) {
				t.Errorf("%s as %s into a broken writer: %v", what, f.Name, err)
			}
		}
		if _, err := export.In(t.Context(), f, "deep", r, system(), syntheticStudy, io.Discard); err == nil {
			t.Errorf("a table that is none is written as %s", f.Name)
		}
	}
	for _, what := range []string{export.WholeStudy, export.Questionnaires, "codebook"} {
		for _, f := range export.FormatsOf(what) {
			var b bytes.Buffer
			if _, err := export.In(t.Context(), f, what, r, survey.Actor{}, syntheticStudy, &b); !errors.Is(err, survey.ErrForbidden) || b.Len() > 0 {
				t.Errorf("%s as %s for nobody: %v and %d bytes", what, f.Name, err, b.Len())
			}
			broken := errors.New("broken")
			if _, err := export.In(t.Context(), f, what, r, system(), syntheticStudy, failing{broken}); !errors.Is(err, broken) {
				t.Errorf("%s as %s into a broken writer: %v", what, f.Name, err)
			}
			if _, err := export.In(t.Context(), f, "wide", r, system(), syntheticStudy, io.Discard); err == nil {
				t.Errorf("a table is written as %s", f.Name)
			}
		}
	}
}

// What another reader finds in a Parquet file is what JSON Lines say.
func TestTheTablesOfAStudyComeBackFromParquet(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	for _, what := range export.Tables() {
		want := inJSON(t, l, what)
		f, _ := export.FormatOf(what, "parquet")
		var b bytes.Buffer
		_, err := export.In(t.Context(), f, what, l.store, system(), l.study.ID, &b)
		l.must(err)
		path := filepath.Join(t.TempDir(), what+".parquet")
		l.must(os.WriteFile(path, b.Bytes(), 0o600))
		got := readers.Parquet(t, path)
		var d parquet.Description
		l.must(json.Unmarshal([]byte(got.Metadata[parquet.MetadataKey]), &d))
		if len(got.Rows) != len(want) || len(d.Variables) != len(want[0].values) {
			t.Fatalf("%s has %d rows of %d variables", what, len(got.Rows), len(d.Variables))
		}
		for i, row := range want {
			for _, v := range d.Variables {
				text := ""
				if value := got.Rows[i][v.Name]; value != nil {
					text = fmt.Sprint(value)
				}
				if v.Kind == "day" {
					text, _, _ = strings.Cut(text, "T")
				}
				why, _ := got.Rows[i][v.MissingName].(string)
				if !same(text, row.values[v.Name]) || why != row.missing[v.Name] {
					t.Errorf("%s: %s in row %d is %q for %q, want %q for %q", what, v.Name, i+1, text, why, row.values[v.Name], row.missing[v.Name])
				}
			}
		}
	}
}
