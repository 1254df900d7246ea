package program

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ErrNotMeasured: this system does not tell what a process has used.
var ErrNotMeasured = errors.New("not measured: the system has no /proc")

// tick is the unit of processor time in /proc, on every Linux there is.
const tick = 10 * time.Millisecond

// CPU is the processor time a process and its children that are still there have
// used, in user and system mode, to ten milliseconds.
func CPU(pid int) (time.Duration, error) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		return 0, ErrNotMeasured
	}
	ticks, _, err := usage(pid)
	if err != nil {
		return 0, err
	}
	paths, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		child, err := strconv.Atoi(filepath.Base(path))
		if err != nil {
			continue
		}
		// A process may end while it is looked at.
		if t, parent, err := usage(child); err == nil && parent == pid {
			ticks += t
		}
	}
	return time.Duration(ticks) * tick, nil
}

// usage reads the ticks a process has used, and its parent.
func usage(pid int) (ticks int64, parent int, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	// The name, in brackets, may hold anything; the rest is numbers. Counted
	// from the state, the parent is 1, user mode 11, system mode 12.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0, 0, fmt.Errorf("/proc/%d/stat is %q", pid, text)
	}
	parent, err = strconv.Atoi(fields[1])
	if err != nil {
		return 0, 0, err
	}
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, 0, err
		}
		ticks += n
	}
	return ticks, parent, nil
}

// PeakMemory is the most memory a process has had at once, in bytes.
func PeakMemory(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, os.ErrNotExist) {
		return 0, ErrNotMeasured
	}
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kB, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kB << 10, err
		}
	}
	return 0, ErrNotMeasured // it has ended
}
