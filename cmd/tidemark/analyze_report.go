package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"tidemark/survey/plan"
	"tidemark/survey/report/filedata"
	"tidemark/survey/report/paper"
	"tidemark/survey/report/sheet"
)

// report makes the whole report on a file.
func (c *analyzeCmd) report(ctx context.Context, p *program) error {
	if err := c.checkFiles(); err != nil {
		return err
	}
	planned, err := c.readPlan()
	if err != nil {
		return err
	}
	book, err := c.readCodebook()
	if err != nil {
		return err
	}
	file, err := c.readFile(p, book, planned)
	if err != nil {
		return err
	}
	follow, err := c.follow(file, planned)
	if err != nil {
		return err
	}
	if c.PlanTemplate {
		return p.into(c.Out, follow.WriteJSON)
	}
	whole, err := c.analyse(ctx, p, file, follow, planned != nil)
	if err != nil {
		return err
	}
	for _, w := range file.Warnings {
		p.say("tidemark: warning: %s\n", w)
	}
	return whole.deliver(ctx, p, c)
}

// checkFiles finds what cannot be written before anything is computed.
func (c *analyzeCmd) checkFiles() error {
	if c.PlanTemplate && c.Plan != "" {
		return misuse("--plan-template writes a plan; --plan reads one")
	}
	if c.PlanLocked != "" {
		if c.Plan == "" {
			return misuse("--plan-locked needs --plan: the plan that was registered")
		}
		if _, err := time.Parse(time.DateOnly, c.PlanLocked); err != nil {
			return misuse("--plan-locked must be a day, as 2026-03-01")
		}
	}
	return nil
}

func (c *analyzeCmd) readPlan() (*plan.Plan, error) {
	if c.Plan == "" {
		return nil, nil //nolint:nilnil // no plan is no fault
	}
	data, err := os.ReadFile(c.Plan)
	if err != nil {
		return nil, err
	}
	p, err := plan.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Plan, err)
	}
	return &p, nil
}

func (c *analyzeCmd) readCodebook() (*filedata.Codebook, error) {
	if c.Codebook == "" {
		return nil, nil //nolint:nilnil // no codebook is no fault
	}
	f, err := os.Open(c.Codebook)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := sheet.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Codebook, err)
	}
	book, err := filedata.ReadCodebook(s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Codebook, err)
	}
	return book, nil
}

// readFile reads the data by the flags, the codebook and the plan.
func (c *analyzeCmd) readFile(p *program, book *filedata.Codebook, planned *plan.Plan) (*filedata.File, error) {
	in := p.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	s, err := sheet.Read(in)
	if err != nil {
		return nil, c.wrongFile(err)
	}
	spec, err := c.spec(s, book, planned)
	if err != nil {
		return nil, err
	}
	file, err := filedata.Read(s, spec)
	if err != nil {
		return nil, c.wrongFile(err)
	}
	return file, nil
}

// follow is the plan that is followed: the one given, or the defaults, with what
// the flags add.
func (c *analyzeCmd) follow(file *filedata.File, planned *plan.Plan) (plan.Plan, error) {
	p := file.Plan()
	if planned != nil {
		p = *planned
	} else {
		p.Alpha = 1 - c.Level
		for _, name := range c.Covariate {
			p.Covariates = append(p.Covariates, plan.Covariate{Kind: plan.CovariateColumn, Key: name})
		}
	}
	for i := range file.Data.Measures {
		key := file.Data.Measures[i].Scale.Key
		facts, err := c.factsOf(key)
		if err != nil {
			return p, err
		}
		if facts.known() {
			filedata.SetFacts(&p, key, facts.planned())
		}
	}
	if planned == nil && len(p.Primary) == 0 { // one wave: nothing can be planned
		return p, nil
	}
	if err := file.CheckPlan(p); err != nil {
		return p, fmt.Errorf("%s: %w", c.source(), err)
	}
	return p, nil
}

// planUsed says how the results stand to the plan.
func (c *analyzeCmd) planUsed(p plan.Plan, given bool) paper.PlanUsed {
	used := paper.PlanUsed{Content: p, Standing: "No analysis plan was given; the analysis follows the defaults, and all results are exploratory."}
	if !given {
		return used
	}
	used.Hash = p.Hash()
	used.Standing = "The analysis follows the plan in a file. When it was written is not known, so all results count as exploratory."
	if day, err := time.Parse(time.DateOnly, c.PlanLocked); err == nil {
		used.Version, used.LockedAt = 1, day
		used.Standing = "The analysis follows a plan in a file, registered on " + day.Format("2 January 2006") + " as the analyst says."
	}
	return used
}

// analyse makes the report, and tells how far it is where somebody watches.
func (c *analyzeCmd) analyse(ctx context.Context, p *program, file *filedata.File, follow plan.Plan, given bool) (*wholeReport, error) {
	progress, done := p.watched()
	minimum := -1
	if c.HideBelow > 0 {
		minimum = c.HideBelow
	}
	made, err := paper.Build(ctx, file.Data, paper.Options{
		Plan: c.planUsed(follow, given), Minimum: minimum, Version: readBuild().short(), Now: p.now().UTC().Truncate(time.Second), Progress: progress,
	})
	done()
	if errors.Is(err, context.Canceled) {
		return nil, errors.New("stopped; nothing was written")
	}
	if err != nil {
		return nil, err
	}
	details := &filedata.Details{}
	if c.HideBelow == 0 { // details hide nothing
		if details, err = file.Describe(ctx, made); err != nil {
			return nil, err
		}
	}
	return &wholeReport{
		Schema: "tidemark.file-report/1", File: c.source(), Warnings: slices.Clip(file.Warnings), Notes: file.Notes, Paper: made, Details: details, data: file.Data,
		language: c.Language,
	}, nil
}

// watched tells on a terminal how much is done; done takes the line away.
func (p *program) watched() (tell func(done, all int), done func()) {
	f, ok := p.stderr.(*os.File)
	if !ok {
		return nil, func() {}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil, func() {}
	}
	return func(done, all int) { p.say("\r%d of %d parts of this step done   ", done, all) }, func() { p.say("\r%40s\r", "") }
}

// writeTo makes a file in a folder.
func (p *program) writeTo(path string, write func(io.Writer) error) error {
	if err := p.into(path, write); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
