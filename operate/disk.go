package operate

import "errors"

// ErrUnknownDisk reports that nothing is known of the disk on this system.
var ErrUnknownDisk = errors.New("how full the disk is cannot be found out on this system")
