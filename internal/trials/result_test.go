package trials

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheNewestResultOfEachSuiteIsReadBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "results")
	t.Setenv(EnvFolder, dir)
	for _, r := range []Result{
		{Row: "power-cut", Test: "TestA", Database: "SQLite", Trials: 9, Lost: 1},
		{Row: "power-cut", Test: "TestA", Database: "SQLite", Trials: 10, Acked: 7, Passed: true, Figures: []Figure{Seconds("slowest", 1500*time.Millisecond)}},
		{Row: "disk-full", Test: "TestB", Trials: 2},
	} {
		if err := Keep(r); err != nil {
			t.Fatal(err)
		}
	}
	all, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range all {
		got = append(got, r.String())
		if r.Commit == "" || r.Machine == "" || time.Since(r.At) > time.Minute {
			t.Errorf("%s: commit %q, machine %q, at %s", r.Row, r.Commit, r.Machine, r.At)
		}
	}
	want := []string{
		"disk-full: 2 trials, 0 acknowledged, 0 lost, 0 altered, 0 doubled; 0.0 s",
		"power-cut on SQLite: 10 trials, 7 acknowledged, 0 lost, 0 altered, 0 doubled; slowest 1.5 s; 0.0 s",
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("results (-got +want):\n%s", d)
	}
	if err := os.WriteFile(filepath.Join(dir, "x.jsonl"), []byte("{\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); err == nil {
		t.Error("half a line is taken for a result")
	}
}

func TestWithoutAFolderNothingIsKept(t *testing.T) {
	t.Setenv(EnvFolder, "")
	if err := Keep(Result{Row: "x"}); err != nil {
		t.Error(err)
	}
}
