package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
	"tidemark/survey/report/filedata"
	"tidemark/survey/report/keyed"
	"tidemark/survey/report/sheet"
)

type instrumentScoreCmd struct {
	Instrument string   `arg:"" placeholder:"ID" help:"The instrument: an id of the catalogue, a key, or a definition file."`
	File       string   `arg:"" placeholder:"FILE.csv" help:"The answers; - reads standard input."`
	Items      string   `placeholder:"COL..COL" help:"Columns of the items in the order of the sheet, as scs_1..scs_26."`
	Map        []string `placeholder:"ITEM=COL,…" help:"Columns of single items, by code or number; or a file with one such line each."`
	From       string   `placeholder:"ID" help:"The file holds a longer form: take the items from its columns."`
	Missing    []string `placeholder:"CODE,…" help:"Cells that mean missing, besides empty ones, NA, NaN and the like."`
	Add        float64  `placeholder:"N" help:"Add this to every answer first, as -1 when a file counts from 1 and the key from 0."`
	Turned     bool     `help:"The file holds the turned items already turned."`
	Reversed   string   `placeholder:"N,…" help:"Turned items of an instrument whose key is on its licensed form, or none."`
	Keep       []string `placeholder:"COL,…" help:"Columns to carry along in front of the scores."`
	ID         string   `name:"id" placeholder:"COL" help:"Column that says who each row is about; carried along first."`
	Out        string   `placeholder:"FILE" help:"Where to write (default: standard output). It appears only once it is whole."`
	Summary    string   `placeholder:"FILE" help:"Also write what was found out as JSON."`
}

// Help is shown under the command's flags.
func (instrumentScoreCmd) Help() string {
	return `The file is CSV with names in its first row, separated by commas, semicolons or
tabs, with decimal points or commas, one row a person and occasion. The columns of
the items are found by code (scs_01), or by a number behind one beginning (scs_1,
SCS1, q1). A missing answer is never zero: each scale has its rule for them.

The scores are written as CSV, each scale with how many of its items were answered.
What was found out about the file goes to standard error: how many answered, mean,
spread and alpha of each scale, and whatever looks wrong. Nothing is changed because
of it. Nobody's data leave this machine.

Examples:
  tidemark instrument score scs-26 study.csv --id code --out scores.csv
  tidemark instrument score scs-sf-12 study.csv --from scs-26
  tidemark instrument score who-5 study.csv --items 'mood_1..mood_5' --add=-1
  tidemark instrument score brs-6 study.csv --map 1=b_a,2=b_b,3=b_c,4=b_d,5=b_e,6=b_f`
}

// Run scores the file.
func (c instrumentScoreCmd) Run(p *program) error {
	what, err := findInstrument(c.Instrument)
	if err != nil {
		return err
	}
	d, err := c.key(what)
	if err != nil {
		return err
	}
	s, err := c.sheet(p)
	if err != nil {
		return fmt.Errorf("%s: %w", c.source(), err)
	}
	columns, err := c.columns(s, d, what.entry)
	if err != nil {
		return err
	}
	answers, err := c.answers(s, columns)
	if err != nil {
		return fmt.Errorf("%s: %w", c.source(), err)
	}
	carried, err := c.carried(s)
	if err != nil {
		return err
	}
	scored := keyed.Score(d, answers)
	err = p.into(c.Out, func(w io.Writer) error { return writeScores(w, s, carried, scored) })
	if err != nil {
		return fmt.Errorf("write the scores of %s: %w", c.source(), err)
	}
	told := summarise(s, d, columns, answers, scored)
	told.Instrument, told.File = c.Instrument, c.source()
	told.LookAt = keyed.Suspicions(d, what.entry, answers)
	told.say(p)
	if c.Summary == "" {
		return nil
	}
	err = p.into(c.Summary, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(told)
	})
	if err != nil {
		return fmt.Errorf("write the summary of %s: %w", c.source(), err)
	}
	return nil
}

// key is the definition whose scales are computed.
func (c instrumentScoreCmd) key(what known) (*instrument.Definition, error) {
	d := what.definition
	switch {
	case what.entry == nil && c.Reversed != "":
		return nil, misuse("--reversed is for instruments of the catalogue whose key is on their form")
	case what.entry != nil && what.entry.KeyOnForm != (c.Reversed != ""):
		if !what.entry.KeyOnForm {
			return nil, misuse("--reversed: the key of %s is known, and cannot be changed", what.entry.Short)
		}
		return nil, misuse("which items of %s are turned is on its licensed form: say them with --reversed 2,4 (or --reversed none)", what.entry.Short)
	case what.entry != nil:
		reversed, err := c.reversed(what.entry)
		if err != nil {
			return nil, err
		}
		if d, err = what.entry.Key(reversed...); err != nil {
			return nil, err
		}
	}
	if len(d.Scales) == 0 {
		return nil, fmt.Errorf("%s has no scales, so there is nothing to score", d.Title)
	}
	if c.Turned {
		for i := range d.Scales {
			d.Scales[i].Reversed = nil
		}
	}
	return d, nil
}

