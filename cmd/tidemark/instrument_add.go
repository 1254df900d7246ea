package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
)

type instrumentAddCmd struct {
	Config
	File        string `arg:"" placeholder:"FILE" help:"A definition, or with --wording-of the text of a sheet; - reads standard input."`
	WordingOf   string `placeholder:"ID" help:"The file is the author's sheet of this instrument of the catalogue."`
	Compared    bool   `help:"Items, order, answers and turned items were compared with the sheet."`
	Language    string `default:"en" placeholder:"TAG" help:"Language of the wording (default: ${default})."`
	Reversed    string `placeholder:"N,…" help:"Turned items of an instrument whose key is on its licensed form, or none."`
	AcceptTerms string `placeholder:"NAME" help:"The terms are accepted by this person."`
	On          string `placeholder:"DAY" help:"Day of the acceptance, as 2026-03-02 (default: today)."`
	Licence     string `placeholder:"TEXT" help:"Number of the licence, or where the permission is kept."`
	Note        string `placeholder:"TEXT" help:"What was changed, for a new version of a questionnaire."`
	DryRun      bool   `help:"Show what was found, and add nothing."`
}

// Help is shown under the command's flags.
func (instrumentAddCmd) Help() string {
	return `A definition is JSON or YAML in this program's own form, a REDCap data dictionary,
a FHIR Questionnaire or an XLSForm; what cannot be carried over is listed.

The wording of a published instrument is added from the author's sheet as text: the
items are found by their numbers. Look first with --dry-run, then compare what was
found with the sheet.

Examples:
  tidemark instrument add mine.yaml
  tidemark instrument add --wording-of brs-6 sheet.txt --dry-run
  tidemark instrument add --wording-of brs-6 sheet.txt --compared --accept-terms "Ana Ruiz"`
}

// Run adds what the file holds.
func (c instrumentAddCmd) Run(ctx context.Context, p *program) error {
	if c.WordingOf != "" {
		return c.wording(ctx, p)
	}
	all, lost, err := readDefinitions(c.File, p.stdin)
	if err != nil {
		return err
	}
	p.tellLosses(lost)
	if c.DryRun {
		for _, d := range all {
			p.say("%s %s would be added.\n", d.Key, d.Version)
		}
		return nil
	}
	source := ""
	if c.File != "-" {
		source = filepath.Base(c.File)
	}
	return p.on(ctx, c.Config, func(in *installation) error {
		for _, d := range all {
			item, err := in.cases.Library.AddDefinition(ctx, operator(), survey.NewDefinition{
				Definition: d, Source: source, Note: c.Note, Terms: c.terms(p),
			})
			if err != nil {
				return c.explain(err)
			}
			p.say("%s %s was added.\n", item.Version.Definition.Key, item.Version.Definition.Version)
		}
		return nil
	})
}

// terms is the acceptance that the flags say.
func (c instrumentAddCmd) terms(p *program) survey.TermsForm {
	on := c.On
	if on == "" {
		on = p.now().UTC().Format(time.DateOnly)
	}
	return survey.TermsForm{Accept: c.AcceptTerms != "", Name: c.AcceptTerms, On: on, Licence: c.Licence}
}

// wording adds the wording of a published instrument from its sheet.
func (c instrumentAddCmd) wording(ctx context.Context, p *program) error {
	e, err := catalogue.ByID(c.WordingOf)
	if err != nil {
		return err
	}
	text, err := c.sheet(p)
	if err != nil {
		return err
	}
	found := catalogue.PasteWording(e, text)
	options, _ := e.Options(found.Options) // what does not fit is among the doubts
	tellFound(p, e, found, options)
	if found.Stops() {
		return fmt.Errorf("the sheet does not fit %s yet; nothing was added", e.Short)
	}
	w := catalogue.Wording{Language: c.Language, Items: found.Texts(), Options: options}
	if e.KeyOnForm {
		if c.Reversed == "" {
			return misuse("which items of %s are turned is on its licensed form: say them with --reversed 2,4 (or --reversed none)", e.Short)
		}
		if w.Reversed, err = (instrumentScoreCmd{Reversed: c.Reversed}).reversed(e); err != nil {
			return err
		}
	}
	if c.DryRun {
		return nil
	}
	p.say("Terms: %s\n", e.Terms.Summary)
	return p.on(ctx, c.Config, func(in *installation) error {
		item, err := in.cases.Library.AddWording(ctx, operator(), survey.NewWording{
			Entry: e.ID, Wording: w, Checked: c.Compared, Terms: c.terms(p),
		})
		if errors.Is(err, survey.ErrDuplicate) {
			return fmt.Errorf("%s has its wording in this installation already", e.Short)
		}
		if err != nil {
			return c.explain(err)
		}
		p.say("%s %s was added.\n", item.Version.Definition.Key, item.Version.Definition.Version)
		return nil
	})
}

func (c instrumentAddCmd) sheet(p *program) (string, error) {
	var data []byte
	var err error
	if c.File == "-" {
		data, err = io.ReadAll(io.LimitReader(p.stdin, catalogue.MaxPaste+1))
	} else {
		data, err = os.ReadFile(c.File)
	}
	return string(data), err
}

// tellFound shows what was found in a sheet, and every doubt.
func tellFound(p *program, e *catalogue.Entry, found *catalogue.Preview, options []instrument.Option) {
	turned := map[int]bool{}
	for _, n := range e.Reversed() {
		turned[n] = true
	}
	for _, item := range found.Items {
		mark := ""
		if turned[item.Number] {
			mark = "  [turned]"
		}
		p.say("%3d  %s%s\n", item.Number, item.Text, mark)
	}
	for _, o := range options {
		p.say("     %s = %s\n", strconv.FormatFloat(o.Value, 'g', -1, 64), o.Label)
	}
	for _, line := range found.Unused {
		p.say("not used: %s\n", line)
	}
	for _, d := range found.Doubts {
		if d.Stop {
			p.say("to be mended: %s\n", d.Text)
		} else {
			p.say("look at: %s\n", d.Text)
		}
	}
}

// explain says what to add to the command line.
func (c instrumentAddCmd) explain(err error) error {
	faults, ok := errors.AsType[survey.FieldErrors](err)
	if !ok {
		return err
	}
	words := map[string]string{
		"library.accept_terms":       "the terms must be accepted: --accept-terms NAME",
		"library.name_needed":        "",
		"library.licence_needed":     "this instrument needs a licence: --licence NUMBER",
		"library.date_needed":        "--on must be a day, as 2026-03-02",
		"library.date_ahead":         "--on is still to come",
		"library.check_needed":       "compare items, order, answers and turned items with the sheet, then say --compared",
		"library.note_needed":        "say what was changed: --note TEXT",
		"library.published_changed":  "the key belongs to a published instrument, and this does not score like it or has another title; give an edited questionnaire a key and a title of its own",
		"library.not_ready":          "the key belongs to a published instrument whose scoring is not confirmed; give the questionnaire another key",
		"library.key_builtin":        "the key belongs to a questionnaire that comes with the program; give yours another",
		"library.version_not_higher": "there is a version like this or later; count the version up",
	}
	var text []string
	for _, key := range faults {
		if w, known := words[key]; !known {
			text = append(text, key)
		} else if w != "" {
			text = append(text, w)
		}
	}
	return errors.New("nothing was added:\n  " + strings.Join(text, "\n  "))
}
