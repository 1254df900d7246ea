package main

import (
	"context"
	"runtime"
	"slices"
	"time"
)

// The ways in Go: on all processors, and on one.
const (
	wayGo  = "Go"
	wayGo1 = "Go, 1 processor"
)

// shortest is how long one measurement lasts at least; quicker work is repeated
// within it.
const shortest = 40 * time.Millisecond

// slow is how long work takes that is not repeated as often as the rest.
const slow = 3 * time.Second

// took is what one execution took, on average over a measurement.
type took struct{ wall, cpu float64 } // seconds

// way is one way to do a row's work. do does it so many times.
type way struct {
	name  string
	do    func(ctx context.Context, times int) (took, []float64, error)
	times int // within one measurement
	runs  []took
}

// goWay does a task on so many processors.
func goWay(name string, processors int, t task) *way {
	return &way{name: name, do: func(ctx context.Context, times int) (took, []float64, error) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		runtime.GC()
		before, began := processorTime(), time.Now()
		var values []float64
		for range times {
			var err error
			if values, err = t(ctx); err != nil {
				return took{}, nil, err
			}
		}
		wall, after := time.Since(began), processorTime()
		n := float64(times)
		return took{wall.Seconds() / n, (after - before).Seconds() / n}, values, nil
	}}
}

// inTurns verifies every way, and then lets them take turns until each has had
// so many.
func inTurns(ctx context.Context, r row, ways []*way, turns int) error {
	for _, w := range ways {
		t, values, err := w.do(ctx, 1) // cold
		if err != nil {
			return err
		}
		if err := r.verify(w.name, values); err != nil {
			return err
		}
		w.times = 1
		if t.wall < slow.Seconds() {
			if t, _, err = w.do(ctx, 1); err != nil {
				return err
			}
			w.times = max(1, int(shortest.Seconds()/t.wall))
		}
	}
	for turn := range turns {
		for _, w := range ways {
			if turn >= 3 && w.median().wall > slow.Seconds() {
				continue
			}
			t, values, err := w.do(ctx, w.times)
			if err != nil {
				return err
			}
			if err := r.verify(w.name, values); err != nil {
				return err
			}
			w.runs = append(w.runs, t)
		}
	}
	return nil
}

// median is the median of wall and processor time, each by itself.
func (w *way) median() took {
	return took{
		middle(w.runs, func(t took) float64 { return t.wall }),
		middle(w.runs, func(t took) float64 { return t.cpu }),
	}
}

// spread is the slowest run over the quickest.
func (w *way) spread() float64 {
	low, high := w.runs[0].wall, w.runs[0].wall
	for _, t := range w.runs {
		low, high = min(low, t.wall), max(high, t.wall)
	}
	return high / low
}

func middle(runs []took, of func(took) float64) float64 {
	x := make([]float64, len(runs))
	for i, t := range runs {
		x[i] = of(t)
	}
	slices.Sort(x)
	n := len(x)
	return (x[(n-1)/2] + x[n/2]) / 2
}
