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

// Memory is what a process holds, in bytes.
type Memory struct {
	Peak int64 // the most it has had resident at once, its program file included
	// Own is what it has now without the pages of its program file, which the
	// system shares and can drop.
	Own int64
}

// MemoryOf reads a process's memory; ErrNotMeasured when it has ended, or the
// system does not tell.
func MemoryOf(pid int) (Memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, os.ErrNotExist) {
		return Memory{}, ErrNotMeasured
	}
	if err != nil {
		return Memory{}, err
	}
	var m Memory
	for line := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(line, ":")
		number, isSize := strings.CutSuffix(strings.TrimSpace(rest), " kB")
		if !isSize {
			continue
		}
		kB, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return Memory{}, fmt.Errorf("/proc/%d/status: %w", pid, err)
		}
		switch name {
		case "VmHWM":
			m.Peak = kB << 10
		case "RssAnon":
			m.Own = kB << 10
		}
	}
	if m.Peak == 0 {
		return Memory{}, ErrNotMeasured // it has ended
	}
	return m, nil
}
