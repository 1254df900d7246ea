package pgserver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestANamedFolderMustHoldTheServer(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(EnvBin, dir)
	if bin, err := Find(); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("an empty folder gives %q, %v", bin, err)
	}
	for _, name := range []string{"initdb", "postgres"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if bin, err := Find(); err != nil || bin != dir {
		t.Errorf("got %q, %v, want %q", bin, err, dir)
	}
}

func TestVersionsCompareAsNumbers(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{
		"/usr/lib/postgresql/15/bin":          15,
		"/usr/lib/postgresql/9.6/bin":         9,
		"/opt/homebrew/opt/postgresql@17/bin": 17,
		"/usr/local/opt/postgresql/bin":       0,
	} {
		if got := version(path); got != want {
			t.Errorf("%s: got %d, want %d", path, got, want)
		}
	}
}
