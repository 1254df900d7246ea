package faults

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// envRequire makes what is missing on a machine a failure.
const envRequire = "REQUIRE_FAULTS"

func lacking(t *testing.T, what string, err error) {
	t.Helper()
	if os.Getenv(envRequire) != "" {
		t.Fatalf("%s: %v", what, err)
	}
	t.Skipf("%s: %v", what, err)
}

// tracer is the command under which a program's writes are noted on a tape, and the
// tape's path.
func tracer(t *testing.T) (under []string, tape string) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		lacking(t, "power cuts are played back from what strace sees; install strace", err)
	}
	tape = filepath.Join(t.TempDir(), "tape")
	// Tracing may be forbidden.
	if out, err := exec.CommandContext(t.Context(), strace, "-f", "-o", tape, "true").CombinedOutput(); err != nil {
		lacking(t, "strace may not trace here: "+string(out), err)
	}
	return []string{
		strace, "-D", "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "100000", "-e", "trace=" + calls, "-e", "signal=none", "-o", tape, "--",
	}, tape
}

// awaitTape waits until the tracer has written everything down: it ends after what
// it traces.
func awaitTape(t *testing.T, tape string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		open := false
		links, err := filepath.Glob("/proc/[0-9]*/fd/*")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range links {
			to, err := os.Readlink(l)
			open = open || err == nil && strings.HasPrefix(to, tape)
		}
		if !open {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the tracer does not end")
		}
	}
}

// smallDisk is a folder on a disk of so many bytes.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		lacking(t, "a small disk needs the right to mount", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}
