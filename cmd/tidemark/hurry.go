package main

import "runtime/debug"

// hurry collects seldom until it is told to stop. Nearly all that a server makes while
// it starts stays, pages and texts above all: looking for what does not is half of the
// processor's time that a start takes.
func hurry() (enough func()) {
	const seldom = 400
	before := debug.SetGCPercent(seldom)
	if before < 0 || before > seldom { // whoever runs it wants even less
		debug.SetGCPercent(before)
	}
	return func() { debug.SetGCPercent(before) }
}
