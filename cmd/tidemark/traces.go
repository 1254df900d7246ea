package main

import (
	"context"
	"time"
)

// trace is told of each request; nil where no traces are sent.
func (o *operation) trace() func(parent, method, route string, status int, from time.Time, took time.Duration) {
	if o.traces == nil {
		return nil
	}
	return o.traces.Request
}

// tracesLost counts spans that no collector took; nil where none are sent.
func (o *operation) tracesLost() func() int64 {
	if o.traces == nil {
		return nil
	}
	return o.traces.Lost
}

// sendTraces sends to the collector until stop, if there is one.
func (o *operation) sendTraces(ctx context.Context) (stop func()) {
	if o.traces == nil {
		return func() {}
	}
	o.log.Info("traces", "to", o.flags.TracesTo)
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		o.traces.Run(ctx, func(err error) {
			if err != nil {
				o.log.Warn("the collector takes no traces; they are lost until it does", "error", err)
				return
			}
			o.log.Info("the collector takes traces again")
		})
	}()
	return func() { cancel(); <-ended }
}
