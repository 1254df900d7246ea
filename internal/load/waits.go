package main

import (
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"tidemark/internal/visitor"
)

// waits is how long everything took.
type waits struct {
	mu       sync.Mutex
	requests []time.Duration            // each, from when it was meant to be made
	acts     map[string][]time.Duration // each, until it was done, further tries included
	refused  int                        // told to come back
	errors   int
	bytes    int64
	largest  int64 // page
}

func newWaits() *waits { return &waits{acts: map[string][]time.Duration{}} }

func (w *waits) request(r visitor.Request, took time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = append(w.requests, took)
	w.bytes += r.Bytes
	if !strings.HasPrefix(r.Kind, "asset") {
		w.largest = max(w.largest, r.Bytes)
	}
}

func (w *waits) done(kind string, took time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acts[kind] = append(w.acts[kind], took)
}

// share is the wait that this share of all did not exceed: the nearest rank.
func share(all []time.Duration, p float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[max(0, int(math.Ceil(p*float64(len(sorted))))-1)]
}
