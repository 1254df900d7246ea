package parallel

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Do calls do for pieces [from, to) of 0…n−1 on all cores, each piece
// once. What do computes may depend on its piece's items only, so that the
// result is the same for any number of cores. It returns the error of a context
// that ended before all was done.
func Do(ctx context.Context, n, piece int, do func(from, to int)) error {
	workers := min(runtime.GOMAXPROCS(0), (n+piece-1)/piece)
	var next atomic.Int64
	work := func() {
		for ctx.Err() == nil {
			from := int(next.Add(1)-1) * piece
			if from >= n {
				return
			}
			do(from, min(n, from+piece))
		}
	}
	var wait sync.WaitGroup
	for range workers - 1 {
		wait.Go(work)
	}
	work()
	wait.Wait()
	return ctx.Err()
}

// Watched is do for [Do] that says after each piece how many of n are done.
// Nobody is told once ctx has ended. Calls of progress do not overlap; a nil one
// costs nothing.
func Watched(ctx context.Context, n int, progress func(done, of int), do func(from, to int)) func(from, to int) {
	if progress == nil {
		return do
	}
	var mutex sync.Mutex
	done := 0
	return func(from, to int) {
		do(from, to)
		mutex.Lock()
		defer mutex.Unlock()
		if done += to - from; ctx.Err() == nil {
			progress(done, n)
		}
	}
}
