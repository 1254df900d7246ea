package export_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tidemark/internal/readers"
	"tidemark/survey/export"
)

// What LibreOffice shows of a workbook is what JSON Lines say: no text is computed,
// no day becomes another, and the sheet of words says why a value is missing.
func TestLibreOfficeShowsTheTablesOfAStudy(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	for _, what := range []string{"wide", "long"} {
		f, _ := export.FormatOf(what, "xlsx")
		var b bytes.Buffer
		_, err := export.In(t.Context(), f, what, l.store, system(), l.study.ID, &b)
		l.must(err)
		path := filepath.Join(t.TempDir(), what+".xlsx")
		l.must(os.WriteFile(path, b.Bytes(), 0o600))
		sheets := readers.Spreadsheet(t, path)
		values, words, want := table(t, sheets["values"]), table(t, sheets["words"]), inJSON(t, l, what)
		if len(values) != len(want) || len(words) != len(want) || len(want) == 0 {
			t.Fatalf("%s: %d rows of values, %d in words, want %d", what, len(values), len(words), len(want))
		}
		labels, told := labelled(t), 0
		for i, row := range want {
			for name, value := range row.values {
				got := values[i][name]
				if len(value) == 24 && strings.HasSuffix(value, "Z") { // an instant
					value = strings.TrimSuffix(strings.Replace(value, "T", " ", 1), "Z")
				}
				if !same(got, value) && !shown(got, value) {
					t.Errorf("%s: %s in row %d is shown as %q, want %q", what, name, i+1, got, value)
				}
				if why := row.missing[name]; (why != "") != strings.HasPrefix(words[i][name], "[") {
					t.Errorf("%s: %s in row %d is %q in words, missing as %q", what, name, i+1, words[i][name], why)
				}
				for v, label := range labels[name].values {
					if same(value, strconv.FormatFloat(v, 'g', -1, 64)) {
						told++
						if words[i][name] != label {
							t.Errorf("%s: %s in row %d is %q in words, want %q", what, name, i+1, words[i][name], label)
						}
					}
				}
			}
		}
		if what == "wide" && told < 4 {
			t.Errorf("only %d awkward labels were looked at", told)
		}
		book := table(t, sheets["codebook"])
		for _, row := range book {
			if l, known := labels[row["variable"]]; known && row["label"] != l.label {
				t.Errorf("the codebook says of %s %q, want %q", row["variable"], row["label"], l.label)
			}
		}
	}
}

// shown compares numbers to the fifteen digits that a spreadsheet shows.
func shown(got, want string) bool {
	a, errA := strconv.ParseFloat(got, 64)
	b, errB := strconv.ParseFloat(want, 64)
	return errA == nil && errB == nil && math.Abs(a-b) <= 1e-14*math.Abs(b)
}
