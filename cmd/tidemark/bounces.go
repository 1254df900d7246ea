package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"tidemark/mail"
	"tidemark/survey"
)

type bouncesCmd struct {
	Config
	From string `arg:"" placeholder:"FOLDER" help:"A Maildir, a folder with one mail in each file, or - for one mail on standard input."`
}

// Help is shown under the command's flags.
func (bouncesCmd) Help() string {
	return `A mail server may take a letter and find later that it cannot deliver it. It then
sends a report to the letter's return address. Name one with --mail-return when you
serve: each letter gets its own, as bounces+NAME@example.org, so that the report tells
which letter it is about. This command reads such reports (RFC 3464). When an address
takes no letters, none is tried again until somebody corrects it, and the run's board
says so.

Of a Maildir the new mails are read, and marked as seen. Of another folder all are read
and left alone: reading them again changes nothing.

Examples:
  tidemark bounces ~/Maildir
  tidemark bounces - <report.eml
  In /etc/aliases:  bounces: "|/usr/local/bin/tidemark bounces --database /srv/tidemark.db -"`
}

// bounceCount is what a reading came to.
type bounceCount struct{ gone, failed, trying, others, unknown, early int }

// Run reads the reports.
func (c bouncesCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		var n bounceCount
		var err error
		if c.From == "-" {
			_, err = n.read(ctx, in, p.stdin)
		} else {
			err = n.folder(ctx, in, c.From)
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprint(p.stdout, n.words()); err != nil {
			return err
		}
		if n.early > 0 && c.From == "-" {
			return errors.New("the letter is being sent just now; give its report again in a minute")
		}
		return nil
	})
}

func (n bounceCount) words() string {
	var b strings.Builder
	for _, line := range []struct {
		count int
		words string
	}{
		{n.gone, "came back because the address takes no letters"},
		{n.failed, "came back for another reason, as a full mailbox"},
		{n.trying, "delivered, or still being tried"},
		{n.unknown, "about no letter of this installation"},
		{n.others, "no report about a letter"},
		{n.early, "about a letter that is being sent just now, left for the next time"},
	} {
		if line.count > 0 {
			fmt.Fprintf(&b, "%d %s\n", line.count, line.words)
		}
	}
	if b.Len() == 0 {
		return "no mails\n"
	}
	return b.String()
}

// folder reads a folder's mails. Those of a Maildir are new ones, and seen then.
func (n *bounceCount) folder(ctx context.Context, in *installation, path string) error {
	from, seen := path, ""
	if s, err := os.Stat(filepath.Join(path, "new")); err == nil && s.IsDir() {
		from, seen = filepath.Join(path, "new"), filepath.Join(path, "cur")
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return fmt.Errorf("read the mails: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if err := n.file(ctx, in, filepath.Join(from, e.Name()), seen); err != nil {
			return err
		}
	}
	return nil
}

func (n *bounceCount) file(ctx context.Context, in *installation, path, seen string) error {
	file, err := os.Open(path) //nolint:gosec // the administrator's own folder
	if err != nil {
		return fmt.Errorf("read a mail: %w", err)
	}
	done, err := n.read(ctx, in, file)
	if err = errors.Join(err, file.Close()); err != nil || !done || seen == "" {
		return err
	}
	if err := os.Rename(path, filepath.Join(seen, filepath.Base(path)+":2,S")); err != nil {
		return fmt.Errorf("mark a mail as seen: %w", err)
	}
	return nil
}

// read notes what one mail says; done: it need not be read again.
func (n *bounceCount) read(ctx context.Context, in *installation, r io.Reader) (done bool, err error) {
	report, err := mail.ReadReturned(r)
	switch {
	case errors.Is(err, mail.ErrStillTrying):
		n.trying++
		return true, nil
	case errors.Is(err, mail.ErrNoReport):
		n.others++
		return true, nil
	case err != nil:
		return false, err
	}
	switch err := in.cases.Outbox.Return(ctx, operator(), report); {
	case errors.Is(err, survey.ErrNotFound):
		n.unknown++
	case errors.Is(err, survey.ErrConflict):
		n.early++
		return false, nil
	case err != nil:
		return false, err
	case report.Gone:
		n.gone++
	default:
		n.failed++
	}
	return true, nil
}
