package stata

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/readers"
	"tidemark/survey/export/dataset"
	"tidemark/survey/export/dataset/datasettest"
)

func file(t *testing.T, table dataset.Table, rows [][]dataset.Cell) []byte {
	t.Helper()
	return datasettest.File(t, New, table, rows)
}

// Every cell, label and reason comes back through haven, with long texts within
// the rows and behind them.
func TestHavenReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	for _, width := range []int{len(datasettest.LongText), 3000} {
		t.Run(strconv.Itoa(width), func(t *testing.T) {
			t.Parallel()
			table, rows := datasettest.Awkward()
			table.Variables[8].Width = width
			path := filepath.Join(t.TempDir(), "data.dta")
			if err := os.WriteFile(path, file(t, table, rows), 0o600); err != nil {
				t.Fatal(err)
			}
			compare(t, readers.Haven(t, "dta", path), table, rows)
		})
	}
}

func compare(t *testing.T, got readers.File, table dataset.Table, rows [][]dataset.Cell) {
	t.Helper()
	if diff := cmp.Diff(got.Label, []string{table.Label}); diff != "" {
		t.Errorf("label of the file (-got +want):\n%s", diff)
	}
	if len(got.Columns) != len(table.Variables) {
		t.Fatalf("got %d columns, want %d", len(got.Columns), len(table.Variables))
	}
	letters := map[string]string{}
	for i, key := range table.Reasons() {
		letters[key] = string(rune('a' + i))
	}
	notes := strings.Join(got.Notes, "\n")
	for i, v := range table.Variables {
		c := got.Columns[i]
		if c.Name[0] != v.Name && !strings.Contains(notes, c.Name[0]+" is "+v.Name+": "+v.Label) {
			t.Errorf("column %d is called %s, want %s, or a note of it", i, c.Name[0], v.Name)
		}
		if start, cut := strings.CutSuffix(c.Label[0], "…"); c.Label[0] != v.Label &&
			(!cut || !strings.HasPrefix(v.Label, start) || !strings.Contains(notes, v.Label)) {
			t.Errorf("%s: label %q, want %q", v.Name, c.Label[0], v.Label)
		}
		compareLabels(t, c, v, letters)
		for _, category := range v.Categories {
			if !strings.Contains(notes, v.Name+": "+category.Value+" = "+category.Text) {
				t.Errorf("the notes do not say what %s of %s is", category.Value, v.Name)
			}
		}
		for k, row := range rows {
			if got, want := shown(c.Values[k]), shown(expected(v, row[i])); got != want {
				t.Errorf("%s in row %d is %s, want %s", v.Name, k+1, got, want)
			}
			if want := letters[row[i].Reason()]; c.Tags[k] != want {
				t.Errorf("%s in row %d is missing as %q, want %q", v.Name, k+1, c.Tags[k], want)
			}
		}
	}
	if !strings.Contains(notes, table.Notes[0]) {
		t.Errorf("the notes lack %q", table.Notes[0])
	}
}

func compareLabels(t *testing.T, c readers.Column, v dataset.Variable, letters map[string]string) {
	t.Helper()
	want := map[string]string{}
	for _, l := range v.Labels {
		want[fmt.Sprint(l.Value)] = strings.Join(strings.Fields(l.Text), " ")
	}
	for _, r := range v.Reasons {
		want["."+letters[r.Key]] = r.Text
	}
	got := map[string]string{}
	for _, l := range c.Labels {
		key := "." + strings.Join(l.Tag, "")
		if len(l.Value) > 0 && l.Value[0] != nil {
			key = fmt.Sprint(l.Value[0])
		}
		got[key] = l.Text[0]
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("%s: labels (-got +want):\n%s", v.Name, diff)
	}
}

// expected is a cell as haven gives it.
func expected(v dataset.Variable, c dataset.Cell) readers.One {
	switch {
	case v.Kind == dataset.Text:
		return readers.One{c.Text()}
	case !c.Given():
		return nil
	case v.Kind == dataset.Day:
		return readers.One{c.Time().Format(time.DateOnly)}
	case v.Kind == dataset.Instant:
		return readers.One{strconv.FormatInt(c.Time().UnixMilli(), 10)}
	default:
		return readers.One{strconv.FormatFloat(c.Number(), 'g', 17, 64)}
	}
}

func shown(v readers.One) string {
	if len(v) == 0 || v[0] == nil {
		return "nothing"
	}
	return fmt.Sprintf("%v", v[0])
}

func TestTheSameDataGiveTheSameFile(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	if !bytes.Equal(file(t, table, rows), file(t, table, rows)) {
		t.Error("two files of the same table differ")
	}
}

func TestNothingThatWaitedIsLeftBehind(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	table, rows := datasettest.Awkward()
	table.Variables[8].Width = 3000
	file(t, table, rows)
	w, err := New(&bytes.Buffer{}, table)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "5 rows fewer") {
		t.Errorf("a file without its rows: %v", err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("%d files are left (%v)", len(left), err)
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	short := table
	short.Rows = 4
	narrow := table
	narrow.Variables = slices.Clone(table.Variables)
	narrow.Variables[0].Width = 3
	huge := slices.Clone(rows[0])
	huge[9] = dataset.Of(1e308)
	one := table
	one.Rows = 1
	for name, c := range map[string]struct {
		table dataset.Table
		rows  [][]dataset.Cell
		says  string
	}{
		"more rows":    {short, rows, "more rows"},
		"a cell less":  {table, [][]dataset.Cell{rows[0][1:]}, "9 cells for 10"},
		"a text wider": {narrow, rows, "longer than the 3 bytes"},
		"too large":    {one, [][]dataset.Cell{huge}, "means missing in Stata"},
	} {
		w, err := New(&bytes.Buffer{}, c.table)
		if err == nil {
			err = datasettest.Write(w, c.rows)
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
}