func (c instrumentScoreCmd) reversed(e *catalogue.Entry) ([]int, error) {
	if c.Reversed == "" || c.Reversed == "none" {
		return nil, nil
	}
	var numbers []int
	for part := range strings.SplitSeq(c.Reversed, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 || n > e.Items || slices.Contains(numbers, n) {
			return nil, misuse("--reversed must list item numbers from 1 to %d, as 2,4, or be none", e.Items)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

func (c instrumentScoreCmd) source() string {
	if c.File == "-" {
		return "standard input"
	}
	return filepath.Base(c.File)
}

func (c instrumentScoreCmd) sheet(p *program) (*sheet.Sheet, error) {
	if c.File == "-" {
		return sheet.Read(p.stdin)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	s, err := sheet.Read(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return s, err
}

// columns finds the column of each item.
func (c instrumentScoreCmd) columns(s *sheet.Sheet, d *instrument.Definition, e *catalogue.Entry) (keyed.Columns, error) {
	if c.From != "" {
		return c.fromLonger(s, d, e)
	}
	given, err := c.given(s, len(d.Items))
	if err != nil {
		return nil, err
	}
	columns, err := keyed.Match(d, s.Header, given, namesOf(d, e)...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.source(), err)
	}
	return columns, nil
}

// given are the columns that the flags name, by item code or number.
func (c instrumentScoreCmd) given(s *sheet.Sheet, items int) (map[string]string, error) {
	given := map[string]string{}
	if c.Items != "" {
		names, err := filedata.Expand(c.Items, s.Header)
		if err != nil {
			return nil, misuse("--items: %w", err)
		}
		if len(names) != items {
			return nil, misuse("--items names %d columns; the instrument has %d items", len(names), items)
		}
		for i, name := range names {
			given[strconv.Itoa(i+1)] = name
		}
	}
	pairs := c.Map
	if len(pairs) == 1 && !strings.Contains(pairs[0], "=") {
		data, err := os.ReadFile(pairs[0])
		if err != nil {
			return nil, fmt.Errorf("--map: %w", err)
		}
		pairs = strings.Split(strings.TrimSpace(strings.ReplaceAll(string(data), "\r", "")), "\n")
	}
	for _, pair := range pairs {
		item, column, ok := strings.Cut(pair, "=")
		if !ok {
			item, column, ok = strings.Cut(pair, ",") // a file of two columns
		}
		if strings.TrimSpace(pair) == "" {
			continue
		}
		if !ok {
			return nil, misuse("--map must look like 1=COLUMN or CODE=COLUMN: %q", pair)
		}
		given[strings.TrimSpace(item)] = strings.TrimSpace(column)
	}
	return given, nil
}

// fromLonger takes the items of a short form from the columns of the long one.
func (c instrumentScoreCmd) fromLonger(s *sheet.Sheet, d *instrument.Definition, e *catalogue.Entry) (keyed.Columns, error) {
	if e == nil || e.Subset == nil || e.Subset.Of != c.From {
		if e != nil && e.Subset != nil {
			return nil, misuse("--from: the items of %s are known as a part of %s", e.Short, e.Subset.Of)
		}
		return nil, misuse("--from: it is not known in which longer form the items of %s stand", d.Title)
	}
	long, err := catalogue.ByID(c.From)
	if err != nil {
		return nil, err
	}
	key, err := long.Key()
	if err != nil {
		return nil, err
	}
	given, err := c.given(s, long.Items)
	if err != nil {
		return nil, err
	}
	all, err := keyed.Match(key, s.Header, given, namesOf(key, long)...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.source(), err)
	}
	columns := keyed.Columns{}
	for i, n := range e.Subset.Items {
		columns[e.Code(i+1)] = all[long.Code(n)]
	}
	return columns, nil
}

var digits = regexp.MustCompile(`[0-9]+`)

// namesOf are the beginnings that columns of an instrument's items may have.
func namesOf(d *instrument.Definition, e *catalogue.Entry) []string {
	names := []string{}
	if e != nil {
		names = append(names, e.Prefix, e.Short, e.ID)
	}
	names = append(names, d.Key)
	if len(d.Items) > 0 {
		names = append(names, strings.TrimRight(d.Items[0].Code, "0123456789"))
	}
	for _, name := range slices.Clone(names) {
		names = append(names, digits.ReplaceAllString(name, ""))
	}
	return append(names, "item", "q", "question", "i", "v")
}

// answers reads the columns as numbers.
func (c instrumentScoreCmd) answers(s *sheet.Sheet, columns keyed.Columns) (keyed.Answers, error) {
	var codes []string
	var positions []int
	for code, name := range columns {
		codes = append(codes, code)
		positions = append(positions, slices.Index(s.Header, name))
	}
	values, err := s.Numbers(sheet.Missing(c.Missing), positions...)
	if err != nil {
		return nil, err
	}
	answers := keyed.Answers{}
	for i, code := range codes {
		for row := range values[i] {
			values[i][row] += c.Add // not-a-number stays
		}
		answers[code] = values[i]
	}
	return answers, nil
}

// carried are the positions of the columns to carry along.
func (c instrumentScoreCmd) carried(s *sheet.Sheet) ([]int, error) {
	var positions []int
	names := c.Keep
	if c.ID != "" {
		names = append([]string{c.ID}, names...)
	}
	for _, name := range names {
		i := slices.Index(s.Header, name)
		if i < 0 {
			return nil, misuse("%w", sheet.UnknownColumnError{Name: name, Have: s.Header})
		}
		positions = append(positions, i)
	}
	return positions, nil
}

func writeScores(w io.Writer, s *sheet.Sheet, carried []int, scored []keyed.Scored) error {
	out := csv.NewWriter(w)
	header := []string{}
	for _, i := range carried {
		header = append(header, s.Header[i])
	}
	if len(carried) == 0 {
		header = append(header, "line")
	}
	for _, sc := range scored {
		header = append(header, sc.Scale.Key, sc.Scale.Key+"_answered")
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for row, r := range s.Rows {
		record := []string{}
		for _, i := range carried {
			record = append(record, r.Cells[i])
		}
		if len(carried) == 0 {
			record = append(record, strconv.Itoa(r.Line))
		}
		for _, sc := range scored {
			record = append(record, scoreText(sc.Values[row]), strconv.Itoa(sc.Answered[row]))
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// scoreText writes a score to twelve digits, which hides what binary fractions add;
// a missing one is empty.
func scoreText(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil {
		short = v
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}
