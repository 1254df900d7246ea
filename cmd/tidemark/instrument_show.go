package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
)

type instrumentShowCmd struct {
	Instrument string `arg:"" placeholder:"ID" help:"An id of the catalogue, a key, or a definition file."`
	JSON       bool   `name:"json" help:"As a definition in JSON; of the catalogue: the key, without wording."`
}

// Run prints what is known.
func (c instrumentShowCmd) Run(p *program) error {
	what, err := findInstrument(c.Instrument)
	if err != nil {
		return err
	}
	d := what.definition
	if c.JSON {
		if what.entry != nil {
			if d, err = what.entry.Key(); err != nil {
				return err
			}
		}
		data, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			return err
		}
		_, err = p.stdout.Write(append(data, '\n'))
		return err
	}
	t := &teller{}
	if what.entry != nil {
		t.entry(what.entry)
	} else {
		t.definition(d)
	}
	_, err = io.WriteString(p.stdout, t.String())
	return err
}

// teller writes what is known of an instrument as text.
type teller struct{ strings.Builder }

func (t *teller) line(format string, args ...any) { fmt.Fprintf(&t.Builder, format+"\n", args...) }

func (t *teller) list(head string, all []string) {
	if len(all) > 0 {
		t.line("\n%s", head)
	}
	for _, text := range all {
		t.line("  - %s", text)
	}
}

func (t *teller) entry(e *catalogue.Entry) {
	t.line("%s (%s, %s)", e.Name, e.Short, e.ID)
	t.line("%s", e.Citation)
	if e.DOI != "" {
		t.line("doi %s", e.DOI)
	}
	if !e.Ready {
		t.line("\nNot ready: %s", e.Why)
	}
	t.line("\n%d items, answers from %s to %s%s. About %s min.", e.Items, plainNumber(e.Response.Low), plainNumber(e.Response.High), comma(e.Response.Ends, e.Response.Recall), plainNumber(e.Minutes))
	if e.Direction != "" {
		t.line("High means %s.", e.Direction)
	}
	if e.Missing.Rule != "" {
		t.line("Missing answers: %s (%s).", e.Missing.Rule, e.Missing.Source)
	}
	t.line("The key rests on: %s.", e.Checked)
	for _, s := range e.Scales {
		t.scale(s)
	}
	for _, s := range e.Alternatives {
		t.scale(s)
		t.line("  another way to add up the same answers, for files alone")
	}
	var cutoffs, risk []string
	for _, c := range e.Cutoffs {
		cutoffs = append(cutoffs, fmt.Sprintf("%s: %s (%s)", c.Score, c.Meaning, c.Source))
	}
	for _, r := range e.Risk {
		risk = append(risk, fmt.Sprintf("item %d above %s %s", r.Item, plainNumber(r.Above), r.Why))
	}
	t.list("Cut-offs", cutoffs)
	t.list("Risk items", risk)
	t.list("Not scored", e.Extra)
	t.list("Notes", e.Notes)
	t.list("Look out for", e.Cautions)
	if e.LOINC != nil {
		t.line("\nLOINC: panel %s, total %s%s (%s)", e.LOINC.Panel, e.LOINC.Total, comma(strings.Join(e.LOINC.Items, " ")), e.LOINC.Source)
	}
	t.line("\nTerms (%s): %s", wordingOf(e), e.Terms.Summary)
	for _, more := range []string{e.Terms.CopyrightLine, e.Terms.URL} {
		if more != "" {
			t.line("  %s", more)
		}
	}
	t.line("This reading of the terms is no legal advice.")
}

func (t *teller) scale(s catalogue.Scale) {
	method := map[instrument.Method]string{instrument.MethodMean: "mean", instrument.MethodSum: "sum", instrument.MethodMeanOfScales: "mean of its parts"}[s.Method]
	if s.Factor != 0 {
		method += " times " + plainNumber(s.Factor)
	}
	if len(s.Lookup) > 0 {
		method += ", then by table"
	}
	t.line("\n%s: %s", s.Key, s.Name)
	turned := "none turned"
	if len(s.Reversed) > 0 {
		turned = "turned: " + numbersText(s.Reversed)
	}
	t.line("  %s of items %s; %s; at least %d answered", method, numbersText(s.Items), turned, s.MinAnswered)
	for _, n := range s.Norms {
		of := ""
		if n.N > 0 {
			of = ", n " + strconv.Itoa(n.N)
		}
		t.line("  norm: %s (SD %s), %s%s (%s)", plainNumber(n.Mean), plainNumber(n.SD), n.Sample, of, n.Source)
	}
	for _, r := range s.Reliability {
		t.line("  %s %s, %s%s (%s)", r.Kind, plainNumber(r.Value), r.Sample, comma(r.Interval), r.Source)
	}
	var bands []string
	for _, b := range s.Bands {
		bands = append(bands, fmt.Sprintf("%s %s-%s", b.Label, plainNumber(b.From), plainNumber(b.To)))
	}
	if len(bands) > 0 {
		t.line("  bands: %s. %s", strings.Join(bands, "; "), s.BandsWarning)
	}
	for _, c := range s.Changes {
		t.line("  %s change: %s (%s)", c.Kind, plainNumber(c.Value), c.Source)
	}
}

func (t *teller) definition(d *instrument.Definition) {
	t.line("%s (%s %s)", d.Title, d.Key, d.Version)
	t.line("%s\n%s\n%s", d.Status, d.Citation, d.Terms)
	t.line("\n%d items in %s. About %s min.", len(d.Items), d.Language, plainNumber(d.Minutes))
	for _, item := range d.Items {
		t.line("  %s  %s", item.Code, item.Text)
	}
	for _, s := range d.Scales {
		turned := "none turned"
		if len(s.Reversed) > 0 {
			turned = "turned: " + strings.Join(s.Reversed, ", ")
		}
		t.line("\n%s: %s", s.Key, s.Name)
		t.line("  %s of %d items; %s; at least %d answered", s.Method, len(s.Items), turned, s.MinAnswered)
	}
	t.list("Look out for", d.Cautions)
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// comma puts texts behind commas, without the empty ones.
func comma(texts ...string) string {
	var out strings.Builder
	for _, text := range texts {
		if text != "" {
			out.WriteString(", " + text)
		}
	}
	return out.String()
}

// numbersText writes item numbers, runs of them as "1-5".
func numbersText(all []int) string {
	var parts []string
	for i := 0; i < len(all); {
		j := i
		for j+1 < len(all) && all[j+1] == all[j]+1 {
			j++
		}
		switch {
		case j-i >= 2:
			parts = append(parts, fmt.Sprintf("%d-%d", all[i], all[j]))
		case j > i:
			parts = append(parts, strconv.Itoa(all[i]), strconv.Itoa(all[j]))
		default:
			parts = append(parts, strconv.Itoa(all[i]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
