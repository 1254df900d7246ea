package analysis

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// inBlocks cuts n rows into blocks of a size and calls work for each, on all
// processors where there is more than one block for each. Blocks do not depend
// on the number of processors: what is put together from them in their order is
// the same on any machine.
func inBlocks(n, size int, work func(block, from, to int)) {
	blocks := (n + size - 1) / size
	one := func(b int) { work(b, b*size, min(n, (b+1)*size)) }
	workers := min(runtime.GOMAXPROCS(0), blocks/2)
	if workers < 2 {
		for b := range blocks {
			one(b)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for b := int(next.Add(1)) - 1; b < blocks; b = int(next.Add(1)) - 1 {
				one(b)
			}
		})
	}
	wg.Wait()
}
