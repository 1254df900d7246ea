package main

import (
	"os"
	"strconv"
	"syscall"
)

// yielding is how far a command that nobody waits for stands back, in steps of nice(1).
const yielding = 5

// standBack lets others have the processors first: a server beside which a large export
// runs answers as if it were alone. The threads there are stand back each by itself, and
// those that they begin after them. Where that is not allowed the export runs as it did.
func standBack() {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return
	}
	for _, t := range tasks {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, id, yielding) // a thread that has ended needs none
		}
	}
}
