package store

import (
	"runtime"
	"time"
)

const (
	// rowsAtOnce is how many rows of a long answer are read before somebody else may go
	// first: some tenths of a millisecond.
	rowsAtOnce = 32
	// standAside is how long a long answer waits while somebody writes. A goroutine that
	// never waits is only sent away after ten milliseconds, and a save that goes from
	// one to another would wait for that each time.
	standAside = time.Millisecond
)

// giveWay lets those go first who save something, in this process. An export takes
// longer beside them, and they do not.
func (s *Store) giveWay() {
	if s.running.Load() > 0 {
		time.Sleep(standAside)
		return
	}
	runtime.Gosched()
}

// paced is called with the number of each row.
func (q query) paced(n int) {
	if q.pace != nil && n%rowsAtOnce == 0 {
		q.pace()
	}
}
