package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
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
		if said, _, _ := strings.Cut(r.stderr, " rows, "); len(records) < 2 || said != strconv.Itoa(len(records)-1) {
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

func TestAFolderHasFilesThatCanBeChecked(t *testing.T) {
	t.Parallel()
	db, dir := rehearsed(t), filepath.Join(t.TempDir(), "files")
	export := func(more ...string) result {
		return must(t, "", append([]string{"export", "learning-from-setbacks", "--database", db, "--out", dir + "/"}, more...)...)
	}
	export("--what", "wide")
	export("--what", "long", "--snapshot", "1", "--profile", "shared")
	said := export("--what", "long", "--snapshot", "1", "--profile", "shared", "--leave-out", "run").stderr
	list, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(list)) {
		want, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		names = append(names, name)
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s is not what the list says", name)
		}
		if strings.HasSuffix(name, "shared.csv") && !strings.Contains(said, fmt.Sprintf("%d rows, %d bytes, SHA-256 %s\n", strings.Count(string(data), "\n")-1, len(data), want)) {
			t.Errorf("the program said %q", said)
		}
		if strings.HasSuffix(name, ".manifest.json") && !strings.Contains(string(data), `"left out as it was asked for"`) {
			t.Errorf("the manifest does not say what was left out: %s", data)
		}
	}
	want := []string{"learning-from-setbacks_long_snapshot_1_shared.csv", "learning-from-setbacks_long_snapshot_1_shared.manifest.json", "learning-from-setbacks_wide.csv"}
	if !slices.Equal(names, want) {
		t.Errorf("the list has %v", names)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--profile", "public"}, "--snapshot"},
		{[]string{"--profile", "public", "--what", "texts", "--snapshot", "1"}, "own words"},
		{[]string{"--leave-out", "run"}, "--profile"},
		{[]string{"--study", "another"}, "two studies"},
		{[]string{"--profile", "public", "--snapshot", "1", "--leave-out", "nonsense"}, "nonsense"},
	} {
		r := tidemark(t, "", append([]string{"export", "learning-from-setbacks", "--database", db}, c.args...)...)
		if r.code == 0 || r.stdout != "" || !strings.Contains(r.stderr, c.says) {
			t.Errorf("%v: exit %d, %q", c.args, r.code, r.stderr)
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

func TestABundleIsTheSameFileAgain(t *testing.T) {
	t.Parallel()
	db := rehearsed(t)
	args := []string{"export", "--database", db, "--study", "learning-from-setbacks", "--what", "bundle"}
	first, again := must(t, "", append(args, "--snapshot", "1")...), must(t, "", append(args, "--snapshot", "1")...)
	if first.stdout != again.stdout || !strings.HasPrefix(first.stdout, "PK") || !strings.HasSuffix(first.stderr, " files\n") {
		t.Errorf("two bundles have %d and %d bytes, or differ; said %q", len(first.stdout), len(again.stdout), first.stderr)
	}
	if r := tidemark(t, "", args...); r.code == 0 || !strings.Contains(r.stderr, "--snapshot") {
		t.Errorf("a bundle of live data: exit %d, %q", r.code, r.stderr)
	}
}

func TestTheWholeStudyIsWrittenForOtherSystems(t *testing.T) {
	t.Parallel()
	db := rehearsed(t)
	args := []string{"export", "--database", db, "--study", "learning-from-setbacks", "--what", "study"}
	for format, counts := range map[string]string{"fhir": " resources\n", "odm": " people\n", "redcap": " people\n"} {
		r := must(t, "", append(args, "--format", format, "--snapshot", "1")...)
		if n, err := strconv.Atoi(strings.TrimSuffix(r.stderr, counts)); err != nil || n < 10 || len(r.stdout) < 3_000 {
			t.Errorf("%s: %d bytes, said %q", format, len(r.stdout), r.stderr)
		}
	}
	each := must(t, "", "export", "--database", db, "learning-from-setbacks", "--what", "questionnaires", "--snapshot", "1")
	if !strings.HasPrefix(each.stdout, "PK") || !strings.HasSuffix(each.stderr, " rows\n") {
		t.Errorf("questionnaires begin with %.10q, said %q", each.stdout, each.stderr)
	}
	if r := tidemark(t, "", "export", "--database", db, "learning-from-setbacks", "--what", "questionnaires", "--format", "sav"); r.code == 0 || !strings.Contains(r.stderr, "but as csv\n") {
		t.Errorf("questionnaires as SPSS: exit %d, %q", r.code, r.stderr)
	}
	for format, begins := range map[string]string{"html": "<!doctype html>", "ddi": "<?xml"} {
		r := must(t, "", "export", "--database", db, "--study", "learning-from-setbacks", "--what", "codebook", "--format", format)
		if !strings.HasPrefix(r.stdout, begins) || !strings.HasSuffix(r.stderr, " variables\n") {
			t.Errorf("the codebook as %s begins with %.20q, said %q", format, r.stdout, r.stderr)
		}
	}
	for _, format := range []string{"csv", "sav"} {
		if r := tidemark(t, "", append(args, "--format", format)...); r.code == 0 || !strings.Contains(r.stderr, "--format fhir") {
			t.Errorf("the study as %s: exit %d, %q", format, r.code, r.stderr)
		}
	}
}

// A frozen study is the same SPSS, Stata and JSON file whenever it is written.
func TestTablesOfASnapshotAreTheSameFilesAgain(t *testing.T) {
	t.Parallel()
	db := rehearsed(t)
	for _, format := range []string{"sav", "dta", "omv", "xlsx", "parquet", "jsonl"} {
		for _, what := range []string{"long", "wide", "scores"} {
			args := []string{
				"export", "--database", db, "--study", "learning-from-setbacks", "--what", what, "--format", format,
				"--snapshot", "1",
			}
			first := must(t, "", args...)
			again := must(t, "", args...)
			if first.stdout != again.stdout || len(first.stdout) < 1000 {
				t.Errorf("%s as %s: two files of one snapshot have %d and %d bytes, or differ", what, format, len(first.stdout), len(again.stdout))
			}
			rows, said := strings.CutSuffix(first.stderr, " rows\n")
			if n, err := strconv.Atoi(rows); !said || err != nil || n < 10 || format == "jsonl" && strings.Count(first.stdout, "\n") != n {
				t.Errorf("%s as %s: said %q", what, format, first.stderr)
			}
		}
		if r := tidemark(t, "", "export", "--database", db, "--study", "learning-from-setbacks", "--what", "texts", "--format", format); r.code == 0 || !strings.Contains(r.stderr, "CSV alone") {
			t.Errorf("texts as %s: exit %d, %s", format, r.code, r.stderr)
		}
	}
}
