package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"tidemark/survey"
)

type adminStudyCmd struct {
	Create  studyCreateCmd  `cmd:"" help:"Make a study from a template."`
	Safety  studySafetyCmd  `cmd:"" help:"Declare how a study looks after its people."`
	Open    studyOpenCmd    `cmd:"" help:"Let a study take answers."`
	List    studyListCmd    `cmd:"" help:"List the studies."`
	Erasure studyErasureCmd `cmd:"" help:"Say what people of a draft study may have erased."`
}

type studyCreateCmd struct {
	Config
	Template     string `default:"learning_from_setbacks_8" placeholder:"KEY" help:"Template to follow (default: ${default})."`
	Title        string `help:"Title (default: the template's)."`
	Key          string `help:"Short name in addresses and file names (default: made from the title)."`
	TimeZone     string `default:"UTC" placeholder:"ZONE" help:"Time zone of its course runs, as Europe/London (default: ${default})."`
	Team         string `placeholder:"WHO" help:"Who runs the study, for the text that people agree to."`
	Contact      string `placeholder:"HOW" help:"How to reach them: name, e-mail address, phone number."`
	Ethics       string `placeholder:"BOARD" help:"The ethics board that approved, with number and date."`
	TrendMinimum int    `default:"10" placeholder:"N" help:"Fewest answers behind a group figure shown to facilitators, at least 5 (default: ${default})."`
}

// Help is shown under the command's flags.
func (studyCreateCmd) Help() string {
	var text strings.Builder
	text.WriteString("Templates:\n")
	for _, p := range survey.Protocols() {
		text.WriteString("  " + p.Key + "\n      " + p.Summary + "\n")
	}
	return text.String() + `
Without --team, --contact and --ethics the text that people agree to stays a
draft with blanks, to be filled in on the study's page before it can be opened.

Example:
  tidemark admin study create --title "Learning from setbacks" --time-zone Europe/London \
    --team "Dr Ines Falk, Harbour Institute" --contact "ines@example.org, +44 20 7946 0000" \
    --ethics "Ethics board of the Harbour Institute, 12/2026"`
}

// Run makes a study and says what to do next.
func (c studyCreateCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		s, err := in.cases.Studies.Create(ctx, operator(), survey.NewStudy{
			Protocol: c.Template, Title: c.Title, Key: c.Key, TimeZone: c.TimeZone, TrendMinimum: c.TrendMinimum,
			Team: c.Team, Contact: c.Contact, Ethics: c.Ethics,
		})
		if errors.Is(err, survey.ErrDuplicate) {
			return errors.New("there is a study with that key already; choose another with --key")
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "made study %s (%s), a draft.\nNext:  tidemark admin study safety %s --anonymous   (or --linked)\nthen:  tidemark admin study open %s\n", s.Key, s.Title, s.Key, s.Key)
		return err
	})
}

type studyOpenCmd struct {
	Config
	Key string `arg:"" help:"Key of the study."`
}

// Run opens a study.
func (c studyOpenCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		s, err := in.study(ctx, c.Key)
		if err != nil {
			return err
		}
		err = in.cases.Studies.Open(ctx, operator(), s.ID)
		if errors.Is(err, survey.ErrConflict) {
			return fmt.Errorf("study %s is %s, and only a draft can be opened", s.Key, s.State)
		}
		if lacks, ok := errors.AsType[survey.FieldErrors](err); ok {
			return incomplete(s.Key, lacks)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "study %s is open\n", s.Key)
		return err
	})
}

// incomplete says what a study lacks to be opened: of its consent text, and of
// what it declares about the safety of its people.
func incomplete(key string, lacks survey.FieldErrors) error {
	text, safety := []string{}, survey.FieldErrors{}
	for field, fault := range lacks {
		if strings.HasPrefix(fault, "consent.") {
			text = append(text, field)
		} else {
			safety[field] = fault
		}
	}
	var errs []error
	if len(text) > 0 {
		slices.Sort(text)
		errs = append(errs, fmt.Errorf("the text that people agree to is not complete. It lacks: %s.\nWrite it on the page /studies/%s/consent",
			strings.Join(text, ", "), key))
	}
	if len(safety) > 0 {
		errs = append(errs, undeclared(key, safety))
	}
	return errors.Join(errs...)
}

type studyListCmd struct{ Config }

// Run lists the studies, one a line.
func (c studyListCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		studies, err := in.cases.Studies.List(ctx, operator())
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
		for _, s := range studies {
			kind := ""
			if s.Simulated {
				kind = "simulated people"
			}
			if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.Key, s.State, s.Title, kind); err != nil {
				return err
			}
		}
		return w.Flush()
	})
}
