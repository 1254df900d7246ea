package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tidemark/survey"
	"tidemark/survey/export"
)

// auditCmd is what somebody does who wants to know whether the audit trail can be
// believed.
type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check that no line of the audit trail was edited, removed, moved or put in."`
	Export auditExportCmd `cmd:"" help:"Write the audit trail as a file that can be checked by itself."`
	Head   auditHeadCmd   `cmd:"" help:"Print where the chains end now, signed."`
	Key    auditKeyCmd    `cmd:"" help:"Print the public key of the signatures."`
}

// auditVerifyCmd has exit code 1 when something is found.
type auditVerifyCmd struct {
	Config
	Study string   `arg:"" optional:"" help:"Key of one study (default: all, and the installation)."`
	Heads []string `placeholder:"FILE" help:"File of signed heads, - for standard input; may be given more than once (default: the one of --audit-heads, if it is there)."`
	File  string   `placeholder:"FILE" help:"Check an exported trail instead of a database, - for standard input; heads then need --key."`
	Keys  []string `name:"key" placeholder:"HEX" help:"Public key of a secret that the installation had before; may be given more than once."`
}

// Help is shown under the command's flags.
func (auditVerifyCmd) Help() string {
	return `Reads the whole trail and works out every hash. A change before the end shows by
itself. That lines were cut off at the end, or that somebody who rules the database
wrote everything anew, shows only by signed heads that were kept somewhere else:
give the file, or the letters, with --heads.

Exit code 0: nothing was found. 1: something was, or could not be read.

Examples:
  tidemark audit verify
  tidemark audit verify learning-from-setbacks --heads /mnt/elsewhere/tidemark.heads
  tidemark audit verify --file trail.csv --heads letter.eml --key 5f0c…`
}

// errTrailBroken: the trail is not as it was written.
var errTrailBroken = errors.New("the audit trail is not as it was written")

// Run checks and tells.
func (c auditVerifyCmd) Run(ctx context.Context, p *program) error {
	if c.File != "" {
		return c.verifyFile(p)
	}
	in, err := p.open(ctx, c.Config)
	if err != nil {
		return err
	}
	// Nothing is sealed first: what waits is part of what is to be seen.
	return in.close(c.verify(ctx, p, in))
}

func (c auditVerifyCmd) verify(ctx context.Context, p *program, in *installation) error {
	v := survey.AuditVerification{Keys: c.Keys}
	var err error
	if v.Heads, err = c.heads(p); err != nil {
		return err
	}
	studies, err := in.cases.Studies.List(ctx, operator())
	if err != nil {
		return err
	}
	if c.Study != "" {
		study, err := in.study(ctx, c.Study)
		if err != nil {
			return err
		}
		v.Only = &study.ID
	}
	reports, err := in.cases.Audits.Verify(ctx, operator(), v)
	if err != nil {
		return err
	}
	keys := map[survey.StudyID]string{"": "the installation"}
	for _, s := range studies {
		keys[s.ID] = "study " + s.Key
	}
	return c.tell(p, reports, keys, "study that is not in the database, ")
}

// heads reads the files that were named, or the installation's own.
func (c auditVerifyCmd) heads(p *program) ([]survey.AuditHead, error) {
	if len(c.Heads) == 0 {
		if c.headsFile() == "" {
			return nil, nil
		}
		return headsFile{c.headsFile()}.read()
	}
	var all []survey.AuditHead
	for _, name := range c.Heads {
		heads, err := readHeadsFrom(p, name)
		if err != nil {
			return nil, err
		}
		if len(heads) == 0 {
			return nil, fmt.Errorf("%s holds no head of an audit trail", name)
		}
		all = append(all, heads...)
	}
	return all, nil
}

func readHeadsFrom(p *program, name string) ([]survey.AuditHead, error) {
	if name == "-" {
		return export.ReadHeads(p.stdin)
	}
	file, err := os.Open(name) //nolint:gosec // the administrator's own path
	if err != nil {
		return nil, err
	}
	heads, err := export.ReadHeads(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return heads, nil
}

// tellReport writes what was found of a chain.
func tellReport(w io.Writer, r *survey.AuditReport, names map[survey.StudyID]string, other string) {
	name, ok := names[r.Chain.StudyID]
	if !ok {
		name = other + string(r.Chain.StudyID)
	}
	state := "whole"
	if !r.Whole() {
		state = fmt.Sprintf("NOT AS IT WAS WRITTEN, %d %s", r.Chain.Faults, plural(r.Chain.Faults, "fault", "faults"))
	}
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) } // into memory
	say("%s: %d %s, %s", name, r.Lines, plural(int(r.Lines), "line", "lines"), state)
	if r.Heads > 0 {
		say("; %d signed %s", r.Heads, plural(r.Heads, "head fits", "heads fit"))
	}
	say("\n")
	for _, f := range r.Faults {
		say("  - %s\n", f.Words)
	}
	if more := r.Chain.Faults - len(r.Faults); more > 0 {
		say("  - and %d more\n", more)
	}
	if r.Erased > 0 {
		say("  %d %s erased along with %s\n", r.Erased, plural(r.Erased, "text was", "texts were"), plural(r.Erased, "its person", "their people"))
	}
	if r.Untold > 0 {
		say("  %d %s not in the file: erased, or withheld from whoever took it\n", r.Untold, plural(r.Untold, "text is", "texts are"))
	}
	if r.Late > 0 {
		say("  %d %s an hour or more after the time in it: no server ran then, or it was put in by hand\n",
			r.Late, plural(r.Late, "line got its place", "lines got their places"))
	}
	if r.Waiting > 0 {
		say("  %d %s a place", r.Waiting, plural(r.Waiting, "line waits for", "lines wait for"))
		if !r.WaitingSince.IsZero() {
			say(", the earliest since %s", r.WaitingSince.Format(time.RFC3339))
		}
		say("\n")
	}
}

type auditHeadCmd struct {
	Config
	Study string `arg:"" optional:"" help:"Key of one study (default: all, and the installation)."`
}

// Help is shown under the command's flags.
func (auditHeadCmd) Help() string {
	return `Prints a line for each chain, with its number of lines, the hash of the last and a
signature. Keep it where nobody can change both it and the database: on another
machine, in a mailbox, on paper. tidemark serve --audit-heads FILE does so every day.

Example, in a crontab that mails what is printed:
  55 23 * * *  tidemark audit head --database /var/lib/tidemark/tidemark.db`
}

// Run prints the heads.
func (c auditHeadCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		if _, err := in.cases.Audits.Seal(ctx, trailKeeper()); err != nil {
			return err
		}
		var only *survey.StudyID
		if c.Study != "" {
			study, err := in.study(ctx, c.Study)
			if err != nil {
				return err
			}
			only = &study.ID
		}
		heads, err := in.cases.Audits.Heads(ctx, operator(), only)
		if err != nil {
			return err
		}
		return export.WriteHeads(p.stdout, heads)
	})
}

type auditKeyCmd struct{ Config }

// Help is shown under the command's flags.
func (auditKeyCmd) Help() string {
	return `The key that signs is made from the installation's secret, so every server has it and
it is backed up along with the secret. Print the public one once and keep it with the
study's papers: with it anybody can check the signatures.`
}

// Run prints the public key.
func (c auditKeyCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		_, err := fmt.Fprintln(p.stdout, in.keys.AuditKey())
		return err
	})
}
