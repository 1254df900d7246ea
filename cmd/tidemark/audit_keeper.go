package main

import (
	"context"
	"log/slog"
	"time"

	"tidemark/survey"
)

const (
	// sealEvery is how soon a line of the audit trail gets its place.
	sealEvery = time.Second
	// signEvery is how often a server looks whether a day has ended.
	signEvery = time.Minute
	// checkEvery is how often the whole trail is checked.
	checkEvery = 24 * time.Hour
)

// trailKeeper is who looks after the audit trail.
func trailKeeper() survey.Actor { return survey.SystemActor("audit trail") }

// keepTrail looks after the audit trail until it is told to stop: lines get their
// places, days their heads, and once a day everything is checked.
func (in *installation) keepTrail(ctx context.Context, heads string, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(sealEvery)
		defer tick.Stop()
		var signed time.Time
		for {
			paused := in.paused()
			var err error
			if !paused {
				_, err = in.cases.Audits.Seal(ctx, trailKeeper())
			}
			if !paused && err == nil && time.Since(signed) >= signEvery {
				signed = time.Now()
				err = in.signAndCheck(ctx, heads, log)
			}
			if err != nil && ctx.Err() == nil {
				log.Error("the audit trail", "error", err)
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-ended }
}

// signAndCheck signs the day that ended, brings the file of heads up to date, and checks
// the trail if that has not been done for a day.
func (in *installation) signAndCheck(ctx context.Context, file string, log *slog.Logger) error {
	heads, err := in.cases.Audits.SignDay(ctx, trailKeeper())
	if err != nil {
		return err
	}
	if file != "" {
		if err := (headsFile{file}).complete(heads); err != nil {
			return err
		}
	}
	if _, err := in.cases.Audits.MailHeads(ctx, trailKeeper()); err != nil {
		return err
	}
	due, err := in.cases.Audits.CheckDue(ctx, trailKeeper(), checkEvery)
	if err != nil || !due {
		return err
	}
	var kept []survey.AuditHead
	if file != "" {
		if kept, err = (headsFile{file}).read(); err != nil {
			return err
		}
	}
	reports, err := in.cases.Audits.Verify(ctx, trailKeeper(), survey.AuditVerification{Heads: kept})
	if err != nil {
		return err
	}
	for _, r := range reports {
		if !r.Whole() {
			log.Error("the audit trail is not as it was written; run: tidemark audit verify", "study", r.Chain.StudyID, "faults", r.Chain.Faults)
		}
	}
	return nil
}
