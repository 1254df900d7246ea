package main

import (
	"context"
	"log/slog"
	"time"

	"tidemark/survey"
)

const (
	// hooksEvery is how often a server looks for events that other systems are to be
	// told of, and wavesEvery for waves that have closed.
	hooksEvery = 2 * time.Second
	wavesEvery = time.Minute
)

// hooks begins to tell other systems of events; stop waits until it has ended.
func (in *installation) hooks(ctx context.Context, sender survey.HookSender, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var waves time.Time
		for ctx.Err() == nil {
			more, err := in.tell(ctx, sender, &waves, log)
			if err != nil && ctx.Err() == nil {
				log.Error("webhooks", "error", err)
			}
			if more && err == nil {
				continue
			}
			select {
			case <-ctx.Done():
			case <-time.After(hooksEvery):
			}
		}
	}()
	return func() { cancel(); <-ended }
}

// tell is one round; more: something was sent, and more may wait.
func (in *installation) tell(ctx context.Context, sender survey.HookSender, waves *time.Time, log *slog.Logger) (more bool, err error) {
	if in.paused() {
		return false, nil
	}
	actor := survey.SystemActor("server")
	if time.Since(*waves) >= wavesEvery {
		if _, err := in.cases.Webhooks.Announce(ctx, actor); err != nil {
			return false, err
		}
		*waves = time.Now()
	}
	done, err := in.cases.Webhooks.Deliver(ctx, actor, sender)
	if done.Failed+done.Paused > 0 {
		log.Warn("events could not be handed over", "failed", done.Failed, "webhooks_paused", done.Paused)
	}
	return done.Sent > 0, err
}
