package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

type instrumentConvertCmd struct {
	Instrument string `arg:"" placeholder:"FILE|ID" help:"A definition in JSON or YAML, a REDCap data dictionary (.csv), a FHIR Questionnaire (.json), an XLSForm (.xlsx); or the id of an instrument of the program."`
	To         string `enum:"tidemark,redcap,fhir" default:"tidemark" help:"Format to write: ${enum}."`
	Form       string `placeholder:"KEY" help:"Which form, when the file has several."`
	Out        string `placeholder:"FILE" help:"Write here instead of standard output."`
}

// Help is shown under the command's flags.
func (instrumentConvertCmd) Help() string {
	return `What cannot be carried over is listed on standard error, with its place.

Examples:
  tidemark instrument convert dictionary.csv --form mood --out mood.json
  tidemark instrument convert form.xlsx --to fhir
  tidemark instrument convert resilience --to redcap --out dictionary.csv`
}

// Run reads one format and writes another.
func (c instrumentConvertCmd) Run(p *program) error {
	definitions, lost, err := c.read()
	if err != nil {
		return err
	}
	if definitions, err = c.chosen(definitions); err != nil {
		return err
	}
	data, more, err := c.write(definitions)
	if err != nil {
		return err
	}
	for _, l := range append(lost, more...) {
		p.say("%s\n", l)
	}
	return p.into(c.Out, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// read takes a file, or an instrument of the program.
func (c instrumentConvertCmd) read() ([]*instrument.Definition, []exchange.Loss, error) {
	file, err := os.Open(c.Instrument)
	if errors.Is(err, os.ErrNotExist) {
		what, err := findInstrument(c.Instrument)
		if err != nil {
			return nil, nil, err
		}
		if what.definition == nil {
			return nil, nil, fmt.Errorf("%s has no wording in the program; convert the file that has it", c.Instrument)
		}
		return []*instrument.Definition{what.definition}, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	definitions, lost, err := exchange.Read(c.Instrument, file)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", c.Instrument, err)
	}
	return definitions, lost, nil
}

// chosen is the form that was asked for. A dictionary takes all of them.
func (c instrumentConvertCmd) chosen(all []*instrument.Definition) ([]*instrument.Definition, error) {
	keys := make([]string, len(all))
	for i, d := range all {
		keys[i] = d.Key
		if d.Key == c.Form {
			return all[i : i+1], nil
		}
	}
	switch {
	case c.Form != "":
		return nil, fmt.Errorf("there is no form %q; there are %s", c.Form, strings.Join(keys, ", "))
	case len(all) > 1 && c.To != "redcap":
		return nil, fmt.Errorf("the file has the forms %s; choose one with --form", strings.Join(keys, ", "))
	}
	return all, nil
}

func (c instrumentConvertCmd) write(definitions []*instrument.Definition) ([]byte, []exchange.Loss, error) {
	switch c.To {
	case "redcap":
		var b bytes.Buffer
		lost, err := exchange.WriteREDCap(&b, definitions...)
		return b.Bytes(), lost, err
	case "fhir":
		return exchange.WriteFHIR(definitions[0])
	}
	data, err := exchange.WriteOwn(definitions[0])
	return data, nil, err
}
