package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
	"tidemark/survey/instrument/exchange"
	"tidemark/survey/report/sheet"
)

// instrumentCmd is about questionnaires: those that come with the program, those of
// the catalogue, and those of an installation.
type instrumentCmd struct {
	List    instrumentListCmd    `cmd:"" help:"List the instruments that the program knows."`
	Show    instrumentShowCmd    `cmd:"" help:"Show what is known of an instrument: key, norms, reliability, terms."`
	Check   instrumentCheckCmd   `cmd:"" help:"Check a definition file and say every fault with its place."`
	Add     instrumentAddCmd     `cmd:"" help:"Add a questionnaire, or the wording of a published instrument, to an installation."`
	Score   instrumentScoreCmd   `cmd:"" help:"Score a CSV file by an instrument's key."`
	Convert instrumentConvertCmd `cmd:"" help:"Carry a questionnaire over from or to REDCap, FHIR, XLSForm and our own format."`
}

// Help is shown under the command's flags.
func (instrumentCmd) Help() string {
	return `The program holds the keys of published instruments, never their wording: that is
added once for an installation, from the author's sheet.

Examples:
  tidemark instrument list
  tidemark instrument show scs-26
  tidemark instrument check my-questionnaire.yaml
  tidemark instrument add my-questionnaire.yaml
  tidemark instrument add --wording-of brs-6 sheet.txt --compared --accept-terms "Ana Ruiz"
  tidemark instrument score phq-9 answers.csv --id code --out scores.csv`
}

// known is an instrument of the catalogue, of the program, or of a file.
type known struct {
	entry      *catalogue.Entry       // nil: not of the catalogue
	definition *instrument.Definition // nil: of the catalogue
}

// errNoInstrument is told with what is like the name.
var errNoInstrument = errors.New("there is no such instrument")

// findInstrument finds an instrument by id or key, or reads its file.
func findInstrument(id string) (known, error) {
	if e, err := catalogue.ByID(id); err == nil {
		return known{entry: e}, nil
	}
	if d, err := instrument.BuiltinByKey(strings.ReplaceAll(id, "-", "_")); err == nil {
		return known{definition: d}, nil
	}
	if info, err := os.Stat(id); err == nil && info.Mode().IsRegular() {
		d, err := readDefinition(id, nil)
		return known{definition: d}, err
	}
	hint := "tidemark instrument list shows all"
	names, err := instrumentNames()
	if err != nil {
		return known{}, err
	}
	if near := sheet.Nearest(id, names); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "? " + hint
	}
	return known{}, fmt.Errorf("%q: %w, and no such file; %s", id, errNoInstrument, hint)
}

func instrumentNames() ([]string, error) {
	entries, err := catalogue.All()
	if err != nil {
		return nil, err
	}
	builtin, err := instrument.Builtin()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.ID)
	}
	for _, d := range builtin {
		names = append(names, d.Key)
	}
	return names, nil
}

// readDefinition reads a definition from a file in our own form; "-" is standard
// input.
func readDefinition(name string, stdin io.Reader) (*instrument.Definition, error) {
	all, _, err := readDefinitions(name, stdin)
	switch {
	case err != nil:
		return nil, err
	case len(all) != 1:
		return nil, fmt.Errorf("%s has %d questionnaires; one is needed", name, len(all))
	}
	return all[0], nil
}

// readDefinitions reads the questionnaires of a file of any form that is known, and
// what could not be carried over.
func readDefinitions(name string, stdin io.Reader) ([]*instrument.Definition, []exchange.Loss, error) {
	var data []byte
	var err error
	if name == "-" {
		data, err = io.ReadAll(io.LimitReader(stdin, exchange.MaxBytes+1))
	} else {
		data, err = os.ReadFile(name) //nolint:gosec // the path is the user's own
	}
	if err != nil {
		return nil, nil, err
	}
	if isOurs(name, data) {
		d, err := instrument.ParseFile(name, data)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		return []*instrument.Definition{d}, nil, nil
	}
	all, lost, err := exchange.Read(name, bytes.NewReader(data))
	if err != nil {
		return nil, lost, fmt.Errorf("%s: %w", name, err)
	}
	return all, lost, nil
}

