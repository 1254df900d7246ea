package excel

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tidemark/survey/export/dataset"
	"tidemark/survey/export/dataset/datasettest"
)

func file(t *testing.T) ([]byte, dataset.Table, [][]dataset.Cell) {
	t.Helper()
	table, rows := datasettest.Awkward()
	var b bytes.Buffer
	w, err := New(&b, table)
	if err != nil {
		t.Fatal(err)
	}
	if err := datasettest.Write(w, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), table, rows
}

func TestEveryCellComesBack(t *testing.T) {
	t.Parallel()
	b, table, rows := file(t)
	book, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	}()
	cell := func(sheet string, row, column int) (string, excelize.CellType) {
		t.Helper()
		at, err := excelize.CoordinatesToCellName(column+1, row+1)
		if err != nil {
			t.Fatal(err)
		}
		v, err := book.GetCellValue(sheet, at)
		kind, kindErr := book.GetCellType(sheet, at)
		formula, formulaErr := book.GetCellFormula(sheet, at)
		if err := errors.Join(err, kindErr, formulaErr); err != nil || formula != "" {
			t.Fatalf("%s %s: %v, formula %q", sheet, at, err, formula)
		}
		return v, kind
	}
	for i, v := range table.Variables {
		for _, sheet := range []string{sheetValues, sheetWords} {
			if name, _ := cell(sheet, 0, i); name != v.Name {
				t.Errorf("column %d of %s is called %s, want %s", i+1, sheet, name, v.Name)
			}
		}
		for k, row := range rows {
			got, kind := cell(sheetValues, k+1, i)
			if want := expected(v, row[i]); got != want && !near(got, want) {
				t.Errorf("%s in row %d is %q, want %q", v.Name, k+1, got, want)
			}
			if v.Kind == dataset.Text && row[i].Text() != "" && kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
				t.Errorf("%s in row %d is no text", v.Name, k+1)
			}
		}
	}
	for at, want := range map[string]string{
		"B2": "Course", "D3": "=Almost always", "D4": "[left out by the person]", "D5": "[not asked, because of other answers]",
		"E2": "no change", "F2": "[too few items answered]", "E3": "-99", "B6": "Waiting list",
	} {
		if got, err := book.GetCellValue(sheetWords, at); err != nil || got != want {
			t.Errorf("in words, %s is %q (%v), want %q", at, got, err, want)
		}
	}
	codebook, err := book.GetRows(sheetCodebook)
	if err != nil || len(codebook) != len(table.Variables)+1 {
		t.Fatalf("the codebook has %d rows (%v)", len(codebook), err)
	}
	if got := codebook[4]; got[1] != datasettest.LongLabel || !strings.HasPrefix(got[6], "1 = Almost never; 2 = ") || got[7] != "skipped = left out by the person; not_shown = not asked, because of other answers" {
		t.Errorf("the codebook says %q", got)
	}
	notes, err := book.GetRows(sheetNotes)
	if err != nil || !slices.ContainsFunc(notes, func(r []string) bool { return r[0] == table.Notes[1] }) {
		t.Errorf("the notes are %q (%v)", notes, err)
	}
}

// expected is a value as it stands in a sheet: days are counted from the end of
// 1899.
func expected(v dataset.Variable, c dataset.Cell) string {
	switch {
	case !c.Given():
		return ""
	case v.Kind == dataset.Text:
		return c.Text()
	case v.Kind == dataset.Number:
		return written(c.Number())
	case c.Time().Before(first) && v.Kind == dataset.Day:
		return c.Time().Format(time.DateOnly)
	}
	days := float64(c.Time().UnixMilli()-time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC).UnixMilli()) / (24 * 60 * 60 * 1000)
	return strconv.FormatFloat(days, 'f', -1, 64)
}

// near compares numbers to the fifteen digits that the library reads.
func near(got, want string) bool {
	a, errA := strconv.ParseFloat(got, 64)
	b, errB := strconv.ParseFloat(want, 64)
	return errA == nil && errB == nil && math.Abs(a-b) <= 1e-14*math.Abs(b)
}

func TestTheSameDataGiveTheSameFile(t *testing.T) {
	t.Parallel()
	a, _, _ := file(t)
	time.Sleep(2100 * time.Millisecond) // the clock of zip files ticks every two seconds
	b, _, _ := file(t)
	if !bytes.Equal(a, b) {
		t.Error("two files of the same table differ")
	}
}

func TestWhatASheetCannotHoldIsRefused(t *testing.T) {
	t.Parallel()
	table, rows := datasettest.Awkward()
	large := table
	large.Rows = mostRows + 1
	if _, err := New(&bytes.Buffer{}, large); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many rows: %v", err)
	}
	w, err := New(&bytes.Buffer{}, table)
	if err != nil {
		t.Fatal(err)
	}
	long := slices.Clone(rows[0])
	long[8] = dataset.Words(strings.Repeat("x", mostText+1))
	if err := w.Row(long); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too long a text: %v", err)
	}
	if err := w.Row(rows[0][1:]); err == nil {
		t.Error("a cell less is taken")
	}
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "rows fewer") {
		t.Errorf("rows less: %v", err)
	}
}
