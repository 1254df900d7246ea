package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"
	"time"

	"tidemark/survey"
)

// retentionCmd is about keeping things no longer than people were told.
type retentionCmd struct {
	Preview retentionPreviewCmd `cmd:"" help:"Show what a study keeps how long, and what would be removed."`
	Run     retentionRunCmd     `cmd:"" help:"Remove now what is due, as a server does by itself."`
}

type retentionPreviewCmd struct {
	Config
	Study string `arg:"" help:"Key of the study."`
}

// Help is shown under the command's flags.
func (retentionPreviewCmd) Help() string {
	return `Removes nothing. The rules are on the study's page /studies/KEY/retention.

Example:
  tidemark retention preview learning-from-setbacks`
}

// Run shows the preview.
func (c retentionPreviewCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		study, err := in.study(ctx, c.Study)
		if err != nil {
			return err
		}
		b, err := in.cases.Retentions.Book(ctx, operator(), study.ID)
		if err != nil {
			return err
		}
		return tellRetention(p.stdout, b)
	})
}

func tellRetention(to io.Writer, b survey.RetentionBook) error {
	w := tabwriter.NewWriter(to, 0, 4, 2, ' ', 0)
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) } // Flush tells
	say("what\thow long\tdue now\tlater\tno day yet\n")
	for _, o := range b.Kinds {
		how := "kept"
		if !o.Kept {
			how = fmt.Sprintf("%d days from %s", o.Rule.Days, map[survey.RetentionAnchor]string{
				survey.FromLastWave: "the last questions", survey.FromClosing: "the closing of the study",
			}[o.Rule.Anchor])
		}
		later := fmt.Sprint(o.Later)
		if o.Later > 0 {
			later += fmt.Sprintf(" (%s to %s)", o.First.Format(time.DateOnly), o.Last.Format(time.DateOnly))
		}
		if o.Kept {
			say("%s\t%s\t\t\t%d people\n", o.Kind, how, o.Open)
			continue
		}
		say("%s\t%s\t%d people, %d rows\t%s\t%d\n", o.Kind, how, o.Due, o.DueRows, later, o.Open)
	}
	switch {
	case b.Retention.Held():
		say("Held since %s: nothing is removed.\n", b.Retention.HeldAt.Format(time.RFC3339))
	case b.Retention.Revision == 0:
		say("Nothing was decided for this study: everything is kept.\n")
	}
	return w.Flush()
}

type retentionRunCmd struct {
	Config
	Study string `arg:"" optional:"" help:"Key of one study (default: all)."`
}

// Help is shown under the command's flags.
func (retentionRunCmd) Help() string {
	return `tidemark serve does so every hour. Everything removed is a line of the audit trail.
A study that is held is passed over.

Example:
  tidemark retention run`
}

// Run removes what is due.
func (c retentionRunCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		var only *survey.StudyID
		if c.Study != "" {
			study, err := in.study(ctx, c.Study)
			if err != nil {
				return err
			}
			only = &study.ID
		}
		swept, err := in.cases.Retentions.Sweep(ctx, operator(), only)
		if err != nil {
			return err
		}
		for _, k := range survey.RetentionKinds() {
			if n := swept.People[k]; n > 0 {
				if _, err := fmt.Fprintf(p.stdout, "removed %s of %d %s\n", k, n, plural(n, "person", "people")); err != nil {
					return err
				}
			}
		}
		if swept.Rows == 0 {
			_, err = fmt.Fprintln(p.stdout, "nothing was due")
		}
		if swept.Held > 0 && err == nil {
			_, err = fmt.Fprintf(p.stdout, "%d %s held\n", swept.Held, plural(swept.Held, "study is", "studies are"))
		}
		return err
	})
}

// retainEvery is how often a server looks for what is due. Rules are in days.
const retainEvery = time.Hour

// retain removes what is due until it is told to stop.
func (in *installation) retain(ctx context.Context, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(retainEvery)
		defer tick.Stop()
		for {
			var swept survey.Swept
			var err error
			if !in.paused() {
				swept, err = in.cases.Retentions.Sweep(ctx, survey.SystemActor("retention"), nil)
			}
			if err != nil && ctx.Err() == nil {
				log.Error("what is due is not removed yet", "error", err)
			}
			if swept.Rows > 0 {
				log.Info("removed what was kept long enough", "rows", swept.Rows)
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
