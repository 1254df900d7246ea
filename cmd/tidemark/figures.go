package main

import (
	"context"
	"log/slog"
	"time"

	"tidemark/analysis"
	"tidemark/survey"
)

// figuresEvery is how often a server looks whether a figure of a group can be told: a
// wave has closed, or a week can no longer be added to.
const figuresEvery = 10 * time.Minute

// tellFigures decides on the figures of groups whose time has come.
func tellFigures(ctx context.Context, cases *survey.UseCases) (int, error) {
	return cases.Releases.Publish(ctx, survey.SystemActor("server"), func(df int) float64 {
		return analysis.CriticalT(0.95, float64(df))
	})
}

// figuresNow is tellFigures, unless no changes are taken.
func (in *installation) figuresNow(ctx context.Context) (int, error) {
	if in.paused() {
		return 0, nil
	}
	return tellFigures(ctx, in.cases)
}

// figures begins to tell figures of groups, the first at once; stop waits until it has
// ended. A database that is away now is no reason to stop.
func (in *installation) figures(ctx context.Context, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			switch n, err := in.figuresNow(ctx); {
			case err != nil && ctx.Err() == nil:
				log.Error("figures of groups", "error", err)
			case n > 0:
				log.Info("figures of groups were decided on", "figures", n)
			}
			select {
			case <-ctx.Done():
			case <-time.After(figuresEvery):
			}
		}
	}()
	return func() { cancel(); <-ended }
}
