package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"tidemark/survey"
	"tidemark/survey/export"
)

type exportCmd struct {
	Config
	Study string `required:"" placeholder:"KEY" help:"Key of the study."`
	What  string `enum:"long,wide,scores,texts,practice,reflections,codebook" default:"long" help:"long: one row an answer; wide: one row a person; scores: one row a score; texts: one row an answer in the person's own words, which are in no other file; practice: one row a practice at home; reflections: what people wrote and share; codebook: what the columns mean (default: ${default})."`
	From  int    `name:"snapshot" placeholder:"N" help:"Number of the snapshot to read (default: the data as they are now)."`
	Out   string `placeholder:"FILE" help:"Where to write (default: standard output). It appears only once it is whole."`
}

// Help is shown under the command's flags.
func (exportCmd) Help() string {
	return `People appear under their codes; names and addresses are never exported. Each
export is noted in the audit trail.

Examples:
  tidemark export --study learning-from-setbacks --what wide --out wide.csv
  tidemark export --study learning-from-setbacks --what wide --snapshot 1
  tidemark export --study learning-from-setbacks --what codebook --out codebook.csv
  tidemark export --study learning-from-setbacks --what scores | head`
}

// frugalGC is how much the heap may grow between collections, in per cent.
const frugalGC = 25

// Run writes the export and says how many rows it has.
func (c exportCmd) Run(ctx context.Context, p *program) error {
	if c.From != 0 && (c.What == "practice" || c.What == "reflections") {
		return misuse("a snapshot holds no %s; leave --snapshot out to read the data as they are now", c.What)
	}
	// A stream keeps next to nothing: collected four times as often, its heap
	// stays at 1 MB in place of 4.
	defer debug.SetGCPercent(debug.SetGCPercent(frugalGC))
	c.frugal = true
	return p.on(ctx, c.Config, func(in *installation) error {
		study, err := in.study(ctx, c.Study)
		if err != nil {
			return err
		}
		var data survey.DataReader = in.store
		detail := c.What
		if c.From != 0 {
			if data, err = in.cases.Snapshots.Open(ctx, operator(), study.ID, c.From); err != nil {
				return err
			}
			detail = fmt.Sprintf("%s, snapshot %d", c.What, c.From)
		}
		// Noted first: nothing leaves without a line in the trail.
		if err := in.cases.Studies.NoteUse(ctx, operator(), study.ID, survey.ActionExported, detail); err != nil {
			return err
		}
		rows := &rowCounter{}
		err = p.into(c.Out, func(w io.Writer) error {
			buffered := bufio.NewWriterSize(io.MultiWriter(w, rows), 64<<10)
			if err := c.write(ctx, in, data, study.ID, buffered); err != nil {
				return err
			}
			return buffered.Flush()
		})
		if err != nil {
			return fmt.Errorf("export %s of study %s: %w", c.What, study.Key, err)
		}
		p.say("%d rows\n", max(rows.n-1, 0)) // less the header
		return nil
	})
}

// write writes the file that was asked for.
func (c exportCmd) write(ctx context.Context, in *installation, data survey.DataReader, study survey.StudyID, w io.Writer) error {
	switch c.What {
	case "practice":
		return export.Practice(ctx, in.store, operator(), study, w)
	case "reflections":
		return export.Reflections(ctx, in.store, in.cases.Notes, operator(), study, w)
	}
	return map[string]func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, io.Writer) error{
		"long": export.Long, "wide": export.Wide, "scores": export.Scores, "texts": export.Texts, "codebook": export.Codebook,
	}[c.What](ctx, data, operator(), study, w)
}

// rowCounter counts the records of CSV that passes by: line ends outside of
// quotes.
type rowCounter struct {
	n      int
	quoted bool
}

// Write never fails.
func (r *rowCounter) Write(b []byte) (int, error) {
	for _, c := range b {
		switch {
		case c == '"':
			r.quoted = !r.quoted
		case c == '\n' && !r.quoted:
			r.n++
		}
	}
	return len(b), nil
}
