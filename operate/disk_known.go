//go:build linux || darwin

package operate

import "syscall"

// Disk is how many bytes are left on the disk of a folder, for a program without
// privileges, and of how many.
func Disk(folder string) (free, total uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, 0, err
	}
	block := uint64(s.Bsize) //nolint:unconvert // above 0; its type differs between systems
	return s.Bavail * block, s.Blocks * block, nil
}
