//go:build !linux && !darwin

package operate

// Disk is not known here.
func Disk(string) (free, total uint64, err error) { return 0, 0, ErrUnknownDisk }
