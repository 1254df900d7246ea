package datafile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/readers"
	"tidemark/survey/datafile"
	"tidemark/survey/export/dataset"
	"tidemark/survey/export/dataset/datasettest"
	"tidemark/survey/export/spss"
)

func read(t *testing.T, data []byte) *datafile.Table {
	t.Helper()
	table, err := datafile.Read(data, datafile.Usual())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// ours is the awkward table as our own writer writes it.
func ours(t testing.TB) []byte {
	t.Helper()
	table, rows := datasettest.Awkward()
	var b bytes.Buffer
	w, err := spss.New(&b, table)
	if err != nil {
		t.Fatal(err)
	}
	if err := datasettest.Write(w, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shown is a cell of a table as this package gives it.
func shown(v dataset.Variable, c dataset.Cell) string {
	switch {
	case !c.Given():
		return ""
	case v.Kind == dataset.Text:
		return strings.TrimSpace(c.Text())
	case v.Kind == dataset.Day:
		return c.Time().Format(time.DateOnly)
	case v.Kind == dataset.Instant:
		return c.Time().Format("2006-01-02T15:04:05.000Z")
	}
	return datafile.FormatNumber(c.Number())
}

func TestOurOwnSPSSFileComesBackCellByCell(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	got := read(t, ours(t))
	if len(got.Columns) != len(table.Variables) || len(got.Rows) != len(rows) {
		t.Fatalf("%d columns, %d rows", len(got.Columns), len(got.Rows))
	}
	for i, v := range table.Variables {
		c := got.Columns[i]
		if c.Name != v.Name || string(c.Kind) != string(v.Kind) {
			t.Errorf("column %d is %s, a %s; want %s, a %s", i, c.Name, c.Kind, v.Name, v.Kind)
		}
		if n := len(v.Labels) + len(v.Categories); len(c.Labels) != n {
			t.Errorf("%s has labels %v, want %d", c.Name, c.Labels, n)
		}
		for k := range rows {
			if got, want := got.Rows[k].Cells[i], shown(v, rows[k][i]); got != want {
				t.Errorf("%s in row %d is %q, want %q", v.Name, k+1, got, want)
			}
		}
	}
	if got.Columns[3].Missing != "-999, -998" || got.Emptied != 5 {
		t.Errorf("missing values %q, %d cells of them", got.Columns[3].Missing, got.Emptied)
	}
	want := []datafile.Label{{Value: "course", Text: "Course"}, {Value: "wait_list", Text: "Waiting list"}}
	if d := cmp.Diff(got.Columns[1].Labels, want); d != "" {
		t.Errorf("labels of a long text (-got +want):\n%s", d)
	}
}

// Files of PSPP: not packed, packed and zipped, with user-missing values of all
// kinds, days before 1970, and texts beyond 255 bytes.
func TestFilesOfPSPPAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	readers.PSPP(t, `SET LOCALE='UTF-8'.
DATA LIST LIST (';') /who (A8) when (EDATE10) at (DATETIME20) item (F2.0) word (A3) wide (A300).
BEGIN DATA
Ä-1;20.07.1969;20-JUL-1969 20:17:40;0;aé;kurz
שלום;01.01.1583;.;-99;zz;`+strings.Repeat("lang ", 55)+`ende
x;.;.;7;ok;
y;.;.;.;ok;
z;.;.;3.5;ok;
END DATA.
VARIABLE LABELS item 'How often? “ü”'.
VALUE LABELS item 0 'never' 3 'often' -99 'refused'.
MISSING VALUES item (7 THRU 9, -99) /word ('zz').
SAVE OUTFILE='`+dir+`/plain.sav' /UNCOMPRESSED.
SAVE OUTFILE='`+dir+`/packed.sav' /COMPRESSED.
SAVE OUTFILE='`+dir+`/zipped.sav' /ZCOMPRESSED.
`)
	for _, name := range []string{"plain", "packed", "zipped"} {
		data, err := os.ReadFile(filepath.Join(dir, name+".sav"))
		if err != nil {
			t.Fatal(err)
		}
		got := read(t, data)
		var cells [][]string
		for _, r := range got.Rows {
			cells = append(cells, r.Cells)
		}
		want := [][]string{
			{"Ä-1", "1969-07-20", "1969-07-20T20:17:40.000Z", "0", "aé", "kurz"},
			{"שלום", "1583-01-01", "", "", "", strings.Repeat("lang ", 55) + "ende"},
			{"x", "", "", "", "ok", ""},
			{"y", "", "", "", "ok", ""},
			{"z", "", "", "3.5", "ok", ""},
		}
		if d := cmp.Diff(cells, want); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
		item := got.Columns[3]
		if item.Label != "How often? “ü”" || item.Missing != "7 to 9, -99" || got.Emptied != 3 {
			t.Errorf("%s: %+v, %d emptied", name, item, got.Emptied)
		}
		if d := cmp.Diff(item.Labels, []datafile.Label{{Value: "0", Text: "never"}, {Value: "3", Text: "often"}}); d != "" {
			t.Errorf("%s: labels (-got +want):\n%s", name, d)
		}
	}
}

func TestFilesOfHavenAreRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "r.sav")
	readers.R(t, `library(haven)
d <- data.frame(who = c("Ä", "b"), when = as.Date(c("1969-07-20", NA)), x = labelled_spss(c(1, 99), c(ja = 1), na_values = 99))
write_sav(d, commandArgs(TRUE)[1])`, path)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, data)
	want := []datafile.Row{{Line: 1, Cells: []string{"Ä", "1969-07-20", "1"}}, {Line: 2, Cells: []string{"b", "", ""}}}
	if d := cmp.Diff(got.Rows, want); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func TestCSVIsReadAsProgramsWriteIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data  string
		comma bool
		rows  [][]string
	}{
		"quotes and line ends": {"\ufeffcode,text\r\nA,\"a \"\"b\"\"\r\nsecond\"\r\n\r\nB,שלום 🙂\r\n", false, [][]string{{"A", "a \"b\"\nsecond"}, {"B", "שלום 🙂"}}},
		"decimal commas":       {"code;x\nA;3,5\nB;-99", true, [][]string{{"A", "3,5"}, {"B", "-99"}}},
		"windows":              {"code;text\nJ\xfcrgen;\x80", true, [][]string{{"Jürgen", "€"}}},
		"sep":                  {"sep=|\ncode|text\nA|b;c", true, [][]string{{"A", "b;c"}}},
		"short rows":           {"code,a,b,,\nA,1\nB,1,2,,\n", false, [][]string{{"A", "1", ""}, {"B", "1", "2"}}},
		"utf-16":               {"\xff\xfec\x00\t\x00x\x00\n\x00\xc4\x00\t\x000\x00", true, [][]string{{"Ä", "0"}}},
	} {
		got := read(t, []byte(c.data))
		var rows [][]string
		for _, r := range got.Rows {
			rows = append(rows, r.Cells)
		}
		if d := cmp.Diff(rows, c.rows); d != "" || got.DecimalComma != c.comma {
			t.Errorf("%s: decimal comma %v, (-got +want):\n%s", name, got.DecimalComma, d)
		}
	}
}

func TestLinesAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	got := read(t, []byte("sep=;\nc;t\n\nA;\"x\ny\"\nB;z\n"))
	if got.Rows[0].Line != 4 || got.Rows[1].Line != 6 {
		t.Errorf("lines %d and %d, want 4 and 6", got.Rows[0].Line, got.Rows[1].Line)
	}
}

func TestWhatCannotBeReadSaysWhatToDo(t *testing.T) {
	t.Parallel()
	small := datafile.Limits{Bytes: 4000, Columns: 3, Rows: 2, Cells: 5, Cell: 20}
	own := ours(t)
	for name, c := range map[string]struct {
		data   string
		limits datafile.Limits
		says   string
	}{
		"nothing":     {" \n", datafile.Usual(), "empty"},
		"a workbook":  {"PK\x03\x04rest", datafile.Usual(), "Save the sheet as CSV"},
		"no text":     {"a\x00\x00\x00b", datafile.Usual(), "neither CSV nor"},
		"header only": {"a,b\n", datafile.Usual(), "no rows"},
		"a quote":     {"a,b\n1,\"2\n3,4\n", datafile.Usual(), "line 2"},
		"twice":       {"a,b,a\n1,2,3", datafile.Usual(), "Columns 1 and 3 are both called “a”"},
		"more cells":  {"a,b\n1,2,3\n", datafile.Usual(), "Line 2 has 3 cells"},
		"large":       {strings.Repeat("x", 4001), small, "larger"},
		"wide":        {"a,b,c,d\n1,2,3,4", small, "more than 3 columns"},
		"long":        {"a\n1\n2\n3", small, "more than 2 rows"},
		"many cells":  {"a,b,c\n1,2,3\n4,5,6", small, "more than 5 cells"},
		"a long cell": {"a\n" + strings.Repeat("x", 21), small, "longer than 20"},
		"half a sav":  {string(own[:len(own)/2]), datafile.Usual(), "cut off"},
		"sav header":  {string(own[:100]), datafile.Usual(), "cut off"},
	} {
		_, err := datafile.Read([]byte(c.data), c.limits)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func FuzzRead(f *testing.F) {
	own := ours(f)
	f.Add(own)
	f.Add(own[:len(own)-9])
	f.Add([]byte("a;b\n1;\"x\ny\"\n"))
	f.Add([]byte("$FL3" + string(own[4:])))
	small := datafile.Limits{Bytes: 1 << 20, Columns: 50, Rows: 100, Cells: 1000, Cell: 4096}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := datafile.Read(data, small)
		if err != nil {
			return
		}
		if len(table.Rows) > small.Rows || len(table.Rows)*len(table.Columns) > small.Cells {
			t.Errorf("%d rows of %d columns are past the limits", len(table.Rows), len(table.Columns))
		}
		for _, r := range table.Rows {
			if len(r.Cells) != len(table.Columns) {
				t.Errorf("%d cells for %d columns", len(r.Cells), len(table.Columns))
			}
		}
	})
}
