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
