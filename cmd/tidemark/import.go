package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey"
)

type importCmd struct {
	File importFileCmd `cmd:"" default:"withargs" help:"Bring past answers in from a CSV or SPSS file."`
	List importListCmd `cmd:"" help:"List what was brought into a study."`
	Undo importUndoCmd `cmd:"" help:"Take a whole import back."`
}

type importFileCmd struct {
	Config
	Study    string    `arg:"" placeholder:"STUDY" help:"Key of the study."`
	File     string    `arg:"" placeholder:"FILE" help:"CSV file, or .sav or .zsav of SPSS."`
	Map      string    `placeholder:"FILE" help:"CSV file with the columns \"column\" and \"target\" that says what the columns are (default: they are recognised; see --write-map)."`
	WriteMap string    `placeholder:"FILE" help:"Write what was recognised to a file for --map, and stop."`
	Missing  []float64 `placeholder:"N" help:"Number that stands for no answer, as 99 or --missing=-99; may be repeated. Where a question offers it, it is an answer."`
	Existing string    `enum:"keep,fill,overwrite" default:"keep" help:"What happens where there are answers: keep leaves a questionnaire with answers as it is, fill answers its open questions, overwrite replaces answers that differ. Former answers stay in their history, and an empty cell takes nothing away (default: ${default})."`
	Reason   string    `placeholder:"TEXT" help:"Why answers are replaced; needed when any are."`
	Date     string    `placeholder:"YYYY-MM-DD" help:"When answers were given where the file does not say."`
	Days     string    `enum:",dmy,mdy" default:"" placeholder:"dmy|mdy" help:"Order of days such as 3/4/2024 (default: found out from those that can be read in one way alone)."`
	Create   bool      `help:"Bring in people whose codes are not known, by code alone, without names or addresses."`
	Arm      string    `placeholder:"KEY" help:"Arm of new people whose row does not say."`
	Into     string    `name:"run" placeholder:"NAME" help:"Course run of new people whose row does not say."`
	DryRun   bool      `help:"Look the file through and write nothing."`
	Yes      bool      `help:"Do not ask. Says as well that the people have agreed to take part, here, on paper or elsewhere."`
}

// Help is shown under the command's flags.
func (importFileCmd) Help() string {
	return `Everything is looked through first; then all of the file is written, or nothing. The
checks are those of the page. Our own long and wide files, CSV and SPSS, are
recognised as they are.

Examples:
  tidemark import learning-from-setbacks wave1.sav --dry-run
  tidemark import learning-from-setbacks wave1.csv --write-map map.csv
  tidemark import learning-from-setbacks wave1.csv --map map.csv --missing=-99 --create --arm course --run "Spring"
  tidemark import list learning-from-setbacks
  tidemark import undo learning-from-setbacks/3`
}

// errFaulty: the file has faults, which were listed.
var errFaulty = errors.New("nothing was written")

// Run looks the file through, and writes it.
func (c importFileCmd) Run(ctx context.Context, p *program) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	f := survey.NewImport{FileName: filepath.Base(c.File), Data: data}
	return p.on(ctx, c.Config, func(in *installation) error {
		study, err := in.study(ctx, c.Study)
		if err != nil {
			return err
		}
		settings, err := c.settings(ctx, in, study)
		if err != nil {
			return err
		}
		look, err := in.cases.Imports.Look(ctx, operator(), study.ID, f, settings)
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		if c.Map != "" {
			if settings.Columns, err = readMap(c.Map, look.Table); err != nil {
				return err
			}
			if look, err = in.cases.Imports.Look(ctx, operator(), study.ID, f, settings); err != nil {
				return fmt.Errorf("%s: %w", c.File, err)
			}
		}
		if c.WriteMap != "" {
			return p.writeMap(c.WriteMap, look)
		}
		p.describe(look)
		return c.write(ctx, p, in, study, f, settings, look)
	})
}

