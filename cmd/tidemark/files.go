package main

import (
	"context"
	"log/slog"
	"time"

	"tidemark/survey"
	"tidemark/survey/export"
)

// filesEvery is how often a server looks for files that somebody asked for.
const filesEvery = 2 * time.Second

// files begins to prepare files, one at a time; stop waits until it has ended. What
// is being made then is given back, for another server or the next start.
func (in *installation) files(ctx context.Context, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	make := export.Maker(in.cases, in.store, readBuild().short())
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			made, err := false, error(nil)
			if !in.paused() {
				made, err = in.cases.Files.Work(ctx, survey.SystemActor("server"), make)
			}
			if err != nil && ctx.Err() == nil {
				log.Error("prepared files", "error", err)
			}
			if made && err == nil {
				continue
			}
			select {
			case <-ctx.Done():
			case <-time.After(filesEvery):
			}
		}
	}()
	return func() { cancel(); <-ended }
}
