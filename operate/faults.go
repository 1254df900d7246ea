package operate

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"tidemark/survey"
)

// Faults counts what a server logs as an error, by the message of the line: one of a few
// that stand in the program. What went wrong in particular stays in the log.
type Faults struct {
	mu     sync.Mutex
	counts map[string]survey.FaultCount
}

// NewFaults counts from nothing.
func NewFaults() *Faults { return &Faults{counts: map[string]survey.FaultCount{}} }

// maxKinds bounds what is kept, whatever may be logged one day.
const maxKinds = 64

func (f *Faults) note(kind string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.counts[kind]; !known && len(f.counts) >= maxKinds {
		kind = "other"
	}
	c := f.counts[kind]
	f.counts[kind] = survey.FaultCount{Count: c.Count + 1, LastAt: at.UTC().Truncate(time.Millisecond)}
}

// Counts are the faults so far.
func (f *Faults) Counts() map[string]survey.FaultCount {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.counts)
}

// Handler counts errors on their way to a log.
func (f *Faults) Handler(next slog.Handler) slog.Handler { return counting{next, f} }

type counting struct {
	slog.Handler
	faults *Faults
}

// Handle counts an error and hands it on.
func (c counting) Handle(ctx context.Context, r slog.Record) error {
	// A request that failed is logged twice: why, and how it was answered.
	if r.Level >= slog.LevelError && r.Message != "request" {
		c.faults.note(r.Message, r.Time)
	}
	return c.Handler.Handle(ctx, r)
}

// WithAttrs and WithGroup keep counting.
func (c counting) WithAttrs(attrs []slog.Attr) slog.Handler {
	return counting{c.Handler.WithAttrs(attrs), c.faults}
}

// WithGroup keeps counting.
func (c counting) WithGroup(name string) slog.Handler {
	return counting{c.Handler.WithGroup(name), c.faults}
}
