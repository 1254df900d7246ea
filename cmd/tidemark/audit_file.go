package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tidemark/survey"
	"tidemark/survey/export"
)

type auditExportCmd struct {
	Config
	Study  string `arg:"" optional:"" help:"Key of one study (default: all, and the installation)."`
	Format string `enum:"csv,jsonl" default:"jsonl" help:"csv or jsonl (default: ${default})."`
	Out    string `short:"o" placeholder:"FILE" help:"File to write to (default: standard output)."`
}

// Help is shown under the command's flags.
func (auditExportCmd) Help() string {
	return `Writes every line from the first to the last with all that its hash is made of, so
that whoever has the file can check it without this installation: by tidemark audit
verify --file, or by a few lines of their own (docs/audit.md). That it was taken is a
line of the trail.

Example:
  tidemark audit export learning-from-setbacks --format csv -o trail.csv`
}

// Run writes the trail.
func (c auditExportCmd) Run(ctx context.Context, p *program) error {
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
		return p.into(c.Out, func(w io.Writer) error {
			return export.Chains(ctx, in.cases.Audits, operator(), only, c.Format == "jsonl", w)
		})
	})
}

// verifyFile checks an exported trail. It opens no database: whoever was given the file
// need not have one.
func (c auditVerifyCmd) verifyFile(p *program) error {
	if len(c.Heads) > 0 && len(c.Keys) == 0 {
		return misuse("to compare a file with signed heads, give the public key of the installation they are from: --key HEX, as tidemark audit key prints it there")
	}
	lines, err := readTrailFrom(p, c.File)
	if err != nil {
		return err
	}
	var heads []survey.AuditHead
	if len(c.Heads) > 0 {
		if heads, err = c.heads(p); err != nil {
			return err
		}
	}
	reports := survey.VerifyAuditFile(lines, heads, c.Keys)
	names := map[survey.StudyID]string{"": "the installation"}
	if err := c.tell(p, reports, names, "study "); err != nil {
		return err
	}
	return tellAbsent(p.stdout, reports, heads, names)
}

// tellAbsent names the chains that heads tell of and the file does not have: it may have
// been taken of one study alone.
func tellAbsent(w io.Writer, reports []survey.AuditReport, heads []survey.AuditHead, names map[survey.StudyID]string) error {
	told := map[survey.StudyID]bool{}
	for i := range reports {
		told[reports[i].Chain.StudyID] = true
	}
	for _, h := range heads {
		if told[h.StudyID] {
			continue
		}
		told[h.StudyID] = true
		name := cmp.Or(names[h.StudyID], "study "+string(h.StudyID))
		if _, err := fmt.Fprintf(w, "No line of %s is in the file; a signed head says that there were %d\n", name, h.Seq); err != nil {
			return err
		}
	}
	return nil
}

func readTrailFrom(p *program, name string) ([]survey.ChainedEvent, error) {
	in := p.stdin
	if name != "-" {
		file, err := os.Open(name) //nolint:gosec // the reader's own path
		if err != nil {
			return nil, err
		}
		lines, err := export.ReadTrail(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return lines, nil
	}
	return export.ReadTrail(in)
}

// tell writes what was found of each chain, and is an error if anything was. other is put
// before the identifier of a study without a name.
func (c auditVerifyCmd) tell(p *program, reports []survey.AuditReport, names map[survey.StudyID]string, other string) error {
	faults, heads := 0, 0
	var b strings.Builder
	for i := range reports {
		tellReport(&b, &reports[i], names, other)
		faults += reports[i].Chain.Faults
		heads += reports[i].Heads
	}
	if heads == 0 && faults == 0 {
		b.WriteString("No signed head was there to compare with: lines cut off at the end would not show.\n")
	}
	if _, err := io.WriteString(p.stdout, b.String()); err != nil {
		return err
	}
	if faults > 0 {
		return fmt.Errorf("%w: %d %s", errTrailBroken, faults, plural(faults, "fault", "faults"))
	}
	return nil
}
