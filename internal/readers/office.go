package readers

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// office is LibreOffice's program.
var office = sync.OnceValue(func() string {
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
})

func officeMissing() []string {
	if office() == "" {
		return []string{"LibreOffice Calc"}
	}
	return nil
}

// sheetsAsCSV is LibreOffice's way to say: commas, quotes, UTF-8, texts in quotes,
// cells as they are shown, all sheets.
const sheetsAsCSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"

// Spreadsheet opens a workbook with LibreOffice and gives its sheets as they are
// shown, by name.
func Spreadsheet(t testing.TB, path string) map[string][][]string {
	t.Helper()
	need(t, officeMissing())
	dir := t.TempDir()
	// A profile of its own: with one in common, a second program hands its work to
	// the first and is gone.
	run(t, exec.CommandContext(t.Context(), office(), "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--convert-to", sheetsAsCSV, "--outdir", dir, path))
	sheets := map[string][][]string{}
	begin := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) + "-"
	found, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		sheets[strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), begin), ".csv")] = rows
	}
	return sheets
}
