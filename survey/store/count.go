package store

import (
	"context"
	"sync/atomic"
	"time"

	"gorm.io/gorm/logger"
)

// QueryCount counts the statements sent to the database under one context, so
// that a test can hold a page to a constant number of them.
type QueryCount struct{ n atomic.Int64 }

// N is the number of statements so far. Beginning and ending a transaction are
// not counted.
func (c *QueryCount) N() int { return int(c.n.Load()) }

type countKey struct{}

// WithQueryCount returns a context whose statements are counted.
func WithQueryCount(ctx context.Context) (context.Context, *QueryCount) {
	c := &QueryCount{}
	return context.WithValue(ctx, countKey{}, c), c
}

// countQuery notes a statement for [WithQueryCount].
func countQuery(ctx context.Context) {
	if c, ok := ctx.Value(countKey{}).(*QueryCount); ok {
		c.n.Add(1)
	}
}

// silent is GORM's logger: it writes nothing, for statements carry answers and
// names.
type silent struct{}

func (s silent) LogMode(logger.LogLevel) logger.Interface { return s }
func (silent) Info(context.Context, string, ...any)       {}
func (silent) Warn(context.Context, string, ...any)       {}
func (silent) Error(context.Context, string, ...any)      {}

// Trace is called by GORM after each statement.
func (silent) Trace(context.Context, time.Time, func() (string, int64), error) {}

// ParamsFilter keeps values out of any statement GORM would show.
func (silent) ParamsFilter(_ context.Context, statement string, _ ...any) (string, []any) {
	return statement, nil
}
