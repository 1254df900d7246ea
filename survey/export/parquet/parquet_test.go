package parquet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
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

// readBack reads a file with a reader that shares nothing with the writer.
func readBack(t *testing.T, b []byte) (readers.ParquetFile, Description) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.parquet")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	f := readers.Parquet(t, path)
	var d Description
	if err := json.Unmarshal([]byte(f.Metadata[MetadataKey]), &d); err != nil {
		t.Fatal(err)
	}
	return f, d
}

// expected is a cell as the other reader gives it.
func expected(v dataset.Variable, c dataset.Cell) any {
	switch {
	case !c.Given():
		return nil
	case v.Kind == dataset.Number:
		return c.Number()
	case v.Kind == dataset.Text:
		return c.Text()
	}
	return c.Time().UTC().Format("2006-01-02T15:04:05.000Z")
}

func TestEveryCellComesBack(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	f, d := readBack(t, file(t, table, rows))
	types := map[dataset.Kind]string{
		dataset.Number: "DOUBLE ", dataset.Text: "BYTE_ARRAY STRING", dataset.Day: "INT32 DATE", dataset.Instant: "INT64 TIMESTAMP",
	}
	if len(f.Rows) != len(rows) || f.Program != table.Program {
		t.Fatalf("%d rows by %q", len(f.Rows), f.Program)
	}
	for i, v := range table.Variables {
		if c := f.Columns[i]; c.Name != v.Name || c.Type+" "+c.Logical != types[v.Kind] || c.Repetition != "OPTIONAL" {
			t.Errorf("column %d is %+v, want %s", i+1, c, v.Name)
		}
		for k, row := range rows {
			if diff := cmp.Diff(f.Rows[k][v.Name], expected(v, row[i])); diff != "" {
				t.Errorf("%s in row %d (-got +want):\n%s", v.Name, k+1, diff)
			}
			why := d.Variables[i].MissingName
			if (why == "") != (len(v.Reasons) == 0) {
				t.Fatalf("%s has reasons in %q", v.Name, why)
			}
			got, _ := f.Rows[k][why].(string)
			if got != row[i].Reason() {
				t.Errorf("%s in row %d is missing as %q, want %q", v.Name, k+1, got, row[i].Reason())
			}
		}
	}
}

func TestEveryLabelComesBack(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	_, d := readBack(t, file(t, table, rows))
	if d.Label != table.Label || !slices.Equal(d.Notes, table.Notes) || d.MadeAt != "2026-03-02T18:30:00Z" {
		t.Errorf("the file says of itself %q, %q, %s", d.Label, d.Notes, d.MadeAt)
	}
	for i, v := range table.Variables {
		got := d.Variables[i]
		if got.Label != v.Label || got.Kind != string(v.Kind) || got.Measure != string(v.Measure) || got.Decimals != v.Decimals {
			t.Errorf("%s is described as %+v", v.Name, got)
		}
		if v.Bounded && (got.Min == nil || *got.Min != v.Low || got.Max == nil || *got.Max != v.High) {
			t.Errorf("the bounds of %s are lost", v.Name)
		}
		var want []string
		for _, l := range v.Labels {
			want = append(want, fmt.Sprint(l.Value, " ", l.Text))
		}
		for _, c := range v.Categories {
			want = append(want, c.Value+" "+c.Text)
		}
		for _, r := range v.Reasons {
			want = append(want, r.Key+" "+r.Text)
		}
		var said []string
		for _, l := range got.Values {
			said = append(said, fmt.Sprint(l.Value, " ", l.Label))
		}
		for _, r := range got.Missing {
			said = append(said, r.Value+" "+r.Label)
		}
		if diff := cmp.Diff(said, want); diff != "" {
			t.Errorf("values of %s (-got +want):\n%s", v.Name, diff)
		}
	}
}

func TestAColumnOfReasonsTakesNobodysName(t *testing.T) {
	t.Parallel()
	why := []dataset.Reason{{Key: "skipped", Text: "left out"}}
	table := dataset.Table{Name: "t", Rows: 1, Variables: []dataset.Variable{
		{Name: "a", Kind: dataset.Number, Measure: dataset.Scale, Reasons: why},
		{Name: "A_missing", Kind: dataset.Number, Measure: dataset.Scale},
	}}
	f, d := readBack(t, file(t, table, [][]dataset.Cell{{dataset.Missing("skipped"), dataset.Of(0)}}))
	if name := d.Variables[0].MissingName; name != "a_missing_" || f.Rows[0][name] != "skipped" || f.Rows[0]["A_missing"] != 0.0 {
		t.Errorf("%q in %v", name, f.Rows[0])
	}
}

func TestTheSameDataGiveTheSameFile(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	if !bytes.Equal(file(t, table, rows), file(t, table, rows)) {
		t.Error("two files of the same table differ")
	}
}

func TestWhatIsNoRowIsRefused(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	unknown := slices.Clone(rows[0])
	unknown[9] = dataset.Missing("lost")
	for says, row := range map[string][]dataset.Cell{"none of its reasons": unknown, "9 cells for 10": rows[0][1:]} {
		w, err := New(io.Discard, table)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Row(row); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q", err, says)
		}
		if err := w.Close(); err == nil {
			t.Error("a file without its rows is written")
		}
	}
	if _, err := New(io.Discard, dataset.Table{Rows: -1}); !errors.Is(err, dataset.ErrTable) {
		t.Errorf("no table: %v", err)
	}
}

// Many rows of many groups come back, and what is held does not grow with them.
// Not parallel: it measures the memory of the whole process.
func TestMemoryDoesNotGrowWithTheRows(t *testing.T) {
	table, rows := datasettest.Awkward()
	var held [2]uint64
	for i, n := range []int{60_000, 240_000} {
		table.Rows = n
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		w, err := New(io.Discard, table)
		if err != nil {
			t.Fatal(err)
		}
		for k := range n {
			if err := w.Row(rows[k%len(rows)]); err != nil {
				t.Fatal(err)
			}
			if k%(n/6) == n/6-1 {
				var now runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&now)
				held[i] = max(held[i], now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc))
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kB and %d kB", held[0]>>10, held[1]>>10)
	if held[1] > held[0]+2<<20 || held[1] > 40<<20 {
		t.Errorf("%d kB for 60,000 rows, %d kB for 240,000", held[0]>>10, held[1]>>10)
	}
}

func TestRowsOfSeveralGroupsComeBackInOrder(t *testing.T) {
	t.Parallel()
	const n = 1010
	table := dataset.Table{Name: "t", Rows: n, MadeAt: time.Unix(0, 0), Variables: []dataset.Variable{{Name: "a", Kind: dataset.Number, Measure: dataset.Scale}}}
	var b bytes.Buffer
	w, err := New(&b, table)
	if err != nil {
		t.Fatal(err)
	}
	w.mostCells = 1000
	for k := range n {
		if err := w.Row([]dataset.Cell{dataset.Of(float64(k))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, _ := readBack(t, b.Bytes())
	if len(f.Rows) != n || f.Groups != 2 {
		t.Fatalf("%d rows in %d groups", len(f.Rows), f.Groups)
	}
	for k, row := range f.Rows {
		if row["a"] != float64(k) {
			t.Fatalf("row %d is %v", k, row["a"])
		}
	}
}
