package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"tidemark/survey"
)

type adminOwnDataCmd struct {
	Config
	Study string `required:"" placeholder:"KEY" help:"Key of the study."`
	Code  string `arg:"" help:"Participant code, as P-7KQ2."`
	Out   string `placeholder:"FILE" help:"Where to write (default: standard output). It appears only once it is whole."`
}

// Help is shown under the command's flags.
func (adminOwnDataCmd) Help() string {
	return `For a person who asks for a copy of what is stored of them and can take it neither
on their own device nor with a code sent to their address. Make sure first that it is
they who ask. What they wrote for themselves is left out: nobody else reads that. The
copy is noted in the audit trail.

Example:
  tidemark admin own-data --study learning-from-setbacks P-7KQ2 --out copy.json`
}

// Run writes the copy.
func (c adminOwnDataCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		study, err := in.study(ctx, c.Study)
		if err != nil {
			return err
		}
		doc, err := in.cases.OwnData.CopyFor(ctx, operator(), study.ID, c.Code)
		if errors.Is(err, survey.ErrNotFound) {
			return fmt.Errorf("nobody in study %s has the code %q", study.Key, c.Code)
		}
		if err != nil {
			return err
		}
		return p.into(c.Out, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			return e.Encode(doc)
		})
	})
}

type adminReplayCmd struct {
	Config
	File string `arg:"" optional:"" help:"File of tombstones (default: the one beside the database)."`
}

// Help is shown under the command's flags.
func (adminReplayCmd) Help() string {
	return `When an older copy of the database is put back, people who had their data erased
since are in it again. This does their erasures once more, from the file of tombstones
that tidemark serve keeps beside a SQLite database (its name with .erased) or where
--erasures-file says. tidemark serve does the same when it starts; this command is for
a file from elsewhere, or for doing it before anything else.

Example:
  tidemark admin replay-erasures`
}

// Run erases again.
func (c adminReplayCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		if c.File == "" {
			if in.tombstones == nil {
				return misuse("name the file of tombstones: there is none beside a PostgreSQL database unless --erasures-file says where")
			}
			n, err := in.agree(ctx)
			if err != nil {
				return err
			}
			return p.saidErased(n)
		}
		file, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("read tombstones: %w", err)
		}
		erasures, err := readTombstones(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		n, err := in.cases.Erasures.Replay(ctx, operator(), erasures)
		if err != nil {
			return err
		}
		return p.saidErased(n)
	})
}

func (p *program) saidErased(n int) error {
	who := "nobody had to be erased again"
	if n == 1 {
		who = "erased 1 person again"
	} else if n > 1 {
		who = fmt.Sprintf("erased %d people again", n)
	}
	_, err := fmt.Fprintln(p.stdout, who)
	return err
}

type studyErasureCmd struct {
	Config
	Key    string `arg:"" help:"Key of the study."`
	Policy string `arg:"" enum:"allowed,until_analysis,never" help:"allowed, until_analysis or never."`
}

// Help is shown under the command's flags.
func (studyErasureCmd) Help() string {
	return `Says whether people who leave may have erased what they gave: at any time (allowed,
what a study begins with), until data are frozen under a locked analysis plan
(until_analysis), or not at all (never). Only a draft can be changed, and its consent
text must say so.`
}

// Run sets the policy of a draft.
func (c studyErasureCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		s, err := in.study(ctx, c.Key)
		if err != nil {
			return err
		}
		err = in.cases.Erasures.SetPolicy(ctx, operator(), s.ID, survey.ErasurePolicy(c.Policy))
		if errors.Is(err, survey.ErrConflict) {
			return fmt.Errorf("study %s is %s; what may be erased is said before it opens", s.Key, s.State)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "study %s: erasure %s\n", s.Key, c.Policy)
		return err
	})
}
