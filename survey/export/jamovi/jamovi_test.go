package jamovi

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"tidemark/survey/export/dataset"
	"tidemark/survey/export/dataset/datasettest"
)

func file(t *testing.T, table dataset.Table, rows [][]dataset.Cell) []byte {
	t.Helper()
	return datasettest.File(t, New, table, rows)
}

// parts are the files in an archive.
func parts(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	if !bytes.HasPrefix(b, []byte("PK\x03\x04\x14\x00")) {
		t.Errorf("the file begins with %q, which readers refuse", b[:6])
	}
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range r.File {
		p, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(p); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// read reads a file the way jamovi does: by the types in its metadata.
func read(t *testing.T, b []byte) (fields []field, columns [][]any, labels map[string][][]any) {
	t.Helper()
	p := parts(t, b)
	var meta struct {
		DataSet struct {
			RowCount, ColumnCount int
			Fields                []field
		}
	}
	var x map[string]struct{ Labels [][]any }
	if err := errors.Join(json.Unmarshal(p["metadata.json"], &meta), json.Unmarshal(p["xdata.json"], &x)); err != nil {
		t.Fatal(err)
	}
	if meta.DataSet.ColumnCount != len(meta.DataSet.Fields) {
		t.Errorf("%d columns and %d fields", meta.DataSet.ColumnCount, len(meta.DataSet.Fields))
	}
	labels = map[string][][]any{}
	for name, e := range x {
		labels[name] = e.Labels
	}
	data := p["data.bin"]
	take := func(n int) []byte { got := data[:n]; data = data[n:]; return got }
	for _, f := range meta.DataSet.Fields {
		var column []any
		for range meta.DataSet.RowCount {
			var v any
			switch f.Type {
			case "number":
				if x := math.Float64frombits(binary.LittleEndian.Uint64(take(8))); !math.IsNaN(x) {
					v = x
				}
			case "integer", "string":
				n := int32(binary.LittleEndian.Uint32(take(4)))
				switch {
				case n == math.MinInt32:
				case f.Type == "string":
					s, _, _ := bytes.Cut(p["strings.bin"][n:], []byte{0})
					v = string(s)
				case f.DataType == "Text":
					v = labels[f.Name][n][2]
				default:
					v = float64(n)
				}
			default:
				t.Fatalf("%s has the type %q", f.Name, f.Type)
			}
			column = append(column, v)
		}
		columns = append(columns, column)
	}
	if len(data) > 0 {
		t.Errorf("%d bytes are left", len(data))
	}
	return meta.DataSet.Fields, columns, labels
}

func TestEveryCellComesBack(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	fields, columns, labels := read(t, file(t, table, rows))
	codes := table.Codes()
	for i, v := range table.Variables {
		f := fields[i]
		if f.Name != v.Name || f.ID != i+1 || !strings.HasPrefix(f.Description, v.Label) {
			t.Errorf("field %d is %s, %q", i, f.Name, f.Description)
		}
		var missing []string
		for _, r := range v.Reasons {
			missing = append(missing, fmt.Sprintf("== %v", codes[r.Key]))
		}
		if !slices.Equal(f.MissingValues, missing) {
			t.Errorf("%s: missing values %q, want %q", v.Name, f.MissingValues, missing)
		}
		for k, row := range rows {
			if got, want := fmt.Sprint(columns[i][k]), fmt.Sprint(expected(v, row[i], codes)); got != want {
				t.Errorf("%s in row %d is %s, want %s", v.Name, k+1, got, want)
			}
		}
	}
	for name, want := range map[string]string{
		"participant": "ID", "arm": "Nominal", "sc_01_pre": "Ordinal", "change_since": "Continuous", "own_words": "ID", "born_on": "Continuous",
	} {
		i := slices.IndexFunc(fields, func(f field) bool { return f.Name == name })
		if fields[i].MeasureType != want {
			t.Errorf("%s is %s, want %s", name, fields[i].MeasureType, want)
		}
	}
	if got := fmt.Sprint(labels["arm"]); got != "[[0 Course course false] [1 Waiting list wait_list false]]" {
		t.Errorf("the levels of arm are %s", got)
	}
	if got := labels["sc_01_pre"]; len(got) != 5 || fmt.Sprint(got[0]) != "[-999 left out by the person -999 false]" || fmt.Sprint(got[4]) != "[5 =Almost always 5 false]" {
		t.Errorf("the levels of sc_01_pre are %v", got)
	}
	if !strings.Contains(fields[4].Description, "0 = no change") {
		t.Errorf("the word for 0 is lost: %q", fields[4].Description)
	}
}

// expected is a cell as it is in the file.
func expected(v dataset.Variable, c dataset.Cell, codes map[string]float64) any {
	switch {
	case v.Kind == dataset.Text:
		if c.Text() == "" {
			return nil
		}
		return c.Text()
	case !c.Given() && v.Kind == dataset.Number && c.Reason() != "":
		return codes[c.Reason()]
	case !c.Given():
		return nil
	case v.Kind == dataset.Number:
		return c.Number()
	}
	return float64(c.Time().UnixMilli()) / 86_400_000
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
	large := table
	large.Rows = 1 << 28
	if _, err := New(io.Discard, large); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many rows: %v", err)
	}
	half := slices.Clone(rows[0])
	half[3] = dataset.Of(1.5)
	zero := slices.Clone(rows[0])
	zero[0] = dataset.Words("a\x00b")
	for says, row := range map[string][]dataset.Cell{"no whole number": half, "zero byte": zero, "9 cells for 10": rows[0][1:]} {
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
}
