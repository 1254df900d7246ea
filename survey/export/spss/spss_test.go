package spss

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

func onDisk(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.sav")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every cell, label and reason comes back through haven.
func TestHavenReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	got := readers.Haven(t, "sav", onDisk(t, file(t, table, rows)))
	if diff := cmp.Diff(got.Label, []string{table.Label}); diff != "" {
		t.Errorf("label of the file (-got +want):\n%s", diff)
	}
	if len(got.Columns) != len(table.Variables) {
		t.Fatalf("got %d columns, want %d", len(got.Columns), len(table.Variables))
	}
	codes := table.Codes()
	for i, v := range table.Variables {
		c := got.Columns[i]
		if c.Name[0] != v.Name {
			t.Errorf("column %d is called %s, want %s", i, c.Name[0], v.Name)
		}
		wantLabel(t, v.Name, c.Label[0], v.Label, longestLabel)
		want := map[string]string{}
		for _, l := range v.Labels {
			want[fmt.Sprint(l.Value)] = l.Text
		}
		for _, l := range v.Categories {
			want[l.Value] = l.Text
		}
		missing := []float64{}
		for _, r := range v.Reasons {
			missing = append(missing, codes[r.Key])
			want[fmt.Sprint(codes[r.Key])] = r.Text
		}
		if diff := cmp.Diff(c.Miss, missing); diff != "" {
			t.Errorf("%s: user-missing values (-got +want):\n%s", v.Name, diff)
		}
		if len(c.Labels) != len(want) {
			t.Errorf("%s has %d labels, want %d", v.Name, len(c.Labels), len(want))
		}
		for _, l := range c.Labels {
			wantLabel(t, v.Name, l.Text[0], want[fmt.Sprint(l.Value[0])], longestValueLabel)
		}
		for k, row := range rows {
			if got, want := shown(c.Values[k]), shown(expected(v, row[i], codes)); got != want {
				t.Errorf("%s in row %d is %s, want %s", v.Name, k+1, got, want)
			}
		}
	}
	// What had to be cut stands whole in the documents.
	notes := strings.Join(got.Notes, " ")
	for _, whole := range []string{datasettest.LongLabel, table.Variables[3].Labels[1].Text, table.Notes[0]} {
		if !strings.Contains(notes, strings.TrimSpace(whole)) {
			t.Errorf("the documents lack %q", whole)
		}
	}
}

func wantLabel(t *testing.T, name, got, want string, longest int) {
	t.Helper()
	if start, is := strings.CutSuffix(got, "…"); is && len(want) > longest {
		if !strings.HasPrefix(want, start) || len(got) < longest-8 {
			t.Errorf("%s: the label is cut to %q", name, got)
		}
		return
	}
	if got != want {
		t.Errorf("%s: label %q, want %q", name, got, want)
	}
}

// expected is a cell as haven gives it.
func expected(v dataset.Variable, c dataset.Cell, codes map[string]float64) readers.One {
	switch {
	case v.Kind == dataset.Text:
		return readers.One{strings.TrimRight(c.Text(), " ")}
	case !c.Given() && c.Reason() != "":
		return readers.One{fmt.Sprint(codes[c.Reason()])}
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

func TestPSPPReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	said := readers.PSPP(t, "GET FILE='"+onDisk(t, file(t, table, rows))+"'.\nDISPLAY DICTIONARY.\nFREQUENCIES sc_01_pre.\nDESCRIPTIVES change_since.\n")
	lines := strings.Split(said, "\n")
	for name, measure := range map[string]string{
		"participant": "Nominal", "sc_01_pre": "Ordinal", "change_since": "Scale", "born_on": "Scale", "arm": "Nominal",
	} {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, name) && strings.Contains(l, measure) }) {
			t.Errorf("%s is not %s in\n%s", name, measure, said)
		}
	}
	// Reasons are no values: the mean of 0, -99 and 98.5.
	if !strings.Contains(said, "-.17") {
		t.Errorf("the mean of change_since is not -.17 in\n%s", said)
	}
}

func TestTheSameDataGiveTheSameFile(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	if !bytes.Equal(file(t, table, rows), file(t, table, rows)) {
		t.Error("two files of the same table differ")
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	short := table
	short.Rows = 4
	more := table
	more.Rows = 6
	narrow := table
	narrow.Variables = slices.Clone(table.Variables)
	narrow.Variables[0].Width = 3
	twice := table
	twice.Variables = append(slices.Clone(table.Variables), dataset.Variable{Name: "ARM", Kind: dataset.Number, Measure: dataset.Scale})
	for name, c := range map[string]struct {
		table dataset.Table
		rows  [][]dataset.Cell
		says  string
	}{
		"more rows":     {short, rows, "more rows"},
		"fewer rows":    {more, rows, "1 rows fewer"},
		"a cell less":   {table, [][]dataset.Cell{rows[0][1:]}, "9 cells for 10"},
		"a text wider":  {narrow, rows, "longer than the 3 bytes"},
		"a name twice":  {twice, rows, "two variables are called ARM"},
		"a bad measure": {dataset.Table{Variables: []dataset.Variable{{Name: "x", Kind: dataset.Number}}}, nil, "unknown measure"},
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
