package readers

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Cells are what LibreOffice found in a file.
type Cells struct {
	Filled   int // with anything in them
	Formulas int
}

// Formulas opens files with LibreOffice, all at once, and counts the cells that it takes
// for formulas.
func Formulas(t testing.TB, paths ...string) map[string]Cells {
	t.Helper()
	need(t, officeMissing())
	dir := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "fods", "--outdir", dir}
	run(t, exec.CommandContext(t.Context(), office(), append(args, paths...)...))
	found := map[string]Cells{}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) + ".fods"
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		cells, err := countCells(f)
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		found[path] = cells
	}
	return found
}

func countCells(r io.Reader) (c Cells, err error) {
	d := xml.NewDecoder(r)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		cell, ok := token.(xml.StartElement)
		if !ok || cell.Name.Local != "table-cell" {
			continue
		}
		for _, a := range cell.Attr {
			switch a.Name.Local {
			case "formula":
				c.Formulas++
			case "value-type":
				if a.Name.Space != "" && strings.Contains(a.Name.Space, "office") {
					c.Filled++
				}
			}
		}
	}
}
