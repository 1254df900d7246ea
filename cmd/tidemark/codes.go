package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/report/sheet"
	"tidemark/survey/selfcode"
)

type codesCmd struct {
	First  string   `arg:"" placeholder:"FIRST.csv" help:"The codes of one occasion; - reads standard input."`
	Second string   `arg:"" placeholder:"SECOND.csv" help:"The codes of another."`
	Parts  []string `placeholder:"PART,…" help:"Parts of the code, which are the names of their columns (default: all that both files have)."`
	ID     string   `name:"id" placeholder:"COL" help:"Column that names a code in the report (default: its line)."`
	Least  float64  `default:"0.5" placeholder:"P" help:"Report pairs that are one person with at least this probability (default: ${default})."`
	Out    string   `placeholder:"FILE" help:"Where to write (default: standard output). It appears only once it is whole."`
}

// Help is shown under the command's flags.
func (codesCmd) Help() string {
	var keys []string
	for _, p := range selfcode.Parts {
		keys = append(keys, p.Key)
	}
	return `Codes that people made themselves, of the first letter of their mother's first
name, the day of their birth and the like, are compared part by part: some of them
mistype or misremember a part the second time. The report names the pairs that may be
one person, the most probable first, with what agrees, what is near (a day whose
digits changed places, a number one off) and what differs. It decides nothing: a code
in several pairs is marked, and somebody has to look.

Parts: ` + strings.Join(keys, ", ") + `

Example:
  tidemark codes before.csv after.csv --parts mother,birthplace,day,older_siblings --out pairs.csv`
}

// codeList are the codes of a file.
type codeList struct {
	names []string // how the report calls each
	codes []selfcode.Code
}

// Run writes the report.
func (c codesCmd) Run(_ context.Context, p *program) error {
	if c.Least <= 0 || c.Least >= 1 {
		return misuse("--least must be above 0 and below 1")
	}
	first, err := c.open(p, c.First)
	if err != nil {
		return fmt.Errorf("%s: %w", c.First, err)
	}
	second, err := c.open(p, c.Second)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Second, err)
	}
	recipe, err := c.recipe(first, second)
	if err != nil {
		return err
	}
	a, err := c.list(first, recipe)
	if err != nil {
		return fmt.Errorf("%s: %w", c.First, err)
	}
	b, err := c.list(second, recipe)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Second, err)
	}
	matches := recipe.Matches(a.codes, b.codes, c.Least)
	if err := p.into(c.Out, func(w io.Writer) error { return writeMatches(w, recipe, a, b, matches) }); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	exact := 0
	for _, m := range matches {
		if m.Exact {
			exact++
		}
	}
	p.say("%d and %d codes of %d parts: %d pairs agree in all parts, %d more are probably one person\n",
		len(a.codes), len(b.codes), len(recipe), exact, len(matches)-exact)
	if n := recipe.Doubles(max(len(a.codes), len(b.codes))); n >= 0.1 {
		p.say("The code has few parts: among so many people some %.1f pairs of different ones are to be expected that agree in all of them.\n", n)
	}
	return nil
}

func (c codesCmd) open(p *program, name string) (*sheet.Sheet, error) {
	if name == "-" {
		return sheet.Read(p.stdin)
	}
	file, err := os.Open(name) //nolint:gosec // the file that was asked for
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return sheet.Read(file)
}

// recipe is what the codes of both files are made of.
func (c codesCmd) recipe(first, second *sheet.Sheet) (selfcode.Recipe, error) {
	var r selfcode.Recipe
	for _, key := range c.Parts {
		part, ok := selfcode.PartByKey(key)
		if !ok {
			return nil, misuse("there is no part %q; tidemark codes --help lists them", key)
		}
		r = append(r, part)
	}
	if len(c.Parts) == 0 {
		for _, part := range selfcode.Parts {
			if slices.Contains(first.Header, part.Key) && slices.Contains(second.Header, part.Key) {
				r = append(r, part)
			}
		}
	}
	if len(r) == 0 {
		return nil, misuse("no column of both files is named after a part of a code; tidemark codes --help lists them")
	}
	return r, nil
}

func (c codesCmd) list(s *sheet.Sheet, r selfcode.Recipe) (codeList, error) {
	if len(s.Rows) > selfcode.MaxCodes {
		return codeList{}, fmt.Errorf("more than %d codes", selfcode.MaxCodes)
	}
	columns := make([]int, len(r))
	for i, part := range r {
		var err error
		if columns[i], err = s.Column(part.Key); err != nil {
			return codeList{}, err
		}
	}
	id := -1
	if c.ID != "" {
		var err error
		if id, err = s.Column(c.ID); err != nil {
			return codeList{}, err
		}
	}
	var l codeList
	for _, row := range s.Rows {
		typed := make([]string, len(r))
		for i, column := range columns {
			typed[i] = row.Cells[column]
		}
		name := strconv.Itoa(row.Line)
		if id >= 0 {
			name = row.Cells[id]
		}
		l.names, l.codes = append(l.names, name), append(l.codes, r.Read(typed))
	}
	return l, nil
}

func writeMatches(w io.Writer, r selfcode.Recipe, a, b codeList, matches []selfcode.Match) error {
	firsts, seconds := map[int]int{}, map[int]int{}
	for _, m := range matches {
		firsts[m.First]++
		seconds[m.Second]++
	}
	out := csv.NewWriter(w)
	header := []string{"first", "second", "agreement", "probability", "score", "several"}
	for _, part := range r {
		header = append(header, part.Key)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, m := range matches {
		record := []string{
			a.names[m.First], b.names[m.Second], map[bool]string{true: "all", false: "some"}[m.Exact],
			strconv.FormatFloat(m.Probability, 'f', 4, 64), strconv.FormatFloat(m.Score, 'f', 2, 64),
			map[bool]string{true: "yes", false: "no"}[firsts[m.First] > 1 || seconds[m.Second] > 1],
		}
		for _, v := range m.Verdicts {
			record = append(record, string(v))
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
