package pgserver

import (
	"os"
	"syscall"
)

// shm is where Linux keeps files in memory.
const shm = "/dev/shm"

// room is what has to be free there: tests side by side have some twenty databases of
// ten megabytes at a time, and the log of what is written grows to maxLog.
const room = 2 << 30

// inMemory is a folder in memory with enough room, or "": then the system's temporary
// folder has to do. Tests make and remove a database of many hundred files each, and
// a file system on a disk spends most of the processor's time on looking for inodes
// that were not freed a moment ago.
func inMemory() string {
	var disk syscall.Statfs_t
	const tmpfs = 0x01021994
	if err := syscall.Statfs(shm, &disk); err != nil || int64(disk.Type) != tmpfs || disk.Bavail*uint64(disk.Bsize) < room {
		return ""
	}
	probe, err := os.MkdirTemp(shm, "pg-")
	if err != nil {
		return ""
	}
	if err := os.Remove(probe); err != nil {
		return ""
	}
	return shm
}