// isOurs reports whether a file is in our own form: YAML, or JSON that is no
// resource of another standard.
func isOurs(name string, data []byte) bool {
	extension := strings.ToLower(filepath.Ext(name))
	if extension == ".yaml" || extension == ".yml" {
		return true
	}
	text := bytes.TrimSpace(data)
	if bytes.HasPrefix(text, []byte("{")) {
		return !bytes.Contains(data, []byte(`"resourceType"`))
	}
	return extension == "" || name == "-" && bytes.Contains(data, []byte("key:"))
}

type instrumentListCmd struct {
	All bool `help:"Also those that are not ready, with what is missing."`
}

// Run prints the list.
func (c instrumentListCmd) Run(p *program) error {
	entries, err := catalogue.All()
	if err != nil {
		return err
	}
	builtin, err := instrument.Builtin()
	if err != nil {
		return err
	}
	return p.table(func(w io.Writer) {
		row(w, "ID", "ITEMS", "NAME", "WORDING")
		for _, d := range builtin {
			row(w, d.Key, fmt.Sprint(len(d.Items)), d.Title, "comes with the program")
		}
		for _, e := range entries {
			if e.Ready {
				row(w, e.ID, fmt.Sprint(e.Items), e.Name, wordingOf(e))
			} else if c.All {
				row(w, e.ID, fmt.Sprint(e.Items), e.Name, "not ready: "+e.Why)
			}
		}
	})
}

// wordingOf says on what terms wording can be added.
func wordingOf(e *catalogue.Entry) string {
	switch e.Terms.Kind {
	case catalogue.TermsFree:
		return "add it; cite"
	case catalogue.TermsConditional:
		return "add it under its conditions"
	case catalogue.TermsProprietary:
		return "licence needed"
	}
	return "ask the owner first"
}

// table writes aligned columns to standard output.
func (p *program) table(write func(io.Writer)) error {
	w := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	write(w)
	return w.Flush()
}

func row(w io.Writer, cells ...string) {
	// Flushing tells a failure.
	_, _ = io.WriteString(w, strings.Join(cells, "\t")+"\n")
}

type instrumentCheckCmd struct {
	File string `arg:"" placeholder:"FILE" help:"The definition; - reads standard input."`
}

// Run checks a file; faults are an error.
func (c instrumentCheckCmd) Run(p *program) error {
	all, lost, err := readDefinitions(c.File, p.stdin)
	if err != nil {
		return err
	}
	p.tellLosses(lost)
	entries, err := catalogue.All()
	if err != nil {
		return err
	}
	for _, d := range all {
		p.say("%s %s is sound: %d %s, %d %s, %d worked %s.\n", d.Key, d.Version,
			len(d.Items), plural(len(d.Items), "item", "items"), len(d.Scales), plural(len(d.Scales), "scale", "scales"),
			len(d.Vectors), plural(len(d.Vectors), "example", "examples"))
		if i := slices.IndexFunc(entries, func(e *catalogue.Entry) bool { return e.DefinitionKey() == d.Key }); i >= 0 {
			p.say("%s", againstCatalogue(entries[i], d))
		}
	}
	return nil
}

// tellLosses lists what could not be carried over from another form.
func (p *program) tellLosses(lost []exchange.Loss) {
	for _, l := range lost {
		p.say("not carried over: %s\n", l)
	}
}

// againstCatalogue says whether a definition under the name of a published
// instrument scores like it.
func againstCatalogue(e *catalogue.Entry, d *instrument.Definition) string {
	if !e.Ready {
		return fmt.Sprintf("Its key is that of %s, whose scoring the catalogue does not hold: %s\n", e.Name, e.Why)
	}
	if !e.Scores(d) {
		return fmt.Sprintf("It does not score like %s, whose key it has. Give an edited questionnaire a key and title of its own.\n", e.Name)
	}
	return fmt.Sprintf("It scores like %s in the catalogue.\n", e.Name)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
