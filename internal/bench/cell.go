package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// cell is one measurement: a way of writing questionnaires at one degree of
// concurrency.
type cell struct {
	name  string
	at    int // at once
	done  int // questionnaires
	took  time.Duration
	waits []time.Duration // what somebody waited for: requests, or transactions
	cpu   time.Duration   // of the server; 0: not measured
	dbCPU time.Duration   // of the database's own processes; 0: it has none
}

func (c cell) rate() float64 { return float64(c.done) / c.took.Seconds() }

// wait is a quantile of the waits, by rank.
func (c cell) wait(q float64) time.Duration {
	if len(c.waits) == 0 {
		return 0
	}
	return c.waits[min(int(q*float64(len(c.waits))), len(c.waits)-1)]
}

// together runs n jobs, at most at of them at once, and gathers what they
// waited for.
func together(ctx context.Context, name string, at, n int, job func(ctx context.Context, i int, waited func(time.Duration)) error) (cell, error) {
	c := cell{name: name, at: at, done: n}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	waits := make([][]time.Duration, at)
	var working sync.WaitGroup
	began := time.Now()
	for w := range at {
		working.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := job(ctx, i, func(d time.Duration) { waits[w] = append(waits[w], d) }); err != nil {
					cancel(fmt.Errorf("%s, %d at once: %w", name, at, err))
				}
			}
		})
	}
	working.Wait()
	c.took = time.Since(began)
	c.waits = slices.Concat(waits...)
	slices.SortFunc(c.waits, func(a, b time.Duration) int { return cmp.Compare(a, b) })
	return c, context.Cause(ctx)
}
