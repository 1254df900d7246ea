package readers

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// EnvRequire makes it a failure that a program is missing.
const EnvRequire = "REQUIRE_READERS"

// packages are those of R that the tests need.
var packages = []string{"haven", "jsonlite", "nlme"}

// Missing names what is not installed.
func Missing() []string {
	return slices.Concat(statistics(), nodeMissing(), officeMissing(), curlMissing())
}

// statistics names what is not there of R, PSPP and Python.
var statistics = sync.OnceValue(func() []string {
	var all []string
	if _, err := exec.LookPath("Rscript"); err != nil {
		all = append(all, "Rscript")
	} else {
		for _, p := range packages {
			if exec.CommandContext(context.Background(), "Rscript", "-e", "quit(status = !requireNamespace('"+p+"', quietly = TRUE))").Run() != nil {
				all = append(all, "the R package "+p)
			}
		}
	}
	if _, err := exec.LookPath("pspp"); err != nil {
		all = append(all, "pspp")
	}
	if python() == "" {
		all = append(all, "Python with pandas")
	}
	return all
})

// python is one that has pandas: that of the system, or the first on the path.
var python = sync.OnceValue(func() string {
	for _, path := range []string{"/usr/bin/python3", "python3"} {
		if exec.CommandContext(context.Background(), path, "-c", "import pandas").Run() == nil {
			return path
		}
	}
	return ""
})

// need skips the test, or fails it, when something is missing.
func need(t testing.TB, missing []string) {
	t.Helper()
	if len(missing) == 0 {
		return
	}
	if os.Getenv(EnvRequire) != "" {
		t.Fatalf("not installed: %s", strings.Join(missing, ", "))
	}
	t.Skipf("not installed: %s", strings.Join(missing, ", "))
}

// R runs a script and gives what it prints.
func R(t testing.TB, script string, args ...string) []byte {
	t.Helper()
	need(t, statistics())
	// As a file: on the command line Rscript takes some lines for arguments.
	path := filepath.Join(t.TempDir(), "script.R")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	return run(t, exec.CommandContext(t.Context(), "Rscript", append([]string{"--vanilla", path}, args...)...))
}

// Python runs a program and gives what it prints.
func Python(t testing.TB, program string, args ...string) []byte {
	t.Helper()
	need(t, statistics())
	return run(t, exec.CommandContext(t.Context(), python(), append([]string{"-c", program}, args...)...))
}

// PSPP runs a syntax and gives what it prints. Warnings fail the test.
func PSPP(t testing.TB, syntax string) string {
	t.Helper()
	need(t, statistics())
	cmd := exec.CommandContext(t.Context(), "pspp", "-O", "format=txt", "-O", "width=300", "-")
	cmd.Stdin = strings.NewReader(syntax)
	out := string(run(t, cmd))
	if strings.Contains(out, "warning:") || strings.Contains(out, "error:") {
		t.Errorf("PSPP says:\n%s", out)
	}
	return out
}

func run(t testing.TB, cmd *exec.Cmd) []byte {
	t.Helper()
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TZ=UTC")
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", cmd.Path, err, said.String(), out)
	}
	return out
}