// settings are what the flags say.
func (c importFileCmd) settings(ctx context.Context, in *installation, study survey.Study) (survey.ImportSettings, error) {
	s := survey.ImportSettings{
		Missing: c.Missing, Days: c.Days, Date: c.Date, Create: c.Create, Arm: c.Arm, Existing: survey.Existing(c.Existing),
	}
	if c.Into == "" {
		return s, nil
	}
	runs, err := in.store.Runs(ctx, study.ID)
	if err != nil {
		return s, err
	}
	var names []string
	for id, name := range survey.RunNames(runs) {
		if name == c.Into || string(id) == c.Into {
			s.Run = id
			return s, nil
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return s, misuse("study %s has no run %q; its runs are: %s", study.Key, c.Into, strings.Join(names, ", "))
}

func (c importFileCmd) write(ctx context.Context, p *program, in *installation, study survey.Study, f survey.NewImport, settings survey.ImportSettings, look survey.ImportPreview) error {
	switch {
	case look.Result.Faulty > 0:
		return fmt.Errorf("%s has %d faults: %w", c.File, look.Result.Faulty, errFaulty)
	case !look.Ready():
		p.say("There is nothing in it that is not there already.\n")
		return nil
	case c.DryRun:
		p.say("Nothing was written (--dry-run).\n")
		return nil
	case look.Counts.Replaced > 0 && strings.TrimSpace(c.Reason) == "":
		return misuse("%d answers would be replaced; say why with --reason", look.Counts.Replaced)
	case !c.Yes && !p.confirm("Write all of it? The people have agreed to take part, here, on paper or elsewhere. [y/N] "):
		return fmt.Errorf("%w: not confirmed (--yes writes without asking)", errFaulty)
	}
	told := 0
	b, err := in.cases.Imports.Bring(ctx, operator(), study.ID, f, settings, survey.ApplyImport{
		Reason: c.Reason, Agreed: true,
		Progress: func(done, all int) {
			if percent := 100 * done / all; percent >= told+10 || done == all {
				told = percent
				p.say("%3d %% (%d of %d questionnaires)\n", percent, done, all)
			}
		},
	})
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	p.say("Written. To take it back: tidemark import undo %s/%d\n", study.Key, b.Number)
	_, err = fmt.Fprintf(p.stdout, "%s/%d\n", study.Key, b.Number)
	return err
}

// confirm asks a question that can be answered with yes.
func (p *program) confirm(question string) bool {
	p.say("%s", question)
	line, err := bufio.NewReader(p.stdin).ReadString('\n')
	if err != nil && line == "" {
		p.say("\n")
		return false
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes"
}

type importListCmd struct {
	Config
	Study string `arg:"" placeholder:"STUDY" help:"Key of the study."`
}

// Run lists the batches of a study.
func (c importListCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		study, err := in.study(ctx, c.Study)
		if err != nil {
			return err
		}
		batches, err := in.cases.Imports.List(ctx, operator(), study.ID)
		if err != nil {
			return err
		}
		for _, b := range batches {
			_, err := fmt.Fprintf(p.stdout, "%s/%d\t%s\t%s\t%s\t%d questionnaires, %d people\t%s\n", study.Key, b.Number, b.State, b.Source,
				b.MadeAt.Format("2006-01-02 15:04"), b.Counts.Questionnaires, b.Counts.People, b.FileName)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

type importUndoCmd struct {
	Config
	Batch string `arg:"" placeholder:"STUDY/NUMBER" help:"The import, as its writing has said and tidemark import list shows."`
}

// Run takes a batch back.
func (c importUndoCmd) Run(ctx context.Context, p *program) error {
	key, text, _ := strings.Cut(c.Batch, "/")
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return misuse("%q is no import; write it as learning-from-setbacks/3", c.Batch)
	}
	return p.on(ctx, c.Config, func(in *installation) error {
		study, err := in.study(ctx, key)
		if err != nil {
			return err
		}
		batches, err := in.cases.Imports.List(ctx, operator(), study.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(batches, func(b survey.ImportBatch) bool { return b.Number == number })
		if i < 0 {
			return fmt.Errorf("there is no import %s; tidemark import list %s shows them", c.Batch, key)
		}
		if state := batches[i].State; state != survey.ImportApplied {
			return fmt.Errorf("import %s cannot be taken back: it is %s", c.Batch, map[survey.ImportState]string{
				survey.ImportDraft: "not written yet", survey.ImportUndone: "taken back already",
			}[state])
		}
		b, err := in.cases.Imports.Undo(ctx, operator(), study.ID, batches[i].ID, "")
		if blocked, ok := errors.AsType[*survey.UndoBlockedError](err); ok {
			p.say("Changed since, so that nothing was taken back:\n  %s\n", strings.Join(blocked.What, "\n  "))
			return fmt.Errorf("import %s: %d things were changed since", c.Batch, blocked.All)
		}
		if err != nil {
			return err
		}
		p.say("Taken back: %d questionnaires, %d people\n", b.Counts.Questionnaires, b.Counts.People)
		return nil
	})
}
