package main

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidemark/survey/auth"
	"tidemark/survey/rehearsal"
)

// rehearsed is an installation with a small rehearsal in it.
func rehearsed(t *testing.T) string {
	t.Helper()
	db := newDatabase(t)
	hex, err := os.ReadFile(db + ".secret")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.New(string(hex))
	if err != nil {
		t.Fatal(err)
	}
	in := openAt(t, db)
	_, err = rehearsal.Play(t.Context(), rehearsal.Options{
		Store: in.store, Keys: keys, Seed: 1, People: 24, Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestExportsAreWholeFilesOrNone(t *testing.T) {
	t.Parallel()
	db := rehearsed(t)
	dir := t.TempDir()
	for _, what := range []string{"long", "wide", "scores", "codebook"} {
		out := filepath.Join(dir, what+".csv")
		r := must(t, "", "export", "--database", db, "--study", "learning-from-setbacks", "--what", what, "--out", out)
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		reader := csv.NewReader(strings.NewReader(string(data)))
		reader.FieldsPerRecord = -1
		records, err := reader.ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if want := strings.TrimSpace(strings.TrimSuffix(r.stderr, " rows\n")); len(records) < 2 || want != strconv.Itoa(len(records)-1) {
			t.Errorf("%s: %d records and a header, but said %q", what, len(records)-1, r.stderr)
		}
		stdout := must(t, "", "export", "--database", db, "--study", "learning-from-setbacks", "--what", what)
		if stdout.stdout != string(data) {
			t.Errorf("%s: standard output differs from the file", what)
		}
	}
	if r := tidemark(t, "", "export", "--database", db, "--study", "learning-from-setbacks", "--out", filepath.Join(dir, "none", "x.csv")); r.code != exitFailure {
		t.Errorf("a folder that is not there: exit %d, %q", r.code, r.stderr)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 4 {
		t.Errorf("%d files in the folder (%v), want 4", len(entries), err)
	}
}

func TestAFailedExportLeavesTheOldFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := write(t, filepath.Join(dir, "long.csv"), "old")
	failure := errors.New("the database went away")
	err := (&program{}).into(out, func(w io.Writer) error {
		if _, err := io.WriteString(w, "half a"); err != nil {
			return err
		}
		return failure
	})
	if !errors.Is(err, failure) {
		t.Errorf("got %v, want the failure", err)
	}
	data, err := os.ReadFile(out)
	entries, _ := os.ReadDir(dir)
	if err != nil || string(data) != "old" || len(entries) != 1 {
		t.Errorf("the file holds %q (%v) among %d", data, err, len(entries))
	}
}

func TestRowsAreCountedAcrossLineEndsInQuotes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"":                           0,
		"a,b\n":                      1,
		"a,b\n1,\"two\nlines\"\n":    2,
		"a\n\"says \"\"x\ny\"\"\"\n": 2,
	} {
		r := &rowCounter{}
		for _, b := range []byte(text) { // in the smallest pieces
			if _, err := r.Write([]byte{b}); err != nil {
				t.Fatal(err)
			}
		}
		if r.n != want {
			t.Errorf("%q: %d rows, want %d", text, r.n, want)
		}
	}
}

func TestAnExportFromASnapshotIsOfThatMoment(t *testing.T) {
	t.Parallel()
	db := rehearsed(t)
	export := func(more ...string) string {
		t.Helper()
		return must(t, "", append([]string{"export", "--database", db, "--study", "learning-from-setbacks", "--what", "wide"}, more...)...).stdout
	}
	live, frozen := export(), export("--snapshot", "1")
	if n, m := strings.Count(frozen, "\n"), strings.Count(live, "\n"); n < 2 || n >= m {
		t.Errorf("%d rows are in the snapshot and %d live: want fewer, since people were enrolled later", n, m)
	}
	if again := export("--snapshot", "1"); again != frozen {
		t.Error("the same snapshot gave another file")
	}
	r := tidemark(t, "", "export", "--database", db, "--study", "learning-from-setbacks", "--snapshot", "7")
	if r.code == 0 || r.stdout != "" || !strings.Contains(r.stderr, "snapshot 7") {
		t.Errorf("a snapshot that is not there: code %d, %q", r.code, r.stderr)
	}
}
