package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/internal/browser"
)

// What one installation hands out, another takes: looked through, written, listed and
// taken back.
func TestAnExportIsBroughtInAndTakenBack(t *testing.T) {
	t.Parallel()
	db := rehearsed(t)
	dir := t.TempDir()
	const study = "learning-from-setbacks"
	file := filepath.Join(dir, "wide.sav")
	must(t, "", "export", "--database", db, "--study", study, "--what", "wide", "--format", "sav", "--out", file)

	// Everything is there already.
	r := must(t, "", "import", study, file, "--database", db, "--date", "2026-01-01", "--yes")
	if !strings.Contains(r.stderr, "nothing in it that is not there already") {
		t.Errorf("the same again: %s", r.stderr)
	}
	// One answer is another; a map names the two columns that matter.
	long := must(t, "", "export", "--database", db, "--study", study, "--what", "long").stdout
	var code, value string
	for line := range strings.SplitSeq(long, "\n") {
		if cells := strings.Split(line, ","); len(cells) > 12 && cells[8] == "sc_01" && cells[5] == "pre" && cells[9] != "" && cells[13] != "" {
			code, value = cells[2], cells[9]
		}
	}
	other := "1"
	if value == "1" {
		other = "2"
	}
	small, mapped := filepath.Join(dir, "small.csv"), filepath.Join(dir, "map.csv")
	if err := os.WriteFile(small, []byte("who;first;note\n"+code+";"+other+";x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mapped, []byte("column,target\nwho,code\nfirst,answer:pre:self_compassion:sc_01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"import", study, small, "--database", db, "--map", mapped, "--existing", "overwrite", "--date", "2026-01-01"}
	if r := fails(t, "", args...); !strings.Contains(r.stderr, "--reason") {
		t.Errorf("without a reason: %s", r.stderr)
	}
	args = append(args, "--reason", "misread")
	if r := must(t, "", append(args, "--dry-run")...); !strings.Contains(r.stderr, "1 replaced") {
		t.Errorf("looked through: %s", r.stderr)
	}
	if r := fails(t, "n\n", args...); !strings.Contains(r.stderr, "not confirmed") {
		t.Errorf("not confirmed: %s", r.stderr)
	}
	r = must(t, "y\n", args...)
	if r.stdout != study+"/1\n" || !strings.Contains(r.stderr, "100 % (1 of 1 questionnaires)") {
		t.Errorf("written: %q, %s", r.stdout, r.stderr)
	}
	if r := must(t, "", "import", "list", study, "--database", db); !strings.Contains(r.stdout, study+"/1\tapplied\timport\t") {
		t.Errorf("listed: %s", r.stdout)
	}
	must(t, "", "import", "undo", study+"/1", "--database", db)
	if after := must(t, "", "export", "--database", db, "--study", study, "--what", "long").stdout; after != long {
		t.Error("the data are not what they were")
	}
	if r := fails(t, "", "import", "undo", study+"/1", "--database", db); !strings.Contains(r.stderr, "taken back already") {
		t.Errorf("taken back twice: %s", r.stderr)
	}
	// What is wrong is said with its place.
	if err := os.WriteFile(small, []byte("who;first\nnobody;7\n"+code+";7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r = fails(t, "", append(args, "--yes")...)
	for _, want := range []string{"line 2, who: There is nobody", "line 3, first: “7” is not one of the answers: 1 (", "2 faults"} {
		if !strings.Contains(r.stderr, want) {
			t.Errorf("no %q in %s", want, r.stderr)
		}
	}
	if r := must(t, "", "import", study, small, "--database", db, "--write-map", "-"); r.stdout != "column,target\nwho,ignore\nfirst,ignore\n" {
		t.Errorf("map: %q", r.stdout)
	}
}

// fails runs a command that must not succeed.
func fails(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	r := tidemark(t, stdin, args...)
	if r.code == exitOK {
		t.Fatalf("tidemark %s: succeeded\n%s", strings.Join(args, " "), r.stderr)
	}
	return r
}

func TestThePagesOfImportsAreAccessible(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	pages := 0
	do(t, browser.TourImports(b, ways, browser.Phone, func(s browser.Stop) error {
		pages++
		if dir := os.Getenv("PICS"); dir != "" {
			for name, width := range map[string]int{"phone": browser.Phone, "desk": browser.Desk} {
				do(t, s.Resize(width))
				png, err := s.Picture()
				do(t, err, os.WriteFile(filepath.Join(dir, s.Name+"-"+name+".png"), png, 0o600))
			}
			do(t, s.Resize(browser.Phone))
		}
		return isAccessible(t, s)
	}))
	if pages < 10 {
		t.Errorf("walked through %d pages only", pages)
	}
}
