package main

import (
	"math"
	"runtime"
	"runtime/debug"
)

// headroom is what a server may leave to be collected besides as much as it holds.
const headroom = 64 << 20

// keepHeadroom has garbage collected more seldom. The collector runs when as much has
// been made as is held. A server holds little and makes much, so that a tenth of its
// work would be to look through the same templates again and again. A block that
// nobody writes to counts as held and takes no memory. Whoever has set a limit to
// memory has said how often.
func keepHeadroom() (release func()) {
	if debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return func() {}
	}
	block := make([]byte, headroom)
	return func() { runtime.KeepAlive(block) }
}
